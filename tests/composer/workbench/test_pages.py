"""The pages of docs/ agree with the tables that they are written from; every code is shown."""

from pathlib import Path

import pytest

from composer.commands.pages import PAGES
from composer.music.vocabulary import vocabulary
from composer.table import load_table
from composer.table.codes import CODES, Code
from composer.workbench.faults import example, told

DOCS = Path(__file__).resolve().parents[3] / "docs"
KNOWN = vocabulary()


@pytest.mark.parametrize("file", PAGES)
def test_a_page_is_what_the_tables_say(file: str) -> None:
    assert (DOCS / file).read_text(encoding="utf-8") == PAGES[file](), (
        "python -m composer.commands.pages docs"
    )


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_every_code_has_an_example_that_shows_it_alone(code: Code) -> None:
    faults = told(example(code), KNOWN)
    assert {fault.code for fault in faults} == {code.code}
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    assert all(str(fault) in page for fault in faults)
    assert f'<a id="{code.code.lower()}"></a>' in page
    assert code.says.endswith(".") or code.says.endswith("`.")


def test_every_rule_is_on_the_page_with_its_evidence() -> None:
    page = (DOCS / "mapping.md").read_text(encoding="utf-8")
    table = load_table(None, KNOWN)
    for rule in table.rules:
        assert f'<a id="{rule.id}"></a>' in page
        assert table.sources[rule.evidence.source] in page
    for name in (*table.decisions, *KNOWN.features, *KNOWN.regional):
        assert f"`{name}`" in page
