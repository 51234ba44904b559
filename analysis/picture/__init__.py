"""A picture becomes named, measured features, regions and a skyline."""
