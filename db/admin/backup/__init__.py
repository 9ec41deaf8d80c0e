"""The record in one file, and out of it again: ``admin backup``, ``admin restore``, ``admin drill``."""
