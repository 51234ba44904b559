"""`promenade rules`: tools for those who edit a table. No logic here."""

from __future__ import annotations

import click

from composer.commands.terminal import say

_TABLE = "Read this table: a pack's name or a file."


@click.group()
def rules() -> None:
    """Check, read, compare and try tables of rules.

    A table is a file, or one of the packs default, plain, scriabin, film and chiptune.

    \b
    Examples:
      promenade rules new mine.yaml
      promenade rules check mine.yaml
      promenade rules try mine.yaml PICTURES
    """


@rules.command()
@click.argument("file", metavar="FILE")
@click.pass_context
def check(ctx: click.Context, file: str) -> None:
    """Name every fault of the table FILE, and what in it does nothing.

    Exit status 2 where the table cannot be used, 1 where it can be but part of it is waste, and
    else 0.

    \b
    Example:
      promenade rules check mine.yaml
    """
    from composer.workbench.faults import check as look

    said, status = look(file)
    say(said)
    ctx.exit(status)


@rules.command()
@click.argument("code", metavar="CODE")
def why(code: str) -> None:
    """Say what a fault of a table is, by the CODE that it is told with, and how it is mended.

    \b
    Example:
      promenade rules why P301
    """
    from composer.workbench.faults import why as reason

    say(reason(code))


@rules.command("list")
@click.argument("table", metavar="[TABLE]", default="default")
@click.option(
    "--decision", metavar="NAME", help="Only the rules that have a part in this decision."
)
@click.option("--terms", is_flag=True, help="List the terms, not the rules.")
def list_(table: str, decision: str | None, terms: bool) -> None:
    """List the rules of TABLE: id, condition, and what it decides.

    \b
    Examples:
      promenade rules list
      promenade rules list scriabin --decision tonic
      promenade rules list mine.yaml --terms
    """
    from composer.workbench.listing import list_rules, list_terms

    say(list_terms(table) if terms else list_rules(table, decision))


@rules.command()
@click.argument("id_", metavar="ID")
@click.option("--rules", "table", metavar="TABLE", default="default", help=_TABLE)
def show(id_: str, table: str) -> None:
    """Show the rule ID whole: condition, terms, amounts, reason, evidence, where it is written.

    \b
    Examples:
      promenade rules show colourful-pleases
      promenade rules show my-rule --rules mine.yaml
    """
    from composer.workbench.listing import show_rule

    say(show_rule(table, id_))


@rules.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
def diff(one: str, other: str) -> None:
    """Say how table B differs from table A: rules, terms and decisions, by name.

    \b
    Examples:
      promenade rules diff default mine.yaml
      promenade rules diff plain film
    """
    from composer.workbench.listing import differences

    say(differences(one, other))


@rules.command()
@click.option("-o", "--output", metavar="FILE", help="Write FILE, not to the terminal.")
def schema(output: str | None) -> None:
    """Print the JSON Schema of tables, with which editors complete and check them.

    \b
    Examples:
      promenade rules schema
      promenade rules schema -o promenade.schema.json
    """
    from composer.workbench.schema import print_schema

    say(print_schema(output))


@rules.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--extends", "base", metavar="TABLE", default="default", help="Begin from this table."
)
def new(file: str, base: str) -> None:
    """Write FILE, a commented table to begin from, which changes another, and its schema beside it.

    Nothing that is there already is replaced.

    \b
    Examples:
      promenade rules new mine.yaml
      promenade rules new mine.yaml --extends plain
    """
    from composer.workbench.schema import write_new

    say(write_new(file, base))


@rules.command("try")
@click.argument("file", metavar="FILE")
@click.argument("pictures", metavar="PICTURE...", nargs=-1, required=True)
@click.option("--against", metavar="TABLE", default="default", help="Compare with this table.")
def try_(file: str, pictures: tuple[str, ...], against: str) -> None:
    """Say how the decisions of the table FILE differ from the default table's on pictures.

    PICTURE is a file or a folder of pictures, several if you like. Beside each difference stand
    the rules that made it.

    \b
    Examples:
      promenade rules try mine.yaml holiday.jpg
      promenade rules try mine.yaml photos --against plain
    """
    from composer.workbench.trial import trial

    # All at the end, for at a terminal there is a bar until then.
    say("\n".join(list(trial(file, pictures, against))))
