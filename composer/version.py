"""The version of Promenade, for the distribution, the commands and every explanation."""

__version__ = "0.3.0"
