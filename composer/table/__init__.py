"""The mapping table: a picture's features become musical decisions, each with its shares."""

from composer.table.conditions import measured
from composer.table.decide import decide
from composer.table.load import PACKS, Sources, load_table, read_table, sources, survey
from composer.table.table import Question, Rule, Table
from composer.table.values import Decision, Decisions, Evidence, Share
from composer.vocabulary import LibraryFile, Need, Vocabulary

__all__ = [
    "PACKS",
    "Decision",
    "Decisions",
    "Evidence",
    "LibraryFile",
    "Need",
    "Question",
    "Rule",
    "Share",
    "Sources",
    "Table",
    "Vocabulary",
    "decide",
    "load_table",
    "measured",
    "read_table",
    "sources",
    "survey",
]
