"""The learned melody: a network that torch trains, in this room alone, and that NumPy sings."""
