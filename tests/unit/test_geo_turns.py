"""Forbidden turns, ferries and what else binds a van beside the tags of one road: built, then driven."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.geo.builder.turns import RoadLane, Turn, forbidden
from db.geo.earth import metres
from db.geo.roads.data import RoadData, read_roads, write_roads
from db.geo.roads.graph import RoadGraph
from db.geo.roads.rules import ENDING, RoadRules
from db.geo.roads.travel import Speeds
from tests.unit.test_geo_access import Drawing, at
from tests.unit.test_geo_roads import network

EASY = Speeds(kmh=(60, 60, 60, 60, 60, 60, 60), edge_seconds=0)


def crossing() -> tuple[Drawing, dict[str, int]]:
    """A cross of four arms of a kilometre each, and a ring of four kilometres' side around it that joins them."""
    drawing = Drawing()
    middle = drawing.node(0, 0)
    ends = {
        name: drawing.node(x, y) for name, (x, y) in {"w": (-2, 0), "e": (2, 0), "n": (0, 2), "s": (0, -2)}.items()
    }
    ways = {name: drawing.way([end, middle], {"highway": "residential"}) for name, end in ends.items()}
    corners = [drawing.node(x, y) for x, y in ((-2, 2), (2, 2), (2, -2), (-2, -2))]
    order = [ends["w"], corners[0], ends["n"], corners[1], ends["e"], corners[2], ends["s"], corners[3], ends["w"]]
    drawing.way(order, {"highway": "residential"})
    return drawing, ways | {"middle": middle}


W, E, N, S = at(-1, 0), at(1, 0), at(0, 1), at(0, -1)
STRAIGHT, ROUND = 2.0, 5.0  # minutes at least the other way round


def driven(drawing: Drawing, folder: Path, speeds: Speeds = EASY) -> RoadGraph:
    return RoadGraph.load(drawing.pack(folder), speeds)


def minutes(graph: RoadGraph, start: tuple[float, float], end: tuple[float, float]) -> float:
    told = graph.minutes_to(end, [start])[0]
    assert graph.route(start, end).minutes == pytest.approx(told)
    return told


@pytest.mark.hazard("H-037")
@pytest.mark.parametrize(
    ("kind", "more", "shut"),
    [
        ("no_left_turn", {}, "n"),
        ("no_right_turn", {}, "s"),
        ("no_straight_on", {}, "e"),
        ("only_straight_on", {}, "ns"),
        ("only_left_turn", {}, "es"),
        ("no_left_turn", {"except": "psv;bicycle"}, "n"),
        ("no_left_turn", {"except": "motorcar"}, ""),
        ("", {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, "n"),
        ("", {"restriction:motorcar": "no_left_turn"}, "n"),
        ("", {"restriction:hgv": "no_left_turn"}, ""),
        ("", {"type": "restriction:hgv", "restriction:hgv": "no_left_turn"}, ""),
    ],
)
def test_a_forbidden_turn_is_driven_round(tmp_path: Path, kind: str, more: dict[str, str], shut: str) -> None:
    drawing, ways = crossing()
    target = {"left": "n", "right": "s", "straight": "e"}
    told = kind or " ".join(more.values())
    to = next(arm for word, arm in target.items() if word in told)
    drawing.ban(ways["w"], ways["middle"], ways[to], kind, **more)
    graph = driven(drawing, tmp_path)
    for name, end in {"n": N, "e": E, "s": S}.items():
        assert (minutes(graph, W, end) > ROUND) == (name in shut), name
        # The other way, and from the other arms, nothing is forbidden.
        assert minutes(graph, end, W) == pytest.approx(STRAIGHT, rel=0.05)
    assert minutes(graph, N, S) == pytest.approx(STRAIGHT, rel=0.05)
    blue = RoadGraph.load(graph_pack(tmp_path), Speeds(kmh=EASY.kmh, edge_seconds=0, exempt=True))
    assert minutes(blue, W, N) == pytest.approx(STRAIGHT, rel=0.05)


def graph_pack(folder: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    from db.geo.pack import MapPack

    return MapPack.open(folder / "pack")


@pytest.mark.parametrize("edge", [0, 1])
def test_a_turn_from_and_to_where_a_van_stands_is_forbidden_as_well(tmp_path: Path, edge: int) -> None:
    drawing, ways = crossing()
    drawing.ban(ways["w"], ways["middle"], ways["n"], "no_left_turn")
    graph = driven(drawing, tmp_path)
    near, beyond = (at(-0.2, 0), at(0, 0.2)) if edge else (at(-0.05, 0), at(0, 0.05))
    assert minutes(graph, near, beyond) > STRAIGHT + 2


def test_a_turn_by_way_of_a_link_is_forbidden_only_for_who_came_that_way(tmp_path: Path) -> None:
    """A dual carriageway: from the one side over a link back along the other."""
    drawing = Drawing()
    south = [drawing.node(x, 0) for x in (-2, 0, 2)]
    north = [drawing.node(x, 0.1) for x in (2, 0, -2)]
    east, crossing_road = drawing.node(3, 0.05), drawing.node(0, 1)
    there = [drawing.way(south[i : i + 2], {"highway": "primary", "oneway": "yes"}) for i in (0, 1)]
    back = [drawing.way(north[i : i + 2], {"highway": "primary", "oneway": "yes"}) for i in (0, 1)]
    drawing.way([south[2], east, north[0]], {"highway": "primary", "oneway": "yes"})
    drawing.way([north[2], drawing.node(-3, 0.05), south[0]], {"highway": "primary", "oneway": "yes"})
    link = drawing.way([south[1], north[1]], {"highway": "primary"})
    drawing.way([north[1], crossing_road], {"highway": "primary"})
    drawing.ban(there[0], link, back[1], "no_u_turn", via_kind="w")
    graph = driven(drawing, tmp_path)
    # The road beyond is a dead end, in which anybody turns.
    assert minutes(graph, at(-1, 0), at(-1, 0.1)) > STRAIGHT + 1.5
    # Over the link to the road beyond is allowed, and from that road into the carriageway.
    assert minutes(graph, at(-1, 0), at(0, 0.9)) < STRAIGHT + 0.2
    assert minutes(graph, at(0, 0.9), at(-1, 0.1)) < STRAIGHT


def test_a_restriction_that_cannot_be_meant_is_said_and_binds_nobody(tmp_path: Path) -> None:
    drawing, ways = crossing()
    drawing.ban(ways["w"], ways["middle"], 99, "no_left_turn")
    drawing.ban(ways["w"], ways["middle"] + 1, ways["n"], "no_left_turn")
    pack = drawing.pack(tmp_path)
    assert {line.partition(": ")[2] for line in pack.left_out} == {
        "its roads are not in this extract, or not for vans",
        "not told clearly",
    }
    assert minutes(RoadGraph.load(pack, EASY), W, N) == pytest.approx(STRAIGHT, rel=0.05)


@pytest.mark.parametrize(
    ("tags", "low", "high"),
    [
        ({"motor_vehicle": "yes", "duration": "00:20"}, 30, 34),
        ({"motorcar": "designated", "duration": "PT5M"}, 15, 19),
        ({"motor_vehicle": "yes"}, 20, 30),
        ({"foot": "yes"}, 0, 0),
        ({"motor_vehicle": "no", "duration": "00:05"}, 0, 0),
        ({}, 0, 0),
    ],
)
def test_a_ferry_takes_its_time_and_its_wait_or_no_van(
    tmp_path: Path, tags: dict[str, str], low: int, high: int
) -> None:
    drawing = Drawing()
    shore, quay = [drawing.node(x, 0) for x in (0, 1)], [drawing.node(x, 0) for x in (3, 3.5)]
    drawing.way(shore, {"highway": "primary"})
    drawing.way([quay[0], quay[1]], {"highway": "primary"})
    drawing.way([shore[1], quay[0]], {"route": "ferry", "name": "The Crossing"} | tags)
    graph = driven(drawing, tmp_path)
    start, end = at(0.5, 0), at(3.3, 0)
    if high:
        assert low <= minutes(graph, start, end) <= high
        assert "The Crossing" in [leg.name for leg in graph.route(start, end).roads]
    else:
        # The far shore is no part of the roads, so nothing is known but the distance to it.
        assert graph.minutes_to(end, [start])[0] < 20


def test_a_road_that_is_only_for_those_who_live_there_is_driven_through_where_there_is_no_other(
    tmp_path: Path,
) -> None:
    drawing = Drawing()
    ends = [drawing.node(x, 0) for x in (0, 2, 4, 6)]
    for pair, tags in zip((ends[:2], ends[1:3], ends[2:]), ({}, {"access": "private"}, {}), strict=True):
        drawing.way(pair, {"highway": "residential"} | tags)
    graph = driven(drawing, tmp_path)
    assert minutes(graph, at(1, 0), at(5, 0)) == pytest.approx(4, rel=0.05)
    assert graph.route(at(1, 0), at(5, 0)).km == pytest.approx(4, rel=0.02)


def test_the_roads_of_a_way_are_told_with_their_kilometres(tmp_path: Path) -> None:
    drawing = Drawing()
    ends = [drawing.node(*where) for where in ((0, 0), (3, 0), (5, 0), (5, 2))]
    drawing.way(ends[:2], {"highway": "primary", "ref": "A45", "name": "London Road"})
    drawing.way(ends[1:3], {"highway": "primary", "ref": "A45", "name": "London Road"})
    drawing.way(ends[2:], {"highway": "residential"})
    route = driven(drawing, tmp_path).route(at(1, 0), at(5, 1))
    assert [leg.name for leg in route.roads] == ["A45 London Road", ""]
    assert [leg.km for leg in route.roads] == pytest.approx([4, 1], rel=0.02)


GRID = [(x, y) for x in range(3) for y in range(3)]
PAIRS = [
    (a, b)
    for a in range(9)
    for b in range(9)
    if a < b and abs(GRID[a][0] - GRID[b][0]) + abs(GRID[a][1] - GRID[b][1]) == 1
]


def ruled(forbidden: list[tuple[int, ...]], ending: list[int]) -> RoadData:
    data = network([(a, b, 2, False) for a, b in PAIRS], [(float(x), float(y)) for x, y in GRID])
    rules = RoadRules.none(len(PAIRS))
    rules.passage[ending] = ENDING
    return RoadData(
        *(getattr(data, name) for name in RoadData.__slots__[:-1]),
        RoadRules(rules.passage, rules.seconds, rules.name_of, ("",), tuple(forbidden)),
    )


@st.composite
def turns(draw: st.DrawFn) -> list[tuple[int, ...]]:
    """Lanes one after the other, two or three of them."""
    lanes = [(a, b) for pair in PAIRS for a, b in (pair, pair[::-1])]
    found = []
    for _ in range(draw(st.integers(0, 6))):
        path = [draw(st.integers(0, len(lanes) - 1))]
        for _ in range(draw(st.integers(1, 2))):
            path.append(
                draw(st.sampled_from([n for n, lane in enumerate(lanes) if lane[0] == lanes[path[-1]][1]]))
            )
        found.append(tuple(path))
    return found


def turning_back(forbidden: list[tuple[int, ...]], lanes: list[tuple[int, int]]) -> set[tuple[int, ...]]:
    """Whoever has begun a forbidden turn does not turn back in the next road: all of this grid are long."""
    begun = {path[:length] for path in forbidden for length in range(1, len(path))}
    return {
        (*path, lane, lane ^ 1)
        for path in begun
        for lane in range(len(lanes))
        if lanes[lane][0] == lanes[path[-1]][1] and lane != path[-1] ^ 1
    }


def slowly(forbidden: list[tuple[int, ...]], start: int, end: int) -> float:
    """Edges of the quickest allowed way from half an edge to half of another, every one tried."""
    lanes = [(a, b) for pair in PAIRS for a, b in (pair, pair[::-1])]
    told = {*forbidden, *turning_back(forbidden, lanes)}
    ways = [(2 * start,), (2 * start + 1,)]
    seen = set()
    for _ in range(40):
        following = []
        for way in ways:
            if way[-1] // 2 == end and len(way) > 1:
                return len(way) - 1
            for lane in range(len(lanes)):
                more = (*way, lane)[-5:]
                bad = any(more[-len(path) :] == path for path in told)
                if lanes[lane][0] == lanes[way[-1]][1] and not bad and more not in seen:
                    seen.add(more)
                    following.append((*way, lane))
        ways = following
    return float("inf")


@settings(max_examples=60, deadline=None)
@given(turns(), st.integers(0, len(PAIRS) - 1), st.integers(0, len(PAIRS) - 1))
def test_forbidden_turns_agree_with_trying_every_way(
    forbidden: list[tuple[int, ...]], start: int, end: int
) -> None:
    if start == end:
        return
    graph = RoadGraph(ruled(forbidden, []), EASY)
    middles = [at_km(np.mean([GRID[a], GRID[b]], axis=0)) for a, b in (PAIRS[start], PAIRS[end])]
    told = graph.minutes_to(middles[1], [middles[0]])[0]
    expected = slowly(forbidden, start, end)
    if expected < float("inf"):
        assert told == pytest.approx(expected, rel=0.03)
        assert graph.route(middles[0], middles[1]).km == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("turn", [(14,), (16,), (14, 16), (7,)])
def test_where_one_turn_is_forbidden_a_road_for_those_who_live_there_is_entered_by_the_others(
    turn: tuple[int, ...],
) -> None:
    start, private = PAIRS.index((1, 4)), PAIRS.index((4, 7))
    forbidden = [(2 * start, lane) for lane in turn]
    graph = RoadGraph(ruled(forbidden, [private]), EASY)
    here, there = (at_km(np.mean([GRID[a], GRID[b]], axis=0)) for a, b in (PAIRS[start], PAIRS[private]))
    expected = slowly(forbidden, start, private)
    assert (expected > 1) is (16 in turn)
    assert graph.minutes_to(there, [here])[0] == pytest.approx(expected, rel=0.03)
    assert graph.route(here, there).km == pytest.approx(expected, rel=0.03)


def test_a_route_s_kilometres_are_those_of_its_points() -> None:
    graph = RoadGraph(ruled([], []), EASY)
    here, there = (at_km(np.mean([GRID[a], GRID[b]], axis=0)) for a, b in (PAIRS[0], PAIRS[-1]))
    route = graph.route(here, there)
    along = sum(metres(a, b) for a, b in pairwise(route.points))
    assert route.km == pytest.approx(along / 1000, rel=1e-4)


def at_km(where: np.ndarray) -> tuple[float, float]:
    from tests.unit.test_geo_roads import at as of_network

    return of_network(float(where[0]), float(where[1]))


def test_rules_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    data = ruled([(0, 2), (1, 4, 6)], [3])
    write_roads(tmp_path / "road_graph.npz", data)
    back = read_roads(tmp_path / "road_graph.npz").rules
    assert back.forbidden == ((0, 2), (1, 4, 6))
    assert list(np.flatnonzero(back.passage)) == [3]
    assert (back.names, back.seconds.sum()) == (("",), 0)


# Two directions of each edge, the second of them back: 1 -(way 1)- 2 -(way 2)- 3, and from 2 by way 3 to 4.
ARMS = {1: (1, 2), 2: (2, 3), 3: (2, 4)}


def forbidden_at_two(turn: Turn, *more: tuple[int, int, int]) -> list[tuple[int, ...]]:
    """The paths that are forbidden at node 2, as the nodes on them; ``more`` are ways, from and to."""
    edges = [*((way, tail, head) for way, (tail, head) in ARMS.items()), *more]
    lanes = [RoadLane(way, *ends) for way, tail, head in edges for ends in ((tail, head), (head, tail))]
    by_way: dict[int, list[int]] = {}
    out_of: dict[int, list[int]] = {}
    for number, lane in enumerate(lanes):
        by_way.setdefault(lane.way, []).append(number)
        out_of.setdefault(lane.tail, []).append(number)
    return [
        (lanes[path[0]].tail, *(lanes[lane].head for lane in path))
        for path in forbidden(turn, lanes, by_way, out_of)
    ]


@pytest.mark.parametrize(
    ("origin", "target", "only", "paths"),
    [
        ((1,), (2,), False, [(1, 2, 3)]),
        ((2,), (3,), False, [(3, 2, 4)]),
        # Back the way one came, where just that is told.
        ((1,), (1,), False, [(1, 2, 1)]),
        ((3,), (3,), False, [(4, 2, 4)]),
        # What else leaves there, where one way is the only one.
        ((1,), (2,), True, [(1, 2, 1), (1, 2, 4)]),
        ((1, 3), (2,), False, [(1, 2, 3), (4, 2, 3)]),
        ((1,), (2, 3), False, [(1, 2, 3), (1, 2, 4)]),
        ((9,), (2,), False, []),
        ((1,), (9,), True, []),
    ],
)
def test_which_paths_a_restriction_forbids(
    origin: tuple[int, ...], target: tuple[int, ...], only: bool, paths: list[tuple[int, ...]]
) -> None:
    assert forbidden_at_two(Turn(origin, 2, (), target, only)) == paths


def test_a_road_that_goes_on_past_the_node_is_not_told_clearly() -> None:
    through = (1, 2, 5)
    assert forbidden_at_two(Turn((1,), 2, (), (2,), False), through) == []
    assert forbidden_at_two(Turn((2,), 2, (), (1,), False), through) == []


def test_what_lies_between_is_gone_along() -> None:
    beyond = (4, 3, 6)
    assert forbidden_at_two(Turn((1,), 0, (2,), (4,), False), beyond) == [(1, 2, 3, 6)]
    assert forbidden_at_two(Turn((1,), 0, (3,), (4,), False), beyond) == []
    assert forbidden_at_two(Turn((1,), 0, (2,), (4,), True), beyond) == [(1, 2, 3, 2)]
