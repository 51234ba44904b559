"""The tables of an index, and how an older file becomes one of this version."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Marks the file as ours (SQLite's application_id), "PRMD".
APPLICATION = 0x50524D44
VERSION = 1
# Names of files are bytes, for they may be anything. A file without pieces has its reason. Moods
# are not kept: a table decides them anew of all pieces in milliseconds, and can be edited.
TABLES = """
CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,
    path BLOB NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    hash BLOB NOT NULL,
    extractor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (folder, path)
);
CREATE TABLE pieces (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    part TEXT NOT NULL,
    title TEXT NOT NULL,
    composer TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX pieces_by_file ON pieces (file);
CREATE TABLE features (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE vectors (
    piece INTEGER PRIMARY KEY REFERENCES pieces ON DELETE CASCADE,
    vector BLOB NOT NULL
);
"""
# From a version to the next, as SQL that keeps what was there.
UPGRADES: Mapping[int, str] = MappingProxyType({})
