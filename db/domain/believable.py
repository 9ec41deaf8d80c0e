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


def believable_if_any(at: datetime | None) -> datetime | None:
    """The same of a time that may not be there. Raises as :func:`believable`."""
    return None if at is None else believable(at)
