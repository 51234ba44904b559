"""The one table of rules: what part-writing and melody may and may not do, and who says so.

Optimiser, automaton, verifier, explanation, lessons and the page of rules all read it. A rule's
`hard` names the languages (the decision `language`) in which nothing may break it; elsewhere it
costs its weight. Those who generate (`theory.voices`, `theory.melody`) and `theory.verify` each
read every rule, sharing no code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from theory.rules.entry import (
    EVERYWHERE,
    FREE,
    LANGUAGES,
    LEARNED,
    MODAL,
    NOWHERE,
    POPULAR,
    STRICT,
    STYLED,
    Example,
    Rule,
    known,
)
from theory.rules.melody import MELODY
from theory.rules.voices import VOICES

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in (*VOICES, *MELODY)})

__all__ = [
    "EVERYWHERE",
    "FREE",
    "LANGUAGES",
    "LEARNED",
    "MODAL",
    "NOWHERE",
    "POPULAR",
    "RULES",
    "STRICT",
    "STYLED",
    "Example",
    "Rule",
    "check_language",
    "check_rules",
    "switched_off",
]


def check_language(language: str) -> str:
    """The language itself; ValueError, with the nearest known name, where there is none such."""
    return known("language", language, LANGUAGES)


def check_rules(argument: str, names: object, kind: str | None = None) -> tuple[str, ...]:
    """Names of rules, in their order; ValueError names the argument and the nearest rule."""
    there = [name for name, rule in RULES.items() if kind in (None, rule.kind)]
    if isinstance(names, str) or not hasattr(names, "__iter__"):
        raise ValueError(f"{argument} takes several names of rules, not {names!r}")
    return tuple(known(argument, name, there) for name in names)


def switched_off(names: Collection[str]) -> frozenset[str]:
    """The rules that these names switch off: themselves, and the figures of a general one."""
    chosen = check_rules("off", names)
    return frozenset({*chosen, *(figure for name in chosen for figure in RULES[name].figures)})
