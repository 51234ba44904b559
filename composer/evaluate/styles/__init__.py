"""Is a style's music recognised? Its marks on MIDI files, told from those of the others."""
