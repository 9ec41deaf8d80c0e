"""From any point of any road to any other: against a slow and simple way, street by street."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.geo.earth import metres
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.roads.data import CLASSES, RoadData, read_roads, write_roads
from db.geo.roads.graph import RoadGraph
from db.geo.roads.snap import Snapper
from db.geo.roads.times import travel_times
from db.geo.roads.travel import EstimatedTimes, Speeds, Travel

LAT = 52.0
KM_EAST = 1 / (111.195 * np.cos(np.radians(LAT)))
EASY = Speeds(kmh=(60,) * 7, ramp_kmh=60, edge_seconds=0)
Spot = tuple[float, float]
"""Kilometres east and north."""


def place(spot: Spot) -> tuple[float, float]:
    return LAT + spot[1] / 111.195, spot[0] * KM_EAST


class Roads:
    """A network that grows street by street; nodes are numbered as they are first named."""

    def __init__(self) -> None:
        self.nodes: list[Spot] = []
        self.streets: list[tuple[list[Spot], int, bool, bool]] = []

    def street(self, *way: Spot, road: str = "primary", oneway: bool = False, ramp: bool = False) -> "Roads":
        self.streets.append((list(way), CLASSES.index(road), oneway, ramp))
        self.nodes += [end for end in dict.fromkeys((way[0], way[-1])) if end not in self.nodes]
        return self

    def data(self) -> RoadData:
        ways = [way for way, *_ in self.streets]

        def lonlat(spots: list[Spot]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
            return np.array([place(spot)[::-1] for spot in spots])

        return RoadData(
            nodes=lonlat(self.nodes),
            src=np.array([self.nodes.index(way[0]) for way in ways]),
            dst=np.array([self.nodes.index(way[-1]) for way in ways]),
            metres=np.array([1000 * long(way) for way in ways]),
            road_class=np.array([one[1] for one in self.streets]),
            oneway=np.array([one[2] for one in self.streets]),
            ramp=np.array([one[3] for one in self.streets]),
            first=np.cumsum([0, *map(len, ways)]),
            points=lonlat([spot for way in ways for spot in way]),
        )

    def graph(self, speeds: Speeds = EASY) -> RoadGraph:
        return RoadGraph(self.data(), speeds)


def long(way: list[Spot]) -> float:
    return sum(float(np.hypot(*np.subtract(a, b))) for a, b in pairwise(way))


def along(way: list[Spot], share: float) -> Spot:
    left = share * long(way)
    for a, b in pairwise(way):
        step = float(np.hypot(*np.subtract(a, b)))
        if left <= step:
            return a[0] + (b[0] - a[0]) * left / step, a[1] + (b[1] - a[1]) * left / step
        left -= step
    return way[-1]


def slowly(roads: Roads, start: tuple[int, float], end: tuple[int, float]) -> float:
    """Kilometres between two points, each a street and a share of it."""
    count = len(roads.nodes)
    gaps = np.full((count + 2, count + 2), np.inf)
    np.fill_diagonal(gaps, 0)

    def join(a: int, b: int, km: float, oneway: bool) -> None:
        gaps[a, b] = min(gaps[a, b], km)
        gaps[b, a] = min(gaps[b, a], np.inf if oneway else km)

    for number, (way, _, oneway, _) in enumerate(roads.streets):
        whole = long(way)
        stops = [(0.0, roads.nodes.index(way[0])), (1.0, roads.nodes.index(way[-1]))]
        stops += [(share, count + n) for n, (of, share) in enumerate((start, end)) if of == number]
        for (low, a), (high, b) in pairwise(sorted(stops)):
            join(a, b, (high - low) * whole, oneway)
    for middle in range(count + 2):
        gaps = np.minimum(gaps, gaps[:, middle, None] + gaps[None, middle])
    return float(gaps[count, count + 1])


CORNERS = [(5 * float(np.cos(n * 0.7)), 5 * float(np.sin(n * 0.7))) for n in range(9)]
corners, shares = st.integers(0, 8), st.floats(0.1, 0.9)


def circle(chords: set[tuple[int, int]], oneway: list[bool]) -> Roads:
    """A ring of bowed streets, and straight ones across."""
    roads = Roads()
    for n in range(9):
        a, b = CORNERS[n], CORNERS[(n + 1) % 9]
        bow = [(1.3 * (a[0] * w + b[0] * (1 - w)), 1.3 * (a[1] * w + b[1] * (1 - w))) for w in (0.75, 0.5, 0.25)]
        roads.street(a, *bow, b, oneway=oneway[n])
    for a, b in sorted(chords):
        if (b - a) % 9 not in (0, 1, 8) and (b, a) not in chords:
            roads.street(CORNERS[a], CORNERS[b], oneway=(a + b) % 2 == 0)
    return roads


@pytest.mark.hazard("H-037")
@settings(max_examples=50, deadline=None)
@given(
    st.sets(st.tuples(corners, corners), max_size=3),
    st.lists(st.booleans(), min_size=9, max_size=9),
    st.tuples(st.integers(0, 11), shares),
    st.tuples(st.integers(0, 11), shares),
)
def test_between_any_two_points_it_is_as_long_as_by_a_slow_and_simple_way(
    chords: set[tuple[int, int]], oneway: list[bool], start: tuple[int, float], end: tuple[int, float]
) -> None:
    roads = circle(chords, oneway)
    start, end = (start[0] % len(roads.streets), start[1]), (end[0] % len(roads.streets), end[1])
    graph = RoadGraph(roads.data(), EASY)
    if len(graph._data.src) < len(roads.streets):
        return  # what cannot be left or reached is left out, and has tests of its own
    a, b = (along(roads.streets[n][0], share) for n, share in (start, end))
    if any(crossed(roads, *one) for one in ((start[0], a), (end[0], b))):
        return  # at a crossing nobody knows which street is meant
    expected = pytest.approx(slowly(roads, start, end), rel=0.01, abs=0.03)
    assert graph.minutes_to(place(b), [place(a)]) == [expected]
    route = graph.route(place(a), place(b))
    assert (route.minutes, route.km, route.method) == (expected, expected, "road")
    assert metres(route.points[0], place(a)) < 30
    assert metres(route.points[-1], place(b)) < 30
    for one, other in pairwise(route.points):
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        assert float(graph._snapper.snap(np.array([middle])).metres[0]) < 30


def crossed(roads: Roads, number: int, spot: Spot) -> bool:
    return any(gap(way, spot) < 0.06 for n, (way, *_) in enumerate(roads.streets) if n != number)


def gap(way: list[Spot], spot: Spot) -> float:
    """Kilometres from a point to a street."""
    gaps = []
    for a, b in pairwise(way):
        way_x, way_y, off_x, off_y = b[0] - a[0], b[1] - a[1], spot[0] - a[0], spot[1] - a[1]
        share = min(1.0, max(0.0, (off_x * way_x + off_y * way_y) / (way_x**2 + way_y**2)))
        gaps.append(math.hypot(off_x - share * way_x, off_y - share * way_y))
    return min(gaps)


LOOP = Roads().street((0, 0), (6, 0)).street((6, 0), (8, 2), (10, 0), (8, -2), (6, 0))


@pytest.mark.parametrize(
    ("share", "by", "km"), [(0.2, (8, 2), 0.2), (0.45, (8, 2), 0.45), (0.55, (8, -2), 0.45), (0.8, (8, -2), 0.2)]
)
def test_round_a_loop_the_shorter_side_is_driven(share: float, by: Spot, km: float) -> None:
    way = LOOP.streets[1][0]
    graph, there = LOOP.graph(), place(along(way, share))
    route = graph.route(place((0, 0)), there)
    assert route.km == pytest.approx(6 + km * long(way), rel=0.01)
    assert route.minutes == pytest.approx(route.km, rel=0.01)
    other = (8, -by[1])
    near = [min(metres(place(corner), point) for point in route.points) < 60 for corner in (by, other)]
    assert near == [km * long(way) > 2.9, False]


@pytest.mark.hazard("H-037")
@pytest.mark.parametrize(("share", "km"), [(0.2, 0.2), (0.8, 0.8)])
def test_a_one_way_loop_is_driven_round(share: float, km: float) -> None:
    roads = Roads().street((0, 0), (6, 0)).street((6, 0), (8, 2), (10, 0), (8, -2), (6, 0), oneway=True)
    way = roads.streets[1][0]
    route = roads.graph().route(place((0, 0)), place(along(way, share)))
    assert route.km == pytest.approx(6 + km * long(way), rel=0.01)
    back = roads.graph().route(place(along(way, share)), place((0, 0)))
    assert back.km == pytest.approx(6 + (1 - km) * long(way), rel=0.01)


@pytest.mark.parametrize("first", [0, 1])
def test_of_a_slow_short_and_a_quick_long_street_the_quick_one_is_drawn(first: int) -> None:
    ways = [((0.0, 0.0), (10.0, 0.0)), ((0.0, 0.0), (5.0, 6.0), (10.0, 0.0))]
    roads = Roads().street((-5, 0), (0, 0)).street((10, 0), (15, 0))
    for way in ways if first == 0 else ways[::-1]:
        roads.street(*way, road="service" if len(way) == 2 else "motorway")
    for start, end in (((-5.0, 0.0), (15.0, 0.0)), ((15.0, 0.0), (-5.0, 0.0))):
        route = roads.graph(Speeds(edge_seconds=0)).route(place(start), place(end))
        assert route.km == pytest.approx(10 + long(list(ways[1])), rel=0.01)
        assert route.minutes == pytest.approx(10 / 61 * 60 + long(list(ways[1])) / 100 * 60, rel=0.01)


@pytest.mark.parametrize("kind", [*CLASSES, "ramp"])
def test_each_class_has_its_speed_and_a_junction_its_seconds(kind: str) -> None:
    speeds = Speeds(kmh=(100, 90, 80, 70, 60, 50, 40), ramp_kmh=30, edge_seconds=36)
    kmh = dict(zip(CLASSES, speeds.kmh, strict=True)) | {"ramp": 30}
    road = "trunk" if kind == "ramp" else kind
    roads = Roads().street((0, 0), (6, 0), road=road, ramp=kind == "ramp")
    assert roads.graph(speeds).minutes_to(place((6, 0)), [place((0, 0))]) == pytest.approx(
        [360 / kmh[kind] + 0.6], rel=0.01
    )


def test_the_speeds_of_the_program_are_those_that_were_measured() -> None:
    assert Speeds() == Speeds((100, 84, 61, 53, 46, 28, 11), 40, 3.5, 1.0, 1.0)
    assert EstimatedTimes().method == "estimate"
    assert Roads().street((0, 0), (6, 0)).graph().method == "road"
    assert EstimatedTimes(Speeds(local_factor=2)).travel_to((52, 0), [(52, 0)]) == [Travel(2.8, "estimate")]


@pytest.mark.parametrize(("away", "method"), [(2.4997, "road"), (2.5003, "estimate")])
def test_within_two_and_a_half_kilometres_of_a_road_it_is_by_road(away: float, method: str) -> None:
    graph = Roads().street((0, 0), (6, 0)).graph()
    near, off = place((0, 0)), place((6, away))
    assert [graph.travel_to(a, [b])[0].method for a, b in ((near, off), (off, near))] == [method] * 2
    assert [graph.route(a, b).method for a, b in ((near, off), (off, near))] == [method] * 2


@pytest.mark.parametrize("oneway", [True, False])
def test_who_is_there_already_has_no_way_to_go(oneway: bool) -> None:
    graph = Roads().street((0, 0), (6, 0), oneway=oneway).street((6, 0), (3, 5), (0, 0)).graph()
    here = place((2, 0))
    assert graph.minutes_to(here, [here, place((1, 0))]) == pytest.approx([0, 1], abs=0.01)
    assert graph.route(here, here).km == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("away", "at_corner"), [(0.0247, True), (0.0253, False)])
def test_at_the_corner_is_within_twenty_five_metres(away: float, at_corner: bool) -> None:
    # A one-way square, and a way back beside its south side by the north.
    roads = (
        Roads()
        .street((0, 0), (6, 0), oneway=True)
        .street((6, 0), (6, 6))
        .street((6, 6), (0, 6))
        .street((0, 6), (0, 0))
    )
    graph = roads.graph()
    [leaves] = graph.minutes_to(place((0, 6)), [place((away, 0))])
    [comes] = graph.minutes_to(place((6 - away, 0)), [place((6, 6))])
    assert [one == pytest.approx(6, abs=0.1) for one in (leaves, comes)] == [at_corner] * 2


@pytest.mark.parametrize(
    ("road", "oneway", "away", "beside"),
    [
        ("service", True, 0.0573, False),
        ("service", True, 0.0577, True),
        ("service", False, 0.0498, False),
        ("service", False, 0.0502, True),
        ("minor", True, 0.0498, False),
        ("minor", True, 0.0502, True),
    ],
)
def test_a_one_way_aisle_is_shy_by_fifteen_metres(road: str, oneway: bool, away: float, beside: bool) -> None:
    roads = Roads().street((0, 0), (6, 0), road="tertiary")
    roads.street((6, 0), (6, 0.1), (0, 0.1), (0, 0), road=road, oneway=oneway)
    found = roads.graph()._snapper.snap(np.array([place((3, away))]))
    assert bool(found.edge[0]) is beside
    assert float(found.metres[0]) == pytest.approx(1000 * (0.1 - away if beside else away), abs=0.5)


def test_a_short_street_beside_which_one_stands_is_found_among_many() -> None:
    # Each metre of the way along it is nearer than the yards around, of which there are more than are looked at.
    roads = Roads().street((0, 0), (0.1, 0))
    for n in range(14):
        roads.street((0.03 + 0.003 * n, 0.04), (0.03 + 0.003 * n, 0.05))
    found = Snapper(roads.data()).snap(np.array([place((share, 0.001)) for share in (0.03, 0.05, 0.07)]))
    assert found.edge.tolist() == [0, 0, 0]
    assert found.share.tolist() == pytest.approx([0.3, 0.5, 0.7], abs=0.01)


@pytest.mark.parametrize(
    ("metres_long", "samples"), [(10, 1), (60, 1), (99, 1), (101, 2), (199, 2), (201, 3), (950, 10)]
)
def test_a_road_is_sampled_once_in_a_hundred_metres(metres_long: float, samples: int) -> None:
    roads = Roads().street((0, 0), (metres_long / 1000, 0)).street((0, 5), (0.05, 5))
    assert np.bincount(Snapper(roads.data())._sample_of).tolist() == [samples, 1]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_along_a_street_of_half_a_metre_there_is_a_middle_too(share: float) -> None:
    roads = Roads().street((0, 0), (0.0005, 0)).street((0, 1), (0, 1.0000001))
    found = Snapper(roads.data()).snap(np.array([place((share * 0.0005, 0)), place((0, 1))]))
    assert found.edge.tolist() == [0, 1]
    assert float(found.share[0]) == pytest.approx(share, abs=0.01)
    assert np.isfinite(found.share).all()


def test_a_slow_street_is_left_by_its_nearer_end_where_that_is_quicker() -> None:
    # A lane of ten kilometres that bows back beside a motorway of two.
    lane = [(0.0, 0.0), (0.0, 4.0), (2.0, 4.0), (2.0, 0.0)]
    roads = Roads().street(*lane, road="service").street((0, 0), (2, 0), road="motorway")
    for start, end in ((0.1, 0.9), (0.9, 0.1)):
        a, b = (place(along(lane, share)) for share in (start, end))
        route = roads.graph(Speeds(edge_seconds=0)).route(a, b)
        assert route.km == pytest.approx(4, rel=0.01)
        assert route.minutes == pytest.approx(2 / 11 * 60 + 2 / 100 * 60, rel=0.01)


def test_at_the_corner_of_a_one_way_street_the_way_back_is_by_the_corner() -> None:
    roads = Roads().street((0, 0), (6, 0), oneway=True).street((6, 0), (6, 6), (0, 6), (0, 0))
    route = roads.graph().route(place((0.02, 0)), place((0.005, 0)))
    assert route.km == pytest.approx(0.025, abs=0.002)
    assert min(metres(point, place((0, 0))) for point in route.points) < 1


def test_an_end_at_a_junction_is_drawn_to_the_junction_and_no_further() -> None:
    # The junction counts as the end of the short street, whose beginning lies fifty metres to the north.
    graph = Roads().street((0, 0), (6, 0)).street((6, 0.05), (6, 0)).street((6, 0.05), (3, 5), (0, 0)).graph()
    assert graph._snapper.snap(np.array([place((6, 0))])).edge.tolist() == [1]
    route = graph.route(place((3, 0)), place((6, 0)))
    assert (route.km, route.minutes) == (pytest.approx(3, abs=0.01), pytest.approx(3, abs=0.01))


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.floats(-0.3, 0.3))
def test_a_point_is_put_on_the_nearest_piece_of_road(share: float, off: float) -> None:
    way = [(0.0, 0.0), (3.0, 0.0), (3.0, 5.0), (9.0, 5.0)]
    graph = Roads().street(*way).graph()
    spot = along(way, share)
    moved = (spot[0] + off, spot[1] - off)
    found = graph._snapper.snap(np.array([place(moved)]))
    best = gap(way, moved)
    assert float(found.metres[0]) / 1000 == pytest.approx(best, abs=0.005)
    assert math.dist(along(way, float(found.share[0])), moved) == pytest.approx(best, abs=0.01)
    ends = [graph._data.points[int(found.segment[0]) + n] for n in (0, 1)]
    on = found.lonlat[0]
    assert min(ends[0][0], ends[1][0]) - 1e-6 <= on[0] <= max(ends[0][0], ends[1][0]) + 1e-6
    assert min(ends[0][1], ends[1][1]) - 1e-6 <= on[1] <= max(ends[0][1], ends[1][1]) + 1e-6


def test_a_street_that_leads_into_a_trap_is_left_out() -> None:
    roads = Roads().street((0, 0), (6, 0)).street((6, 0), (6, 3), oneway=True).street((0, 3), (0, 0), oneway=True)
    graph = roads.graph()
    assert len(graph._data.src) == 1
    assert graph._data.points.tolist() == roads.data().points[:2].tolist()
    assert graph.minutes_to(place((0, 0)), [place((6, 2))]) == pytest.approx([6], rel=0.01)


def test_a_bowed_road_graph_round_trips(tmp_path: Path) -> None:
    roads = circle({(0, 4), (2, 6)}, [False, True] * 4 + [False])
    roads.street((0.0, 0.0), (1.0, 1.0), CORNERS[0], road="motorway", ramp=True, oneway=True)
    data, path = roads.data(), tmp_path / "road_graph.npz"
    write_roads(path, data)
    again = read_roads(path)
    for name in ("nodes", "points"):
        assert getattr(again, name) == pytest.approx(getattr(data, name), abs=1.1e-5)
    assert again.metres == pytest.approx(data.metres, abs=0.06)
    for name in ("src", "dst", "road_class", "oneway", "ramp", "first"):
        assert getattr(again, name).tolist() == getattr(data, name).tolist(), name


@pytest.mark.parametrize(("name", "at", "value"), [("src", 0, -1), ("dst", 0, -1), ("src", 0, 9), ("dst", 1, 9)])
def test_edges_without_nodes_are_damage(tmp_path: Path, name: str, at: int, value: int) -> None:
    data, path = LOOP.data(), tmp_path / "road_graph.npz"
    getattr(data, name)[at] = value
    arrays = {
        "node_lonlat_e5": np.diff(np.round(data.nodes * 1e5).astype(int), axis=0, prepend=0),
        "src": np.diff(data.src, prepend=0),
        "dst_minus_src": data.dst - data.src,
        "length_dm": np.round(data.metres * 10),
        "cls": data.road_class,
        "oneway": data.oneway,
        "ramp": data.ramp,
        "inner_count": np.diff(data.first) - 2,
        "inner_rel_src_e5": np.zeros((3, 2), int),
    }
    np.savez_compressed(path, **arrays)
    with pytest.raises(MapPackError, match="is damaged"):
        read_roads(path)


def test_no_edges_or_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MapPackError, match="is not there"):
        read_roads(tmp_path / "road_graph.npz")


@pytest.mark.hazard("H-037")
def test_a_pack_without_roads_is_estimated_and_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,class,lat,lon\n", encoding="utf-8")
    bare = MapPack.open(tmp_path)
    assert travel_times(bare).method == "estimate"
    with pytest.raises(MapPackError, match="has no road graph"):
        RoadGraph.load(bare)
    write_roads(tmp_path / "road_graph.npz", LOOP.data())
    assert travel_times(MapPack.open(tmp_path)).method == "road"
