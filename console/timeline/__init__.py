"""Handover timelines: time as a length."""
