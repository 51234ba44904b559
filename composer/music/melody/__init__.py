"""The melody: motifs, their rhythm, and what the singer is to wish for under the automaton."""
