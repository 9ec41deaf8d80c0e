"""Finding a place from whatever a caller says."""
