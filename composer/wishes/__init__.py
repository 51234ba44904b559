"""Wishes in a person's words: which there are, and how what was said is read."""

from composer.wishes.words import Axis, Pole, Wish, axes, read_wishes, said

__all__ = ["Axis", "Pole", "Wish", "axes", "read_wishes", "said"]
