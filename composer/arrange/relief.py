"""Relief: the sections in which another player sings the melody, and its first player rests."""

from __future__ import annotations

from composer.arrange.ground import Ground
from composer.values import Note


def handed_over(
    ground: Ground, melody: tuple[Note, ...]
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The melody's notes parted into the first player's and the second one's.

    An upbeat is sung by whoever sings the phrase that it leads to.
    """
    away = {one.name for one in ground.plan.sections if "second-melody" in one.joined}
    own = tuple(note for note in melody if ground.sung(note.start).section not in away)
    return own, tuple(note for note in melody if ground.sung(note.start).section in away)
