"""Small scores as MusicXML, written by music21."""

from xml.etree import ElementTree

from music21 import chord, clef, harmony, key, meter, note, stream
from music21.musicxml.m21ToXml import GeneralObjectExporter

FOUR = ("Soprano", "Alto", "Tenor", "Bass")


def four_parts(rows, signature=0, names=FOUR, lengths=None):
    """A score of chords, soprano first, each a half note long, as `E4 C4 G3 C3`."""
    score = stream.Score()
    for voice, name in enumerate(names):
        part = stream.Part()
        part.partName = name
        part.append(key.KeySignature(signature))
        part.append(meter.TimeSignature("4/4"))
        for index, row in enumerate(rows):
            length = lengths[index] if lengths else 2
            part.append(note.Note(spelled(row.split()[voice]), quarterLength=length))
        part.makeMeasures(inPlace=True)
        score.append(part)
    return score


def two_staves(rows, as_chords=False):
    """The same on two staves: in two voices each, or in two-note chords."""
    score = stream.Score()
    for pair, sign in (((0, 1), clef.TrebleClef()), ((2, 3), clef.BassClef())):
        part = stream.Part()
        for number, row in enumerate(rows, 1):
            names = [spelled(row.split()[voice]) for voice in pair]
            measure = stream.Measure(number=number)
            if number == 1:
                measure.append(sign)
                measure.append(meter.TimeSignature("2/4"))
            if as_chords:
                measure.append(chord.Chord(names, quarterLength=2))
            else:
                for layer, name in enumerate(names, 1):
                    home = stream.Voice(id=str(layer))
                    home.append(note.Note(name, quarterLength=2))
                    measure.insert(0, home)
            part.append(measure)
        score.insert(0, part)
    return score


def lead_sheet(notes, symbols):
    """Quarter notes, and chord symbols by quarter."""
    part = stream.Part()
    part.append(meter.TimeSignature("4/4"))
    for name in notes.split():
        part.append(note.Note(spelled(name)))
    for place, figure in symbols.items():
        part.insert(place, harmony.ChordSymbol(figure))
    part.makeMeasures(inPlace=True)
    score = stream.Score()
    score.append(part)
    return score


def spelled(name):
    return name.replace("b", "-")


def saved(score, path):
    score.write("musicxml", path)
    return path


def tree(score):
    """The XML of a score, as a reader has it."""
    return ElementTree.fromstring(GeneralObjectExporter(score).parse())
