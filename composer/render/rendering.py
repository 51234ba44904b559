"""One rendering of a piece: everything that its files are made of, each made at most once.

`MAKERS` is the one table of what can be written, by suffix. Each maker loads its library only when
it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from composer.needs import check_installed
from composer.render.audio import BUILT_IN, Sounding
from composer.render.audio import check as check_sounding
from composer.render.audio.coding import FORMATS
from composer.render.outputs import Output, plan_outputs, put
from corpora.progress import silent

if TYPE_CHECKING:
    from composer.explanation.format import Explanation
    from composer.render.audio.coding import Samples
    from composer.render.audio.stems import Apart
    from composer.render.score.drawing import Drawing
    from composer.render.score.pages import Engraved
    from composer.render.timeline import Timeline
    from composer.values import Piece

# Told in a few words of what is done.
Progress = Callable[[str], None]


class Rendering:
    """A piece and what is made of it, when it is first asked for and then kept.

    For one owner: two threads that share one may make a thing twice, and get the same.
    """

    def __init__(self, piece: Piece, sounding: Sounding = BUILT_IN) -> None:
        """sounding: who plays the piece, on which instruments."""
        self.piece = piece
        self.sounding = sounding
        self._files: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"Rendering({self.piece.heading!r})"

    @cached_property
    def timeline(self) -> Timeline:
        """When everything is heard."""
        from composer.render.timeline import Timeline

        return Timeline(self.piece)

    @cached_property
    def midi(self) -> bytes:
        """The notes as a Standard MIDI File."""
        from composer.render.midi.writer import encode

        return encode(self.piece, self.timeline)

    @cached_property
    def musicxml(self) -> bytes:
        """The full score as MusicXML."""
        from composer.render.score.score import full_score

        return full_score(self.piece)

    @cached_property
    def voices(self) -> bytes:
        """The four voices as MusicXML."""
        from composer.render.score.score import four_voices

        return four_voices(self.piece)

    @cached_property
    def engraved(self) -> Engraved:
        """The engraved score, and where its notes are."""
        from composer.render.score.pages import engraved

        return engraved(self.musicxml, self.piece.plan)

    @property
    def pages(self) -> tuple[str, ...]:
        """The engraved score: an SVG document for each page."""
        return self.engraved.pages

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """What is drawn on each page: shapes and texts in their places."""
        from composer.render.score.drawing import drawn

        return tuple(drawn(page) for page in self.pages)

    @cached_property
    def svg(self) -> bytes:
        """All pages as one SVG file."""
        from composer.render.score.printing import svg

        return svg(self.pages, self.drawings)

    @cached_property
    def pdf(self) -> bytes:
        """The pages as a PDF file."""
        from composer.render.score.printing import pdf

        return pdf(self.drawings, self.piece.heading)

    @cached_property
    def png(self) -> bytes:
        """The piano roll as a PNG file."""
        from composer.render.roll import encode

        return encode(self.piece)

    @cached_property
    def explanation(self) -> Explanation:
        """Everything that led to the piece, as plain data."""
        from composer.explanation.document import explanation

        return explanation(self.piece)

    @cached_property
    def json(self) -> bytes:
        """The explanation as a JSON file."""
        from composer.explanation.document import to_json

        return to_json(self.explanation).encode()

    @cached_property
    def words(self) -> bytes:
        """The piece in words, bar by bar, as UTF-8."""
        from composer.render.words import encode

        return encode(self.piece, self.explanation)

    @cached_property
    def html(self) -> bytes:
        """The report: one page with the picture, the reasons, the sound, the roll and the score."""
        from composer.render.audio.coding import RATE
        from composer.render.audio.coding import encode as coded
        from composer.render.audio.stems import opus
        from composer.render.report.page import Heard, Written, encode

        # Each player is played once, for the mix as for himself.
        players = () if self.piece.seconds > LONGEST_APART else opus(self.apart.players)
        mix = coded(self.sound, ".mp3", self.piece.heading, steady=True)
        heard = Heard(mix, self.sound.shape[-1] / RATE, players)
        score = Written(self.svg, self.musicxml, self.engraved.heads)
        return encode(self.piece, self.explanation, self.midi, heard, score)

    @cached_property
    def apart(self) -> Apart:
        """The piece as it is heard, and each player alone.

        Raises UserError as `sound` does.
        """
        from composer.render.audio.room import room_of
        from composer.render.audio.stems import perform_apart

        mood = self.piece.plan.mood
        return perform_apart(self.midi, self.sounding, room_of(mood.valence, mood.arousal))

    @cached_property
    def sound(self) -> Samples:
        """The piece as it is heard, shape (2, n), −1 to 1, 44,100 samples a second.

        Raises UserError where who is to play it, or its SoundFont, is not there.
        """
        from composer.render.audio import perform
        from composer.render.audio.room import room_of

        if "apart" in self.__dict__:
            return self.apart.sound
        mood = self.piece.plan.mood
        return perform(self.midi, self.sounding, room_of(mood.valence, mood.arousal))

    def recording(self, suffix: str) -> bytes:
        """The sound as a file; `suffix` is one of `audio.coding.FORMATS`."""
        from composer.render.audio.coding import encode

        return encode(self.sound, suffix, self.piece.heading)

    def film(self, step: Progress = silent) -> bytes:
        """The film as an MP4 file; `step` is told of each of `film.mp4.PORTIONS` of it."""
        from composer.render.film.film import encode

        return encode(self.piece, self.timeline, self.sound, step)

    def story(self, step: Progress = silent) -> bytes:
        """The upright film as an MP4 file; `step` as in `film`."""
        from composer.render.film.story import encode

        return encode(self.piece, self.explanation, self.timeline, self.sound, step)

    def poster(self, kind: str) -> bytes:
        """The poster as a file; `kind` is "png" or "pdf"."""
        from composer.render.poster import encode

        return encode(self.piece, self.explanation, kind)

    def file(self, suffix: str, step: Progress = silent) -> bytes:
        """The bytes of the file with this suffix, one of SUFFIXES."""
        if suffix not in self._files:
            self._files[suffix] = MAKERS[suffix](self, step)
        return self._files[suffix]


Maker = Callable[[Rendering, Progress], bytes]


def _recording(suffix: str, made: Rendering, step: Progress) -> bytes:
    return made.recording(suffix)


# Seconds up to which a report has each player alone, to be heard without the others.
LONGEST_APART = 246.0  # four minutes, and the half bar by which a piece may miss them
FILM, STORY, REPORT = ".mp4", ".story.mp4", ".html"
FILMS = (FILM, STORY)
# By suffix, the longer before the shorter.
MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        ".voices.musicxml": lambda made, step: made.voices,
        ".poster.png": lambda made, step: made.poster("png"),
        ".poster.pdf": lambda made, step: made.poster("pdf"),
        STORY: lambda made, step: made.story(step),
        ".musicxml": lambda made, step: made.musicxml,
        ".mid": lambda made, step: made.midi,
        ".svg": lambda made, step: made.svg,
        ".pdf": lambda made, step: made.pdf,
        ".png": lambda made, step: made.png,
        ".json": lambda made, step: made.json,
        ".txt": lambda made, step: made.words,
        ".html": lambda made, step: made.html,
        **{suffix: partial(_recording, suffix) for suffix in FORMATS},
        FILM: lambda made, step: made.film(step),
    }
)
SUFFIXES = tuple(MAKERS)
# What is written of a picture where nobody says: the notes, and their sound in a tenth of the
# bytes of a .wav file, which every player plays.
DEFAULT = (".mid", ".mp3")


def plan_files(paths: Iterable[str], sounding: Sounding = BUILT_IN) -> tuple[Output, ...]:
    """A piece's files, in order, each as its suffix says.

    Raises UserError, before any work is done, for what `plan_outputs` refuses, and for a library,
    a SoundFont, a program or a codec that is needed and not there.
    """
    outputs = plan_outputs(paths, SUFFIXES)
    check_needs([output.suffix for output in outputs], sounding)
    return outputs


def check_needs(suffixes: Collection[str], sounding: Sounding = BUILT_IN) -> None:
    """Raises UserError, with what to install, where something that these need is not there."""
    for suffix in suffixes:
        check_installed(suffix)
    sounds = [suffix for suffix in suffixes if suffix in FORMATS]
    check_sounding(sounding, [*sounds, *[".mp3"] * (REPORT in suffixes)])
    if any(film in suffixes for film in FILMS):
        from composer.render.film.mp4 import check as check_film

        check_sounding(sounding, [".wav"])
        check_film()


def save(rendering: Rendering, outputs: Sequence[Output], step: Progress = silent) -> None:
    """Write every file, or none.

    step: told of each kind of file when it is made; see `steps`. Raises UserError where the system
    refuses.
    """
    made = files(rendering, [output.suffix for output in outputs], step)
    put([(output, made[output.suffix]) for output in outputs])


def files(
    rendering: Rendering, suffixes: Iterable[str], step: Progress = silent
) -> dict[str, bytes]:
    """The files' bytes by suffix; `step` is told of each kind when it is made, see `steps`."""
    kinds = list(dict.fromkeys(suffixes))
    made = {}
    # The report first: where it has players apart, the others have the mix from them.
    for suffix in sorted(kinds, key=lambda kind: kind != REPORT):
        made[suffix] = rendering.file(suffix, step)
        step(f"made the {suffix}")
    return made


def steps(suffixes: Iterable[str]) -> int:
    """How often `files` tells its `step` for these: of a film, of each of its portions too."""
    kinds = set(suffixes)
    films = len(kinds.intersection(FILMS))
    if not films:
        return len(kinds)
    from composer.render.film.mp4 import PORTIONS

    return len(kinds) + films * PORTIONS
