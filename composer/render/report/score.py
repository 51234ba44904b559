"""Which heads of the engraved score are which notes of the explanation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from composer.explanation.format import Explanation
from composer.render.score.pages import ScoreHead


def heads_of(document: Explanation, heads: Sequence[ScoreHead]) -> list[list[str]]:
    """The names of the heads of each note, in the explanation's order; none of a note that the
    score leaves out, as it may one that two players share.

    Both have a place in time, and parts stand in one order, the explanation's and the staves';
    octaves differ where a score is written higher or lower than it sounds.
    """
    waiting: dict[tuple[int, int | None], list[ScoreHead]] = defaultdict(list)
    for head in heads:
        waiting[head.tick, head.pitch_class].append(head)
    order = {part["part"]: number for number, part in enumerate(document["parts"])}
    notes = document["notes"]
    found: list[list[str]] = [[] for _ in notes]
    for number in sorted(range(len(notes)), key=lambda n: (order[notes[n]["part"]], n)):
        note = notes[number]
        drum = note["part"] == "drums"
        same = waiting[note["tick"], None if drum else note["key"] % 12]
        if same:
            found[number] = list(same.pop(0).names)
    return found
