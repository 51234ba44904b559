"""Names of colours and places, as a person would say them."""

import numpy as np
import pytest

from analysis.picture.maps import to_lab
from analysis.picture.regions import colour_word, distinct, place_word

NAMED = {
    "#000000": "black",
    "#ffffff": "white",
    "#808080": "grey",
    "#d3d3d3": "pale grey",
    "#303030": "dark grey",
    "#ff0000": "bright red",
    "#6e1210": "dark red",
    "#ffb6c1": "pale pink",
    "#ff8c00": "bright orange",
    "#e07049": "orange",
    "#6b4423": "dark brown",
    "#a0703c": "brown",
    "#d2b48c": "beige",
    "#fff8dc": "cream",
    "#ffd700": "yellow",
    "#5f5f20": "olive",
    "#3f3f10": "dark olive",
    "#228b22": "green",
    "#0a3d0a": "dark green",
    "#b4e0b4": "pale green",
    "#40c8c0": "turquoise",
    "#87ceeb": "pale blue",
    "#1f3f8f": "dark blue",
    "#3f6fbf": "blue",
    "#6f7f8f": "greyish blue",
    "#7d3fa0": "purple",
}


@pytest.mark.parametrize("colour", NAMED)
def test_colours_have_their_usual_names(colour: str) -> None:
    codes = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    lab = to_lab(np.array([[codes]], np.uint8))[0, 0]
    assert colour_word(*(float(value) for value in lab)) == NAMED[colour]


@pytest.mark.parametrize(
    ("x", "y", "box", "share", "name"),
    [
        (0.5, 0.1, (0.0, 0.0, 1.0, 0.2), 0.2, "across the top"),
        (0.5, 0.5, (0.0, 0.4, 1.0, 0.6), 0.2, "across the middle"),
        (0.5, 0.9, (0.0, 0.8, 1.0, 1.0), 0.2, "across the bottom"),
        (0.1, 0.5, (0.0, 0.0, 0.2, 1.0), 0.2, "left side"),
        (0.5, 0.5, (0.4, 0.0, 0.6, 1.0), 0.2, "down the middle"),
        (0.8, 0.2, (0.7, 0.1, 0.9, 0.3), 0.1, "upper right"),
        (0.5, 0.8, (0.4, 0.7, 0.6, 0.9), 0.1, "bottom"),
        (0.2, 0.5, (0.1, 0.4, 0.3, 0.6), 0.1, "left"),
        (0.5, 0.5, (0.4, 0.4, 0.6, 0.6), 0.1, "centre"),
        (0.5, 0.5, (0.0, 0.0, 1.0, 1.0), 1.0, "all over"),
        (0.5, 0.5, (0.0, 0.0, 1.0, 1.0), 0.6, "background"),
        (0.5, 0.5, (0.0, 0.0, 1.0, 1.0), 0.1, "here and there"),
    ],
)
def test_places_have_their_usual_names(
    x: float, y: float, box: tuple[float, float, float, float], share: float, name: str
) -> None:
    assert place_word(x, y, box, share) == name


def test_two_of_a_name_are_told_apart() -> None:
    assert distinct([("left, grey", 50.0), ("right, grey", 40.0)]) == ["left, grey", "right, grey"]
    assert distinct([("left, grey", 50.0), ("left, grey", 40.0)]) == [
        "left, grey (the lighter)",
        "left, grey (the darker)",
    ]
    assert len(set(distinct([("centre, blue", 30.0)] * 5))) == 5
