"""`promenade evaluate`: pictures and the pieces that are made of them. No logic here."""

from __future__ import annotations

from pathlib import Path

import click

from composer.commands.terminal import singer


@click.command()
@click.argument("directory", metavar="DIR")
@singer("Who sings the pieces that are listened to; the network takes ten times as long.", "rules")
def mood(directory: str, melody: str) -> None:
    """Compare the moods that the default table gives with people's ratings, and with the music.

    DIR holds pictures and ratings.csv, with the columns file, valence and arousal (and category, if
    it is known: person, animal, object or scenery). Out of fold, by families of subjects: what
    pixels, words, learned readings and the whole table tell; and what a wrong word does. Every
    picture is composed, and the mood of its MIDI estimated by a model of what people hear. Takes
    some minutes. DIR may be a .npz of numbers too, of which nothing is composed.

    \b
    Example:
      promenade evaluate mood photographs
    """
    from composer.needs import need

    need("This evaluation", "sklearn", "mido")
    from composer.evaluate.heard_mood import evaluate as judge
    from composer.evaluate.mood import read_rated
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    click.echo(str(judge(load_table(None, vocabulary()), read_rated(directory), melody)))


@click.command()
@click.argument("pictures", metavar="PICTURES")
@click.argument("clips", metavar="CLIPS")
@click.option("--sound", "sounding", is_flag=True, help="Measure the clips as sound too; minutes.")
@click.option(
    "--rules", "table", metavar="TABLE", help="Use this table for pictures, not the default."
)
@click.option("--mood-rules", "hearing", metavar="TABLE", help="Hear by this table, not by music.")
def match(
    pictures: str, clips: str, sounding: bool, table: str | None, hearing: str | None
) -> None:
    """Say how well music is found for pictures, and its mood heard, beside people and chance.

    PICTURES holds pictures and ratings.csv (file, valence, arousal); CLIPS MIDI files and
    ratings.csv (file, block, valence, arousal), where clips of a block may be of one piece.

    \b
    Example:
      promenade evaluate match photographs rated-midi --sound
    """
    from composer.evaluate.match import evaluate_match
    from composer.evaluate.mood import read_rated
    from composer.evaluate.music_mood import read_clips
    from composer.hearing.mood import load_mood_table
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    by, heard = load_table(table, vocabulary()), load_mood_table(hearing)
    as_notes = read_clips(clips)
    as_sound = read_clips(clips, sound=True) if sounding else ()
    click.echo(str(evaluate_match(by, heard, read_rated(pictures), as_notes, as_sound)))


@click.command()
@click.argument("directory", metavar="DIR")
def content(directory: str) -> None:
    """Compare what is seen in the pictures of DIR with the words in their names.

    A picture is named after what it shows by its file or its folder: dog-1.jpg, weapon/a.png. For
    each word: how often it was said, and rightly; and how right its probabilities are.

    \b
    Example:
      promenade evaluate content photographs
    """
    from composer.evaluate.content import evaluate_content

    click.echo(str(evaluate_content(directory)))


@click.command()
@click.argument("directory", metavar="DIR")
@singer("Who sings the pieces.")
def sound(directory: str, melody: str) -> None:
    """Listen to the pieces of the pictures in DIR: loudness, peaks, silences, the melody on top.

    Every piece is rendered with the SoundFont that is installed. Its loudness and true peak are
    measured, its longest silence, and by how much each player of the melody is stronger than all
    that sounds with him in his register. Exit status 1 where anything is wrong. Takes some seconds
    a picture.

    \b
    Example:
      promenade evaluate sound photographs
    """
    from composer.evaluate.sound import evaluate_sound

    found = evaluate_sound(directory, melody)
    click.echo(str(found))
    if found.faults:
        raise SystemExit(1)


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@singer("Who sings the pieces of pictures; the network takes ten times as long.")
@click.option(
    "--half",
    type=click.Choice(["tune", "test"]),
    help="Only one half of the pictures, by a checksum of their names: tune, that may be tuned "
    "on, or test, that nothing is tuned on.",
)
@click.option("--sound", is_flag=True, help="Hear the pieces too, and say how wide they sound.")
@click.option(
    "--pop909",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="People's: POP909, a folder or tar archive.",
)
@click.option(
    "--openewld",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="People's: OpenEWLD or other lead sheets in MusicXML, a folder or tar archive.",
)
@click.option(
    "--archive",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="People's: MIDI files of bands, a folder or tar archive.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the figures, and each piece's, to FILE as JSON.",
)
def music(
    directory: Path | None,
    melody: str,
    half: str | None,
    sound: bool,
    pop909: Path | None,
    openewld: Path | None,
    archive: Path | None,
    output: Path | None,
) -> None:
    """Measure rhythm, form, harmony and texture of pieces, beside what people wrote.

    DIR holds pictures, which are composed, or MIDI and MusicXML files, which are measured as they
    are. Medians with 95 % intervals, people's beside them, and which of ours lie outside people's
    tenth to ninetieth percentile. With -o an interrupted run goes on where it stopped. Takes some
    seconds a picture.

    \b
    Examples:
      promenade evaluate music photographs --pop909 pop909.tar.xz
      promenade evaluate music photographs --half tune -o figures.json
      promenade evaluate music my-songs
    """
    from composer.needs import need

    need("This evaluation", "symusic")
    from composer.evaluate.music.people import ARCHIVE, OPENEWLD, POP909
    from composer.evaluate.music.run import MusicAsked, evaluate_music

    given = {POP909: pop909, OPENEWLD: openewld, ARCHIVE: archive}
    people = {source: path for source, path in given.items() if path is not None}
    click.echo(str(evaluate_music(MusicAsked(directory, people, melody, half, sound, output))))
