"""Where the chosen row of a list stands after the list was read again."""

from collections.abc import Hashable, Sequence


def kept_row(was: Sequence[Hashable], row: int, now: Sequence[Hashable]) -> int:
    """The row of what was chosen; the place where it stood if it is gone, and -1 in an empty list.

    Args:
        was: what the rows stood for, from the first to the last.
        row: the one that was chosen, or -1.
        now: what they stand for from now on.
    """
    # By what it is and not by where it stands: rows that come and go must not put another one under a key.
    if 0 <= row < len(was) and was[row] in now:
        # Two may look alike: then it is the one that stands where it stood.
        return row if row < len(now) and now[row] == was[row] else now.index(was[row])
    return min(max(0, row), len(now) - 1)
