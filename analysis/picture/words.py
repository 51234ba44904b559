"""Places and colours in words, for the names of regions."""

import numpy as np

# Hue in degrees of CIELAB up to which a name holds, for colours of middling lightness.
_HUES = (
    (12, "pink"),
    (50, "red"),
    (75, "orange"),
    (108, "yellow"),
    (165, "green"),
    (215, "turquoise"),
    (308, "blue"),
    (332, "purple"),
    (360, "pink"),
)


def colour_word(lightness: float, a: float, b: float) -> str:
    """A plain English name of a CIELAB colour, such as "dark blue" or "pale grey".

    >>> colour_word(32, 79, -108)
    'dark blue'
    >>> colour_word(97, 0, 0)
    'white'
    """
    chroma = float(np.hypot(a, b))
    hue = float(np.degrees(np.arctan2(b, a))) % 360
    if (lightness < 9 and chroma < 20) or (lightness < 16 and chroma < 13):
        return "black"
    if chroma < 7:
        return _grey(lightness)
    tone = _tone(lightness, chroma)
    name = _hue(lightness, chroma, hue)
    if name in ("beige", "cream"):
        return name
    if chroma < 16 and name != "olive":
        return f"{tone}greyish {name}"
    if chroma > 70 and 35 <= lightness <= 75:
        return f"bright {name}"
    return f"{tone}{name}"


def _hue(lightness: float, chroma: float, hue: float) -> str:
    """The name of a hue, which for warm colours hangs on lightness and chroma too."""
    name = next(name for bound, name in _HUES if hue <= bound)
    if chroma < 50 and lightness < 78 and (45 if chroma > 28 else 25) <= hue <= 112:
        # Dull orange is called brown, or beige where it is light; dull yellow olive.
        if hue > 85 and lightness < 70:
            return "olive"
        return "beige" if lightness > 60 and hue <= 100 else "brown" if hue <= 100 else name
    if chroma < 35 and 50 <= hue <= 100:
        return "cream" if lightness > 85 else "beige"
    if name == "red" and lightness > 58:
        return "orange" if hue > 38 else "pink"
    return name


def place_word(x: float, y: float, box: tuple[float, float, float, float], share: float) -> str:
    """Where an area lies, from its centre of mass (0..1, from left and top), box and share."""
    width, height = box[2] - box[0], box[3] - box[1]
    if width > 0.75 and height > 0.75:
        return "all over" if share > 0.9 else "background" if share > 0.3 else "here and there"
    row = "upper" if y < 0.4 else "lower" if y > 0.6 else ""
    column = "left" if x < 0.4 else "right" if x > 0.6 else ""
    if width > 0.75:
        return f"across the {({'upper': 'top', 'lower': 'bottom'}).get(row, 'middle')}"
    if height > 0.75:
        return f"{column} side" if column else "down the middle"
    if row and column:
        return f"{row} {column}"
    if row:
        return {"upper": "top", "lower": "bottom"}[row]
    return column or "centre"


def distinct(named: list[tuple[str, float]]) -> list[str]:
    """Names made different where two are the same, by their lightness (L*)."""
    names = []
    for index, (name, lightness) in enumerate(named):
        same = [(value, i) for i, (other, value) in enumerate(named) if other == name]
        if len(same) == 1:
            names.append(name)
            continue
        rank = sorted(same).index((lightness, index))
        word = (
            "the darkest"
            if rank == 0
            else "the lightest"
            if rank == len(same) - 1
            else "the middle"
        )
        if len(same) == 2:
            word = ("the darker", "the lighter")[rank]
        names.append(
            f"{name} ({word})" if len(same) <= 3 else f"{name} ({rank + 1} of {len(same)})"
        )
    return names


def _tone(lightness: float, chroma: float) -> str:
    """A light colour is pale only where it is dull: yellow is light by nature."""
    return "dark " if lightness < 38 else "pale " if lightness > 78 and chroma < 45 else ""


def _grey(lightness: float) -> str:
    for bound, name in ((14, "black"), (40, "dark grey"), (68, "grey"), (92, "pale grey")):
        if lightness < bound:
            return name
    return "white"
