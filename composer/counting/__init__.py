"""How many tunes the rules leave, exactly."""
