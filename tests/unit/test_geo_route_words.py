"""What `map route` prints: the times that a trust compares with what its crews know."""

import argparse
from pathlib import Path

import pytest

from db.geo.cli import add_map_parser
from db.geo.earth import metres
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.roads.travel import RoadLeg, TravelRoute
from db.geo.route_cli import _ends, _factor, _found, _point, route_lines
from db.geo.search.places import PlaceFinder
from tests.unit.test_geo_access import Drawing, at


def test_a_route_is_told_by_its_roads_without_the_metres_of_a_roundabout() -> None:
    legs = [("A43", 6.0), ("", 0.03), ("A43", 2.0), ("Mill Lane", 1.0), ("", 0.4), ("Mill Lane", 0.2)]
    route = TravelRoute(12.34, 9.63, (), "road", tuple(RoadLeg(*leg) for leg in legs))
    assert list(route_lines(route)) == [
        "12 min, 9.6 km by road",
        "     8.0 km  A43",
        "     1.0 km  Mill Lane",
        "     0.4 km  roads without a name",
        "     0.2 km  Mill Lane",
    ]


def test_an_estimate_says_that_it_is_one() -> None:
    (line,) = route_lines(TravelRoute(50, 40, (), "estimate"))
    assert line == "50 min, 40.0 km as the crow flies: an estimate, not by road"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bus gate on the short way between two villages, and a long way round."""
    drawing = Drawing()
    ends = [drawing.node(x, y) for x, y in ((0, 0), (1, 0), (2, 0), (2, 4), (0, 4))]
    drawing.way(ends[:3], {"highway": "residential", "name": "Bus Street", "motor_vehicle": "no", "bus": "yes"})
    drawing.way([*ends[2:], ends[0]], {"highway": "residential", "name": "Ring Road"})
    return drawing.pack(tmp_path_factory.mktemp("town")).folder


@pytest.mark.parametrize(("more", "km", "road"), [([], "10.0", "Ring Road"), (["--exempt"], "2.0", "Bus Street")])
def test_the_command_drives_through_a_pack(
    town: Path, capsys: pytest.CaptureFixture[str], more: list[str], km: str, road: str
) -> None:  # fmt: skip
    parser = argparse.ArgumentParser()
    add_map_parser(parser.add_subparsers())
    start, end = (f"{lat:.5f},{lon:.5f}" for lat, lon in (at(0, 0), at(2, 0)))
    args = parser.parse_args(["map", "route", start, end, "--pack", str(town), *more])
    assert args.handler(args) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [f"from  {start}", f"to    {end}"]
    assert told[2].endswith(f"{km} km by road")
    assert [line.split("km  ")[1] for line in told[3:]] == [road]


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        (" 52.24, -0.9 ", (52.24, -0.9)),
        ("90, 180", (90, 180)),
        ("-90, -180", (-90, -180)),
        ("90.1, 0", None),
        ("-90.1, 0", None),
        ("52, 180.1", None),
        ("52, -180.1", None),
        ("Corby", None),
        ("52", None),
    ],
)
def test_a_position_lies_on_the_earth(typed: str, point: tuple[float, float] | None) -> None:
    assert _point(typed) == point


def test_what_is_named_is_found_or_said_to_be_nowhere(town: Path, tmp_path: Path) -> None:
    finder = PlaceFinder.build(MapPack.open(town), tmp_path)
    point, words = _found(finder, "Ring Road")
    assert metres(point, at(1, 4)) < 5000
    assert words.startswith("Ring Road")
    assert "one of several" not in words
    with pytest.raises(MapPackError, match="“Nowhere Lane” is not on the map"):
        _found(finder, "Nowhere Lane")


def test_between_two_positions_no_name_is_looked_up(tmp_path: Path) -> None:
    ends = _ends(None, tmp_path, " 52.24, -0.9", "52.3,-0.8 ")
    assert ends == [((52.24, -0.9), "52.24, -0.9"), ((52.3, -0.8), "52.3,-0.8")]
    assert list(tmp_path.iterdir()) == []


def test_a_factor_is_a_number_or_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRU_TRAVEL_FACTOR", raising=False)
    assert _factor("CRU_TRAVEL_FACTOR") == 1
    monkeypatch.setenv("CRU_TRAVEL_FACTOR", "1.25")
    assert _factor("CRU_TRAVEL_FACTOR") == 1.25
    monkeypatch.setenv("CRU_TRAVEL_FACTOR", "slow")
    with pytest.raises(MapPackError, match="is no number"):
        _factor("CRU_TRAVEL_FACTOR")
