"""Scores as MuseScore reads, plays and writes them again, where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from fractions import Fraction
from xml.etree import ElementTree

import mido
import pytest

from composer.render.score.players import players
from composer.render.score.score import full_score
from tests.whole.scores import CASES, piece
from theory.metre import QUARTER

PROGRAM = next(filter(None, map(shutil.which, ("mscore3", "mscore", "musescore"))), None)
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="MuseScore is not installed (on Debian: apt install musescore3)"
)
FEW = 2
DRUMS = 9  # percussion's channel, from 0
LENGTHS = {
    "whole": Fraction(1),
    "half": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    **{name: Fraction(1, int(name[:-2])) for name in ("16th", "64th", "128th")},
    "eighth": Fraction(1, 8),
    "32nd": Fraction(1, 32),
}


@pytest.fixture(
    scope="module",
    params=[
        number if number < FEW else pytest.param(number, marks=pytest.mark.slow)
        for number in range(len(CASES))
    ],
    ids=[text for text, _ in CASES],
)
def opened(request, tmp_path_factory):
    """A piece, its score as we wrote it, and what MuseScore makes of it: its own form, MIDI and
    MusicXML."""
    made = piece(request.param)
    folder = tmp_path_factory.mktemp("score")
    (folder / "ours.musicxml").write_bytes(full_score(made))
    names = ("its.mscx", "its.mid", "its.musicxml", "its.pdf")
    job = [{"in": str(folder / "ours.musicxml"), "out": [str(folder / name) for name in names]}]
    (folder / "job.json").write_text(json.dumps(job))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
    }
    done = subprocess.run(
        [PROGRAM, "-j", str(folder / "job.json")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all((folder / name).stat().st_size for name in names)
    ours, its, again = (
        ElementTree.parse(folder / name).getroot()
        for name in ("ours.musicxml", "its.mscx", "its.musicxml")
    )
    return made, ours, its.find("Score"), mido.MidiFile(folder / "its.mid"), again


def measures(its):
    """(staff, bar from 1, measure) of every measure."""
    for staff in its.findall("Staff"):
        for number, measure in enumerate(staff.findall("Measure"), 1):
            yield staff.get("id"), number, measure


def test_every_bar_is_full_and_no_voice_is_empty(opened):
    made, _, its, _, _ = opened
    whole = Fraction(made.plan.metre.bar, 4 * QUARTER)
    staves = Counter()
    for staff, number, measure in measures(its):
        staves[staff] += 1
        assert measure.get("len") is None  # so MuseScore marks a bar that is not as long as others
        for index, voice in enumerate(measure.findall("voice")):
            if index and not len(voice):
                continue
            passed, tuplet = Fraction(0), Fraction(1)
            for element in voice:
                if element.tag == "Tuplet":
                    tuplet = Fraction(
                        int(element.findtext("normalNotes")), int(element.findtext("actualNotes"))
                    )
                elif element.tag == "endTuplet":
                    tuplet = Fraction(1)
                elif element.tag in ("Chord", "Rest"):
                    passed += tuplet * length(element)
                elif element.tag == "location":
                    passed += Fraction(element.findtext("fractions"))
            assert passed == whole, (staff, number, index)
            assert not index or voice.find("Chord") is not None, (staff, number, index)
    assert set(staves.values()) == {made.plan.bars}


def length(element):
    """A note's or a rest's, in whole notes."""
    kind = element.findtext("durationType")
    if kind == "measure":
        return Fraction(element.findtext("duration"))
    return LENGTHS[kind] * (2 - Fraction(1, 2 ** int(element.findtext("dots") or 0)))


def heard(midi):
    """(pulse, key, drum?) of every note that begins."""
    found = []
    for track in midi.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                found.append((now, message.note, message.channel == DRUMS))
    return found


def test_it_plays_our_notes(opened):
    """Each at its place and no others; but of a rolled chord the upper ones come later, and a key
    that a pianist holds already with the other hand is not struck again."""
    made, _, _, midi, _ = opened
    pulses = midi.ticks_per_beat // QUARTER
    rolled = any(part.roll for part in made.parts)
    want = Counter()
    held = []
    for player in players(made.parts, made.plan.metre.bar):
        rows = {
            (s, e, p.midi) for staff in player.staves for line in staff.lines for s, e, p in line
        }
        for start, end, key in rows:
            want[start, key, False] = 1
            if any(k == key and s <= start < e and (s, e) != (start, end) for s, e, k in rows):
                held.append((start, key, False))
    want |= Counter(
        {
            (note.start, note.key_number, True): 1
            for part in made.parts
            if part.role == "drums"
            for note in part.notes
        }
    )
    late = QUARTER if rolled else 0
    found = set()
    for pulse, key, drum in heard(midi):
        tick = next(
            tick
            for tick in range(pulse // pulses, pulse // pulses - late - 1, -1)
            if (tick, key, drum) in want
        )
        found.add((tick, key, drum))
    assert set(want) - found <= set(held)
    assert len(found) > 100


def sounding(root):
    """For each part, (start, length, MIDI number) of every note in ticks, ties joined."""
    found = []
    for part in root.findall("part"):
        notes, held = [], {}
        begun, divisions, moved = 0, 1, 0
        for measure in part.findall("measure"):
            divisions = int(measure.findtext("attributes/divisions") or divisions)
            moved = int(measure.findtext("attributes/transpose/chromatic") or moved)
            now = last = longest = 0
            for element in measure:
                ticks = Fraction(int(element.findtext("duration") or 0) * QUARTER, divisions)
                if element.tag == "backup":
                    now -= ticks
                elif element.tag == "forward":
                    now += ticks
                if element.tag != "note":
                    continue
                if element.find("chord") is None:
                    last, now = now, now + ticks
                longest = max(longest, now)
                if element.find("pitch") is None:
                    continue
                natural = "C D EF G A B".index(element.findtext("pitch/step"))
                alter = int(element.findtext("pitch/alter") or 0)
                octave = int(element.findtext("pitch/octave"))
                key = 12 * octave + 12 + natural + alter + moved
                voice = element.findtext("staff") or "1", element.findtext("voice"), key
                ties = {tie.get("type") for tie in element.findall("tie")}
                start, so_far = held.pop(voice) if "stop" in ties else (begun + last, 0)
                if "start" in ties:
                    held[voice] = start, so_far + ticks
                else:
                    notes.append((start, so_far + ticks, key))
            begun += longest
        assert not held
        found.append(Counter(notes))
    return found


def test_it_writes_our_notes_again(opened):
    """Start, length and pitch of every note of every part."""
    _, ours, _, _, again = opened
    assert sounding(again) == sounding(ours)


def test_the_tempo_and_the_slowing_are_heard(opened):
    _, ours, _, midi, _ = opened
    wanted = [float(sound.get("tempo")) for sound in ours.iter("sound") if sound.get("tempo")]
    its = [
        60e6 / message.tempo
        for track in midi.tracks
        for message in track
        if message.type == "set_tempo"
    ]
    assert its == pytest.approx(wanted, abs=0.02)
    assert len(its) > 2


def test_staves_braces_and_names(opened):
    made, _, its, _, _ = opened
    parts = its.findall("Part")
    hands = {player.name: (len(player.staves), player.short) for player in players(made.parts)}
    if made.part("drums") is not None:
        hands["Drums"] = (1, "Dr.")
    assert {
        part.findtext("Instrument/longName"): (
            len(part.findall("Staff")),
            part.findtext("Instrument/shortName"),
        )
        for part in parts
    } == hands
    braces = [bracket for bracket in its.iter("bracket") if bracket.get("type") == "1"]
    assert len(braces) == sum(number > 1 for number, _ in hands.values())
    texts = {text.findtext("style"): text.findtext("text") for text in its.iter("Text")}
    assert (texts["Title"], texts["Composer"]) == (
        made.title.removeprefix("sample:").capitalize(),
        "Promenade",
    )


def test_programs_and_keys_of_transposing_instruments(opened):
    made, _, its, midi, _ = opened
    programs = {
        message.program
        for track in midi.tracks
        for message in track
        if message.type == "program_change" and message.channel != DRUMS
    }
    assert programs == {part.instrument.program for part in made.parts if part.role != "drums"}
    for player, part in zip(players(made.parts), its.findall("Part"), strict=False):
        moved = int(part.findtext("Instrument/transposeChromatic") or 0)
        assert moved == -player.up.semitones


def test_chords_are_chords_and_all_signs_are_there(opened):
    made, ours, its, _, _ = opened
    signs = Counter(element.tag for _, _, measure in measures(its) for element in measure.iter())
    lines = Counter(
        line.get("type") for line in its.iter("Spanner") if line.find("next") is not None
    )
    assert signs["Harmony"] == len(made.harmony.spans)
    assert signs["RehearsalMark"] == len(made.plan.sections)
    assert signs["Dynamic"] == count(ours, "dynamics")
    assert signs["Breath"] == count(ours, "breath-mark")
    assert lines["Slur"] == count(ours, "slur") / 2
    assert lines["HairPin"] == count(ours, "wedge") / 2
    assert lines["Pedal"] == count(ours, "pedal") / 2
    dots = [one for one in its.iter("Articulation") if "Staccato" in one.findtext("subtype")]
    assert len(dots) == count(ours, "staccato")


def count(root, tag):
    return sum(1 for _ in root.iter(tag))
