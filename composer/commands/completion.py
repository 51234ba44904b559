"""What may come next on the command line, for the shells that ask: names, values and files.

Click writes the shells' scripts (`_COMPOSE_COMPLETE=bash_source compose`). Bash breaks words at an
equals sign and leaves blanks unquoted; both are put right here.
"""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class

Items = list[CompletionItem]
QUOTED = r"\\ "


class Bash(BashComplete):
    """Completion for Bash, where NAME=VALUE arrives as three words and one is answered."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the begun one; `mode`, `=`, `do` are one again."""
        before, begun = super().get_completion_args()
        if begun == "=" and before:
            return before[:-1], f"{before[-1]}="
        if len(before) > 1 and before[-1] == "=":
            return before[:-2], f"{before[-2]}={begun}"
        return before, begun

    def format_completion(self, item: CompletionItem) -> str:
        """What takes the begun word's place: of NAME=VALUE the part after the equals sign."""
        _, begun = self.get_completion_args()
        value = item.value
        if "=" in begun and value.startswith(begun.partition("=")[0] + "="):
            value = value.partition("=")[2]
        # Twice, for the script's `read` takes one away.
        return f"{item.type},{value.replace(' ', QUOTED)}"


def register() -> None:
    """Have click answer Bash by `Bash`."""
    add_completion_class(Bash)


def files(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """The shell's own files."""
    return [CompletionItem(begun, type="file")]


def pictures(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """A file, or one of the samples."""
    from analysis.picture.load import SAMPLES

    if not begun.startswith("sample"):
        return files(ctx, param, begun)
    return files(ctx, param, begun) + _beginning([f"sample:{name}" for name in SAMPLES], begun)


def wishes(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """A word of `--make`, or what may stand before one."""
    from composer.wishes.words import DEGREES, known

    degree = next((f"{words} " for words in DEGREES if begun.startswith(f"{words} ")), "")
    return _beginning([f"{degree}{word}" for word in known()], begun)


def settings(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """NAME=VALUE for `--set`: every choice of a decision, and the name of a number."""
    from composer.music.vocabulary import vocabulary
    from composer.table import load_table

    found = []
    for name, question in load_table(ctx.params.get("rules"), vocabulary()).decisions.items():
        found += [f"{name}={choice}" for choice in question.choices] or [f"{name}="]
    return _beginning(found, begun)


def tables(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """A pack's name, or a file."""
    from composer.table import PACKS

    return files(ctx, param, begun) + _beginning([*PACKS], begun)


def styles(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """A style's name, or a file."""
    from composer.table import STYLES

    return files(ctx, param, begun) + _beginning([*STYLES], begun)


def rules(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """A rule of harmony or melody."""
    from theory.rules import RULES

    return [CompletionItem(name) for name in RULES if name.startswith(begun)]


def lessons(ctx: click.Context, param: click.Parameter, begun: str) -> Items:
    """The names of a kind of lesson."""
    from composer.lessons.lessons import names

    kind = ctx.params.get("kind")
    return _beginning(names(kind), begun) if kind else []


def _beginning(names: list[str] | tuple[str, ...], begun: str) -> Items:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
