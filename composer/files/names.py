"""What players are called on a score: in full on the first system, shortly on the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from composer.values import Part
from theory.pitch import Interval, Pitch

WRITTEN = Pitch.parse("C4")
# What stands behind the name of an instrument that is written in another key.
IN: Mapping[Interval, str] = MappingProxyType({Interval(1, 2): " in B♭", Interval(4, 7): " in F"})
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "accordion": "Acc.",
        "acoustic bass": "Bass",
        "bassoon": "Bsn.",
        "celesta": "Cel.",
        "cello": "Vc.",
        "choir": "Ch.",
        "church organ": "Org.",
        "clarinet": "Cl.",
        "contrabass": "Cb.",
        "electric bass": "Bass",
        "electric piano": "E. Pno.",
        "flute": "Fl.",
        "french horn": "Hn.",
        "harp": "Hp.",
        "marimba": "Mar.",
        "music box": "Mus. box",
        "nylon guitar": "Gtr.",
        "oboe": "Ob.",
        "piano": "Pno.",
        "recorder": "Rec.",
        "soprano sax": "S. Sax.",
        "string ensemble": "Str.",
        "synth lead": "Lead",
        "trombone": "Tbn.",
        "trumpet": "Tpt.",
        "vibraphone": "Vib.",
        "viola": "Vla.",
        "violin": "Vln.",
        "warm pad": "Pad",
    }
)


def names(parts: Sequence[Part]) -> tuple[tuple[str, str], ...]:
    """The names of the players who play these parts first, in full and short: `3 French horns in F`
    and `Hn.`. Where several play one instrument they are numbered, with the role of each, as
    `Violas 2–4 (chords)` and `Vla. 2–4`."""
    all_of = Counter(part.instrument.name for part in parts)
    so_far: Counter[str] = Counter()
    found = []
    for part in parts:
        player, count = part.instrument.name, part.players
        full, short = player.capitalize(), SHORT.get(player, player.capitalize())
        if count > 1:
            full += "es" if full.endswith("s") else "s"
        if all_of[player] > 1:
            first = so_far[player] + 1
            numbers = f" {first}" if count == 1 else f" {first}–{first + count - 1}"
            full, short = full + numbers, short + numbers
        elif count > 1:
            full = f"{count} {full}"
        so_far[player] += count
        full += IN.get(part.instrument.sounds.to(WRITTEN), "")
        found.append((f"{full} ({part.role})" if all_of[player] > 1 else full, short))
    return tuple(found)
