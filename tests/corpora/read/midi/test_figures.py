"""The reader's figures on collections that people have annotated, as far as they are here."""

from __future__ import annotations

import os
import re
import tarfile
from pathlib import Path

import pytest

from corpora.measure import report
from corpora.read.midi import read

DATA = Path(os.environ.get("PROMENADE_DATA", Path(__file__).parents[5] / "shared" / "data"))
POP909, OPENEWLD = DATA / "pop909.tar.xz", DATA / "openewld.tar.xz"
needs_data = pytest.mark.skipif(
    not POP909.exists(), reason="POP909 is not beside this checkout (PROMENADE_DATA)"
)


def unpacked(folder: Path, songs: int) -> Path:
    """The first songs of POP909's archive, at most so many, unpacked into a folder."""
    seen: set[str] = set()
    with tarfile.open(POP909) as archive:
        for member in archive:
            parts = Path(member.name).parts
            if not member.isfile() or len(parts) < 3 or not parts[1].isdigit():
                continue
            seen.add(parts[1])
            if len(seen) > songs:
                break
            if len(parts) == 3:
                target = folder.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(member)
                assert content is not None
                target.write_bytes(content.read())
    return folder / "POP909"


@needs_data
def test_given_chords_are_read(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, 4)
    for song in sorted(folder.iterdir())[:4]:
        tune = read(song / f"{song.name}.mid", collection="pop909")
        assert tune.inferred == {"key", "metre"}
        assert len(tune.notes) > 100
        # Labels change on beats; the first begins with the upbeat.
        assert all(each.start % tune.metre.beat == 0 for each in tune.chords[1:])
        covered = [any(c.start <= n.start < c.end for c in tune.chords) for n in tune.notes]
        assert sum(covered) > 0.95 * len(covered)


@needs_data
@pytest.mark.slow
def test_the_figures_hold(tmp_path: Path) -> None:
    text = report(unpacked(tmp_path, 1000), OPENEWLD, None)
    least = {
        "melody's track": 95,
        "beats of estimated": 95,
        "key: tonic and mode": 85,
        "key: signature": 92,
        "spelling": 98.5,
        "chords: root  ": 44,
        "chords: root and family": 41,
    }
    for line in text.splitlines():
        figure = re.search(r"([\d.]+) ?%", line)
        assert figure is not None
        for name, bound in least.items():
            if line.startswith(name):
                assert float(figure[1]) >= bound, line
