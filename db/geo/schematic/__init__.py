"""A map of the county when there is no map pack."""
