"""`promenade recommend`: music for a picture, pictures for music. No logic here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from composer.commands.completion import tables
from composer.commands.library import opened, which
from composer.commands.progress import bar
from composer.commands.terminal import say, tell_absent
from composer.errors import UserError

if TYPE_CHECKING:
    from composer.recommender.answers import Answer
    from composer.recommender.recommend import MusicWish
    from composer.table import Decisions, Table


@click.command()
@click.argument("picture", required=False)
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    metavar="N",
    help="Give so many answers.",
)
@click.option(
    "--from",
    "origins",
    metavar="NAME,...",
    default="",
    help="Choose from these alone: built-in, or folders of the library.",
)
@click.option("--mood", metavar="MOOD", help="Ask for this mood: calm, lively, happy, sad, tense …")
@click.option("--like", metavar="PIECE", help="Ask for what is like this file of music.")
@click.option("--diverse", is_flag=True, help="No composer and no file again before others came.")
@click.option(
    "--rules",
    "table",
    metavar="TABLE",
    shell_complete=tables,
    help="Decide by this table for pictures, not the default one.",
)
@click.option("--mood-rules", "hearing", metavar="TABLE", help="Hear by this table, not by music.")
@which
@click.option(
    "--pictures", metavar="FOLDER", help="The other way: the pictures in FOLDER that fit a piece."
)
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
@click.option("--play", is_flag=True, help="Play the answers one after the other.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="Write the answers: OUT.m3u8 a list for a player, OUT/ the sound of each.",
)
def recommend(
    picture: str | None,
    top: int,
    origins: str,
    mood: str | None,
    like: str | None,
    diverse: bool,
    table: str | None,
    hearing: str | None,
    file: Path | None,
    pictures: str | None,
    as_json: bool,
    play: bool,
    output: str | None,
) -> None:
    """Find the music that fits PICTURE, in your library and in what is built in, and say why.

    What the table decides for the picture is compared with what is measured on each piece; the
    score, 0 at best and 1 at worst, is the sum of weighted distances, and those are the reasons.
    Built in are some 13,000 folk tunes and chorales.

    \b
    Examples:
      promenade recommend holiday.jpg
      promenade recommend holiday.jpg --from ~/Music --top 5 -o holiday.m3u8
      promenade recommend --mood calm --from built-in --play
      promenade recommend --like song.mp3
      promenade recommend song.mid --pictures photos
    """
    from composer.hearing.endings import is_music
    from composer.hearing.mood import load_mood_table

    heard = load_mood_table(hearing)
    if pictures is not None:
        if picture is None or not is_music(picture):
            raise click.UsageError("--pictures is for a song: recommend SONG --pictures DIR")
        _pictures(picture, pictures, heard, table, top, as_json)
        return
    if picture is not None and is_music(picture):
        raise click.UsageError(f"{picture} is music. Give it to --like, or add --pictures FOLDER.")
    if output is not None:
        _check(output)
    from composer.recommender.recommend import find

    asked = _asked(picture, mood, like, table, heard)
    found = find(
        asked,
        heard,
        top=top,
        origins=[name for name in origins.split(",") if name],
        library=opened(file),
        diverse=diverse,
        besides=like or "",
    )
    if as_json:
        from composer.recommender.recommend import aspects_json

        made: dict[str, Any] = {"asked": aspects_json(asked), "words": asked.words}
        say(json.dumps(made | {"answers": [each.to_json() for each in found]}, indent=1))
    else:
        say(_told(picture, asked.words, found))
    if output is not None:
        _write(output, found)
    if play:
        _play(found)


def _asked(
    picture: str | None, mood: str | None, like: str | None, table: str | None, heard: Table
) -> MusicWish:
    from composer.recommender.recommend import asked

    if picture is None and mood is None and like is None:
        raise click.UsageError("Give a PICTURE, --mood MOOD or --like PIECE.")
    if picture is not None and like is not None:
        raise click.UsageError("Give a PICTURE or --like PIECE, not both.")
    made = None
    if picture is not None:
        made, absent = _decided(picture, table)
        tell_absent([absent])
    return asked(made, like, mood, heard)


def _decided(picture: str, table: str | None) -> tuple[Decisions, str]:
    """What the table decides for a picture, and why nothing was seen in it, or ""."""
    from composer.api import decide, measure

    features = measure(picture)
    return decide(features, table=table), features.analysis.content.absent


def _told(picture: str | None, words: str, found: Sequence[Answer]) -> str:
    from composer.explanation.layout import bold, wrapped
    from composer.recommender.words import line

    rows = [f"{picture} asks for {words}" if picture else f"Asked for {words}"]
    for number, each in enumerate(found, 1):
        rows += ["", f"{number:>3}  {bold(line(each.piece))}  {each.score:.3f}"]
        rows += wrapped(each.reason, 5)
    return "\n".join(rows)


def _pictures(
    song: str, folder: str, heard: Table, table: str | None, top: int, as_json: bool
) -> None:
    from analysis.errors import PictureError
    from composer.explanation.layout import bold, wrapped
    from composer.hearing.heard import hear
    from composer.recommender.pictures import fitting
    from composer.workbench.trial import find
    from corpora.progress import watched

    piece = hear(song)
    decided, absent = [], set()
    for path, _ in watched(list(find([folder])), "measuring"):
        try:
            made, why = _decided(str(path), table)
            decided.append((str(path), made))
            absent.add(why)
        except (UserError, PictureError) as error:
            click.echo(f"Passed over: {error}", err=True)
    tell_absent(absent)
    found = fitting(piece, song, heard, decided)[:top]
    if not found:
        raise UserError(f"There is no picture in {folder} that can be read.")
    if as_json:
        rows = [{"picture": each.picture, **each.match.to_json()} for each in found]
        say(json.dumps({"song": song, "pictures": rows}, indent=1))
        return
    for number, each in enumerate(found, 1):
        say(f"{number:>3}  {bold(each.picture)}  {each.score:.3f}")
        say("\n".join(wrapped(each.match.reason, 5)))


def _check(output: str) -> None:
    """Raises before any work where nothing can be written there."""
    from composer.recommender.sounding import LIST
    from composer.render.outputs import plan_outputs

    if not output.endswith(("/", "\\")):
        plan_outputs([output], (LIST,))
    elif Path(output).exists() and not Path(output).is_dir():
        raise UserError(f"{output} is no folder.")


def _write(output: str, found: Sequence[Answer]) -> None:
    from composer.commands.terminal import wrote
    from composer.recommender.sounding import LIST, playlist, sounds
    from composer.render.outputs import plan_outputs, put

    if not output.endswith(("/", "\\")):
        (planned,) = plan_outputs([output], (LIST,))
        text, left = playlist(found)
        put([(planned, text)])
        say(wrote([planned]))
        if left:
            say(f"Not in the list, for they have no file of their own: {', '.join(left)}.")
        return
    with bar(len(found), "playing") as step:
        made = list(sounds(found, step))
    Path(output).mkdir(parents=True, exist_ok=True)
    names = [str(Path(output, name)) for name, _ in made]
    files = plan_outputs(names, tuple({Path(name).suffix for name in names}))
    put([(each, data) for each, (_, data) in zip(files, made, strict=True)])
    say(wrote(files))


def _play(found: Sequence[Answer]) -> None:
    from composer.commands.player import play
    from composer.recommender.words import line

    for each in found:
        say(f"Playing {line(each.piece)}")
        play(each.piece)
