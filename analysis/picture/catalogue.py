"""The catalogue: every feature's name, unit, range, meaning and source, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.picture.content.words import GROUP, words


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature is: its value always lies within low..high, in the unit."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    source: str


_CIELAB = "CIE 15:2018, CIELAB under D65"
_OU = "Ou, Luo, Woodcock & Wright 2004, Color Research & Application 29:232"
_HASLER = "Hasler & Süsstrunk 2003, SPIE 5007:87"
_FISHER = "Fisher 1993, Statistical Analysis of Circular Data"
_COLORTHIEF = "colorthief's modified median cut; shares by nearest colour in CIELAB"
_OURS = "our definition"
_SEEN = "EfficientNet-Lite0 (Tan & Le 2019), ImageNet's classes; content.yaml"
_LEARNED = "learned from how people rated 653 photographs (Kurdi, Lozano & Banaji 2017)"

_ROWS: tuple[tuple[str, str, float, float, str, str], ...] = (
    ("colour.warmth", "score", -4.5, 3.5,
     "How warm (positive) or cool (negative) people call its colours.", _OU),
    ("colour.activity", "score", -2.2, 6.5,
     "How active (positive) or passive (negative) people call its colours.", _OU),
    ("colour.chroma", "CIELAB", 0, 135,
     "Mean chroma: how far its colours are from grey.", _CIELAB),
    ("colour.saturation", "share", 0, 1,
     "Mean saturation of its pixels.", "HSV, Smith 1978, SIGGRAPH 12:12"),
    ("colour.colourfulness", "score", 0, 300,
     "How colourful it looks: 15 slightly, 45 quite, 80 highly.", _HASLER),
    ("colour.hue", "degrees", 0, 360,
     "Mean hue, weighted by chroma: 40 red, 100 yellow, 136 green, 280 blue.", _FISHER),
    ("colour.hue_concentration", "share", 0, 1,
     "How much its colours agree in hue: 1 a single hue, 0 none.", _FISHER),
    ("colour.redness", "CIELAB a*", -87, 99,
     "Mean a*: red (positive) against green (negative).", _CIELAB),
    ("colour.yellowness", "CIELAB b*", -108, 95,
     "Mean b*: yellow (positive) against blue (negative).", _CIELAB),
    ("colour.red_share", "share", 0, 1,
     "Share of its pixels that are clearly red, pink or orange.", _OURS),
    ("colour.yellow_share", "share", 0, 1,
     "Share of its pixels that are clearly yellow, ochre or brown.", _OURS),
    ("colour.green_share", "share", 0, 1,
     "Share of its pixels that are clearly green.", _OURS),
    ("colour.blue_share", "share", 0, 1,
     "Share of its pixels that are clearly blue or turquoise.", _OURS),
    ("colour.purple_share", "share", 0, 1,
     "Share of its pixels that are clearly purple.", _OURS),
    ("colour.dominant_share", "share", 0, 1,
     "Share of the largest colour of its palette, with those that are like it.", _COLORTHIEF),
    ("colour.palette_size", "colours", 1, 6,
     "Number of distinct colours that its palette amounts to (exponential of its entropy).",
     "Leinster & Cobbold 2012, Ecology 93:477"),
    ("colour.palette_spread", "CIELAB", 0, 130,
     "Mean difference of two places' colours in its palette.", _COLORTHIEF),
    ("colour.harmony", "share", 0, 1,
     "How harmonious people call the pairs of colours in its palette.",
     "Ou & Luo 2006, Color Research & Application 31:191"),
    ("light.lightness", "L*", 0, 100,
     "Mean lightness: 0 black, 100 white.", _CIELAB),
    ("light.contrast", "L*", 0, 50,
     "Standard deviation of lightness.", "Peli 1990, JOSA A 7:2032"),
    ("light.range", "L*", 0, 100,
     "From its darkest to its lightest twentieth.", _OURS),
    ("light.shadow_share", "share", 0, 1,
     "Share of its pixels that lie in shadow, about L* below 27.", _OURS),
    ("light.highlight_share", "share", 0, 1,
     "Share of its pixels that are highlights, about L* above 86.", _OURS),
    ("light.vertical_gradient", "L*", -100, 100,
     "How much lighter its top third is than its bottom third.", _OURS),
    ("light.horizontal_gradient", "L*", -100, 100,
     "How much lighter its right third is than its left third.", _OURS),
    ("light.skew", "score", -1, 1,
     "Mean less median lightness: positive where a few lights stand out of the dark.",
     "Hotelling & Solomons 1932, Annals of Mathematical Statistics 3:141"),
    ("texture.edge_density", "share", 0, 1,
     "Share of its pixels that lie on an edge.", "Canny 1986, IEEE PAMI 8:679"),
    ("texture.roughness", "L*", 0, 50,
     "Mean contrast within a few pixels' neighbourhood.",
     "Frazor & Geisler 2006, Vision Research 46:1585"),
    ("texture.grain", "L*", 0, 170,
     "Finest texture, as the noise that would look like it.", "Immerkær 1996, CVIU 64:300"),
    ("texture.entropy", "bits", 0, 8,
     "Variety of its lightness values.", "Shannon 1948"),
    ("texture.line_count", "lines", 0, 3000,
     "Number of straight lines longer than 6 % of its diagonal.",
     "Grompone von Gioi et al. 2010, IEEE PAMI 32:722"),
    ("texture.angularity", "share", 0, 1,
     "Share of its contours' bending that happens at corners: 1 angular, 0 round.",
     "polygons after Douglas & Peucker 1973; our definition"),
    ("texture.horizontal_share", "share", 0, 1,
     "Share of its edges' energy that lies level; a quarter by chance.", _OURS),
    ("texture.vertical_share", "share", 0, 1,
     "Share of its edges' energy that stands upright; a quarter by chance.", _OURS),
    ("texture.diagonal_share", "share", 0, 1,
     "Share of its edges' energy that leans; a half by chance.", _OURS),
    ("texture.slope", "exponent", -4, 1,
     "Fall of amplitude with spatial frequency: about −1 in nature, 0 fine noise, −2 soft.",
     "Field 1987, JOSA A 4:2379"),
    ("layout.symmetry", "share", 0, 1,
     "How well its left half mirrors its right: 1 wholly, 0.5 by chance, 0 opposed.", _OURS),
    ("layout.balance", "share", 0, 1,
     "How near its middle the weight of what draws the eye lies: 1 at the middle.",
     "Arnheim 1954; McManus, Stöver & Kim 2011, i-Perception 2:615"),
    ("layout.openness", "share", 0, 1,
     "Share of it that is large smooth area.", _OURS),
    ("layout.region_count", "regions", 1, 5,
     "Number of areas alike in colour and place.", "k-means, MacQueen 1967; our joining"),
    ("layout.horizon", "height", 0, 1,
     "Height of its strongest level border: 0 bottom, 1 top.", _OURS),
    ("layout.horizon_strength", "share", 0, 1,
     "How much the colour changes at that border.", _OURS),
    ("layout.salient_x", "place", 0, 1,
     "Where the eye is drawn to: 0 left, 1 right.",
     "Itti, Koch & Niebur 1998; Achanta et al. 2008"),
    ("layout.salient_y", "height", 0, 1,
     "Where the eye is drawn to: 0 bottom, 1 top.",
     "Itti, Koch & Niebur 1998; Achanta et al. 2008"),
    ("layout.salient_share", "share", 0, 1,
     "How much the eye is drawn to few places: 0 all alike, 1 a single one.",
     "Gini 1912, of the saliency"),
    ("layout.thirds", "share", 0, 1,
     "How near the four points of thirds what draws the eye lies.",
     "Datta et al. 2006, ECCV; our definition"),
    ("layout.aspect", "ratio", 0.1, 10,
     "Width over height.", _OURS),
    ("layout.skyline_height", "height", 0, 1,
     "Mean height of its skyline: 0 bottom, 1 top.", _OURS),
    ("layout.skyline_range", "height", 0, 1,
     "From the lowest to the highest point of its skyline.", _OURS),
    ("layout.skyline_roughness", "height", 0, 1,
     "Mean step of its skyline from one sixty-fourth of the width to the next.", _OURS),
    ("layout.skyline_strength", "share", 0, 1,
     "How much more the colour changes across its skyline than elsewhere.", _OURS),
)  # fmt: skip

_SHOWN: tuple[tuple[str, str, float, float, str, str], ...] = (
    *(
        (word.feature, "probability", 0, 1, f"It shows {word.says}. {word.means}", _SEEN)
        for word in words().values()
    ),
    (f"{GROUP}pleasant", "s.d.", -4, 4,
     "How pleasant pictures that look like it are felt to be; 0 for the average photograph.",
     _LEARNED),
    (f"{GROUP}exciting", "s.d.", -4, 4,
     "How exciting pictures that look like it are felt to be; 0 for the average photograph.",
     _LEARNED),
    (f"{GROUP}seen", "looks", 0, 1,
     "Whether what it shows was looked for: 0 where the network was left out.", _OURS),
)  # fmt: skip

CATALOGUE: Mapping[str, Feature] = MappingProxyType(
    {row[0]: Feature(*row) for row in (*_ROWS, *_SHOWN)}
)

# What is measured on a part of a picture too: all that needs neither palette nor places.
REGIONAL = tuple(
    f"{group}.{name}"
    for group, names in (
        ("colour", "warmth activity chroma saturation colourfulness hue hue_concentration redness "
         "yellowness red_share yellow_share green_share blue_share purple_share"),
        ("light", "lightness contrast range shadow_share highlight_share skew"),
        ("texture", "edge_density roughness grain entropy horizontal_share vertical_share "
         "diagonal_share"),
    )
    for name in names.split()
) + tuple(row[0] for row in _SHOWN[:-1])  # fmt: skip
