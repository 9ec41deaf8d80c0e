"""Which times the record may hold at all: outside of these nothing can be computed, drawn or said."""

from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any record of this service."""
BEFORE = datetime(2200, 1, 1, tzinfo=UTC)
"""Later than any plan."""


def believable(at: datetime) -> datetime:
    """The same time, if anybody can have meant it.

    Raises:
        ValueError: nobody can.
    """
    if not EARLIEST <= at < BEFORE:
        raise ValueError("a time that cannot be meant")
    return at
