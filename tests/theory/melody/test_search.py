"""The singer finds the best legal melody, says what it cost, and names what stops it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.theory.melody.contexts import context, melody, random_context
from tests.theory.melody.oracle import violations
from theory.melody import (
    Automaton,
    BestMelody,
    Event,
    HarmonicContext,
    NoMelody,
    PhraseEntry,
    Span,
    best_melody,
    labels,
    structural_notes,
)
from theory.melody.structure import Structure
from theory.pitch import Interval, NoteName, Pitch, interval
from theory.scale import Key
from theory.voices.frame import NoVoicing, lead
from theory.voices.voicing import Voicing

SMALL = context("I V6 I", lengths=(24, 24, 48), metre="2/4", compass="G4 E5", soprano="E5 D5 C5")
RHYTHM = ((12, True), (12, True), (24, True), (24, True), (12, False), (12, True))


def costs(automaton: Automaton, notes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    count = automaton.count
    return rng.random((notes, count)) * 3, rng.random((notes, count, count)) * 2


def price(automaton: Automaton, events: tuple[Event, ...], pitch: np.ndarray, step: np.ndarray):
    """What a melody costs, counted by hand."""
    total, number = 0.0, {p: i for i, p in enumerate(automaton.pitches)}
    sung = [event.pitch for event in events if event.pitch is not None]
    for i, here in enumerate(sung):
        total += pitch[i, number[here]]
        if i:
            total += step[i, number[sung[i - 1]], number[here]]
        if i > 2 and sung[i - 3] == sung[i - 2] == sung[i - 1] == here:
            total += 2.0
        if i > 1 and abs(sung[i - 1].height - sung[i - 2].height) >= 4:
            back = 1 if sung[i - 1].midi < sung[i - 2].midi else -1
            if (here.height - sung[i - 1].height) != back:
                total += 1.5
    return total


@pytest.mark.parametrize("seed", range(4))
def test_the_song_is_the_cheapest_of_all_legal_melodies(seed: int) -> None:
    automaton = Automaton(SMALL)
    pitch, step = costs(automaton, 5, seed)
    legal = []
    for choice in product(automaton.pitches, repeat=5):
        pitches = iter(choice)
        events = tuple(Event(next(pitches) if s else None, t) for t, s in RHYTHM)
        if not violations(SMALL, events):
            legal.append((price(automaton, events, pitch, step), events))
    song = best_melody(automaton, RHYTHM, pitch, step)
    best, events = min(legal, key=lambda one: one[0])
    assert song.events == events
    assert song.total == pytest.approx(best)
    for index, sung in enumerate(song.notes):
        rivals = {e[index].pitch for _, e in legal} - {sung.event.pitch}
        if sung.event.pitch is None or not rivals:
            assert sung.runner_up is None
            continue
        others = [(c, e[index].pitch) for c, e in legal if e[index].pitch != sung.event.pitch]
        assert (sung.margin, sung.runner_up) == (
            pytest.approx(min(others)[0] - best),
            min(others)[1],
        )


def test_the_costs_by_name_sum_to_the_total() -> None:
    automaton = Automaton(SMALL)
    song = best_melody(automaton, RHYTHM, *costs(automaton, 5, 1))
    assert sum(song.costs.values()) == pytest.approx(song.total)
    assert sum(sum(n.costs.values()) for n in song.notes) == pytest.approx(song.total)


def test_a_soft_rule_is_paid_for_and_a_switched_one_is_not() -> None:
    phrase = context("I", lengths=(96,), compass="C4 C5", soprano="C5")
    automaton = Automaton(phrase)
    rhythm = [(24, True)] * 4
    still = np.zeros((4, automaton.count))
    still[:, automaton.number[Pitch.parse("E4")]] = -9
    assert best_melody(automaton, rhythm, still).costs["repetition"] == 2.0
    assert "repetition" not in best_melody(automaton, rhythm, still, soft={"repetition": 0}).costs
    off = Automaton(replace(phrase, off=frozenset({"repetition"})))
    assert "repetition" not in best_melody(off, rhythm, still).costs
    with pytest.raises(ValueError, match="soft: no soft rule of melody is tempo"):
        best_melody(automaton, rhythm, still, soft={"tempo": 1})


@pytest.mark.parametrize("seed", range(80))
def test_a_rhythm_that_strikes_every_chord_can_be_sung_and_led_again(seed: int) -> None:
    phrase = random_context(seed, bars=4)
    rhythm = [(phrase.spans[0].start - phrase.start, False)] if phrase.start < 0 else []
    for span in phrase.spans:
        half = (span.end - span.start) // 24 * 12
        rhythm += [(half, True), (span.end - span.start - half, True)]
    automaton = Automaton(phrase)
    notes = sum(sounds for _, sounds in rhythm)
    song = best_melody(automaton, rhythm, costs(automaton, notes, seed)[0])
    assert violations(phrase, song.events) == set()
    frame = lead(
        [span.chord for span in phrase.spans],
        language=phrase.language,
        soprano=[{top} for top in structural_notes(phrase, song.events)],
        bass=[span.voicing.bass for span in phrase.spans],
    )
    assert [v.bass for v in frame.voicings] == [s.voicing.bass for s in phrase.spans]


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1000, 3000, 100))
def test_one_note_a_chord_can_always_be_sung(first: int) -> None:
    """The barest rhythm there is: hundreds of phrases over every family, and never no melody."""
    for seed in range(first, first + 100):
        try:
            phrase = random_context(seed, bars=4)
        except NoVoicing:  # the progression itself cannot be led: the frame's business
            continue
        rhythm = [(span.end - span.start, True) for span in phrase.spans]
        if phrase.spans[0].start > phrase.start:
            rhythm.insert(0, (phrase.spans[0].start - phrase.start, False))
        automaton = Automaton(phrase)
        best_melody(automaton, rhythm, np.zeros((len(phrase.spans), automaton.count)))


def test_a_chain_of_phrases_keeps_its_inner_voices_possible() -> None:
    key = Key.of("C", "ionian")
    whole = context("I vi ii V I IV V7 I", lengths=(48,) * 8, soprano="")
    entry: PhraseEntry | None = None
    tops: list[Pitch] = []
    for first in (0, 4):
        spans = whole.spans[first : first + 4]
        moved = tuple(replace(s, start=s.start - first * 48, end=s.end - first * 48) for s in spans)
        after = whole.spans[4] if first == 0 else None
        phrase = replace(
            whole,
            end=192,
            spans=moved,
            final=frozenset(moved[-1].chord.tones),
            before=entry,
            after=(after.chord, after.voicing) if after else None,
        )
        automaton = Automaton(phrase)
        song = best_melody(automaton, [(24, True)] * 8, costs(automaton, 8, first)[0])
        assert violations(phrase, song.events) == set()
        entry = automaton.leave(song.end)
        tops += structural_notes(phrase, song.events)
    chords = [span.chord for span in whole.spans]
    lead(chords, soprano=[{t} for t in tops], bass=[s.voicing.bass for s in whole.spans])
    assert key == whole.key


def test_nothing_legal_names_the_rules() -> None:
    phrase = context("IV I", lengths=(48, 48), metre="2/4", soprano="F5 E5")
    automaton = Automaton(phrase)
    unwished = np.full((1, automaton.count), np.inf)
    with pytest.raises(NoMelody, match="no melody gets past tick 0") as caught:
        best_melody(automaton, [(96, True)], unwished)
    assert caught.value.rules == ()
    low = Automaton(replace(phrase, final=frozenset({NoteName.parse("B")})))
    with pytest.raises(NoMelody) as caught:
        best_melody(low, [(48, True), (48, True)], np.zeros((2, low.count)))
    assert caught.value.rules == ("melodic-cadence",)
    with pytest.raises(ValueError, match="rhythm: it ends at tick 48"):
        best_melody(automaton, [(48, True)], np.zeros((1, automaton.count)))
    with pytest.raises(ValueError, match="pitch_cost has shape"):
        best_melody(automaton, [(48, True)] * 2, np.zeros((3, automaton.count)))


def moved(phrase: HarmonicContext, by: Interval) -> HarmonicContext:
    """The same phrase, transposed; the range of the structural notes goes along."""
    key = Key(phrase.key.tonic.up(by), phrase.key.mode)
    return replace(
        phrase,
        key=key,
        spans=tuple(
            Span(
                s.start,
                s.end,
                type(s.chord).parse(s.chord.roman, key),
                Voicing(*(p.up(by) for p in s.voicing)),
            )
            for s in phrase.spans
        ),
        compass=(phrase.compass[0].up(by), phrase.compass[1].up(by)),
        scale=tuple(note.up(by) for note in phrase.scale),
        final=frozenset(note.up(by) for note in phrase.final),
    )


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(("m2", "M2", "m3", "-m2", "-M2")),
    st.integers(0, 10**6),
)
def test_a_phrase_transposed_is_sung_transposed(name: str, seed: int) -> None:
    """Away from the ends of the voices' ranges, so that the inner voices go along."""
    by = interval(name)
    phrase = context(
        "I vi IV V",
        key=Key.of("D", "ionian"),
        lengths=(48,) * 4,
        compass="D4 D5",
        soprano="A4 B4 B4 A4",
        off=frozenset({"structural-note"}),
    )
    other = moved(phrase, by)
    one, two = Automaton(phrase), Automaton(other)
    assert [p.up(by) for p in one.pitches] == list(two.pitches)
    wishes = costs(one, 8, seed)[0]
    first, second = (best_melody(a, [(24, True)] * 8, wishes) for a in (one, two))
    assert [e.pitch.up(by) for e in first.events] == [e.pitch for e in second.events]
    assert first.total == second.total
    assert labels(one, first.events) == labels(two, second.events)


def test_the_same_song_again() -> None:
    def once() -> BestMelody:
        automaton = Automaton(SMALL)
        return best_melody(automaton, RHYTHM, *costs(automaton, 5, 3))

    assert once() == once()


def test_structural_notes_are_the_first_chord_tones() -> None:
    phrase = context("IV I", lengths=(48, 48), metre="2/4", soprano="F5 E5")
    assert [p.name for p in structural_notes(phrase, melody("F5:72 E5:24"))] == ["F5", "E5"]
    with pytest.raises(ValueError, match="hears no note of its own"):
        structural_notes(phrase, melody("F5:48 -:48"))
    assert Structure(phrase, Automaton(phrase).pitches).bound


@pytest.mark.parametrize("seed", range(3))
def test_a_part_leads_on_and_the_rest_is_sung_from_where_it_ends(seed):
    automaton = Automaton(SMALL)
    pitch, step = costs(automaton, 5, seed)
    head = best_melody(automaton, RHYTHM[:2], pitch[:2], step[:2], part=True)
    assert head.end.tick == 24
    rest = best_melody(automaton, RHYTHM[2:], pitch[2:], step[2:], start=head.end)
    assert rest.notes[0].before == head.end
    assert automaton.can_end(rest.end)
    assert violations(SMALL, (*head.events, *rest.events)) == set()
    whole = best_melody(automaton, RHYTHM, pitch, step)
    assert whole.total <= head.total + rest.total + 2.0 + 1e-9  # the soft rules' memory is lost
    with pytest.raises(ValueError, match="rhythm"):
        best_melody(automaton, RHYTHM[:2], pitch[:2], step[:2])
