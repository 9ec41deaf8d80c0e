"""What a road allows beside its length and its class: who may pass, which turns are forbidden, its name."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
OPEN: Final = 0
ENDING: Final = 1
"""May be driven at the start and at the end of a way, never through."""
EXEMPT: Final = 2
"""Shut to all but buses and blue lights."""
FORMAT: Final = 2
"""Of the file of roads: 1 knew of no rule but the one-way street."""


@dataclass(frozen=True, slots=True)
class RoadRules:
    """Rules of a network of E edges. A lane is one direction of an edge: twice its number, or one more backwards.

    Attributes:
        passage: (E,) who may go along: ``OPEN``, ``ENDING`` or ``EXEMPT``.
        seconds: (E,) how long an edge takes whatever the speed, as a ferry does; 0 where the speed counts.
        name_of: (E,) number of the edge's name.
        names: what roads are called; the first is empty.
        forbidden: lanes one after the other that may not be driven so.
    """

    passage: Numbers
    seconds: npt.NDArray[np.float64]
    name_of: Numbers
    names: tuple[str, ...] = ("",)
    forbidden: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def none(cls, edges: int) -> "RoadRules":
        """No rule at all, as in a pack of before."""
        return cls(np.zeros(edges, np.int64), np.zeros(edges), np.zeros(edges, np.int64))

    def of(self, keep: npt.NDArray[np.bool_]) -> "RoadRules":
        """The rules of the edges that are kept, numbered anew; what was forbidden by way of another is gone."""
        number = np.where(keep, np.cumsum(keep) - 1, -1)
        paths = [[int(number[lane // 2]) * 2 + lane % 2 for lane in path] for path in self.forbidden]
        return RoadRules(
            self.passage[keep],
            self.seconds[keep],
            self.name_of[keep],
            self.names,
            tuple(tuple(path) for path in paths if min(path) >= 0),
        )


def packed_rules(rules: RoadRules) -> dict[str, Any]:
    """The arrays of the pack's file: names as one text of UTF-8, forbidden lanes end to end with their counts."""
    return {
        "format": np.array(FORMAT, np.int16),
        "passage": rules.passage.astype(np.int8),
        "seconds": np.round(rules.seconds).astype(np.int32),
        "name_of": rules.name_of.astype(np.int32),
        "names": np.frombuffer("\n".join(rules.names).encode(), np.uint8),
        "forbidden": np.array([lane for path in rules.forbidden for lane in path], np.int32),
        "forbidden_count": np.array([len(path) for path in rules.forbidden], np.int16),
    }


def unpacked_rules(arrays: dict[str, npt.NDArray[np.generic]], edges: int) -> RoadRules:
    """The rules in a file; none in one of format 1.

    Raises:
        ValueError: they do not fit the edges.
        KeyError: some are missing.
    """
    if "format" not in arrays:
        return RoadRules.none(edges)
    names = tuple(arrays["names"].tobytes().decode().split("\n"))
    rules = RoadRules(
        arrays["passage"].astype(np.int64),
        arrays["seconds"].astype(np.float64),
        arrays["name_of"].astype(np.int64),
        names,
        _paths(arrays["forbidden"].astype(np.int64), arrays["forbidden_count"].astype(np.int64)),
    )
    lanes = [lane for path in rules.forbidden for lane in path]
    fits = all(len(one) == edges for one in (rules.passage, rules.seconds, rules.name_of))
    if not fits or max(lanes, default=0) >= 2 * edges or min(lanes, default=0) < 0:
        raise ValueError("rules for other roads")
    if edges and not 0 <= int(rules.name_of.min()) <= int(rules.name_of.max()) < len(names):
        raise ValueError("names that are not there")
    return rules


def _paths(lanes: Numbers, counts: Numbers) -> tuple[tuple[int, ...], ...]:
    ends = np.cumsum(counts)
    if int(counts.sum()) != len(lanes) or (len(counts) and counts.min() < 2):
        raise ValueError("forbidden ways cut short")
    return tuple(tuple(map(int, lanes[end - count : end])) for end, count in zip(ends, counts, strict=True))
