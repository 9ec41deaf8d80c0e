"""Turn restrictions: from which way, by what, to which way nobody may drive, or the only one that they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.geo.builder.access import Tags

_KEYS: Final = (
    *("restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction"),
    *("restriction:motorcar:conditional", "restriction:conditional"),
)
_NOT_FOR: Final = frozenset(("motorcar", "motor_vehicle", "vehicle"))


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn restriction.

    Attributes:
        origin: ways that it comes from, by number.
        node: the node at which it turns, by number; 0 where ways lie between.
        between: the ways between, in their order.
        target: ways that it goes to.
        only: whether these are the only ones that may be driven to; else they may not be.
    """

    origin: tuple[int, ...]
    node: int
    between: tuple[int, ...]
    target: tuple[int, ...]
    only: bool


def turn_of(relation: Any, tags: Tags) -> Turn | None:  # noqa: ANN401 - osmium's classes have no types
    """The turn restriction that a relation tells; None if it tells none, or none that binds a van."""
    if tags.get("type", "").partition(":")[0] != "restriction":
        return None
    said = next((tags[key] for key in _KEYS if key in tags), "").strip().lower().partition("@")[0].strip()
    exempt = {word.strip() for word in tags.get("except", "").split(";")}
    if not said.startswith(("no_", "only_")) or exempt & _NOT_FOR:
        return None
    nodes = _refs(relation, "n", "via")
    return Turn(
        origin=_refs(relation, "w", "from"),
        node=nodes[0] if nodes else 0,
        between=_refs(relation, "w", "via"),
        target=_refs(relation, "w", "to"),
        only=said.startswith("only_"),
    )


def _refs(relation: Any, kind: str, role: str) -> tuple[int, ...]:  # noqa: ANN401 - as above
    return tuple(member.ref for member in relation.members if member.type == kind and member.role == role)


@dataclass(frozen=True, slots=True)
class RoadLane:
    """One direction of one edge: its way, and the nodes at which it begins and ends."""

    way: int
    tail: int
    head: int


Path = tuple[int, ...]
"""Numbers of lanes one after the other."""


def forbidden(
    turn: Turn, lanes: Sequence[RoadLane], by_way: dict[int, list[int]], out_of: dict[int, list[int]]
) -> list[Path]:
    """The ways through that a restriction forbids, as numbers of lanes; none where it is not told clearly.

    Args:
        turn: the restriction; its node is numbered as those of the lanes, -1 where the network does not have it.
        lanes: every direction of every edge.
        by_way: the lanes of each way.
        out_of: the lanes that leave each node.
    """
    begun: list[Path] = [
        (lane,) for way in turn.origin for lane in by_way.get(way, ()) if _can_begin(turn, lanes[lane])
    ]
    if turn.between:
        for way in turn.between:
            begun = [
                (*path, *more)
                for path in begun
                for more in _along(way, lanes[path[-1]].head, lanes, by_way, out_of)
            ]
        begun = [
            path for path in begun if any(lanes[lane].way in turn.target for lane in out_of[lanes[path[-1]].head])
        ]
    # A road that goes on past the node in both directions says nothing of which of them is meant.
    if not begun or (len(begun) > 1 and len(turn.origin) == 1):
        return []
    return [path for start in begun for path in _ended(start, turn, lanes, out_of)]


def _can_begin(turn: Turn, lane: RoadLane) -> bool:
    return bool(turn.between) or lane.head == turn.node


def _along(
    way: int, node: int, lanes: Sequence[RoadLane], by_way: dict[int, list[int]], out_of: dict[int, list[int]]
) -> list[Path]:
    """Every way along one way from a node, piece by piece, in one direction."""
    found: list[Path] = []
    for first in (lane for lane in out_of.get(node, ()) if lanes[lane].way == way):
        path = [first]
        found.append(tuple(path))
        while (
            following := next(
                (
                    lane
                    for lane in out_of.get(lanes[path[-1]].head, ())
                    if lanes[lane].way == way and lane // 2 != path[-1] // 2 and lane not in path
                ),
                None,
            )
        ) is not None and len(path) < len(by_way[way]):
            path.append(following)
            found.append(tuple(path))
    return found


def _ended(start: Path, turn: Turn, lanes: Sequence[RoadLane], out_of: dict[int, list[int]]) -> list[Path]:
    leaving = out_of.get(lanes[start[-1]].head, [])
    meant = [lane for lane in leaving if lanes[lane].way in turn.target]
    if not meant:
        return []
    if turn.only:
        return [(*start, lane) for lane in leaving if lane not in meant]
    # Back along the road that one came by is another turn, unless just that is told.
    if turn.origin != turn.target and len(meant) > 1:
        meant = [lane for lane in meant if lane // 2 != start[-1] // 2]
    if turn.origin == turn.target:
        meant = [lane for lane in meant if lane // 2 == start[-1] // 2]
    return [(*start, lane) for lane in meant] if len(meant) <= len(turn.target) else []
