"""The piece for a terminal: in two lines, in one or two screens, or all of it; 80 columns at most.

The two lines are of the piece; what is longer is read off the document. One or two screens hold
what stands out in the picture, what decided most, the harmony phrase by phrase, the motifs, the
checks; all of it has every feature and every rule.
"""

from __future__ import annotations

from itertools import zip_longest

from composer.explanation.chords import harmony
from composer.explanation.decided import DecisionJson, ShareJson
from composer.explanation.features import bounds, striking
from composer.explanation.form import form
from composer.explanation.format import CheckJson, Explanation, PictureJson, TypicalJson
from composer.explanation.layout import (
    WIDTH,
    dim,
    heading,
    justified,
    listed,
    music,
    padded,
    plain,
    short,
    shown,
    signed,
    signed_bar,
    swatch,
    times,
    value,
    wrapped,
)
from composer.explanation.notes import melody, note_by_note
from composer.explanation.shown import described, told
from composer.values import Check, Piece

# Decisions that the short view gives reasons for, and how many rules of each; the rest have a line.
MAIN = {
    "valence": 2,
    "arousal": 2,
    "mood": 1,
    "mode": 2,
    "metre": 1,
    "tempo": 2,
    "progression": 1,
    "ensemble": 2,
}
SWATCHES = 4  # colours of the palette shown
LABEL = 19  # columns for a name
MOST_BROKEN = 4  # soft rules that the short view names
REASON = 21  # where reasons begin
GRADES = "A replicated, B one study or measured, C a convention"
BEATS = {24: "♩", 36: "♩."}  # of how many ticks


def summary(piece: Piece) -> str:
    """What the piece is, in a line; one more for each rule left out."""
    plan = piece.plan
    players = dict.fromkeys(part.instrument.name for part in piece.parts)
    facts = (
        f"{plan.key.tonic.sign} {plan.key.mode.name}",
        plan.metre.name,
        tempo(piece),
        f"{plan.bars} bars",
        f"{round(piece.seconds)} seconds",
        piece.plan.mood.name,
    )
    lines = [f"{', '.join(facts)}; {', '.join(players)}."]
    lines += [piece.chosen] * bool(piece.chosen)
    lines += [
        f"Without {check.rule}: {_broken(check)}"
        for check in piece.checks
        if check.off and (check.rule in plan.off or check.count)
    ]
    return "\n".join(lines)


def tempo(piece: Piece) -> str:
    """The piece's tempo as a score writes it: ♩ = 96."""
    return f"{BEATS[piece.plan.metre.beat]} = {piece.plan.performance.rate:g}"


def _broken(check: Check) -> str:
    """How often a rule that is switched off was broken."""
    if not check.count:
        return "it is not broken even so; another picture or seed may show what it forbids."
    first = check.places[0].partition(":")[0]
    return f"it is broken {times(check.count)}, first in {first}."


def view(document: Explanation, *, everything: bool = False) -> str:
    """The text; `everything` for every feature, every rule and its evidence in full."""
    blocks = [
        _title(document),
        _picture(document, everything),
        _decisions(document, everything),
        form(document),
        harmony(document),
        melody(document),
        _checks(document, everything),
    ]
    if everything:
        blocks += [note_by_note(document), _sources(document)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _title(document: Explanation) -> list[str]:
    plan, made = document["plan"], document["decisions"]
    players = dict.fromkeys(part["instrument"] for part in document["parts"])
    facts = ", ".join(
        (
            music(plan["key"]["name"]),
            plan["metre"]["name"],
            f"{shown(made['tempo']['value'])} beats a minute",
            f"{plan['bars']} bars",
            f"{round(plan['seconds'])} seconds",
        )
    )
    return [
        value(document["title"]) + f"  {facts}",
        dim(f"{made['mood']['value']}; {', '.join(players)}; seed {document['seed']}"),
    ]


def _picture(document: Explanation, everything: bool) -> list[str]:
    """The features that stray farthest from what photographs measure, or all of them."""
    rows = [heading("What stands out in the picture"), *_shown(document["picture"])]
    rows.append(_palette(document["picture"]))
    features = document["features"]
    names = list(features) if everything else striking(document)
    for name in names:
        feature = features[name]
        label = name if everything else name.partition(".")[2].replace("_", " ")
        amount = f"{plain(feature['value'])} {feature['unit']}"
        left = f"  {label:<{LABEL + 7 if everything else LABEL}}{value(f'{amount:<15}')}"
        typical = feature["typical"]
        rows.append(left + (_standing(feature["value"], typical) if typical else ""))
        rows += [dim(line) for line in wrapped(feature["meaning"], 4)]
    return rows


def _shown(picture: PictureJson) -> list[str]:
    """What it shows, in a sentence; and why that is not known."""
    content = picture.get("content")
    if content is None:
        return []
    rest = [row for text in (described(picture), content["absent"]) for row in wrapped(text, 2)]
    return [*wrapped(content["caption"], 2), *(dim(row) for row in rest)]


def _palette(picture: PictureJson) -> str:
    """The palette's largest colours, each in its colour."""
    return "  " + "   ".join(
        f"{swatch(one['hex'])} {one['hex']} {round(100 * one['share'])} %"
        for one in picture["palette"][:SWATCHES]
    )


def _standing(measured: float, typical: TypicalJson) -> str:
    """Where the value lies among photographs, in a gauge and in words."""
    low, below, _, above, high = bounds(typical)
    at = 0 if measured < low else 8
    if low <= measured <= high:
        span = high - low
        at = 1 + min(6, int(7 * (measured - low) / span)) if span else 4
    gauge = "─" * at + "●" + "─" * (8 - at)
    if measured > high:
        words = "above 95 % of photographs"
    elif measured < low:
        words = "below 95 % of photographs"
    elif measured > above:
        words = "above 75 % of photographs"
    elif measured < below:
        words = "below 75 % of photographs"
    else:
        words = "as in most photographs"
    return f"{gauge}  {words}"


def _decisions(document: Explanation, everything: bool) -> list[str]:
    rows = [heading("What that decides")]
    minor = []
    for name, made in document["decisions"].items():
        if everything or name in MAIN:
            rows += _decision(name, made, None if everything else MAIN[name], document)
        else:
            minor.append(f"{_label(name):<{LABEL}}{value(short(figure(made), 19))}")
    if everything:
        return rows
    half = (len(minor) + 1) // 2
    pairs = zip_longest(minor[:half], minor[half:], fillvalue="")
    rows += ["", *(f"  {padded(left, 41)}{right}".rstrip() for left, right in pairs)]
    return [*rows, "", dim(f"  {GRADES}; more: --explain=all")]


def _decision(name: str, made: DecisionJson, most: int | None, document: Explanation) -> list[str]:
    """A decision with its strongest shares (`most` of them; None is all, with their evidence)."""
    left = f"  {_label(name):<{LABEL}}{value(figure(made))}"
    rows = [justified(left, before(made))]
    heard = made["shares"] if most is None else told(made["shares"], document)
    shares = [share for share in heard if share["amount"] or share["rule"] == "you"]
    strongest = sorted(shares, key=lambda share: (share["rule"] == "start", -abs(share["amount"])))
    largest = max((abs(s["amount"]) for s in shares if s["rule"] != "start"), default=0)
    for number, share in enumerate(strongest if most is None else strongest[:most]):
        rows += _share(share, largest, most is None, document)
        if most is not None and number == 0:
            rows += _evidence(share)
    return rows


def before(made: DecisionJson) -> str:
    """Whom a choice was taken before, and by how many votes; "" where nobody ran against it."""
    if made["runner_up"] is None or made["margin"] is None:
        return ""
    return dim(f"before {music(made['runner_up'])} by {plain(made['margin'])}")


def _evidence(share: ShareJson) -> list[str]:
    """What the strongest rule rests on, in figures, unless it is a convention."""
    evidence = share["evidence"]
    if evidence is None or evidence["grade"] == "C":
        return []
    source = f" ({evidence['source']})"
    effect = short(evidence["effect"], WIDTH - REASON - len(source))
    return [" " * REASON + dim(effect + source)]


def _share(share: ShareJson, largest: float, whole: bool, document: Explanation) -> list[str]:
    if share["rule"] == "you":
        return [" " * REASON + _why(share)]
    bar = " " * 8 if share["rule"] == "start" else signed_bar(share["amount"], largest)
    head = f"    {bar} {signed(share['amount']):>6}  "
    evidence = share["evidence"]
    grade = evidence["grade"] if evidence else ""
    if not whole:
        first, *rest = wrapped(_why(share), REASON, WIDTH - 3)
        return [justified(head + first.lstrip(), grade), *rest]
    rows = [justified(head + share["rule"], f"{grade} {evidence['source']}" if evidence else "")]
    rows += wrapped(_why(share), REASON)
    if evidence:
        rows += [dim(line) for line in wrapped(evidence["effect"], REASON)]
    return rows


def _why(share: ShareJson) -> str:
    because = str(share["because"])
    return because[:1].upper() + because[1:]


def _label(name: str) -> str:
    return name.replace("_", " ")


def figure(made: DecisionJson) -> str:
    """A decision's value with its unit."""
    unit = f" {made['unit']}" if made["kind"] == "number" else ""
    return f"{shown(made['value'])}{unit}".rstrip()


def _checks(document: Explanation, everything: bool) -> list[str]:
    """How many rules were checked, and which were broken where."""
    checks = document["checks"]
    off = [check for check in checks if check["off"]]
    hard = [check for check in checks if check["hard"]]
    soft = len(checks) - len(hard) - len(off)
    broken = [check for check in checks if check["count"] and not check["off"]]
    wrong = [check["rule"] for check in broken if check["hard"]]
    verdict = f"broken: {listed(wrong)}" if wrong else "none broken"
    rows = [
        heading("Checked by other rules than those that composed it"),
        f"  {_counted(len(hard), 'hard rule')}: {verdict}; {_counted(soft, 'soft one')}.",
    ]
    for check in off:
        # A figure that is switched off with its rule is told of only where it is heard.
        if check["rule"] not in document["plan"]["rules_off"] and not check["count"]:
            continue
        rows += wrapped(f"You switched off {check['rule']}: broken {_where(check)}.", 2)
        rows += [dim(line) for line in wrapped(check["sentence"], 4)]
    if not everything:
        often = sorted(broken, key=lambda check: (not check["hard"], -check["count"]))
        shown = often[: max(len(wrong), MOST_BROKEN)]
        told = [f"{check['rule']}: {_where(check)}" for check in shown]
        if len(shown) < len(broken):
            told.append(f"and {_counted(len(broken) - len(shown), 'other rule')}")
        return [*rows, *wrapped("; ".join(told), 4)] if told else rows
    for check in checks:
        rows.append(f"    {check['rule']}: {_where(check)}")
        rows += [dim(line) for line in wrapped(f"{check['sentence']} {check['source']}", 6)]
    return rows


def _where(check: CheckJson) -> str:
    """How often a rule was broken, and where first."""
    if not check["count"]:
        return "never"
    first = check["places"][0].partition(":")[0] if check["places"] else ""
    often = times(check["count"])
    if check["count"] == 1:
        return f"{often}, in {first}" if first else often
    return f"{often}, first in {first}" if first else often


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _sources(document: Explanation) -> list[str]:
    """What the grades and the keys beside the rules stand for."""
    rows = [heading("Sources"), f"  {GRADES}."]
    for key, citation in document["rules"]["table"]["sources"].items():
        rows += wrapped(f"{key}: {citation}", 4)
    return rows
