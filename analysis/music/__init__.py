"""What is measured on music, from arrays of notes or from samples of sound."""
