"""The index: one SQLite file of what is measured on somebody's music."""
