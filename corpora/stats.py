"""What a dataset holds, in figures: by collection, metre and mode, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpora.dataset import split
from corpora.tune import Tune


def stats(tunes: Sequence[Tune], about: Mapping[str, Any]) -> str:
    """The figures as text. about: what `corpora.build.Built.about` holds."""
    rows = [f"{'collection':22}{'files':>8}{'tunes':>8}{'notes':>10}{'chords':>9}{'phrases':>9}"]
    by: dict[str, list[Tune]] = {}
    for tune in tunes:
        by.setdefault(tune.collection, []).append(tune)
    files: Mapping[str, int] = about.get("files", {})
    for name in dict.fromkeys([*files, *by]):
        rows.append(_row(name, files.get(name, 0), by.get(name, ())))
    rows += [_row("all", sum(files.values()), tunes), ""]
    rows.append(_counts("metres", (tune.metre.name for tune in tunes)))
    rows.append(_counts("modes", (tune.key.mode.name for tune in tunes)))
    rows.append(_counts("estimated", (each for tune in tunes for each in sorted(tune.inferred))))
    rows.append(_counts("split", map(split, tunes)))
    reasons = [
        (count, reason, name)
        for name, each in about.get("left out", {}).items()
        for reason, count in each.items()
    ]
    for reason, field in (
        ("the same as another tune", "duplicates"),
        ("near a tune that is kept apart", "near"),
    ):
        reasons += [(count, reason, name) for name, count in about.get(field, {}).items()]
    rows += ["", f"left out: {sum(count for count, _, _ in reasons):,}"]
    rows += [
        f"{count:>8,}  {reason} ({name})"
        for count, reason, name in sorted(reasons, key=lambda each: (-each[0], each[1:]))
    ]
    return "\n".join(rows)


def _row(name: str, files: int, tunes: Sequence[Tune]) -> str:
    notes, chords, phrases = (
        sum(len(part) for part in parts)
        for parts in (
            [tune.notes for tune in tunes],
            [tune.chords for tune in tunes],
            [tune.phrases for tune in tunes],
        )
    )
    return f"{name:22}{files:>8,}{len(tunes):>8,}{notes:>10,}{chords:>9,}{phrases:>9,}"


def _counts(title: str, values: Iterable[str]) -> str:
    found = Counter(values).most_common()
    return f"{title + ':':11}" + (", ".join(f"{name} {count:,}" for name, count in found) or "none")
