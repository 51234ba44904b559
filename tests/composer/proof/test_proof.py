"""A piece is proven from its file, and no fact of the kinds that docs/proof.md lists can be made
another; hostile files are none."""

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from composer.commands.promenade import promenade
from composer.pipeline import compose
from composer.proof import NoPieceError, RefusedError, prove
from composer.proof.files import tracks
from composer.proof.spelling import chord_of
from composer.render.rendering import Rendering
from composer.settings import Settings
from tests.composer.proof.tampering import changed, leaves, others
from theory.chord import Chord
from theory.scale import Key

HOME = Path(__file__).resolve().parents[3]
PAGE = (HOME / "docs" / "proof.md").read_text(encoding="utf-8")
PROVEN, PART, TRUSTED = (
    "## What is proven",
    "## What is proven in part",
    "## What is taken on trust",
)
SETTINGS = (
    ("sample:china", Settings()),
    ("sample:flower", Settings(melody="rules", make=("much happier",), seed=3)),
    ("sample:china", Settings(overrides=(("metre", "6/8"), ("mode", "harmonic minor")))),
    (
        "sample:flower",
        Settings(length="1min", without=("strong-beat-dissonance",), content=(("wedding", 1.0),)),
    ),
)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Pieces of both singers, of wishes, a length, a rule switched off; their files beside them."""
    folder = tmp_path_factory.mktemp("proof")
    made = []
    for number, (picture, settings) in enumerate(SETTINGS):
        rendering = Rendering(compose(picture, settings))
        path = folder / f"{number}.json"
        path.write_bytes(rendering.json)
        path.with_suffix(".mid").write_bytes(rendering.midi)
        path.with_suffix(".musicxml").write_bytes(rendering.musicxml)
        made.append(path)
    return made


def listed(title: str) -> list[str]:
    """The kinds of facts in a table of the page."""
    table = PAGE.split(f"{title}\n")[1].split("\n## ")[0].split("\n### ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [kind for row in rows for kind in re.findall(r"`([^`]+)`", row)]


KINDS = {kind: title for title in (PROVEN, PART, TRUSTED) for kind in listed(title)}


def table_of(kind: str) -> tuple[str, str]:
    """The row of the page that a kind of fact stands in, the longest, and its table."""
    steps = kind.split(".")
    for length in range(len(steps), 0, -1):
        row = ".".join(steps[:length])
        if row in KINDS:
            return row, KINDS[row]
    raise AssertionError(f"docs/proof.md does not say what {kind} is")


def facts(document: Any) -> dict[str, list[tuple[tuple[str | int, ...], Any]]]:
    """The facts that are proven, by the rows of the page."""
    found = defaultdict(list)
    for kind, path, value in leaves(document):
        row, table = table_of(kind)
        if table == PROVEN:
            found[row].append((path, value))
    return found


def tampered(pieces: list[Path], count: int, seed: int, folder: Path) -> Iterator[str]:
    """So many single facts changed, drawn over kinds; those that were taken for proven."""
    random = Random(seed)
    documents = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in pieces]
    known = [facts(document) for _, document in documents]
    for number in range(count):
        at = number % len(documents)
        (path, document), rows = documents[at], known[at]
        kind = random.choice(sorted(rows))
        place, value = random.choice(rows[kind])
        other = others(value, [each for _, each in rows[kind]], random)
        made = folder / path.name
        made.write_text(json.dumps(changed(document, place, other)), encoding="utf-8")
        for suffix in (".mid", ".musicxml"):
            beside = made.with_suffix(suffix)
            if not beside.exists():
                beside.write_bytes(path.with_suffix(suffix).read_bytes())
        try:
            prove(made)
        except (RefusedError, NoPieceError):
            continue
        yield f"{path.name}: {place} {value!r} -> {other!r}"


def test_pieces_are_proven_with_what_lies_beside_them(pieces: list[Path]) -> None:
    for path in pieces:
        found = prove(path)
        assert found.files == (path.with_suffix(".mid").name, path.with_suffix(".musicxml").name)
        assert min(found.decisions, found.chords, found.notes) > 20


def test_the_page_says_of_every_fact_what_it_is(pieces: list[Path]) -> None:
    met = {
        table_of(kind)[0]
        for path in pieces
        for kind, _, _ in leaves(json.loads(path.read_text(encoding="utf-8")))
    }
    assert met == KINDS.keys()


def test_single_facts_made_others_are_refused(pieces: list[Path], tmp_path: Path) -> None:
    assert list(tampered(pieces, 150, seed=17, folder=tmp_path)) == []


@pytest.mark.slow
def test_two_thousand_facts_made_others_are_refused(pieces: list[Path], tmp_path: Path) -> None:
    assert list(tampered(pieces, 2000, seed=2026, folder=tmp_path)) == []


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("decisions", "mood", "value"), "wistful", "$.decisions.mood.value is"),
        (
            ("decisions", "tempo", "shares", 1, "amount"),
            99,
            "$.decisions.tempo.shares[1].amount is",
        ),
        (("notes", 7, "key"), 61, "$.notes[7].key is 61, not"),
        (("harmony", 3, "function"), "chromatic", "$.harmony[3].function is chromatic, not"),
        (("plan", "seconds"), 3, "$.plan.seconds is 3, not"),
    ],
)
def test_what_does_not_follow_is_named(
    pieces: list[Path], tmp_path: Path, place: tuple[str | int, ...], value: Any, says: str
) -> None:
    document = json.loads(pieces[0].read_text(encoding="utf-8"))
    path = tmp_path / "piece.json"
    path.write_text(json.dumps(changed(document, place, value)), encoding="utf-8")
    result = CliRunner().invoke(promenade, ["prove", str(path)])
    assert (result.exit_code, result.output.startswith(f"Refused: {says}")) == (1, True)


def test_the_command_says_what_was_proven(pieces: list[Path]) -> None:
    result = CliRunner().invoke(promenade, ["prove", str(pieces[0])])
    assert result.exit_code == 0
    assert re.fullmatch(
        r"Proven: \d+ decisions, \d+ chords, \d+ notes, and 0\.mid and 0\.musicxml beside it\.\n",
        result.output,
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", '{"promenade": 3', '{"promenade": 3}', '{"promenade": NaN}',
        '{"promenade": 3, "promenade": 3}', '{"promenade": 1e999999}', "[" * 100_000,
        '{"promenade": 3, "title": ' + "9" * 5000 + "}", "\x00", "\ud800",
        '{"promenade": 3, "title": "a", "picture": {"name": "a"}, "rules": {"table": 7}}',
    ],
)  # fmt: skip
def test_what_is_no_piece_is_told_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "piece.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(promenade, ["prove", str(path)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_files_beside_it_that_are_broken_prove_nothing(pieces: list[Path], tmp_path: Path) -> None:
    path = tmp_path / pieces[0].name
    path.write_bytes(pieces[0].read_bytes())
    midi = pieces[0].with_suffix(".mid").read_bytes()
    score = pieces[0].with_suffix(".musicxml").read_bytes()
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><score-partwise>&b;</score-partwise>'
    for suffix, data in ((".mid", midi[:900]), (".musicxml", bomb), (".musicxml", score[:9000])):
        path.with_suffix(suffix).write_bytes(data)
        with pytest.raises(NoPieceError):
            prove(path)
        path.with_suffix(suffix).unlink()
    at = midi.index(b"\x90", midi.index(b"MTrk", 200)) + 1
    path.with_suffix(".mid").write_bytes(midi[:at] + bytes([midi[at] ^ 1]) + midi[at + 1 :])
    with pytest.raises(RefusedError):
        prove(path)


def test_a_track_is_read_with_running_status() -> None:
    body = bytes([0, 0x90, 60, 90, 10, 60, 0, 0, 0xFF, 0x2F, 0])
    data = (
        b"MThd" + bytes([0, 0, 0, 6, 0, 1, 0, 1, 1, 0xE0]) + b"MTrk" + bytes([0, 0, 0, len(body)])
    )
    (track,) = tracks(data + body)
    assert track.notes == {60: [(0, 10, 90)]}


def test_it_imports_the_standard_library_and_itself_alone() -> None:
    for path in (HOME / "composer" / "proof").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name == "composer.proof" or name.startswith("composer.proof.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"


@pytest.mark.parametrize("figure", ["", "6", "64", "7", "65", "43", "42", "maj7", "sus4", "add6"])
def test_numerals_are_read_as_the_composer_reads_them(figure: str) -> None:
    numerals = ("I", "ii", "bIII", "iv", "V", "#iv", "bVII", "viio", "iiø")
    romans = [f"{one}{figure}{rest}" for one in numerals for rest in ("", "/V", "/ii", "@1", "@5")]
    for roman in (*romans, "It6", "Fr43", "Ger65", "Ger65/V"):
        for name in ("C ionian", "D harmonic minor", "Eb dorian"):
            ours = chord_of(roman, name)
            try:
                theirs = Chord.parse(roman, Key.of(*name.split(" ", 1)))
                bass = theirs.bass.fifths
            except (ValueError, IndexError):
                assert ours is None
                continue
            assert ours is not None
            assert [*ours.tones] == [tone.fifths for tone in theirs.tones]
            leading = None if theirs.leading is None else theirs.leading.fifths
            assert (ours.bass, ours.leading, ours.function) == (bass, leading, theirs.function)
            if roman in ("I", "ii65", "V42/V", "Ger65", "V7@1"):
                assert ours.symbol == theirs.symbol
