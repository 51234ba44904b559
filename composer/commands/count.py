"""`promenade count`: how many tunes the rules leave. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say, whose_rules


@click.command()
@click.option(
    "--key",
    "key",
    metavar="KEY",
    default="C ionian",
    show_default=True,
    help="The phrase's key, as in --key 'D dorian'.",
)
@click.option("--metre", metavar="METRE", default="4/4", show_default=True, help="Its metre.")
@click.option(
    "--bars",
    type=click.IntRange(1, 8),
    metavar="N",
    default=4,
    show_default=True,
    help="Its length, a chord a bar: the mode's plain cadence, from 1 to 8 bars.",
)
@click.option(
    "--chords", metavar="ROMANS", help="These chords instead, one a bar, as in --chords 'I ii V I'."
)
@whose_rules
@click.option(
    "--compass",
    metavar="'LOW HIGH'",
    default="C4 G5",
    show_default=True,
    help="The lowest and the highest pitch.",
)
@click.option(
    "--without",
    metavar="RULE",
    multiple=True,
    help="Switch a rule of melody off throughout. May be given several times.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    default=0,
    show_default=True,
    help="Draw another tune as the example.",
)
def count(
    key: str,
    metre: str,
    bars: int,
    chords: str | None,
    language: str,
    compass: str,
    without: tuple[str, ...],
    seed: int,
) -> None:
    """Count the legal tunes of a small phrase, and how many each rule forbids.

    Notes last a beat, two beats or a bar; there are no rests. The counts are exact.

    \b
    Examples:
      promenade count
      promenade count --key 'D dorian' --metre 3/4 --bars 2
      promenade count --without melodic-interval --chords 'I V I'
    """
    from composer.lessons.counting import count_tunes

    found = count_tunes(
        key,
        metre,
        bars,
        chords=chords,
        language=language,
        compass=compass,
        without=without,
        seed=seed,
    )
    say(str(found))
