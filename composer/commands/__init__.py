"""Everything of click: options in, sentences out, no logic of its own."""
