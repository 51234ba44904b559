"""Features become decisions, a plan, a piece, its explanation and its files."""

from composer.version import __version__

__all__ = ["__version__"]
