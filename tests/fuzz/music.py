"""Music as files: MIDI, archives of it, and MusicXML plain and packed."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from hypothesis import strategies as st

from tests.fuzz.bits import changed
from tests.fuzz.target import Swallowed, Target

# --- MIDI -----------------------------------------------------------------------------------------

TICKS = (1, 24, 96, 480, 480, 480, 960, 32767, 0, 0xE728)
TUNES = ((0, 2, 4, 5, 7, 9, 11, 12), (0, 3, 7, 8, 7, 5, 3, 2), (0,), (0, 12, 24, 1))
NAMES = (b"MELODY", b"vocal", b"Piano", b"backing vox", b"", b"\xff\xfe", b"lead vo" * 40)
SIGNATURES = ((4, 2), (3, 2), (6, 3), (2, 1), (5, 3), (7, 3), (1, 2), (0, 2), (4, 20), (255, 255))


def number(value: int) -> bytes:
    """A number of seven bits a byte."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def _meta(kind: int, body: bytes) -> bytes:
    return b"\0\xff" + bytes([kind]) + number(len(body)) + body


@st.composite
def tracks(draw: Callable[..., Any], ticks: int) -> bytes:
    """The events of a track: a line or chords on a grid, with what stands around them."""
    random = Random(draw(st.integers(0, 1 << 16)))
    steps, low = draw(st.sampled_from(TUNES)), draw(st.sampled_from((24, 48, 60, 60, 72, 110)))
    channel = draw(st.sampled_from((0, 1, 2, 9)))
    unit = max(1, ticks // draw(st.sampled_from((1, 2, 2, 3, 4))))
    found = _meta(3, draw(st.sampled_from(NAMES)))
    if draw(st.booleans()):
        over, under = draw(st.sampled_from(SIGNATURES))
        found += _meta(0x58, bytes([over, under, 24, 8]))
    if draw(st.booleans()):
        found += _meta(0x51, draw(st.sampled_from((b"\x07\xa1\x20", bytes(3), b"\xff" * 3, b"\1"))))
    found += bytes([0, 0xC0 | channel, draw(st.sampled_from((0, 26, 33, 48, 89)))])
    words, chord = draw(st.integers(0, 3)) == 0, draw(st.integers(0, 3)) == 0
    late = draw(st.sampled_from((0, 0, 0, unit, 10**6, (1 << 28) - 1)))
    for place in range(draw(st.sampled_from((0, 3, 20, 40, 90)))):
        found += _meta(5, b"la") if words else b""
        step = steps[place % len(steps)] if random.random() < 0.8 else random.randrange(12)
        heights = [min(low + step + each, 127) for each in ((0, 4, 7) if chord else (0,))]
        for order, height in enumerate(heights):
            found += number(late if place == 5 and not order else 0)
            found += bytes([0x90 | channel, height, 80])
        for order, height in enumerate(heights):
            long = unit * random.choice((1, 1, 1, 2)) if not order else 0
            if random.random() < 0.98:
                found += number(long) + bytes([0x80 | channel, height, 0])
    end = draw(st.sampled_from((0, 0, unit, 10**7)))
    return found + (number(end) + b"\xff\x2f\0" if draw(st.integers(0, 5)) else b"")


@st.composite
def midis(draw: Callable[..., Any]) -> bytes:
    """A MIDI file: sound, or changed within its tracks, which keep their right lengths."""
    ticks = draw(st.sampled_from(TICKS))
    parts = draw(st.lists(tracks(ticks & 0x7FFF or 480), min_size=1, max_size=4))
    kind = draw(st.sampled_from((0, 1, 1, 1, 2, 3)))
    head = kind.to_bytes(2) + len(parts).to_bytes(2) + ticks.to_bytes(2)
    head += bytes(draw(st.sampled_from((0, 0, 0, 2, 40))))
    parts = [draw(changed(part, 2)) if draw(st.integers(0, 2)) == 0 else part for part in parts]
    whole = b"MThd" + len(head).to_bytes(4) + head
    whole += b"".join(b"MTrk" + len(part).to_bytes(4) + part for part in parts)
    return draw(changed(whole, 3, 14)) if draw(st.integers(0, 7)) == 0 else whole


def read_midi(data: bytes, folder: Path) -> None:
    """As one file of a collection, and as one of those kept for testing."""
    from corpora.read.melodies import folder as melodies

    (folder / "songs").mkdir()
    (folder / "songs" / "a.mid").write_bytes(data)
    collected(folder / "songs", folder)
    melodies(folder / "songs")


def collected(path: Path, folder: Path, kind: str = "midi") -> None:
    """Build a dataset of it; a fault that the build only counts is one here."""
    from corpora.build import build
    from corpora.sources import Sources

    built = build(Sources(**{kind: (path,)}), folder / "out.npz")  # type: ignore[arg-type]
    failed = [reason for each in built.left_out.values() for reason in each if "failed" in reason]
    if failed:
        raise Swallowed(failed[0])


MIDI = Target(
    "midi",
    midis(),
    read_midi,
    lambda data: data[:4] == b"MThd" and data[12:14] not in (b"\0\0", b"\xe7\x28"),
    (
        *(f"corpora/read/midi/{each}.py" for each in ("__init__", "bars", "chunks", "harmony")),
        *(f"corpora/read/midi/{each}.py" for each in ("melody", "notation", "parse")),
    ),
)

# --- archives -------------------------------------------------------------------------------------

MEMBERS = (
    "a.mid", "songs/b.mid", "songs/c.MIDI", "a.mid/d.mid", "../e.mid", "/f.mid", "songs", "g.txt",
    "x" * 300 + ".mid", "h/" * 40 + "h.kar", "i\0.mid", "j\udcff.mid", "COM1.mid", ".mid", "",
    "001/001.mid", "001/chord_midi.txt", "001/beat_midi.txt",
)  # fmt: skip
KINDS = (tarfile.REGTYPE,) * 8 + (
    tarfile.DIRTYPE,
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.FIFOTYPE,
    tarfile.GNUTYPE_SPARSE,
    b"?",
)  # fmt: skip
CHORDS = b"0.0\t2.0\tC:maj\n2.0\t4.0\tG:7/b7\n4.0\t6.0\tN\n", b"0\t1e999\tC:maj\n", b"nan\tx\n"


@st.composite
def archives(draw: Callable[..., Any]) -> bytes:
    """A tar archive of strange members, packed or not, then perhaps damaged."""
    mode = draw(st.sampled_from(("w", "w", "w:gz", "w:bz2", "w:xz")))
    form = draw(st.sampled_from((tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT)))
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode, format=form) as archive:
        for _ in range(draw(st.integers(0, 5))):
            member = tarfile.TarInfo(draw(st.sampled_from(MEMBERS)))
            data = draw(st.one_of(st.sampled_from(CHORDS), midis(), st.just(b"MThd")))
            member.type, member.linkname = (
                draw(st.sampled_from(KINDS)),
                draw(st.sampled_from(MEMBERS)),
            )
            member.size = len(data)
            try:
                archive.addfile(member, io.BytesIO(data))
            except (ValueError, UnicodeError):  # a name that this form does not hold
                continue
    whole = target.getvalue()
    if draw(st.integers(0, 3)):
        return whole
    whole = draw(changed(whole, 3, 512))
    return _summed(whole) if mode == "w" else whole


def _summed(data: bytes) -> bytes:
    """The first header's sum made right, so that what was changed in it is read."""
    head = data[:148] + b" " * 8 + data[156:512]
    return data[:148] + b"%06o\0 " % sum(head) + data[156:]


def read_archive(data: bytes, folder: Path) -> None:
    """As a collection of MIDI files."""
    (folder / "songs.tar").write_bytes(data)
    collected(folder / "songs.tar", folder)


def is_archive(data: bytes) -> bool:
    """Does tarfile open it?"""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return archive.next() is not None


ARCHIVES = Target(
    "archives",
    archives(),
    read_archive,
    is_archive,
    ("corpora/archives.py", "corpora/folders.py"),
)

# --- MusicXML -------------------------------------------------------------------------------------

TEXTS = (
    "", "0", "1", "2", "-1", "4", "12", "1e9", "1000000000", "0.5", "1/0", "nan", "x", "C", "H",
    "major", "minor", "dominant-ninth", "none", "start", "stop", "9" * 30, "\u202e", "3+2",
)  # fmt: skip
TAGS = (
    "note", "chord", "rest", "grace", "pitch", "step", "alter", "octave", "duration", "voice",
    "staff", "tie", "backup", "forward", "harmony", "root", "kind", "bass", "numeral", "function",
    "key", "fifths", "mode", "time", "beats", "beat-type", "divisions", "transpose", "unpitched",
    "measure", "attributes", "barline", "repeat", "ending", "part", "staves", "type", "dot",
    "time-modification", "clef", "sound", "direction",
)  # fmt: skip
VOICES = ("Soprano", "Alto", "Tenor", "Bass")


def _score(random: Random, parts: int, bars: int, chords: bool) -> Element:
    """A sound score: parts of crotchets in 4/4, over a plain cadence."""
    root = Element("score-partwise", version="4.0")
    names = SubElement(root, "part-list")
    for part in range(parts):
        name = SubElement(names, "score-part", id=f"P{part}")
        SubElement(name, "part-name").text = VOICES[part % 4]
    for part in range(parts):
        here = SubElement(root, "part", id=f"P{part}")
        for bar in range(bars):
            measure = SubElement(here, "measure", number=str(bar + 1))
            if not bar:
                _fill(measure, "attributes", divisions="2", key={"fifths": "0", "mode": "major"},
                      time={"beats": "4", "beat-type": "4"})  # fmt: skip
            for beat in range(4):
                if chords and not beat:
                    _fill(
                        measure, "harmony", root={"root-step": random.choice("CFGA")}, kind="major"
                    )
                step = "CEGC"[part % 4] if random.random() < 0.5 else random.choice("ABCDEFG")
                octave = str(5 - part % 4)
                _fill(
                    measure, "note", pitch={"step": step, "octave": octave}, duration="2", voice="1"
                )
    return root


def _fill(above: Element, tag: str, **inner: Any) -> None:
    element = SubElement(above, tag)
    for name, value in inner.items():
        if isinstance(value, dict):
            _fill(element, name, **value)
        else:
            SubElement(element, name).text = value


@st.composite
def scores(draw: Callable[..., Any]) -> bytes:
    """A score, or a lead sheet, with some of its elements changed; three in ten are packed."""
    random = Random(draw(st.integers(0, 1 << 16)))
    parts, chords = draw(st.sampled_from((1, 1, 2, 4, 4, 5))), draw(st.booleans())
    root = _score(random, parts, draw(st.integers(1, 4)), chords)
    for _ in range(draw(st.integers(0, 4))):
        every = [(above, each) for above in root.iter() for each in above]
        if not every:
            break
        above, element = every[draw(st.integers(0, len(every) - 1))]
        what = draw(st.integers(0, 7))
        if what < 2:
            element.text = draw(st.sampled_from(TEXTS))
        elif what == 2:
            element.tag = draw(st.sampled_from(TAGS))
        elif what == 3:
            above.remove(element)
        elif what == 4:
            above.insert(draw(st.integers(0, 3)), element)
        elif what < 7:
            added = Element(draw(st.sampled_from(TAGS)), type=draw(st.sampled_from(TEXTS[:-3])))
            added.text = draw(st.sampled_from(TEXTS))
            element.insert(draw(st.integers(0, 2)), added)
        else:
            element.set(draw(st.sampled_from(("number", "type", "id", "times"))), "x")
    data = ElementTree.tostring(root)
    if draw(st.integers(0, 9)) == 0:
        data = draw(changed(data, 2))
    return draw(packed(data)) if draw(st.integers(0, 9)) < 3 else data


CONTAINER = b'<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'


@st.composite
def packed(draw: Callable[..., Any], data: bytes) -> bytes:
    """An .mxl of it, with a container or without."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", draw(st.sampled_from((0, 8)))) as archive:
        if draw(st.integers(0, 3)):
            archive.writestr("META-INF/container.xml", draw(changed(CONTAINER, 1)))
        archive.writestr(
            draw(st.sampled_from(("a.xml", "a.xml", "b/a.musicxml", "../a.xml"))), data
        )
    whole = target.getvalue()
    return draw(changed(whole, 2)) if draw(st.integers(0, 3)) == 0 else whole


def read_score(data: bytes, folder: Path) -> None:
    """As a score to be judged, and as a lead sheet of a collection."""
    import composer

    (folder / "sheets").mkdir()
    file = folder / "sheets" / f"a{'.mxl' if data[:2] == b'PK' else '.musicxml'}"
    file.write_bytes(data)
    collected(folder / "sheets", folder, "musicxml")
    composer.verify(str(file))


def is_score(data: bytes) -> bool:
    """Is it XML, once unpacked, that calls itself a score?"""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inner = [name for name in archive.namelist() if "META-INF" not in name]
            data = archive.read(inner[0])
    return ElementTree.fromstring(data).tag == "score-partwise"


SCORES = Target(
    "scores",
    scores(),
    read_score,
    is_score,
    ("corpora/read/scores.py", "corpora/read/musicxml.py", "corpora/read/leadsheets.py"),
)
