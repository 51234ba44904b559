"""A small table and its vocabulary, for tests."""

from composer.table import Table, read_table
from composer.vocabulary import Vocabulary

VOCABULARY = Vocabulary(
    features={"light.lightness": (0, 100), "colour.hue": (0, 360)},
    stocks={
        "bands": {"duo": {"melody": "flute"}, "trio": {"melody": "violin"}},
        "instruments": {"flute": {}, "violin": {}, "tuba": {}},
        "figures": {"waltz": {"only": {"metre": ["3/4"]}}, "plain": {}},
    },
)

TEXT = """\
promenade: 2
name: small
terms:
  light:  {feature: light.lightness, from: 40, to: 80}
  dark:   {feature: light.lightness, from: 60, to: 20}
  red:    {feature: colour.hue, at: 10, within: 40, turn: 360}
  glad:   {feature: valence, from: 0, to: 0.5}
decisions:
  valence: {number: [-1, 1], start: 0.1}
  tonic:   {choice: [C, "F#"]}
  metre:   {choice: [4/4, 3/4]}
  bars:    {number: [16, 64], start: 20, step: 4, unit: bars}
  tempo:   {number: [50, 170], start: 96, step: 1, unit: bpm, lasts: [26, 86]}
  band:    {choice: bands}
  solo:    {choice: instruments, default: {by: band, of: melody, votes: 0.5}}
  figure:  {choice: figures}
rules:
  - id: light-pleases
    when: light
    then: {valence: +0.45, tonic: {C: 1}}
    because: Light pleases.
    evidence: {grade: B, effect: r = .05, source: kurdi2017}
  - id: dark-displeases
    when: {all: [dark, not red]}
    then: {valence: -0.333333, metre: {3/4: 1}, tonic: {"F#": 0.7}}
    because: Darkness does not.
    evidence: {grade: C, effect: none, source: convention}
  - id: glad-quick
    when: {any: [very glad, {metre: 3/4}]}
    then: {tempo: +60.5, band: {trio: 1}, bars: +1}
    because: Gladness runs.
    evidence: {grade: C, effect: none, source: convention}
"""


def table(text: str = TEXT) -> Table:
    return read_table(text.encode(), "small.yaml", VOCABULARY)
