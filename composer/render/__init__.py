"""A piece as files: its one timeline, its one rendering, and the kinds of file made of them."""
