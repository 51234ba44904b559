"""Music measured: pieces that were composed beside what people wrote, by one set of measures."""
