"""How well MIDI files are read: every estimate against what people wrote, on what no fit has seen.

POP909's odd songs, and half of OpenEWLD's and of an archive's files by their names' checksum, are
kept from all that the readers' constants were fitted on.
"""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpora.errors import CorpusError, Unreadable
from corpora.progress import watched
from corpora.read import midi
from corpora.read.leadsheets import lead_sheets
from corpora.read.midi import bars, harmony, labels, melody, notation
from corpora.read.midi.bars import Notes
from corpora.read.midi.parse import MidiScore, parse, seconds_to_quarters
from theory.chord import Quality
from theory.pitch import NoteName
from theory.scale import Key
from theory.timed import TimedChord

# A beat of the estimate is right within this many quarter notes.
NEAR = 0.1
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Song:
    """A song of POP909: its number, folder and notes."""

    number: int
    folder: Path
    score: MidiScore
    notes: Notes

    @property
    def held_out(self) -> bool:
        return self.number % 2 == 1


def songs(folder: Path) -> Iterator[Song]:
    """POP909's songs in order, from the folder that holds 001 to 909. Raises CorpusError where it
    is none."""
    if not folder.is_dir():
        raise CorpusError(f"There is no folder {folder}: give the one that holds 001 to 909.")
    for each in sorted(folder.iterdir()):
        file = each / f"{each.name}.mid"
        if file.is_file():
            score = parse(file.read_bytes())
            yield Song(int(each.name), each, score, Notes.of(score.tracks))


def files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(each for each in folder.rglob("*") if each.suffix.lower() in MIDI))


MIDI = frozenset({".mid", ".midi", ".kar"})


def held_out(file: Path) -> bool:
    """Whether a file of an archive is kept from fits, by its folder's and its own name."""
    return zlib.crc32(f"{file.parent.name}/{file.name}".encode()) % 2 == 1


def report(
    pop909: Path | None = None,
    openewld: Path | None = None,
    archive: Path | None = None,
) -> str:
    """The table of figures as text, a line each: what is measured, on what, the figure."""
    rows: list[Row] = []
    if pop909 is not None:
        kept = tuple(song for song in watched(songs(pop909), "opening") if song.held_out)
        rows += _pop909(kept)
    if openewld is not None:
        rows += _openewld(openewld)
    if archive is not None:
        rows += _archive(files(archive))
    width = [max(len(row[column]) for row in rows) for column in (0, 1)] if rows else [0, 0]
    return "\n".join(f"{a:{width[0]}}  {b:{width[1]}}  {c}" for a, b, c in rows)


def _near(these: np.ndarray, those: np.ndarray) -> list[bool]:
    found: list[bool] = (np.abs(those[None] - these[:, None]).min(1) < NEAR).tolist()
    return found


def _share(right: Iterable[bool]) -> str:
    rows = np.array(list(right), dtype=float)
    return f"{100 * rows.mean():.1f} % of {len(rows):,}" if len(rows) else "none"


def chosen(score: MidiScore) -> str | None:
    """The name of the track that its features alone make the melody."""
    able = melody.candidates(score)
    worth = melody.features(able, score) @ melody.WEIGHTS
    return able[int(worth.argmax())].name if able else None


def _pop909(kept: Sequence[Song]) -> list[Row]:
    where = f"POP909, {len(kept)} songs held out"
    beats: list[bool] = []
    downs: list[bool] = []
    recorded: list[bool] = []
    theirs: list[bool] = []
    names: list[tuple[bool, bool, bool]] = []
    heard = np.zeros(4)
    for song in watched(kept, "POP909"):
        own = bars.estimate(song.notes)
        given = labels.barlines(song.folder, song.score)
        if given is None:
            continue
        quarters = seconds_to_quarters(
            song.score.tempos, np.loadtxt(song.folder / labels.BEATS)[:, 0]
        )
        beats += _near(own.starts, quarters)
        downs += _near(given.starts, own.starts)
        sounding = labels.recorded(song.folder, song.score)
        if sounding is not None:
            recorded += _near(sounding, own.starts)
            theirs += _near(sounding, given.starts)
        found = harmony.find_key(midi.chroma(song.notes))
        names.append(_compared(found, written_key(song.folder)))
        written = labels.chords(song.folder, song.score, own, found)
        heard += _agreement(written, midi.heard(song.notes, own, found))
    root, family, exact = (heard[:3] / max(heard[3], 1)).tolist()
    return [
        ("melody's track, names hidden", where, _share(chosen(s.score) == "MELODY" for s in kept)),
        ("beats of estimated barlines", where, _share(beats)),
        ("downbeats of the recordings found", where, _share(recorded)),
        ("the same by beat_midi.txt", where, _share(theirs)),
        ("downbeats of beat_midi.txt found", where, _share(downs)),
        ("key: tonic and mode", where, _share(each[0] for each in names)),
        ("key: signature", where, _share(each[1] for each in names)),
        ("chords: root", where, f"{root:.1%} of the time"),
        ("chords: root and family", where, f"{family:.1%} of the time"),
        ("chords: root and quality", where, f"{exact:.1%} of the time"),
    ]


def written_key(folder: Path) -> tuple[int, bool]:
    """The longest key of a song's annotation: the tonic's pitch class, and whether it is minor."""
    lengths: Counter[str] = Counter()
    for line in (folder / labels.KEYS).read_text(encoding="utf-8").splitlines():
        if line.strip():
            start, end, name = line.split()
            lengths[name] += round(1000 * (float(end) - float(start)))
    tonic, mode = lengths.most_common(1)[0][0].split(":")
    return NoteName.parse(tonic).chroma, mode == "min"


def _compared(found: Key, written: tuple[int, bool]) -> tuple[bool, bool, bool]:
    """Whether the key is right, its signature, its tonic."""
    tonic, minor = written
    signature = (7 * found.signature - tonic - 3 * minor) % 12 == 0
    same = found.tonic.chroma == tonic
    return same and found.mode.minor == minor, signature, same


FAMILIES = ("major", "minor", "diminished", "augmented", "suspended")


def family(quality: Quality) -> str:
    """The family of a chord's quality, one of FAMILIES."""
    if "M3" in quality.intervals:
        return "augmented" if "A5" in quality.intervals else "major"
    if "m3" in quality.intervals:
        return "diminished" if "d5" in quality.intervals else "minor"
    return "suspended"


def _agreement(written: Sequence[TimedChord], found: Sequence[TimedChord]) -> np.ndarray:
    """Ticks with the root right, with its family too, with its quality too, and all written."""
    end = max((each.end for each in (*written, *found)), default=0)

    def over(rows: Sequence[TimedChord], what: Callable[[TimedChord], int]) -> np.ndarray:
        line = np.full(end, -1)
        for each in rows:
            line[max(each.start, 0) : max(each.end, 0)] = what(each)
        return line

    questions: tuple[Callable[[TimedChord], int], ...] = (
        lambda each: each.chord.root.chroma,
        lambda each: FAMILIES.index(family(each.chord.quality)),
        lambda each: hash(each.chord.quality.intervals),
    )
    asked = over(written, questions[0]) >= 0
    right = asked.copy()
    ticks = []
    for what in questions:
        right = right & (over(written, what) == over(found, what))
        ticks.append(int(right.sum()))
    return np.array([ticks[0], ticks[1], ticks[2], int(asked.sum())], dtype=float)


def _openewld(path: Path) -> list[Row]:
    read = watched(lead_sheets(path), "opening")
    kept = [sheet for sheet in read if held_out(Path(sheet.source))]
    where = f"OpenEWLD, {len(kept)} sheets held out"
    signatures: list[bool] = []
    spelled: list[bool] = []
    heard = np.zeros(4)
    for sheet in watched(kept, "OpenEWLD"):
        rows = [(note.start, note.end, note.pitch.midi) for note in sheet.notes]
        start, end, pitch = (np.array(column) for column in zip(*rows, strict=True))
        found = harmony.find_key(midi.sheet_chroma(sheet))
        signatures.append((found.signature - sheet.key.signature) % 12 == 0)
        near = notation.spell(rows, found)
        spelled += [a == note.pitch for a, note in zip(near, sheet.notes, strict=True)]
        inside = start >= 0
        guess = harmony.find_key(midi.sheet_chroma(replace(sheet, chords=())))
        beats = harmony.hear(start[inside], end[inside], pitch[inside], sheet.metre, guess, True)
        heard += _agreement(sheet.chords, midi.harmonies(beats, sheet.metre, guess))
    root, kind, exact = (heard[:3] / max(heard[3], 1)).tolist()
    return [
        ("key: signature", where, _share(signatures)),
        ("spelling as written", where + ", notes", _share(spelled)),
        ("chords: root", where + ", melody alone", f"{root:.1%} of the time"),
        ("chords: root and family", where + ", melody alone", f"{kind:.1%} of the time"),
        ("chords: root and quality", where + ", melody alone", f"{exact:.1%} of the time"),
    ]


def _archive(paths: Sequence[Path]) -> list[Row]:
    named: list[bool] = []
    worded: list[bool] = []
    reasons: Counter[str] = Counter()
    began = time.process_time()
    for path in watched(paths, "reading"):
        try:
            midi.read(path, collection="archive")
        except Unreadable as error:
            reasons[error.reason] += 1
    lasted = time.process_time() - began
    for path in watched(paths, "telling tracks"):
        try:
            score = parse(path.read_bytes())
        except Unreadable:
            continue
        able = melody.candidates(score)
        if len(able) < 2:
            continue
        worth = melody.features(able, score) @ melody.WEIGHTS
        best = able[int(worth.argmax())]
        names = melody.by_name(able, score.tracks)
        sung = melody.by_words(able, score.words)
        if names and held_out(path):
            named.append(any(best is track for track in names))
        elif not names and sung is not None:
            worded.append(best is sung)
    where = f"archive, {len(paths):,} files"
    left = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()) or "none"
    return [
        (
            "melody's track, names hidden",
            "archive, held-out files with a name for it",
            _share(named),
        ),
        ("melody's track, lyrics hidden", "archive, files with lyrics, no name", _share(worded)),
        ("read", where, f"{len(paths) - sum(reasons.values()):,} in {lasted:.0f} s on one core"),
        ("left out", where, left),
    ]
