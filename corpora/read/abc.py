"""Tunes without harmony, read fast from ABC files as music21's corpus has them.

A reader of one-voice ABC as those files use it: keys with modes, accidentals that last the bar,
lengths, dots (`>`), tuplets, ties, rests; of double stops the highest note. Repeats are read once
and of several endings the last. Left out, each with its reason: several voices, changes of key or
metre, and metres that Promenade does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from corpora.errors import Unreadable
from corpora.read.printed import key_on, misplaced, placed
from corpora.tune import Tune
from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, NoteName, Pitch
from theory.scale import MODES, Key
from theory.timed import TimedNote

WHOLE = 4 * QUARTER
# Metres of other note values by ours. Bars are as long as ours, so 3/8 lasts twice as long here,
# and a cut bar is counted as a common one.
SAME = {
    "C": "4/4",
    "C|": "4/4",
    "2/2": "4/4",
    "4/2": "4/4",
    "4/1": "4/4",
    "2/1": "2/4",
    "2/8": "2/4",
    "4/8": "2/4",
    "3/8": "3/4",
    "3/2": "3/4",
    "3/1": "3/4",
    "5/8": "5/4",
    "6/4": "6/8",
    "6/2": "6/8",
    "9/4": "9/8",
}
_MODES = {"maj": "ionian", "m": "aeolian", "min": "aeolian"} | {
    name[:3]: name for name in MODES if " " not in name
}
_KEY = re.compile(r"([A-G])([#b]?)\s*([A-Za-z]*)")
_LENGTH = r"\d*(?:/+\d*)?"
_NOTE = r"(?:\^\^|\^|__|_|=)?[A-Ga-gzx][,']*" + _LENGTH
_ONE = re.compile(r"(\^\^|\^|__|_|=)?([A-Ga-gzx])([,']*)(" + _LENGTH + ")")
_TOKEN = re.compile(
    r"(?P<line>\n)"
    r"|(?P<bar>[:\[\]]*\|[|:\]]*|::)"
    r"|\((?P<tuplet>[2-9])(?::(?P<time>\d*))?(?::(?P<count>\d*))?"
    r"|(?P<skip>\"[^\"]*\"|\{[^}]*\}|![^!]*!|\+[^+]*\+|=\d+|\[[A-Za-z]:[^\]]*\])"
    rf"|(?P<stop>\[(?:{_NOTE})+\])(?P<longer>{_LENGTH})"
    rf"|(?P<note>{_NOTE})"
    r"|(?P<tie>-)"
    r"|(?P<broken>[<>]+)"
)
# Of a tune; what is longer is none, and in a worse case costs the square of its length.
MOST_LETTERS = 20_000
# Where more of the barlines lie off the metre, the tune changes it and does not say so.
MOST_MISPLACED = 0.3
# A first ending up to the sign that the second one stands behind.
_FIRST_ENDING = re.compile(
    r"(?:\|\s*\[?|\[)1(?![\d/])(?:(?!:\|).)*:\|+\s*[|\[]?\s*2(?![\d/])", re.S
)
_SIGNS = {"^^": 2, "^": 1, "__": -2, "_": -1, "=": 0}


def read_abc(
    text: str,
    source: str = "",
    collection: str = "",
    *,
    lines: bool = False,
    left_out: Callable[[str], None] = lambda reason: None,
) -> Iterator[Tune]:
    """The tunes of an ABC text that can be read, in order.

    lines: as in the Essen collection, each line of music is a phrase, and no key names its mode.
    left_out: is told the reason for each tune that is not read.

    >>> [note.pitch.name for note in next(read_abc("X:1\\nM:2/4\\nL:1/8\\nK:G\\nGF|^F2")).notes]
    ['G4', 'F#4', 'F#4']
    """
    for block in re.split(r"(?m)^(?=X:)", text):
        if block.startswith("X:"):
            try:
                yield read_tune(block, source, collection, lines=lines)
            except Unreadable as error:
                left_out(error.reason)


def read_tune(block: str, source: str, collection: str, *, lines: bool) -> Tune:
    """The one tune of a block of ABC that begins with `X:`. Raises Unreadable."""
    if len(block) > MOST_LETTERS:
        raise Unreadable("too long")
    fields, music = _parted(block)
    written = re.sub(r"\s", "", fields.get("M", ""))
    if written in ("", "none"):
        raise Unreadable("no metre")
    metre = METRES.get(SAME.get(written, written))
    if metre is None:
        raise Unreadable("a metre that is not known")
    key, modal = _key(fields.get("K", ""))
    # Metres of other values are written in ours: 3/8 in quarter notes lasts twice as long.
    scale = Fraction(metre.numerator, metre.denominator) / _ratio(written)
    notes, breaks, fits = _notes(music, key, _unit(fields, written) * scale, metre)
    if lines and not modal:
        key = key_on(key.tonic, ((n.pitch.note, n.end - n.start) for n in notes))
    number = fields["X"].lstrip("0") or "0"
    return Tune(
        collection,
        f"{source}#{number}",
        fields.get("T", ""),
        key,
        metre,
        notes,
        phrases=breaks if lines else (),
        inferred=frozenset((["mode"] if lines and not modal else []) + ([] if fits else ["metre"])),
    )


def _parted(block: str) -> tuple[dict[str, str], str]:
    """The header's fields, the first of each, and the music. Raises Unreadable."""
    fields: dict[str, str] = {}
    music: list[str] = []
    for line in block.splitlines():
        line = line.partition("%")[0].strip()
        if len(line) > 1 and line[1] == ":" and line[0].isalpha():
            name, value = line[0], line[2:].strip()
            if name == "V":
                raise Unreadable("several voices")
            if music and name in "KM" and value != fields.get(name):
                raise Unreadable(_CHANGES[name])
            fields.setdefault(name, value)
        elif "K" in fields and line:
            music.append(line.rstrip("\\"))
    text = "\n".join(music)
    inline = re.search(r"\[([KMV]):", text)
    if inline or "&" in text:
        raise Unreadable(_CHANGES[inline[1]] if inline else "several voices")
    return fields, _FIRST_ENDING.sub("|", text)


_CHANGES = {"K": "the key changes", "M": "the metre changes", "V": "several voices"}


def _ratio(metre: str) -> Fraction:
    return Fraction(1) if metre in ("C", "C|") else Fraction(metre)


def _unit(fields: dict[str, str], metre: str) -> Fraction:
    """The length of a plain note in ticks."""
    written = fields.get("L")
    try:
        length = (
            Fraction(written)
            if written
            else Fraction(1, 8 if _ratio(metre) >= Fraction(3, 4) else 16)
        )
    except (ValueError, ZeroDivisionError):
        raise Unreadable("a unit of length that is not known") from None
    return length * WHOLE


def _key(text: str) -> tuple[Key, bool]:
    """The key, and whether its mode is written. Raises Unreadable."""
    if text in ("HP", "Hp"):  # the highland pipes' scale
        return Key.of("A", "mixolydian"), True
    match = _KEY.match(text)
    mode = "ionian"
    if match is not None and match[3]:
        mode = _MODES.get("m" if match[3] in ("m", "M") else match[3].lower()[:3], "")
    if match is None or not mode:
        raise Unreadable("a key that is not known")
    return Key.of(match[1] + match[2], mode), bool(match[3])


@dataclass(slots=True)
class _Reading:
    """Where the reader is: the bar's accidentals, the tuplet and the dot that wait for notes."""

    signature: dict[int, int]
    unit: Fraction
    compound: bool
    here: dict[int, int] = field(default_factory=dict)
    # Each note's length, pitch (None: a rest) and whether a tie follows it.
    rows: list[tuple[Fraction, Pitch | None, bool]] = field(default_factory=list)
    # How many notes there are before each barline and whether it ends a section, and each line.
    bars: list[tuple[int, bool]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    tuplet: Fraction = Fraction(1)
    left: int = 0
    broken: int = 0

    def read(self, token: re.Match[str]) -> None:
        if token["bar"]:
            self.here = {}
            self.bars.append((len(self.rows), token["bar"] != "|"))
        elif token["line"]:
            self.lines.append(len(self.rows))
        elif token["tuplet"]:
            self.tuplet, self.left = _tuplet(token, self.compound)
        elif token["broken"]:
            size = len(token["broken"])
            self.broken = size if token["broken"][0] == ">" else -size
            if self.rows:
                length, pitch, tie = self.rows[-1]
                self.rows[-1] = (length * _dotted(self.broken), pitch, tie)
        elif token["tie"]:
            if self.rows:
                self.rows[-1] = (*self.rows[-1][:2], True)
        elif token["note"]:
            self._sound([token["note"]], "")
        elif token["stop"]:
            self._sound([each[0] for each in _ONE.finditer(token["stop"])], token["longer"])

    def _sound(self, written: list[str], longer: str) -> None:
        pitches: list[Pitch | None] = []
        lengths: list[Fraction] = []
        for text in written:
            pitch, length = self._note(text)
            pitches.append(pitch)
            lengths.append(length)
        length = self.unit * lengths[0] * _length(longer)
        if self.left:
            length, self.left = length * self.tuplet, self.left - 1
        if self.broken:
            length, self.broken = length * _dotted(-self.broken), 0
        pitch = max((p for p in pitches if p), key=lambda p: p.midi, default=None)
        self.rows.append((length, pitch, False))

    def _note(self, text: str) -> tuple[Pitch | None, Fraction]:
        """The pitch (None: a rest) of a note as written; its accidental stays for the bar."""
        match = _ONE.fullmatch(text)
        assert match is not None
        sign, letter, octaves, length = match.groups()
        if letter in "zx":
            return None, _length(length)
        step = LETTERS.index(letter.upper())
        octave = 4 + letter.islower() + octaves.count("'") - octaves.count(",")
        if sign:
            self.here[step] = _SIGNS[sign]
        alter = self.here.get(step, self.signature.get(step, 0))
        if not sign and self.rows and self.rows[-1][2]:
            # A tie carries an accidental over the bar line.
            last = self.rows[-1][1]
            if last is not None and (last.step, last.octave) == (step, octave):
                alter = last.alter
        return Pitch(step, alter, octave), _length(length)


def _notes(
    music: str, key: Key, unit: Fraction, metre: Metre
) -> tuple[tuple[TimedNote, ...], tuple[int, ...], bool]:
    """The notes, the ticks at which lines of music end, and whether the written bars fit the
    metre. Raises Unreadable."""
    reading = _Reading(_signature(key), unit, metre.compound)
    for token in _TOKEN.finditer(music):
        reading.read(token)
    reading.lines.append(len(reading.rows))
    times = placed([length for length, _, _ in reading.rows], reading.bars, metre.bar)
    found: list[TimedNote] = []
    tied = False
    for (begin, finish), (_, pitch, tie) in zip(times, reading.rows, strict=True):
        start, end = round(begin), round(finish)
        if pitch is not None and end <= start:
            raise Unreadable("a note shorter than a tick")
        if pitch is not None:
            last = found[-1] if found else None
            if tied and last and last.pitch == pitch and last.end == start:
                found[-1] = replace(last, end=end)
            else:
                found.append(TimedNote(start, end, pitch))
        tied = tie
    if not found:
        raise Unreadable("no notes")
    breaks = {round(times[row - 1][1]) for row in reading.lines if row}
    fits = misplaced(times, reading.bars, metre.bar) <= MOST_MISPLACED
    return tuple(found), tuple(sorted(breaks)), fits


def _signature(key: Key) -> dict[int, int]:
    """The alteration of each step that the key's signature alters."""
    sharps = key.signature
    altered = (
        NoteName.from_fifths(place)
        for place in (range(6, 6 + sharps) if sharps > 0 else range(sharps - 1, -1))
    )
    return {note.step: note.alter for note in altered}


def _tuplet(token: re.Match[str], compound: bool) -> tuple[Fraction, int]:
    """How much longer each note is, and how many notes; `(p:q:r` is p in the time of q for r."""
    size = int(token["tuplet"])
    usual = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(size, 3 if compound else 2)
    return Fraction(int(token["time"] or usual), size), int(token["count"] or size)


def _dotted(size: int) -> Fraction:
    """How long the note before `>` becomes: 3/2, 7/4 …; before `<` the rest of two."""
    short = Fraction(1, 2 ** abs(size))
    return 2 - short if size > 0 else short


def _length(text: str) -> Fraction:
    """ABC's multiplier: `2`, `/`, `/2`, `3/2`, `//`."""
    whole, slash, rest = text.partition("/")
    length = Fraction(int(whole) if whole else 1)
    if not slash:
        return length
    slashes = 1 + len(rest) - len(rest.lstrip("/"))
    digits = rest.lstrip("/")
    return length / (int(digits) if digits else 2**slashes)
