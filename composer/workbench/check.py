"""What is wrong with a table, and what in it does nothing."""

from __future__ import annotations

from composer.errors import TableError, listed
from composer.music.vocabulary import vocabulary
from composer.table import survey

SOUND, WASTEFUL, FAULTY = 0, 1, 2


def check(name: str) -> tuple[str, int]:
    """The report on a table, and the exit status that says how it stands.

    Raises UserError where there is no such file.
    """
    try:
        table, waste = survey(name, vocabulary())
    except TableError as error:
        count = len(error.faults)
        return f"{listed(error.faults)}\n\n{_counted(count, 'fault')}: mend them first.", FAULTY
    made = [rule for rule in table.rules if not rule.part_of]
    parts = {rule.part_of for rule in table.rules if rule.part_of}
    size = (
        f"{_counted(len(made) + len(parts), 'rule')}, "
        f"{_counted(sum(not term.made for term in table.terms.values()), 'term')}, "
        f"{_counted(len(table.decisions), 'decision')}"
    )
    based = f" on {table.extends}" if table.extends else ""
    if not waste:
        return f"{name} is sound: {table.name}{based}, {size}.", SOUND
    found = _counted(len(waste), "thing")
    return f"{listed(waste)}\n\n{name} can be used ({size}), but {found} in it to mend.", WASTEFUL


def _counted(count: int, what: str) -> str:
    """
    >>> _counted(1, "fault"), _counted(2, "fault")
    ('1 fault', '2 faults')
    """
    return f"{count} {what}" + ("" if count == 1 else "s")
