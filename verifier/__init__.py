"""Verifies the audit of a record on any computer: it needs nothing of the console, and one package, cryptography."""
