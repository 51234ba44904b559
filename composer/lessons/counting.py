"""How many tunes a rule forbids: all legal melodies of a small phrase, counted with and without it.

The phrase is a textbook's: one chord a bar, notes of a beat, of two, or of a whole bar, no rests,
and its end on the tonic. Counting is exact (`theory.melody.census`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from composer.errors import UserError
from corpora.progress import progress
from theory.chord import Chord
from theory.melody import Automaton, Event, HarmonicContext, Span
from theory.melody.census import Census, Constraint, FewRepeats, LeapsAnswered, NoRests
from theory.melody.context import BEYOND
from theory.metre import METRES
from theory.noise import Noise
from theory.pitch import Pitch
from theory.rules import LANGUAGES, RULES
from theory.rules.entry import known
from theory.scale import MODES, Key
from theory.voices.frame import NoVoicing, lead

MOST_BARS = 8
# What the soft rules become where they are kept without exception.
SOFT: dict[str, Constraint] = {"leap-answered": LeapsAnswered(), "repetition": FewRepeats()}
# A plain cadence in each kind of mode; longer phrases say it again, shorter ones its end.
MAJOR = ("I", "IV", "V", "I")
PATTERNS = {
    "lydian": ("I", "II", "V", "I"),
    "mixolydian": ("I", "IV", "bVII", "I"),
    "dorian": ("i", "IV", "v", "i"),
    "aeolian": ("i", "iv", "V", "i"),
    "harmonic minor": ("i", "iv", "V", "i"),
    "melodic minor": ("i", "IV", "V", "i"),
    "minor pentatonic": ("i", "iv", "v", "i"),
    "phrygian": ("i", "iv", "bII", "i"),
    "locrian": ("io", "iv", "bV", "io"),
}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Tunes of a phrase without a rule and with it."""

    rule: str
    hard: bool
    without: int
    kept: int

    @property
    def forbidden(self) -> float:
        """The share of tunes that the rule forbids, 0 to 1."""
        return 1 - self.kept / self.without if self.without else 0.0


@dataclass(frozen=True, slots=True)
class Count:
    """The number of legal tunes of a phrase, what each rule forbids, and one tune of them all."""

    context: HarmonicContext
    language: str
    off: tuple[str, ...]
    total: int
    rules: tuple[RuleCount, ...]
    tune: tuple[Event, ...]

    def __str__(self) -> str:
        context = self.context
        romans = " ".join(span.chord.roman for span in context.spans)
        low, high = context.compass
        switched = f", without {', '.join(self.off)}" if self.off else ""
        rows = [
            f"Tunes over {romans} in {context.key}, {context.metre.name}, "
            f"{low.name} to {high.name}, {self.language} language{switched}: {self.total:,}",
            "",
            f"{'rule':26}{'without it':>26}{'with it':>26}  forbids",
        ]
        for each in self.rules:
            mark = "" if each.hard else "  (soft; here kept without exception)"
            rows.append(
                f"{each.rule:26}{each.without:>26,}{each.kept:>26,}{each.forbidden:>8.1%}{mark}"
            )
        rows += ["", f"Without compass, {BEYOND} semitones more on either side."]
        if self.tune:
            sung = " ".join(f"{e.pitch.name if e.pitch else '-'}:{e.ticks}" for e in self.tune)
            rows.append(f"One of them, drawn evenly (pitch:ticks, 24 a quarter note): {sung}")
        return "\n".join(rows)


def count_tunes(
    key: str = "C ionian",
    metre: str = "4/4",
    bars: int = 4,
    *,
    chords: str | None = None,
    language: str = "strict",
    compass: str = "C4 G5",
    without: Sequence[str] = (),
    seed: int = 0,
) -> Count:
    """Count the tunes of a phrase, and for each rule of melody how many it forbids.

    chords: Roman numerals, one a bar, instead of the mode's own cadence of `bars` bars.
    without: rules of melody switched off throughout. seed: of the one tune that is drawn.
    Raises UserError for what cannot be read or led.
    """
    names = [name for name, rule in RULES.items() if rule.kind == "melody"]
    try:
        known("language", language, LANGUAGES)
        known("metre", metre, METRES)
        off = tuple(known("without", name, names) for name in without)
        context = _phrase(_key(key), metre, bars, chords, language, compass)
    except NoVoicing as error:
        raise UserError(f"These chords cannot be led: {error}.", "Choose others.") from None
    except ValueError as error:
        raise UserError(f"{error}.") from None
    kept: tuple[Constraint, ...] = (NoRests(),)
    base = replace(context, off=frozenset(off))
    census = Census(Automaton(base), kept)
    asked = [n for n in names if n not in off and (n in SOFT or RULES[n].binds(language))]
    found = []
    with progress(1 + len(asked), "counting") as step:
        total = census.count()
        step()
        for name in asked:
            if name in SOFT:
                fewer = Census(census.automaton, (*kept, SOFT[name])).count()
                found.append(RuleCount(name, False, total, fewer))
            else:
                freed = replace(base, off=base.off | {name})
                found.append(RuleCount(name, True, Census(Automaton(freed), kept).count(), total))
            step(name)
    tune = census.sample(Noise(seed), "count") if total else ()
    return Count(base, language, off, total, tuple(found), tune)


def _key(text: str) -> Key:
    tonic, _, mode = text.strip().partition(" ")
    known("key", mode.strip(), MODES)
    return Key.of(tonic, mode.strip())


def _phrase(
    key: Key, metre_name: str, bars: int, romans: str | None, language: str, compass: str
) -> HarmonicContext:
    metre = METRES[metre_name]
    if romans is None:
        if not 1 <= bars <= MOST_BARS:
            raise ValueError(f"bars must be from 1 to {MOST_BARS}, not {bars}")
        row = (PATTERNS.get(key.mode.name, MAJOR) * 2)[-bars:]
    else:
        row = tuple(romans.split())
        if not 1 <= len(row) <= MOST_BARS:
            raise ValueError(f"chords must be from 1 to {MOST_BARS}, not {len(row)}")
    chords = tuple(Chord.parse(roman, key) for roman in row)
    low, high = _compass(compass)
    tops = [[note.at(octave) for note in chord.tones for octave in range(2, 7)] for chord in chords]
    inside = [[p for p in top if low.midi <= p.midi <= high.midi] for top in tops]
    frame = lead(chords, language=language, soprano=inside)
    spans = tuple(
        Span(number * metre.bar, (number + 1) * metre.bar, chord, voicing)
        for number, (chord, voicing) in enumerate(zip(chords, frame.voicings, strict=True))
    )
    lengths = {metre.beat, 2 * metre.beat, metre.bar}
    return HarmonicContext(
        key=key,
        metre=metre,
        start=0,
        end=len(spans) * metre.bar,
        spans=spans,
        compass=(low, high),
        scale=key.notes,
        final=frozenset({chords[-1].root}),
        language=language,
        durations=tuple(sorted(each for each in lengths if each <= metre.bar)),
    )


def _compass(text: str) -> tuple[Pitch, Pitch]:
    pitches = [Pitch.parse(word) for word in text.split()]
    if len(pitches) != 2 or pitches[0].midi >= pitches[1].midi:
        raise ValueError(f"the compass is two pitches, low and high, as in 'C4 G5', not {text!r}")
    return pitches[0], pitches[1]
