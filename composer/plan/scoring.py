"""How fully each section is scored: what its region, its place and its return make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.values import Section

# How much a section's density (a factor) and loudness (velocity) against the first section's weigh,
# and from which sum on it is marked enough for thinner or fuller patterns.
DENSITY, LOUDNESS, MARKED = 4.0, 0.125, 0.6
THIN, AS_DECIDED, FULL = -1, 0, 1
WORDS = {THIN: "thin", AS_DECIDED: "as decided", FULL: "full"}


def scored(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections with how fully they are scored, who joins in, and why.

    The first plays what was decided. Another is thin or full by its density and loudness against
    the first's, and a section of another letter always contrasts; one that comes back at the end,
    or ends the piece without being thin, is full, so that the piece grows. The counter-melody waits
    for the second section and leaves the thin ones; drums rest in thin ones that do not end the
    piece; the melody is doubled in full sections and where a section is played again at once. A
    second singer has the melody in the middle sections of another letter, or of two that are alike
    in every other one.
    """
    found: list[Section] = []
    away = _away(sections)
    for number, section in enumerate(sections):
        level, why = _level(number, section, sections)
        last = number == len(sections) - 1
        again = number > 0 and sections[number - 1].letter == section.letter
        joined = {
            "second-melody": number in away,
            "doubling": number > 0 and (level == FULL or (again and level == AS_DECIDED)),
            "counter-melody": last or (number > 0 and level != THIN),
            "drums": last or level != THIN,
        }
        found.append(
            replace(
                section,
                level=level,
                joined=tuple(role for role, joins in joined.items() if joins),
                scoring=f"{WORDS[level]}: {why}",
            )
        )
    return tuple(found)


def _away(sections: Sequence[Section]) -> frozenset[int]:
    """The sections whose melody another player sings: never the first or the last one."""
    middle = range(1, len(sections) - 1)
    other = [number for number in middle if sections[number].letter != sections[0].letter]
    return frozenset(other or middle[::2])


def _level(number: int, section: Section, sections: Sequence[Section]) -> tuple[int, str]:
    first = sections[0]
    if number == 0:
        return AS_DECIDED, "it opens the piece"
    weight = DENSITY * (section.density - first.density)
    weight += LOUDNESS * (section.dynamics - first.dynamics)
    level = (weight > MARKED) - (weight < -MARKED)
    last = number == len(sections) - 1
    if last and section.letter == first.letter:
        return FULL, "the beginning comes back to end the piece"
    if last and level == AS_DECIDED:
        return FULL, "it ends the piece"
    if level:
        words = ("busier", "louder") if level > 0 else ("plainer", "softer")
        marked = (
            level * DENSITY * (section.density - first.density) > MARKED / 2,
            level * LOUDNESS * (section.dynamics - first.dynamics) > MARKED / 2,
        )
        said = [word for word, is_so in zip(words, marked, strict=True) if is_so]
        return level, f"a {' and '.join(said or words)} region than the first section's"
    if section.letter != first.letter:
        return (FULL if weight > 0 else THIN), "another region, set off from the first section's"
    return AS_DECIDED, "the beginning comes back"
