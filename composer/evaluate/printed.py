"""Reads the printed explanation as a person does, and holds its figures against the JSON."""

from __future__ import annotations

import re

from composer.explanation.decided import DecisionJson
from composer.explanation.format import Explanation
from composer.explanation.layout import unstyle
from composer.explanation.text import LABEL as COLUMNS
from composer.explanation.text import view

# A share as it is printed: a bar, an amount, a rule.
SHARE = re.compile(r"^ {4}[█▏▎▍▌▋▊▉ ]{8} +([+−][0-9.]+)  (\S.*?)(?: {2,}|$)")
HEAD = re.compile(
    r"^(\S.*?)(?: {2,}(?:before|tied with) (.+?)(?: by ([0-9.−]+)|, and declared before it))?$"
)
LABEL = slice(2, 2 + COLUMNS)  # where a decision's name stands, before its value
FEATURE = re.compile(r"^ {2}([a-z]+\.[a-z_]+) +(−?[0-9.]+)")


def misprints(document: Explanation) -> list[str]:
    """What of the whole printed explanation is not as the document has it."""
    lines = unstyle(view(document, everything=True)).splitlines()
    begin = lines.index("WHAT THAT DECIDES")
    end = next(n for n, line in enumerate(lines) if n > begin and line.startswith("HARMONY"))
    return [*_features(document, lines[:begin]), *_decisions(document, lines[begin + 1 : end])]


def _features(document: Explanation, lines: list[str]) -> list[str]:
    printed = {m[1]: m[2] for line in lines if (m := FEATURE.match(line))}
    return [
        name
        for name, row in document["features"].items()
        if name not in printed or not _rounds(printed[name], row["value"])
    ]


def _decisions(document: Explanation, lines: list[str]) -> list[str]:
    names = {name.replace("_", " "): name for name in document["decisions"]}
    wrong: list[str] = []
    seen: dict[str, list[tuple[str, str]]] = {}
    current = ""
    for line in lines:
        share = SHARE.match(line)
        name = names.get(line[LABEL].strip(), "") if line[2:3].strip() else ""
        head = HEAD.match(line[LABEL.stop :]) if name else None
        if share and current:
            seen[current].append((share[2], share[1]))
        elif head:
            current = name
            seen[current] = []
            wrong += _head(document["decisions"][current], current, head)
    for name, row in document["decisions"].items():
        due = sorted(
            (share["rule"], share["amount"])
            for share in row["shares"]
            if share["amount"] and share["rule"] != "you"
        )
        told = sorted(seen.get(name, []))
        if [rule for rule, _ in told] != [rule for rule, _ in due]:
            wrong.append(f"the shares of {name}")
            continue
        for (rule, text), (_, amount) in zip(told, due, strict=True):
            if not _rounds(text, amount):
                wrong.append(f"{rule} in {name}: {text}, not {amount}")
    return wrong


def _head(row: DecisionJson, name: str, head: re.Match[str]) -> list[str]:
    """What of a decision's first line is wrong: its value, its runner-up, its margin."""
    value = row["value"]
    if isinstance(value, str):
        right = _plain(head[1]) == _plain(value)
    else:
        right = _rounds(head[1].split()[0], value)
    wrong = [] if right else [f"{name}: {head[1]}, not {value}"]
    if (head[2] and _plain(head[2])) != (row["runner_up"] and _plain(row["runner_up"])):
        wrong.append(f"the runner-up of {name}")
    elif row["margin"] is not None and not _rounds(head[3] or "0", row["margin"]):
        wrong.append(f"the margin of {name}")
    return wrong


def _plain(text: str) -> str:
    return text.replace("♭", "b").replace("♯", "#")


def _rounds(text: str, number: float) -> bool:
    """Is the printed figure the number, to the places that it is printed with?"""
    text = text.replace("−", "-").replace("+", "")
    places = len(text.partition(".")[2])
    return bool(abs(float(text) - number) <= 0.5000001 * 10.0**-places)
