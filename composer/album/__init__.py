"""Many pictures at once: a piece for each, and one page that shows them all."""
