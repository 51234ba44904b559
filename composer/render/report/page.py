"""The report's bytes: the explanation, the picture and the MIDI file laid out by the template.

Everything that the page says is read off `composer.explanation.document.explanation`, which it also
holds whole; only the picture, the outlines of its regions, the MIDI file and what would turn a
decision, which is a replay and said to be one, come from elsewhere.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.picture.view import Outline, jpeg, outlines
from composer.explanation.decided import RuleJson
from composer.explanation.document import explanation
from composer.explanation.features import striking
from composer.explanation.format import Explanation
from composer.explanation.layout import LENGTHS, listed, music, plain, roman, times
from composer.render.midi.writer import encode as encode_midi
from composer.render.report.charts import charts
from composer.render.report.features import gauges, listing
from composer.render.report.reach import Notes, Reach, Reaches
from composer.render.report.roll import roll
from composer.render.report.words import (
    GRADES,
    counted,
    key_and_facts,
    label,
    prime,
    returns,
    sentence,
    shaped,
    turning,
)
from composer.values import Piece

HERE = Path(__file__).parent


def encode(piece: Piece) -> bytes:
    """The page: HTML with everything in it, the same bytes for the same piece."""
    document = explanation(piece)
    picture = piece.analysis.picture
    height = round(1000 * picture.pixels.shape[0] / picture.pixels.shape[1])
    text = (
        _environment()
        .get_template("page.html")
        .render(
            document=document,
            facts=key_and_facts(document),
            players=listed(list(dict.fromkeys(part["instrument"] for part in document["parts"]))),
            jpeg=_data("image/jpeg", jpeg(picture)),
            midi=_data("audio/midi", encode_midi(piece)),
            file=Path(piece.title.replace(":", "-")).stem,
            height=height,
            outlines=[_path(region, height) for region in outlines(piece.analysis)],
            skyline=_skyline(document["picture"]["skyline"]["heights"], height),
            striking=gauges(document, striking(document)),
            features=gauges(document, document["features"]),
            charts=charts(document),
            turning=turning(piece),
            roll=roll(document),
            listing=listing(document),
            targets=_targets(document),
            grades=GRADES,
            lengths=LENGTHS,
            style=_asset("report.css"),
            scripts=[_asset("player.js"), _asset("report.js")],
        )
    )
    return text.encode()


def _targets(document: Explanation) -> dict[str, Any]:
    """Everything that can be shown on the roll: its name, what is said, and its notes.

    Sets of notes, as hexadecimal digits of four notes each, are kept once: `sets[n]`.
    """
    reaches = Reaches(document)
    table = {rule["id"]: rule for rule in document["rules"]["table"]["rules"]}
    found: dict[str, tuple[str, Reach]] = {}
    for name in document["decisions"]:
        found[f"decision:{name}"] = (sentence(label(name)), reaches.decision(name))
    for name in table:
        reach = reaches.rule(name)
        if reach.moved:
            found[f"rule:{name}"] = (name, reach)
    for check in document["checks"]:
        found[f"theory:{check['rule']}"] = (check["rule"], Reach(reaches.named(check["rule"])))
    for name in document["plan"]["motifs"]:
        found[f"motif:{name}"] = (f"Motif {name}", Reach(reaches.named(f"motif {name}")))
    for number, region in enumerate(document["picture"]["regions"]):
        found[f"region:{number}"] = (sentence(region["name"]), reaches.region(region["name"]))
    bar = document["plan"]["metre"]["ticks_per_bar"]
    for number, section in enumerate(document["plan"]["sections"]):
        start = (section["bar"] - 1) * bar
        reach = reaches.between(start, start + section["bars"] * bar)
        found[f"section:{number}"] = (f"Section {prime(section['name'])}", reach)
    for number, span in enumerate(document["harmony"]):
        reach = reaches.between(span["tick"], span["tick"] + span["duration"])
        found[f"chord:{number}"] = (f"{roman(span['roman'])}, bar {span['bar']}", reach)
    sets: dict[str, int] = {}
    rows = {}
    for key, (name, reach) in found.items():
        digits = [_digits(notes, len(document["notes"])) for notes in (reach.notes, reach.through)]
        rows[key] = [name, _said(key, reach, document, table)] + [
            sets.setdefault(text, len(sets)) for text in digits
        ]
    return {"of": rows, "sets": list(sets)}


def _said(key: str, reach: Reach, document: Explanation, table: Mapping[str, RuleJson]) -> str:
    """What is said of it beside its name."""
    kind, _, name = key.partition(":")
    if kind == "rule":
        return f"{sentence(table[name]['because'])} {shaped(reach, document)}"
    if kind == "theory":
        check = next(check for check in document["checks"] if check["rule"] == name)
        named = counted(reach.notes, document) if reach.notes else "no note"
        return f"{check['sentence']} The cause of {named} names it."
    if kind == "region":
        return _region(document["picture"]["regions"][int(name)]["name"], reach, document)
    if kind == "chord":
        span = document["harmony"][int(name)]
        return f"{music(span['symbol'])}, {span['function']}. {_struck(reach, document)}"
    if kind == "section":
        return f"{sentence(document['plan']['sections'][int(name)]['why'])}."
    return shaped(reach, document)


def _region(name: str, reach: Reach, document: Explanation) -> str:
    """What a region became."""
    sections = [one["name"] for one in document["plan"]["sections"] if one["region"] == name]
    if not sections:
        return "No section stands for this region: it shaped no note by itself."
    word = "Section" if len(sections) == 1 else "Sections"
    return f"{word} {prime(listed(sections))}. {shaped(reach, document)}"


def _struck(reach: Reach, document: Explanation) -> str:
    if not reach.notes:
        return "No note is struck in it."
    return f"{sentence(counted(reach.notes, document))} are struck in it."


def _digits(notes: Notes, count: int) -> str:
    """The set as hexadecimal digits: note n is bit n % 4 of digit n // 4.

    >>> _digits(frozenset({0, 2, 4}), 6)
    '51'
    """
    # Python writes a number's greatest digit first.
    return f"{sum(1 << note for note in notes):0{-(-count // 4)}x}"[::-1]


def _path(region: Iterable[Outline], height: int) -> str:
    """The outlines of a region as an SVG path, a thousand units wide."""
    return "".join(
        "M" + "L".join(f"{1000 * x:.0f} {height * y:.0f}" for x, y in outline) + "Z"
        for outline in region
    )


def _skyline(heights: list[float], height: int) -> str:
    """The skyline's points, a thousand units wide."""
    step = 1000 / len(heights)
    return " ".join(
        f"{(number + 0.5) * step:.0f},{height * (1 - high):.0f}"
        for number, high in enumerate(heights)
    )


def _data(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"


def _asset(name: str) -> Markup:
    """Style or script of ours, as it is."""
    return Markup((HERE / "templates" / name).read_text(encoding="utf-8").strip())


def _json(value: Any) -> Markup:
    """JSON that may stand in a script element: nothing in it can end that, or begin another."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        json=_json,
        label=label,
        listed=listed,
        music=music,
        plain=plain,
        prime=prime,
        roman=roman,
        sentence=sentence,
        returns=returns,
        times=times,
    )
    return made
