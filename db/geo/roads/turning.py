"""Nobody gets round a forbidden turn by driving on a few metres and turning back in the road."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

Path = tuple[int, ...]
_NEAR_METRES: Final = 150.0
_MOST_MORE: Final = 3
"""Lanes that are looked at beyond the turn: where they are short, three of them may still be near."""


class LanesOut:
    """The lanes that leave each node."""

    def __init__(self, tails: npt.NDArray[np.int64], there: npt.NDArray[np.bool_]) -> None:
        lanes = np.flatnonzero(there)
        self._lanes = lanes[np.argsort(tails[lanes], kind="stable")]
        self._tails = tails[self._lanes]
        self._asked: dict[int, list[int]] = {}

    def __getitem__(self, node: int) -> list[int]:
        found = self._asked.get(node)
        if found is None:
            low, high = np.searchsorted(self._tails, (node, node + 1))
            found = self._asked[node] = self._lanes[low:high].tolist()
        return found


def with_no_turning_back(
    forbidden: Iterable[Path], leaving: LanesOut, heads: npt.NDArray[np.int64], metres: npt.NDArray[np.float64]
) -> set[Path]:
    """What is forbidden, and turning back near it for whoever came that way; in a dead end everybody may.

    Args:
        forbidden: lanes one after the other.
        leaving: the lanes of each node.
        heads: the node at the end of each lane.
        metres: of each edge.
    """
    told = set(forbidden)
    begun = {path[:length] for path in told for length in range(1, len(path))}
    back = (turned for path in begun for turned in _turned_back(path, told, leaving, heads, metres))
    return told | set(back)


def _turned_back(
    path: Path, told: set[Path], leaving: LanesOut, heads: npt.NDArray[np.int64], metres: npt.NDArray[np.float64]
) -> Iterator[Path]:
    going = [(path, 0.0)]
    while going:
        way, far = going.pop()
        for lane in leaving[int(heads[way[-1]])]:
            longer = (*way, lane)
            if lane == way[-1] ^ 1 or any(longer[start:] in told for start in range(len(longer))):
                continue
            if len(leaving[int(heads[lane])]) > 1:
                yield (*longer, lane ^ 1)
            further = far + float(metres[lane // 2])
            if further < _NEAR_METRES and len(longer) < len(path) + _MOST_MORE:
                going.append((longer, further))
