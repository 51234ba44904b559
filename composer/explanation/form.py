"""The form for a terminal: what frames it, its line of tension, and the outline in its tune."""

from __future__ import annotations

from composer.explanation.format import Explanation, PlanJson
from composer.explanation.layout import WIDTH, dim, heading, short, value

EIGHTHS = "▁▂▃▄▅▆▇█"
LEFT = 11  # columns before the line
NONE = "none"


def form(document: Explanation) -> list[str]:
    """The form's name and what stands before and behind it; a bar of the piece is a column, or
    several bars where there are too many, and the higher the tenser. None for a plan without a
    line of tension."""
    plan = document["plan"]
    curve = plan.get("tension")
    if not curve:
        return []
    bar = curve.index(max(curve)) + 1
    named = f"{plan['form']}{_frame(plan)}; tensest in bar {bar} of {len(curve)}"
    return [
        heading("Form") + "  " + dim(short(named, WIDTH - LEFT)),
        f"  {'tension':<{LEFT - 2}}{value(line(curve, WIDTH - LEFT))}",
        *_outline(plan),
    ]


def _outline(plan: PlanJson) -> list[str]:
    """How the tune follows the picture's outline, in each section that is planned to show it."""
    rows = [(one["name"], one.get("followed")) for one in plan["sections"]]
    told = [f"{name} {r:.2f}" for name, r in rows if r is not None]
    if not told:
        return []
    text = f"followed by the tune, r (1 is all the way): {', '.join(told)}"
    return [f"  {'outline':<{LEFT - 2}}{value(short(text, WIDTH - LEFT))}"]


def _frame(plan: PlanJson) -> str:
    """`; introduction: vamp; coda: fragment`: what there is of the two."""
    parts = (("introduction", plan.get("introduction")), ("coda", plan.get("coda")))
    return "".join(f"; {name}: {kind}" for name, kind in parts if kind and kind != NONE)


def line(curve: list[float], most: int) -> str:
    """A sign a bar, eight heights from 0 to 1; of several bars that share a sign the highest.

    >>> line([0.0, 0.5, 1.0], 70)
    '▁▅█'
    """
    bars = -(-len(curve) // most)
    heights = [max(curve[i : i + bars]) for i in range(0, len(curve), bars)]
    return "".join(EIGHTHS[min(7, int(8 * height))] for height in heights)
