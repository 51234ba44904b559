"""A piece as a film: its picture, and what of it is heard, lit as the notes sound."""
