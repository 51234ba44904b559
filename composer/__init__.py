"""Features become decisions, a plan, a piece, its explanation and its files."""

__version__ = "0.1.0"
