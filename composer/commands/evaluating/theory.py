"""`promenade evaluate`: rules, harmony and melody beside what people write. No logic here."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--sheets",
    metavar="FILE",
    help="Lead sheets too: a folder or tar archive of MusicXML files, as OpenEWLD is.",
)
@click.option("--tunes", metavar="DIR", help="ABC tunes from DIR, not from music21's corpus.")
def rules(sheets: str | None, tunes: str | None) -> None:
    """Measure what share of the notes people wrote each rule of melody would forbid.

    Over 3 % a rule is too strict to be hard. Tunes without chords are judged by the rules that
    need none, lead sheets and the sopranos of Bach's chorales over their chords by all.

    \b
    Examples:
      promenade evaluate rules
      promenade evaluate rules --sheets openewld.tar.xz --tunes abc
    """
    from composer.evaluate.rules import evaluate_rules
    from composer.needs import need

    need("This evaluation", *(() if tunes else ("music21",)))
    click.echo(str(evaluate_rules(sheets, tunes)))


@click.command()
def bach() -> None:
    """Hold the verifier against music21, and Bach against the rules.

    Every four-part chorale in music21's corpus is judged by both, moment by moment; a place where
    they differ is counted under its reason. Takes some minutes.

    \b
    Example:
      promenade evaluate bach
    """
    from composer.needs import need

    need("This evaluation", "music21")
    from composer.evaluate.bach import chorales, evaluate_bach

    click.echo(str(evaluate_bach(chorales())))


@click.command()
@click.option(
    "--pieces",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    metavar="N",
    help="Compose so many pieces.",
)
def harmony(pieces: int) -> None:
    """Compare which chord follows which, and the rules broken, with what people wrote.

    The pieces are composed of features of all kinds, in every mode and metre in turn.

    \b
    Example:
      promenade evaluate harmony --pieces 200
    """
    from composer.needs import need

    need("This evaluation", "music21")
    from composer.evaluate.harmony import evaluate_harmony

    click.echo(str(evaluate_harmony(pieces)))


@click.command()
@click.option(
    "--table",
    "tables",
    multiple=True,
    type=click.Choice(["published", "chords", "constraints", "generated", "speed"]),
    help="Only this table; may be given several times.  [default: all of them]",
)
@click.option("--sets", metavar="DIR", help="The eight published sets of melodies, as MIDI.")
@click.option("--data", metavar="FILE", help="A dataset that corpus build wrote.")
@click.option("--sheets", metavar="FILE", help="Lead sheets, for the rules that people break.")
@click.option("--weights", metavar="FILE", help="Judge these weights.  [default: the shipped ones]")
@click.option(
    "--pieces",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="How many melodies are composed each way.",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    default="figures",
    show_default=True,
    help="Write the tables there, and what they are computed from.",
)
def melody(
    tables: tuple[str, ...],
    sets: str | None,
    data: str | None,
    sheets: str | None,
    weights: str | None,
    pieces: int,
    output: str,
) -> None:
    """Judge the learned melody: five tables, each naming its data, split and seeds.

    published: bits a note on the eight sets of Pearce 2005. chords: what hearing the chords is
    worth. constraints: what the rules forbid people, and what masking does to the model. generated:
    composed melodies against people's. speed: size and times. The first takes hours; interrupted,
    it goes on where it stopped.

    \b
    Examples:
      promenade evaluate melody --table speed
      promenade evaluate melody --sets melody8 --data tunes.npz -o figures
    """
    from composer.evaluate.melody import Asked, evaluate_melody
    from composer.needs import need

    need("This evaluation", "torch")

    def path(name: str | None) -> Path | None:
        return None if name is None else Path(name)

    asked = Asked(Path(output), path(sets), path(data), path(sheets), path(weights), pieces)
    for table in evaluate_melody(tables, asked):
        click.echo(f"{table}\n")
