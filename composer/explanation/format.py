"""What an explanation holds, as types: the keys of `schema.json`, which says what each may be.

Ticks are 1/24 quarter note, counted from the first barline; bars and beats are counted from 1. What
decided, the decisions and the table, has its types in `composer.explanation.decided`.
"""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypedDict

from composer.explanation.decided import DecisionJson, RulesJson

# The version of the format: another one where what stands here could not be read any longer.
FORMAT: Final = 3


class Explanation(TypedDict):
    """The whole document: everything that led to a piece."""

    promenade: Literal[3]
    title: str
    seed: int
    picture: PictureJson
    features: dict[str, FeatureJson]
    terms: dict[str, float]
    decisions: dict[str, DecisionJson]
    plan: PlanJson
    parts: list[PartJson]
    harmony: list[ChordJson]
    voice_leading: VoiceLeadingJson
    singer: SingerJson
    notes: list[NoteJson]
    checks: list[CheckJson]
    rules: RulesJson
    versions: dict[str, str]


# --- The picture.


class PictureJson(TypedDict):
    """Width and height in pixels; the palette's largest colour first."""

    name: str
    width: int
    height: int
    sha256: str
    palette: list[SwatchJson]
    regions: list[RegionJson]
    skyline: SkylineJson
    content: NotRequired[ContentJson]


class ContentJson(TypedDict):
    """What it shows: in a sentence; whether it was looked at, and if it could not be, why; what you
    said of it, by feature; what a captioning model of yours said, and what of that counts; and for
    each region its share of every word and reading that is not nought, which sum to the feature's
    value exactly, taken as decimals."""

    caption: str
    looked: bool
    absent: str
    yours: dict[str, float]
    described: NotRequired[str]
    named: NotRequired[dict[str, float]]
    shares: list[dict[str, float]]


class SwatchJson(TypedDict):
    """A colour, its share of the picture, and where it lies in CIELAB's cylinder."""

    hex: str
    share: float
    lightness: float
    chroma: float
    hue: float


class RegionJson(TypedDict):
    """A region: `x` and `y` are its centre of mass from the left and the top, `box` its left, top,
    right and bottom, all from 0 to 1."""

    name: str
    share: float
    x: float
    y: float
    box: list[float]
    hex: str
    features: dict[str, float]


class SkylineJson(TypedDict):
    """Heights from left to right, 0 at the bottom and 1 at the top."""

    heights: list[float]
    strength: float


class FeatureJson(TypedDict):
    """A measured feature; `typical` is None for hue, which goes round a circle."""

    value: float
    unit: str
    range: list[float]
    typical: TypicalJson | None
    meaning: str
    source: str


# What photographs measure, by the share of them that measure less.
TypicalJson = TypedDict(
    "TypicalJson",
    {"5 %": float, "25 %": float, "50 %": float, "75 %": float, "95 %": float},
)

# --- The plan.


class PlaceJson(TypedDict):
    """A bar, and a beat of it."""

    bar: int
    beat: float


class PlanJson(TypedDict):
    """Everything that was decided before a note was written; `tension` is from 0 to 1 for each
    bar, `introduction` and `coda` are the kinds of what stands before and behind the form."""

    key: KeyJson
    metre: MetreJson
    form: str
    bars: int
    seconds: float
    language: str
    swing: float
    sections: list[SectionJson]
    phrases: list[PhraseJson]
    motifs: dict[str, MotifJson]
    tempo: list[TempoJson]
    dynamics: list[DynamicsJson]
    rules_off: list[str]
    tension: NotRequired[list[float]]
    introduction: NotRequired[str]
    coda: NotRequired[str]


class KeyJson(TypedDict):
    """A key; its signature counts sharps, or flats below nought."""

    name: str
    tonic: str
    mode: str
    signature: int
    notes: list[str]


class MetreJson(TypedDict):
    name: str
    beats: int
    ticks_per_bar: int
    ticks_per_beat: int
    ticks_per_quarter: int


class SectionJson(TypedDict):
    """A section, the region that it stands for, and who plays in it (`level`: -1 thinly, 1 fully
    scored; `layers`: the roles that may play in each of its bars; `followed`: how its tune follows
    the picture's outline, r, where it is planned to)."""

    name: str
    letter: str
    bar: int
    bars: int
    region: str
    register: int
    dynamics: int
    density: float
    why: str
    level: int
    scoring: str
    plays: list[PlayerJson]
    kind: NotRequired[str]
    layers: NotRequired[list[list[str]]]
    followed: NotRequired[float | None]


class PlayerJson(TypedDict):
    """A part that plays in a section, and the pattern that it plays most."""

    part: str
    instrument: str
    pattern: str | None


class PhraseJson(PlaceJson):
    """A phrase; `contour` is the melody's wished height, a MIDI number for each beat, and `octave`
    by how many octaves it sounds higher than it is written."""

    name: str
    section: str
    duration: int
    cadence: str
    key: str
    climax: PlaceJson | None
    upbeat: int
    breath: int
    surprise: str | None
    octave: int
    contour: list[float]
    slots: list[SlotJson]
    sung: NotRequired[bool]


class SlotJson(PlaceJson):
    """A place for a motif, and what is done with it there."""

    name: str
    duration: int
    motif: str
    action: str
    shift: int


class MotifJson(TypedDict):
    rhythm: list[int]
    steps: list[int]


class TempoJson(PlaceJson):
    """Beats of the metre a minute, from a place on."""

    rate: float


class DynamicsJson(PlaceJson):
    """A velocity at a place; straight in between."""

    velocity: int


# --- The music.


class PartJson(TypedDict):
    """A player: its instrument's sounding range, and how many it takes to play it all."""

    part: str
    instrument: str
    program: int
    range: list[str]
    pan: int
    volume: int
    articulation: float
    octave: int
    players: int
    notes: int


class ChordJson(PlaceJson):
    """A chord with its four voices from the soprano down, what the grammar offered in its place,
    and what leading the voices into it cost, by rule."""

    tick: int
    duration: int
    roman: str
    symbol: str
    function: str
    key: str
    pattern: str | None
    pivot: PivotJson | None
    phrase: str
    cadence: str | None
    voices: list[str]
    alternatives: dict[str, float]
    costs: dict[str, float]
    runner_up: NextVoicingJson | None


class PivotJson(TypedDict):
    """What a chord is in the key that its phrase goes to."""

    roman: str
    key: str


class NextVoicingJson(TypedDict):
    """The next best voicing of a chord, and by how much the best row with it is dearer."""

    voices: list[str]
    margin: float


class VoiceLeadingJson(TypedDict):
    """The progression's family, and what the voices cost against the next best way."""

    family: str
    cost: float
    runner_up: float | None


class SingerJson(TypedDict):
    """Who proposed the melody's notes: `rules`, or `neural` with the SHA-256 of its weights."""

    name: str
    weights: str | None


class NoteJson(PlaceJson):
    """A note: `pitch` is as written (of a drum, its name), `key` the MIDI key that sounds."""

    tick: int
    part: str
    pitch: str
    key: int
    duration: int
    velocity: int
    cause: CauseJson


class CauseJson(TypedDict):
    """Why a note is there, and of a note of the melody how it was found."""

    origin: str
    label: str
    slot: str | None
    motif: str | None
    action: str | None
    region: str
    rules: list[str]
    trace: TraceJson | None


class TraceJson(TypedDict):
    """What each hard rule struck out, the MIDI number that the contour wished for, and who weighed
    what was left: the network (`proposed`) or the rules (`weighed`)."""

    struck: dict[str, list[str]]
    contour: float
    proposed: ProposedJson | None
    weighed: WeighedJson | None


class ProposedJson(TypedDict):
    """What the network proposed; shares are its own probabilities of a pitch and a duration."""

    wanted: ProposalJson
    wanted_share: float
    share: float
    allowed: float
    runner_up: ProposalJson | None
    runner_up_share: float


class ProposalJson(TypedDict):
    """A note, or a rest where there is no pitch, and its ticks."""

    pitch: str | None
    duration: int


class WeighedJson(TypedDict):
    """What a note cost, and the best other pitch with how much dearer that would have been."""

    costs: dict[str, float]
    runner_up: str | None
    margin: float | None


class CheckJson(TypedDict):
    """A rule of music on the finished piece: how often it was broken, and where."""

    rule: str
    hard: bool
    off: bool
    count: int
    places: list[str]
    sentence: str
    source: str
