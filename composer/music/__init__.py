"""From decisions to notes: the plan, the harmony, the melody, the players."""
