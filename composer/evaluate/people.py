"""What people wrote, held against the rules of melody: the share of notes that each would forbid.

A rule that forbids more than 3 % of the notes people wrote should be soft in their language. Tunes
without chords are judged by the rules that need none, lead sheets and chorales' sopranos over their
chords by all that a score shows; the verifier judges, not the automaton.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from composer.errors import UserError
from composer.evaluate.bach import chorales
from composer.evaluate.sopranos import Song, sopranos
from corpora.folk import folk_tunes
from corpora.leadsheets import lead_sheets
from corpora.progress import watched
from corpora.tune import Sounding, Tune
from theory.pitch import Pitch
from theory.rules import LANGUAGES, RULES
from theory.rules.entry import POPULAR, STRICT
from theory.verify import Ground, Sung, verify_melody

# Rules that can be read off notes alone, off notes over chords, and once for each chord.
BARE = ("melodic-interval", "leap-answered", "repetition")
OVER_CHORDS = tuple(
    name
    for name, rule in RULES.items()
    if rule.kind == "melody" and name not in ("compass", "melodic-cadence", "structural-note")
)
MOST = 0.03
WIDE = (Pitch.parse("C0"), Pitch.parse("C9"))


@dataclass(frozen=True, slots=True)
class Measured:
    """One collection: how many pieces and notes, and how many notes each rule would forbid.

    `language` is the one that its music is written in.
    """

    name: str
    language: str
    pieces: int
    notes: int
    faults: dict[str, int]

    def share(self, rule: str) -> float | None:
        """0 to 1; None for a rule that was not asked about."""
        return self.faults[rule] / self.notes if rule in self.faults and self.notes else None


@dataclass(frozen=True, slots=True)
class RulesReport:
    """The table of shares by rule and collection, and which rules are too strict for it."""

    measured: tuple[Measured, ...]

    @property
    def too_strict(self) -> tuple[tuple[str, str, float], ...]:
        """(rule, collection, share) where a rule, hard in their language, forbids over `MOST`."""
        return tuple(
            (name, each.name, share)
            for name, rule in RULES.items()
            for each in self.measured
            if rule.binds(each.language)
            and (share := each.share(name)) is not None
            and share > MOST
        )

    def __str__(self) -> str:
        rows = ["The share of notes people wrote that each rule of melody would forbid:"]
        rows += [
            f"  {m.name} ({m.language} language): {m.pieces:,} pieces, {m.notes:,} notes"
            for m in self.measured
        ]
        rows += ["", f"{'rule':26}" + "".join(f"{m.name:>14}" for m in self.measured) + "  hard in"]
        for name in OVER_CHORDS:
            shares = [m.share(name) for m in self.measured]
            cells = "".join(f"{'–':>14}" if s is None else f"{s:>14.2%}" for s in shares)
            hard = ", ".join(each for each in LANGUAGES if RULES[name].binds(each)) or "none: soft"
            rows.append(f"{name:26}{cells}  {hard}")
        together = [m for m in self.measured if len(m.faults) > len(BARE)]
        for family in ("strong-beat-dissonance", "dissonance-left-by-step"):
            names = (family, *RULES[family].figures)
            for each in together:
                total = sum(each.faults.get(name, 0) for name in names) / each.notes
                rows.append(f"{family} with its figures, {each.name}: {total:.2%}")
        rows.append("")
        if self.too_strict:
            rows.append(f"Over {MOST:.0%} and yet hard in that language, so too strict for it:")
            rows += [f"  {name} ({where}: {s:.2%})" for name, where, s in self.too_strict]
        else:
            rows.append(f"No rule that is hard in their language forbids over {MOST:.0%}.")
        return "\n".join(rows)


def evaluate_rules(
    sheets: str | Path | None = None, folder: str | Path | None = None
) -> RulesReport:
    """Measure the rules on folk tunes, chorales and, where they are given, lead sheets.

    sheets: a folder or tar archive of MusicXML lead sheets. folder: ABC files instead of music21's
    corpus, tunes and chorales. Raises UserError for what is not there or holds nothing.
    """
    if sheets is not None and not Path(sheets).exists():
        raise UserError(f"There is no {sheets}.", "Give a folder or archive of lead sheets.")
    found = [_bare("folk tunes", folk_tunes(Path(folder) if folder else None))]
    if folder is None:
        found.append(_over_chords("chorales", STRICT, sopranos(chorales())))
    if sheets is not None:
        found.append(_over_chords("lead sheets", POPULAR, map(_song, lead_sheets(Path(sheets)))))
    for each in found:
        if not each.notes:
            raise UserError(f"There are no {each.name} to be read there.")
    return RulesReport(tuple(found))


def _bare(name: str, tunes: Iterable[Tune]) -> Measured:
    faults: Counter[str] = Counter(dict.fromkeys(BARE, 0))
    pieces = notes = 0
    for tune in watched(tunes, name):
        pieces, notes = pieces + 1, notes + len(tune.notes)
        found = verify_melody(_sung(tune.notes), (), tune.metre, WIDE, "strict", rules=BARE)
        faults.update(fault.rule for fault in found)
    return Measured(name, POPULAR, pieces, notes, dict(faults))


def _over_chords(name: str, language: str, songs: Iterable[Song]) -> Measured:
    faults: Counter[str] = Counter(dict.fromkeys(OVER_CHORDS, 0))
    pieces = notes = 0
    for song in watched(songs, name):
        pieces, notes = pieces + 1, notes + len(song.notes)
        found = verify_melody(
            song.notes, song.grounds, song.metre, WIDE, language, rules=OVER_CHORDS
        )
        faults.update(rule for rule, _ in {(fault.rule, fault.tick) for fault in found})
    return Measured(name, language, pieces, notes, dict(faults))


def _song(sheet: Tune) -> Song:
    grounds = tuple(Ground(h.start, h.end, h.chord, h.bass) for h in sheet.chords)
    return Song(tuple(_sung(sheet.notes)), grounds, sheet.metre)


def _sung(notes: Sequence[Sounding]) -> list[Sung]:
    return [Sung(note.start, note.end, note.pitch) for note in notes]
