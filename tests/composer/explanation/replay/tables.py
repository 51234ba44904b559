"""Random small tables of every kind of condition and decision, for the search's proofs."""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from composer.explanation.features import Scale
from composer.table import Evidence, MappingRule, Question, Table
from composer.table.conditions import Chosen, Condition, Is, Joined, Shaped, Term

SCALES = {
    "a": Scale(0, 10, 8),
    "b": Scale(-2, 2, 3),
    "hue": Scale(0, 360, 324, 360),
}
CHOICES = ("one", "two", "three")
CONVENTION = Evidence("C", "none", "convention")

amounts = st.integers(-12, 12).map(lambda tenths: Decimal(tenths) / 10)


@st.composite
def terms(draw: st.DrawFn, name: str, feature: str, scale: Scale) -> Term:
    places = st.integers(0, 20).map(lambda k: scale.low + k * (scale.high - scale.low) / 20)
    width = (scale.high - scale.low) * draw(st.integers(1, 10)) / 20
    if scale.turn is not None or draw(st.booleans()):
        return Term(name, feature, draw(places), 0.0, width, scale.turn)
    low = draw(places)
    return Term(name, feature, low, low + draw(st.sampled_from((-1, 1))) * width)


def conditions(names: tuple[str, ...], choices: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    leaf: st.SearchStrategy[Condition] = st.sampled_from(names).map(Is)
    if choices:
        compared = st.sets(st.sampled_from(CHOICES), min_size=1, max_size=2)
        leaf = leaf | st.builds(
            Chosen, st.sampled_from(choices), compared.map(lambda found: tuple(sorted(found)))
        )
    shapes = st.sampled_from(("not", "very", "somewhat"))
    return st.recursive(
        leaf,
        lambda of: (
            st.builds(Shaped, shapes, of)
            | st.builds(
                Joined,
                st.sampled_from(("all", "any")),
                st.lists(of, min_size=2, max_size=3).map(tuple),
            )
        ),
        max_leaves=4,
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A chain of three decisions: a number, a choice that may look at it, and one more of either
    kind that may look at both."""
    known = {f"{f}{k}": draw(terms(f"{f}{k}", f, s)) for f, s in SCALES.items() for k in (1, 2)}
    step = draw(st.sampled_from((None, Decimal("0.1"), Decimal("0.5"))))
    first = Question("first", "number", "", Decimal(-1), Decimal(1), draw(amounts) / 2, step)
    known["up"] = Term("up", "first", 0.0, 0.7)
    known["down"] = Term("down", "first", 0.2, -0.6)
    starts = draw(st.dictionaries(st.sampled_from(CHOICES), amounts, max_size=2))
    second = Question("second", "choice", choices=CHOICES, starts=starts)
    if draw(st.booleans()):
        third = Question("third", "number", "", Decimal(0), Decimal(10), Decimal(4), Decimal(1))
    else:
        needs = {"two": {"second": ("one", "three")}} if draw(st.booleans()) else {}
        third = Question("third", "choice", choices=CHOICES, only=needs)
    rules = []
    for asked, names, earlier in (
        (first, tuple(known)[:6], ()),
        (second, tuple(known), ()),
        (third, tuple(known), ("second",)),
    ):
        for k in range(draw(st.integers(1, 4))):
            adds: Mapping[str, Decimal] = {}
            votes: Mapping[str, Mapping[str, Decimal]] = {}
            if asked.kind == "number":
                adds = {asked.name: draw(amounts) * (1 if asked is first else 5)}
            else:
                said = st.dictionaries(st.sampled_from(CHOICES), amounts, min_size=1, max_size=2)
                votes = {asked.name: draw(said)}
            when = draw(conditions(names, earlier))
            rules.append(MappingRule(f"{asked.name}-{k}", when, adds, votes, "So.", CONVENTION))
    decisions = {asked.name: asked for asked in (first, second, third)}
    return Table("random", "", "random", known, decisions, tuple(rules), {}, {})


pictures = st.fixed_dictionaries(
    {
        "a": st.integers(0, 100).map(lambda k: k / 10),
        "b": st.integers(-40, 40).map(lambda k: k / 20),
        "hue": st.integers(0, 359).map(float),
    }
)
