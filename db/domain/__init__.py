"""Records, states, clocks and rules. Pure: no Qt, no SQL, no clock of its own."""
