"""What all tests share: one thread, the same examples, the longest files first, two pieces."""

from __future__ import annotations

import os

# One thread a worker, before NumPy is loaded: more would wait for one another on few processors.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from tests.durations import longest_first  # noqa: E402

if TYPE_CHECKING:
    from analysis.picture.analyse import Analysis
    from composer import Features, Piece
    from composer.explanation.format import Explanation
    from composer.table import Table

# Properties are tried on the same examples at every run: a failure stays to be mended.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with what takes longest, so that two workers end together."""
    items[:] = longest_first(items)


@pytest.fixture(scope="session")
def default_table() -> Table:
    import composer

    return composer.load_table()


@pytest.fixture(scope="session")
def china() -> Piece:
    """The piece of sample:china, sung by rules. A piece is frozen: everybody may have this one."""
    import composer

    return composer.compose("sample:china", melody="rules")


@pytest.fixture(scope="session")
def flower() -> Piece:
    """The piece of sample:flower, sung by rules."""
    import composer

    return composer.compose("sample:flower", melody="rules")


@pytest.fixture(scope="session")
def flower_features() -> Features:
    """What was measured on sample:flower: the door takes it in place of the picture."""
    import composer

    return composer.measure("sample:flower")


@pytest.fixture(scope="session")
def china_features() -> Features:
    import composer

    return composer.measure("sample:china")


@pytest.fixture(scope="session")
def china_sung() -> Piece:
    """The piece of sample:china, sung by the network that is shipped."""
    import composer

    return composer.compose("sample:china", melody="neural")


@pytest.fixture(scope="session")
def china_analysis(china: Piece) -> Analysis:
    return china.analysis


@pytest.fixture(scope="session")
def china_document(china: Piece) -> Iterator[Explanation]:
    """The explanation of `china`; whoever wants to change it copies it first."""
    yield from _unchanged(china)


@pytest.fixture(scope="session")
def china_sung_document(china_sung: Piece) -> Iterator[Explanation]:
    """The explanation of `china_sung`; whoever wants to change it copies it first."""
    yield from _unchanged(china_sung)


@pytest.fixture(scope="session")
def china_file(china_document: Explanation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The explanation of `china` as a JSON file, to be read only."""
    from composer.explanation.document import to_json

    path = tmp_path_factory.mktemp("china") / "china.json"
    path.write_text(to_json(china_document), encoding="utf-8")
    return path


def _unchanged(piece: Piece) -> Iterator[Explanation]:
    """An explanation that, when all is done, is held to be what it was."""
    from composer.explanation.document import explanation, to_json

    document = explanation(piece)
    before = to_json(document)
    yield document
    assert to_json(document) == before, "a test changed the explanation that all tests share"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is slow because a machine is busy is not told of among what a test looks at."""
    monkeypatch.setattr("composer.commands.progress.SLOW", 1e9)
