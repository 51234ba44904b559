"""Small files made here for readers: MIDI of one line, lead sheets in MusicXML."""

SHEET = """<score-partwise><part id="P1"><measure number="1">
<attributes><divisions>2</divisions><key><fifths>-1</fifths><mode>minor</mode></key>
<time><beats>2</beats><beat-type>4</beat-type></time></attributes>
<harmony><root><root-step>D</root-step></root><kind>minor</kind></harmony>
<note><pitch><step>A</step><octave>4</octave></pitch><duration>2</duration></note>
<harmony><root><root-step>A</root-step></root><kind>dominant</kind>
<bass><bass-step>C</bass-step><bass-alter>1</bass-alter></bass></harmony>
<note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>2</duration>
<tie type="start"/></note></measure><measure number="2">
<note><pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch><duration>1</duration>
<tie type="stop"/></note><note><rest/><duration>3</duration></note></measure></part>
</score-partwise>"""
# Steps in semitones of a tune of twelve notes, from its first note.
LINE = (0, 2, 4, 5, 7, 9, 7, 5, 4, 2, 4, 0)


def midi(path, line=LINE, *, ticks=24, low=60):
    import mido

    file = mido.MidiFile(ticks_per_beat=ticks)
    track = mido.MidiTrack()
    file.tracks.append(track)
    for step in line:
        track.append(mido.Message("note_on", note=low + step, velocity=80))
        track.append(mido.Message("note_off", note=low + step, time=ticks))
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


def sheet(steps):
    """A lead sheet in 2/4 of crotchets, steps in letters above C4."""
    notes = "".join(
        f"<note><pitch><step>{'CDEFGAB'[step % 7]}</step><octave>{4 + step // 7}</octave></pitch>"
        "<duration>2</duration></note>"
        for step in steps
    )
    head, _, rest = SHEET.partition("<note>")
    return head + notes + "</measure></part></score-partwise>" * bool(rest)
