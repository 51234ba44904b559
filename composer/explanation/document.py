"""The explanation of a piece as plain data: what the JSON file holds and every view is read off.

Nothing is computed here but places: bars and beats, counted from 1, of ticks. Decimals become the
numbers that they print as, so that a reader who takes them as decimals finds every sum exact.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, cast

from analysis.picture.catalogue import CATALOGUE
from analysis.picture.content.words import SEEN
from composer.explanation.decided import (
    ChoiceJson,
    DecisionJson,
    NumberJson,
    RulesJson,
    ShareJson,
    TableJson,
    WhyNotJson,
)
from composer.explanation.features import typical
from composer.explanation.format import FORMAT, Explanation, FeatureJson, PictureJson
from composer.explanation.piece import checks, harmony, notes, parts, plan, singer, voice_leading
from composer.explanation.reasons import NearMiss, decisive, why_not
from composer.explanation.shown import caption
from composer.table import Decision, Decisions, Share, Table, measured
from composer.values import Piece
from composer.version import __version__

if TYPE_CHECKING:  # the libraries that read pictures are slow to load
    from analysis.picture.analyse import Analysis

# The libraries that a picture's figures, and so the whole piece, depend on.
MEASURED_BY = ("colorthief", "numpy", "opencv-python-headless", "pillow")
# Characters to a line, and to one that is a row of a list, as a note is.
WIDTH, ROW = 100, 600


def explanation(piece: Piece) -> Explanation:
    """Everything that led to the piece; `schema.json` beside this module says what is where.

    It is the same whatever files are written: it records no library that only a score or a sound
    is made with.
    """
    return {
        "promenade": FORMAT,
        "title": piece.title,
        "seed": piece.seed,
        "picture": _picture(piece.analysis),
        "features": _features(piece.analysis.features),
        "terms": {name: number(value) for name, value in piece.decisions.terms.items()},
        "decisions": _decisions(piece),
        "plan": plan(piece),
        "parts": parts(piece),
        "harmony": harmony(piece),
        "voice_leading": voice_leading(piece.harmony),
        "singer": singer(piece),
        "notes": notes(piece),
        "checks": checks(piece.checks),
        "rules": _table(piece.table, piece.decisions),
        "versions": _versions(),
    }


def number(value: Decimal) -> int | float:
    """A decimal as the JSON number of the same digits."""
    whole = int(value)
    return whole if whole == value else float(value)


def to_json(document: Explanation) -> str:
    """The document as text: what fits on a line stands on one, so that it can be read."""
    return "".join(_lines(document)) + "\n"


def _lines(value: Any, indent: str = "", width: int = WIDTH) -> Iterable[str]:
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not value or not isinstance(value, dict | list) or len(flat) + len(indent) <= width:
        yield flat
        return
    deeper = indent + "  "
    if isinstance(value, dict):
        begin, end, room = "{", "}", WIDTH
        rows = [(json.dumps(key, ensure_ascii=False) + ": ", row) for key, row in value.items()]
    else:
        begin, end, room = "[", "]", ROW
        rows = [("", row) for row in value]
    if not any(isinstance(row, dict | list) for _, row in rows) and end == "]":
        yield flat
        return
    for label, row in rows:
        yield f"{begin}\n{deeper}{label}"
        yield from _lines(row, deeper, room)
        begin = ","
    yield f"\n{indent}{end}"


def _picture(analysis: Analysis) -> PictureJson:
    picture = analysis.picture
    found: PictureJson = {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "palette": [
            {
                "hex": swatch.hex,
                "share": round(swatch.share, 4),
                "lightness": round(swatch.lightness, 2),
                "chroma": round(swatch.chroma, 2),
                "hue": round(swatch.hue, 2),
            }
            for swatch in analysis.palette
        ],
        "regions": [
            {
                "name": region.name,
                "share": region.share,
                "x": region.x,
                "y": region.y,
                "box": list(region.box),
                "hex": region.hex,
                "features": dict(region.features),
            }
            for region in analysis.regions
        ],
        "skyline": {
            "heights": list(analysis.skyline.heights),
            "strength": analysis.skyline.strength,
        },
    }
    content = analysis.content
    found["content"] = {
        "caption": caption(analysis.features, found),
        "looked": bool(analysis.features[SEEN]),
        "absent": content.absent,
        "yours": dict(content.yours),
        "described": content.described,
        "named": dict(content.named),
        "shares": [
            {name: number(share) for name, share in region.items() if analysis.features[name]}
            for region in content.shares
        ],
    }
    return found


def caption_of(analysis: Analysis) -> str:
    """What a picture shows, in one sentence."""
    return caption(analysis.features, _picture(analysis))


def _features(values: Mapping[str, float]) -> dict[str, FeatureJson]:
    return {
        name: {
            "value": value,
            "unit": CATALOGUE[name].unit,
            "range": [CATALOGUE[name].low, CATALOGUE[name].high],
            "typical": typical(name),
            "meaning": CATALOGUE[name].meaning,
            "source": CATALOGUE[name].source,
        }
        for name, value in values.items()
    }


def _decisions(piece: Piece) -> dict[str, DecisionJson]:
    features = measured(piece.analysis)
    return {
        name: _decision(
            made,
            decisive(piece.table, piece.decisions, name),
            why_not_row(why_not(piece.table, features, piece.decisions, name)),
        )
        for name, made in piece.decisions.items()
    }


def _decision(made: Decision, settled: str | None, lost: WhyNotJson | None) -> DecisionJson:
    """A decision with the rule that settled it and the one that came nearest to turning it."""
    if isinstance(made.value, str):
        return _choice(made, made.value, settled, lost)
    row: NumberJson = {
        "kind": "number",
        "value": number(made.value),
        "unit": made.unit,
        "shares": _shares(made.shares),
        "runner_up": None,
        "margin": None,
        "decisive": settled,
        "why_not": lost,
    }
    return row


def _choice(made: Decision, value: str, settled: str | None, lost: WhyNotJson | None) -> ChoiceJson:
    return {
        "kind": "choice",
        "value": value,
        "unit": made.unit,
        "shares": _shares(made.shares),
        "runner_up": made.runner_up,
        "margin": None if made.margin is None else number(made.margin),
        "votes": {choice: number(votes) for choice, votes in made.votes.items()},
        "excluded": dict(made.excluded),
        "rivals": {
            choice: _shares(share for share in shares if share.amount)
            for choice, shares in made.rivals.items()
            if choice != value and any(share.amount for share in shares)
        },
        "decisive": settled,
        "why_not": lost,
    }


def why_not_row(found: NearMiss | None) -> WhyNotJson | None:
    """A why-not as the document has it."""
    if found is None:
        return None
    value = found.clause.value
    return {
        "rule": found.rule,
        "for": found.choice,
        "strength": number(found.strength),
        "needed": None if found.needed is None else number(found.needed),
        "amount": number(found.amount),
        "clause": {
            "text": found.clause.text,
            "strength": number(found.clause.strength),
            "of": found.clause.of,
            "value": number(value) if isinstance(value, Decimal) else value,
        },
    }


def _shares(shares: Iterable[Share]) -> list[ShareJson]:
    return [
        {
            "rule": share.rule,
            "strength": number(share.strength),
            "amount": number(share.amount),
            "because": share.because,
            "evidence": None
            if share.evidence is None
            else {
                "grade": share.evidence.grade,
                "effect": share.evidence.effect,
                "source": share.evidence.source,
            },
        }
        for share in shares
    ]


def _table(table: Table, decisions: Decisions) -> RulesJson:
    return {
        "file": table.file,
        "sha256": table.sha256,
        "strengths": {rule: number(value) for rule, value in decisions.strengths.items()},
        "table": cast(TableJson, table.resolved()),
    }


def _versions() -> dict[str, str]:
    """The program's version, and those of MEASURED_BY that are installed under their names."""
    found = {"promenade": __version__}
    for library in MEASURED_BY:
        with suppress(PackageNotFoundError):
            found[library] = version(library)
    return found
