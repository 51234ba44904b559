"""The learned melody: the one room in which torch is imported."""
