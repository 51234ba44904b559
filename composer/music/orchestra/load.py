"""The orchestra as one value: the package's entries, and those of files of one's own over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, TypeVar

from composer.errors import Fault, TableError
from composer.music.orchestra import reading as r
from composer.music.orchestra.forms import forms_added
from composer.music.orchestra.patterns import (
    SIGNS,
    DrumPattern,
    PitchedPattern,
    drum_pattern,
    pattern,
)
from composer.music.orchestra.players import Ensemble, ensemble, instrument, levelled
from composer.table.nodes import Node
from composer.table.reader import YamlReader
from composer.values import Instrument
from composer.vocabulary import Facts, OrchestraFile
from theory.harmony.form import FormBook
from theory.harmony.forms import book
from theory.metre import METRES

STOCKS = ("instruments", "ensembles", "chord_patterns", "bass_patterns", "drum_patterns")
FORMS = "forms"  # of theory.harmony, to which files add

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Orchestra:
    """Everything that can be chosen to play with, by name and in declared order.

    `entries` are all of it as written, stock by stock, for a mapping table to choose from; to
    a pattern that does not fit every metre `only: {metre: [...]}` is added, read off its figures.
    """

    instruments: Mapping[str, Instrument]
    ensembles: Mapping[str, Ensemble]
    chord_patterns: Mapping[str, PitchedPattern]
    bass_patterns: Mapping[str, PitchedPattern]
    drum_patterns: Mapping[str, DrumPattern]
    entries: Mapping[str, Mapping[str, Facts]]
    forms: FormBook


NOTHING = Orchestra({}, {}, {}, {}, {}, {}, book())


@lru_cache(maxsize=4)
def load_orchestra(own: tuple[OrchestraFile, ...] = ()) -> Orchestra:
    """The package's orchestra, with the entries of the files `own`, in their order, added to it.

    An entry of a name that is known takes that one's place; names that an entry mentions may be
    those of every file of its stock up to its own. Raises TableError with the faults of all
    the files at once, file by file.
    """
    if own:
        return _added(load_orchestra(), own)
    files = (OrchestraFile(name, f"{name}.yaml", r.text_of(name)) for name in STOCKS)
    return _added(NOTHING, tuple(files))


def _added(base: Orchestra, files: tuple[OrchestraFile, ...]) -> Orchestra:
    stocks = _Stocks(files, base.entries)
    forms = stocks.formed(base.forms)
    read_chords, read_bass = (partial(pattern, name) for name in SIGNS)
    instruments = levelled(
        stocks.filled("instruments", instrument, base.instruments), base.instruments
    )
    chords = stocks.filled("chord_patterns", read_chords, base.chord_patterns)
    bass = stocks.filled("bass_patterns", read_bass, base.bass_patterns)
    drums = stocks.filled("drum_patterns", drum_pattern, base.drum_patterns)
    # The ensembles come last, for they name all the others.
    ensembles = stocks.filled("ensembles", ensemble, base.ensembles)
    if stocks.faults:
        raise TableError(stocks.faults)
    fitting: Mapping[str, Mapping[str, PitchedPattern | DrumPattern]] = {
        "chord_patterns": chords,
        "bass_patterns": bass,
        "drum_patterns": drums,
    }
    entries = {name: _facts(stocks.entries[name], fitting.get(name, {})) for name in STOCKS}
    return Orchestra(instruments, ensembles, chords, bass, drums, MappingProxyType(entries), forms)


class _Stocks:
    """What has been read so far of some files: entries as written, names, and faults."""

    def __init__(self, files: Iterable[OrchestraFile], base: Mapping[str, Mapping[str, Facts]]):
        self.files = tuple(files)
        self.entries: dict[str, dict[str, Facts]] = {
            name: dict(base.get(name, {})) for name in STOCKS
        }
        # Those of faulty entries too: who mentions one of them is not at fault.
        self.names: dict[str, dict[str, None]] = {
            name: dict.fromkeys(entries) for name, entries in self.entries.items()
        }
        self.faults: list[Fault] = []

    def filled(
        self,
        stock: str,
        read: Callable[[YamlReader, str, Node, r.Names], T | None],
        base: Mapping[str, T],
    ) -> Mapping[str, T]:
        """The base's entries with those of every file of one stock, each read by `read`."""
        found = dict(base)
        for file in self.files:
            if file.stock != stock:
                continue
            try:
                with r.opened(file.data, file.file) as (reader, node):
                    rows = list(r.entries(reader, node, f"the {stock.replace('_', ' ')}"))
                    self.names[stock] |= dict.fromkeys(name for name, _ in rows)
                    for name, entry in rows:
                        value = read(reader, name, entry, self.names)
                        if value is not None:
                            found[name] = value
                            self.entries[stock][name] = r.plain(entry)
            except TableError as error:
                self.faults += error.faults
        return MappingProxyType(found)

    def formed(self, base: FormBook) -> FormBook:
        """The base's forms with those of every file of forms."""
        book = base
        for file in self.files:
            if file.stock != FORMS:
                continue
            try:
                with r.opened(file.data, file.file) as (reader, node):
                    book = forms_added(reader, node, book)
            except TableError as error:
                self.faults += error.faults
        return book


def _facts(
    entries: Mapping[str, Facts], fitting: Mapping[str, PitchedPattern | DrumPattern]
) -> Mapping[str, Facts]:
    """The entries, each with the metres that it is for, unless that is every one."""
    rows: dict[str, Mapping[str, Any]] = {}
    for name, entry in entries.items():
        metres = fitting[name].metres if name in fitting else tuple(METRES)
        rows[name] = (
            entry if len(metres) == len(METRES) else {**entry, "only": {"metre": [*metres]}}
        )
    return MappingProxyType(rows)
