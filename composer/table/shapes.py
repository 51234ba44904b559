"""The shapes of a table: which keys may stand where, what each holds, and what it is for.

YamlReader, JSON Schema and documentation all follow this one description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FORMATS = (1, 2)  # the versions of the format that are read; the last is written


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """A key: what it holds (a name that the schema knows), what it is for, whether it must be.

    `first` is what it is called in format 1, where that is another word.
    """

    holds: str
    says: str
    required: bool = False
    first: str = ""

    def word(self, name: str, version: int) -> str:
        """What the key `name` is called in this version of the format."""
        return self.first if self.first and version == 1 else name


@dataclass(frozen=True, slots=True)
class TableShape:
    """A mapping with certain keys; `title` is what people call it."""

    title: str
    keys: Mapping[str, ShapeKey]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, key in self.keys.items() if key.required)

    @property
    def optional(self) -> tuple[str, ...]:
        return tuple(name for name, key in self.keys.items() if not key.required)

    def words(self, version: int) -> Mapping[str, str]:
        """Word, as this version of the format has it -> key."""
        return {key.word(name, version): name for name, key in self.keys.items()}

    def others(self, version: int) -> Mapping[str, str]:
        """Word that only another version of the format has -> this one's word for the same key."""
        own = self.words(version)
        ours = {key: word for word, key in own.items()}
        theirs = (self.words(each).items() for each in FORMATS)
        return {word: ours[key] for words in theirs for word, key in words if word not in own}


_FEATURE = ShapeKey("feature", "The feature, or the number decided before, that it is about.", True)
_IN = ShapeKey("region", "The region of the picture to measure in; without it, the whole picture.")
_TURN = ShapeKey(
    "number", "The feature goes round a circle of this length, as hue does in 360 degrees."
)
_UNIT = ShapeKey("text", "The unit, as it is printed.")
_BEFORE = ShapeKey("text", "Where a new decision stands among inherited ones: before this one.")

SHAPES: Mapping[str, TableShape] = MappingProxyType(
    {
        "table": TableShape(
            "the table",
            {
                "promenade": ShapeKey(
                    "version", f"The version of the format: {FORMATS[-1]}.", True
                ),
                "name": ShapeKey("text", "The table's name.", True),
                "extends": ShapeKey(
                    "base",
                    "The table that this one changes: a pack's name, or a file beside this one.",
                ),
                "orchestra": ShapeKey(
                    "folders",
                    "A folder beside this file, or several, with instruments, ensembles and "
                    "patterns of your own.",
                    first="library",
                ),
                "remove": ShapeKey("remove", "What of the table that is extended is left out."),
                "content": ShapeKey(
                    "content",
                    "What you say that every picture shows, in place of what is seen of it: word "
                    "and probability.",
                ),
                "tables": ShapeKey("tables", "Tables of places: which choice stands where."),
                "terms": ShapeKey("terms", "Words for features: 0 at one value, 1 at another."),
                "decisions": ShapeKey("decisions", "What there is to decide, in order."),
                "rules": ShapeKey("rules", "When this, then that much more of something."),
                "sources": ShapeKey("sources", "Origins to cite as evidence: key and citation."),
            },
        ),
        "remove": TableShape(
            "remove",
            {
                "rules": ShapeKey("names", "Ids of inherited rules; `all` for every one."),
                "terms": ShapeKey("names", "Inherited terms; `all` for every one."),
            },
        ),
        "ramp": TableShape(
            "a term",
            {
                "feature": _FEATURE,
                "from": ShapeKey("number", "The value at which it is 0.", True),
                "to": ShapeKey(
                    "number", "The value at which it is 1; it may be the smaller.", True
                ),
                "in": _IN,
            },
        ),
        "peak": TableShape(
            "a term",
            {
                "feature": _FEATURE,
                "at": ShapeKey("number", "The value at which it is 1.", True),
                "within": ShapeKey("width", "The distance on either side at which it is 0.", True),
                "turn": _TURN,
                "in": _IN,
            },
        ),
        "line": TableShape(
            "a term",
            {
                "feature": _FEATURE,
                "points": ShapeKey(
                    "points", "Pairs [value, strength], joined by straight lines.", True
                ),
                "turn": _TURN,
                "in": _IN,
            },
        ),
        "number": TableShape(
            "a decision",
            {
                "number": ShapeKey("pair", "It is a number: [lowest, highest].", True),
                "start": ShapeKey("number", "Where it begins; rules add to it."),
                "step": ShapeKey("width", "It is rounded to whole steps from the lowest."),
                "unit": _UNIT,
                "lasts": ShapeKey("pair", "Of a tempo: the seconds that the piece may last."),
                "before": _BEFORE,
            },
        ),
        "choice": TableShape(
            "a decision",
            {
                "choice": ShapeKey("choices", "It is one of these, or of a stock's entries.", True),
                "stock": ShapeKey(
                    "stock", "The stock that the listed choices are entries of.", first="library"
                ),
                "start": ShapeKey("votes", "Votes that choices begin with."),
                "only": ShapeKey("onlys", "Which earlier decisions a choice needs."),
                "default": ShapeKey("default", "A vote for what an earlier choice brings with it."),
                "means": ShapeKey(
                    "means", "Of a choice set by hand: what earlier numbers then are."
                ),
                "unit": _UNIT,
                "before": _BEFORE,
            },
        ),
        "default": TableShape(
            "a default",
            {
                "by": ShapeKey("text", "The earlier decision that chose from a stock.", True),
                "of": ShapeKey("text", "Which of the entry's own keys names the choice.", True),
                "votes": ShapeKey("number", "How many votes the choice gets.", True),
            },
        ),
        "places": TableShape(
            "a table of places",
            {
                "feature": _FEATURE,
                "turn": _TURN,
                "in": _IN,
                "places": ShapeKey(
                    "places", "Choice and its value; between two, both get a part.", True
                ),
            },
        ),
        "place": TableShape(
            "a place",
            {
                "at": ShapeKey(
                    "number", "The feature's value at which all votes are its own.", True
                ),
                "says": ShapeKey("text", "What to print of it, as a sentence."),
            },
        ),
        "by": TableShape(
            "votes by a table",
            {
                "by": ShapeKey("table", "The table of places.", True),
                "votes": ShapeKey("number", "How many votes there are to divide.", True),
            },
        ),
        "rule": TableShape(
            "a rule",
            {
                "id": ShapeKey("text", "Its name; an inherited rule's id changes that rule.", True),
                "when": ShapeKey(
                    "condition",
                    "A term, or all, any, not, very, somewhat, a choice; without it, always.",
                ),
                "in": ShapeKey(
                    "region", "The region of the picture that its terms are measured in."
                ),
                "only": ShapeKey("only", "It applies only to these choices, as a metre or a mode."),
                "then": ShapeKey("then", "Amounts for numbers, votes for choices.", True),
                "because": ShapeKey(
                    "text", "The reason, as a sentence: it is what is printed.", True
                ),
                "evidence": ShapeKey(
                    "evidence", "What it rests on; without it, an artistic convention."
                ),
            },
        ),
        "evidence": TableShape(
            "evidence",
            {
                "grade": ShapeKey("grade", "A replicated, B one study, C a convention.", True),
                "effect": ShapeKey("text", "How large the effect is, in figures.", True),
                "source": ShapeKey("text", "A key of the bibliography.", True),
            },
        ),
    }
)
