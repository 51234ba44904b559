"""Features become decisions, a plan, a piece, its explanation and its files."""
