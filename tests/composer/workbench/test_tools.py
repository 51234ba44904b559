"""promenade rules: what the tools print, write and refuse."""

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result
from PIL import Image

import cli
from composer.music.vocabulary import vocabulary
from composer.table import PACKS, load_table
from composer.table.codes import CODES, Code
from composer.table.files import TABLES
from composer.workbench.schema import schema, template

# A line of the template that is an example: a key behind a # and a blank.
EXAMPLE = re.compile(r"^( *)# ( *(?:- )?[a-z][a-z ]*:(?: .*)?)$")
HEAD = "promenade: 2\nname: mine\nextends: default\n"
LULLABY = 'lullaby: {about: A low note rocks., whole: "1", thinner: block}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(*args: object) -> Result:
    return CliRunner().invoke(cli.promenade, ["rules", *map(str, args)])


def saved(folder: Path, more: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(HEAD + more, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ("", 0, "mine.yaml is sound: mine on default, "),
        ("terms: {dim: {feature: light.lightness, from: 40, to: 20}}\n", 1, "P902"),
        ("rules: [{id: light-calms, when: lihgt}]\n", 2, "P301"),
    ],
)
def test_check_says_how_a_table_stands(here: Path, more: str, status: int, said: str) -> None:
    saved(here, more)
    result = rules("check", "mine.yaml")
    assert (result.exit_code, said in result.output) == (status, True), result.output


def test_a_wasteful_table_still_composes(here: Path) -> None:
    saved(here, "terms: {dim: {feature: light.lightness, from: 40, to: 20}}\n")
    args = ["sample:flower", "--rules", "mine.yaml", "--melody", "rules", "-o", "x.mid"]
    assert CliRunner().invoke(cli.compose, args).exit_code == 0


def test_a_table_that_is_not_there() -> None:
    for args in (("check", "fillm"), ("list", "fillm"), ("diff", "default", "fillm")):
        result = rules(*args)
        assert result.exit_code == 2
        assert "There is no table fillm." in result.stderr
        assert "Did you mean film?" in result.stderr


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_every_code_is_explained_wherever_the_program_is_installed(code: Code) -> None:
    result = rules("why", code.code)
    assert result.exit_code == 0, result.output
    said = result.output
    assert said.startswith(f"{code.code}: {code.title}\n")
    assert " ".join(code.says.split()) in " ".join(said.split())
    assert re.search(rf"^    \S+:\d+:\d+: {code.code} ", said, re.MULTILINE)
    assert "docs/" not in said
    assert "/tmp" not in said


def test_a_fault_names_the_command_that_explains_it(here: Path) -> None:
    saved(here, "rules:\n  - {id: night, when: dark, then: {tempo: -8}}\n")
    told = rules("check", "mine.yaml").output
    (command,) = re.findall(r"see promenade rules why (\w+)", told)
    said = rules("why", command.lower()).output
    assert said.startswith("P203: Something is missing\n  Add the key that is named. ")
    assert "  For example, mine.yaml:\n    promenade: 2\n    name: mine\n" in said
    assert "  is told as:\n    mine.yaml:5:5: P203 a rule lacks 'because'\n" in said


def test_the_files_beside_an_example_are_shown() -> None:
    said = rules("why", "L2").output
    assert "  with sounds/chord_patterns.yaml beside it:\n    lullaby: {" in said
    assert "    sounds/chord_patterns.yaml:1:42: L2 4/4 of lullaby has 3 beats\n" in said


def test_there_is_no_such_code() -> None:
    for code, hint in (("P330", "Did you mean P3"), ("shrug", "Every fault names its own")):
        result = rules("why", code)
        assert result.exit_code == 2
        assert f"There is no code {code!r}. {hint}" in result.stderr


def test_rules_and_terms_are_listed() -> None:
    every, some = rules("list").output, rules("list", "plain", "--decision", "tempo").output
    assert "light-calms B\n    when light: arousal −0.017\n" in every
    assert some.splitlines() == [
        "lively-is-fast B",
        "    when lively: tempo +40",
        "quiet-is-slow A",
        "    when quiet: tempo −30",
        "",
        "2 rules of plain that have a part in tempo.",
    ]
    terms = rules("list", "plain", "--terms").output
    assert "dark       light.lightness from 50 (0) to 25 (1)\n" in terms
    refused = rules("list", "--decision", "tempoo")
    assert "There is no decision 'tempoo'. Did you mean tempo?" in refused.stderr


def test_a_rule_is_shown_whole(here: Path) -> None:
    saved(here, "rules: [{id: dark-low, in: top region}]\n")
    said = rules("show", "dark-low", "--rules", "mine.yaml").output
    assert said.startswith("dark-low  mine, mine.yaml:4\n")
    assert "when dark in top region\n" in said
    assert "in the top region from 46 (0) to 24 (1)" in " ".join(said.split())
    assert "grade A" in said
    circle = rules("show", "hue-is-key").output
    assert circle.count("hue-is-key/") == 12
    assert "Did you mean dark-low?" in rules("show", "dark-lo").stderr


def test_two_tables_are_compared_by_name(here: Path) -> None:
    saved(
        here,
        "remove: {rules: [light-calms]}\ndecisions: {tempo: {start: 80}}\n"
        "terms: {dark: {feature: light.lightness, from: 40, to: 20}}\n"
        "rules:\n  - {id: dark-low, then: {register: -5}}\n"
        "  - {id: mine, when: dark, then: {tempo: -9}, because: It is so.}\n",
    )
    said = rules("diff", "default", "mine.yaml").output
    assert "decisions: 0 added, 0 removed, 1 changed\n  ~ tempo\n      start 96 → 80" in said
    assert "terms: 0 added, 0 removed, 1 changed\n  ~ dark\n" in said
    assert "rules: 1 added, 1 removed, 2 changed" in said or "1 changed" in said
    assert "  − light-calms: when light; then arousal −0.017;" in said
    assert "  ~ dark-low\n      then register −1 → register −5" in said
    assert rules("diff", "film", "film").output == "film and film decide everything alike.\n"


def test_an_orchestra_of_one_s_own_is_a_difference(here: Path) -> None:
    (here / "sounds").mkdir()
    text = LULLABY + 'block: {about: Struck and held., 3/4: ["123 | - | -"]}\n'
    (here / "sounds" / "chord_patterns.yaml").write_text(text)
    saved(here, "orchestra: sounds\n")
    said = rules("diff", "default", "mine.yaml").output
    assert said.startswith(
        "default → mine.yaml\n\ndecisions: 0 added, 0 removed, 1 changed\n  ~ chord_pattern\n"
        "      block only with nothing → metre 3/4\n\n"
        "chord patterns: 1 added, 0 removed, 1 changed\n"
        "  + lullaby: about A low note rocks.; whole 1; thinner block\n  ~ block\n"
    )
    assert "      3/4 nothing → [123 | - | -]\n" in said


def test_what_is_new_is_sound_in_its_editor_and_here(
    here: Path, of_schema: jsonschema.Draft202012Validator
) -> None:
    said = rules("new", "sky.yaml", "--extends", "film").output
    assert "Wrote sky.yaml" in said
    text = (here / "sky.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=promenade.schema.json\n")
    assert rules("check", "sky.yaml").exit_code == 0
    beside = json.loads((here / "promenade.schema.json").read_text())
    assert beside == schema() == json.loads(rules("schema").output)
    of_schema.validate(yaml.safe_load(text))
    again = rules("new", "sky.yaml")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    assert rules("new", "sky.txt").exit_code == 2
    assert "Did you mean film?" in rules("new", "x.yaml", "--extends", "fillm").stderr
    assert sorted(path.name for path in here.iterdir()) == ["promenade.schema.json", "sky.yaml"]


def test_a_new_table_extends_the_one_that_was_meant_from_wherever_it_lies(here: Path) -> None:
    (here / "sub").mkdir()
    saved(here, "decisions: {tempo: {start: 80}}\n", "base.yaml")
    for base in ("base.yaml", str(here / "base.yaml")):
        assert rules("new", "sub/mine.yaml", "--extends", base).exit_code == 0
        table = load_table("sub/mine.yaml", vocabulary())
        assert table.decisions["tempo"].start == 80
        (here / "sub" / "mine.yaml").unlink()


@pytest.mark.parametrize("name", ["no", "BASE", "NAME", "a: b", "12", "l'été #2", "null"])
def test_a_new_table_may_have_any_name(here: Path, name: str) -> None:
    assert rules("new", f"{name}.yaml").exit_code == 0
    assert rules("check", f"{name}.yaml").exit_code == 0
    assert load_table(f"{name}.yaml", vocabulary()).name == name
    assert load_table(f"{name}.yaml", vocabulary()).extends == "default"


def test_every_example_of_the_template_is_sound(here: Path) -> None:
    lines = template("mine", "default").splitlines()
    begin = lines.index("promenade: 2")
    bare = [EXAMPLE.sub(r"\1\2", line) for line in lines[begin:]]
    assert sum(line not in lines for line in bare) >= 14
    (here / "mine.yaml").write_text("\n".join(bare) + "\n")
    (here / "sounds").mkdir()
    (here / "sounds" / "chord_patterns.yaml").write_text(LULLABY)
    result = rules("check", "mine.yaml")
    assert (result.exit_code, {*re.findall(r"P\d\d\d", result.output)}) == (1, {"P902"})
    table = load_table("mine.yaml", vocabulary())
    assert {"dark-ground-drones", "sunlight-is-high"} <= {rule.id for rule in table.rules}
    assert table.decisions["tempo"].start == 84
    assert "lullaby" in table.decisions["chord_pattern"].choices


@pytest.fixture(scope="module")
def of_schema() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("name", PACKS)
def test_the_packs_fit_the_schema(name: str, of_schema: jsonschema.Draft202012Validator) -> None:
    of_schema.validate(yaml.safe_load((TABLES / f"{name}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "more",
    [
        "rulez: []",
        "rules: [{id: a, wenn: dark}]",
        "rules: [{id: a, then: {tempo: fast}}]",
        "rules: [{id: a, in: the sky}]",
        "terms: {dim: {feature: light.lightness, from: 40}}",
        "decisions: {tempo: {begin: 80}}",
        "rules: [{id: a, evidence: {grade: D, effect: none, source: convention}}]",
        "orchestra: []",
        "orchestra: {chord_patterns: sounds}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(
    here: Path, more: str, of_schema: jsonschema.Draft202012Validator
) -> None:
    saved(here, more + "\n")
    with pytest.raises(jsonschema.ValidationError):
        of_schema.validate(yaml.safe_load(HEAD + more))
    assert rules("check", "mine.yaml").exit_code == 2


def picture(path: Path, value: int) -> None:
    Image.fromarray(np.full((40, 60, 3), value, np.uint8)).save(path)


def test_a_table_is_tried_over_a_folder(here: Path) -> None:
    saved(
        here,
        "rules:\n  - {id: mine, when: very dark, then: {tempo: +40}, because: It is so.}\n",
    )
    (here / "p").mkdir()
    picture(here / "p" / "dark.png", 5)
    picture(here / "p" / "light.png", 240)
    (here / "p" / "broken.png").write_text("no picture")
    (here / "p" / "notes.txt").write_text("no picture either")
    result = rules("try", "mine.yaml", "p")
    assert result.exit_code == 0, result.output
    said = result.output
    assert "p/broken.png: passed over." in said
    assert "p/light.png\n  as before\n" in said
    assert "  tempo: " in said.partition("p/dark.png")[2].partition("p/light.png")[0]
    assert "(mine +40.0" in said
    assert said.startswith(
        "Over 2 pictures, against default\n  tempo                   1 of 2\n  by mine (1)\n"
    )
    same = rules("try", "default", "p/dark.png").output
    assert same == "p/dark.png\n  as before\n"


def test_pictures_that_cannot_be_tried(here: Path) -> None:
    (here / "empty").mkdir()
    assert "There is no picture in the folder empty." in rules("try", "film", "empty").stderr
    assert rules("try", "film", "none.jpg").exit_code == 2
    assert rules("try", "film").exit_code == 2
