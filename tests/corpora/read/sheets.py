"""Small MusicXML files as text: whole notes, one a bar, part by part."""

import io
import re
import zipfile
from xml.etree import ElementTree

from corpora.read.scores import read

CHOIR = ("Soprano", "Alto", "Tenor", "Bass")
# Soprano, alto, tenor, bass: nothing wrong with them.
GOOD = ("G4 A4 G4 G4", "E4 F4 D4 E4", "C4 C4 B3 C4", "C3 F3 G3 C3")
# Soprano and bass go from one fifth to another, in C.
FIFTHS = ("G4 A4 B4 C5", "E4 C4 D4 E4", "C4 A3 G3 G3", "C3 D3 G3 C3")
CONTAINER = "META-INF/container.xml"


def note(name, length=4, *, voice="", staff="", chord=False, extra=""):
    """A note, or a rest for `r`, as MusicXML."""
    if name == "r":
        what = "<rest/>"
    else:
        step, alter, octave = re.fullmatch(r"([A-G])(#*|b*)(-?\d)", name).groups()
        signs = len(alter) if "#" in alter else -len(alter)
        altered = f"<alter>{signs}</alter>" if signs else ""
        what = f"<pitch><step>{step}</step>{altered}<octave>{octave}</octave></pitch>"
    voice = f"<voice>{voice}</voice>" if voice else ""
    staff = f"<staff>{staff}</staff>" if staff else ""
    chord = "<chord/>" if chord else ""
    return (
        f"<note>{chord}{what}<duration>{length}</duration>{extra}{voice}<type>whole</type>"
        f"{staff}</note>"
    )


def attributes(key="<fifths>0</fifths>", time=(4, 4), extra="", divisions=1):
    beats, kind = time
    return (
        f"<attributes><divisions>{divisions}</divisions><key>{key}</key><time><beats>{beats}</beats>"
        f"<beat-type>{kind}</beat-type></time>{extra}</attributes>"
    )


def score(rows, names=CHOIR, *, before=None, after=None, first=None, numbers=None, fields=""):
    """A part-wise score of rows of notes.

    before, after: what stands before and behind the notes of a bar (from 1), in every part. first:
    the attributes of each part's first bar, by its name. numbers: the bars' printed numbers.
    """
    before, after, first = before or {}, after or {}, first or {}
    listed = "".join(
        f'<score-part id="P{n}"><part-name>{name}</part-name></score-part>'
        for n, name in enumerate(names, 1)
    )
    parts = ""
    for n, (name, row) in enumerate(zip(names, rows, strict=True), 1):
        bars = row if isinstance(row, list) else [note(each) for each in row.split()]
        measures = ""
        for number, bar in enumerate(bars, 1):
            head = first.get(name, attributes()) if number == 1 else ""
            printed = (numbers or {}).get(number, number)
            inside = f"{head}{before.get(number, '')}{bar}{after.get(number, '')}"
            measures += f'<measure number="{printed}">{inside}</measure>'
        parts += f'<part id="P{n}">{measures}</part>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="4.0">'
        f"{fields}<part-list>{listed}</part-list>{parts}</score-partwise>"
    )


def timewise(text):
    """A part-wise score turned by bars, by nothing of ours."""
    root = ElementTree.fromstring(text)
    turned = ElementTree.Element("score-timewise", version="4.0")
    turned.append(root.find("part-list"))
    parts = root.findall("part")
    for measures in zip(*(part.findall("measure") for part in parts), strict=True):
        bar = ElementTree.SubElement(turned, "measure", number=measures[0].get("number"))
        for part, measure in zip(parts, measures, strict=True):
            own = ElementTree.SubElement(bar, "part", id=part.get("id"))
            own.extend(list(measure))
    return ElementTree.tostring(turned, encoding="unicode")


def packed(files, rootfile=None, kind=""):
    """An archive of files by name; a rootfile is named in its container."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        if rootfile:
            path = f'<rootfile full-path="{rootfile}"{kind}/>'
            archive.writestr(CONTAINER, f"<container><rootfiles>{path}</rootfiles></container>")
    return held.getvalue()


def reading(text, **options):
    return read(ElementTree.fromstring(text), **options)


def sung(value):
    """The pitches of every voice."""
    return [" ".join(str(note.pitch) for note in line) for line in value.voices]
