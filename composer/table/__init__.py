"""The mapping table: a picture's features become musical decisions, each with its shares."""

from composer.table.conditions import measured
from composer.table.decide import Decision, Decisions, Share, decide
from composer.table.files import MUSIC, NAMED, PACKS, STYLES, Origins, is_of_music, origins
from composer.table.load import load_table, read_table, survey
from composer.table.table import Evidence, MappingRule, Question, Table

__all__ = [
    "MUSIC",
    "NAMED",
    "PACKS",
    "STYLES",
    "Decision",
    "Decisions",
    "Evidence",
    "MappingRule",
    "Origins",
    "Question",
    "Share",
    "Table",
    "decide",
    "is_of_music",
    "load_table",
    "measured",
    "origins",
    "read_table",
    "survey",
]
