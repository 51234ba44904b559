"""The piece in words: what is said of its notes, read back, is the piece."""

import re

import pytest
from click.testing import CliRunner

import cli
from composer import compose
from composer.explanation.document import explanation
from composer.explanation.layout import LENGTHS
from composer.render.words import LINES, encode, said
from composer.values import MIDDLE_C
from theory.pitch import Pitch

TICKS = {name: ticks for ticks, name in LENGTHS.items()}
SIGNS = {" double sharp": "##", " double flat": "bb", " sharp": "#", " flat": "b", "": ""}
NOTE = re.compile(
    r"([A-G])( double sharp| double flat| sharp| flat|) (\d) (goes on )?(.+?)(, tied over)?$"
)


def ticks(text):
    """A length in words, as several notes may make it up."""
    return sum(TICKS[name] for name in text.split(" and ") if name in TICKS) or int(text.split()[0])


def decoded(text):
    """Role -> [[bar, tick in the bar, pitch, ticks], ...], what is tied over joined."""
    found, bar = {}, 0
    for row in re.sub(r"\n(?=[^A-Z]|[A-G]( sharp| flat| double)? \d)", " ", text).split("\n"):
        row = " ".join(row.split())
        if opened := re.match(r"Bar (\d+)\. ", row):
            bar = int(opened[1])
            continue
        who, _, notes = row.partition(": ")
        if bar == 0 or who.lower() not in LINES:
            continue
        now, line = 0, found.setdefault(who.lower(), [])
        for each in re.split(r", (?!tied over)", notes.rstrip(".")):
            if each.endswith(" rest"):
                now += ticks(each.removesuffix(" rest"))
                continue
            letter, sign, octave, on, length, _ = NOTE.match(each).groups()
            pitch = Pitch.parse(f"{letter}{SIGNS[sign]}{octave}")
            if on:
                line[-1][3] += ticks(length)
            else:
                line.append([bar, now, pitch, ticks(length)])
            now += ticks(length)
    return found


@pytest.mark.parametrize(
    ("picture", "wishes"),
    [("china", {"length": "20s"}), ("flower", {}), ("china", {"length": "4min", "metre": "9/8"})],
)
def test_every_note_of_the_lines_is_said_at_its_place(picture, wishes):
    piece = compose(f"sample:{picture}", melody="rules", **wishes)
    text = encode(piece, explanation(piece)).decode()
    assert max(map(len, text.split("\n"))) <= 80
    read = decoded(text)
    bar = piece.plan.metre.bar
    for part in piece.parts:
        if part.role in LINES:
            due = [[n.start // bar + 1, n.start % bar, n.pitch, n.ticks] for n in part.notes]
            assert read[part.role] == due, part.role
    assert len(re.findall(r"^Bar \d+\. ", text, re.MULTILINE)) == piece.plan.bars


def test_chords_and_drums_are_struck_as_often_as_they_are():
    piece = compose("sample:china", melody="rules")
    text = encode(piece, explanation(piece)).decode()
    for role in ("chords", "drums"):
        part = piece.part(role)
        told = re.findall(rf"^{role.title()}: struck (once|\d+)", text, re.MULTILINE)
        bars = [n.start for n in part.notes]
        assert sum(1 if each == "once" else int(each) for each in told) == len(set(bars))


def test_no_sign_is_swallowed():
    piece = compose("sample:china", melody="rules", tonic="Eb", mode="harmonic minor")
    text = encode(piece, explanation(piece)).decode()
    assert not set("♭♯#│▏") & set(text)
    assert "E flat harmonic minor" in text
    assert said(MIDDLE_C) == "C 4"


def test_the_command_writes_it(tmp_path):
    out = tmp_path / "x.txt"
    line = ["sample:flower", "--melody", "rules", "-o", str(out)]
    done = CliRunner().invoke(cli.compose, line)
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8").startswith("sample:flower\n\n")
    assert out.read_text(encoding="utf-8").count("\nBar ") > 10
