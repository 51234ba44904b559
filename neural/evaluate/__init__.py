"""How good the learned melody is, in tables: each row says its data, split and seeds."""
