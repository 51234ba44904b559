"""Tunes in one compact file: every note, chord and phrase exactly, read back in seconds.

The file is NumPy's `.npz`: whole-number arrays laid end to end, cut by offsets, and a header in
JSON with the version and all that is text. The same tunes give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import accumulate
from math import gcd, prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora import whole
from corpora.errors import CorpusError
from corpora.progress import watched
from corpora.tune import Tune
from theory.chord import Chord, Quality
from theory.metre import METRES
from theory.pitch import NoteName, Pitch
from theory.scale import MODES, Key
from theory.timed import TimedChord, TimedNote

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

VERSION = 1
LARGEST = 2 * 2**30  # bytes of all arrays of a file that is read, unpacked
# Arrays of the file: the columns of each, and the array of offsets that cuts it into tunes.
COLUMNS = {
    "notes": ("start", "end", "step", "alter", "octave"),
    "chords": ("start", "end", "chord", "step", "alter", "octave"),
    "phrases": ("tick",),
}


def write(path: Path, tunes: Sequence[Tune], about: Mapping[str, Any] | None = None) -> None:
    """Write the file whole or not at all. about: facts for `read_about`, as JSON has them.

    Raises CorpusError where it cannot be written.
    """
    save(path, encoded(tunes, about or {}))


def save(path: Path, data: bytes) -> None:
    """Write bytes whole or not at all. Raises CorpusError where it cannot be done."""
    try:
        whole.write(path, data)
    except OSError as error:
        raise CorpusError(f"{path} cannot be written: {error.strerror}.") from None


def encoded(tunes: Sequence[Tune], about: Mapping[str, Any]) -> bytes:
    """The bytes of the file."""
    import numpy as np

    keys: dict[Key, int] = {}
    chords: dict[Chord, int] = {}
    header = {
        "promenade dataset": VERSION,
        "about": about,
        "tunes": [
            [
                tune.collection,
                tune.source,
                tune.title,
                keys.setdefault(tune.key, len(keys)),
                tune.metre.name,
                sorted(tune.inferred),
            ]
            for tune in tunes
        ],
    }
    rows: dict[str, list[Sequence[tuple[int, ...]]]] = {
        "notes": [[(n.start, n.end, *_spelled(n.pitch)) for n in tune.notes] for tune in tunes],
        "chords": [
            [
                (h.start, h.end, chords.setdefault(h.chord, len(chords)), *_spelled(h.bass))
                for h in tune.chords
            ]
            for tune in tunes
        ],
        "phrases": [[(tick,) for tick in tune.phrases] for tune in tunes],
    }
    header["chords"] = [_chord_row(chord, keys) for chord in chords]
    header["keys"] = [[*_note_row(key.tonic), key.mode.name] for key in keys]
    arrays: dict[str, Any] = {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)}
    for name, columns in COLUMNS.items():
        cut = [0, *accumulate(len(each) for each in rows[name])]
        flat = [row for each in rows[name] for row in each]
        arrays[f"{name} offsets"] = np.array(cut, np.int64)
        # One row a column: what is alike lies side by side, and packs better.
        arrays[name] = np.array(flat, np.int32).reshape(-1, len(columns)).T
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def read(path: str | Path) -> tuple[Tune, ...]:
    """The tunes of a dataset file. Raises CorpusError for what is none, or not whole."""
    arrays, header = _opened(Path(path))
    try:
        return _tunes(arrays, header)
    except (KeyError, IndexError, TypeError, ValueError):
        raise _damaged(path) from None


def read_about(path: str | Path) -> Mapping[str, Any]:
    """The facts that were written beside the tunes. Raises CorpusError as `read` does."""
    about = _opened(Path(path))[1].get("about")
    if not isinstance(about, dict):
        raise _damaged(path)
    return about


def _damaged(path: str | Path) -> CorpusError:
    return CorpusError(f"{path} is damaged; build it again with `promenade corpus build`.")


def _opened(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    import numpy as np

    if not path.is_file():  # a pipe would be waited for
        raise CorpusError(f"There is no dataset {path}; build one with `promenade corpus build`.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"The dataset {path} cannot be read ({error.strerror}); build one with `promenade "
            "corpus build`."
        ) from None
    try:
        _check_sizes(data, path)
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(arrays["header"].tobytes())
        version = header["promenade dataset"]
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        if data[:2] == b"PK":
            raise _damaged(path) from error
        raise _foreign(path) from None
    except (KeyError, TypeError, ValueError, AttributeError, NotImplementedError, RuntimeError):
        raise _foreign(path) from None
    if version != VERSION:
        raise CorpusError(
            f"{path} is a dataset of version {version}, and this Promenade reads version "
            f"{VERSION}; build it again with `promenade corpus build`."
        )
    return arrays, header


def _check_sizes(data: bytes, path: Path) -> None:
    """Raises CorpusError for arrays that are larger than any dataset's, or than their bytes: room
    is made for what their headers claim, and only then are they read."""
    from numpy.lib import format as npy

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise _damaged(path)
        for member in archive.infolist():
            with archive.open(member) as file:
                reads = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
                shape, _, kind = reads[npy.read_magic(file)](file)
                if file.tell() + prod(shape) * kind.itemsize != member.file_size:
                    raise _damaged(path)


def _foreign(path: Path) -> CorpusError:
    return CorpusError(
        f"{path} is no dataset of Promenade's; build one with `promenade corpus build`."
    )


def _tunes(arrays: Mapping[str, Array], header: Mapping[str, Any]) -> tuple[Tune, ...]:
    keys = [Key(NoteName(step, alter), MODES[mode]) for step, alter, mode in header["keys"]]
    chords = [_chord(row, keys) for row in header["chords"]]
    pitch = lru_cache(maxsize=None)(Pitch)

    notes = [
        TimedNote(start, end, pitch(step, alter, octave))
        for start, end, step, alter, octave in watched(
            _rows(arrays["notes"], 5), "reading notes", arrays["notes"].shape[-1]
        )
    ]
    harmonies = [
        TimedChord(start, end, chords[chord], pitch(step, alter, octave))
        for start, end, chord, step, alter, octave in _rows(arrays["chords"], 6)
    ]
    phrases = [tick for (tick,) in _rows(arrays["phrases"], 1)]
    rows = header["tunes"]
    of_notes, of_chords, of_phrases = (
        _offsets(arrays[f"{name} offsets"], len(rows), len(all_of_them))
        for name, all_of_them in (("notes", notes), ("chords", harmonies), ("phrases", phrases))
    )
    return tuple(
        Tune(
            collection,
            source,
            title,
            keys[key],
            METRES[metre],
            tuple(notes[of_notes[n] : of_notes[n + 1]]),
            tuple(harmonies[of_chords[n] : of_chords[n + 1]]),
            tuple(phrases[of_phrases[n] : of_phrases[n + 1]]),
            frozenset(inferred),
        )
        for n, (collection, source, title, key, metre, inferred) in enumerate(rows)
    )


def _rows(array: Array, columns: int) -> Iterable[tuple[int, ...]]:
    if array.shape[0] != columns:
        raise ValueError("columns")
    return zip(*array.tolist(), strict=True)


def _offsets(array: Array, tunes: int, last: int) -> list[int]:
    found: list[int] = array.tolist()
    if len(found) != tunes + 1 or found[0] or found[-1] != last or sorted(found) != found:
        raise ValueError("offsets")
    return found


def _spelled(pitch: Pitch) -> tuple[int, int, int]:
    return pitch.step, pitch.alter, pitch.octave


def _note_row(note: NoteName) -> list[int]:
    return [note.step, note.alter]


def _chord_row(chord: Chord, keys: dict[Key, int]) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: _note_row(value) if isinstance(value, NoteName) else value
        for name, value in (
            ("roman", chord.roman),
            ("root", chord.root),
            ("inversion", chord.inversion),
            ("function", chord.function),
            ("leading", chord.leading),
            ("target", chord.target),
            ("pedal", chord.pedal),
        )
        if value not in ("", 0, None)
    }
    row["key"] = keys.setdefault(chord.key, len(keys))
    row["quality"] = list(asdict(chord.quality).values())
    row["tones"] = [_note_row(tone) for tone in chord.tones]
    return row


def _chord(row: Mapping[str, Any], keys: Sequence[Key]) -> Chord:
    def note(name: str) -> NoteName | None:
        return NoteName(*row[name]) if name in row else None

    name, intervals, suffix = row["quality"]
    return Chord(
        row.get("roman", ""),
        keys[row["key"]],
        NoteName(*row["root"]),
        Quality(name, tuple(intervals), suffix),
        row.get("inversion", 0),
        tuple(NoteName(*tone) for tone in row["tones"]),
        row.get("function", ""),
        note("leading"),
        note("target"),
        note("pedal"),
    )


def content(tune: Tune) -> bytes:
    """What a melody is in whatever key and note values: its steps in semitones and its rhythm in
    whole multiples of the longest time that divides all of it; 16 bytes, equal for equal tunes.
    """
    first = tune.notes[0]
    times = [time - first.start for note in tune.notes for time in (note.start, note.end)]
    unit = gcd(*times) or 1
    steps = [note.pitch.midi - first.pitch.midi for note in tune.notes]
    text = json.dumps([steps, [time // unit for time in times]])
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def split(tune: Tune) -> str:
    """Which part of the data a tune belongs to, for good: "train" (90 %), "valid" or "test" (5 %).

    Tunes of the same content fall on the same side; a song with chords that people wrote (a lead
    sheet, POP909) goes by the first part of its source, so that its versions stay together.
    """
    song = tune.chords and "chords" not in tune.inferred
    name = tune.source.partition("/")[0].encode() if song else content(tune)
    place = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) % 20
    return "test" if place == 0 else "valid" if place == 1 else "train"
