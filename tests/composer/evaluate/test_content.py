"""Words against the names of files."""

import shutil
from pathlib import Path

import pytest

from analysis.picture.content.words import words
from composer.errors import UserError
from composer.evaluate.content import Named, evaluate_content, judged

SAMPLES = Path(__file__).parents[3] / "analysis" / "picture" / "samples"


def picture(file: str, truth: str, **seen: float) -> Named:
    return Named(file, frozenset(truth.split()), {word: seen.get(word, 0.0) for word in words()})


def test_agreement_by_hand() -> None:
    found = judged(
        [
            picture("a", "dog", dog=0.9), picture("b", "dog", dog=0.4),
            picture("c", "cat", dog=0.6, cat=1.0), picture("d", ""),
        ]
    )  # fmt: skip
    dog, cat = found.agreements
    assert (dog.named, dog.sure, dog.maybe, dog.auc) == (2, (1, 2), (2, 3), 0.75)
    assert (cat.named, cat.sure, cat.maybe, cat.auc) == (1, (1, 1), (1, 1), 1.0)
    assert [(row[2], row[4]) for row in found.calibration] == [(4, 0), (1, 1), (1, 0), (2, 1)]
    assert "dog" in str(found)


def test_a_folder_of_named_pictures(tmp_path: Path) -> None:
    (tmp_path / "buildings").mkdir()
    shutil.copy(SAMPLES / "china.jpg", tmp_path / "buildings" / "one.jpg")
    shutil.copy(SAMPLES / "flower.jpg", tmp_path / "flower-1.jpg")
    (tmp_path / "notes.txt").write_text("no picture")
    found = evaluate_content(str(tmp_path))
    assert found.pictures == 2
    assert {each.word: each.auc for each in found.agreements} == {"building": 1, "flower": 1}


def test_pictures_that_are_named_after_nothing(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "china.jpg", tmp_path / "one.jpg")
    with pytest.raises(UserError, match="No picture there is named after a word"):
        evaluate_content(str(tmp_path))
    with pytest.raises(UserError, match="There is no folder"):
        evaluate_content(str(tmp_path / "none"))
