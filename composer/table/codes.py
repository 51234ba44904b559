"""The table of what can be wrong with a table of rules: every code, what it means, the way out.

P1 the file as text, P2 its shape, P3 its names, P4 its values, P5 what it inherits. P9 is waste:
the table can be used, but part of it does nothing; `rules check` alone speaks of it. L is what only
the files of an orchestra can have wrong.
`docs/errors.md` is written from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of fault: `name` is what the code of the program calls it."""

    code: str
    name: str
    title: str
    says: str

    @property
    def wasteful(self) -> bool:
        """May the table be used all the same?"""
        return self.code.startswith("P9")


_ROWS = (
    ("P101", "size", "The file is too large",
     "A table has at most 1,000,000 bytes and 100,000 entries; a thousand rules take a third of "
     "that. Divide it into a table and one that it extends."),
    ("P102", "encoding", "The file is not UTF-8",
     "Save it as UTF-8, which every editor offers."),
    ("P103", "yaml", "YAML cannot read this",
     "The line, or the one before it, is not written as YAML is, and no likelier cause was found. "
     "The line is left out for reading on; what follows from that is not told."),
    ("P104", "sharp", "A sharp has become a comment",
     "After a blank `#` begins a comment in YAML. Write the note without the blank, and in "
     "quotes: `\"F#\"`."),
    ("P105", "tab", "A tab at the line's beginning",
     "YAML counts blanks and allows no tabs there. Most editors can be told to write blanks."),
    ("P106", "documents", "A second document",
     "A line of three dashes begins another document. A file holds one table."),
    ("P107", "alias", "An anchor or an alias",
     "`&name` and `*name` are not read, so that every entry says itself what it is."),
    ("P108", "merge", "A merge key",
     "`<<` is not read. `extends` takes over a whole table."),
    ("P109", "depth", "Nested too deeply",
     "At most 24 brackets within one another are read. Give parts of the condition a term."),
    ("P110", "unprintable", "A character that cannot be shown",
     "The word holds a control character or half a character. Type it anew."),
    ("P111", "alien", "What is named is something else",
     "The file is no table, or no file of an orchestra: a word processor's document, a page, a "
     "picture, or text of another kind. Save a table as plain text. Of a file that is only named "
     "no line is shown."),
    ("P112", "quotes", "A text that belongs in quotes",
     "A colon with a blank after it, and some signs at a text's beginning (`! * & % @ [ {` and "
     "others), mean something to YAML. In quotes, `\"...\"`, a text is only a text; one with such "
     "quotes in it takes single ones, `'...'`."),
    ("P113", "space", "A blank or a colon is missing",
     "A key ends with a colon and a blank, `when: dark`; an item of a list begins with a hyphen "
     "and a blank, `- dark`."),
    ("P114", "blank", "A blank that is none",
     "Web pages and word processors write blanks of other kinds, which look alike and are letters "
     "to YAML. Delete it and type a blank."),
    ("P115", "dash", "A dash where a hyphen belongs, or none",
     "An item of a list begins with a hyphen and a blank. Word processors make dashes and bullets "
     "of hyphens."),
    ("P116", "open", "A bracket, a quotation mark or a comma is missing",
     "Every bracket and every quotation mark that is opened is closed, by its own kind, and a "
     "comma stands between the entries of a bracket."),
    ("P117", "indent", "A line that begins with too many or too few blanks",
     "Lines that belong together begin with the same number of blanks."),
    ("P118", "tag", "A tag",
     "`!include`, `!secret`, `!!str` and other tags are not read. Write the value itself; "
     "`extends` takes over a whole table."),
    ("P201", "key", "An unknown key",
     "The key is mistyped, or stands in the wrong place. What is expected lists those that can "
     "stand there."),
    ("P202", "doubled", "A key that stands twice",
     "YAML would silently keep the last one. Keep one of the two."),
    ("P203", "missing", "Something is missing",
     "Add the key that is named. A table that `extends` another needs only its name."),
    ("P204", "empty", "Nothing is there",
     "A section, a key or a list has no contents: YAML reads it as null. Fill it or leave it out."),
    ("P205", "type", "The wrong kind of thing",
     "A list stands where a mapping is expected, or words where a list is. `name: value` is a "
     "mapping, `[one, two]` a list."),
    ("P206", "boolean", "A word that YAML reads as true or false",
     "`no`, `off`, `yes`, `on`, `true`, `false`, `y` and `n` are no words in YAML. Put them in "
     "quotes."),
    ("P207", "version", "Another version of the format",
     "Write `promenade: 2`. Version 1 is read too."),
    ("P208", "renamed", "A word of another version of the format",
     "A table is read by the words of the version that it names. The `library` of version 1 is "
     "the `orchestra` of version 2, and in a decision its `stock`. Write the word of your "
     "version."),
    ("P301", "term", "An unknown term",
     "`when` names a term that neither this table nor the one it extends declares. "
     "`promenade rules list --terms` prints those of a table."),
    ("P302", "decision", "An unknown decision",
     "`promenade decisions` prints everything that there is to decide."),
    ("P303", "choice", "An unknown choice",
     "The decision does not offer it. `promenade decisions` prints what each one offers."),
    ("P304", "feature", "An unknown feature",
     "A term measures a feature of the picture or a number that was decided. `promenade features "
     "PICTURE` prints the features, with their values."),
    ("P305", "source", "An unknown source",
     "Cite a key of the bibliography, `convention` for an artistic convention, or declare a "
     "source of your own in the section `sources`."),
    ("P306", "grade", "An unknown grade of evidence",
     "A replicated, B one study or a measurement, C an artistic convention."),
    ("P307", "stock", "An unknown stock",
     "`choice` is a list of choices, or the name of a stock, such as `instruments`, whose entries "
     "are the choices."),
    ("P308", "base", "There is no such table to extend",
     "`extends` names one of the packs that come with the program, or a file beside this one."),
    ("P309", "loop", "A table that extends itself",
     "The tables named by `extends` go round in a circle, or are more than eight. Begin one of "
     "them from a pack."),
    ("P310", "removed", "Nothing of this name is inherited",
     "`remove`, and a rule that changes another by its id, name rules and terms of the table that "
     "is extended. `promenade rules list` prints them."),
    ("P311", "table", "An unknown table of places",
     "A rule votes `by` a table that neither this file nor the program declares."),
    ("P312", "region", "An unknown region, or nothing that is measured there",
     "A region of the picture goes by one of certain names, such as `bottom region` or `darkest "
     "region`. Colour, light and most of texture are measured in regions; layout is not, nor is "
     "a decision."),
    ("P313", "reserved", "A name that means something else",
     "Choose another name: this one has a meaning in the language of rules."),
    ("P314", "twice", "The same name twice",
     "Every rule has an id of its own, every choice stands once."),
    ("P315", "order", "Used before it is decided",
     "Decisions are made in the order in which they are declared; a rule can use only those that "
     "are made before what it decides."),
    ("P316", "unplayable", "What the composer cannot play",
     "The table offers something, or leaves something out, that the composer cannot do without. "
     "A table that `extends` another has all that it needs."),
    ("P317", "folder", "There is no such folder, or it cannot be read",
     "`orchestra` names a folder beside the table, or a list of folders, with instruments, "
     "ensembles and patterns of your own. The program's own files are good to copy from: they "
     "lie where `python -c \"import composer.music.orchestra as o; print(*o.__path__)\"` says."),
    ("P318", "bare", "A folder without an orchestra",
     "None of the files is in it that an orchestra is made of. Put one in, or leave the folder "
     "out."),
    ("P319", "stray", "A stray file in an orchestra's folder",
     "In the folder of an orchestra a file in YAML has one of the names listed, so that none is "
     "passed over for being mistyped. Keep other files elsewhere, tables too."),
    ("P320", "content", "An unknown word for what a picture shows",
     "`promenade features` prints the words and what each takes in. In a table's `content` they "
     "stand without the group: `weapon`, not `content.weapon`."),
    ("P401", "number", "Not a number",
     "Up to nine digits, a point and six more: `0.25`, `-3`, `+1.5`. No comma, no quotes, no unit, "
     "no infinity, no exponent."),
    ("P402", "range", "Out of range",
     "The number lies outside of what is possible here."),
    ("P403", "pair", "Not a range",
     "`[low, high]`, the lower one first."),
    ("P404", "step", "A step that does not divide the range",
     "Both ends of the range must be whole steps apart."),
    ("P405", "width", "No way from one end to the other",
     "A term needs two different values, to be 0 at the one and 1 at the other; two places of a "
     "table cannot be the same."),
    ("P406", "kind", "A number where choices are, or choices where a number is",
     "Add to a number: `{tempo: +8}`. Vote for choices: `{mode: {dorian: 0.5}}`. Use a number "
     "as a condition through a term, a choice as `{mode: dorian}`."),
    ("P407", "points", "Points that do not rise",
     "`points` are pairs `[value, strength]`, at least two, each value greater than the one "
     "before and each strength from 0 to 1; round a circle they lie within one turn."),
    ("P501", "unfit", "An inherited rule that no longer fits",
     "A rule of the table that is extended uses what this table takes away. Change or remove "
     "that rule here too."),
    ("P901", "never", "A rule that never fires",
     "Its condition is 0 for every picture: the term begins beyond what can be measured, or two "
     "parts of an `all` exclude each other."),
    ("P902", "unused", "A term that no rule uses",
     "Use it in a rule or leave it out."),
    ("P903", "unreached", "A decision that no rule reaches",
     "Every picture gets the same. Write a rule for it, or say with `start` what it is to be."),
    ("P904", "contrary", "Rules that contradict each other",
     "Two rules with the same condition push the same decision opposite ways. Keep one of them, "
     "with the difference."),
    ("P905", "barred", "Votes that cannot count",
     "Wherever the rule applies, an earlier decision excludes the choice."),
    ("P906", "nought", "An amount of nothing",
     "The rule adds nought. Give an amount or leave it out."),
    ("P907", "constant", "A term that is always the same",
     "The term is 0, or 1, over the whole range of its feature."),
    ("P908", "same", "Two rules that say the same",
     "Two rules with the same condition decide the same things the same way; their amounts add "
     "up. Write one rule with the sum."),
    ("P909", "cut", "A text that ends at a #",
     "After a blank `#` begins a comment: the rest of the sentence is not read. Put the sentence "
     "in quotes; or, where it is a comment, write a blank after the `#`."),
    ("L1", "value", "A pitch, a figure or a part of a form that cannot be",
     "The message says what is wrong, and what is expected how it is written."),
    ("L2", "beats", "A figure with the wrong number of beats or strokes",
     "A bar of a metre has the metre's beats; `simple` and `compound` have one figure of each "
     "length, and one of a single beat; `whole` is one stroke."),
    ("L3", "sentence", "What is no sentence",
     "`about` is shown to people: write a sentence, with its full stop."),
)  # fmt: skip

CODES: Mapping[str, Code] = MappingProxyType({row[1]: Code(*row) for row in _ROWS})
