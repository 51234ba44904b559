"""A counterfactual in the picture's own words: "if the picture were 12 % less colourful …"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from analysis.picture.catalogue import CATALOGUE
from composer.explanation.replay import Change, Counterfactual
from composer.explanation.style import listed, music
from composer.table.conditions import PLACE

# Features that measure how much of something there is: of these a change can be told in per cent.
AMOUNTS = (
    "colour.chroma",
    "colour.saturation",
    "colour.colourfulness",
    "light.lightness",
    "light.contrast",
    "texture.edge_density",
    "texture.roughness",
    "texture.grain",
    "layout.openness",
)
WITH = "with "  # of what a picture has, and not is
LEAST_SHOWN = 0.005  # a change of less than half a per cent is told in figures alone


@cache
def words() -> Mapping[str, tuple[str, str]]:
    """Feature -> how a picture is with less and with more of it."""
    text = (files("composer") / "explanation" / "words.yaml").read_text(encoding="utf-8")
    return {name: (less, more) for name, (less, more) in yaml.safe_load(text).items()}


def sentence(found: Counterfactual, unit: str = "") -> str:
    """The whole of it, as `if the picture were 12 % less colourful (33.5, not 38.1), mode would
    be aeolian`; `unit` is the decision's."""
    name = found.decision.replace("_", " ")
    after = found.after if isinstance(found.after, str) else f"{float(found.after):g} {unit}"
    return f"if {changes(found.changes)}, {name} would be {music(after.strip())}"


def changes(made: Sequence[Change]) -> str:
    """The changes alone: `the picture were darker (24, not 31 L*)`."""
    said = []
    for whose, name in _wholes(made).items():
        found = [_told(change) for change in made if change.feature.partition(" in ")[2] == whose]
        were = [words for words in found if not words.startswith(WITH)]
        had = [words.removeprefix(WITH) for words in found if words.startswith(WITH)]
        parts = [f"were {listed(were)}"] * bool(were) + [f"had {listed(had)}"] * bool(had)
        said.append(f"{name} {' and '.join(parts)}")
    return listed(said)


def _wholes(made: Sequence[Change]) -> dict[str, str]:
    """What the changes are of: the picture, or regions of it by name."""
    regions = dict.fromkeys(change.feature.partition(" in ")[2] for change in made)
    return {region: f"its {region}" if region else "the picture" for region in regions}


def _told(change: Change) -> str:
    feature = change.feature.partition(" in ")[0]
    less, more = words()[feature]
    unit = "" if feature in PLACE else CATALOGUE[feature].unit
    how = more if change.new > change.old else less
    if feature in AMOUNTS and change.old > 0:
        share = abs(change.new - change.old) / change.old
        if LEAST_SHOWN <= share <= 1:
            how = f"{100 * share:.2g} % {how}"
    if unit == "share":
        new, old = _figures(100 * change.new, 100 * change.old)
        return f"{how} ({new} %, not {old} %)"
    new, old = _figures(change.new, change.old)
    return f"{how} ({new}, not {old}{'' if unit == 'score' else ' ' + unit})".replace(" )", ")")


def _figures(new: float, old: float) -> tuple[str, str]:
    """Two numbers with as many places as show two figures of their difference."""
    far = abs(new - old)
    places = min(9, max(0, 1 - math.floor(math.log10(far)))) if far else 2
    new_text, old_text = f"{new:.{places}f}", f"{old:.{places}f}"
    return new_text.replace("-", "−"), old_text.replace("-", "−")
