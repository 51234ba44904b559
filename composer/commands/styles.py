"""`promenade styles`: what can be laid over a table. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say


@click.command()
def styles() -> None:
    """Say what each style is that `compose --style` lays over a table.

    \b
    Examples:
      promenade styles
      compose holiday.jpg --style lullaby
    """
    from composer.workbench.styles import style_list

    say(style_list())
