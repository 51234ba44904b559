"""What players are called on a score: in full on the first system, shortly on the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from composer.values import Part
from theory.pitch import Pitch

WRITTEN = Pitch.parse("C4")


def names(parts: Sequence[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the players who play these parts first, in full and short: `3 French horns in F`
    and `Hn.`. Where several play one instrument they are numbered, with the role of each, as
    `Violas 2–4 (chords)` and `Vla. 2–4`."""
    all_of = Counter(part.instrument.name for part in parts)
    so_far: Counter[str] = Counter()
    found = []
    for part in parts:
        player, count = part.instrument.name, part.players
        full, short = player.capitalize(), part.instrument.short or player.capitalize()
        if count > 1:
            full += "es" if full.endswith("s") else "s"
        if all_of[player] > 1:
            first = so_far[player] + 1
            numbers = f" {first}" if count == 1 else f" {first}–{first + count - 1}"
            full, short = full + numbers, short + numbers
        elif count > 1:
            full = f"{count} {full}"
        so_far[player] += count
        sounds = part.instrument.sounds.note
        if sounds != WRITTEN.note:
            full += f" in {sounds.sign}"
        found.append((f"{full} ({part.role})" if all_of[player] > 1 else full, short))
    return tuple(found)
