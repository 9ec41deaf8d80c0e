"""The live mirror of the record, what is asked of it, and what is worked out from it as it changes."""
