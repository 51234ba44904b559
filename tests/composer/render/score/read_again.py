"""Pieces as scores, and what music21 reads of them."""

from dataclasses import replace

from music21 import converter, expressions, harmony

from composer.music.orchestra import load_orchestra
from composer.render.score.score import full_score

INSTRUMENTS = load_orchestra().instruments


CASES = [
    ("4/4", "C", "ionian"),
    ("3/4", "Eb", "dorian"),
    ("6/8", "F#", "aeolian"),
    ("5/4", "Ab", "lydian"),
]


def sung(part):
    """(offset in quarters, length in quarters, pitch) of every note, ties joined.

    music21's own stripTies mistakes one voice's ties for another's.
    """
    done, held = [], {}
    for element in part.flatten().notes:
        if isinstance(element, harmony.ChordSymbol):
            continue
        start, length = float(element.offset), float(element.quarterLength)
        for name in (pitch.nameWithOctave for pitch in element.pitches):
            if element.tie is not None and element.tie.type != "start":
                begun, so_far = held.pop(name)
                assert begun + so_far == start
                start_of_all, length_of_all = begun, so_far + length
            else:
                start_of_all, length_of_all = start, length
            if element.tie is not None and element.tie.type != "stop":
                held[name] = (start_of_all, length_of_all)
            else:
                done.append((start_of_all, length_of_all, name))
    assert not held
    return sorted(done)


def parsed(made):
    return converter.parse(full_score(made).decode(), format="musicxml")


def said(part):
    """The words on a staff; those of a tempo that is only heard are empty."""
    return [words.content for words in part[expressions.TextExpression] if words.content]


def played_on(made, **players):
    """The piece with other instruments, by role."""
    known = {role.replace("_", "-"): INSTRUMENTS[name] for role, name in players.items()}
    return replace(
        made,
        parts=tuple(
            replace(part, instrument=known.get(part.role, part.instrument)) for part in made.parts
        ),
    )


def longer(made, times):
    """The piece's parts so many times over, for a score of several pages."""
    plan, end = made.plan, made.plan.end

    def repeated(items):
        return tuple(
            replace(item, start=item.start + k * end) for k in range(times) for item in items
        )

    parts = tuple(replace(part, notes=repeated(part.notes)) for part in made.parts)
    return replace(made, plan=replace(plan, bars=plan.bars * times), parts=parts)
