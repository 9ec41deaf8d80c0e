"""A person's whole record in a window: what is kept, who looked, what was asked; given out, corrected, erased."""
