"""A piece to look at: its score in pages (SVG, PDF), and its piano roll (PNG)."""
