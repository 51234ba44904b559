"""No file ends a build, and nothing is unpacked, read or held without a limit that is said."""

from __future__ import annotations

import io
import os
import re
import tarfile
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from corpora import archives, folders, sources
from corpora import build as building
from corpora.build import build
from corpora.errors import CorpusError, Unreadable
from corpora.read.leadsheets import read_sheet
from corpora.read.melodies import folder
from corpora.read.midi.parse import MOST_QUARTERS, parse
from corpora.sources import Sources
from tests.corpora.made import LINE, midi, sheet
from theory.pitch import Pitch

LONG = LINE * 2
# 65 crotchets of a file with 480 ticks a quarter note; no end of the first is written.
NOTE = bytes.fromhex("00903c5a8360803c00")
META = bytes.fromhex("00ff2f00")


def chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4) + data


def smf(*tracks: bytes, kind: int = 1, ticks: int = 480, more: bytes = b"") -> bytes:
    """The bytes of a MIDI file of those tracks."""
    head = b"".join(value.to_bytes(2) for value in (kind, len(tracks), ticks))
    return chunk(b"MThd", head + more) + b"".join(chunk(b"MTrk", track) for track in tracks)


def tar(path: Path, members: Iterable[tuple[str, bytes]], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def left_out(tmp_path: Path, **of: Path) -> dict[str, int]:
    """The reasons of a build, which goes on to its end; there is one collection."""
    given = {kind: (path,) for kind, path in of.items()}
    built = build(Sources(**given), tmp_path / "out.npz")  # type: ignore[arg-type]
    return dict(next(iter(built.left_out.values()), {}))


@pytest.fixture
def melody(tmp_path: Path) -> bytes:
    midi(tmp_path / "made" / "a.mid", LONG)
    return (tmp_path / "made" / "a.mid").read_bytes()


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("<duration>2<", "<duration>1000000000<"),
        ("<divisions>2<", "<divisions>1e-300<"),
        ("<divisions>2<", "<divisions>1e-999999999<"),
        ("<divisions>2<", "<divisions>.000000001<"),
    ],
)
def test_a_sheet_of_years_is_counted(tmp_path: Path, written: str, instead: str) -> None:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "a.xml").write_text(sheet(range(5)).replace(written, instead, 1))
    (tmp_path / "sheets" / "b.xml").write_text(sheet(range(6)))
    reasons = left_out(tmp_path, musicxml=tmp_path / "sheets")
    assert sum(reasons.values()) == 1
    assert reasons.keys() <= {"too long", "divisions that are no number"}
    # Before any time is counted out: a chorale's harmony is heard beat by beat.
    with pytest.raises(Unreadable):
        read_sheet("a.xml", (tmp_path / "sheets" / "a.xml").read_bytes(), "sheets")


@pytest.mark.parametrize(
    ("written", "instead", "reason"),
    [
        ("<fifths>-1<", "<fifths>1000000000<", "a key that is not known"),
        ("<octave>4<", "<octave>3000000000<", "a pitch that nobody hears"),
        ("<root-step>D<", "<root-step>D</root-step><root-alter>1e99</root-alter><root-step>D<",
         "a pitch that nobody hears"),
    ],
)  # fmt: skip
def test_a_sheet_beyond_hearing_is_counted(
    tmp_path: Path, written: str, instead: str, reason: str
) -> None:
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "a.xml").write_text(sheet(range(5)).replace(written, instead, 1))
    (tmp_path / "sheets" / "b.xml").write_text(sheet(range(6)))
    assert left_out(tmp_path, musicxml=tmp_path / "sheets") == {reason: 1}


@pytest.mark.parametrize("fault", [RecursionError, MemoryError, AssertionError])
def test_whatever_a_reader_raises_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def read(name: str, data: bytes, collection: str) -> None:
        raise fault

    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "a.xml").write_text(sheet(range(5)))
    monkeypatch.setattr(sources, "read_sheet", read)
    reasons = left_out(tmp_path, musicxml=tmp_path / "sheets")
    assert reasons == {f"the reader failed: {fault.__name__}": 1}


@pytest.mark.parametrize("written", ["<step>H<", "<octave>high<", "<alter>1e999<"])
def test_a_sheet_of_letters_for_numbers_is_counted(tmp_path: Path, written: str) -> None:
    tag = written[: written.index(">") + 1]
    (tmp_path / "sheets").mkdir()
    before = sheet(range(5)).replace("</step>", "</step><alter>0</alter>")
    inner = before[before.index("<note>") :]
    inner = re.sub(f"{tag}[^<]*<", written, inner, count=1)
    (tmp_path / "sheets" / "a.xml").write_text(before[: before.index("<note>")] + inner)
    assert left_out(tmp_path, musicxml=tmp_path / "sheets") == {"broken MusicXML": 1}


def test_what_no_dataset_can_hold_is_left_out_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_item(item: sources.Item) -> object:
        found, left = sources.read_item(item)
        (tune,) = found
        if item.name == "0.xml":
            high = replace(tune.notes[0], pitch=Pitch(0, 0, 1 << 40))
            tune = replace(tune, notes=(high, *tune.notes[1:]))
        return (tune,), left

    (tmp_path / "sheets").mkdir()
    for number in range(3):
        (tmp_path / "sheets" / f"{number}.xml").write_text(sheet(range(number + 3)))
    monkeypatch.setattr(building, "read_item", read_item)
    built = build(Sources(musicxml=(tmp_path / "sheets",)), tmp_path / "out.npz")
    assert [tune.source for tune in built.tunes] == ["1.xml", "2.xml"]
    assert built.left_out == {"sheets": {"the reader failed: OverflowError": 1}}


@pytest.mark.parametrize(("ticks", "end"), [(480, "ffffff7f"), (1, "ce10")])
def test_a_note_that_hangs_for_hours_is_too_long(tmp_path: Path, ticks: int, end: str) -> None:
    notes = NOTE.replace(bytes.fromhex("8360"), b"\x01") if ticks == 1 else NOTE
    hanging = b"\x00\x90\x48\x5a" + notes * 64 + bytes.fromhex(end) + b"\x80\x48\x00" + META
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "a.mid").write_bytes(smf(hanging, ticks=ticks))
    assert left_out(tmp_path, midi=tmp_path / "songs") == {"too long": 1}
    with pytest.raises(Unreadable, match="too long"):
        parse((tmp_path / "songs" / "a.mid").read_bytes())


def test_a_long_note_within_an_hour_is_read() -> None:
    held = NOTE * 64 + b"\x00\x90\x48\x5a" + bytes.fromhex("a0cc00") + b"\x80\x48\x00" + META
    (track,) = parse(smf(held)).tracks
    assert 1000 < track.duration[-1] < MOST_QUARTERS


def test_a_longer_header_is_legal() -> None:
    plain, longer = (parse(smf(NOTE * 20 + META, more=more)) for more in (b"", b"\0\0"))
    assert plain.tracks[0].onset.tolist() == longer.tracks[0].onset.tolist() == [*range(20)]


def test_patterns_of_type_2_follow_one_another() -> None:
    # The first waits four quarter notes after its last; the second begins a quarter note late.
    silence = bytes.fromhex("8f00ff2f00")
    tracks = (NOTE * 20 + silence, b"\x83\x60\xff\x01\x01a" + NOTE * 18 + META)
    onsets = [track.onset.tolist() for track in parse(smf(*tracks, kind=2)).tracks]
    assert onsets == [[*range(20)], [*range(25, 43)]]
    together = [track.onset[0] for track in parse(smf(*tracks)).tracks]
    assert together == [0, 1]


def test_patterns_of_type_2_that_are_cut_are_read_as_far_as_they_go() -> None:
    whole = smf(NOTE * 20, NOTE * 18 + META, kind=2)
    for length in range(14, len(whole)):
        with suppress(Unreadable):
            parse(whole[:length])


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("a.mid", "a.mid/b.mid"), "a file where a folder must be"),
        (("a.mid/b.mid", "a.mid"), "a file where a folder must be"),
        (("a.mid", "y" * 300 + ".mid"), "a name that no file can have"),
        (("a.mid", "y/" * 100 + "b.mid"), "too many folders in folders"),
        (("a.mid", "/b.mid"), "a name that leads out of its archive"),
    ],
)
def test_a_member_that_cannot_be_unpacked_is_counted(
    tmp_path: Path, melody: bytes, names: tuple[str, ...], reason: str
) -> None:
    archive = tar(tmp_path / "songs.tar.gz", [(name, melody) for name in names])
    built = build(Sources(midi=(archive,)), tmp_path / "out.npz")
    assert (built.files, len(built.tunes)) == ({"songs": 2}, 1)
    assert built.left_out == {"songs": {reason: 1}}


def test_links_and_large_members_are_counted(
    tmp_path: Path, melody: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000)
    with tarfile.open(tmp_path / "songs.tar", "w") as archive:
        for name, kind, size in (
            ("a.mid", tarfile.REGTYPE, len(melody)),
            ("large.mid", tarfile.REGTYPE, 1_001),
            ("large.txt", tarfile.REGTYPE, 1_001),
            ("link.mid", tarfile.SYMTYPE, 0),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, size, "a.mid"
            archive.addfile(member, io.BytesIO(melody.ljust(size, b"\0")))
    reasons = left_out(tmp_path, midi=tmp_path / "songs.tar")
    assert reasons == {"no regular file": 1, "too large": 1}


def test_an_archive_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    zeros = bytes(15_000_000)
    archive = tar(tmp_path / "bomb.tar.gz", [(f"{n}.mid", zeros) for n in range(10)])
    assert archive.stat().st_size < 200_000
    with pytest.raises(CorpusError, match=r"bomb.tar.gz unpacks to more than 50,000 files or 100 "):
        build(Sources(midi=(archive,)), tmp_path / "out.npz")
    unpacked = (tmp_path / "out.npz.parts").rglob("*.mid")
    assert list(unpacked) == []


def test_an_archive_of_many_tiny_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archives.MOST_MEMBERS < 100_000
    monkeypatch.setattr(archives, "MOST_MEMBERS", 100)
    archive = tar(tmp_path / "tiny.tar.gz", [(f"{n}.mid", b"MThd") for n in range(101)])
    with pytest.raises(CorpusError, match="more than 100 files"):
        build(Sources(midi=(archive,)), tmp_path / "out.npz")
    archive = tar(tmp_path / "tiny.tar.gz", [(f"{n}.mid", b"MThd") for n in range(100)])
    assert sum(left_out(tmp_path, midi=archive).values()) == 100


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    for kind in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
        member = tarfile.TarInfo("a.mid")
        member.type, member.size = kind, 100_000_000
        with (tmp_path / "long.tar").open("wb") as file:
            file.write(member.tobuf(tarfile.GNU_FORMAT))
            file.truncate(200_000_000)
        tracemalloc.start()
        with pytest.raises(CorpusError, match="no whole tar archive"):
            build(Sources(midi=(tmp_path / "long.tar",)), tmp_path / "out.npz")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20_000_000


def test_an_archive_cut_anywhere_is_said(tmp_path: Path, melody: bytes) -> None:
    for mode in ("w", "w:gz", "w:bz2", "w:xz"):
        whole = tar(tmp_path / "whole.tar", [("a.mid", melody)] * 3, mode).read_bytes()
        for length in range(1, len(whole), max(1, len(whole) // 60)):
            (tmp_path / "cut.tar").write_bytes(whole[:length])


def test_what_was_left_out_is_known_when_a_build_goes_on(tmp_path: Path, melody: bytes) -> None:
    archive = tar(tmp_path / "songs.tar", [("a.mid", melody), ("/b.mid", melody)], "w")
    given = Sources(midi=(archive,))
    first = sources.items(given, tmp_path / "unpacked")
    (tmp_path / "unpacked" / "midi songs" / "a.mid").touch()
    assert sources.items(given, tmp_path / "unpacked") == first
    assert [item.kind for item in first] == [sources.MIDI_FILE, sources.LEFT_OUT]


def test_a_folder_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    midi(tmp_path / "songs" / "a.mid")
    midi(tmp_path / "songs" / "below" / "b.mid")
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    with pytest.raises(CorpusError, match="songs holds more than 2 files; give its folders"):
        build(Sources(midi=(tmp_path / "songs",)), tmp_path / "out.npz")


@pytest.mark.skipif(os.name != "posix", reason="FIFOs and long paths")
def test_fifos_and_folders_without_end_are_passed(tmp_path: Path) -> None:
    midi(tmp_path / "songs" / "a.mid", LONG)
    os.mkfifo(tmp_path / "songs" / "b.mid")
    (tmp_path / "songs" / "round").symlink_to(tmp_path / "songs")
    (tmp_path / "songs" / "c.mid").symlink_to("c.mid")
    before = Path.cwd()
    os.chdir(tmp_path / "songs")
    try:
        for _ in range(1_200):
            os.mkdir("d")
            os.chdir("d")
        assert left_out(tmp_path, midi=tmp_path / "songs") == {"no regular file": 2}
        assert [*folder(tmp_path / "songs")] == ["a.mid"]
    finally:
        # So deep that whoever clears up after tests would not come to its end.
        while not Path("../a.mid").exists():
            os.chdir("..")
            os.rmdir("d")
        os.chdir("..")
        os.rmdir("d")
        os.chdir(before)
