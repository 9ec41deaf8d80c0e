"""Lists for a shift lead, each in a window of its own: what came in and was doubted, what was insisted on."""
