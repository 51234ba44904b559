"""The typeface of titles, names and chord symbols: STIX General, whose files matplotlib carries.

It looks like Times and has the flat, the sharp and the crotchet. Nothing of matplotlib is loaded.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

CARRIER = "matplotlib"
FAMILY = "STIXGeneral"
# By (bold, italic), the file's name behind the family's.
STYLES = {(False, False): "", (True, False): "Bol", (False, True): "Italic", (True, True): "BolIta"}


def path(bold: bool, italic: bool) -> Path:
    """The TrueType file of a style."""
    spec = find_spec(CARRIER)
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return folder / f"{FAMILY}{STYLES[bold, italic]}.ttf"


def part(bold: bool, italic: bool, signs: Iterable[str]) -> bytes:
    """A WOFF file with these signs of a style alone."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff", notdef_outline=True, hinting=False, layout_features=[])
    options.drop_tables += ["FFTM"]  # when the font was made
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(set(signs))))
    # Its date of change would else be that of the run.
    font = TTFont(path(bold, italic), recalcTimestamp=False)
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
