"""The rated photographs' features, where the data lies beside the checkout."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from composer.evaluate.mood import Rated, read_rated

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def photographs() -> tuple[Rated, ...]:
    data = Path(os.environ.get("PROMENADE_DATA", ROOT.parent / "shared" / "data")) / "pictures"
    if not (data / "ratings.csv").exists():
        pytest.skip("the rated photographs are not beside this checkout (PROMENADE_DATA)")
    return read_rated(data)


@pytest.fixture(scope="session")
def rated(photographs: tuple[Rated, ...]) -> Mapping[str, Mapping[str, float]]:
    return {each.file: each.features for each in photographs}
