"""Where the chosen row of a list stands after the list was read again."""

from collections.abc import Sequence

import pytest

from console.look.kept_row import kept_row


@pytest.mark.parametrize(
    ("was", "row", "now", "there"),
    [
        ("abc", 1, "xabc", 2),
        ("abc", 2, "cab", 0),
        ("abc", 1, "ac", 1),
        ("abc", 2, "a", 0),
        ("abc", -1, "abc", 0),
        ("", -1, "", -1),
        ("abc", 1, "", -1),
        # Two that look alike: the one that stands where it stood, else the first of them.
        ("abab", 2, "abab", 2),
        ("abab", 3, "abab", 3),
        ("abab", 3, "xba", 1),
        ("abab", 2, "xxabab", 2),
    ],
)
def test_what_was_chosen_stays_chosen(was: Sequence[str], row: int, now: Sequence[str], there: int) -> None:
    assert kept_row(was, row, now) == there
