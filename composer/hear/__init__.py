"""Minimal pairs that a teacher plays: a mode, cadence, progression or rule, with and without."""

from composer.hear.lessons import KINDS, lesson, names
from composer.hear.values import Example, Lesson

__all__ = ["KINDS", "Example", "Lesson", "lesson", "names"]
