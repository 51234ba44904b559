"""Sections and the regions of the picture that they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import dist

from analysis.picture.analyse import Analysis
from analysis.picture.regions import Region
from composer.values import Section
from theory.harmony.form import CODA, INTRODUCTION, LINK, STATEMENT, Layout
from theory.metre import Metre

# Bounds of what a region may change, so that sections differ and the piece stays one.
MOST_REGISTER = 4  # semitones
MOST_DYNAMICS = 10  # MIDI velocity
LEAST_DENSITY, MOST_DENSITY = 0.8, 1.25
# By how much a standard deviation of what pleases lifts a section, in semitones; and one of what
# excites makes it louder, in velocity, and busier, as a factor. From one on it is told.
PLEASING, STIRRING, BUSTLING = 0.7, 2.0, 1.05
MOST_APART, MARKED_APART = 2.0, 1.0
FAINT = 0.1  # a skyline that is less prominent is followed by no section
RETURN_DYNAMICS = 4  # a section that comes back is a little louder


@dataclass(frozen=True, slots=True)
class Character:
    """How a section differs from the piece, and what in its region says so."""

    region: str
    register: int
    dynamics: int
    density: float
    why: str


def sections_of(layout: Layout, analysis: Analysis, metre: Metre) -> tuple[Section, ...]:
    """The sections of a form, each with its region, how that sounds, and who plays."""
    stated = [section.letter for section in layout.sections if section.kind == STATEMENT]
    regions = regions_by_letter(stated, analysis)
    sections: list[Section] = []
    outlined = stated[0] if analysis.skyline.strength >= FAINT else None
    tick = 0
    for index, section in enumerate(layout.sections):
        before = [one.letter for one in layout.sections[:index]]
        if section.kind == STATEMENT:
            found = character(regions[section.letter], analysis, section.letter in before)
        else:
            found = _framing(section.kind, regions[stated[-1 if section.kind == CODA else 0]])
        end = tick + section.bars * metre.bar
        sections.append(
            Section(
                name=section.name,
                letter=section.letter,
                start=tick,
                end=end,
                region=found.region,
                register=found.register,
                dynamics=found.dynamics,
                density=found.density,
                why=found.why,
                kind=section.kind,
                layers=section.layers,
                outlined=section.letter == outlined,
            )
        )
        tick = end
    return scored(sections)


# What is said of a section that states nothing.
LEADS = {
    INTRODUCTION: "leads into the piece",
    LINK: "leads on",
    CODA: "takes its leave",
}


def _framing(kind: str, region: Region) -> Character:
    """A section that states nothing stands by its neighbour's region, and has no say of its own."""
    return Character(region.name, 0, 0, 1.0, f"{region.name}: {LEADS[kind]}")


def regions_by_letter(letters: Sequence[str], analysis: Analysis) -> Mapping[str, Region]:
    """The largest region for the first letter, then those most unlike the ones before them.

    With fewer regions than letters the last region serves again.
    """
    left = list(analysis.regions)
    chosen: dict[str, Region] = {}
    for letter in dict.fromkeys(letters):
        if left and not chosen:
            best = max(left, key=lambda region: region.share)
        elif left:
            taken = tuple(chosen.values())
            best = max(left, key=lambda region: _unlike(region, taken) * region.share**0.5)
        else:
            best = next(reversed(chosen.values()))
        if best in left:
            left.remove(best)
        chosen[letter] = best
    return chosen


def _unlike(region: Region, others: Sequence[Region]) -> float:
    """The least distance in lightness, redness and yellowness to the regions taken."""
    axes = ("light.lightness", "colour.redness", "colour.yellowness")
    place = [region.features[axis] for axis in axes]
    return min(dist(place, [other.features[axis] for axis in axes]) for other in others)


def character(region: Region, analysis: Analysis, returns: bool) -> Character:
    """Higher for light and high regions, louder for vivid ones, busier for detailed ones; and by
    what the region shows: higher for what pleases more than the whole picture, louder and busier
    for what excites more.

    Height to pitch and lightness to pitch hold within a picture (Spence 2011, 2019); that register
    goes with valence, and loudness and notes a second with arousal, of music (the bibliography's
    midi3000); the rest are conventions.
    """
    whole, own = analysis.features, region.features
    lighter = own["light.lightness"] - whole["light.lightness"]
    vivid = own["colour.chroma"] - whole["colour.chroma"]
    busier = (own["texture.edge_density"] + 0.02) / (whole["texture.edge_density"] + 0.02)
    pleases, excites = (_apart(own, whole, name) for name in ("pleasant", "exciting"))
    lies = lighter / 10 + (0.5 - region.y) * 4
    register = _clip(round(lies + PLEASING * pleases), -MOST_REGISTER, MOST_REGISTER)
    dynamics = _clip(round(vivid / 3 + STIRRING * excites), -MOST_DYNAMICS, MOST_DYNAMICS)
    fuller = busier**0.5 * BUSTLING**excites
    density = min(MOST_DENSITY, max(LEAST_DENSITY, fuller))
    parts = []
    if round(lies):
        parts.append(f"{'lighter or higher' if lies > 0 else 'darker or lower'} in the picture")
    if round(vivid / 3):
        parts.append("more vivid" if vivid > 0 else "paler")
    if abs(busier**0.5 - 1) > 0.05:
        parts.append("more detailed" if busier > 1 else "plainer")
    parts += _mood(pleases, excites)
    if returns:
        dynamics += RETURN_DYNAMICS
        parts.append("comes back")
    why = f"{region.name}: {', '.join(parts) or 'like the whole picture'}"
    return Character(region.name, register, dynamics, round(density, 3), why)


def _apart(own: Mapping[str, float], whole: Mapping[str, float], reading: str) -> float:
    """How much more of a learned reading a region has than the picture, within bounds; nought where
    nobody looked."""
    name = f"content.{reading}"
    apart = own.get(name, 0.0) - whole.get(name, 0.0)
    return min(MOST_APART, max(-MOST_APART, apart))


def _mood(pleases: float, excites: float) -> list[str]:
    """What a region's own mood is, where it is marked."""
    parts = []
    if abs(pleases) >= MARKED_APART:
        parts.append(f"{'more' if pleases > 0 else 'less'} like what pleases")
    if abs(excites) >= MARKED_APART:
        parts.append(f"{'more' if excites > 0 else 'less'} like what excites")
    return parts


def _clip(value: int, low: int, high: int) -> int:
    return min(high, max(low, value))


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
    in every other one. Who plays in a section that states nothing, its form says.
    """
    stated = iter(_scored([section for section in sections if section.kind == STATEMENT]))
    return tuple(
        next(stated) if section.kind == STATEMENT else _accompanied(section) for section in sections
    )


def _accompanied(section: Section) -> Section:
    """A section that states nothing, with those who join in where its form names them: as it was
    decided, and thin once the piece takes its leave."""
    named = {role for row in section.layers for role in row}
    level = THIN if section.kind == CODA else AS_DECIDED
    return replace(
        section,
        level=level,
        joined=tuple(role for role in ("counter-melody", "drums") if role in named),
        scoring=f"{WORDS[level]}: {LEADS[section.kind]}",
    )


def _scored(sections: Sequence[Section]) -> list[Section]:
    """The sections that are stated, as `scored` has them."""
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
    return found


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
