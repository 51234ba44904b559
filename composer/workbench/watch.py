"""`compose --watch`: composes again whenever the table is saved, everything else being loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.asking import ask
from composer.asking.shown import as_said
from composer.errors import UserError, mendable
from composer.music.melody import PhraseSinger, SungMelody, sing_melody
from composer.music.vocabulary import vocabulary
from composer.pipeline import STAGES, compose_decided, unheard
from composer.render.audio import BUILT_IN, Sounding
from composer.render.outputs import Output
from composer.render.rendering import Rendering, save, steps
from composer.settings import Settings
from composer.table import Decisions, load_table, origins
from composer.values import Harmony, Piece, Plan
from composer.vocabulary import Aspect, Vocabulary, shaping
from composer.workbench.listing import wrapped
from composer.workbench.trial import compare
from corpora.progress import progress

POLL = 0.05  # seconds between two looks at the files
# Where all these decisions are as they were, the melody need not be sung again.
HEARD = shaping(Aspect.MELODY)

Signature = dict[Path, tuple[int, int, int] | None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is composed, over and over: all that `compose` was asked for."""

    picture: str
    settings: Settings  # with a table that is a file
    files: Sequence[Output]
    sounding: Sounding = BUILT_IN

    @property
    def table(self) -> str:
        """The table's path."""
        assert self.settings.table is not None
        return self.settings.table


class Watcher(Protocol):
    """Who is told what the watch does."""

    def say(self, line: str) -> None:
        """Something that is going on, or is decided differently."""

    def made(self, rendering: Rendering) -> None:
        """A piece whose files are written."""

    def complain(self, sentence: str) -> None:
        """What has to be mended before there is another piece."""

    def rest(self) -> None:
        """A round is over, and there is time."""


def watch(job: Job, own: Sequence[str], watcher: Watcher) -> NoReturn:
    """Compose, and again whenever the table, a table that it extends, or an orchestra of theirs is
    saved, until KeyboardInterrupt is raised.

    own: the options that changed the rules. Of a faulty table all faults are complained of, and the
    watch goes on. Raises UserError where the picture, a rule or the file is not there at all.
    """
    if not Path(job.table).is_file():
        raise UserError(
            f"There is no file {job.table} to watch.",
            "Make one with promenade rules new, and give it with --rules.",
        )
    settings = job.settings
    picture = analyse(load(job.picture), look=settings.looks)
    studio = _Studio(job, picture, vocabulary())
    watcher.say(f"Watching {job.table}. Save it to hear the difference; Ctrl-C ends.")
    table = Path(job.table)
    written, seen = origins(job.table), Signature()
    while True:
        now = _signature(written.files())
        if now != seen and now[table] is not None:
            time.sleep(POLL / 2)  # an editor may still be writing
            if now != _signature(written.files()):
                continue
            # Before the table is read, so that nothing saved meanwhile is missed.
            written = origins(job.table)
            seen = _signature(written.files())
            _round(studio, own, watcher)
            watcher.rest()
        time.sleep(POLL)


def _round(studio: _Studio, own: Sequence[str], watcher: Watcher) -> None:
    try:
        files = studio.job.files
        length = STAGES + steps(output.suffix for output in files)
        with progress(length, "composing") as stage:
            piece, changed = studio.compose(stage)
            rendering = Rendering(piece, studio.job.sounding)
            save(rendering, files, stage)
    except Exception as error:
        sentence = mendable(error, own)
        if sentence is None:
            raise
        watcher.complain(sentence)
        return
    for line in changed:
        watcher.say(line)
    watcher.made(rendering)


@dataclass
class _Studio:
    """What stays loaded: the picture as measured, the names, and the last tune."""

    job: Job
    analysis: Analysis
    known: Vocabulary
    before: Decisions | None = None
    sung: tuple[Mapping[str, object], SungMelody] | None = None

    def compose(self, stage: Callable[[str], None] = unheard) -> tuple[Piece, list[str]]:
        """The piece by the table as it now stands, and what is decided differently."""
        job = self.job
        table = load_table(job.table, self.known, job.settings.style)
        stage("read the table")
        stage("the picture is measured")
        analysis = as_said(self.analysis, table, job.settings)
        asked = ask(table, analysis, job.settings)
        decisions = asked.decisions
        stage("decided")
        changed = compare(self.before, decisions) if self.before is not None else ()
        piece = compose_decided(
            analysis,
            asked.table,
            decisions,
            job.settings,
            stage,
            sing=partial(self.sing, decisions),
            exact=asked.exact,
        )
        first, self.before = self.before is None, decisions
        if not changed and not first:
            return piece, ["Nothing is decided differently."]
        return piece, [line for each in changed for line in wrapped(str(each), 2)]

    def sing(
        self, decisions: Decisions, plan: Plan, harmony: Harmony, voice: PhraseSinger
    ) -> SungMelody:
        """The tune; the last one again where no decision that shapes it is made differently."""
        heard = {name: decisions[name].value for name in HEARD}
        if self.sung is None or self.sung[0] != heard:
            self.sung = heard, sing_melody(plan, harmony, voice)
        return self.sung[1]


def _signature(paths: Iterable[Path]) -> Signature:
    """What changes when a file is saved; None for one that is not there at this moment."""
    found = Signature()
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            found[path] = None
        else:
            found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
