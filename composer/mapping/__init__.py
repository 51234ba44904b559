"""The mapping table: a picture's features become musical decisions, each with its shares."""

from composer.mapping.decide import decide
from composer.mapping.load import PACKS, load_table, read_table, survey
from composer.mapping.regions import measured
from composer.mapping.sources import Sources, sources
from composer.mapping.table import Question, Rule, Table
from composer.mapping.values import Decision, Decisions, Evidence, Share
from composer.mapping.vocabulary import NEEDS, LibraryFile, Need, Vocabulary

__all__ = [
    "NEEDS",
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
