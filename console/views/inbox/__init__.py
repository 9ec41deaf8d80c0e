"""Everything that needs a hand, in one list."""
