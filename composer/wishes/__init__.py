"""Wishes in a person's words: which there are, and how what was said is read."""

from composer.wishes.words import AXES, Axis, Pole, Wish, read_wishes, said

__all__ = ["AXES", "Axis", "Pole", "Wish", "read_wishes", "said"]
