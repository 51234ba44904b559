"""A length that is asked for: the tempo stays, and the form grows or shrinks until it lasts so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from analysis.picture.analyse import Analysis
from composer.music.orchestra import load_orchestra
from composer.music.plan import make_plan
from composer.settings import BARS, Settings
from composer.table import Decisions, Question, Table, decide, measured
from composer.values import Plan
from composer.wishes.length import LONGEST, MOST, SHORTEST, Length
from theory.harmony.lengths import FEWEST
from theory.metre import METRES
from theory.tempo import Clock

TEMPO, FRAMES = "tempo", ("introduction", "coda")
ROOM = 12  # bars below which a piece has room for neither an introduction nor a coda
TRIES, AROUND = 6, 4  # lengths that are tried on the way, and around the best of them
Factor = tuple[str, Decimal, Decimal]  # a wish in words, by how much, and how often


def lengthened(
    table: Table,
    analysis: Analysis,
    settings: Settings,
    length: Length | None,
    factor: Factor | None,
) -> tuple[Table, Decisions]:
    """The table that keeps the tempo at the bars that are asked for, and its decisions.

    length: the bars or the seconds of the whole piece; or factor: a wish for more or less than it
    would have lasted. With neither, the bars are those that were set by hand: the form's own.
    """
    typed = settings.decided.get(BARS)
    given = {name: value for name, value in settings.decided.items() if name != BARS}
    work = _Lengths(table, analysis, settings, given)
    if typed is not None:
        bars = _whole(typed)
        if bars is None:  # let the table say what is wrong with it
            return table, decide(table, work.features, settings.decided)
        return work.at(bars, "you said so")
    if factor is not None:
        word, by, degree = factor
        wished = work.usual_seconds * float(by) ** float(degree)
        return work.nearest(min(LONGEST, max(SHORTEST, wished)), None, f"you asked for {word}")
    assert length is not None
    seconds = None if length.seconds is None else float(length.seconds)
    return work.nearest(seconds, length.bars, f"you asked for {length}")


def on_grid(table: Table, typed: str | None) -> bool:
    """Could the table itself have decided so many bars?"""
    bars, asked = None if typed is None else _whole(typed), table.decisions[BARS]
    if bars is None or not asked.low <= bars <= asked.high:
        return False
    return asked.step is None or (bars - asked.low) % asked.step == 0


def _whole(typed: str) -> int | None:
    try:
        value = Decimal(typed.strip())
    except ArithmeticError:
        return None
    fits = value.is_finite() and value == int(value) and FEWEST <= value <= MOST
    return int(value) if fits else None


class _Lengths:
    """One picture's piece at one length after another."""

    def __init__(
        self, table: Table, analysis: Analysis, settings: Settings, given: Mapping[str, str]
    ) -> None:
        self.table, self.analysis, self.settings, self.given = table, analysis, settings, given
        self.features = measured(analysis)
        self.book = load_orchestra(table.orchestra).forms
        self.usual = decide(table, self.features, given)

    def plan(self, decisions: Decisions, *, exact: bool) -> Plan:
        return make_plan(decisions, self.analysis, self.settings.off, self.book, exact=exact)

    @property
    def usual_seconds(self) -> float:
        """How long the piece is where nobody asks for a length."""
        return _seconds(self.plan(self.usual, exact=False))

    def at(self, bars: int, why: str, *, bare: bool = False) -> tuple[Table, Decisions]:
        """The table and its decisions at so many bars of the form; `bare` without what stands
        before and behind it, if that was not set by hand."""
        given = {**self.given, BARS: str(bars)}
        table = replace(self.table, decisions=self._questions(bars, bare))
        return table, decide(table, self.features, given, {BARS: why})

    def _questions(self, bars: int, bare: bool) -> dict[str, Question]:
        """What there is to decide, the bars being given: the tempo is what it would have been."""
        found = dict(self.table.decisions)
        asked = found[BARS]
        low, high = min(asked.low, Decimal(bars)), max(asked.high, Decimal(bars))
        found[BARS] = replace(asked, low=low, high=high, step=None)
        tempo = self.usual[TEMPO].value
        if found[TEMPO].kind == "number" and isinstance(tempo, Decimal):
            # So narrow that no other step of the tempo lasts so long.
            near = (found[TEMPO].step or Decimal("0.0001")) * Decimal("0.4")
            beats = Decimal(bars * METRES[self.usual.choice("metre")].beats * 60)
            lasts = (beats / (tempo + near), beats / (tempo - near))
            fine = Decimal("0.000001")
            found[TEMPO] = replace(
                found[TEMPO], lasts=(lasts[0].quantize(fine), lasts[1].quantize(fine))
            )
        if bare:
            for name in FRAMES:
                if name not in self.given and name in found and "none" in found[name].choices:
                    found[name] = replace(found[name], choices=("none",))
        return found

    def nearest(self, seconds: float | None, bars: int | None, why: str) -> tuple[Table, Decisions]:
        """The table and decisions at the bars of the form with which the whole comes nearest to so
        many seconds, or bars."""
        metre = METRES[self.usual.choice("metre")]
        bar = metre.beats * 60 / self.usual.number(TEMPO)
        wished = float(bars) if bars is not None else (seconds or 0) / bar
        bare = wished < ROOM
        tried: dict[int, float] = {}

        def over(form: int) -> float:
            """By how many bars the piece is too long."""
            if form not in tried:
                plan = self.plan(self.at(form, why, bare=bare)[1], exact=True)
                has = float(plan.bars) if bars is not None else _seconds(plan) / bar
                tried[form] = has - wished
            return tried[form]

        form = _within(round(wished))
        while form not in tried and len(tried) < TRIES:
            form = _within(form - round(over(form)))
        # What stands before and behind the form depends on its bars, so that a step may overshoot.
        best = min(tried, key=lambda form: (abs(tried[form]), form))
        for form in map(_within, range(best - AROUND, best + AROUND + 1)):
            if abs(tried[best]) > 0.5:
                best = min(best, form, key=lambda form: (abs(over(form)), form))
        return self.at(best, why, bare=bare)


def _within(form: int) -> int:
    return max(FEWEST, min(MOST, form))


def _seconds(plan: Plan) -> float:
    return Clock.at_rates(plan.tempo, plan.metre.beat).second(plan.end)
