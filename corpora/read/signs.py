"""Which signs of repetition stand at a score's bars, whichever part writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from corpora.read.order import MOST_TIMES, BarSigns

_CAPO = re.compile(r"\s*(d\.?\s?c\.?(\s|$)|da capo)", re.IGNORECASE)
_SEGNO = re.compile(r"\s*(d\.?\s?s\.?(\s|$)|d(al|el) segno)", re.IGNORECASE)
_TO_CODA = re.compile(r"\s*to coda", re.IGNORECASE)
_FINE = re.compile(r"\s*fine\s*\.?\s*$", re.IGNORECASE)
_TIMES = re.compile(r"\d{1,2}")


class SignReader:
    """What stands at one bar; every part that has it adds what it writes."""

    def __init__(self) -> None:
        self.forward = False
        self.backward = 0
        self.opens: frozenset[int] = frozenset()
        self.closes = False
        self.sounds: dict[str, str] = {}
        self.words: list[str] = []
        self.segno = self.coda = False

    def read(self, measure: Element) -> None:
        """Add what a part writes in the bar."""
        for element in measure:
            if element.tag == "barline":
                self._barline(element)
            elif element.tag == "sound":
                self._sound(element)
            elif element.tag == "direction":
                for sound in element.findall("sound"):
                    self._sound(sound)
                for kind in element.findall("direction-type"):
                    self.segno |= kind.find("segno") is not None
                    self.coda |= kind.find("coda") is not None
                    self.words += [words.text or "" for words in kind.findall("words")]

    def _barline(self, element: Element) -> None:
        self.segno |= element.find("segno") is not None
        self.coda |= element.find("coda") is not None
        for repeat in element.findall("repeat"):
            if repeat.get("direction") == "forward":
                self.forward = True
            elif repeat.get("direction") == "backward":
                times = _TIMES.fullmatch(repeat.get("times") or "2")
                self.backward = max(2, min(MOST_TIMES, int(times[0]) if times else 2))
        for ending in element.findall("ending"):
            if ending.get("type") == "start":
                found = _TIMES.findall(ending.get("number") or "")
                self.opens = frozenset(map(int, found)) or frozenset({1})
            else:
                self.closes = True

    def _sound(self, element: Element) -> None:
        for name in ("dacapo", "dalsegno", "tocoda", "segno", "coda", "fine"):
            value = element.get(name)
            if value and value != "no":
                self.sounds[name] = value

    def said(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.match(words) for words in self.words)

    @property
    def jumps(self) -> str:
        if "dacapo" in self.sounds or self.said(_CAPO):
            return "capo"
        if "dalsegno" in self.sounds or self.said(_SEGNO):
            return "$" + self.sounds.get("dalsegno", "")
        return ""


def signs_of(read: Sequence[SignReader]) -> list[BarSigns]:
    """The bars' signs: an ending holds on until it is closed, and of coda signs without a sound
    the first sends on to the last."""
    found: list[BarSigns] = []
    ending: frozenset[int] = frozenset()
    for one in read:
        ending = one.opens or ending
        sounds = one.sounds
        found.append(
            BarSigns(
                one.forward,
                one.backward,
                ending,
                sounds.get("segno", "" if one.segno else None),
                sounds.get("coda"),
                one.jumps,
                sounds.get("tocoda", "" if one.said(_TO_CODA) else None),
                "fine" in sounds or one.said(_FINE),
            )
        )
        if one.closes:
            ending = frozenset()
    return _codas(read, found)


def _codas(read: Sequence[SignReader], found: list[BarSigns]) -> list[BarSigns]:
    if any(bar.coda is not None for bar in found):
        return found
    marked = [index for index, one in enumerate(read) if one.coda]
    if marked:
        found[marked[-1]] = replace(found[marked[-1]], coda="")
        sends = any(bar.to_coda is not None for bar in found)
        if len(marked) > 1 and not sends:
            found[marked[0]] = replace(found[marked[0]], to_coda="")
    return found
