"""How far beyond a forbidden turn nobody turns back, over roads in a line."""

import numpy as np
import pytest

from db.geo.roads.turning import LanesOut, Path, with_no_turning_back


def turned_back(metres: list[float], *more: Path, dead_end: bool = False) -> set[Path]:
    """What is told of a van that came by lane 0, where turning into lane 2 is forbidden.

    Lane 0 ends at the crossing; lane 2 leads aside, lane 4 and those after it straight on, so many metres each.
    A road that leaves the line at its end makes turning back there a choice, unless it is a dead end.
    """
    edges = [(0, 1), (1, 99)]
    node = 1
    for number in range(len(metres)):
        edges.append((node, 10 + number))
        node = 10 + number
    if not dead_end:
        edges.append((node, 98))
    tails = np.array([end for a, b in edges for end in (a, b)], np.int64)
    heads = np.array([end for a, b in edges for end in (b, a)], np.int64)
    lengths = np.array([500.0, 500.0, *metres, *([] if dead_end else [500.0])])
    leaving = LanesOut(tails, np.ones(len(tails), bool))
    return with_no_turning_back([(0, 2), *more], leaving, heads, lengths) - {(0, 2), *more}


def way(count: int) -> Path:
    """So many lanes straight on, and back by the last of them."""
    lanes = [0, *range(4, 4 + 2 * count, 2)]
    return (*lanes, lanes[-1] ^ 1)


@pytest.mark.parametrize(
    ("metres", "roads"),
    [
        # The next road always, however long; those behind it while the way is short.
        ([500], 1),
        ([149, 500], 2),
        ([150, 500], 1),
        ([100, 49, 500], 3),
        ([100, 50, 500], 2),
        # Three of them at most, however short.
        ([10, 10, 10, 10, 10], 3),
    ],
)
def test_nobody_turns_back_near_a_forbidden_turn(metres: list[float], roads: int) -> None:
    assert turned_back(metres) == {way(count) for count in range(1, roads + 1)}


def test_at_a_dead_end_everybody_may() -> None:
    assert turned_back([500], dead_end=True) == set()
    assert turned_back([10, 500], dead_end=True) == {way(1)}


def test_where_one_may_not_go_at_all_nobody_has_to_be_kept_from_turning_back() -> None:
    assert turned_back([500], (0, 4)) == set()
    further = turned_back([10, 500], (4, 6))
    assert way(1) in further
    assert way(2) not in further


def test_what_is_forbidden_stays_so_and_nothing_else_is() -> None:
    leaving = LanesOut(np.array([0, 1], np.int64), np.ones(2, bool))
    assert with_no_turning_back([], leaving, np.array([1, 0], np.int64), np.array([500.0])) == set()
