"""Tunes without harmony, read fast from the ABC files that music21 brings along.

A reader of one-voice ABC as those files use it: keys with modes, accidentals that last the bar,
lengths, dots (`>`), tuplets, ties, rests. What has several voices, or a metre that Promenade does
not know, is left out. Repeats and first and second endings are read once, as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, Pitch
from theory.scale import MODES, Key

WHOLE = 4 * QUARTER
FOLDERS = (
    "airdsAirs",
    "essenFolksong",
    "nottingham-dataset",
    "oneills1850",
    "ryansMammoth",
)
# ABC's metres by our names; a cut bar is counted as a common one.
SAME = {"C": "4/4", "C|": "4/4", "2/2": "4/4", "4/2": "4/4", "3/8": "3/4", "3/2": "3/4"}
_MODES = {"maj": "ionian", "m": "aeolian", "min": "aeolian", "": "ionian"} | {
    name[:3]: name for name in MODES if " " not in name
}
_KEY = re.compile(r"([A-G])([#b]?)\s*([A-Za-z]*)")
_TOKEN = re.compile(
    r"(?P<bar>[|:\[\]]*\|[|:\[\]]*)"
    r"|\((?P<tuplet>[2-9])(?::\d*)*"
    r"|(?P<sign>\^\^|\^|__|_|=)?(?P<note>[A-Ga-gzx])(?P<octave>[,']*)"
    r"(?P<length>\d*(?:/+\d*)?)(?P<tie>-?)"
    r"|(?P<broken>[<>]+)"
    r"|(?P<skip>\"[^\"]*\"|\{[^}]*\}|![^!]*!|\+[^+]*\+|\[[A-Za-z]:[^\]]*\])"
)
_SIGNS = {"^^": 2, "^": 1, "__": -2, "_": -1, "=": 0}
# How much shorter a tuplet's notes are: so many in the time of.
_TUPLETS = {2: Fraction(3, 2), 3: Fraction(2, 3), 4: Fraction(3, 4), 6: Fraction(1, 3)}


@dataclass(frozen=True, slots=True)
class Sounding:
    """A sung note in ticks from the first barline; an upbeat's are negative."""

    start: int
    end: int
    pitch: Pitch


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody with its key and metre."""

    source: str
    title: str
    key: Key
    metre: Metre
    notes: tuple[Sounding, ...]


def corpus() -> Path:
    """The folder of music21's corpus. Raises FileNotFoundError where music21 is not installed."""
    found = find_spec("music21")
    if found is None or found.origin is None:
        raise FileNotFoundError("music21 is not installed")
    return Path(found.origin).parent / "corpus"


def folk_tunes(folder: Path | None = None) -> Iterator[Tune]:
    """Every tune of one voice in the ABC files of music21's corpus, or of another folder."""
    if folder is not None:
        files = sorted(folder.rglob("*.abc"))
    else:
        files = [file for name in FOLDERS for file in sorted((corpus() / name).rglob("*.abc"))]
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        yield from read_abc(text, file.stem)


def read_abc(text: str, source: str = "") -> Iterator[Tune]:
    """The tunes of an ABC text that can be read, in order.

    >>> [note.pitch.name for note in next(read_abc("X:1\\nM:2/4\\nL:1/8\\nK:G\\nGF|^F2")).notes]
    ['G4', 'F#4', 'F#4']
    """
    for block in re.split(r"(?m)^(?=X:)", text):
        tune = _tune(block, source)
        if tune is not None and tune.notes:
            yield tune


def _tune(block: str, source: str) -> Tune | None:
    fields: dict[str, str] = {}
    music: list[str] = []
    for line in block.splitlines():
        line = line.partition("%")[0].strip()
        if len(line) > 1 and line[1] == ":" and line[0].isalpha():
            name, value = line[0], line[2:].strip()
            if name == "V" or (music and name in "KM"):
                return None  # several voices, or a change on the way
            fields.setdefault(name, value)
        elif "K" in fields:
            music.append(line.rstrip("\\"))
    named = SAME.get(fields.get("M", ""), fields.get("M", ""))
    key = _key(fields.get("K", ""))
    if named not in METRES or key is None:
        return None
    metre = METRES[named]
    unit = _unit(fields, metre)
    if unit is None:
        return None
    # Metres of other values are written in ours: 3/8 in quarter notes lasts twice as long.
    scale = Fraction(metre.numerator, metre.denominator) / _ratio(fields["M"])
    notes = _notes(" ".join(music), key, unit * scale, metre)
    return None if notes is None else Tune(source, fields.get("T", ""), key, metre, notes)


def _ratio(metre: str) -> Fraction:
    return Fraction(1) if metre in ("C", "C|") else Fraction(metre)


def _unit(fields: dict[str, str], metre: Metre) -> Fraction | None:
    """The length of a plain note in ticks."""
    written = fields.get("L")
    try:
        length = (
            Fraction(written)
            if written
            else Fraction(1, 8 if _ratio(fields["M"]) >= Fraction(3, 4) else 16)
        )
    except (ValueError, ZeroDivisionError):
        return None
    return length * WHOLE


def _key(text: str) -> Key | None:
    match = _KEY.match(text)
    if match is None:
        return None
    mode = _MODES.get(match[3].lower()[:3] if match[3] != "m" else "m")
    return None if mode is None else Key.of(match[1] + match[2], mode)


def _notes(music: str, key: Key, unit: Fraction, metre: Metre) -> tuple[Sounding, ...] | None:
    order = (3, 0, 4, 1, 5, 2, 6)  # F C G D A E B
    count = abs(key.signature)
    altered = order[:count] if key.signature > 0 else order[::-1][:count]
    signature = dict.fromkeys(altered, 1 if key.signature > 0 else -1)
    here = dict(signature)
    rows: list[tuple[Fraction, Pitch | None, bool]] = []
    bars: list[Fraction] = []
    tuplet, left, broken = Fraction(1), 0, 0
    position = Fraction(0)
    for token in _TOKEN.finditer(music):
        if token["bar"]:
            here = dict(signature)
            bars.append(position)
        elif token["tuplet"]:
            left = int(token["tuplet"])
            tuplet = _TUPLETS.get(left, Fraction(2, left))
        elif token["broken"]:
            size = len(token["broken"])
            broken = size if token["broken"][0] == ">" else -size
            if rows:
                length, pitch, tie = rows[-1]
                longer = _dotted(broken)
                rows[-1] = (length * longer, pitch, tie)
                position += length * longer - length
        elif token["note"]:
            length = unit * _length(token["length"])
            if left:
                length, left = length * tuplet, left - 1
            if broken:
                length, broken = length * _dotted(-broken), 0
            pitch = _pitch(token, here)
            rows.append((length, pitch, bool(token["tie"])))
            position += length
    upbeat = bars[0] if bars and 0 < bars[0] < metre.bar else Fraction(0)
    found: list[Sounding] = []
    at, tied = -upbeat, False
    for length, pitch, tie in rows:
        start, end = round(at), round(at + length)
        if end <= start:
            return None
        if pitch is not None:
            if tied and found and found[-1].pitch == pitch and found[-1].end == start:
                found[-1] = Sounding(found[-1].start, end, pitch)
            else:
                found.append(Sounding(start, end, pitch))
        at, tied = at + length, tie
    return tuple(found)


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


def _pitch(token: re.Match[str], here: dict[int, int]) -> Pitch | None:
    """The pitch of a note token; its accidental stays for the bar (None: a rest)."""
    letter = token["note"]
    if letter in "zx":
        return None
    step = LETTERS.index(letter.upper())
    if token["sign"]:
        here[step] = _SIGNS[token["sign"]]
    octave = 4 + letter.islower() + token["octave"].count("'") - token["octave"].count(",")
    return Pitch(step, here.get(step, 0), octave)
