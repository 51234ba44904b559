"""The whole way: a picture becomes a piece."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.errors import UserError
from composer.music.arrange import arrange
from composer.music.harmony import harmonise
from composer.music.melody.by_rules import RulesVoice
from composer.music.melody.melody import Tune, sing_melody
from composer.music.melody.voice import Voice
from composer.music.orchestra import load_library
from composer.music.plan import make_plan
from composer.music.vocabulary import vocabulary
from composer.table import Decisions, Table, decide, load_table, measured
from composer.table.reader import nearest
from composer.values import RULES_SUNG, Harmony, Piece, Plan, Singer
from composer.verifier.piece import check
from theory.noise import Noise
from theory.rules import RULES
from theory.tempo import Clock

# Who may sing: the exact singer with weights written by hand, or the trained network.
MELODIES = ("rules", "neural")
MELODY = "neural"
# What is done on the way, for somebody who waits.
STAGES = 6


def unheard(stage: str) -> None:
    """Nobody waits."""


def compose(
    source: str,
    *,
    rules: str | None = None,
    overrides: Mapping[str, str] | None = None,
    seed: int = 0,
    without: Collection[str] = (),
    melody: str = MELODY,
    weights: str | None = None,
    stage: Callable[[str], None] = unheard,
) -> Piece:
    """Compose a piece from a picture.

    source: a path, or sample:china or sample:flower.
    rules: a mapping table's path; None is the default table.
    overrides: decisions by name that you make yourself.
    seed: draws another melody over the same plan.
    without: names of rules of theory, hard ones too, that are switched off.
    melody: who proposes its notes, one of MELODIES.
    weights: a file of the network's weights; None is the shipped one.
    stage: told of each of STAGES when it is done.

    Raises PictureError for a picture that cannot be read, UserError for a table or an override
    that is wrong or a rule that there is not, and neural's WeightsError for weights that are none.
    """
    off = left_out(without)
    table = load_table(rules, vocabulary())
    stage(f"read the table {table.name}, {len(table.rules)} rules")
    analysis = analyse(load(source))
    stage(f"measured {analysis.picture.name}, {len(analysis.regions)} regions")
    decisions = decide(table, measured(analysis), overrides or {})
    stage(f"decided {len(decisions.made)} things")
    return compose_decided(analysis, table, decisions, seed, off, melody, weights, stage)


def left_out(names: Collection[str]) -> frozenset[str]:
    """The rules of these names. Raises UserError for one that there is not.

    >>> sorted(left_out(["spacing", "parallel-fifths"]))
    ['parallel-fifths', 'spacing']
    """
    for name in names:
        if name not in RULES:
            near = nearest(name, RULES)
            hint = f"Did you mean {near}?" if near else f"The rules are {', '.join(RULES)}."
            raise UserError(f"There is no rule {name!r}.", hint)
    return frozenset(names)


def compose_decided(
    analysis: Analysis,
    table: Table,
    decisions: Decisions,
    seed: int,
    off: frozenset[str] = frozenset(),
    melody: str = MELODY,
    weights: str | None = None,
    stage: Callable[[str], None] = unheard,
    sing: Callable[[Plan, Harmony, Decisions, Voice], Tune] = sing_melody,
) -> Piece:
    """Compose from decisions that have been made; `off` are rules of theory switched off.

    sing: sings the melody; one that remembers may be given for the usual one.
    """
    noise = Noise(seed)
    library = load_library(table.library)
    plan = make_plan(decisions, analysis, off)
    frame = harmonise(plan, decisions, noise)
    stage(f"led four voices through {len(frame.spans)} chords")
    voice, singer = _voice(melody, weights, plan, frame, decisions, noise)
    tune = sing(plan, frame, decisions, voice)
    stage(f"sang {len(tune.notes)} notes of melody")
    parts = arrange(plan, tune.harmony, tune.notes, decisions, noise, library)
    stage(f"arranged for {len(parts)} players")
    return Piece(
        title=analysis.picture.name,
        analysis=analysis,
        table=table,
        decisions=decisions,
        plan=plan,
        harmony=tune.harmony,
        motifs=tune.motifs,
        parts=parts,
        checks=check(plan, tune.harmony, tune.notes),
        swing=decisions.number("swing"),
        seconds=round(Clock.at_rates(plan.tempo, plan.metre.beat).second(plan.end), 2),
        seed=seed,
        singer=singer,
    )


def _voice(
    melody: str,
    weights: str | None,
    plan: Plan,
    frame: Harmony,
    decisions: Decisions,
    noise: Noise,
) -> tuple[Voice, Singer]:
    """Who sings, and what the explanation says of it. Only the network needs torch."""
    if melody == "rules":
        return RulesVoice(plan, frame, decisions, noise), RULES_SUNG
    from composer.music.melody.learned import LearnedVoice, network

    singer, fingerprint = network(weights)
    voice = LearnedVoice(singer, plan, frame, decisions, noise)
    return voice, Singer(melody, fingerprint)
