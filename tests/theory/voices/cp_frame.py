"""Four-part writing as an integer programme for OR-Tools' CP-SAT: a second opinion on `lead`.

Written from the table of rules and the price list, in other terms than the optimiser's: a bool for
each pitch of each voice, flows between them, and linear inequalities; no voicing is ever listed.
Only data are shared: ranges, weights, prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from theory.chord import Chord
from theory.pitch import NoteName, Pitch, interval
from theory.rules import RULES
from theory.voices.voicing import COMFORT, DOUBLING, FIFTH_MISSING, NEAPOLITAN, RANGES

S, A, T, B = range(4)
PAIRS = ((S, A), (S, T), (S, B), (A, T), (A, B), (T, B))
# The rules that this programme knows; others are to be switched off in `lead`.
KNOWN = frozenset(
    (
        *("range", "spacing", "crossing", "overlap", "completeness"),
        *("parallel-fifths", "parallel-octaves", "contrary-fifths", "contrary-octaves"),
        *("direct-fifths", "direct-octaves", "six-four", "unraised-leading-tone"),
        *("augmented-sixth", "neapolitan"),
        *("doubled-leading-tone", "doubled-seventh", "leading-tone", "seventh", "suspension"),
        *("cross-relation", "augmented-step", "diminished-leap", "wide-leap"),
    )
)


def least_cost(chords: Sequence[Chord], language: str, off: frozenset[str]) -> int | None:
    """The least cost in hundredths of a point; None where nothing is legal."""
    return _Programme(tuple(chords), language, off).solve()


class _Programme:
    def __init__(self, chords: tuple[Chord, ...], language: str, off: frozenset[str]) -> None:
        self.chords, self.language, self.off = chords, language, off
        self.model = cp_model.CpModel()
        self.cost: list = []
        self.domains = [[_pitches(chord, voice) for voice in range(4)] for chord in chords]
        self.sings = [
            [[self.model.new_bool_var("") for _ in domain] for domain in row]
            for row in self.domains
        ]
        for row in self.sings:
            for literals in row:
                self.model.add_exactly_one(literals)
        self.dyads = [
            {pair: self._joined(row[pair[0]], row[pair[1]]) for pair in PAIRS} for row in self.sings
        ]
        for k in range(len(chords)):
            self._chord(k)
        for k in range(len(chords) - 1):
            self._step(k)
        for three in zip(chords, chords[1:], chords[2:], strict=False):
            if _astray(*three):
                self._breaks("six-four", 1)

    def solve(self) -> int | None:
        self.model.minimize(sum(price * what for price, what in self.cost))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        return round(solver.objective_value)

    # --- building blocks ---

    def _joined(self, ones: Sequence, others: Sequence) -> dict:
        """A bool for each pair of choices, by their marginals."""
        both = {
            (i, j): self.model.new_bool_var("")
            for i in range(len(ones))
            for j in range(len(others))
        }
        for i, one in enumerate(ones):
            self.model.add(sum(both[i, j] for j in range(len(others))) == one)
        for j, other in enumerate(others):
            self.model.add(sum(both[i, j] for i in range(len(ones))) == other)
        return both

    def _breaks(self, rule: str, many: object) -> None:
        """`many`, an expression that is at least 1 where the rule is broken once (never over)."""
        if rule in self.off:
            return
        if RULES[rule].binds(self.language):
            self.model.add(many <= 0)
        else:
            broken = self.model.new_bool_var("")
            self.model.add(broken >= many)
            self.cost.append((round(100 * RULES[rule].weight), broken))

    def _over(self, expression: object, price: float) -> None:
        """`price` hundredths for each unit of an expression above nought."""
        if price:
            amount = self.model.new_int_var(0, 200, "")
            self.model.add(amount >= expression)
            self.cost.append((round(price), amount))

    def _height(self, k: int, voice: int) -> object:
        row = zip(self.sings[k][voice], self.domains[k][voice], strict=True)
        return sum(bool_ * pitch.midi for bool_, pitch in row)

    def _on(self, k: int, voice: int, note: NoteName) -> object:
        row = zip(self.sings[k][voice], self.domains[k][voice], strict=True)
        return sum(bool_ for bool_, pitch in row if pitch.note == note)

    # --- one chord ---

    def _chord(self, k: int) -> None:
        chord = self.chords[k]
        domains = self.domains[k]
        counts = [sum(self._on(k, v, tone) for v in range(4)) for tone in chord.tones]
        heights = [self._height(k, v) for v in range(4)]
        for upper, lower in ((S, A), (A, T)):
            self._breaks("spacing", self._any_dyad(k, upper, lower, lambda p, q: p - q > 12))
        for upper, lower in ((S, A), (A, T), (T, B)):
            self._breaks("crossing", self._any_dyad(k, upper, lower, lambda p, q: p < q))
        for number, many in enumerate(counts):
            if number != 2:
                self._breaks("completeness", 1 - many)
        if chord.leading is not None:
            total = sum(self._on(k, v, chord.leading) for v in range(4))
            self._breaks("doubled-leading-tone", total - 1)
        if chord.seventh is not None:
            self._breaks("doubled-seventh", counts[3] - 1)
        by_inversion = DOUBLING.get(chord.quality.name)
        extra = by_inversion[chord.inversion] if by_inversion else (0.5, 2.5, 1.5, 0.0)
        if chord.neapolitan and chord.inversion == 1:
            extra = NEAPOLITAN
        for many, points in zip(counts, extra, strict=False):
            self._over(many - 1, 100 * points)
        altered = chord.quality.intervals[2] != "P5"
        kind = "altered" if altered else "inversion" if chord.inversion else "root position"
        ready = len(counts) == 4 and kind == "root position"
        self._over(1 - counts[2], 100 * FIFTH_MISSING[kind] * (0.4 if ready else 1))
        for upper, lower in ((S, A), (A, T), (T, B)):
            self._over(self._any_dyad(k, upper, lower, lambda p, q: p == q), 200)
        self._over(heights[T] - heights[B] - 16, 30)
        self._over(self._any_dyad(k, T, B, lambda p, q: q < 48 and p - q < 7), 200)
        for voice, (low, high) in enumerate(COMFORT):
            for literal, pitch in zip(self.sings[k][voice], domains[voice], strict=True):
                away = max(low - pitch.midi, 0, pitch.midi - high)
                if away:
                    self.cost.append((20 * away, literal))

    def _any_dyad(self, k: int, upper: int, lower: int, holds) -> object:
        high, low = self.domains[k][upper], self.domains[k][lower]
        return sum(
            both
            for (i, j), both in self.dyads[k][upper, lower].items()
            if holds(high[i].midi, low[j].midi)
        )

    def _perfect(self, k: int, upper: int, lower: int, names: tuple[str, ...]) -> object:
        high, low = self.domains[k][upper], self.domains[k][lower]
        return sum(
            both
            for (i, j), both in self.dyads[k][upper, lower].items()
            if _simple(low[j], high[i]) in names
        )

    # --- two chords ---

    def _step(self, k: int) -> None:
        before, after = self.chords[k], self.chords[k + 1]
        going = [self._joined(self.sings[k][v], self.sings[k + 1][v]) for v in range(4)]

        def through(voice: int, holds) -> object:
            old, new = self.domains[k][voice], self.domains[k + 1][voice]
            return sum(arc for (i, j), arc in going[voice].items() if holds(old[i], new[j]))

        for voice in range(4):
            for (i, j), arc in going[voice].items():
                old, new = self.domains[k][voice][i], self.domains[k + 1][voice][j]
                self._voice(voice, old, new, before, after, arc)
        up = [through(v, lambda p, q: q.midi > p.midi) for v in range(4)]
        down = [through(v, lambda p, q: q.midi < p.midi) for v in range(4)]
        leap = through(S, lambda p, q: abs(q.height - p.height) > 1)
        for u, w in PAIRS:
            self._together(k, u, w, up, down, leap)
            broken = []
            for one in {*before.tones, before.bass}:
                for other in {*after.tones, after.bass}:
                    if one.step == other.step and one != other:
                        broken += [(one, other)]
            if broken and "cross-relation" not in self.off:
                crossed = self.model.new_bool_var("")
                for one, other in broken:
                    for a, b in ((u, w), (w, u)):
                        self.model.add(
                            crossed >= self._on(k, a, one) + self._on(k + 1, b, other) - 1
                        )
                self._breaks("cross-relation", crossed)

    def _together(self, k: int, u: int, w: int, up: list, down: list, leap: object) -> None:
        similar = self.model.new_bool_var("")
        self.model.add(similar >= up[u] + up[w] - 1)
        self.model.add(similar >= down[u] + down[w] - 1)
        if w == B:
            self.cost.append((90 if u == S else 40, similar))
        for name, sizes in (("fifths", ("P5",)), ("octaves", ("P1", "P8"))):
            was, now = (self._perfect(each, u, w, sizes) for each in (k, k + 1))
            for kind, ways in (
                ("parallel", (up[u] + up[w], down[u] + down[w])),
                ("contrary", (up[u] + down[w], down[u] + up[w])),
            ):
                for both in ways:
                    self._breaks(f"{kind}-{name}", was + now + both - 3)
            if (u, w) == (S, B):
                self._breaks(f"direct-{name}", (1 - was) + now + similar + leap - 3)
        if w - u == 1 and "overlap" not in self.off:
            passed = self.model.new_bool_var("")
            for lower, higher in ((k + 1, k), (k, k + 1)):
                gap = self._height(lower, w) - self._height(higher, u)
                self.model.add(gap <= 100 * passed)
            self._breaks("overlap", passed)

    def _voice(self, voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord, arc) -> None:
        size, letters = abs(new.midi - old.midi), abs(new.height - old.height)
        quality = old.to(new).quality
        stretched = "A" in quality and 1 <= letters <= 6
        if stretched:
            self._breaks("augmented-step", arc)
        if voice != B and (letters == 6 or size > 12):
            self._breaks("wide-leap", arc)
        if "d" in quality and 2 <= letters <= 6:
            self._breaks("diminished-leap", arc)
        for rule, judge in (
            ("augmented-sixth", _augmented_sixth),
            ("neapolitan", _neapolitan),
            ("six-four", _six_four),
            ("unraised-leading-tone", _unraised),
            ("leading-tone", _leading_tone),
            ("seventh", _seventh),
            ("suspension", _suspended),
        ):
            if judge(voice, old, new, before, after):
                self._breaks(rule, arc)
        price = (80, 100, 100, 20)[voice] * size
        if voice == B:
            price += 40 * max(0, size - 7)
            price += 600 * (letters == 6) + 100 * (size == 6) + 400 * (size > 12)
        else:
            price += 60 * max(0, size - 4)
        if voice == S and (stretched or ("d" in quality and 1 <= letters <= 7)):
            price += 2000
        self.cost.append((price, arc))


def _pitches(chord: Chord, voice: int) -> list[Pitch]:
    notes = (chord.bass,) if voice == B else chord.tones
    low, high = RANGES[voice]
    return [
        note.at(octave)
        for octave in range(1, 7)
        for note in notes
        if low.midi <= note.at(octave).midi <= high.midi
    ]


def _simple(low: Pitch, high: Pitch) -> str:
    """P5 or P8 for a fifth or octave between two voices, compounds too; crossed or not."""
    found = low.to(high)
    letters, semitones = abs(found.steps) % 7, abs(found.semitones) % 12
    return {(4, 7): "P5", (0, 0): "P8"}.get((letters, semitones), "")


def _leading_tone(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    tone = before.leading
    if tone is None or old.note != tone or after.leading == tone:
        return False
    goal = tone.up(interval("m2"))
    if goal not in after.tones:
        return False
    rises = new.height == old.height + 1 and new.midi == old.midi + 1
    stays = new == old
    falls = (
        voice in (A, T)
        and after.root == goal
        and new.note == after.tones[2]
        and new.height == old.height - 2
        and new.midi < old.midi
    )
    slips = (
        after.seventh is not None
        and new.note == after.seventh
        and new.height == old.height
        and new.midi == old.midi - 1
    )
    return not (rises or stays or falls or slips)


def _dissonance(tone: NoteName, old: Pitch, new: Pitch, after: Chord) -> bool | None:
    """Is it badly left? None where the next chord has no place for it to go."""
    steps_down = {tone.up(interval("M7")), tone.up(interval("m7"))}
    if tone not in after.tones and not steps_down & set(after.tones):
        return None
    move = old.to(new)
    return not (new.midi == old.midi or (move.steps == -1 and move.semitones in (-1, -2)))


def _seventh(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    if old.note != before.seventh or after.seventh == before.seventh:
        return False
    bad = _dissonance(old.note, old, new, after)
    up = new.height == old.height + 1 and new.midi == old.midi + 1
    return bool(bad) and not (before.quality.intervals[3] == "M7" and up)


def _suspended(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    if before.quality.intervals[1] != "P4" or old.note != before.tones[1]:
        return False
    return bool(_dissonance(old.note, old, new, after))


def _is_six_four(chord: Chord) -> bool:
    return chord.inversion == 2 and len(chord.tones) == 3 and chord.pedal is None


def _six_four(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    """A bass that leaps out of a six-four chord, or into one that is not the tonic's; into the
    tonic's, only by a seventh or ninth that stands for a step."""
    if voice != B or before.root == after.root or new.note == old.note:
        return False
    letters = abs(new.height - old.height)
    if letters == 1:
        return False
    if _is_six_four(before):
        return True
    if not _is_six_four(after):
        return False
    return after.root != after.key.tonic or letters % 7 in (1, 6)


def _astray(before: Chord, chord: Chord, after: Chord) -> bool:
    """A six-four that only its two neighbours together make wrong."""
    if not _is_six_four(chord) or before.root == chord.root:
        return False
    bass = [each.bass for each in (before, chord, after)]
    moves = [
        "stay" if one == two else "up" if letters == 1 else "down" if letters == 6 else "leap"
        for one, two in pairwise(bass)
        for letters in ((two.step - one.step) % 7,)
    ]
    if moves[0] == "leap" and chord.root != chord.key.tonic:
        return False  # wrong already
    if after.root == chord.root:
        return moves[0] == "leap"
    if moves[1] == "leap":
        return False  # wrong already
    cadential = moves[1] == "stay" and after.root == chord.bass
    return not cadential and moves[0] != moves[1]


def _unraised(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    """The seventh degree a whole step under the tonic, in minor's dominant before its tonic."""
    key = before.key
    modes = str(RULES["unraised-leading-tone"].parameters["modes"]).split(", ")
    if key.mode.name not in modes or "/" in after.roman or after.root != key.tonic:
        return False
    dominant = before.root == key.tonic.up(interval("P5"))
    return dominant and old.note == key.tonic.up(interval("m7"))


def _augmented_sixth(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    """Not outwards by a semitone each way, though the octave on the goal comes."""
    if before.augmented_sixth is None or old.note not in before.augmented_sixth:
        return False
    _, upper = before.augmented_sixth
    goal = upper.up(interval("m2"))
    rises = 1 if old.note == upper else -1
    opens = new.note == goal and new.midi - old.midi == rises
    return goal in after.tones and not opens


def _neapolitan(voice: int, old: Pitch, new: Pitch, before: Chord, after: Chord) -> bool:
    """The lowered second degree neither stays, nor falls by step or to the leading tone."""
    if not before.neapolitan or voice == B or old.note != before.root:
        return False
    six_four = after.root == before.key.tonic and after.inversion == 2
    fall = (new.height - old.height, new.midi - old.midi)
    return (after.leading is not None or six_four) and fall not in (
        (0, 0),
        (-1, -1),
        (-1, -2),
        (-2, -2),
    )
