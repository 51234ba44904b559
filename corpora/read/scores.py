"""Scores of any number of voices, or a melody with chord symbols, as frozen values.

From here on there are numbers and spelled pitches, as they sound: repeats and jumps are played out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from xml.etree.ElementTree import Element

from corpora.errors import ScoreError, Unreadable
from corpora.read.container import root_of
from corpora.read.lines import Bar, Played, Stave, Sung, joined, played, staves
from corpora.read.said import Said, SungAt, read_said
from corpora.read.sheet import Sheet, WrittenPart, WrittenSymbol, sheet_of
from theory.chord import QUALITIES
from theory.metre import QUARTER
from theory.pitch import NoteName, Pitch, interval

VOICES = ("soprano", "alto", "tenor", "bass")
FEWER = {2: ("upper voice", "lower voice"), 3: ("upper voice", "middle voice", "lower voice")}
# More voices than this are an orchestra, whose parts double each other on purpose.
MOST_VOICES = 24
# Words that make an instrument of a part that begins as a voice does: a bass clarinet.
INSTRUMENTS = re.compile(
    r"clarinet|saxophone|sax|trombone|tuba|drum|guitar|recorder|flute|oboe|horn|trumpet|cornet|viol"
    r"|bassoon|ukulele|banjo|pan|bell|gamba|fiddle|lute|string|cello|synth|pedal|organ|piano|harp"
)
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
# A kind with one degree added, and the semitones by which that is altered.
ADDED: Mapping[tuple[str, int, int], str] = MappingProxyType(
    {
        ("suspended-fourth", 7, 0): "suspended seventh",
        ("major", 9, 0): "added ninth",
        ("minor", 9, 0): "minor added ninth",
        ("major", 9, -1): "added flat ninth",
        ("minor", 9, -1): "minor added flat ninth",
        ("major", 11, 1): "added sharp eleventh",
        ("minor", 11, 1): "minor added sharp eleventh",
    }
)
# Files larger than this, packed or not, are no exercise.
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Symbol:
    """A chord symbol: where, its root, its quality by our name (None: no such chord), its bass.

    `kind` is what MusicXML calls it; "none" says that no chord sounds.
    """

    start: Fraction
    root: NoteName
    quality: str | None
    bass: NoteName
    kind: str = ""


@dataclass(frozen=True, slots=True)
class KeySign:
    """A key signature from `start` on: sharps, flats being negative, and the mode that it names."""

    start: Fraction
    sharps: int
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What was read.

    `voices` are two or more, the highest first, with their `names`; or one, a melody, with `below`
    all other notes. `numerals` is what is written under the lowest voice, or for one of our own
    scores under the staves. `said` is what a score of ours says of itself. `left_out` says in
    words what was not read.
    """

    voices: tuple[tuple[Sung, ...], ...]
    names: tuple[str, ...]
    below: tuple[Sung, ...]
    bars: tuple[Bar, ...]
    symbols: tuple[Symbol, ...]
    numerals: tuple[tuple[Fraction, str], ...]
    signatures: tuple[KeySign, ...]
    said: Said | None = None
    left_out: tuple[str, ...] = ()

    @property
    def end(self) -> Fraction:
        """Where the last note ends, whoever has it: others may play on when the melody is over."""
        return max(note.end for voice in (*self.voices, self.below) for note in voice)

    def place(self, moment: Fraction) -> tuple[int | str, Fraction]:
        """The bar's number as printed and the beat, from 1, of a moment."""
        low, high = 0, len(self.bars)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.bars[middle].start <= moment else (low, middle)
        bar = self.bars[low]
        passed = moment - bar.start + bar.first_beat
        return bar.number, 1 + passed * QUARTER / bar.metre.beat


def parse(path: str | Path) -> Element:
    """The XML of a score. Raises ScoreError for what is no score."""
    file = Path(path)
    if not file.is_file():
        raise ScoreError(f"There is no file {path}.")
    if file.stat().st_size > MOST_BYTES:
        raise ScoreError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB; give one piece.")
    if not file.name.lower().endswith((".musicxml", ".xml", ".mxl")):
        raise ScoreError(f"{path} is no MusicXML: its name ends in .musicxml, .xml or .mxl.")
    try:
        return root_of(file.read_bytes(), MOST_BYTES)
    except OSError as error:
        raise ScoreError(f"{path} cannot be read: {error.strerror}.") from None
    except Unreadable as why:
        if why.reason == "too large":
            most = MOST_BYTES // 1_000_000
            raise ScoreError(f"{path} is larger than {most} MB unpacked; give one piece.") from None
        raise ScoreError(f"{path} cannot be read as MusicXML; export it again.") from None


def read(root: Element, *, once: bool = False) -> Score:
    """The score in a MusicXML tree; `once` reads repeated bars once.

    Raises ScoreError where it has neither two voices nor a melody with chord symbols.
    """
    sheet = sheet_of(root)
    said = read_said(sheet.fields)
    play = played(sheet, once=once)
    rows = staves(sheet, play)
    if not rows:
        raise ScoreError("The score has no notes that have a pitch.")
    symbols, left_out = _symbols(sheet, play)
    leads = bool(symbols or left_out)
    if play.wrong:
        left_out.append("repeats and jumps, which lead nowhere: every bar is read once")
    voices: tuple[tuple[Sung, ...], ...]
    names: tuple[str, ...] = ("melody",)
    below: tuple[Sung, ...] = ()
    numerals: tuple[tuple[Fraction, str], ...] = ()
    sung = _sung(said.melody, sheet, rows) if said else ()
    found = None if sung else _voices(sheet, rows, leads, left_out, play)
    if sung:
        voices, below, numerals = (sung,), _below(rows), tuple(_words(sheet, play))
    elif found is not None:
        lines, names = found
        lowest = [row for row in rows if row.part == lines[-1][1]][-1]
        numerals = tuple((at, note.lyric) for at, note in lowest.notes if note.lyric)
        voices = tuple(tuple(line) for line, _ in lines)
    else:
        highest = joined([row[0] for row in rows[0].chords()])
        voices, below = (tuple(highest),), _below(rows[1:])
    for line in voices:
        _one_at_a_time(line, play.bars)
    return Score(
        voices,
        names,
        below,
        play.bars,
        tuple(symbols),
        numerals,
        tuple(_signatures(sheet, play)),
        said,
        tuple(left_out),
    )


def _below(rows: Sequence[Stave]) -> tuple[Sung, ...]:
    return tuple(note for row in rows for note in joined(row.notes))


# --- voices ---------------------------------------------------------------------------------------

# A line and the index of its part.
Line = tuple[list[Sung], int]


def _voices(
    sheet: Sheet, rows: Sequence[Stave], symbols: bool, left_out: list[str], play: Played
) -> tuple[list[Line], tuple[str, ...]] | None:
    """The voices' lines and names; None for a melody with symbols. Raises ScoreError for
    neither."""
    kinds = [_kind(part) for part in sheet.parts]
    choir = set(VOICES) <= set(kinds)
    if choir:
        others = [part for part, kind in zip(sheet.parts, kinds, strict=True) if not kind]
        left_out += [f"the part {part.name or part.ident}" for part in others]
        rows = sorted(
            (row for row in rows if kinds[row.part]), key=lambda row: VOICES.index(kinds[row.part])
        )
    lines: list[Line] = []
    divided = None
    for row in rows:
        parted, odd = row.parted()
        lines += [(line, row.part) for line in parted]
        divided = divided if divided is not None else odd
    if symbols and not choir:
        # With chord symbols it may be a piano's two hands, which sing no four voices.
        two = len({(row.part, row.staff) for row in rows}) == 2 and len(lines) == 4
        halves = len({(row.part, row.staff) for row in rows[:2]}) if len(rows) == 4 else 2
        if not two or divided is not None or (len(rows) == 4 and halves != 1):
            return None
    for part in () if choir else sheet.parts:
        if part.drums:
            raise ScoreError(
                f"The part {part.name or part.ident} has no note with a pitch, and no voice to "
                "judge. Leave it out."
            )
    if divided is not None:
        raise ScoreError(
            f"Bar {_number(play.bars, divided)} has more or fewer notes at once in one voice than "
            "the bars before. Give each voice one note at a time."
        )
    if len(lines) < 2:
        raise ScoreError(
            "The score has one voice and no chord symbols. Give two voices or more, or a melody "
            "with chord symbols."
        )
    if len(lines) > MOST_VOICES:
        raise ScoreError(f"The score has {len(lines)} voices; up to {MOST_VOICES} are judged.")
    return lines, _names([kinds[part] for _, part in lines] if choir else [""] * len(lines))


def _kind(part: WrittenPart) -> str:
    """Which voice of a choir a part is by its name; "" for an instrument, a bassoon or a bass
    clarinet."""
    words = re.findall(r"[^\W\d_]+", part.name.lower())
    first = words[0].removesuffix("s") if words and words[0] != "bass" else "".join(words[:1])
    if first not in VOICES or any(INSTRUMENTS.search(word) for word in words[1:]):
        return ""
    return first


def _names(kinds: Sequence[str]) -> tuple[str, ...]:
    count = len(kinds)
    if count == len(VOICES):
        return VOICES
    if not any(kinds):
        return FEWER.get(count) or tuple(f"voice {n}" for n in range(1, count + 1))
    return tuple(
        f"{kind} {kinds[: index + 1].count(kind)}" if kinds.count(kind) > 1 else kind
        for index, kind in enumerate(kinds)
    )


def _one_at_a_time(line: Sequence[Sung], bars: Sequence[Bar]) -> None:
    """Refuses a line in which two notes sound together."""
    for index, note in enumerate(line):
        if index and note.start < line[index - 1].end:
            raise ScoreError(
                f"Bar {_number(bars, note.start)} has two notes at once in one voice "
                f"({line[index - 1].pitch} and {note.pitch}). Give each voice one note at a time."
            )


def _number(bars: Sequence[Bar], moment: Fraction) -> int | str:
    return next((bar.number for bar in reversed(bars) if bar.start <= moment), 1)


def _sung(places: Sequence[SungAt], sheet: Sheet, rows: Sequence[Stave]) -> tuple[Sung, ...]:
    """The melody of a score that says where it stands, in the octave in which it was composed."""
    found: list[Sung] = []
    for place in places:
        row = next(
            (r for r in rows if (sheet.parts[r.part].ident, r.voice) == (place.part, place.voice)),
            None,
        )
        struck = [
            chord[-1 if place.which == "lowest" else 0]
            for chord in (row.chords() if row else ())
            if place.start <= chord[0][0] < place.end
        ]
        for note in joined(struck):
            pitch = note.pitch
            lower = Pitch(pitch.step, pitch.alter, pitch.octave - place.octaves)
            found.append(Sung(note.start, note.end, lower, note.numbers, note.pause))
    return tuple(sorted(found, key=lambda note: note.start))


# --- what stands beside the notes -----------------------------------------------------------------


def _words(sheet: Sheet, play: Played) -> Iterator[tuple[Fraction, str]]:
    for bar, where in zip(play.bars, play.written, strict=True):
        for part in sheet.parts:
            for at, text in part.bars[where].words if where < len(part.bars) else ():
                yield bar.start + at, text


def _signatures(sheet: Sheet, play: Played) -> Iterator[KeySign]:
    """The signatures in the order in which they sound, of the first part that has one."""
    part = next((p for p in sheet.parts if any(bar.keys for bar in p.bars)), None)
    now: KeySign | None = None
    for bar, where in zip(play.bars, play.written, strict=True):
        rows = part.bars[where].keys if part and where < len(part.bars) else []
        for at, sharps, mode in rows:
            new = KeySign(bar.start + at, sharps, mode)
            if now is None or (sharps, mode or now.mode) != (now.sharps, now.mode):
                now = new
                yield new
    if now is None:
        yield KeySign(Fraction(0), 0)


def _symbols(sheet: Sheet, play: Played) -> tuple[list[Symbol], list[str]]:
    """The chord symbols of the first part that has any, and what of them is left out."""
    part = next((p for p in sheet.parts if any(bar.symbols for bar in p.bars)), None)
    found: list[Symbol] = []
    unknown: dict[str, None] = {}
    for bar, where in zip(play.bars, play.written, strict=True):
        signs = part.bars[where].symbols if part and where < len(part.bars) else ()
        # A symbol may be written before what stands ahead of it: `forward`, the symbol, `backup`.
        for sign in sorted(signs, key=lambda each: each.start):
            start = bar.start + sign.start
            if found and found[-1].start >= start:
                continue
            said = _symbol(sign, start)
            if said is None:
                unknown[f"the chord symbol in bar {bar.number}, which has no root"] = None
            else:
                found.append(said)
    return found, list(unknown)


def _symbol(sign: WrittenSymbol, start: Fraction) -> Symbol | None:
    if sign.kind == "none":
        nothing = NoteName(0, 0)
        return Symbol(start, nothing, None, nothing, "none")
    if sign.root is None:
        return None
    quality = KINDS.get(sign.kind)
    if sign.degrees:
        what, degree, alter = sign.degrees[0]
        alone = what == "add" and len(sign.degrees) == 1
        quality = ADDED.get((sign.kind, degree, alter)) if alone else None
    bass = sign.bass
    if bass is None:
        tones = ("P1", *QUALITIES[quality].intervals[1:]) if quality else ("P1",)
        place = sign.inversion if 0 <= sign.inversion < len(tones) else 0
        bass = sign.root.up(interval(tones[place]))
    kind = "".join(c for c in sign.kind if c.isalnum() or c in "- ")
    return Symbol(start, sign.root, quality, bass, kind)
