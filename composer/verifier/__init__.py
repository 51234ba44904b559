"""Judges scores that somebody wrote, by the rules that pieces are composed by."""
