"""`promenade features` and `promenade decisions`: what is measured, and what there is to decide."""

from __future__ import annotations

import click

from composer.commands.completion import tables
from composer.commands.terminal import say, tell_absent
from corpora.progress import progress


@click.command()
@click.argument("picture")
def features(picture: str) -> None:
    """Print what is measured on PICTURE: each feature's value, unit, range and meaning.

    Or on music: a MIDI file, a score (MusicXML), tunes (ABC; tunes.abc#3 is the third), sound (WAV,
    FLAC, Ogg, MP3, M4A). It is told with a confidence, and with the mood that is heard in it.

    \b
    Examples:
      promenade features holiday.jpg
      promenade features sample:flower
      promenade features song.mp3
    """
    from composer.hearing.endings import is_music

    if is_music(picture):
        from composer.hearing.heard import hear
        from composer.hearing.mood import load_mood_table, mood
        from composer.hearing.text import heard_table

        piece = hear(picture)
        say(heard_table(piece, mood(load_mood_table(), piece.features)))
        return
    from analysis.picture.analyse import analyse
    from analysis.picture.load import load
    from composer.explanation.features import feature_table

    with progress(2, "measuring") as step:
        loaded = load(picture)
        step("opened")
        analysis = analyse(loaded, look=True)
    tell_absent([analysis.content.absent])
    say(feature_table(analysis))


@click.command()
@click.option(
    "--rules",
    metavar="TABLE",
    shell_complete=tables,
    help="Read this mapping table, not the default one.",
)
def decisions(rules: str | None) -> None:
    """Print everything there is to decide, with its range or its choices.

    Each can be set by hand: compose PICTURE --set NAME=VALUE.

    \b
    Examples:
      promenade decisions
      promenade decisions --rules mine.yaml
    """
    from composer.explanation.answers import decision_table
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    say(decision_table(load_table(rules, vocabulary())))
