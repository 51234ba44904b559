"""Metres: bars, beats and how strong each place in the bar is, in ticks of 1/24 quarter note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

QUARTER = 24


@dataclass(frozen=True, slots=True)
class Metre:
    """A metre: `beat` is the felt beat in ticks, `accents` the strength of each beat of a bar.

    In compound metres the beat is the dotted quarter; 5/4 is felt as three and two.
    """

    name: str
    numerator: int
    denominator: int
    beat: int
    accents: tuple[int, ...]

    @property
    def bar(self) -> int:
        """Ticks a bar."""
        return self.beat * self.beats

    @property
    def beats(self) -> int:
        return len(self.accents)

    @property
    def compound(self) -> bool:
        return self.beat == 36

    @property
    def pulse(self) -> int:
        """Ticks of the division below the beat: a quaver, in simple and compound metres alike."""
        return 12

    def strength(self, tick: int) -> int:
        """How strong the place `tick` (from the start of a bar line) is.

        4 the downbeat, 3 a secondary accent, 2 a beat, 1 a division of the beat, 0 anything finer.
        """
        place = tick % self.bar
        if place % self.beat == 0:
            return self.accents[place // self.beat]
        return 1 if place % self.pulse == 0 else 0

    def against(self, start: int, ticks: int) -> bool:
        """Is a note syncopated: does it begin off the beat, or on a weak one, and sound on over a
        stronger place? (Longuet-Higgins & Lee 1984, without their levels.)

        >>> METRES["4/4"].against(84, 24), METRES["4/4"].against(72, 24)
        (True, False)
        """
        own = self.strength(start)
        later = range((start // self.pulse + 1) * self.pulse, start + ticks, self.pulse)
        return any(self.strength(tick) > own for tick in later)


METRES: Mapping[str, Metre] = MappingProxyType(
    {
        metre.name: metre
        for metre in (
            Metre("2/4", 2, 4, QUARTER, (4, 2)),
            Metre("3/4", 3, 4, QUARTER, (4, 2, 2)),
            Metre("4/4", 4, 4, QUARTER, (4, 2, 3, 2)),
            Metre("5/4", 5, 4, QUARTER, (4, 2, 2, 3, 2)),
            Metre("6/8", 6, 8, 36, (4, 3)),
            Metre("9/8", 9, 8, 36, (4, 2, 2)),
            Metre("12/8", 12, 8, 36, (4, 2, 3, 2)),
        )
    }
)
