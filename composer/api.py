"""What `import composer` offers: the whole way from a picture to files and reasons, in Python.

Every function takes and gives values of the rooms, prints nothing, and changes nothing of the
process. What a caller can mend is a `UserError`, whichever room found it. docs/api.md shows all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.errors import UserError, mendable, nearest
from composer.features import Features
from composer.settings import Settings, read_settings
from composer.values import Piece

if TYPE_CHECKING:
    from composer.asking import AskedPiece
    from composer.lessons.values import Lesson
    from composer.recommender.answers import Answer
    from composer.recommender.library import Library
    from composer.table import Decisions, Table
    from composer.verifier import Verdict

# A picture: a path or sample:china, the bytes of a file, an open file, a Pillow image, an array of
# shape (H, W, 3), uint8, RGB, or the features of one that has been measured.
Picture = Any
Step = Callable[[str], None]


USUAL = Settings()
LANGUAGES = ("strict", "modal", "popular", "free")


def silent(done: str) -> None:
    """Nobody waits."""


def compose(
    picture: Picture, settings: Settings | None = None, *, step: Step = silent, **wishes: Any
) -> Piece:
    """Compose a piece from a picture.

    settings: what it is composed by; the default table, network and seed unless given.
    wishes: single settings by name, in place of those of `settings` (`seed=3`,
      `without=["parallel-fifths"]`); every other name is a decision that you make yourself
      (`mode="dorian"`, `tempo=80`).
    step: told in a few words of each stage that is done.

    Raises UserError for a picture that cannot be read, a setting or a table that is wrong, and for
    wishes that leave no music within the rules.
    """
    from composer.pipeline import compose_decided

    asked = _settings(settings, wishes)
    with _told(_own(asked)):
        table = load_table(asked.table, asked.style)
        step(f"read the table {table.name}")
        found = _shown(picture, table, asked)
        step(f"measured {found.name}")
        made = _ask(found, table, asked)
        step(f"decided {len(made.decisions)} things")
        return compose_decided(
            found.analysis, made.table, made.decisions, asked, step, exact=made.exact
        )


def decide(picture: Picture, settings: Settings | None = None, **wishes: Any) -> Decisions:
    """What a table decides from a picture, each with its shares; settings as for `compose`."""
    with _told():
        asked = _settings(settings, wishes)
        table = load_table(asked.table, asked.style)
        return _ask(_shown(picture, table, asked), table, asked).decisions


def measure(picture: Picture) -> Features:
    """The features of a picture by name, each in the catalogue's unit and range."""
    if isinstance(picture, Features):
        return picture
    with _told():
        return Features(analyse(load(picture), look=True))


def features_table(pictures: Iterable[Picture]) -> list[dict[str, Any]]:
    """A row of features a picture, its name first: what `pandas.DataFrame` takes."""
    found = (measure(picture) for picture in pictures)
    return [{"picture": one.name, **one} for one in found]


def recommend(
    picture: Picture | None = None,
    top: int = 10,
    *,
    mood: str | None = None,
    like: str | os.PathLike[str] | None = None,
    library: Library | str | os.PathLike[str] | None = None,
    origins: Sequence[str] = (),
    diverse: bool = False,
    table: str | None = None,
    hearing: str | None = None,
) -> tuple[Answer, ...]:
    """The music that fits a picture, the best first, each answer with its shares and reasons.

    mood: ask for a mood by name, alone or in place of the picture's.
    like: ask for what is like this file of music, instead of a picture.
    library: choose from this library too; without one, from what is built in.
    origins: choose from these alone: "built-in", or folders of the library.
    diverse: no composer and no file again before others have come.
    table, hearing: tables for pictures, and of how music is heard.

    Raises UserError for what cannot be read, and where there is nothing to choose from.
    """
    from composer.hearing.mood import load_mood_table
    from composer.recommender import recommend as rooms
    from composer.recommender.library import Library

    with _told():
        heard = load_mood_table(hearing)
        made = None if picture is None else decide(picture, table=table)
        near = None if like is None else os.fspath(like)
        asked = rooms.asked(made, near, mood, heard)
        shelf = Library(library) if isinstance(library, str | os.PathLike) else library
        return rooms.find(
            asked,
            heard,
            top=top,
            origins=origins,
            library=shelf,
            diverse=diverse,
            besides=near or "",
        )


def load_table(
    name: str | os.PathLike[str] | None = None, style: str | os.PathLike[str] | None = None
) -> Table:
    """A mapping table by its path or a pack's name; the default one where there is none.

    style: laid over it, by its name or path.

    Raises UserError with every fault of the table.
    """
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table as load_any

    with _told():
        return load_any(_text(name), vocabulary(), _text(style))


def explain(
    piece: Piece | Mapping[str, Any] | str | os.PathLike[str],
    decision: str | None = None,
    *,
    bar: int | None = None,
    beat: float | None = None,
    note: int | None = None,
    rule: str | None = None,
    everything: bool = False,
) -> str:
    """Why a piece is as it is, as text; of a question its answer.

    piece: a piece, its explanation as data, or the path of a JSON file that holds it.
    decision: a decision's name (`"mode"`), or one of its choices (`"mode=lydian"`).
    bar, beat, note, rule: a chord's place, a note's number, a rule's name.
    everything: every rule, every feature and the melody note by note.

    Raises UserError for what the piece does not have.
    """
    from composer.explanation.answers import answer
    from composer.explanation.document import explanation
    from composer.explanation.layout import unstyle
    from composer.explanation.reading import foreign, read, whole

    with _told():
        if isinstance(piece, Piece):
            document = explanation(piece)
        elif isinstance(piece, Mapping):
            document = whole(dict(piece), "The mapping")
        else:
            document = read(os.fspath(piece))
        with nullcontext() if isinstance(piece, Piece) else foreign():
            text = answer(
                document,
                decision=decision,
                bar=bar,
                beat=beat,
                note=note,
                rule=rule,
                everything=everything,
            )
    return unstyle(text)


def save(
    piece: Piece | Lesson,
    *paths: str | os.PathLike[str],
    synth: str | None = None,
    soundfont: str | os.PathLike[str] | None = None,
    step: Step = silent,
) -> tuple[Path, ...]:
    """Write a piece, or a lesson's pair, to files whose suffixes say what: all of them or none.

    synth, soundfont: who plays, as `Settings` have it.

    Raises UserError, before anything is made, for a suffix that is not known, a place that cannot
    be written, a library that is not installed.
    """
    from composer.render import rendering
    from composer.render.audio import Sounding
    from composer.render.outputs import plan_outputs

    if not paths:
        raise UserError("Nothing is named to be written.", 'Name a file, as in "holiday.mid".')
    names = [os.fspath(path) for path in paths]
    with _told():
        if not isinstance(piece, Piece):
            from composer.lessons.files import SUFFIXES
            from composer.lessons.files import write as write_lesson

            files = plan_outputs(names, SUFFIXES)
            rendering.check_needs([file.suffix for file in files])
            write_lesson(piece, files, step)
        else:
            own = Settings(synth=synth or USUAL.synth, soundfont=_text(soundfont))
            sounding = Sounding(own.synth, own.soundfont)
            files = rendering.plan_files(names, sounding)
            rendering.save(rendering.Rendering(piece, sounding), files, step)
    return tuple(file.path for file in files)


def verify(
    score: Piece | str | os.PathLike[str], *, key: str | None = None, language: str | None = None
) -> Verdict:
    """Which rules a score breaks, with bar, beat and voices: anybody's MusicXML, or a piece.

    key: as in "D dorian"; the score's own unless given. A piece is in the key it was composed in.
    language: whose rules are hard: strict, modal, popular or free. Unless given a piece and a score
      of one are judged by their own, any other file by the strict one.

    Raises UserError for a file that is no such score.
    """
    from composer.verifier import judged
    from composer.verifier.piece import judge_piece

    if language is not None and language not in LANGUAGES:
        hint = f"Choose from {', '.join(LANGUAGES)}."
        raise UserError(f"There is no language {language!r}.", hint)
    with _told():
        if not isinstance(score, Piece):
            return judged(os.fspath(score), key, language)
        if key is not None:
            raise UserError("A piece is judged in its own key.", "Leave out the key.")
        return judge_piece(score, language)


def lesson(kind: str, name: str) -> Lesson:
    """A pair of examples that differ in one thing, with the verifier's verdict on both.

    kind: mode, cadence, progression or rule.  Raises UserError where there is no such lesson.
    """
    from composer.lessons.lessons import lesson as find

    with _told():
        return find(kind, name)


def notebook(piece: Piece) -> str:
    """A piece for a notebook's page: its score, a player, its reasons. One HTML fragment."""
    from composer.render.notebook import page
    from composer.render.rendering import Rendering

    return page(Rendering(piece), explain(piece))


def _settings(settings: Settings | None, wishes: Mapping[str, Any]) -> Settings:
    """`settings` with the wishes in place of theirs."""
    if settings is None:
        return read_settings(wishes)
    if not wishes:
        return settings
    own = read_settings({**settings.to_json(), "overrides": {}, **wishes})
    return replace(own, overrides=tuple({**settings.decided, **own.decided}.items()))


def _shown(picture: Picture, table: Table, settings: Settings) -> Features:
    """The features of a picture as the settings have it, looked at only where the table asks."""
    from composer.asking.shown import as_said

    if isinstance(picture, Features):
        found = picture.analysis if settings.looks else picture.analysis.unlooked()
    else:
        found = analyse(load(picture), look=table.looks and settings.looks)
    return Features(as_said(found, table, settings))


def _ask(features: Features, table: Table, settings: Settings) -> AskedPiece:
    from composer.asking import ask

    known = (*table.decisions, *(field.name for field in fields(Settings)))
    for name in settings.decided:
        if name not in table.decisions:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else "See `promenade decisions`."
            raise UserError(f"There is no decision or setting {name!r}.", hint)
    return ask(table, features.analysis, settings)


def _text(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)


def _own(settings: Settings) -> list[str]:
    """What the caller changed of the rules, as it is typed."""
    own = [f"{name}={value!r}" for name, value in settings.overrides]
    if settings.table is not None:
        own.append(f"table={settings.table!r}")
    if settings.style is not None:
        own.append(f"style={settings.style!r}")
    if settings.make:
        own.append(f"make={list(settings.make)!r}")
    if settings.length is not None:
        own.append(f"length={settings.length!r}")
    if settings.without:
        own.append(f"without={list(settings.without)!r}")
    return own


@contextmanager
def _told(own: Sequence[str] = ()) -> Iterator[None]:
    """What the caller can mend as UserError, whichever room found it.

    own: what the caller changed of the rules.
    """
    try:
        yield
    except Exception as error:
        sentence = mendable(error, own)
        if sentence is None or isinstance(error, UserError):
            raise
        raise UserError(sentence) from error
