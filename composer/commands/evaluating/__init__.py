"""`promenade evaluate`: figures by which the music and its rules are judged. No logic here."""

from __future__ import annotations

import click

from composer.commands.evaluating.pieces import content, match, mood, music, sound
from composer.commands.evaluating.theory import bach, harmony, melody, rules
from composer.commands.evaluating.words import explanations, reading, styles, wishes


@click.group()
def evaluate() -> None:
    """Measure how well the music and its rules fit what people say and write.

    \b
    Examples:
      promenade evaluate rules
      promenade evaluate harmony --pieces 200
    """


for _command in (
    mood,
    match,
    content,
    sound,
    music,
    explanations,
    reading,
    wishes,
    styles,
    rules,
    bach,
    harmony,
    melody,
):
    evaluate.add_command(_command)
