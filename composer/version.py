"""The version of Promenade, for the distribution, the commands and every explanation."""

__version__ = "0.2.0"
