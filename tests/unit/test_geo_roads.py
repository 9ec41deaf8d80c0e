"""Travel times: a small network worked out by hand, and the county's where a map pack is set."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.geo.earth import metres
from db.geo.errors import MapPackError
from db.geo.roads.data import RoadData, read_roads, write_roads
from db.geo.roads.graph import RoadGraph
from db.geo.roads.times import travel_times
from db.geo.roads.travel import EstimatedTimes, Speeds
from db.geo.search.postcodes import PostcodeIndex
from tests.county import County

LAT = 52.0
KM_EAST = 1 / (111.195 * np.cos(np.radians(LAT)))


def network(edges: list[tuple[int, int, int, bool]], nodes: list[tuple[float, float]]) -> RoadData:
    """Build straight edges (src, dst, class, oneway) between nodes given in km east and north of a corner."""
    lonlat = np.array([(east * KM_EAST, LAT + north / 111.195) for east, north in nodes])
    src, dst = np.array([edge[0] for edge in edges]), np.array([edge[1] for edge in edges])
    lengths = [1000 * np.hypot(*np.subtract(nodes[a], nodes[b])) for a, b, _, _ in edges]
    return RoadData(
        nodes=lonlat,
        src=src,
        dst=dst,
        metres=np.array(lengths),
        road_class=np.array([edge[2] for edge in edges]),
        oneway=np.array([edge[3] for edge in edges]),
        ramp=np.zeros(len(edges), dtype=bool),
        first=np.arange(0, 2 * len(edges) + 1, 2),
        points=np.stack((lonlat[src], lonlat[dst]), axis=1).reshape(-1, 2),
    )


def at(east: float, north: float) -> tuple[float, float]:
    return LAT + north / 111.195, east * KM_EAST


# A square of 6 km: the south side is one way, west to east.
SQUARE = network(
    [(0, 1, 2, True), (1, 2, 2, False), (2, 3, 2, False), (3, 0, 2, False)],
    [(0, 0), (6, 0), (6, 6), (0, 6)],
)
EASY = Speeds(kmh=(60, 60, 60, 60, 60, 60, 60), edge_seconds=0)


def test_minutes_follow_the_roads_and_their_directions() -> None:
    graph = RoadGraph(SQUARE, EASY)
    there, back = graph.minutes_to(at(6, 0), [at(0, 0)]), graph.minutes_to(at(0, 0), [at(6, 0)])
    assert there == pytest.approx([6], rel=0.01)
    assert back == pytest.approx([18], rel=0.01)


def test_points_along_an_edge_are_not_moved_to_its_ends() -> None:
    graph = RoadGraph(SQUARE, EASY)
    assert graph.minutes_to(at(4, 0), [at(1, 0)]) == pytest.approx([3], rel=0.02)
    # Against the one-way street it is once round the square.
    assert graph.minutes_to(at(1, 0), [at(4, 0)]) == pytest.approx([21], rel=0.02)
    assert graph.minutes_to(at(6, 1), [at(6, 5), at(5, 6)]) == pytest.approx([4, 6], rel=0.02)


def test_route_has_the_shape_length_and_time_of_the_way() -> None:
    route = RoadGraph(SQUARE, EASY).route(at(4, 0), at(1, 0))
    assert route.method == "road"
    assert route.km == pytest.approx(21, rel=0.01)
    assert route.minutes == pytest.approx(21, rel=0.01)
    corners = [at(4, 0), at(6, 0), at(6, 6), at(0, 6), at(0, 0), at(1, 0)]
    distinct = [point for n, point in enumerate(route.points) if n == 0 or metres(point, route.points[n - 1]) > 10]
    assert [metres(point, corner) < 100 for point, corner in zip(distinct, corners, strict=True)] == [True] * 6


def test_route_within_one_edge() -> None:
    route = RoadGraph(SQUARE, EASY).route(at(6, 5), at(6, 1))
    assert route.km == pytest.approx(4, rel=0.01)
    assert all(abs(lon - 6 * KM_EAST) < 1e-5 for _, lon in route.points)


def test_of_two_roads_between_the_same_nodes_the_quicker_counts() -> None:
    roads = network([(0, 1, 6, False), (0, 1, 0, False)], [(0, 0), (10, 0)])
    minutes = RoadGraph(roads, Speeds(edge_seconds=0)).minutes_to(at(10, 0), [at(0, 0)])
    assert minutes == pytest.approx([6], rel=0.01)


def test_at_a_corner_nobody_is_in_the_one_way_street_yet() -> None:
    graph = RoadGraph(SQUARE, EASY)
    # Ten metres into the street that leads east: still free to leave to the north, and to arrive from there.
    assert graph.minutes_to(at(0, 6), [at(0.01, 0)]) == pytest.approx([6], rel=0.02)
    assert graph.minutes_to(at(5.99, 0), [at(6, 6)]) == pytest.approx([6], rel=0.02)
    assert graph.route(at(0.01, 0), at(0, 6)).km == pytest.approx(6, rel=0.02)


def test_an_island_of_road_is_not_snapped_to() -> None:
    roads = network(
        [(0, 1, 2, False), (1, 2, 2, False), (3, 4, 2, False)], [(0, 0), (6, 0), (12, 0), (0, 0.1), (1, 0.1)]
    )
    assert RoadGraph(roads, EASY).minutes_to(at(12, 0), [at(0, 0.1)]) == pytest.approx([12], rel=0.01)


def test_outside_the_network_it_is_an_estimate_and_says_so() -> None:
    graph = RoadGraph(SQUARE, EASY)
    inside, outside = graph.travel_to(at(0, 0), [at(0, 6), at(0, 40)])
    assert (inside.method, outside.method) == ("road", "estimate")
    assert outside.minutes == pytest.approx(1.4 + 0.93 * 40 + 2.5 * 40**0.5, rel=0.01)
    assert graph.route(at(0, 40), at(0, 0)).method == "estimate"


def test_night_and_local_factors_multiply() -> None:
    speeds = Speeds(kmh=(60,) * 7, edge_seconds=0, local_factor=2, night_factor=0.5)
    for times in (RoadGraph(SQUARE, speeds), EstimatedTimes(speeds)):
        [day], [night] = times.minutes_to(at(6, 0), [at(0, 0)]), times.minutes_to(at(6, 0), [at(0, 0)], night=True)
        assert night == pytest.approx(day / 2)
        assert times.route(at(0, 0), at(6, 0), night=True).minutes == pytest.approx(night)
        # Who does not say that it is night means the day.
        assert times.travel_to(at(6, 0), [at(0, 0)])[0].minutes == pytest.approx(day)
        assert times.between([at(6, 0)], [at(0, 0)])[0] == pytest.approx([day])
        assert times.route(at(0, 0), at(6, 0)).minutes == pytest.approx(day)
    assert RoadGraph(SQUARE, speeds).minutes_to(at(6, 0), [at(0, 0)]) == pytest.approx([12], rel=0.01)


corners = st.integers(0, 8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(corners, corners, st.booleans()), min_size=4, max_size=24), corners, corners)
def test_times_and_routes_agree_with_a_slow_and_simple_way(
    extra: list[tuple[int, int, bool]], start: int, end: int
) -> None:
    # On a circle no street leads past a corner that is not its own.
    nodes = [(5 * np.cos(n * 0.7), 5 * np.sin(n * 0.7)) for n in range(9)]
    # A circle through all keeps every corner in reach; other streets may be one way.
    edges = [(n, (n + 1) % 9, 2, False) for n in range(9)]
    edges += [(a, b, 2, oneway) for a, b, oneway in extra if a != b]
    graph = RoadGraph(network(edges, nodes), EASY)
    minutes = np.full((9, 9), np.inf)
    np.fill_diagonal(minutes, 0)
    for a, b, _, oneway in edges:
        km = float(np.hypot(*np.subtract(nodes[a], nodes[b])))
        minutes[a, b] = min(minutes[a, b], km)
        minutes[b, a] = min(minutes[b, a], np.inf if oneway else km)
    for middle in range(9):
        minutes = np.minimum(minutes, minutes[:, middle, None] + minutes[None, middle])
    expected = pytest.approx(minutes[start, end], rel=0.01, abs=0.02)
    assert graph.minutes_to(at(*nodes[end]), [at(*nodes[start])]) == [expected]
    route = graph.route(at(*nodes[start]), at(*nodes[end]))
    assert route.minutes == expected
    assert route.km == expected


def test_no_sources_no_answers() -> None:
    assert RoadGraph(SQUARE, EASY).minutes_to(at(0, 0), []) == []
    assert EstimatedTimes().minutes_to(at(0, 0), []) == []


def test_road_graph_file_round_trips(tmp_path: Path) -> None:
    path = tmp_path / "road_graph.npz"
    write_roads(path, SQUARE)
    again = read_roads(path)
    assert np.allclose(again.nodes, SQUARE.nodes, atol=1e-5)
    assert np.allclose(again.points, SQUARE.points, atol=1e-5)
    assert again.metres == pytest.approx(SQUARE.metres, abs=0.1)
    for name in ("src", "dst", "road_class", "oneway", "ramp", "first"):
        assert np.array_equal(getattr(again, name), getattr(SQUARE, name)), name


@pytest.mark.parametrize("cut", [0, 100, 600])
def test_damaged_road_graph_is_one_sentence(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "road_graph.npz"
    write_roads(path, SQUARE)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(MapPackError, match=r"road_graph\.npz is damaged\. Build"):
        read_roads(path)


def test_without_a_pack_times_are_estimates() -> None:
    assert travel_times(None).method == "estimate"
    assert EstimatedTimes().minutes((52.0, 0.0), (52.0, 0.0)) == pytest.approx(1.4)


@pytest.mark.parametrize(("start", "end"), [("NN16 8UZ", "NN1 5BD"), ("NN11 4DY", "NN1 5BD")])
def test_known_journeys_in_the_county(county: County, tmp_path: Path, start: str, end: str) -> None:
    graph, postcodes = RoadGraph.load(county.pack), PostcodeIndex(tmp_path)
    a, b = postcodes.find(start), postcodes.find(end)
    assert a is not None
    assert b is not None
    minutes = pytest.approx(county.minutes[start, end], rel=county.known_to)
    [there] = graph.travel_to((b.lat, b.lon), [(a.lat, a.lon)])
    assert (there.minutes, there.method) == (minutes, "road")
    route = graph.route((a.lat, a.lon), (b.lat, b.lon))
    assert route.minutes == minutes
    assert metres(route.points[0], (a.lat, a.lon)) < 150
    assert metres(route.points[-1], (b.lat, b.lon)) < 150


def test_between_towns_and_vans_it_is_as_each_asked_alone_also_outside_and_at_night() -> None:
    speeds = Speeds(kmh=(60,) * 7, edge_seconds=0, local_factor=1.1, night_factor=0.9)
    towns, vans = [at(0, 0), at(4, 0), at(0, 40)], [at(1, 0), at(6, 5), at(0, 41), at(0.01, 0)]
    for times in (RoadGraph(SQUARE, speeds), EstimatedTimes(speeds)):
        for night in (False, True):
            alone = [times.minutes_to(town, vans, night=night) for town in towns]
            assert times.between(towns, vans, night=night) == alone
            assert times.between(towns[1:2], vans[2:], night=night) == [alone[1][2:]], "what is kept of a town"
        assert times.between(towns, []) == [[], [], []]
        assert times.between([], vans) == []
