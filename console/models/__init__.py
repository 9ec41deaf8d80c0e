"""Table models fed by the live mirror."""
