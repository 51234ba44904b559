"""What fits, and why: shares that sum, an order that is right, words that are true."""

import json
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import composer
from composer.errors import UserError
from composer.hearing.mood import load_mood_table, mood
from composer.recommender.answers import MOODS, answers
from composer.recommender.aspects import ASPECTS, NAMES, UNKNOWN, compared, wanted, weights
from composer.recommender.builtin import built_in, load_built_in
from composer.recommender.pool import FARTHEST, PieceName, Pool, joined
from composer.recommender.recommend import of_mood
from composer.vocabulary import DECISIONS
from corpora.sources import corpus

TABLE = load_mood_table()
value = st.one_of(st.just(float("nan")), st.floats(-3, 3, width=32))
row = st.lists(value, min_size=len(ASPECTS), max_size=len(ASPECTS))


def pool(rows, sounding=None, title="piece"):
    values = np.array(rows, np.float32).reshape(len(rows), len(ASPECTS))
    heard = np.zeros(len(rows), bool) if sounding is None else np.array(sounding)

    def named(numbers):
        kinds = ["sound" if heard[number] else "notes" for number in numbers]
        return [
            PieceName("f", f"{number}.mid", "", f"{title} {number}", "", kind)
            for number, kind in zip(numbers, kinds, strict=True)
        ]

    return Pool(values, heard, named)


def by_hand(values, target, held):
    """The weighted mean of the distances that are known, without numpy."""
    known = [
        (weight, min(1.0, abs(a - b)))
        for a, b, weight in zip(values, target, held, strict=True)
        if not isnan(a) and not isnan(b) and weight > 0
    ]
    if not known:
        return FARTHEST
    most = sum(w for w, b in zip(weights("notes").tolist(), target, strict=True) if not isnan(b))
    total = sum(weight for weight, _ in known)
    return (sum(weight * apart for weight, apart in known) + UNKNOWN * (most - total)) / most


@given(st.lists(row, min_size=1, max_size=30), row, st.data())
def test_scores_are_the_weighted_means_of_what_is_known(rows, target, data):
    sounding = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    made = pool(rows, sounding)
    asked = np.array(target, np.float32)
    scores = made.scores(asked)
    for number, values in enumerate(rows):
        held = weights("sound" if sounding[number] else "notes").tolist()
        assert scores[number] == pytest.approx(by_hand(values, target, held), abs=1e-5)
    order = made.nearest(asked, 5)
    assert len(order) == min(5, len(rows))
    assert sorted(scores)[: len(order)] == pytest.approx(scores[order].tolist())


@given(st.lists(row, min_size=1, max_size=12), row)
def test_the_shares_of_an_answer_sum_to_its_score_exactly(rows, target):
    made = pool(rows)
    asked = np.array(target, np.float32)
    for answer in answers(made, asked, 12):
        assert sum((each.amount for each in answer.shares), answer.unknown) == answer.score
        number = int(answer.piece.path.partition(".")[0])
        assert float(answer.score) == pytest.approx(float(made.scores(asked)[number]), abs=0.001)
        told = {each.aspect for each in answer.shares} | set(answer.absent)
        assert told == {name for name, each in zip(NAMES, target, strict=True) if not isnan(each)}
        json.dumps(answer.to_json())


def at(**asked):
    """Values in spreads, by the aspects' own units; nan what is not named."""
    return [asked.get(each.name, np.nan) / each.spread for each in ASPECTS]


def test_words_say_what_is_so():
    target = np.array(
        at(valence=0.6, arousal=-0.6, tempo=np.log2(70), mode=0.2, loudness=50, register=70),
        np.float32,
    )
    near = at(valence=0.5, arousal=-0.5, tempo=np.log2(72), mode=0.2, loudness=90, register=70)
    (answer,) = answers(pool([near]), target, 1)
    assert answer.reason == (
        "both bright and calm: 72 beats a minute against 70, major; louder than asked"
    )
    far = at(valence=-0.6, arousal=0.6, tempo=np.log2(140), mode=-0.2)
    (answer,) = answers(pool([far]), target, 1)
    assert answer.reason == (
        "darker, livelier and more minor than asked; nothing is known of its register and loudness"
    )
    even = np.array(at(valence=0, arousal=0.1), np.float32)
    (answer,) = answers(pool([at(valence=0.1, arousal=0)]), even, 1)
    assert answer.reason == "both of an even mood"


def test_what_is_wholly_alike_comes_once_and_others_have_their_turn():
    target = np.array(at(valence=0), np.float32)
    same = pool([at(valence=0.1)] * 3, title="same")
    assert len(answers(same, target, 3)) == 3  # of different titles
    one = Pool(
        same.values,
        same.sounding,
        lambda numbers: [PieceName("f", "a", "", "t", "", "notes")] * len(numbers),
    )
    assert len(answers(one, target, 3)) == 1

    def named(numbers):
        return [
            PieceName("f", f"{n}.mid", "", f"{n}", "Bach" if n < 5 else f"by {n}", "notes")
            for n in numbers
        ]

    many = Pool(pool([at(valence=n / 10) for n in range(8)]).values, np.zeros(8, bool), named)
    plain = [each.piece.title for each in answers(many, target, 4)]
    apart = [each.piece.title for each in answers(many, target, 4, diverse=True)]
    assert plain == ["0", "1", "2", "3"]
    assert apart == ["0", "5", "6", "7"]


def test_pools_are_joined_in_order():
    both = joined(
        {"a": pool([at(valence=0)], title="a"), "b": pool([at(valence=1)] * 2, title="b")}
    )
    assert [each.title for each in both.named([2, 0, 1])] == ["b 1", "a 0", "b 0"]
    assert len(both) == 3


def test_every_decision_that_is_compared_is_one_that_is_made():
    made = composer.decide("sample:china")
    assert set(made) >= {"valence", "arousal", "tempo", "mode", "density", "register"}
    assert set(made) == set(DECISIONS)
    assert not np.isnan(wanted(made)).any()


def test_what_the_composer_makes_for_a_picture_fits_that_picture(tmp_path):
    """A piece that is composed by what was decided is nearer to it than many tunes are."""
    from composer.hearing.heard import hear

    for picture in ("sample:china", "sample:flower"):
        made = composer.decide(picture)
        composer.save(composer.compose(picture, melody="rules"), tmp_path / "own.mid")
        heard = hear(str(tmp_path / "own.mid"))
        decided = mood(TABLE, heard.features)
        features = {name: np.array([each]) for name, each in heard.features.items()}
        features |= {axis: np.array([decided.number(axis)]) for axis in ("valence", "arousal")}
        own = pool(compared(features, 1)).scores(wanted(made))[0]
        assert own < np.quantile(built_in(TABLE).scores(wanted(made)), 0.7)


# --- what is built in --------------------------------------------------------------------------


def test_built_in_are_over_twelve_thousand_pieces_of_files_that_are_there():
    found = load_built_in()
    assert len(found.pieces) == len(found.values) > 12_000
    root = corpus()
    for path in {path for path, _, _, _ in found.pieces}:
        assert (root / path).is_file()
    assert not np.isnan(found.values).all(axis=1).any()


def test_built_in_facts_are_those_of_the_tunes():
    from composer.hearing.heard import hear_file

    found = load_built_in()
    for number in (0, 5000, len(found.pieces) - 1):
        path, part, title, _ = found.pieces[number]
        pieces, _ = hear_file(corpus() / path)
        piece = next(each for each in pieces if each.part == part)
        assert piece.title == title or title.startswith("Chorale")
        for name, each in zip(found.names, found.values[number].tolist(), strict=True):
            assert piece.features.get(name, float("nan")) == pytest.approx(
                each, rel=2e-3, abs=2e-3, nan_ok=True
            )


# --- the door ----------------------------------------------------------------------------------


def test_the_door_recommends():
    found = composer.recommend("sample:flower", 3)
    assert [each.score for each in found] == sorted(each.score for each in found)
    assert len({each.piece for each in found}) == 3
    calm = composer.recommend(mood="calm", top=1)[0]
    assert {each.aspect for each in calm.shares} == {"arousal"}
    assert composer.recommend("sample:flower", 3) == found
    with pytest.raises(UserError, match="Nothing is asked for"):
        composer.recommend()
    with pytest.raises(UserError, match="Did you mean calm"):
        composer.recommend(mood="clam")
    with pytest.raises(UserError, match="is in no library"):
        composer.recommend(mood="calm", origins=["mine"])


@pytest.mark.parametrize("name", MOODS)
def test_every_mood_asks_for_something(name):
    assert not np.isnan(of_mood(name).target).all()
