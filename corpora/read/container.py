"""The XML of a MusicXML file, packed or not, bounded before it is read.

A packed score (`.mxl`) names its score in `META-INF/container.xml`: the first `rootfile` there that
is MusicXML (W3C, MusicXML 4.0, "Compressed .MXL files").
"""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from corpora.errors import Unreadable

# Unpacked, a score is far smaller; what is larger is none, and may be a trap.
MOST_BYTES = 50_000_000
# A tag takes some 150 bytes of memory when it is read.
MOST_TAGS = 3_000_000
CONTAINER = "META-INF/container.xml"
ENDINGS = (".musicxml", ".xml")


def root_of(data: bytes, most: int = MOST_BYTES) -> Element:
    """The root of a MusicXML file's bytes; packed ones are known by their first bytes.

    most: bytes that it may have unpacked. Raises Unreadable.
    """
    try:
        return _tree(unpacked(data, most) if packed(data) else data, most)
    except (
        ElementTree.ParseError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        NotImplementedError,  # a packing that zipfile does not know
        RuntimeError,  # a password
        ValueError,  # an encoding of several bytes
        OSError,  # what is no packed data
    ):
        raise Unreadable("not MusicXML") from None


def packed(data: bytes) -> bool:
    """Do a file's first bytes say that it is a ZIP archive?"""
    return data[:2] == b"PK"


def unpacked(data: bytes, most: int) -> bytes:
    """The score in a packed file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _member(archive, _rootfile(archive, most), most)


def _rootfile(archive: zipfile.ZipFile, most: int) -> str:
    """What the container names; without one, the first score that is no file of the system's.

    A container that is no XML names nothing: some programs leave an apostrophe of the title in it.
    """
    names = archive.namelist()
    container = _container(archive, most) if CONTAINER in names else None
    if container is not None:
        files = [
            (found.get("full-path") or "", found.get("media-type"))
            for found in container.iter()
            if isinstance(found.tag, str) and found.tag.rpartition("}")[2] == "rootfile"
        ]
        # The first is the score unless it says that it is something else, a page of it, say.
        named = [path for path, kind in files if kind is None or "xml" in kind] or [""]
        if named[0] in names:
            return named[0]
        raise Unreadable("its container names no file in it")
    for name in names:
        parts = name.split("/")
        hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if name.lower().endswith(ENDINGS) and not hidden and parts[0] != "META-INF":
            return name
    raise Unreadable("not MusicXML")


def _container(archive: zipfile.ZipFile, most: int) -> Element | None:
    try:
        return _tree(_member(archive, CONTAINER, most), most)
    except ElementTree.ParseError:
        return None


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The bytes of a member; what it claims of its size is not believed."""
    with archive.open(name) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Unreadable("too large")
    return data


def _tree(data: bytes, most: int) -> Element:
    if len(data) > most or data.count(b"<") > MOST_TAGS:
        raise Unreadable("too large")
    return ElementTree.fromstring(data)
