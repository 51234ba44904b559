"""Bach's sopranos over the harmony that their four parts make: melodies written by strict rules.

No chord is written in a chorale; it is read off the slices that the verifier of four parts uses.
Each beat has one chord: the first slice in it, from the beat on, whose four notes spell one. So the
notes of a suspension, or of an appoggiatura, on the beat stand over the chord that they resolve
into, and passing notes off it make no chord of their own. A beat in which no slice spells a chord
goes on with the last one. A beat's chord that has the root and the bass of the one before, and no
new note, goes on too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from composer.errors import UserError
from composer.evaluate.bach import chorales
from composer.verifier.chords import harmonies
from composer.verifier.findings import in_melody, measured
from composer.verifier.keys import find_key
from composer.verifier.slices import Slice, stretches
from corpora.engines import in_order
from corpora.errors import ScoreError
from corpora.progress import watched
from corpora.read.leadsheets import lead_sheets
from corpora.read.scores import Score, parse, read
from corpora.sources import folk_tunes
from corpora.tune import Tune
from theory.chord import Chord
from theory.metre import QUARTER, Metre
from theory.rules import LANGUAGES, RULES
from theory.rules.entry import POPULAR, STRICT
from theory.scale import Key
from theory.timed import TimedChord, TimedNote


@dataclass(frozen=True, slots=True)
class HarmonisedMelody:
    """A melody over its chords, in ticks from the first barline, as the verifier takes them."""

    notes: tuple[TimedNote, ...]
    chords: tuple[TimedChord, ...]
    metre: Metre


def sopranos(paths: Sequence[Path], processes: int = 2) -> Iterator[HarmonisedMelody]:
    """The soprano of each file of music21's corpus that has four voices; others are passed over."""
    for found in in_order(_read, paths, processes):
        if found is not None:
            yield found


def _read(path: Path) -> HarmonisedMelody | None:
    try:
        root = parse(path)
        score = read(root, once=True)
    except ScoreError:  # a voice that divides
        return None
    if len(root.findall("part")) != 4 or len(score.voices) != 4:
        return None
    return soprano(score, find_key(score)[0])


def soprano(score: Score, key: Key) -> HarmonisedMelody:
    """The highest voice of a score in four parts, over the chords read in a key."""
    first = score.bars[0]
    metre = next((bar.metre for bar in score.bars if bar.start > first.start), first.metre)
    zero = first.start - first.first_beat

    def ticks(moment: Fraction) -> int:
        return round((moment - zero) * QUARTER)

    notes = tuple(
        TimedNote(ticks(note.start), ticks(note.end), note.pitch)
        for note in score.voices[0]
        if ticks(note.start) < ticks(note.end)
    )
    chords: list[TimedChord] = []
    for run in stretches(score):
        heard = ((ticks(piece.start), piece, chord) for piece, chord in harmonies(score, run, key))
        starts = list(_beats(heard, metre.beat, ticks(run[0].start)))
        ends = [
            *(start for start, _, _ in starts),
            max(ticks(n.end) for n in run[-1].notes[:1] if n),
        ][1:]
        chords += [
            TimedChord(start, end, chord, piece.pitches[-1])
            for (start, piece, chord), end in zip(starts, ends, strict=True)
        ]
    return HarmonisedMelody(notes, tuple(chords), metre)


def _beats(
    heard: Iterable[tuple[int, Slice, Chord]], beat: int, first: int
) -> Iterator[tuple[int, Slice, Chord]]:
    """The chords that begin a new harmony, each from its beat on, but not before tick `first`."""
    last: tuple[int, Chord] | None = None
    for tick, piece, chord in heard:
        start = max(first, tick // beat * beat)
        # What a suspension leads to is its chord, not the suspension itself.
        if chord.quality.name.startswith("suspended") or (last is not None and last[0] == start):
            continue
        same = last is not None and (last[1].root, last[1].bass) == (chord.root, chord.bass)
        if last is None or not same or not set(last[1].tones).issuperset(chord.tones):
            yield start, piece, chord
            last = start, chord
        else:
            last = start, last[1]


# Rules that can be read off notes alone, off notes over chords, and once for each chord.
BARE = ("melodic-interval", "leap-answered", "repetition")
OVER_CHORDS = tuple(
    name
    for name, rule in RULES.items()
    if rule.kind == "melody" and name not in ("compass", "melodic-cadence", "structural-note")
)
MOST = 0.03


@dataclass(frozen=True, slots=True)
class RuleShares:
    """One collection: how many pieces and notes, and how many notes each rule would forbid.

    `language` is the one that its music is written in.
    """

    name: str
    language: str
    pieces: int
    notes: int
    faults: dict[str, int]

    def share(self, rule: str) -> float | None:
        """0 to 1; None for a rule that was not asked about."""
        return self.faults[rule] / self.notes if rule in self.faults and self.notes else None


@dataclass(frozen=True, slots=True)
class RulesReport:
    """The table of shares by rule and collection, and which rules are too strict for it."""

    measured: tuple[RuleShares, ...]

    @property
    def too_strict(self) -> tuple[tuple[str, str, float], ...]:
        """(rule, collection, share) where a rule, hard in their language, forbids over `MOST`."""
        return tuple(
            (name, each.name, share)
            for name, rule in RULES.items()
            for each in self.measured
            if rule.binds(each.language)
            and (share := each.share(name)) is not None
            and share > MOST
        )

    def __str__(self) -> str:
        rows = ["The share of notes people wrote that each rule of melody would forbid:"]
        rows += [
            f"  {m.name} ({m.language} language): {m.pieces:,} pieces, {m.notes:,} notes"
            for m in self.measured
        ]
        rows += ["", f"{'rule':26}" + "".join(f"{m.name:>14}" for m in self.measured) + "  hard in"]
        for name in OVER_CHORDS:
            shares = [m.share(name) for m in self.measured]
            cells = "".join(f"{'–':>14}" if s is None else f"{s:>14.2%}" for s in shares)
            hard = ", ".join(each for each in LANGUAGES if RULES[name].binds(each)) or "none: soft"
            rows.append(f"{name:26}{cells}  {hard}")
        together = [m for m in self.measured if len(m.faults) > len(BARE)]
        for family in ("strong-beat-dissonance", "dissonance-left-by-step"):
            names = (family, *RULES[family].figures)
            for each in together:
                total = sum(each.faults.get(name, 0) for name in names) / each.notes
                rows.append(f"{family} with its figures, {each.name}: {total:.2%}")
        rows.append("")
        if self.too_strict:
            rows.append(f"Over {MOST:.0%} and yet hard in that language, so too strict for it:")
            rows += [f"  {name} ({where}: {s:.2%})" for name, where, s in self.too_strict]
        else:
            rows.append(f"No rule that is hard in their language forbids over {MOST:.0%}.")
        return "\n".join(rows)


def evaluate_rules(
    sheets: str | Path | None = None, folder: str | Path | None = None
) -> RulesReport:
    """Measure the rules on folk tunes, chorales and, where they are given, lead sheets.

    sheets: a folder or tar archive of MusicXML lead sheets. folder: ABC files instead of music21's
    corpus, tunes and chorales. Raises UserError for what is not there or holds nothing.
    """
    if sheets is not None and not Path(sheets).exists():
        raise UserError(f"There is no {sheets}.", "Give a folder or archive of lead sheets.")
    found = [_bare("folk tunes", folk_tunes(Path(folder) if folder else None))]
    if folder is None:
        found.append(_over_chords("chorales", STRICT, sopranos(chorales())))
    if sheets is not None:
        found.append(_over_chords("lead sheets", POPULAR, map(_song, lead_sheets(Path(sheets)))))
    for each in found:
        if not each.notes:
            raise UserError(f"There are no {each.name} to be read there.")
    return RulesReport(tuple(found))


def _bare(name: str, tunes: Iterable[Tune]) -> RuleShares:
    faults: Counter[str] = Counter(dict.fromkeys(BARE, 0))
    pieces = notes = 0
    for tune in watched(tunes, name):
        pieces, notes = pieces + 1, notes + len(tune.notes)
        found = in_melody(tune.notes, (), tune.metre, STRICT, measured(tune.metre), rules=BARE)
        faults.update(one.rule for one in found)
    return RuleShares(name, POPULAR, pieces, notes, dict(faults))


def _over_chords(name: str, language: str, songs: Iterable[HarmonisedMelody]) -> RuleShares:
    faults: Counter[str] = Counter(dict.fromkeys(OVER_CHORDS, 0))
    pieces = notes = 0
    for song in watched(songs, name):
        pieces, notes = pieces + 1, notes + len(song.notes)
        where = measured(song.metre)
        found = in_melody(song.notes, song.chords, song.metre, language, where, rules=OVER_CHORDS)
        faults.update(rule for rule, _ in {(one.rule, one.moment) for one in found})
    return RuleShares(name, language, pieces, notes, dict(faults))


def _song(sheet: Tune) -> HarmonisedMelody:
    return HarmonisedMelody(sheet.notes, sheet.chords, sheet.metre)
