"""Which times the record may hold at all: outside of these nothing can be computed, drawn or said."""

from datetime import UTC, datetime

FIRST_YEAR, END_YEAR = 2000, 2100
"""Older than any record of this service, and later than any plan. The record's constraints say the same."""
_FIRST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_END = datetime(END_YEAR, 1, 1, tzinfo=UTC)


def believable(at: datetime) -> datetime:
    """The same time, if anybody can have meant it.

    Raises:
        ValueError: nobody can.
    """
    if not _FIRST <= at < _END:
        raise ValueError("a time that cannot be meant")
    return at
