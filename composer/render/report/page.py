"""The report's bytes: the explanation, the picture and the MIDI file laid out by the template.

Everything that the page says is read off `composer.explanation.document.explanation`, which it also
holds whole; only the picture, the outlines of its regions, the MIDI file and what would turn a
decision, which is a replay and said to be one, come from elsewhere.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.picture.view import Outline, jpeg, outlines
from composer.explanation.chosen import decided
from composer.explanation.decided import RuleJson
from composer.explanation.features import striking
from composer.explanation.format import Explanation
from composer.explanation.layout import LENGTHS, listed, music, plain, roman, times
from composer.explanation.motifs import returns
from composer.explanation.plain import sentences
from composer.render.report.charts import charts, gauges
from composer.render.report.glossed import glossed
from composer.render.report.influence import Influence, Influences, Notes
from composer.render.report.roll import listing, roll
from composer.render.report.score import heads_of
from composer.render.report.sights import sights
from composer.render.report.words import (
    GRADES,
    counted,
    key_and_facts,
    label,
    prime,
    sentence,
    shaped,
    turning,
)
from composer.render.score.pages import ScoreHead
from composer.values import Piece

HERE = Path(__file__).parent
# In the order in which they build on one another.
SCRIPTS = ("packed", "player", "sound", "players", "score", "report")


@dataclass(frozen=True, slots=True)
class Heard:
    """The piece's sound as an MP3 file, the seconds that it lasts, and each player alone, in the
    order of the parts, as Ogg files of Opus; none where the mix is all that the page is to have."""

    mp3: bytes
    seconds: float
    players: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The engraved score as an SVG file, the same as MusicXML, and the notes of the former."""

    svg: bytes
    musicxml: bytes
    heads: tuple[ScoreHead, ...]


def encode(
    piece: Piece,
    document: Explanation,
    midi: bytes,
    heard: Heard | None = None,
    written: Written | None = None,
) -> bytes:
    """The page: HTML with everything in it, the same bytes for the same piece.

    document: the piece's explanation. midi: its MIDI file. heard: its sound; without it the page
    plays the MIDI file by a small synthesiser of its own. written: its score.
    """
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
            midi=_data("audio/midi", midi),
            packed={
                "explanation": _packed(_text(document)),
                **({} if written is None else _score(document, written)),
            },
            apart=[] if heard is None else [b64encode(one).decode() for one in heard.players],
            sound=None if heard is None else _data("audio/mpeg", heard.mp3),
            lasts=round(piece.seconds if heard is None else heard.seconds, 4),
            sentences=[glossed(said.text) for said in sentences(document)],
            reasons=[_reason(said.text) for said in decided(document)],
            file=Path(piece.title.replace(":", "-")).stem,
            height=height,
            outlines=[_path(region, height) for region in outlines(piece.analysis)],
            sights=sights(piece, height),
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
            scripts=[_asset(f"{name}.js") for name in SCRIPTS],
        )
    )
    return text.encode()


def _reason(text: str) -> tuple[str, Markup]:
    """A reason as its label and the rest."""
    label, _, rest = text.partition(": ")
    return label, glossed(rest)


def _targets(document: Explanation) -> dict[str, Any]:
    """Everything that can be shown on the roll: its name, what is said, and its notes.

    Sets of notes, as hexadecimal digits of four notes each, are kept once: `sets[n]`.
    """
    influences = Influences(document)
    table = {rule["id"]: rule for rule in document["rules"]["table"]["rules"]}
    found: dict[str, tuple[str, Influence]] = {}
    for name in document["decisions"]:
        found[f"decision:{name}"] = (sentence(label(name)), influences.decision(name))
    for name in table:
        influence = influences.rule(name)
        if influence.moved:
            found[f"rule:{name}"] = (name, influence)
    for check in document["checks"]:
        found[f"theory:{check['rule']}"] = (
            check["rule"],
            Influence(influences.named(check["rule"])),
        )
    for name in document["plan"]["motifs"]:
        found[f"motif:{name}"] = (f"Motif {name}", Influence(influences.named(f"motif {name}")))
    for number, region in enumerate(document["picture"]["regions"]):
        found[f"region:{number}"] = (sentence(region["name"]), influences.region(region["name"]))
    bar = document["plan"]["metre"]["ticks_per_bar"]
    for number in range(document["plan"]["bars"]):
        influence = influences.between(number * bar, (number + 1) * bar)
        found[f"bar:{number + 1}"] = (f"Bar {number + 1}", influence)
    for number, section in enumerate(document["plan"]["sections"]):
        start = (section["bar"] - 1) * bar
        influence = influences.between(start, start + section["bars"] * bar)
        found[f"section:{number}"] = (f"Section {prime(section['name'])}", influence)
    for number, span in enumerate(document["harmony"]):
        influence = influences.between(span["tick"], span["tick"] + span["duration"])
        found[f"chord:{number}"] = (f"{roman(span['roman'])}, bar {span['bar']}", influence)
    sets: dict[str, int] = {}
    rows = {}
    for key, (name, influence) in found.items():
        digits = [
            _digits(notes, len(document["notes"])) for notes in (influence.notes, influence.through)
        ]
        rows[key] = [name, _words(key, influence, document, table)] + [
            sets.setdefault(text, len(sets)) for text in digits
        ]
    return {"of": rows, "sets": list(sets)}


def _words(
    key: str, influence: Influence, document: Explanation, table: Mapping[str, RuleJson]
) -> str:
    """What is said of it beside its name."""
    kind, _, name = key.partition(":")
    if kind == "rule":
        return f"{sentence(table[name]['because'])} {shaped(influence, document)}"
    if kind == "theory":
        check = next(check for check in document["checks"] if check["rule"] == name)
        named = counted(influence.notes, document) if influence.notes else "no note"
        return f"{check['sentence']} The cause of {named} names it."
    if kind == "region":
        return _region(document["picture"]["regions"][int(name)]["name"], influence, document)
    if kind == "chord":
        span = document["harmony"][int(name)]
        return f"{music(span['symbol'])}, {span['function']}. {_struck(influence, document)}"
    if kind == "bar":
        return f"{_bar(int(name), document)} {_struck(influence, document)}"
    if kind == "section":
        return f"{sentence(document['plan']['sections'][int(name)]['why'])}."
    return shaped(influence, document)


def _region(name: str, influence: Influence, document: Explanation) -> str:
    """What a region became."""
    sections = [one["name"] for one in document["plan"]["sections"] if one["region"] == name]
    if not sections:
        return "No section stands for this region: it shaped no note by itself."
    word = "Section" if len(sections) == 1 else "Sections"
    return f"{word} {prime(listed(sections))}. {shaped(influence, document)}"


def _bar(number: int, document: Explanation) -> str:
    """Where a bar stands and what sounds in it."""
    bar = document["plan"]["metre"]["ticks_per_bar"]
    start, end = (number - 1) * bar, number * bar
    section = next(one for one in document["plan"]["sections"] if number < one["bar"] + one["bars"])
    over = [
        f"{roman(span['roman'])} ({music(span['symbol'])})"
        for span in document["harmony"]
        if span["tick"] < end and start < span["tick"] + span["duration"]
    ]
    chords = f", over {listed(over)}" if over else ""
    return f"In section {prime(section['name'])}, {section['region']}{chords}."


def _struck(influence: Influence, document: Explanation) -> str:
    if not influence.notes:
        return "No note is struck in it."
    return f"{sentence(counted(influence.notes, document))} are struck in it."


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


def _score(document: Explanation, written: Written) -> dict[str, str]:
    """The score as a page holds it, packed, by the ids of its elements."""
    heads = _text(heads_of(document, written.heads))
    return {
        "engraving": _packed(written.svg),
        "musicxml": _packed(written.musicxml),
        "heads": _packed(heads),
    }


def _text(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _packed(data: bytes) -> str:
    """Bytes that a page unpacks: gzip, of no date, in base64."""
    return b64encode(gzip.compress(data, mtime=0)).decode("ascii")


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
