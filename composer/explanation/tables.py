"""Tables for a terminal: what was measured on a picture, and what there is to decide."""

from __future__ import annotations

from textwrap import wrap

from analysis.picture.analyse import Analysis
from analysis.picture.catalogue import CATALOGUE
from composer.explanation.style import WIDTH, plain, wrapped
from composer.table import Table


def feature_table(analysis: Analysis) -> str:
    """Every feature with its value, unit and range; its meaning on the line below."""
    picture = analysis.picture
    rows = [f"{picture.name}: {picture.width} × {picture.height} pixels"]
    group = ""
    for name, value in analysis.features.items():
        feature = CATALOGUE[name]
        first, _, rest = name.partition(".")
        if first != group:
            group = first
            rows += ["", f"{first}.*".ljust(24) + f"{'value':>9}  {'unit':<11}range"]
        span = f"{feature.low:g} to {feature.high:g}"
        rows.append(f"  {rest:<22}{plain(value):>9}  {feature.unit:<11}{span}")
        rows += wrapped(feature.meaning, 6)
    rows += ["", "palette"]
    for swatch in analysis.palette:
        rows.append(f"  {swatch.hex}  {swatch.share:4.0%}")
    rows += ["", "regions, from left to right"]
    rows += [f"  {region.share:4.0%}  {region.hex}  {region.name}" for region in analysis.regions]
    return "\n".join(rows)


def decision_table(table: Table) -> str:
    """Every decision with its range, step and unit, or its choices."""
    names = table.decisions
    width = max(map(len, names)) + 2
    rows = []
    for name, question in names.items():
        lines = wrap(question.span(), WIDTH - width, break_long_words=False)
        rows.append(f"{name:<{width}}{lines[0]}")
        rows += [" " * width + line for line in lines[1:]]
    return "\n".join(rows)
