"""Finds the slip at which YAML gave up, and mends it for reading on: one slip at a time.

YAML tells where it could go no further, which is often a line after the cause. The lines there are
looked through for what people mistype; a guess counts only if YAML gets past it once it is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from composer.table.guesses import slips_of
from composer.table.slip import Slip, in_quotes
from composer.table.text import Edit, Text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BACK = 3  # lines above the place that are looked through
_NAME = re.compile(r"[ \t]*(?:- *)?(?:id *: *)?[\"']?([\w .#+/-]+?)[\"']? *(?::|$)")
# What YAML says where it gives up -> what that means.
_MEANT = (
    ("expected ':'", "a colon is missing in this line, or in the one before"),
    ("mapping values", "this colon has no place here"),
    ("cannot start any token", "this sign cannot stand here"),
    ("unexpected end of stream", "a quotation mark or a bracket is never closed"),
    ("',' or '}'", "a { has no } that closes it, or a comma is missing"),
    ("',' or ']'", "a [ has no ] that closes it, or a comma is missing"),
    ("'-' indicator", "this line belongs to no entry of the list above it"),
    ("document start", "a line of three points, above, has ended the table"),
    ("expected key", "this does not fit what stands before it"),
)
UNKNOWN = "YAML cannot read this"


def mend(text: Text, error: yaml.MarkedYAMLError) -> int:
    """Notes the fault at which YAML gave up, and edits the text so that it gets past.

    Returns how many signs were read for it; 0 where nothing was found by which YAML gets past.
    """
    spent = 0
    for slip in _guesses(text, error):
        for edits in slip.ways:
            whole = text.edited(*edits)
            spent += len(whole)
            after = _gives_up(whole)
            if after is None or _is_past(after, error, slip):
                text.faults.append(text.fault(slip.line, slip.column, slip.code, *slip.said))
                _apply(text, slip, edits)
                return spent
    return spent + _left_out(text, error)


def _left_out(text: Text, error: yaml.MarkedYAMLError) -> int:
    """Leaves out the line at which YAML gave up, or where what it could not read began."""
    line, column = _place(text, error)
    context: Any = error.context_mark
    places = [(line, column)]
    if context is not None and context.line < len(text.now):
        begun = (context.line, context.column)
        places = [begun, *places] if "simple key" in str(error.context) else [*places, begun]
    said = next((said for word, said in _MEANT if word in str(error.problem)), UNKNOWN)
    found = text.fault(*places[0], "yaml", said, "the line mended or left out")
    spent, reached = 0, None
    for at, _ in places:
        edit = Edit(at, 0, len(text.now[at]), "")
        whole = text.edited(edit)
        spent += len(whole)
        after = _gives_up(whole)
        far = _at(after) if after is not None else (len(text.now), 0)
        if far > (at, 0) and (reached is None or far > reached[0]):
            reached = far, edit
    if reached is None:
        text.faults.append(found)
        return 0
    edit = reached[1]
    column = next((column for at, column in places if at == edit.line), 0)
    text.faults.append(text.fault(edit.line, column, "yaml", said, found.expected))
    if named := _NAME.match(text.now[edit.line]):
        text.spoilt.add(named.group(1))
    text.lost = True
    text.edit(edit)
    return spent


def quote(words: str) -> str:
    """How to write words in quotes.

    >>> quote("It's slow."), quote('a "b"')
    ('"It\\'s slow.", in quotes', '\\'a "b"\\', in quotes')
    """
    return f"{in_quotes(words)}, in quotes"


def _apply(text: Text, slip: Slip, edits: tuple[Edit, ...]) -> None:
    if slip.told is not None:
        text.told.add((slip.line, text.typed_at(slip.line, slip.told)))
    text.lost = text.lost or slip.lost
    text.edit(*edits)


def _guesses(text: Text, error: yaml.MarkedYAMLError) -> Iterator[Slip]:
    line, column = _place(text, error)
    context = _line(text, error.context_mark, line)
    near = dict.fromkeys((line, context))
    above = (at for at in range(line - 1, -1, -1) if text.now[at].strip())
    near |= dict.fromkeys(at for at, _ in zip(above, range(_BACK), strict=False))
    yield from slips_of(text.now, tuple(near), column, str(error.problem))


def _place(text: Text, error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Where YAML gave up; at the end of the file, where what is open there began."""
    mark: Any = error.problem_mark or error.context_mark
    if mark is None:
        return 0, 0
    last = max((at for at, line in enumerate(text.now) if line.strip()), default=0)
    if mark.line > last:
        if error.context_mark is not None and "scalar" in str(error.context):
            return error.context_mark.line, error.context_mark.column
        return last, len(text.now[last])
    return mark.line, mark.column


def _line(text: Text, mark: Any, otherwise: int) -> int:
    return min(mark.line, len(text.now) - 1) if mark is not None else otherwise


def _gives_up(whole: str) -> yaml.MarkedYAMLError | None:
    """Where YAML gives up on a text; None where it does not."""
    try:
        for _ in yaml.parse(whole, _LOADER):
            pass
    except yaml.MarkedYAMLError as error:
        return error
    return None


def _at(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    mark: Any = error.problem_mark or error.context_mark
    return (mark.line, mark.column) if mark is not None else (0, 0)


def _is_past(after: yaml.MarkedYAMLError, before: yaml.MarkedYAMLError, slip: Slip) -> bool:
    """Does YAML get past a slip that is mended, to another place?"""
    same = (str(after.problem), _at(after)) == (str(before.problem), _at(before))
    if (
        same
        or _at(after) <= (slip.line, slip.column)
        or (slip.whole and _at(after)[0] == slip.line)
    ):
        return False
    begun: Any = after.context_mark if after.context != before.context else None
    return _at(after) > _at(before) or (begun is not None and begun.line > slip.line)
