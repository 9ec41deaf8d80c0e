"""Verifies the audit of a record on any computer, without the console; it needs one package, cryptography."""
