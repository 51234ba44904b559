"""Why the piece is as it is: the explanation as data, and its views for a terminal."""
