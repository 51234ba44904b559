"""The whole way: a picture becomes a piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.picture.analyse import Analysis, analyse
from analysis.picture.load import load
from composer.asking import ask
from composer.asking.shown import as_said
from composer.music.arrange import arrange
from composer.music.harmony import harmonise
from composer.music.melody import PhraseSinger, SungMelody, sing_melody
from composer.music.melody.by_rules import RulesSinger
from composer.music.orchestra import load_orchestra
from composer.music.plan import make_plan
from composer.music.vocabulary import vocabulary
from composer.settings import Settings
from composer.table import Decisions, Table, load_table
from composer.takes import best, said
from composer.values import RULES_SUNG, Harmony, Piece, Plan, SungBy
from composer.verifier.piece import check
from theory.noise import Noise
from theory.tempo import Clock

# What is done on the way, for somebody who waits.
STAGES = 6
USUAL = Settings()


def unheard(stage: str) -> None:
    """Nobody waits."""


def compose(
    source: str, settings: Settings = USUAL, step: Callable[[str], None] = unheard
) -> Piece:
    """Compose a piece from a picture.

    source: a path, or sample:china or sample:flower.
    step: told of each of STAGES when it is done.

    Raises PictureError for a picture that cannot be read, UserError for a table or an override
    that is wrong, and neural's WeightsError for weights that are none.
    """
    table = load_table(settings.table, vocabulary(), settings.style)
    step(f"read the table {table.name}, {len(table.rules)} rules")
    analysis = analyse(load(source), look=table.looks and settings.looks)
    analysis = as_said(analysis, table, settings)
    step(f"measured {analysis.picture.name}, {len(analysis.regions)} regions")
    asked = ask(table, analysis, settings)
    step(f"decided {len(asked.decisions)} things")
    made, decisions = asked.table, asked.decisions
    return compose_decided(analysis, made, decisions, settings, step, exact=asked.exact)


def compose_decided(
    analysis: Analysis,
    table: Table,
    decisions: Decisions,
    settings: Settings = USUAL,
    step: Callable[[str], None] = unheard,
    sing: Callable[[Plan, Harmony, PhraseSinger], SungMelody] = sing_melody,
    *,
    exact: bool = False,
) -> Piece:
    """Compose from decisions that have been made.

    settings: what is left of them: the seed, the rules switched off, who sings, who keeps time.
    sing: sings the melody; one that remembers may be given for the usual one.
    exact: the form has just so many bars as were decided.
    """
    if settings.takes > 1:
        return _of_several(analysis, table, decisions, settings, step, sing, exact=exact)
    noise = Noise(settings.seed)
    orchestra = load_orchestra(table.orchestra)
    plan = make_plan(decisions, analysis, settings.off, orchestra.forms, exact=exact)
    frame = harmonise(plan, noise)
    step(f"led four voices through {len(frame.spans)} chords")
    singer, sung_by = _singer(settings, plan, frame, noise)
    tune = sing(plan, frame, singer)
    step(f"sang {len(tune.notes)} notes of melody")
    parts = arrange(plan, tune.harmony, tune.notes, noise, orchestra)
    step(f"arranged for {len(parts)} players")
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
        seconds=round(Clock.at_rates(plan.tempo, plan.metre.beat).second(plan.end), 2),
        seed=settings.seed,
        singer=sung_by,
        timing=settings.timing,
    )


def _of_several(
    analysis: Analysis,
    table: Table,
    decisions: Decisions,
    settings: Settings,
    step: Callable[[str], None],
    sing: Callable[[Plan, Harmony, PhraseSinger], SungMelody],
    *,
    exact: bool,
) -> Piece:
    """The best of several takes. Whoever waits is told of the first."""
    pieces: list[Piece] = []
    for seed in range(settings.seed, settings.seed + settings.takes):
        alone = replace(settings, seed=seed, takes=1)
        told = unheard if pieces else step
        pieces.append(compose_decided(analysis, table, decisions, alone, told, sing, exact=exact))
    piece, weighed = best(pieces)
    return replace(piece, chosen=said(piece.seed, weighed))


def _singer(
    settings: Settings, plan: Plan, frame: Harmony, noise: Noise
) -> tuple[PhraseSinger, SungBy]:
    """Who sings, and what the explanation says of it. Only the network loads its weights."""
    if settings.melody == "rules":
        return RulesSinger(plan, frame, noise), RULES_SUNG
    from composer.music.melody.learned import LearnedSinger, network

    loaded, fingerprint = network(settings.weights)
    return LearnedSinger(loaded, plan, frame, noise), SungBy(settings.melody, fingerprint)
