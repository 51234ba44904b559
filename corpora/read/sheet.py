"""MusicXML as it is written: parts, bars, notes with their voices and places; nothing is judged.

Moments are quarter notes from the bar's beginning, pitches are as they sound. Read without music21,
so that what a file may cost is bounded, and what it says is neither guessed at nor mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree.ElementTree import Element

from corpora.errors import ScoreError
from corpora.read.order import MOST_BARS, BarSigns
from corpora.read.signs import SignReader, signs_of
from theory.metre import METRES, QUARTER, Metre
from theory.pitch import LETTERS, Interval, NoteName, Pitch

MOST_NOTES = 60_000
MOST_DIVISIONS = 1_000_000
MOST_LENGTH = 1_000  # quarter notes in a bar
MOST_BEATS = 64
BEAT_TYPES = (1, 2, 4, 8, 16, 32)
# Letters that so many semitones span where a transposition does not say it.
LETTERS_OF = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note: `start` and `length` in its bar, its sounding pitch, staff and voice.

    `number` is its place among all `<note>` elements; `chord` says that it stands on the stem of
    the one before; `after` and `on` that it is tied to one before, or to one that follows.
    """

    number: int
    start: Fraction
    length: Fraction
    pitch: Pitch
    staff: str
    voice: str
    chord: bool
    after: bool
    on: bool
    pause: bool
    lyric: str


@dataclass(frozen=True, slots=True)
class WrittenSymbol:
    """A chord symbol: `root` is None where it says none that is known; `degrees` are the changes to
    its kind: add, alter or subtract, which degree, and by how many semitones it is altered."""

    start: Fraction
    root: NoteName | None
    kind: str
    degrees: tuple[tuple[str, int, int], ...]
    bass: NoteName | None
    inversion: int


@dataclass(slots=True)
class WrittenBar:
    """What one part has in a bar, and how far it is filled."""

    notes: list[WrittenNote] = field(default_factory=list)
    symbols: list[WrittenSymbol] = field(default_factory=list)
    words: list[tuple[Fraction, str]] = field(default_factory=list)
    keys: list[tuple[Fraction, int, str | None]] = field(default_factory=list)
    filled: Fraction = Fraction(0)
    unpitched: bool = False


@dataclass(slots=True)
class WrittenPart:
    """A part: its id and name, and its bars in the order in which they are written."""

    ident: str
    name: str
    bars: list[WrittenBar] = field(default_factory=list)

    @property
    def pitched(self) -> bool:
        return any(bar.notes for bar in self.bars)

    @property
    def drums(self) -> bool:
        """Has it notes, and none with a pitch?"""
        return not self.pitched and any(bar.unpitched for bar in self.bars)


@dataclass(slots=True)
class Sheet:
    """A score as written. `heads` are all its `<note>` elements, each with its bar's; of every bar
    there are its printed number, its metre and its signs of repetition."""

    parts: list[WrittenPart]
    numbers: list[str]
    metres: list[Metre]
    signs: list[BarSigns]
    fields: dict[str, str]
    heads: list[tuple[Element, Element]]


def sheet_of(root: Element) -> Sheet:
    """The score in a MusicXML tree, part-wise or time-wise. Raises ScoreError."""
    _plain(root)
    if root.tag not in ("score-partwise", "score-timewise"):
        raise ScoreError(f"This is no score: its XML begins with <{_short(root.tag)}>.")
    names = {
        _short(part.get("id")): " ".join((part.findtext("part-name") or "").split())[:80]
        for part in root.iter("score-part")
    }
    rows = _rows(root)
    bars = max((len(measures) for _, measures in rows), default=0)
    if bars > MOST_BARS or bars * len(rows) > 10 * MOST_BARS:
        raise ScoreError(f"The score has {bars:,} bars in {len(rows)} parts; give one piece.")
    sheet = Sheet([], [""] * bars, [], [], _fields(root), [])
    metre = METRES["4/4"]
    by_bar: list[Metre | None] = [None] * bars
    found = [SignReader() for _ in range(bars)]
    for ident, measures in rows:
        part = WrittenPart(ident, names.get(ident, ""))
        hand = _Hand(part, sheet)
        for index, (printed, measure) in enumerate(measures):
            sheet.numbers[index] = sheet.numbers[index] or _short(printed) or str(index + 1)
            hand.read(measure, sheet.numbers[index])
            by_bar[index] = by_bar[index] or hand.time
            found[index].read(measure)
        sheet.parts.append(part)
    for index in range(bars):
        metre = by_bar[index] or metre
        sheet.metres.append(metre)
    sheet.signs = signs_of(found)
    return sheet


def _plain(root: Element) -> None:
    """Take the names of spaces away, which some programs write."""
    if "}" in str(root.tag):
        for element in root.iter():
            if isinstance(element.tag, str):
                element.tag = element.tag.rpartition("}")[2]


def _rows(root: Element) -> list[tuple[str, list[tuple[str, Element]]]]:
    """Of every part its id and its bars: the printed number, and what it holds."""
    if root.tag == "score-partwise":
        return [
            (_short(part.get("id")), [(m.get("number", ""), m) for m in part.findall("measure")])
            for part in root.findall("part")
        ]
    rows: dict[str, list[tuple[str, Element]]] = {}
    missing = ("", Element("part"))
    for index, measure in enumerate(root.findall("measure")[: MOST_BARS + 1]):
        for part in measure.findall("part"):
            row = rows.setdefault(_short(part.get("id")), [])
            if len(row) <= index:
                row += [missing] * (index - len(row))
                row.append((measure.get("number", ""), part))
        if index * len(rows) > 10 * MOST_BARS:
            break  # which is refused
    return list(rows.items())


def _fields(root: Element) -> dict[str, str]:
    """What the file says of itself in miscellaneous fields."""
    path = "identification/miscellaneous/miscellaneous-field"
    return {field.get("name", ""): field.text or "" for field in root.findall(path)}


def _short(text: str | None) -> str:
    """What a file calls something, as it can be printed: short, and without controls."""
    return "".join(sign for sign in (text or "").strip() if sign.isprintable())[:40]


def number(text: str | None, what: str, bar: str) -> Fraction:
    """A number as MusicXML writes one. Raises ScoreError for what is none, or far too long."""
    stripped = (text or "").strip().lstrip("+")
    if not _NUMBER.fullmatch(stripped):
        raise ScoreError(
            f"Bar {bar}: {what} {_short(text)!r} is no number; export the score again."
        )
    return Fraction(stripped)


def whole(text: str | None, what: str, bar: str) -> int:
    """A whole number; raises ScoreError for any other."""
    found = number(text, what, bar)
    if found.denominator > 1:
        raise ScoreError(f"Bar {bar}: {what} {_short(text)!r} is no whole number.")
    return int(found)


# --- one part -------------------------------------------------------------------------------------


class _Hand:
    """Reads one part bar by bar, and knows what holds on from one to the next."""

    def __init__(self, part: WrittenPart, sheet: Sheet) -> None:
        self.part, self.sheet = part, sheet
        self.divisions = Fraction(1)
        self.up = Interval(0, 0)
        self.time: Metre | None = None

    def read(self, measure: Element, bar: str) -> None:
        """Add a bar to the part; `time` is then the metre that is written in it."""
        self.bar, self.now, self.struck = bar, Fraction(0), Fraction(0)
        self.time, self.found = None, WrittenBar()
        for element in measure:
            if element.tag == "note":
                self._note(element, measure)
            elif element.tag == "attributes":
                self._attributes(element)
            elif element.tag in ("backup", "forward"):
                step = self._length(element)
                self._move(-step if element.tag == "backup" else step)
            elif element.tag == "harmony":
                self._symbol(element)
            elif element.tag == "direction":
                self._words(element)
        self.part.bars.append(self.found)

    def _move(self, step: Fraction) -> None:
        self.now = max(Fraction(0), self.now + step)
        self.found.filled = max(self.found.filled, self.now)
        if self.now > MOST_LENGTH:
            raise ScoreError(f"Bar {self.bar} is longer than {MOST_LENGTH} quarter notes.")

    def _length(self, element: Element) -> Fraction:
        text = element.findtext("duration")
        return abs(number(text, "the duration", self.bar)) / self.divisions if text else Fraction(0)

    def _attributes(self, element: Element) -> None:
        divisions = element.findtext("divisions")
        if divisions is not None:
            self.divisions = number(divisions, "the number of divisions", self.bar)
            if not 0 < self.divisions <= MOST_DIVISIONS:
                raise ScoreError(f"Bar {self.bar}: {_short(divisions)} divisions are not read.")
        transpose = element.find("transpose")
        if transpose is not None:
            self.up = self._transposition(transpose)
        time = element.find("time")
        if time is not None and time.find("senza-misura") is None:
            self.time = self._metre(time)
        key = element.find("key")
        if key is not None:
            self._key(key)

    def _transposition(self, element: Element) -> Interval:
        """From the written to the sounding pitch; an octave needs no letters."""
        semitones = whole(element.findtext("chromatic") or "0", "a transposition", self.bar)
        octaves, rest = divmod(semitones, 12)
        letters = element.findtext("diatonic")
        steps = whole(letters, "a transposition", self.bar) if letters else None
        # Some programs write the letters within the octave only, or none.
        if steps is None or abs(12 * steps - 7 * semitones) > 24:
            steps = 7 * octaves + LETTERS_OF[rest]
        more = whole(element.findtext("octave-change") or "0", "a transposition", self.bar)
        found = Interval(steps + 7 * more, semitones + 12 * more)
        if abs(found.semitones) > 60:
            raise ScoreError(f"Bar {self.bar}: a transposition of {semitones} semitones.")
        return found

    def _metre(self, time: Element) -> Metre:
        pairs = list(
            zip(
                (each.text or "" for each in time.findall("beats")),
                (each.text or "" for each in time.findall("beat-type")),
                strict=False,
            )
        )
        if not pairs:
            return METRES["4/4"]
        told = " and ".join(f"{_short(beats)}/{_short(kind)}" for beats, kind in pairs)
        parts = [
            (sum(whole(each, "the metre", self.bar) for each in beats.split("+")), kind)
            for beats, kind in pairs
        ]
        kinds = [whole(kind, "the metre", self.bar) for _, kind in parts]
        if any(kind not in BEAT_TYPES for kind in kinds):
            raise self._no_metre(told)
        finest = max(kinds)
        beats = sum(n * finest // kind for (n, _), kind in zip(parts, kinds, strict=True))
        if not 0 < beats <= MOST_BEATS:
            raise self._no_metre(told)
        return metre_of(beats, finest)

    def _no_metre(self, told: str) -> ScoreError:
        return ScoreError(
            f"Bar {self.bar} has the metre {told}. Write it with at most {MOST_BEATS} beats, each "
            f"a whole note, a half, … down to a thirty-second."
        )

    def _key(self, key: Element) -> None:
        if key.find("key-step") is not None:
            raise ScoreError(
                f"Bar {self.bar} has a key signature of signs of its own; write one with up to "
                "seven sharps or flats."
            )
        written = key.findtext("fifths")
        if written is None:
            return
        sharps = whole(written, "a key signature", self.bar)
        if abs(sharps) > 7:
            raise ScoreError(
                f"Bar {self.bar} has a key signature of {abs(sharps)} signs; there are at most 7."
            )
        sharps += Pitch(0, 0, 4).up(self.up).note.fifths
        sharps -= 12 * ((sharps > 7) - (sharps < -7))  # the same on the piano by another name
        mode = (key.findtext("mode") or "").strip().lower() or None
        self.found.keys.append((self.now, sharps, mode))

    def _note(self, element: Element, measure: Element) -> None:
        heads = self.sheet.heads
        heads.append((element, measure))
        if len(heads) > MOST_NOTES:
            raise ScoreError(f"The score has more than {MOST_NOTES:,} notes; give one piece.")
        if element.find("grace") is not None or element.find("cue") is not None:
            if element.find("cue") is not None and element.find("chord") is None:
                self._move(self._length(element))
            return
        length = self._length(element)
        chord = element.find("chord") is not None
        if not chord:
            self.struck = self.now
            self._move(length)
        self.found.unpitched |= element.find("unpitched") is not None
        pitch = element.find("pitch")
        if pitch is None or not length:
            return
        ties = {tie.get("type") for tie in element.findall("tie")}
        self.found.notes.append(
            WrittenNote(
                len(heads) - 1,
                self.struck,
                length,
                self._pitch(pitch),
                _short(element.findtext("staff")) or "1",
                _short(element.findtext("voice")) or "1",
                chord,
                "stop" in ties,
                "start" in ties,
                element.find("notations/fermata") is not None,
                "".join(text.text or "" for text in element.findall("lyric/text"))[:200],
            )
        )

    def _pitch(self, element: Element) -> Pitch:
        step = (element.findtext("step") or "").strip()
        alter = number(element.findtext("alter") or "0", "an accidental", self.bar)
        octave = whole(element.findtext("octave"), "an octave", self.bar)
        if step not in LETTERS or not step or not -1 <= octave <= 10:
            raise ScoreError(f"Bar {self.bar}: {_short(step)}{octave} is no pitch.")
        if alter.denominator > 1 or abs(alter) > 2:
            raise ScoreError(
                f"Bar {self.bar}: {step}{octave} altered by {float(alter):g} semitones is no "
                "spelled pitch of twelve tones."
            )
        written = Pitch(LETTERS.index(step), int(alter), octave)
        sounding = written.up(self.up)
        if abs(sounding.alter) > 2:
            raise ScoreError(f"Bar {self.bar}: {written} cannot be spelled where it sounds.")
        return sounding

    def _symbol(self, element: Element) -> None:
        offset = element.findtext("offset")
        at = self.now + (number(offset, "an offset", self.bar) / self.divisions if offset else 0)
        root = self._named(element.find("root"), "root")
        degrees = tuple(
            (
                (each.findtext("degree-type") or "").strip(),
                whole(each.findtext("degree-value") or "0", "a degree", self.bar),
                whole(each.findtext("degree-alter") or "0", "a degree", self.bar),
            )
            for each in element.findall("degree")
        )
        kind = _short(element.findtext("kind"))
        inversion = whole(element.findtext("inversion") or "0", "an inversion", self.bar)
        bass = self._named(element.find("bass"), "bass")
        self.found.symbols.append(
            WrittenSymbol(max(Fraction(0), at), root, kind, degrees, bass, inversion)
        )

    def _named(self, element: Element | None, what: str) -> NoteName | None:
        """The note of a chord's root or bass, as it sounds; None where there is none we know."""
        if element is None:
            return None
        step = (element.findtext(f"{what}-step") or "").strip()
        alter = number(element.findtext(f"{what}-alter") or "0", "an accidental", self.bar)
        if not step or step not in LETTERS or alter.denominator > 1 or abs(alter) > 2:
            return None
        return Pitch(LETTERS.index(step), int(alter), 4).up(self.up).note

    def _words(self, element: Element) -> None:
        for words in element.iterfind("direction-type/words"):
            if words.text:
                self.found.words.append((self.now, words.text[:200]))


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
