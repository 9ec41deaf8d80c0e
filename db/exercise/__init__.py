"""The practice shift: a simulated world that uses the same ways in as people do."""
