"""Scores in four parts, or a melody with chord symbols, as frozen values.

music21 reads the file; from here on there are numbers and spelled pitches. A note's `numbers` are
its places in `heads`, so that somebody can find the written notes again and mark them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpora.errors import ScoreError
from theory.chord import QUALITIES
from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, NoteName, Pitch

VOICES = ("soprano", "alto", "tenor", "bass")
# Our chord qualities by the kinds of MusicXML, under music21's names and their older ones.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        name.replace(" ", "-"): name
        for name in QUALITIES
        if not name.endswith("sixth") and "added" not in name
    }
    | {
        "dominant": "dominant seventh",
        "major-minor": "minor-major seventh",
        "half-diminished": "half-diminished seventh",
        "major-sixth": "added sixth",
        "minor-sixth": "minor added sixth",
    }
)
# A kind with one degree added.
ADDED: Mapping[tuple[str, int], str] = MappingProxyType(
    {
        ("suspended-fourth", 7): "suspended seventh",
        ("major", 9): "added ninth",
        ("minor", 9): "minor added ninth",
    }
)
# Files larger than this are no exercise in four parts.
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Sung:
    """A note, tied ones joined: from `start` to `end` in quarter notes from the beginning.

    `pause` says that a fermata stands on it.
    """

    start: Fraction
    end: Fraction
    pitch: Pitch
    numbers: tuple[int, ...]
    pause: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: where it begins, in quarter notes, its number as printed and its metre.

    `first_beat` is how far into a whole bar it begins: an upbeat's bar begins late.
    """

    start: Fraction
    number: int
    metre: Metre
    first_beat: Fraction


@dataclass(frozen=True, slots=True)
class Symbol:
    """A chord symbol: where, its root, its quality by our name (None: no such chord), its bass."""

    start: Fraction
    root: NoteName
    quality: str | None
    bass: NoteName


@dataclass(frozen=True, slots=True)
class Score:
    """What was read. `voices` are four (soprano first), or one: a melody, with `below` all other
    notes. `numerals` is what is written under the lowest voice. `signature` counts sharps, flats
    being negative; `mode` is what the file says it is."""

    voices: tuple[tuple[Sung, ...], ...]
    below: tuple[Sung, ...]
    bars: tuple[Bar, ...]
    symbols: tuple[Symbol, ...]
    numerals: tuple[tuple[Fraction, str], ...]
    signature: int
    mode: str | None

    @property
    def end(self) -> Fraction:
        return max(note.end for voice in self.voices for note in voice)

    def place(self, moment: Fraction) -> tuple[int, Fraction]:
        """The bar's number and the beat, from 1, of a moment."""
        bar = next((b for b in reversed(self.bars) if b.start <= moment), self.bars[0])
        passed = moment - bar.start + bar.first_beat
        return bar.number, 1 + passed * QUARTER / bar.metre.beat


def parse(path: str | Path) -> Any:
    """The music21 stream of a file, as it sounds. Raises ScoreError for what is no score."""
    file = Path(path)
    if not file.is_file():
        raise ScoreError(f"There is no file {path}.")
    if file.stat().st_size > MOST_BYTES:
        raise ScoreError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB; give one piece.")
    if not file.name.lower().endswith((".musicxml", ".xml", ".mxl")):
        raise ScoreError(f"{path} is no MusicXML: its name ends in .musicxml, .xml or .mxl.")
    from music21 import converter

    try:
        stream = converter.parse(str(file.resolve()), forceSource=True)
    except Exception:  # music21 raises whatever its readers do
        raise ScoreError(f"{path} cannot be read as MusicXML; export it again.") from None
    for part in stream.parts:
        if part.atSoundingPitch is False:  # a transposing instrument's
            part.toSoundingPitch(inPlace=True)
    return stream


def heads(stream: Any) -> list[tuple[Any, Any, int, Fraction, int]]:
    """Every written note in a fixed order: (note, its chord or itself, part, start, layer).

    The layer is the voice on its staff, from 0; −1 where the bar has only one.
    """
    from music21 import harmony
    from music21 import stream as streams

    found = []
    for number, part in enumerate(stream.parts):
        for measure in part.getElementsByClass(streams.Measure):
            layers = list(measure.voices) or [measure]
            for layer, home in enumerate(layers):
                start = Fraction(measure.offset) + (Fraction(home.offset) if measure.voices else 0)
                for element in home.notes:
                    if isinstance(element, harmony.ChordSymbol) or not element.quarterLength:
                        continue
                    if not element.isNote and not element.isChord:
                        continue  # a percussion's, without a pitch
                    which = layer if measure.voices else -1
                    for note in element.notes if element.isChord else (element,):
                        moment = start + Fraction(element.offset)
                        found.append((note, element, number, moment, which))
    return found


def read(stream: Any) -> Score:
    """The score in a music21 stream. Raises ScoreError where it has neither four voices nor a
    melody with chord symbols."""
    parts = list(stream.parts)
    written: list[list[tuple[int, Any, Any, Fraction, int]]] = [[] for _ in parts]
    for number, (note, element, part, start, layer) in enumerate(heads(stream)):
        written[part].append((number, note, element, start, layer))
    if not any(written):
        raise ScoreError("The score has no notes.")
    symbols = tuple(_symbols(stream))
    bars = tuple(_bars(parts[0]))
    lines = _four(parts, written, symbols)
    below: tuple[Sung, ...] = ()
    if lines is None:
        lines = [_highest(written[0])]
        below = tuple(note for row in written[1:] for note in _joined(row))
    signature, mode = _key(stream)
    return Score(
        tuple(tuple(_one_at_a_time(line, bars)) for line in lines),
        below,
        bars,
        symbols,
        tuple(_numerals(written[-1])) if len(lines) == 4 else (),
        signature,
        mode,
    )


def _four(
    parts: Sequence[Any], written: Sequence[list[Any]], symbols: Sequence[Symbol]
) -> list[list[Sung]] | None:
    """The four voices' lines; None for a melody with symbols. Raises ScoreError for neither."""
    names = [(part.partName or "").lower() for part in parts]
    choir = [
        next((i for i, name in enumerate(names) if name.startswith(voice)), -1) for voice in VOICES
    ]
    if min(choir) >= 0:
        return [_joined(written[index]) for index in choir]
    if symbols and len(parts) != 2:
        return None
    if len(parts) == 4:
        return [_joined(row) for row in written]
    split = [_split(row) for row in written] if len(parts) == 2 else []
    lines = [line for pair in split for line in pair]
    # With chord symbols it may be a piano's two hands, which sing no four voices.
    if lines and all(lines) and not (symbols and any(map(_divides, lines))):
        return lines
    if symbols:
        return None
    raise ScoreError(
        f"The score has {len(parts)} part{'s' * (len(parts) != 1)} and no chord symbols. Give four "
        "parts, two staves with two voices each, or a melody with chord symbols."
    )


def _split(row: Sequence[Any]) -> tuple[list[Sung], list[Sung]]:
    """The upper and the lower voice of a staff: by layers, by two-note chords, or in unison."""
    upper, lower = [], []
    for entry in row:
        _, note, element, _, layer = entry
        if layer == 0 or (layer == -1 and note is _outer(element, max)):
            upper.append(entry)
        if layer == 1 or (layer == -1 and note is _outer(element, min)):
            lower.append(entry)
    divided = any(layer == 1 or element.isChord for _, _, element, _, layer in row)
    return _joined(upper), _joined(lower) if divided else []


def _outer(element: Any, choose: Any) -> Any:
    notes = element.notes if element.isChord else (element,)
    return choose(notes, key=lambda note: note.pitch.ps)


def _highest(row: Sequence[Any]) -> list[Sung]:
    """A melody: the highest note of each moment of a part's first layer."""
    return _joined([entry for entry in row if entry[4] <= 0 and entry[1] is _outer(entry[2], max)])


def _joined(row: Sequence[Any]) -> list[Sung]:
    """The notes in order of time, those tied together made one."""
    found: list[Sung] = []
    open_: dict[Pitch, int] = {}
    for number, note, element, start, _ in sorted(row, key=lambda entry: (entry[3], entry[0])):
        pitch = _pitch(note)
        end = start + Fraction(element.quarterLength)
        tie = note.tie.type if note.tie is not None else None
        pause = any("Fermata" in mark.classes for mark in element.expressions)
        before = open_.pop(pitch, None)
        if tie in ("stop", "continue") and before is not None and found[before].end == start:
            old = found[before]
            found[before] = Sung(old.start, end, pitch, (*old.numbers, number), pause)
            index = before
        else:
            index = len(found)
            found.append(Sung(start, end, pitch, (number,), pause))
        if tie in ("start", "continue"):
            open_[pitch] = index
    return found


def _divides(line: Sequence[Sung]) -> bool:
    """Do two notes of a line sound together?"""
    return any(one.end > two.start for one, two in pairwise(line))


def _one_at_a_time(line: Sequence[Sung], bars: Sequence[Bar]) -> Iterator[Sung]:
    """The line, refused where two notes of it sound together."""
    for index, note in enumerate(line):
        if index and note.start < line[index - 1].end:
            number = next((b.number for b in reversed(bars) if b.start <= note.start), 1)
            raise ScoreError(
                f"Bar {number} has two notes at once in one voice ({line[index - 1].pitch} and "
                f"{note.pitch}). Give each voice one note at a time."
            )
        yield note


def _pitch(note: Any) -> Pitch:
    """Ours for music21's, at sounding pitch."""
    sounding = note.pitch
    alter = sounding.accidental.alter if sounding.accidental is not None else 0
    if alter != int(alter) or abs(alter) > 2:
        raise ScoreError(f"The note {sounding.nameWithOctave} is no spelled pitch of twelve tones.")
    return Pitch(LETTERS.index(sounding.step), int(alter), sounding.implicitOctave)


def _numerals(row: Sequence[Any]) -> Iterator[tuple[Fraction, str]]:
    """Words of one syllable group under the notes, in order of time."""
    for _, _, element, start, _ in row:
        if element.lyric:
            yield start, str(element.lyric)


def _bars(part: Any) -> Iterator[Bar]:
    from music21 import stream as streams

    metre = METRES["4/4"]
    for index, measure in enumerate(part.getElementsByClass(streams.Measure)):
        if measure.timeSignature is not None:
            time = measure.timeSignature
            metre = metre_of(time.numerator, time.denominator)
        filled = max((Fraction(e.offset) + Fraction(e.quarterLength) for e in measure), default=0)
        whole = Fraction(metre.bar, QUARTER)
        late = whole - filled if index == 0 and 0 < filled < whole else Fraction(0)
        if measure.voices:
            late = Fraction(0)
        late = max(late, Fraction(measure.paddingLeft))
        yield Bar(Fraction(measure.offset), measure.number, metre, late)


def metre_of(numerator: int, denominator: int) -> Metre:
    """The metre of a time signature; one that we do not compose in is built by the same rules.

    >>> metre_of(2, 2).beat, metre_of(6, 4).accents, metre_of(3, 4) is METRES["3/4"]
    (48, (4, 3), True)
    """
    name = f"{numerator}/{denominator}"
    if name in METRES:
        return METRES[name]
    unit = 4 * QUARTER // denominator
    compound = numerator % 3 == 0 and numerator > 3
    beats = numerator // 3 if compound else numerator
    middle = {2: 1, 4: 2, 6: 3}.get(beats) if compound or beats > 2 or denominator == 2 else None
    accents = tuple(4 if k == 0 else 3 if k == middle else 2 for k in range(beats))
    return Metre(name, numerator, denominator, unit * (3 if compound else 1), accents)


def _symbols(stream: Any) -> Iterator[Symbol]:
    from music21 import harmony

    seen: set[Fraction] = set()
    for part in stream.parts:
        flat = part.flatten()
        for found in flat.getElementsByClass(harmony.ChordSymbol):
            start = Fraction(found.getOffsetBySite(flat))
            if isinstance(found, harmony.NoChord) or start in seen:
                continue
            seen.add(start)
            root, bass = _note(found.root()), _note(found.bass())
            yield Symbol(start, root, _quality(found), bass)
        if seen:
            return


def _quality(found: Any) -> str | None:
    """Our name for the kind of a chord symbol, None where we have none."""
    changes = [(each.modType, each.degree) for each in found.chordStepModifications]
    if not changes:
        return KINDS.get(found.chordKind)
    what, degree = changes[0]
    return ADDED.get((found.chordKind, degree)) if what == "add" and len(changes) == 1 else None


def _note(found: Any) -> NoteName:
    alter = found.accidental.alter if found.accidental is not None else 0
    return NoteName(LETTERS.index(found.step), int(alter))


def _key(stream: Any) -> tuple[int, str | None]:
    """The first signature's sharps, and its mode where the file names one."""
    from music21 import key

    for part in stream.parts:
        for found in part.flatten().getElementsByClass(key.KeySignature):
            return found.sharps, found.mode if isinstance(found, key.Key) else None
    return 0, None
