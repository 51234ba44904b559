"""The shapes of a table: which keys may stand where, what each holds, and what it is for.

Reader, JSON Schema and documentation all follow this one description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FORMATS = (1, 2)  # the versions of the format that are read; the last is written


@dataclass(frozen=True, slots=True)
class Key:
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
class Shape:
    """A mapping with certain keys; `title` is what people call it."""

    title: str
    keys: Mapping[str, Key]

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


_FEATURE = Key("feature", "The feature, or the number decided before, that it is about.", True)
_IN = Key("region", "The region of the picture to measure in; without it, the whole picture.")
_TURN = Key("number", "The feature goes round a circle of this length, as hue does in 360 degrees.")
_UNIT = Key("text", "The unit, as it is printed.")
_BEFORE = Key("text", "Where a new decision stands among inherited ones: before this one.")

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "table": Shape(
            "the table",
            {
                "promenade": Key("version", f"The version of the format: {FORMATS[-1]}.", True),
                "name": Key("text", "The table's name.", True),
                "extends": Key(
                    "base",
                    "The table that this one changes: a pack's name, or a file beside this one.",
                ),
                "orchestra": Key(
                    "folders",
                    "A folder beside this file, or several, with instruments, ensembles and "
                    "patterns of your own.",
                    first="library",
                ),
                "remove": Key("remove", "What of the table that is extended is left out."),
                "tables": Key("tables", "Tables of places: which choice stands where."),
                "terms": Key("terms", "Words for features: 0 at one value, 1 at another."),
                "decisions": Key("decisions", "What there is to decide, in order."),
                "rules": Key("rules", "When this, then that much more of something."),
                "sources": Key("sources", "Sources to cite as evidence: key and citation."),
            },
        ),
        "remove": Shape(
            "remove",
            {
                "rules": Key("names", "Ids of inherited rules; `all` for every one."),
                "terms": Key("names", "Inherited terms; `all` for every one."),
            },
        ),
        "ramp": Shape(
            "a term",
            {
                "feature": _FEATURE,
                "from": Key("number", "The value at which it is 0.", True),
                "to": Key("number", "The value at which it is 1; it may be the smaller.", True),
                "in": _IN,
            },
        ),
        "peak": Shape(
            "a term",
            {
                "feature": _FEATURE,
                "at": Key("number", "The value at which it is 1.", True),
                "within": Key("width", "The distance on either side at which it is 0.", True),
                "turn": _TURN,
                "in": _IN,
            },
        ),
        "line": Shape(
            "a term",
            {
                "feature": _FEATURE,
                "points": Key("points", "Pairs [value, strength], joined by straight lines.", True),
                "turn": _TURN,
                "in": _IN,
            },
        ),
        "number": Shape(
            "a decision",
            {
                "number": Key("pair", "It is a number: [lowest, highest].", True),
                "start": Key("number", "Where it begins; rules add to it."),
                "step": Key("width", "It is rounded to whole steps from the lowest."),
                "unit": _UNIT,
                "lasts": Key("pair", "Of a tempo: the seconds that the piece may last."),
                "before": _BEFORE,
            },
        ),
        "choice": Shape(
            "a decision",
            {
                "choice": Key("choices", "It is one of these, or of a stock's entries.", True),
                "stock": Key(
                    "stock", "The stock that the listed choices are entries of.", first="library"
                ),
                "start": Key("votes", "Votes that choices begin with."),
                "only": Key("onlys", "Which earlier decisions a choice needs."),
                "default": Key("default", "A vote for what an earlier choice brings with it."),
                "unit": _UNIT,
                "before": _BEFORE,
            },
        ),
        "default": Shape(
            "a default",
            {
                "by": Key("text", "The earlier decision that chose from a stock.", True),
                "of": Key("text", "Which of the entry's own keys names the choice.", True),
                "votes": Key("number", "How many votes the choice gets.", True),
            },
        ),
        "places": Shape(
            "a table of places",
            {
                "feature": _FEATURE,
                "turn": _TURN,
                "in": _IN,
                "places": Key(
                    "places", "Choice and its value; between two, both get a part.", True
                ),
            },
        ),
        "place": Shape(
            "a place",
            {
                "at": Key("number", "The feature's value at which all votes are its own.", True),
                "says": Key("text", "What to print of it, as a sentence."),
            },
        ),
        "by": Shape(
            "votes by a table",
            {
                "by": Key("table", "The table of places.", True),
                "votes": Key("number", "How many votes there are to divide.", True),
            },
        ),
        "rule": Shape(
            "a rule",
            {
                "id": Key("text", "Its name; an inherited rule's id changes that rule.", True),
                "when": Key("condition", "A term, or all, any, not, very, somewhat, a choice."),
                "in": Key("region", "The region of the picture that its terms are measured in."),
                "only": Key("only", "It applies only to these choices, as a metre or a mode."),
                "then": Key("then", "Amounts for numbers, votes for choices.", True),
                "because": Key("text", "The reason, as a sentence: it is what is printed.", True),
                "evidence": Key(
                    "evidence", "What it rests on; without it, an artistic convention."
                ),
            },
        ),
        "evidence": Shape(
            "evidence",
            {
                "grade": Key("grade", "A replicated, B one study, C a convention.", True),
                "effect": Key("text", "How large the effect is, in figures.", True),
                "source": Key("text", "A key of the bibliography.", True),
            },
        ),
    }
)
