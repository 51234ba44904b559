"""The learned voice keeps every hard rule, and the plan, though its network knows nothing yet."""

from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

import numpy as np
import pytest
import torch

from composer.music.harmony import harmonise
from composer.music.melody import SungSoFar, sing_melody
from composer.music.melody.conditioning import ends_of, guide_of, misfit, past_of, returns
from composer.music.melody.context import context_of, harmonic_context
from composer.music.melody.guidance import OUT, Guidance
from composer.music.melody.learned import LearnedSinger, lengths
from composer.music.melody.targets import motivic
from composer.music.plan import make_plan
from composer.values import Proposed, Weighed
from composer.verifier.piece import check
from neural import slots as roles
from neural.model import MelodyModel, weights_of
from neural.sample import Singer, Standing
from neural.vocabulary import tonic_of
from neural.weights import Config
from tests.composer.music.melody import measures
from tests.composer.music.melody.tunes import KINDS, SKYLINES, Sample, decisions, picture
from theory.melody import Automaton
from theory.metre import METRES
from theory.noise import Noise
from theory.rules import RULES

SMALL = Config(width=32, layers=1, heads=4, inner=32)


@lru_cache(maxsize=1)
def ignorant() -> Singer:
    """A network that was never trained."""
    torch.manual_seed(0)
    return Singer(weights_of(MelodyModel(SMALL)))


def sung(seed=0, skyline="hill", without=(), **made):
    plan = make_plan(decisions(**made), picture(skyline), frozenset(without))
    noise = Noise(seed)
    harmony = harmonise(plan, noise)
    voice = LearnedSinger(ignorant(), plan, harmony, noise)
    return Sample(plan, sing_melody(plan, harmony, voice))


@lru_cache(maxsize=1)
def samples():
    skylines = list(SKYLINES)
    return tuple(sung(k, skylines[k % len(skylines)], **kind) for k, kind in enumerate(KINDS))


def test_no_hard_rule_is_broken():
    for one in samples():
        broken = check(one.plan, one.tune.harmony, one.tune.notes)
        assert [c for c in broken if c.hard and c.count] == []


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.kind == "melody"])
def test_any_one_rule_can_be_left_out_and_all_others_hold(rule):
    one = sung(without=[rule], language="strict", form="ternary", middle_key="relative")
    broken = check(one.plan, one.tune.harmony, one.tune.notes)
    assert [c.rule for c in broken if c.hard and c.count] == []


def test_every_phrase_but_the_last_breathes():
    for one in samples():
        for phrase, end in zip(one.plan.phrases[:-1], ends_of(one.plan), strict=False):
            before = max(n.end for n in one.tune.notes if n.start < end)
            following = min(n.start for n in one.tune.notes if n.start >= end)
            assert before == end
            assert following >= end + phrase.breath


def test_a_piece_comes_to_rest_on_its_tonic():
    for one in samples():
        last = one.tune.notes[-1]
        assert last.pitch.note == one.plan.key.tonic
        assert last.end == one.plan.end


@lru_cache(maxsize=1)
def kept():
    # Where the outline rises or falls, what would be repeated is sung in sequence.
    level = [sung(skyline="flat", **kind) for kind in KINDS]
    sung_ones = (*samples(), *level)
    found = [k for one in sung_ones for k in measures.kept(one.plan, one.tune.notes)]
    return measures.by_action(found)


@pytest.mark.parametrize(
    ("action", "rhythm", "intervals", "contour"),
    [
        ("repeat", 0.85, 0.5, 0.75),
        ("sequence", 0.75, 0.3, 0.6),
        ("new ending", 0.9, 0.4, 0.6),
    ],
)
def test_a_motif_is_heard_again_though_the_network_never_heard_one(
    action, rhythm, intervals, contour
):
    _, of_rhythm, of_intervals, of_contour, _ = kept()[action]
    assert of_rhythm > rhythm
    assert of_intervals > intervals
    assert of_contour > contour


def test_no_bar_comes_more_than_twice_running():
    for one in samples():
        assert measures.longest_run(measures.bars(one.plan, one.tune.notes)) <= 2


def test_triplets_are_on_the_beat():
    for one in samples():
        for note in one.tune.notes:
            if one.plan.metre.compound:
                assert note.start % 6 == 0
            elif note.start % 6:
                assert note.start % 8 == 0


def test_motifs_are_those_that_were_sung():
    for one in samples():
        for name, motif in one.tune.motifs.items():
            slot = next(s for p in one.plan.phrases for s in p.slots if s.motif == name)
            notes = [n for n in one.tune.notes if slot.start <= n.start < slot.end]
            starts = [slot.start + at for at in accumulate(motif.rhythm[:-1], initial=0)]
            assert [n.start for n in notes[: len(starts)]] == starts
            first = notes[0].pitch.height
            steps = tuple(n.pitch.height - first for n in notes[: len(starts)])
            assert steps == motif.steps


def test_every_note_says_what_was_wanted_or_weighed_and_what_was_struck_out():
    for one in samples()[:4]:
        for note in one.tune.notes:
            trace = note.cause.trace
            if isinstance(trace.by, Proposed):
                assert 0 < trace.by.share <= trace.by.wanted_share <= 1
                assert trace.by.share <= trace.by.allowed + 1e-9
            else:  # what comes back is found by the exact singer
                assert any(rule.startswith("motif") for rule in note.cause.rules)
                assert trace.by.margin is None or trace.by.margin >= 0
            assert all(note.pitch not in pitches for pitches in trace.struck.values())
            assert set(trace.struck) <= set(RULES)


def test_the_same_seed_sings_the_same_and_another_another():
    first, again, other = (
        [(n.start, n.ticks, n.pitch) for n in sung(seed).tune.notes] for seed in (3, 3, 4)
    )
    assert first == again != other


@pytest.mark.parametrize("other", [{"tempo": 60}, {"rubato": 0.0}, {"dynamics": 90}, {"swing": 1}])
def test_what_is_not_the_melodys_changes_none_of_its_notes(other):
    def written(one):
        return [(n.start, n.ticks, n.pitch) for n in one.tune.notes]

    assert written(sung(0, **other)) == written(sung(0))


def first_context(index=0, skyline="hill", **made):
    plan = make_plan(decisions(**made), picture(skyline))
    harmony = harmonise(plan, Noise(0))
    return plan, harmony, context_of(plan, harmony, index, None)


@pytest.mark.parametrize("metre", METRES)
def test_lengths_fill_every_bar_and_breath(metre):
    known = lengths(METRES[metre])
    assert METRES[metre].bar in known
    assert METRES[metre].beat in known
    assert METRES[metre].pulse in known
    assert max(known) <= METRES[metre].bar


def guidance_of(context, plan, harmony, motifs=None, heard=None):
    found = harmonic_context(plan, context, None, None, lengths(plan.metre))
    automaton = Automaton(found)
    places = returns(plan, harmony)
    known = motifs or {}, heard or {}
    return Guidance(context, automaton, *known, {}, Noise(0), places), automaton


def standing(tick, place, sung=()):
    """Where one particle stands; `sung` are (onset, duration's number, pitch's number)."""
    events = np.array([*sung, (0, 0, 0)]).T[:, None]
    return Standing(np.array([tick]), np.array([place]), np.array([len(sung)]), *events)


def test_a_cadence_has_no_rests_and_a_last_note_that_is_held():
    plan, harmony, context = first_context()
    guidance, automaton = guidance_of(context, plan, harmony)
    bar, lasting = plan.metre.bar, np.array(automaton.durations)
    costs = guidance(standing(3 * bar, automaton.count))[0]
    assert (costs[:, -1] >= OUT).all()
    late = lasting == 60  # with 12 ticks to go, no last note could be held
    assert costs[late, :-1].min() > costs[lasting == 72, :-1].min()


def test_a_motif_begins_with_a_note_and_is_not_sung_into():
    plan, harmony, context = first_context()
    guidance, automaton = guidance_of(context, plan, harmony)
    second = context.phrase.slots[1].start
    assert (guidance(standing(second, 0))[0][:, -1] >= OUT).all()
    held = np.array(automaton.durations) > 12
    assert (guidance(standing(second - 12, 0))[0][held] >= OUT).all()
    assert guidance(standing(second - 12, 0))[0][~held].min() < OUT


def test_what_is_new_is_the_networks_and_what_comes_back_is_found_exactly():
    for one in samples()[:4]:
        for note in one.tune.notes:
            slots = [s for p in one.plan.phrases for s in p.slots]
            slot = next(s for s in slots if s.name == note.cause.slot)
            first = slot is next(s for s in slots if s.motif == slot.motif)
            assert not first or isinstance(note.cause.trace.by, Proposed)
        by = {type(note.cause.trace.by) for note in one.tune.notes}
        assert by == {Proposed, Weighed}


def test_a_motif_stated_in_the_phrase_itself_is_restated_in_its_rhythm():
    one = sung(form="sentence")
    first, second = one.plan.phrases[0].slots
    assert [first.action, second.action] == ["state", "sequence"]

    def rhythm(slot):
        starts = [n.start - slot.start for n in one.tune.notes if slot.start <= n.start < slot.end]
        return [tick for tick in starts if tick < one.plan.metre.bar]

    assert rhythm(first) == rhythm(second)


def test_a_restated_motif_wants_its_own_next_note():
    plan, harmony, context = first_context(1, skyline="flat")
    assert context.phrase.slots[0].action == "repeat"
    one = sung(skyline="flat")
    motifs = one.tune.motifs
    said = [n for n in one.tune.notes if n.start < 2 * plan.metre.bar]
    heard = {name: {n.start: n.pitch.height for n in said} for name in motifs}
    guidance, automaton = guidance_of(context, plan, harmony, motifs, heard)
    targets = motivic(context, context.phrase.slots[0], motifs["a"], heard["a"])
    costs = guidance(standing(0, automaton.count))[0]
    ticks, number = np.unravel_index(int(costs[:, :-1].argmin()), costs[:, :-1].shape)
    assert automaton.durations[ticks] == targets[0].ticks
    assert automaton.pitches[number].height == targets[0].height


def test_the_guide_says_what_the_plan_wishes():
    plan, harmony, context = first_context(1, skyline="flat", density=2.0)
    one = sung(skyline="flat", density=2.0)
    notes = tuple(n for n in one.tune.notes if n.start < context.phrase.start)
    slots = plan.phrases[0].slots
    heard = {
        slot.motif: {n.start - slot.start: n.pitch.height for n in notes if n.start >= slot.start}
        for slot in slots
    }
    before = SungSoFar(notes, (), heard, one.tune.motifs, None)
    targets = guidance_of(context, plan, harmony, one.tune.motifs, heard)[0].line
    guide = guide_of(plan, harmony, context, targets, before)
    bar = plan.metre.bar
    assert len(guide.contour) == len(guide.density) == plan.bars
    heights = [value + tonic_of(plan.key).midi for value in guide.contour]
    assert min(min(p.contour) for p in plan.phrases) <= min(heights)
    assert max(heights) <= max(max(p.contour) for p in plan.phrases)
    assert guide.density[0] == 2.0 * plan.sections[0].density
    assert guide.density[3] < 1
    assert [end for _, end in guide.phrases] == ends_of(plan)
    assert guide.slots[0] == roles.GuideSlot(0, 2 * bar, roles.NEW)
    again = next(slot for slot in guide.slots if slot.start == 4 * bar)
    assert (again.role, again.source, again.shift) == (roles.REPEAT, 0, 0)
    assert again.length == 2 * bar


def test_the_past_is_sung_in_its_own_keys():
    one = sung(form="ternary", middle_key="dominant", bars=24)
    past = past_of(one.plan, one.tune.notes)
    keys = {each.key for each in past}
    assert len(keys) == 2
    ends = ends_of(one.plan)
    for each in past:
        phrase = one.plan.phrases[next(i for i, end in enumerate(ends) if each.tick < end)]
        assert each.key == one.plan.key_of(phrase)


def test_a_plan_without_a_climax_is_sung_too():
    plan, harmony, _ = first_context()
    flat = replace(plan, phrases=tuple(replace(p, climax=None) for p in plan.phrases))
    voice = LearnedSinger(ignorant(), flat, harmony, Noise(0))
    assert sing_melody(flat, harmony, voice).notes[-1].end == plan.end


def test_a_new_motif_keeps_to_what_its_returns_can_bear():
    plan = make_plan(decisions(), picture("flat"))
    harmony = harmonise(plan, Noise(0))
    places = returns(plan, harmony)
    assert [(each.later // plan.metre.bar, each.shift) for each in places["a"][:1]] == [(4, 0)]
    heights = np.arange(28, 42)
    costs = misfit(places["a"], 0, heights, plan.metre)
    for height, cost in zip(heights.tolist(), costs.tolist(), strict=True):
        missing = [
            each
            for each in places["a"]
            if (height + each.shift) % 7
            not in {
                tone.step
                for span in each.spans
                if span.start <= each.later < span.end
                for tone in span.chord.tones
            }
        ]
        assert cost == pytest.approx(len(missing) / len(places["a"]))
