"""Which chord follows which in composed pieces, beside what people wrote, and what rules break.

The pieces have features drawn evenly from the catalogue's ranges, and take every mode and metre in
turn, so that no corner of the table is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.catalogue import CATALOGUE
from analysis.picture.load import load
from composer.evaluate.bach import YARDSTICKS
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.settings import Settings
from composer.table import Table, decide, load_table
from composer.values import Piece
from corpora.engines import in_order
from corpora.progress import watched
from theory.chord import Chord
from theory.metre import QUARTER
from theory.rules import POPULAR, RULES

PIECES = 1000
# Shares in percent of what follows a chord: expert analyses of chorales, 938 changes.
MAJOR: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        ("V", "I"): 79,
        ("V", "vi"): 10,
        ("I", "V"): 43,
        ("I", "IV"): 30,
        ("ii", "V"): 68,
        ("IV", "V"): 40,
        ("IV", "I"): 31,
        ("viio", "I"): 97,
    }
)
MINOR: Mapping[tuple[str, str], float] = MappingProxyType({("V", "i"): 81, ("iv", "V"): 52})
MAJOR_MODES, MINOR_MODES = ("ionian",), ("aeolian", "harmonic minor", "melodic minor")
# Of all changes, in percent, by semitones upward.
MOTIONS: Mapping[int, float] = MappingProxyType({5: 39, 7: 17, 2: 12.5, 1: 10})
UPWARD = (
    "(the root stays)",
    "a semitone",
    "a second",
    "a minor third",
    "a major third",
    "a fourth",
    "a tritone",
    "a fifth",
    "a minor sixth",
    "a major sixth",
    "a minor seventh",
    "a major seventh",
)
APPLIED = 14.0  # percent of Beethoven's chords
_HEAD = re.compile(r"(?:bb|b|#|)(?:[IV]+|[iv]+)[oø+]?(?:sus[24])?")


@dataclass
class Counted:
    """What was counted over the pieces: each successor by mode's kind, chord and next chord;
    chords and broken rules by whether the language is popular."""

    pieces: int = 0
    changes: int = 0
    chords: Counter[bool] = field(default_factory=Counter)
    follows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    motions: Counter[int] = field(default_factory=Counter)
    applied: Counter[tuple[str, bool]] = field(default_factory=Counter)
    broken: Counter[tuple[str, bool]] = field(default_factory=Counter)
    hard: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counted) -> None:
        self.pieces += other.pieces
        self.changes += other.changes
        for name in ("chords", "follows", "motions", "applied", "broken", "hard", "theirs"):
            getattr(self, name).update(getattr(other, name))

    def share(self, kind: str, one: str, two: str) -> tuple[float, int]:
        """What part of the chords after `one` is `two`, in percent, and how many there are."""
        total = sum(n for (k, a, _), n in self.follows.items() if (k, a) == (kind, one))
        return 100 * self.follows[kind, one, two] / max(1, total), total

    def __str__(self) -> str:
        chords = sum(self.chords.values())
        return "\n".join(
            (
                f"{self.pieces} pieces, {chords} chords, {self.changes} changes of root.",
                "",
                f"{'what follows':<26}{'ours':>7}{'people':>8}{'of':>8}",
                *self._table("major", MAJOR),
                *self._table("minor", MINOR),
                "",
                f"{'the root moves up by':<26}{'ours':>7}{'people':>8}",
                *self._motions(),
                "",
                *self._colours(),
                "",
                "rules of part-writing broken per 100 chords, in learned and in popular language",
                f"{'':<26}{'learned':>8}{'popular':>9}{'Bach':>7}",
                *self._rules(),
            )
        )

    def _table(self, kind: str, yardsticks: Mapping[tuple[str, str], float]) -> Iterator[str]:
        for (one, two), people in yardsticks.items():
            share, total = self.share(kind, one, two)
            name = f"{kind}: {one} to {two}"
            yield f"{name:<26}{share:>6.0f}%{people:>7g}%{total:>8}"

    def _motions(self) -> Iterator[str]:
        for semitones, count in self.motions.most_common():
            people = f"{MOTIONS[semitones]:g}%" if semitones in MOTIONS else "–"
            yield f"{UPWARD[semitones]:<26}{100 * count / self.changes:>6.1f}%{people:>8}"

    def _colours(self) -> Iterator[str]:
        for colour in sorted({colour for colour, _ in self.applied}):
            both = self.applied[colour, True], self.applied[colour, False]
            share = 100 * both[0] / sum(both)
            name = f"applied chords, {colour}"
            yield f"{name:<26}{share:>6.1f}%{APPLIED:>7g}%{sum(both):>8}"

    def _rules(self) -> Iterator[str]:
        for rule in RULES.values():
            if rule.kind == "voices":
                learned, popular = (
                    100 * self.broken[rule.name, tongue] / max(1, self.chords[tongue])
                    for tongue in (False, True)
                )
                bach = f"{YARDSTICKS[rule.name]:g}" if rule.name in YARDSTICKS else "–"
                yield f"{rule.name:<26}{learned:>8.2f}{popular:>9.2f}{bach:>7}"
        for who, found in (("the verifier", self.hard), ("music21", self.theirs)):
            broken = ", ".join(f"{name} {count}" for name, count in found.items())
            yield f"Hard rules broken in their own language, by {who}: {broken or 'none'}."


def evaluate_harmony(pieces: int = PIECES, processes: int = 2) -> Counted:
    """Compose so many pieces and count."""
    total = Counted()
    made = in_order(count_piece, range(pieces), processes)
    for counted in watched(made, "composing", pieces):
        total.add(counted)
    return total


def count_piece(index: int) -> Counted:
    return count(varied_piece(index))


def varied_piece(index: int) -> Piece:
    """The piece of a number: its own features and seed, the next mode and metre in turn."""
    analysis, table = _start()
    rng = np.random.default_rng(index)
    drawn = {name: round(rng.uniform(f.low, f.high), 6) for name, f in CATALOGUE.items()}
    modes, metres = table.decisions["mode"].choices, table.decisions["metre"].choices
    overrides = {
        "mode": modes[index % len(modes)],
        "metre": metres[index // len(modes) % len(metres)],
    }
    varied = replace(analysis, features=drawn)
    decisions = decide(table, drawn, overrides)
    return compose_decided(varied, table, decisions, Settings(seed=index, melody="rules"))


@lru_cache(maxsize=1)
def _start() -> tuple[Analysis, Table]:
    return analyse(load("sample:china")), load_table(None, vocabulary())


def count(piece: Piece) -> Counted:
    chords = [span.chord for span in piece.harmony.spans]
    found = Counted(pieces=1)
    popular = piece.plan.language == POPULAR
    found.chords[popular] = len(chords)
    colour = piece.plan.harmony.chords
    for chord in chords:
        found.applied[colour, chord.target is not None] += 1
    for kind, one, two in successions(chords):
        found.follows[kind, one, two] += 1
    for one_chord, two_chord in pairwise(_sounding(chords)):
        semitones = (two_chord.root.chroma - one_chord.root.chroma) % 12
        if semitones:
            found.changes += 1
            found.motions[semitones] += 1
    for check in piece.checks:
        found.broken[check.rule, popular] += check.count
        if check.hard and check.count:
            found.hard[check.rule] += check.count
    found.theirs.update(_by_music21(piece))
    return found


def _by_music21(piece: Piece) -> Iterator[str]:
    """The hard rules that music21's predicates find broken in the four voices.

    Left out are ranges, which the plan sets, and what the books allow and music21 does not.
    """
    from composer.evaluate import music21_judge

    language, spans = piece.plan.language, piece.harmony.spans
    sung = [tuple(span.voicing) for span in spans]
    rows = [music21_judge.row(pitches) for pitches in sung]
    for rule in ("spacing", "crossing"):
        if RULES[rule].binds(language):
            yield from (rule for row in rows for _ in music21_judge.OF_MOMENTS[rule](row))
    for rule, of_motion in music21_judge.OF_MOTIONS.items():
        for index in range(1, len(rows)) if RULES[rule].binds(language) else ():
            place = music21_judge.JudgedPlace(
                piece.title, spans[index].start / QUARTER, (sung[index - 1],), sung[index]
            )
            for voices in of_motion(rows[index - 1], rows[index]):
                if music21_judge.reason(rule, voices, False, place) is None:
                    yield rule


def successions(chords: Sequence[Chord]) -> Iterator[tuple[str, str, str]]:
    """The kind of mode, a chord and the next one, where numerals within one key differ.

    Sevenths and inversions are left out; a cadential six-four is the dominant that it decorates.
    """
    for one, two in pairwise(_sounding(chords)):
        kinds = {_kind(chord) for chord in (one, two)}
        heads = head(one), head(two)
        if one.key == two.key and heads[0] != heads[1]:
            yield kinds.pop(), *heads


def head(chord: Chord) -> str:
    """A numeral without figures: `V65/V` is `V/V`.

    >>> from theory.scale import Key
    >>> names = ("V65/V", "viio7", "It6", "V7@1")
    >>> [head(Chord.parse(name, Key.of("C", "ionian"))) for name in names]
    ['V/V', 'viio', 'It', 'V']
    """
    if chord.augmented_sixth is not None:
        return chord.roman.translate(dict.fromkeys(map(ord, "3456")))
    plain = "/".join(match[0] for part in chord.roman.split("/") if (match := _HEAD.match(part)))
    return plain.replace("ø", "o")


def _sounding(chords: Sequence[Chord]) -> list[Chord]:
    """The chords without the six-fours that lead into a dominant on the same bass."""
    last = chords[-1:]
    return [
        one
        for one, two in pairwise(chords)
        if not (one.inversion == 2 and len(one.tones) == 3 and one.bass == two.bass == two.root)
    ] + list(last)


def _kind(chord: Chord) -> str:
    mode = chord.key.mode.name
    return "major" if mode in MAJOR_MODES else "minor" if mode in MINOR_MODES else mode
