"""Four voices: voicings, what they break and cost, and the frame led exactly."""
