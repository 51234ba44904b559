"""What an entry of the table of rules is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STRICT, MODAL, POPULAR, FREE = LANGUAGES = ("strict", "modal", "popular", "free")
EVERYWHERE = frozenset(LANGUAGES)
# In the free language dissonance needs no reason: of what the others forbid, only what makes a
# voice singable and a chord whole is left.
STYLED = frozenset({STRICT, MODAL, POPULAR})
LEARNED = frozenset({STRICT, MODAL})
NOWHERE: frozenset[str] = frozenset()

# Chapters of the third edition of Aldwell & Schachter; Fux's exercise I is two-part counterpoint,
# lesson 1 note against note, 2 half notes, 3 quarter notes, 4 suspensions.
AS = "Aldwell & Schachter, Harmony and Voice Leading"
PISTON = "Piston, Harmony"
FUX = "Fux, Gradus ad Parnassum, book II, exercise I"


@dataclass(frozen=True, slots=True)
class Example:
    """A few chords that keep a rule or break it, and what they show.

    `chords` are Roman numerals in `key`; in a melody's example each has its length in ticks, as in
    `I:96 V:96`. `notes` of part-writing are four pitches a chord, soprano first, chords parted by
    `|`; those of a melody have lengths in ticks, as in `E5:24 D5:12`, and `-` is a rest. `bass`
    gives the bass under a melody and `final` the notes its cadence asks for, where they matter.
    """

    says: str
    chords: str
    notes: str
    key: str = "C ionian"
    metre: str = "4/4"
    bass: str = ""
    final: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of part-writing (`kind` "voices") or of melody (`kind` "melody").

    `hard` are the languages in which nothing may break it; elsewhere it is soft, and `weight` is
    the cost of breaking it once, in points (a semitone of motion in one voice costs one point).
    `parameters` are the numbers and names that its sentence depends on; `figures` the rules that
    say more of the same and are switched off with it.
    """

    name: str
    kind: str
    sentence: str
    source: str
    hard: frozenset[str]
    right: Example
    wrong: Example
    weight: float = 0.0
    parameters: Mapping[str, int | str] = field(default_factory=lambda: MappingProxyType({}))
    figures: tuple[str, ...] = ()

    def binds(self, language: str) -> bool:
        """Is the rule hard in this language?"""
        return language in self.hard

    def number(self, parameter: str) -> int:
        """A parameter that is a number."""
        return int(self.parameters[parameter])


def known(argument: str, name: object, names: Collection[str]) -> str:
    """The name itself if it is one of these; ValueError names the argument and the nearest one."""
    if isinstance(name, str) and name in names:
        return name
    from difflib import get_close_matches  # takes milliseconds to import, and only errors need it

    near = get_close_matches(str(name), names, n=1, cutoff=0.0)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"{argument}: there is no {name!r}; {hint}choose from {', '.join(names)}")
