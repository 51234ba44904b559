"""A piece, and the reasons for it, in words."""

from __future__ import annotations

from composer.recommender.pool import PieceName


def line(piece: PieceName) -> str:
    """A piece on one line: title, composer, and where it is."""
    said = piece.title or "untitled"
    if piece.composer:
        said += f", {piece.composer}"
    return f"{said}  ({place(piece)})"


def place(piece: PieceName) -> str:
    """The file of a piece, with its number in it."""
    part = f"#{piece.part}" if piece.part else ""
    return f"{piece.collection.rstrip('/')}/{piece.path}{part}"
