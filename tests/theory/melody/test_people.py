"""What people wrote, held against the rule of melodic intervals: it must bind nobody much."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from theory.melody.moves import Move, move_of
from theory.pitch import LETTERS, Pitch

DATA = Path(os.environ.get("PROMENADE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SHEETS = DATA / "openewld.tar.xz"
# A melody rule that forbids more of what people wrote than this is to be soft.
MOST = 0.03


def lead_sheets() -> Iterator[list[Pitch]]:
    """The spelled melody of each public-domain lead sheet, ties counted once."""
    with tarfile.open(SHEETS) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None or not member.name.endswith(".mxl"):
                continue
            with zipfile.ZipFile(io.BytesIO(file.read())) as score:
                name = next(n for n in score.namelist() if n.endswith(".xml") and "META" not in n)
                yield _melody(score.read(name))


def _melody(text: bytes) -> list[Pitch]:
    found = []
    for note in ElementTree.fromstring(text).iterfind("part/measure/note"):
        pitch = note.find("pitch")
        tied = any(tie.get("type") == "stop" for tie in note.findall("tie"))
        if pitch is None or tied or note.find("chord") is not None:
            continue
        step, octave = pitch.findtext("step", "C"), pitch.findtext("octave", "4")
        alter = int(float(pitch.findtext("alter") or 0))
        found.append(Pitch(LETTERS.index(step), alter, int(octave)))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not SHEETS.exists(), reason="the lead sheets (PROMENADE_DATA) are not here")
def test_the_rule_of_intervals_forbids_little_of_what_people_wrote() -> None:
    total = refused = 0
    for melody in lead_sheets():
        for one, two in pairwise(melody):
            total += 1
            refused += move_of(one.to(two)) == Move.REFUSED
    assert total > 40_000
    assert refused / total < MOST
