"""Forms of one's own, in an orchestra's folder: they are played, and their faults are told."""

import pytest
from click.testing import CliRunner

import cli
from composer import UserError, compose

TABLE = """\
promenade: 2
name: mine
extends: default
orchestra: mine
decisions:
  form: {start: {lullaby: 9}}
  coda: {start: {bells: 9}}
"""
FORMS = """\
phrases:
  cradle: {bars: 3, cadence: half, slots: [state a 2, contrast b 1]}
  rest:   {bars: 5, cadence: final, slots: [repeat a 2, new ending b 2, cadence b 1]}
  bell:   {bars: 3, cadence: held, sung: false}
sections:
  verse: [[cradle, rest]]
  bells: {kind: coda, periods: [[bell]], layers: [[chords, bass]]}
forms:
  lullaby:
    says: A cradle that rocks.
    layouts: [[pedal, A sentence, B contrast, A' verse]]
codas:
  bells:
    says: Bells.
    sections: [bells]
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine.yaml").write_text(TABLE)
    return tmp_path


def written(text):
    with open("mine/forms.yaml", "w", encoding="utf-8") as file:
        file.write(text)


def test_a_form_of_one_s_own_is_played_with_its_introduction_and_a_coda_of_one_s_own():
    written(FORMS)
    one = compose("sample:china", table="mine.yaml", melody="rules", phrasing="square")
    plan = one.plan
    bar = plan.metre.bar
    assert (plan.form, plan.introduction, plan.coda) == ("lullaby", "its own", "bells")
    assert [section.name for section in plan.sections] == ["Introduction", "A", "B", "A'", "Coda"]
    assert [(p.end - p.start) // bar for p in plan.phrases] == [2, 4, 4, 4, 4, 3, 5, 3]
    assert [check.rule for check in one.checks if check.hard and check.count] == []


FAULTS = [
    ("cadence: half,", "cadence: halff,", "forms.yaml:2:30: P303 cadence of cradle 'halff'"),
    ("contrast b 1]", "contrast b 2]", "forms.yaml:2:11: L1 it cannot be: phrase 'cradle': its"),
    ("state a 2", "stat a 2", "forms.yaml:2:44: L1 it cannot be: phrase 'cradle': 'stat'"),
    ("sung: false", "sung: no", "forms.yaml:4:42: P205 sung of bell is 'no'"),
    ("sung: false", "slot: []", "forms.yaml:4:36: P201 phrase 'bell' has no 'slot'"),
    ("[[cradle, rest]]", "[[cradle, rests]]", "forms.yaml:6:20: P303 a period of verse 'rests'"),
    ("kind: coda", "kind: codda", "forms.yaml:7:17: P303 kind of bells 'codda'"),
    ("[[chords, bass]]", "[[chord, bass]]", "forms.yaml:7:52: P303 a layer of bells 'chord'"),
    ("rocks.", "rocks", "forms.yaml:10:11: L3 says of lullaby has no full stop"),
    ("B contrast", "contrast", "forms.yaml:11:15: L1 it cannot be: 'lullaby' gives no letter"),
    ("A' verse", "A verse", "forms.yaml:11:15: L1 it cannot be: 'lullaby' has two sections"),
    ("  bells:\n    says", "  none:\n    says", "P313 coda 'none' is what there is without one"),
    ("sections: [bells]", "sections: [vamp]", "L1 it cannot be: 'bells' is made of sections of"),
]


@pytest.mark.parametrize(("old", "new", "told"), FAULTS)
def test_a_fault_is_told_by_its_line(old, new, told):
    assert old in FORMS
    written(FORMS.replace(old, new))
    with pytest.raises(UserError) as raised:
        compose("sample:china", table="mine.yaml", melody="rules")
    assert told in str(raised.value)


def test_a_fault_is_told_once_and_the_command_ends_with_status_2():
    written(FORMS.replace("cadence: half,", "cadence: halff,"))
    arguments = ["sample:china", "--rules", "mine.yaml", "--melody", "rules", "-o", "x.mid"]
    result = CliRunner().invoke(cli.compose, arguments)
    assert result.exit_code == 2
    assert result.stderr.count("P303") == 2  # the fault, and where to read more of it
    assert "Traceback" not in result.stderr
