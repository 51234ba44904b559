"""What a table changes: its decisions beside another's, with the rules that made the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from analysis.errors import PictureError
from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.errors import UserError
from composer.explanation.layout import bold, signed
from composer.music.vocabulary import vocabulary
from composer.table import Decision, Decisions, Table, decide, load_table, measured
from composer.workbench.listing import wrapped
from corpora.progress import watched

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp")
_NAMED = 4  # rules that are named beside a difference


@dataclass(frozen=True, slots=True)
class Difference:
    """One decision that two tables make differently, and by which rules.

    `rules` are (rule, what it gave more than in the other table), the most telling first: for a
    choice, towards the new one and away from the old.
    """

    decision: str
    before: str
    after: str
    rules: tuple[tuple[str, Decimal], ...]

    def __str__(self) -> str:
        named = ", ".join(f"{rule} {signed(float(amount))}" for rule, amount in self.rules[:_NAMED])
        more = len(self.rules) - _NAMED
        rest = f" and {more} more" if more > 0 else ""
        return f"{self.decision}: {self.before} → {self.after}  ({named or 'rounding'}{rest})"


def trial(file: str, pictures: Sequence[str], against: str) -> Iterator[str]:
    """The report: what was changed how often, then picture by picture.

    A picture in a folder that cannot be read is named and passed over. Raises UserError where a
    table is wrong, a folder holds no picture, or nothing can be read.
    """
    known = vocabulary()
    before, after = load_table(against, known), load_table(file, known)
    paths = list(find(pictures))
    moved: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    seen = 0
    rows: list[str] = []
    for path, alone in watched(paths, "trying"):
        try:
            picture = analyse(load(path), look=True)
        except PictureError as error:
            if alone:
                raise
            rows.append(f"{path}: passed over. {error}")
            continue
        seen += 1
        found = compare(*(_decided(table, picture) for table in (before, after)))
        moved.update(each.decision for each in found)
        blamed.update({rule for each in found for rule, _ in each.rules})
        rows.append("\n".join(_picture(path, found)))
    if not seen:
        raise UserError("None of the pictures could be read.")
    if seen > 1:
        yield "\n".join(_sum(moved, blamed, seen, against))
    yield from rows


def _decided(table: Table, picture: Analysis) -> Decisions:
    return decide(table, measured(picture.told(table.content)))


def find(pictures: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Every picture's path, those of a folder by name; and whether it was named itself."""
    for name in pictures:
        if not Path(name).is_dir():
            yield name, True
            continue
        inside = sorted(path for path in Path(name).iterdir() if path.suffix.lower() in SUFFIXES)
        if not inside:
            raise UserError(f"There is no picture in the folder {name}.", "Name another folder.")
        yield from ((str(path), False) for path in inside)


def compare(before: Decisions, after: Decisions) -> tuple[Difference, ...]:
    """Where two tables decide differently on one picture, in the order of the decisions."""
    found = []
    for name, new in after.items():
        old = before.made.get(name)
        if old is None or old.value == new.value:
            continue
        gained = _gains(old, new)
        telling = sorted(gained.items(), key=lambda row: -abs(row[1]))
        rules = tuple((rule, amount) for rule, amount in telling if amount)
        found.append(Difference(name, _value(old), _value(new), rules))
    return tuple(found)


def _gains(old: Decision, new: Decision) -> dict[str, Decimal]:
    """Rule -> how much more it gave in the new table: to a number; or, of a choice, to the new
    winner against the old one."""
    if new.kind == "number":
        return _minus(_shares(new, None), _shares(old, None))
    winner, loser = str(new.value), str(old.value)
    for_winner = _minus(_shares(new, winner), _shares(old, winner))
    for_loser = _minus(_shares(new, loser), _shares(old, loser))
    return _minus(for_winner, for_loser)


def _shares(made: Decision, choice: str | None) -> dict[str, Decimal]:
    shares = made.shares if choice is None else made.rivals.get(choice, ())
    return {share.rule: share.amount for share in shares}


def _minus(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    nought = Decimal(0)
    return {
        rule: one.get(rule, nought) - other.get(rule, nought)
        for rule in dict.fromkeys((*one, *other))
    }


def _value(made: Decision) -> str:
    if isinstance(made.value, str):
        return made.value
    return f"{made.value.quantize(Decimal('0.01')).normalize():f}".replace("-", "−")


def _picture(path: str, found: Sequence[Difference]) -> Iterator[str]:
    yield bold(path)
    if not found:
        yield "  as before"
    for each in found:
        yield from wrapped(str(each), 2)


def _sum(
    moved: Mapping[str, int], blamed: Mapping[str, int], seen: int, against: str
) -> Iterator[str]:
    yield bold(f"Over {seen} pictures, against {against}")
    if not moved:
        yield "  Nothing is decided differently."
    for name, count in sorted(moved.items(), key=lambda row: -row[1]):
        yield f"  {name:<20} {count:>4} of {seen}"
    yield from (
        wrapped(
            "by "
            + ", ".join(f"{rule} ({count})" for rule, count in Counter(blamed).most_common(12)),
            2,
        )
        if blamed
        else ()
    )
