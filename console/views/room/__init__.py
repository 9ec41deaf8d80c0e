"""Windows in which the room tells itself: the shift log, and its handover from one shift lead to the next."""
