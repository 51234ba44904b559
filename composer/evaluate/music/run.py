"""`promenade evaluate music`: pieces are composed or read, people's are read, all are measured."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.errors import PictureError
from composer.errors import UserError
from composer.evaluate.music import people
from composer.evaluate.music.composed import of_picture
from composer.evaluate.music.files import ENDINGS, read
from composer.evaluate.music.notes import Music, restored, saved
from composer.evaluate.music.report import MusicReport, by_source, report
from composer.evaluate.sound import PICTURES
from composer.music.vocabulary import vocabulary
from composer.settings import Settings
from composer.table import load_table
from composer.version import __version__
from corpora.engines import Workers
from corpora.errors import Unreadable
from corpora.progress import progress
from corpora.whole import write

HALVES = ("tune", "test")
SAID = {
    "tune": "the half that may be tuned on",
    "test": "the half that nothing is tuned on",
}
UNREAD = "a picture that cannot be read"


@dataclass(frozen=True, slots=True)
class MusicAsked:
    """What is to be measured.

    directory: of pictures or of music; None where only people's is asked for. people: by source,
    folders or archives. melody: who sings. half: one of HALVES, or None for all pictures. sound:
    are the pieces to be heard too? output: a file for the figures as JSON.
    """

    directory: Path | None = None
    people: Mapping[str, Path] = field(default_factory=dict)
    melody: str = "neural"
    half: str | None = None
    sound: bool = False
    output: Path | None = None


def half_of(name: str) -> str:
    """The half that a picture belongs to, by its name's checksum.

    >>> half_of("acorns-1.jpg"), half_of("acorns-2.jpg")
    ('tune', 'tune')
    """
    return HALVES[zlib.crc32(name.encode()) % 2]


def evaluate_music(asked: MusicAsked, jobs: int = 2) -> MusicReport:
    """Compose or read, measure, and write the figures where they are asked for.

    An interrupted run with an output goes on where it stopped. Raises UserError and CorpusError for
    what was given and cannot be used.
    """
    if asked.directory is None and not asked.people:
        raise UserError(
            "There is nothing to measure.",
            "Name a folder of pictures or of music, or people's music by --pop909, --openewld or "
            "--archive.",
        )
    _check_output(asked.output)
    paths = () if asked.directory is None else _paths(asked.directory, asked.half)
    composing = bool(paths) and paths[0].suffix.lower() in PICTURES
    if not composing and (asked.half is not None or asked.sound):
        raise UserError("--half and --sound are for pictures.", "Leave them out.")
    with _parts(asked.output) as parts:
        files = people.files(asked.people, parts / "unpacked")
        theirs = [*people.read_all(files, jobs)]
        rules = load_table(None, vocabulary()).sha256 if composing else ""
        tasks = [
            MusicTask(str(path), asked.melody, asked.sound, composing, rules) for path in paths
        ]
        ours = [*_made(tasks, parts, jobs)]
    left = Counter(each for each in (*ours, *theirs) if isinstance(each, str))
    pieces = [each for each in ours if isinstance(each, Music)]
    if paths and not pieces:
        raise UserError(f"Nothing in {asked.directory} can be read: {left.most_common(1)[0][0]}.")
    beside = by_source([each for each in theirs if isinstance(each, Music)])
    found = report(_heading(asked, len(pieces), composing, beside), pieces, beside, left)
    if asked.output is not None:
        text = json.dumps(found.to_json(), indent=1, ensure_ascii=False)
        write(asked.output, f"{text}\n")
    return found


def _check_output(output: Path | None) -> None:
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        raise UserError(f"{output} cannot be written.", "Give a file in a folder that exists.")


def _paths(directory: Path, half: str | None) -> tuple[Path, ...]:
    """The pictures of a folder, or the files of music in it and below."""
    if not directory.is_dir():
        raise UserError(f"There is no folder {directory}.", "Name one with pictures or with music.")
    pictures = sorted(each for each in directory.iterdir() if each.suffix.lower() in PICTURES)
    music = sorted(
        each
        for each in directory.rglob("*")
        if each.name.lower().endswith(ENDINGS) and each.is_file()
    )
    if pictures and music:
        raise UserError(
            f"There are both pictures and music in {directory}.", "Put one of them elsewhere."
        )
    if not pictures and not music:
        raise UserError(
            f"There is no picture and no music in {directory}.",
            f"Music is in files that end in {', '.join(ENDINGS)}.",
        )
    chosen = tuple(each for each in pictures if half is None or half_of(each.name) == half)
    if pictures and not chosen:
        raise UserError(f"No picture in {directory} is of the half {half}.", "Leave out --half.")
    return chosen or tuple(music)


@contextmanager
def _parts(output: Path | None) -> Iterator[Path]:
    """Where to keep what is done: beside the output until that is written, else nowhere."""
    if output is None:
        with TemporaryDirectory() as folder:
            yield Path(folder)
        return
    kept = output.with_name(f"{output.name}.parts")
    kept.mkdir(exist_ok=True)
    yield kept
    shutil.rmtree(kept)


@dataclass(frozen=True, slots=True)
class MusicTask:
    """A picture to be composed by the rules of a table, whose SHA-256 this is, or a file to be
    read."""

    path: str
    melody: str
    sound: bool
    composing: bool
    rules: str = ""

    @property
    def part(self) -> str:
        """The name of the file that holds what came of it."""
        facts = Path(self.path).stat()
        text = repr((__version__, self, facts.st_size, facts.st_mtime_ns))
        return f"{hashlib.blake2b(text.encode(), digest_size=10).hexdigest()}.npz"


def _made(tasks: Sequence[MusicTask], parts: Path, jobs: int) -> Iterator[Music | str]:
    """Every task's piece or the reason why there is none, in order; nothing is done twice."""
    done = {task: music for task in tasks if (music := _kept(parts / task.part))}
    missing = [task for task in tasks if task not in done]
    reasons: dict[MusicTask, str] = {}
    label = "composing" if tasks and tasks[0].composing else "reading"
    with (
        progress(len(tasks), label, quiet=not tasks) as step,
        closing(Workers(jobs).run(work, missing)) as results,
    ):
        step(count=len(done))
        for number, found in results:
            step()
            if isinstance(found, str):
                reasons[missing[number]] = found
            else:
                (parts / missing[number].part).write_bytes(saved(found))
                done[missing[number]] = found
    yield from (done.get(task) or reasons[task] for task in tasks)


def _kept(part: Path) -> Music | None:
    """What an interrupted run had made; None where it had not, or its file is not whole."""
    try:
        return restored(part.read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, EOFError):
        return None


def work(task: MusicTask) -> Music | str:
    """Compose a picture or read a file, in whatever process this is; or the reason why not."""
    if not task.composing:
        try:
            return read(Path(task.path))
        except Unreadable as error:
            return error.reason
    try:
        return of_picture(task.path, Settings(melody=task.melody), task.sound)
    except PictureError:
        return UNREAD


def _heading(
    asked: MusicAsked, count: int, composing: bool, theirs: Mapping[str, Sequence[Music]]
) -> str:
    said = []
    pieces = "1 piece" if count == 1 else f"{count} pieces"
    if composing:
        which = f" ({SAID[asked.half]})" if asked.half is not None else ""
        singer = {"rules": "rules", "neural": "the network"}[asked.melody]
        said.append(f"{pieces} composed from pictures{which}, sung by {singer}, seed 0")
    elif count:
        said.append(f"{pieces} of {asked.directory}")
    said += [f"{len(found)} of {source}" for source, found in theirs.items()]
    return f"Music measured: {'; '.join(said)}. Medians, and shares of pieces."
