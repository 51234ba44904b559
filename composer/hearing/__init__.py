"""Music as it is heard: any file of it measured, and its mood by a table."""
