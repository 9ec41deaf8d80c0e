"""The map of the desk."""
