"""Places, roads and map packs."""
