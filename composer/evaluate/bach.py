"""The verifier held against music21 on Bach's four-part chorales, and Bach held against our rules.

Every chorale in music21's corpus that has four voices is cut at every onset. Each predicate of the
verifier and music21's own judge each moment, and each two in a row; every place at which they
differ is counted under the reason for it, and one without a reason is a fault of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from composer.evaluate import music21_judge
from composer.verifier.chords import harmonies
from composer.verifier.findings import in_voices
from composer.verifier.keys import find_key
from composer.verifier.score import surface_findings
from composer.verifier.slices import Slice, stretches
from corpora.engines import in_order
from corpora.errors import ScoreError
from corpora.progress import watched
from corpora.read.scores import Score, parse, read
from theory.chord import Chord
from theory.pitch import Pitch
from theory.rules import RULES
from theory.scale import Key

# Per 100 chord changes of 351 chorales, every onset, by music21's predicates: the yardsticks.
YARDSTICKS = {
    "parallel-fifths": 0.35,
    "parallel-octaves": 0.12,
    "direct-fifths": 0.35,
    "direct-octaves": 0.15,
    "crossing": 2.5,
    "overlap": 5.8,
    "spacing": 1.6,
    "leading-tone": 2.3,
    "seventh": 1.6,
    "augmented-step": 0.09,
}
# Rules on notes alone that music21 has no predicate for.
ALONE = ("cross-relation", "diminished-leap")
# music21 counts perfects in contrary motion among the parallel ones.
CONTRARY = {"contrary-fifths": "parallel-fifths", "contrary-octaves": "parallel-octaves"}
FAULT = "not understood"


@dataclass
class ChoraleTally:
    """What was counted; `reasons` for differences by (rule, reason)."""

    chorales: int = 0
    moments: int = 0
    changes: int = 0
    chords: int = 0
    places: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)
    bach: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: ChoraleTally) -> None:
        self.chorales += other.chorales
        self.moments += other.moments
        self.changes += other.changes
        self.chords += other.chords
        for name in ("places", "ours", "theirs", "both", "bach", "reasons"):
            getattr(self, name).update(getattr(other, name))
        self.faults += other.faults

    def compare(
        self,
        rule: str,
        ours: set[music21_judge.Voices],
        theirs: set[music21_judge.Voices],
        place: music21_judge.JudgedPlace,
    ) -> None:
        """Count a place that both have judged, and say why they differ on it if they do."""
        self.places[rule] += 1
        self.ours[rule] += len(ours)
        self.theirs[rule] += len(theirs)
        self.both[rule] += len(ours & theirs)
        for voices in ours ^ theirs:
            reason = music21_judge.reason(rule, voices, voices in ours, place)
            self.reasons[rule, reason or FAULT] += 1
            if reason is None:
                self.faults.append(f"{rule}, {' and '.join(voices)}: {place}")

    def __str__(self) -> str:
        return "\n".join((*self._sums(), "", *self._agreement(), "", *self._bach()))

    def _sums(self) -> Iterator[str]:
        yield (
            f"{self.chorales} chorales in four parts: {self.moments} moments, {self.changes} "
            f"changes, {self.chords} moments that are chords."
        )

    def _agreement(self) -> Iterator[str]:
        yield f"{'predicate':<18}{'places':>8}{'ours':>7}{'music21':>9}{'both':>7}"
        for rule, places in self.places.items():
            counts = (self.ours[rule], self.theirs[rule], self.both[rule])
            yield f"{rule:<18}{places:>8}{counts[0]:>7}{counts[1]:>9}{counts[2]:>7}"
            for (other, reason), count in sorted(self.reasons.items()):
                if other == rule:
                    yield f"    {count:>5}  {reason}"
        yield f"Differences that are not understood: {len(self.faults)}."
        yield from (f"    {fault}" for fault in self.faults[:20])

    def _bach(self) -> Iterator[str]:
        yield f"{'Bach, per 100 changes':<24}{'ours':>7}{'music21':>9}{'yardstick':>11}"
        for rule in RULES.values():
            if rule.kind != "voices":
                continue
            theirs = f"{self.rate(self.theirs[rule.name]):.2f}" if rule.name in self.places else "–"
            mark = f"{YARDSTICKS[rule.name]:g}" if rule.name in YARDSTICKS else "–"
            yield f"{rule.name:<24}{self.rate(self.bach[rule.name]):>7.2f}{theirs:>9}{mark:>11}"
        yield "music21 and the yardsticks count contrary perfects among the parallel ones."

    def rate(self, count: int) -> float:
        """Per 100 changes."""
        return 100 * count / max(1, self.changes)


def chorales() -> list[Path]:
    """Bach's works in music21's corpus but for the analyses, in order of name."""
    from music21 import corpus

    found = (Path(path) for path in corpus.getComposer("bach"))
    return sorted(path for path in found if path.suffix != ".rntxt")


def evaluate_bach(paths: Sequence[Path], processes: int = 2) -> ChoraleTally:
    """Both judges on every file that has four voices; the others are passed over."""
    total = ChoraleTally()
    judged = in_order(judge_file, paths, processes)
    for tally in watched(judged, "judging", len(paths)):
        total.add(tally)
    return total


def judge_file(path: Path) -> ChoraleTally:
    try:
        root = parse(path)
        score = read(root, once=True)
    except ScoreError:  # a voice that divides
        return ChoraleTally()
    if len(root.findall("part")) != 4 or len(score.voices) != 4:
        return ChoraleTally()
    return compare_score(score, find_key(score)[0], path.stem)


def compare_score(score: Score, key: Key, name: str) -> ChoraleTally:
    """Both judges on one score."""
    tally = ChoraleTally(chorales=1)
    for run in stretches(score):
        tally.moments += len(run)
        tally.changes += len(run) - 1
        _moments(run, score, tally, name)
        heard = list(harmonies(score, run, key))
        tally.chords += len(heard)
        _chords(heard, score, tally, name)
    return tally


def _moments(run: Sequence[Slice], score: Score, tally: ChoraleTally, name: str) -> None:
    """The rules that look at notes alone."""
    sung = [piece.pitches for piece in run]
    index_of = {piece.start: index for index, piece in enumerate(run)}
    rules = (*music21_judge.OF_MOMENTS, *music21_judge.OF_MOTIONS)
    found: dict[tuple[str, int], set[music21_judge.Voices]] = {}
    for one in surface_findings(run, score, "strict", [*rules, *ALONE, *CONTRARY]):
        found.setdefault((one.rule, index_of[one.moment]), set()).add(one.voices)
    for (rule, _), voices in found.items():
        tally.bach[rule] += len(voices)
    for contrary, parallel in CONTRARY.items():
        for index in range(len(run)):
            both = found.get((contrary, index), set()) | found.get((parallel, index), set())
            found[parallel, index] = both
    for index, pitches in enumerate(sung):
        now = music21_judge.row(pitches)
        before = music21_judge.row(sung[index - 1]) if index else None
        place = music21_judge.JudgedPlace(
            name, float(run[index].start), sung[index - 1 : index], pitches
        )
        for rule, of_moment in music21_judge.OF_MOMENTS.items():
            tally.compare(rule, found.get((rule, index), set()), set(of_moment(now)), place)
        if before is None:
            continue
        place = music21_judge.JudgedPlace(
            name, float(run[index].start), (sung[index - 1],), pitches
        )
        for rule, of_motion in music21_judge.OF_MOTIONS.items():
            theirs = set(of_motion(before, now))
            tally.compare(rule, found.get((rule, index), set()), theirs, place)


def _chords(
    heard: Sequence[tuple[Slice, Chord]], score: Score, tally: ChoraleTally, name: str
) -> None:
    """The rules that look at chords, where both have recognised the same one."""
    row, sung = [chord for _, chord in heard], [piece.pitches for piece, _ in heard]
    looked = set(music21_judge.OF_MOMENTS) | set(music21_judge.OF_MOTIONS) | {*ALONE, *CONTRARY}
    rules = [r.name for r in RULES.values() if r.kind == "voices" and r.name not in looked]
    sonorities = [piece.over(chord) for piece, chord in heard]
    index_of = {piece.start: index for index, (piece, _) in enumerate(heard)}
    findings = tuple(in_voices(sonorities, "strict", score.place, rules=rules))
    tally.bach.update(one.rule for one in findings)
    broken = {(one.rule, index_of[one.moment]) for one in findings}
    sevenths = {
        (index_of[one.moment], voice)
        for one in findings
        if one.rule in ("leading-tone", "seventh")
        for voice in one.voices
    }
    for index, ((piece, chord), pitches) in enumerate(zip(heard, sung, strict=True)):
        place = music21_judge.JudgedPlace(
            name,
            float(piece.start),
            sung[index - 1 : index],
            pitches,
            row[index - 1 : index],
            chord,
        )
        whole = {pitch.note for pitch in pitches} == set(chord.tones)
        if whole:
            root, kind = music21_judge.root_and_kind(pitches)
            same = root == chord.root.name
            tally.compare("chord", set() if same else {(kind,)}, set(), place)
        needed = [tone.name for k, tone in enumerate(chord.tones) if k != 2]
        tally.compare(
            "completeness",
            {()} if ("completeness", index) in broken else set(),
            {()} if music21_judge.incomplete(pitches, needed) else set(),
            place,
        )
        if chord.seventh is not None:
            theirs: set[music21_judge.Voices] = (
                {()} if music21_judge.doubled_seventh(pitches) else set()
            )
            ours: set[music21_judge.Voices] = (
                {()} if ("doubled-seventh", index) in broken else set()
            )
            tally.compare("doubled-seventh", ours, theirs, place)
        for tone, seventh in _tritones(heard, index):
            voices = tuple(sorted((tone, seventh), key=music21_judge.HEIGHT.index))
            high, low = (
                (sung[index - 1][v], pitches[v]) for v in map(music21_judge.HEIGHT.index, voices)
            )
            proper = music21_judge.resolves(high, low)
            wrong = bool({(index, tone), (index, seventh)} & sevenths)
            tally.compare(
                "resolution", {voices} if wrong else set(), set() if proper else {voices}, place
            )


def _tritones(heard: Sequence[tuple[Slice, Chord]], index: int) -> Iterator[tuple[str, str]]:
    """The voices with leading tone and seventh (or diminished fifth) of a dominant seventh, where
    the next chord is the one on its goal."""
    if not index:
        return
    (piece, before), (_, after) = heard[index - 1], heard[index]
    tone, seventh = before.leading, before.seventh
    if tone is None or seventh is None or before.quality.name != "dominant seventh":
        return
    if (after.root.fifths, len(after.tones)) != (tone.fifths - 5, 3):
        return
    ones, others = (_voices(piece.pitches, note) for note in (tone, seventh))
    yield from ((one, other) for one in ones for other in others)


def _voices(pitches: Iterable[Pitch], note: object) -> list[str]:
    sung = zip(music21_judge.HEIGHT, pitches, strict=True)
    return [voice for voice, pitch in sung if pitch.note == note]
