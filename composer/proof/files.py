"""The MIDI file and the score that lie beside a piece, read in a few lines and held against it.

A reader takes what such a file of ours has and refuses the rest; sizes are bounded before.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

from composer.proof.form import Form
from composer.proof.reading import Node, NoPieceError, bounded, shown
from composer.proof.spelling import MODES, QUARTER

LARGEST = 24_000_000  # bytes
PULSES = 480  # of a quarter note
SCALE = PULSES // QUARTER
APART = 240  # pulses that a hand, swing or a rolled chord may be off what is written
UNREAD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error,
          ElementTree.ParseError)  # fmt: skip
NAME, MARKER, TEMPO, SIGNATURE = 3, 6, 0x51, 0x59  # meta events


class Track:
    """A track of a MIDI file: meta events by kind, the first value of each controller, the program,
    and by key each note with its pulse, its length and its velocity."""

    def __init__(self, data: bytes) -> None:
        self.meta: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        self.controls: dict[int, int] = {}
        self.notes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        at = now = status = 0
        held: dict[int, tuple[int, int]] = {}
        while at < len(data):
            wait, at = _length(data, at)
            now += wait
            if data[at] & 0x80:
                status, at = data[at], at + 1
            kind, first = status & 0xF0, data[at]
            if status >= 0xF0:
                size, at = _length(data, at + (status == 0xFF))
                self.meta[first].append((now, data[at : at + size]))
                at += size
                continue
            second = data[at + 1] if kind not in (0xC0, 0xD0) else 0
            at += 2 if kind not in (0xC0, 0xD0) else 1
            if kind == 0xC0:
                self.program = first
            elif kind == 0xB0:
                self.controls.setdefault(first, second)
            elif kind == 0x90 and second:
                held[first] = now, second
            elif kind in (0x80, 0x90) and first in held:
                begun, velocity = held.pop(first)
                self.notes[first].append((begun, now - begun, velocity))
        self.name = b"".join(text for _, text in self.meta[NAME][:1]).decode("utf-8")


def _length(data: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where what follows it begins."""
    value = 0
    for number in range(at, at + 4):
        value = value << 7 | data[number] & 0x7F
        if not data[number] & 0x80:
            return value, number + 1
    raise ValueError("a number is too long")


def tracks(data: bytes) -> Iterator[Track]:
    """The tracks of a Standard MIDI File. Raises ValueError for what is none."""
    head = struct.unpack(">4sIHHH", data[:14])
    if (*head[:3], head[4]) != (b"MThd", 6, 1, PULSES):
        raise ValueError("it is no MIDI file of format 1")
    at = 14
    for _ in range(head[3]):
        kind, length = struct.unpack(">4sI", data[at : at + 8])
        if kind != b"MTrk" or at + 8 + length > len(data):
            raise ValueError("it is cut short")
        yield Track(data[at + 8 : at + 8 + length])
        at += 8 + length


def midi(path: Path, document: Node, form: Form) -> None:
    """Raises RefusedError where the MIDI file plays other notes than the piece has."""
    try:
        first, *others = tracks(bounded(path, LARGEST))
    except UNREAD as error:
        raise NoPieceError(f"{path.name}: {shown(error)}") from None
    plan = document["plan"]
    rates = [(form.tick(row), row["rate"].real() * form.beat / QUARTER) for row in plan["tempo"]]
    tempi = [(tick * SCALE, round(60e6 / rate).to_bytes(3, "big")) for tick, rate in rates]
    plan["tempo"].need(first.meta[TEMPO] == tempi, f"{path.name} has another tempo")
    document["title"].need(first.name == document["title"].raw, f"{path.name} has another")
    marks = [(s.start * SCALE, f"{s.name}: {s.node['region'].raw}".encode()) for s in form.sections]
    plan["sections"].need(first.meta[MARKER] == marks, f"{path.name} marks others")
    minor = MODES[plan["key"]["mode"].text()][0].get(2) == -1
    signature = [(0, struct.pack("bb", plan["key"]["signature"].whole(), minor))]
    plan["key"].need(first.meta[SIGNATURE] == signature, f"{path.name} is in another")
    document["parts"].need(len(others) == len(document["parts"]), f"{path.name} has {len(others)}")
    for part, track in zip(document["parts"], others, strict=True):
        role = part["part"].text()
        name = role.capitalize() + ("" if role == "drums" else f": {part['instrument'].raw}")
        part.need(track.name == name, f"{path.name} calls it {shown(track.name)}")
        part.has({"program": track.program, "pan": track.controls[10]}, f"in {path.name}")
        _struck(path, role, track, document["notes"])


def _struck(path: Path, role: str, track: Track, notes: Node) -> None:
    """Key by key the notes of a part, in order: about when, about how long, how loud."""
    rest = {key: iter(sorted(row)) for key, row in track.notes.items()}
    for row in (row for row in notes if row["part"].raw == role):
        found = next(rest.get(row["key"].whole(), iter(())), None)
        row.need(found, f"{path.name} does not play it")
        assert found is not None
        pulse, length, velocity = found
        off = abs(pulse - row["tick"].whole() * SCALE)
        row["tick"].need(off <= APART, f"{path.name} plays it at pulse {pulse}")
        longest = row["duration"].whole() * SCALE + APART
        row["duration"].need(length <= longest, f"{path.name} plays it for {length} pulses")
        row["velocity"].be(velocity, f"in {path.name}")
    more = next(chain.from_iterable(rest.values()), None)
    notes.need(more is None, f"{path.name} plays one more of the {role}")


def score(path: Path, document: Node, form: Form) -> None:
    """Raises RefusedError where the score has other notes than the piece."""
    have: dict[tuple[int, int], set[int]] = defaultdict(set)
    try:
        data = bounded(path, LARGEST)
        if b"<!ENTITY" in data:
            raise ValueError("it declares entities")
        root = ElementTree.fromstring(data)
        heads = {row.get("id"): row for row in root.iter("score-part")}
        for part in root.iter("part"):
            drums = {
                row.get("id"): int(row.findtext("midi-unpitched", "0")) - 1
                for row in heads[part.get("id")].iter("midi-instrument")
            }
            for start, ticks, key in _written(part, drums):
                have[start, key].add(ticks)
    except UNREAD as error:
        raise NoPieceError(f"{path.name}: {shown(error)}") from None
    players = [part["instrument"].raw for part in document["parts"]]
    # Who has another part beside his own writes them in one, where one note may cut another short.
    alone = {p["part"].raw for p in document["parts"] if players.count(p["instrument"].raw) == 1}
    rows = set()
    for row in document["notes"]:
        rows.add(place := (row["tick"].whole(), row["key"].whole()))
        row.need(place in have, f"{path.name} does not have it")
        if row["part"].raw in alone - {"drums"}:
            lasts = row["duration"].whole() in have[place]
            row["duration"].need(lasts, f"{path.name} has {have[place]} ticks")
    more = [tick for tick, _ in sorted(have.keys() - rows)]
    document["notes"].need(not more, f"{path.name} has one more, at tick {more[:1]}")


def _written(
    part: ElementTree.Element, drums: dict[str | None, int]
) -> Iterator[tuple[int, int, int]]:
    """Each note of a part: its tick, its ticks, ties and all, and the MIDI key that sounds."""
    now = begun = 0.0
    divisions, shift = 1, 0
    tied: dict[tuple[int, str | None], tuple[float, float]] = {}
    for measure in part.iter("measure"):
        furthest = now
        for row in measure:
            divisions = int(row.findtext("divisions", str(divisions)))
            if (up := row.find("transpose")) is not None:
                octaves = 12 * int(up.findtext("octave-change", "0"))
                shift = int(up.findtext("chromatic", "0")) + octaves
            lasts = float(row.findtext("duration", "0")) / divisions * QUARTER
            if row.tag in ("backup", "forward"):
                now += lasts if row.tag == "forward" else -lasts
            elif row.tag == "note" and row.find("grace") is None:
                if row.find("chord") is None:
                    begun, now = now, now + lasts
                if row.find("rest") is None:
                    key, ties = (
                        _key(row, drums, shift),
                        {tie.get("type") for tie in row.iter("tie")},
                    )
                    voice, fresh = (key, row.findtext("voice")), (begun, 0.0)
                    start, so_far = tied.pop(voice, fresh) if "stop" in ties else fresh
                    if "start" in ties:
                        tied[voice] = (start, so_far + lasts)
                    else:
                        yield round(start), round(so_far + lasts), key
            furthest = max(furthest, now)
        now = furthest


def _key(row: ElementTree.Element, drums: dict[str | None, int], shift: int) -> int:
    if (player := row.find("instrument")) is not None and row.find("unpitched") is not None:
        return drums[player.get("id")]
    step, octave = row.findtext("pitch/step", ""), int(row.findtext("pitch/octave", ""))
    alter = round(float(row.findtext("pitch/alter", "0")))
    return 12 * (octave + 1) + (0, 2, 4, 5, 7, 9, 11)["CDEFGAB".index(step)] + alter + shift
