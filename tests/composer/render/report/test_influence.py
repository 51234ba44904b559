"""Which notes something shaped: those whose cause names it, and no others."""

from composer.explanation.document import explanation
from composer.render.report.influence import Influences, holds, leads, listens, names
from composer.vocabulary import DECISIONS, ROLES
from tests.composer.example import piece


def naming(document, name):
    return {n for n, note in enumerate(document["notes"]) if name in names(note["cause"])}


def test_a_note_names_its_rules_and_those_that_struck_others_out():
    cause = {"rules": ["density"], "trace": {"struck": {"scale": ["C4"], "density": []}}}
    assert names(cause) == ("density", "scale")
    assert names({"rules": ["density"], "trace": None}) == ("density",)


def test_what_causes_name_is_what_they_name_and_no_more(china_document):
    influences = Influences(china_document)
    found = {name for note in china_document["notes"] for name in names(note["cause"])}
    assert {"density", "structural-note", "motif a", "chord_pattern"} <= found
    for name in found:
        assert influences.named(name) == naming(china_document, name) != set()
        if name in china_document["decisions"] and not holds(name):
            assert influences.decision(name).notes == naming(china_document, name)


def test_every_decision_is_named_or_holds_or_leads_to_others():
    """A new decision must say which notes it holds for, unless causes name it."""
    named = {"density", "register", "range", "melodic_scale", "dissonance", "syncopation"}
    named |= {"counter_melody", "chord_pattern", "bass_pattern"}
    held = {name for name, need in DECISIONS.items() if need.holds}
    assert DECISIONS.keys() - named - held == {"valence", "arousal", "mood"}
    assert not named & held
    assert {part for need in DECISIONS.values() for part in need.holds} == set(ROLES)


def test_a_rule_shaped_the_notes_of_the_decisions_it_moved(china_document):
    influences = Influences(china_document)
    rules = [rule["id"] for rule in china_document["rules"]["table"]["rules"]]
    silent = {rule for rule in rules if not influences.rule(rule).moved}
    assert silent
    assert silent != set(rules)
    for rule in rules:
        made = influences.rule(rule)
        for name, decision in china_document["decisions"].items():
            share = sum(s["amount"] for s in decision["shares"] if s["rule"] == rule)
            assert (name in made.moved) == (share != 0)
        whole = set().union(*(influences.decision(name).notes for name in made.moved))
        assert made.notes == whole
        assert not made.notes & made.through


def test_the_mood_works_through_what_listens_to_it(china_document):
    led = leads(china_document)["valence"]
    assert "mode" in led
    assert "valence" not in led
    made = Influences(china_document).decision("valence")
    assert made.notes == set()
    assert made.through == set(range(len(china_document["notes"])))


def test_conditions_are_listened_to_whole(china_document):
    table = china_document["rules"]["table"]
    when = {"all": ["very dark", {"not": "unhappy"}, {"mode": ["dorian"]}]}
    assert set(listens(when, table)) == {"light.lightness", "valence", "mode"}


def test_a_region_shaped_the_notes_that_say_so():
    document = explanation(piece())
    influences = Influences(document)
    assert influences.region("the sea").notes == set(range(len(document["notes"])))
    assert influences.region("the sky").notes == set()


def test_notes_of_a_chord_are_those_struck_in_it():
    document = explanation(piece())
    first = document["harmony"][0]
    found = Influences(document).between(first["tick"], first["tick"] + first["duration"]).notes
    assert {document["notes"][number]["bar"] for number in found} == {1}
