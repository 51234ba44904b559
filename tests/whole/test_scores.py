"""Pieces of varied pictures as files, judged by music21: nothing of ours reads or judges them."""

from fractions import Fraction
from itertools import pairwise

import pytest
from music21 import converter, harmony, interval, key, note, stream, tempo
from music21.figuredBass import possibility
from music21.voiceLeading import VoiceLeadingQuartet

from analysis.picture.analyse import analyse
from analysis.picture.load import load
from composer.music.vocabulary import vocabulary
from composer.pipeline import compose_decided
from composer.render.rendering import Rendering, plan_files, save
from composer.render.score.players import players
from composer.settings import MELODIES, Settings
from composer.table import decide, load_table
from tests.pictures import varied

FEW = 12
FORBIDDEN_STEPS = {"A2", "A4", "A5", "A6", "m7", "M7"}


def composed(folder, index, melody):
    """The piece of a varied picture, and its two scores as music21 reads them."""
    name, pixels = list(varied(index + 1))[-1]
    analysis = analyse(load(pixels, name))
    table = load_table(None, vocabulary())
    decisions = decide(table, analysis.features)
    piece = compose_decided(analysis, table, decisions, Settings(seed=index, melody=melody))
    paths = [str(folder / f"{name}.musicxml"), str(folder / f"{name}.voices.musicxml")]
    save(Rendering(piece), plan_files(paths))
    return piece, *(converter.parse(path, forceSource=True) for path in paths)


def voicings(score):
    """The chords of the four voices, highest voice first, one row for each change."""
    columns = [
        {element.offset: element for element in part.flatten().notes if not _tied_back(element)}
        for part in score.parts
    ]
    assert len({tuple(sorted(column)) for column in columns}) == 1
    return [tuple(column[offset].pitch for column in columns) for offset in sorted(columns[0])]


def _tied_back(element):
    return element.tie is not None and element.tie.type in ("stop", "continue")


def judge_voices(score, language):
    rows = voicings(score)
    for row in rows:
        assert not possibility.voiceCrossing(row)
        soprano, alto, tenor, _ = row
        assert soprano.midi - alto.midi <= 12
        assert alto.midi - tenor.midi <= 12
        assert 36 <= row[3].midi <= tenor.midi
    if language == "popular":
        return
    for before, after in pairwise(rows):
        where = f"{[p.nameWithOctave for p in before]} to {[p.nameWithOctave for p in after]}"
        assert not possibility.parallelFifths(before, after), where
        assert not possibility.parallelOctaves(before, after), where
        # music21 also counts direct perfects that the soprano reaches by step; those are allowed
        # (Aldwell & Schachter, ch. 5), so only a leaping soprano is judged.
        if interval.Interval(before[0], after[0]).generic.undirected > 2:
            assert not possibility.hiddenFifth(before, after), where
            assert not possibility.hiddenOctave(before, after), where
        assert not possibility.voiceOverlap(before, after), where
        for one, two in zip(before, after, strict=True):
            assert interval.Interval(one, two).semiSimpleName not in FORBIDDEN_STEPS - {
                "m7",
                "M7",
            }, where


def sung_by_first(staff):
    """The notes and rests of the melody's first player, on the top staff."""
    for measure in staff.getElementsByClass("Measure"):
        # A pianist's right hand plays the melody as its first voice.
        measure.remove(list(measure.voices)[1:])
    found = list(staff.flatten().getElementsByClass(note.GeneralNote))
    found = [n for n in found if not isinstance(n, harmony.ChordSymbol)]
    return [n for n in found if n.isRest or not _tied_back(n)]


def sung_by_second(staff, part):
    """What stands on a staff of the notes that another player has of the melody."""
    line = stream.Stream()
    read = [n for n in staff.flatten().notes if not isinstance(n, harmony.ChordSymbol)]
    for one in part.notes:
        key = one.key_number + 12 * part.octave
        pitch = next(
            p
            for n in read
            if n.offset == Fraction(one.start, 24)
            for p in n.pitches
            if p.midi == key
        )
        line.insert(
            Fraction(one.start, 24), note.Note(pitch, quarterLength=Fraction(one.ticks, 24))
        )
    return list(line.makeRests(fillGaps=True).notesAndRests)


def judge_melody(score, piece):
    """Of each singer of the melody its intervals, and its perfects with the bass at changes."""
    pitched = [part for part in score.parts if part.partName != "Drums"]
    bass = pitched[-1].toSoundingPitch()
    changes = sorted({c.offset for c in pitched[0].flatten().getElementsByClass("ChordSymbol")})
    judge_line(sung_by_first(pitched[0].toSoundingPitch()), bass, changes, piece)
    second = piece.part("second-melody")
    if second is not None:
        read = players(piece.parts, piece.plan.metre.bar)
        name = next(each.name for each in read if second in each.parts)
        staff = next(part for part in pitched if part.partName == name)
        judge_line(sung_by_second(staff.toSoundingPitch(), second), bass, changes, piece)


def judge_line(sung, bass, changes, piece):
    notes = [n for n in sung if n.isNote]
    bar = piece.plan.metre.bar / 24
    for one, two in pairwise(notes):
        if two.offset - one.offset >= one.quarterLength + bar / 2:
            continue  # another has sung meanwhile, or others have played alone
        leap = interval.Interval(one.pitch, two.pitch)
        assert abs(leap.semitones) <= 12
        assert leap.generic.undirected != 7, f"{one.nameWithOctave} {two.nameWithOctave}"
        assert abs(leap.generic.undirected) < 3 or "A" not in leap.simpleName
    if piece.plan.language == "popular":
        return
    struck = {n.offset: n for n in bass.flatten().notes if not _tied_back(n)}
    for old, new in pairwise(changes):
        before = [n for n in sung if n.offset < new]
        at = [n for n in notes if n.offset == new]
        if not at or not before or before[-1].isRest or old not in struck or new not in struck:
            continue
        low, high = _lowest(struck[old]), _lowest(struck[new])
        quartet = VoiceLeadingQuartet(before[-1], at[0], low, high)
        assert not quartet.parallelFifth(), f"offset {new}"
        assert not quartet.parallelOctave(), f"offset {new}"


def _lowest(element):
    return element if element.isNote else note.Note(min(element.pitches))


def check(folder, index, melody):
    piece, score, voices = composed(folder, index, melody)
    judge_voices(voices, piece.plan.language)
    judge_melody(score, piece)
    assert len(score.parts[0].getElementsByClass("Measure")) == piece.plan.bars
    found = score.flatten().getElementsByClass(key.KeySignature).first()
    assert found.sharps == piece.plan.key.signature
    assert score.flatten().getElementsByClass(tempo.MetronomeMark).first() is not None


@pytest.mark.parametrize("index", range(FEW))
def test_no_piece_breaks_a_hard_rule(index, tmp_path):
    """Rules and network take turns."""
    check(tmp_path, index, MELODIES[index % 2])


@pytest.mark.slow
@pytest.mark.parametrize("index", range(100))
@pytest.mark.parametrize("melody", MELODIES)
def test_no_piece_of_a_hundred_breaks_a_hard_rule(index, melody, tmp_path):
    check(tmp_path, index, melody)


def test_planted_parallel_fifths_are_found(tmp_path):
    """The judge can fail: the same score with two parallel fifths planted is refused."""
    _, _, voices = composed(tmp_path, 0, "rules")
    tenor, bass = voices.parts[2], voices.parts[3]
    first = {n.offset: n for n in bass.flatten().notes if not _tied_back(n)}
    second = {n.offset: n for n in tenor.flatten().notes if not _tied_back(n)}
    moving = next(
        (one, two)
        for one, two in pairwise(sorted(first))
        if first[one].pitch.midi % 12 != first[two].pitch.midi % 12
    )
    for offset in moving:
        second[offset].pitch = first[offset].pitch.transpose("P5")
    with pytest.raises(AssertionError):
        judge_voices(voices, "strict")
