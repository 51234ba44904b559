"""What the user can mend is one sentence; anything else is a bug and keeps its traceback."""

import pytest

from analysis.errors import PictureError
from composer.errors import UserError, mendable, nothing_legal
from corpora.errors import CorpusError, ScoreError
from neural.errors import NeuralError
from theory.melody.results import NoMelody
from theory.voices.frame import NoVoicing

MENDABLE = (PictureError, CorpusError, ScoreError, NeuralError, UserError)


@pytest.mark.parametrize("kind", MENDABLE)
def test_what_each_room_calls_mendable_is_its_own_sentence(kind: type[Exception]) -> None:
    assert mendable(kind("The file is empty.")) == "The file is empty."


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), OSError(22, "no sense")])
def test_another_error_is_a_bug(error: Exception) -> None:
    assert mendable(error, ["--set bars=16"]) is None


@pytest.mark.parametrize("kind", [NoVoicing, NoMelody])
def test_nothing_legal_is_the_user_s_only_where_the_rules_are(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    error.args = ("No way leads through bar 3.",)
    assert nothing_legal(error)
    assert mendable(error) is None
    said = mendable(error, ["--rules mine.yaml", "--without spacing"])
    assert said is not None
    assert said.endswith(
        "This comes of --rules mine.yaml and --without spacing: change or leave out one of them."
    )


def test_a_package_that_is_missing_or_broken_is_said_with_what_installs_it() -> None:
    missing = ModuleNotFoundError("No module named 'verovio'", name="verovio.toolkit")
    assert (mendable(missing) or "").startswith("verovio is not installed. Run: pip install ")
    broken = ImportError("libFLAC.so: cannot open", name="soundfile")
    assert mendable(broken) == (
        "soundfile cannot be loaded: libFLAC.so: cannot open. "
        "Run: pip install --force-reinstall soundfile."
    )


@pytest.mark.parametrize("name", ["composer.nowhere", "theory", "json.nowhere", None])
def test_a_module_of_our_own_that_is_missing_is_a_bug(name: str | None) -> None:
    assert mendable(ImportError("cannot import it", name=name)) is None
