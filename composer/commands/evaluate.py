"""`promenade evaluate`: figures by which the music and its rules are judged. No logic here."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def evaluate() -> None:
    """Measure how well the music and its rules fit what people say and write.

    \b
    Examples:
      promenade evaluate rules
      promenade evaluate harmony --pieces 200
    """


@evaluate.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--melody",
    type=click.Choice(["rules", "neural"]),
    default="rules",
    show_default=True,
    help="Who sings the pieces that are listened to; the network takes ten times as long.",
)
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


@evaluate.command()
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


@evaluate.command()
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


@evaluate.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--melody",
    type=click.Choice(["rules", "neural"]),
    default="neural",
    show_default=True,
    help="Who sings the pieces.",
)
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


@evaluate.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--melody",
    type=click.Choice(["rules", "neural"]),
    default="neural",
    show_default=True,
    help="Who sings the pieces of pictures; the network takes ten times as long.",
)
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


@evaluate.command()
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--rules", metavar="FILE", help="Judge the explanations of this mapping table.")
def explanations(directory: str | None, rules: str | None) -> None:
    """Put every claim of the explanations to the test, on the pictures in DIR and some more.

    Do shares sum exactly? Does a decision fall without the rule that is said to have settled it,
    and stand without one that had no say? Does the changed picture turn it, and 99 % of the change
    not? Is what is printed what the JSON holds, and what a fresh run decides? Is what is said of
    motifs, of the highest note, of first choices and of who settled what true of the notes, and is
    the JSON proven? Exit status 1 where any claim fails. Takes some seconds a picture.

    \b
    Example:
      promenade evaluate explanations photographs
    """
    from composer.evaluate.explanations import evaluate_explanations
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_explanations(load_table(rules, vocabulary()), directory)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@evaluate.command()
@click.argument("directory", metavar="DIR")
def reading(directory: str) -> None:
    """Measure how easily the plain reasons read, over the pictures in DIR.

    Flesch's reading ease (1948) of the sentences, lines and columns of the text; each sentence's
    facts are looked up in the explanation. Exit status 1 where the median ease is under 60, a text
    has more than 45 lines or 80 columns, or a fact is not there.

    \b
    Example:
      promenade evaluate reading photographs
    """
    from composer.evaluate.readable import evaluate_reading
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_reading(load_table(None, vocabulary()), directory)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@evaluate.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--wish",
    "words",
    metavar="WISH",
    multiple=True,
    help="Only this wish; may be given several times.  [default: all, and some lengths]",
)
def wishes(directory: str, words: tuple[str, ...]) -> None:
    """Grant every wish to every picture in DIR, and measure on the MIDI what it moved.

    Lengths are asked for too: do they land, and does the tempo stay? Exit status 1 where any wish
    moves what it says on fewer than 95 % of the pictures. Takes half a minute a picture.

    \b
    Example:
      promenade evaluate wishes photographs
    """
    from composer.needs import need

    need("This evaluation", "mido")
    from composer.evaluate.wished import evaluate_wishes
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = evaluate_wishes(load_table(None, vocabulary()), directory, words)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@evaluate.command()
@click.argument("directory", metavar="DIR")
@click.option(
    "--style",
    "names",
    metavar="STYLE",
    multiple=True,
    help="Only this style; may be given several times.  [default: all]",
)
@click.option(
    "--melody",
    type=click.Choice(["rules", "neural"]),
    default="neural",
    show_default=True,
    help="Who sings.",
)
def styles(directory: str, names: tuple[str, ...], melody: str) -> None:
    """Compose every picture in DIR in every style, and tell the styles by their marks on the MIDI.

    The marks are from what is written of each style; what they are told from are all the other
    styles. Exit status 1 where a style is known in fewer than 90 % of its pieces. Takes half a
    minute a picture.

    \b
    Example:
      promenade evaluate styles photographs
    """
    from composer.needs import need

    need("This evaluation", "mido")
    from composer.errors import UserError
    from composer.evaluate.styles.told import evaluate_styles
    from composer.table import STYLES

    if unknown := [name for name in names if name not in STYLES]:
        raise UserError(f"There is no style {unknown[0]}.", f"They are {', '.join(STYLES)}.")
    found = evaluate_styles([directory], names or STYLES, melody)
    click.echo(str(found))
    if found.failures:
        raise SystemExit(1)


@evaluate.command()
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


@evaluate.command()
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


@evaluate.command()
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


@evaluate.command()
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
