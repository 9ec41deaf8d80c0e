"""May a van pass? Each row of tags is a road in an extract, built by the builder and driven by the router."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable

from db.geo.builder.access import FERRY_WAIT_SECONDS, allows_vehicles, ferry_seconds
from db.geo.builder.pack import build_pack
from db.geo.pack import MapPack
from db.geo.roads.graph import RoadGraph
from db.geo.roads.travel import Speeds

LAT, LON = 52.2, -0.9
EAST, NORTH = 1 / 68.16, 1 / 111.195  # degrees a kilometre
Tags = dict[str, str]

# What stands on the road, and who may go through: "both" ways, "ahead" or "back" only, or "not"; "ending" is not
# through but to a place on it; "exempt" is for a van under blue lights only.
WAYS: list[tuple[Tags, str]] = [
    ({}, "both"),
    ({"access": "yes"}, "both"),
    ({"access": "permissive"}, "both"),
    ({"motor_vehicle": "designated"}, "both"),
    ({"access": "no"}, "not"),
    ({"access": "no", "motor_vehicle": "yes"}, "both"),
    ({"access": "no", "motorcar": "yes"}, "both"),
    ({"access": "private"}, "ending"),
    ({"access": "private", "motor_vehicle": "yes"}, "both"),
    ({"access": "customers"}, "ending"),
    ({"access": "destination"}, "ending"),
    ({"access": "delivery"}, "ending"),
    ({"vehicle": "residents"}, "ending"),
    ({"motor_vehicle": "permit"}, "ending"),
    ({"motor_vehicle": "destination;delivery"}, "ending"),
    ({"motor_vehicle": "no"}, "exempt"),
    ({"motor_vehicle": "no", "bus": "yes"}, "exempt"),
    ({"motor_vehicle": "no", "motorcar": "yes"}, "both"),
    ({"motor_vehicle": "yes", "motorcar": "no"}, "exempt"),
    ({"vehicle": "no"}, "exempt"),
    ({"vehicle": "no", "motor_vehicle": "yes"}, "both"),
    ({"vehicle": "no", "bicycle": "yes"}, "exempt"),
    ({"access": "no", "psv": "yes"}, "exempt"),
    ({"access": "no", "bus": "designated", "emergency": "yes"}, "exempt"),
    ({"access": "bus"}, "exempt"),
    ({"motor_vehicle": "psv"}, "exempt"),
    ({"motor_vehicle": "agricultural;forestry"}, "exempt"),
    ({"access": "agricultural"}, "not"),
    ({"access": "nobody knows"}, "ending"),
    ({"motor_vehicle:conditional": "no @ (Mo-Fr 07:00-10:00)"}, "exempt"),
    ({"access:conditional": "no @ (22:00-06:00)", "motor_vehicle": "yes"}, "both"),
    ({"hgv": "no", "maxweight": "7.5"}, "both"),
    ({"motor_vehicle": "yes;no"}, "ending"),
    ({"access": "closed"}, "not"),
    ({"closed": "yes"}, "not"),
    ({"impassable": "yes"}, "not"),
    ({"smoothness": "impassable"}, "not"),
    ({"smoothness": "bad"}, "both"),
    ({"access": "no", "motor_vehicle": ""}, "not"),
    ({"access": ""}, "both"),
    ({"service": "bus", "highway": "service"}, "exempt"),
    ({"psv": "only"}, "exempt"),
    ({"maxwidth": "1.5"}, "not"),
    ({"maxwidth": "2.1 m"}, "both"),
    ({"maxheight": "1.8"}, "not"),
    ({"maxheight": "6'6\""}, "both"),
    ({"maxheight": "default"}, "both"),
    ({"maxheight": "6'0\""}, "not"),
    ({"maxheight": "7ft"}, "both"),
    ({"maxwidth": "5 ft 9 in"}, "not"),
    ({"maxwidth": "6'9''"}, "both"),
    ({"maxweight": "1.5"}, "not"),
    ({"maxweight": "3.5 t"}, "both"),
    ({"maxweight": "heavy"}, "both"),
    ({"highway": "track"}, "not"),
    ({"highway": "track", "motorcar": "yes"}, "both"),
    ({"highway": "track", "motor_vehicle": "agricultural"}, "not"),
    ({"highway": "track", "access": "yes"}, "not"),
    ({"highway": "cycleway", "motor_vehicle": "designated"}, "both"),
    ({"highway": "pedestrian", "motor_vehicle": "delivery"}, "ending"),
    ({"highway": "path", "motor_vehicle": "no"}, "not"),
    ({"vehicle": "no", "motor_vehicle": "destination"}, "ending"),
    ({"access": "private;customers"}, "ending"),
    ({"motor_vehicle": "No"}, "exempt"),
    ({"ford": "yes"}, "both"),
    ({"construction": "yes"}, "not"),
    ({"construction": "minor"}, "both"),
    ({"disused": "yes"}, "not"),
    ({"highway": "construction", "construction": "residential"}, "not"),
    ({"highway": "proposed"}, "not"),
    ({"highway": "pedestrian"}, "not"),
    ({"highway": "busway"}, "not"),
    ({"highway": "service", "service": "emergency_access"}, "exempt"),
    ({"highway": "service", "access": "private", "service": "driveway"}, "ending"),
    ({"highway": "living_street"}, "both"),
    ({"oneway": "yes"}, "ahead"),
    ({"oneway": "1"}, "ahead"),
    ({"oneway": "-1"}, "back"),
    ({"oneway": "no"}, "both"),
    ({"oneway": "alternating"}, "both"),
    ({"oneway": "reversible"}, "not"),
    ({"oneway": "yes", "oneway:bus": "no"}, "ahead"),
    ({"oneway": "yes", "oneway:motor_vehicle": "no"}, "both"),
    ({"oneway:conditional": "yes @ (07:00-19:00)"}, "ahead"),
    ({"oneway": "YES"}, "ahead"),
    ({"oneway": "-1", "oneway:motor_vehicle": "no"}, "both"),
    ({"motor_vehicle:forward": "no", "oneway": "-1"}, "back"),
    ({"junction": "roundabout", "oneway": "-1"}, "back"),
    ({"junction": "roundabout"}, "ahead"),
    ({"junction": "roundabout", "oneway": "no"}, "both"),
    ({"motor_vehicle:backward": "no"}, "ahead"),
    ({"vehicle:forward": "no"}, "back"),
    ({"motorcar:forward": "destination", "motorcar:backward": "yes"}, "back"),
    ({"maxwidth": "1.9"}, "both"),
    ({"maxheight:physical": "1.85"}, "not"),
    ({"maxwidth:physical": "1.2 m"}, "not"),
    ({"access": "no", "bus": "no"}, "not"),
    ({"access": "no", "taxi": "private"}, "not"),
    ({"access": "no;agricultural", "tourist_bus": "yes"}, "exempt"),
    ({"disused": "no", "abandoned": "no"}, "both"),
    ({"construction": "complete"}, "both"),
    ({"closed": "no", "impassable": "no"}, "both"),
    ({"oneway": "0"}, "both"),
    ({"oneway": "false"}, "both"),
    ({"oneway": "true"}, "ahead"),
    ({"oneway": "reverse"}, "back"),
    ({"oneway:vehicle": "-1", "oneway": "yes"}, "back"),
    ({"oneway:conditional": "no @ (07:00-19:00)"}, "both"),
    ({"junction": "circular"}, "ahead"),
    ({"junction": "yes"}, "both"),
    ({"motor_vehicle": "yes", "motor_vehicle:conditional": "destination @ (Mo-Fr 07:00-10:00)"}, "ending"),
    ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (19:00-07:00)"}, "exempt"),
    ({"motor_vehicle:conditional": "destination @ (wet); no @ (Mo; Tu)"}, "exempt"),
    ({"motor_vehicle:conditional": "yes @ (Su); destination @ (wet)"}, "ending"),
    ({"motor_vehicle:forward:conditional": "no @ (07:00-10:00)"}, "back"),
    ({"access": "no", "motor_vehicle:forward": "yes"}, "not"),
    # Who may pass for some hours only may not be counted on; who may pass else says the less particular key.
    ({"access": "no", "motor_vehicle:conditional": "yes @ (07:00-19:00)"}, "not"),
    ({"vehicle": "no", "motorcar:conditional": "yes @ (Su)"}, "exempt"),
    ({"access": "private", "motorcar:conditional": "yes @ (Mo-Fr)"}, "ending"),
    ({"motor_vehicle": "yes", "motorcar:conditional": "no @ (Sa)"}, "exempt"),
    ({"access": "military"}, "ending"),
    ({"dismantled": "yes"}, "not"),
    # As other lands write a measure.
    ({"maxheight": "1,75"}, "not"),
    ({"maxheight": "175 cm"}, "not"),
    ({"maxwidth": "210 cm"}, "both"),
    ({"maxheight": "2,5 m"}, "both"),
    ({"maxweight": "1800 kg"}, "not"),
    ({"maxweight": "7,5t"}, "both"),
    ({"maxweightrating": "1.8"}, "not"),
]
POINTS: list[tuple[Tags, str]] = [
    ({"barrier": "gate"}, "both"),
    ({"barrier": "cattle_grid"}, "both"),
    ({"barrier": "toll_booth"}, "both"),
    ({"barrier": "gate", "locked": "yes"}, "not"),
    ({"barrier": "gate", "access": "private"}, "ending"),
    ({"barrier": "gate", "locked": "yes", "motor_vehicle": "yes"}, "not"),
    ({"barrier": "height_restrictor", "maxheight": "6' 2\""}, "not"),
    ({"barrier": "gate", "motor_vehicle": "no"}, "exempt"),
    ({"barrier": "lift_gate", "access": "no"}, "not"),
    ({"barrier": "lift_gate", "access": "no", "emergency": "yes"}, "exempt"),
    ({"barrier": "bollard"}, "not"),
    ({"barrier": "bollard", "motor_vehicle": "yes"}, "both"),
    ({"barrier": "bollard", "bus": "yes"}, "exempt"),
    ({"barrier": "bollard", "emergency": "yes"}, "exempt"),
    ({"barrier": "bollard", "bollard": "rising"}, "exempt"),
    ({"barrier": "bollard", "bollard": "removable"}, "not"),
    ({"barrier": "bollard", "bicycle": "yes"}, "not"),
    ({"barrier": "gate", "locked": "Yes"}, "not"),
    ({"barrier": "height_restrictor", "maxheight": "1.7"}, "not"),
    ({"barrier": "width_restrictor", "maxwidth": "2.1"}, "both"),
    ({"barrier": "planter"}, "not"),
    ({"barrier": "debris"}, "not"),
    ({"ford": "yes"}, "both"),
    ({"barrier": "block"}, "not"),
    ({"barrier": "jersey_barrier"}, "not"),
    ({"barrier": "cycle_barrier"}, "not"),
    ({"barrier": "kissing_gate"}, "not"),
    ({"barrier": "bus_trap"}, "exempt"),
    ({"barrier": "sump_buster"}, "exempt"),
    ({"highway": "bus_gate"}, "exempt"),
    ({"highway": "crossing"}, "both"),
    ({"entrance": "yes", "access": "private"}, "both"),
    ({"highway": "traffic_signals"}, "both"),
    # What is said of a crossing or a gate counts; of a door beside the road it does not.
    ({"highway": "crossing", "motor_vehicle": "no"}, "exempt"),
    ({"entrance": "yes", "motor_vehicle:conditional": "no @ (22:00-06:00)"}, "both"),
    ({"barrier": "gate", "motor_vehicle:conditional": "no @ (22:00-06:00)"}, "exempt"),
    ({"traffic_calming": "bus_gate"}, "exempt"),
    ({"traffic_calming": "bus_gate", "motor_vehicle": "destination"}, "ending"),
    ({"bus_gate": "yes"}, "exempt"),
    ({"bus_gate": "yes", "motor_vehicle": "destination"}, "ending"),
    ({"bus_gate": "no"}, "both"),
    ({"barrier": "rising_bollard"}, "exempt"),
    ({"barrier": "gate", "locked": "no"}, "both"),
    ({"barrier": "no"}, "both"),
    ({"barrier": " Gate "}, "both"),
    ({"barrier": "bollard", "emergency": "no"}, "not"),
    ({"barrier": "bollard", "bus": "private"}, "not"),
    ({"barrier": "planter", "bus": "yes"}, "not"),
    ({"barrier": "gate", "bus": "yes", "locked": "yes"}, "not"),
    ({"maxheight": "1.7"}, "both"),
    ({"barrier": "height_restrictor", "maxheight": "1.9"}, "both"),
    ({"barrier": "bus_gate", "maxwidth": "1.5"}, "not"),
    ({"barrier": "swing_gate", "locked": "permanently"}, "not"),
    ({"barrier": "bollard", "bollard": "retractable"}, "exempt"),
    ({"barrier": "width_restrictor", "width": "6'0\""}, "not"),
    ({"barrier": "height_restrictor", "height": "1.75"}, "not"),
    ({"barrier": "height_restrictor", "height": "2.2 m", "width": "1.5"}, "both"),
    ({"barrier": "gate", "width": "1.5"}, "both"),
]
ROWS = [(tags, {}, who) for tags, who in WAYS] + [({}, tags, who) for tags, who in POINTS]


@dataclass
class Drawing:
    """An extract that is drawn in kilometres east and north of a corner."""

    nodes: list[tuple[int, tuple[float, float], Tags]] = field(default_factory=list)
    ways: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    relations: list[tuple[int, list[tuple[str, int, str]], Tags]] = field(default_factory=list)
    numbers: Iterable[int] = field(default_factory=lambda: count(1))

    def node(self, east: float, north: float, tags: Tags | None = None) -> int:
        number = next(iter(self.numbers))
        self.nodes.append((number, (LON + east * EAST, LAT + north * NORTH), tags or {}))
        return number

    def way(self, refs: list[int], tags: Mapping[str, str]) -> int:
        self.ways.append((len(self.ways) + 1, refs, dict(tags)))
        return len(self.ways)

    def ban(self, origin: int, via: int, target: int, kind: str, via_kind: str = "n", **more: str) -> None:
        members = [("w", origin, "from"), (via_kind, via, "via"), ("w", target, "to")]
        tags = {"type": "restriction", "restriction": kind} | more
        self.relations.append(
            (len(self.relations) + 1, members, {key: value for key, value in tags.items() if value})
        )

    def write(self, path: Path) -> Path:
        with osmium.SimpleWriter(str(path)) as out:
            for number, at, tags in self.nodes:
                out.add_node(mutable.Node(id=number, version=1, location=at, tags=tags))
            for number, refs, tags in self.ways:
                out.add_way(mutable.Way(id=number, version=1, nodes=refs, tags=tags))
            for number, members, tags in self.relations:
                out.add_relation(mutable.Relation(id=number, version=1, members=members, tags=tags))
        return path

    def pack(self, folder: Path) -> MapPack:
        return build_pack(self.write(folder / "drawn.osm.pbf"), folder / "pack", lambda *_: None)


def at(east: float, north: float) -> tuple[float, float]:
    return LAT + north * NORTH, LON + east * EAST


def row_of_roads() -> Drawing:
    """At each kilometre of a main road a short way north with the row's tags, and a long way round."""
    drawing = Drawing()
    corners = [drawing.node(number, 0) for number in range(len(ROWS) + 1)]
    drawing.way(corners, {"highway": "trunk"})
    for number, (way, point, _) in enumerate(ROWS):
        middle, top = drawing.node(number, 0.2, point), drawing.node(number, 0.4)
        drawing.way([corners[number], middle, top], {"highway": "residential"} | way)
        bends = [drawing.node(number + x, y) for x, y in ((0.45, 0.1), (0.45, 2.5), (0, 2.5), (0, 0.6))]
        drawing.way([corners[number], *bends, top], {"highway": "residential"})
    return drawing


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    return row_of_roads().pack(tmp_path_factory.mktemp("access"))


@pytest.fixture(scope="module")
def graph(pack: MapPack) -> RoadGraph:
    return RoadGraph.load(pack)


@pytest.fixture(scope="module")
def exempt(pack: MapPack) -> RoadGraph:
    return RoadGraph.load(pack, Speeds(exempt=True))


def passes(graph: RoadGraph, number: int, *, ahead: bool = True) -> bool:
    """Whether the short way is driven: 2 minutes, where the way round takes 12."""
    ends = at(number - 0.3 if number else 0.0, 0), at(number, 0.7)
    start, end = ends if ahead else ends[::-1]
    return graph.minutes_to(end, [start])[0] < 6


@pytest.mark.hazard("H-037")
@pytest.mark.parametrize("number", range(len(ROWS)), ids=[f"{way or point} {who}" for way, point, who in ROWS])
def test_who_may_pass(graph: RoadGraph, exempt: RoadGraph, number: int) -> None:
    who = ROWS[number][2]
    assert passes(graph, number) == (who in {"both", "ahead"})
    assert passes(graph, number, ahead=False) == (who in {"both", "back"})
    if who in {"exempt", "not", "both"}:
        assert passes(exempt, number) == (who != "not")


@pytest.mark.parametrize("number", [n for n, row in enumerate(ROWS) if row[2] == "ending"])
def test_a_place_on_a_private_road_is_driven_to_from_either_side(graph: RoadGraph, number: int) -> None:
    scene, below, above = at(number, 0.35), at(number, -0.0), at(number, 0.7)
    assert graph.minutes_to(scene, [above])[0] < 2
    assert graph.minutes_to(above, [scene])[0] < 2
    assert graph.minutes_to(at(number, 0.15), [below])[0] < 2


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *(
            ("00:20", 20),
            ("01:05", 65),
            ("1:30:00", 90),
            ("15", 15),
            ("8 minutes", 8),
            ("PT1H10M", 70),
            ("PT5M", 5),
        ),
        *(("", 5), ("often", 5)),
    ],
)
def test_a_crossing_takes_what_is_said_or_what_its_kilometre_takes(said: str, minutes: int) -> None:
    assert ferry_seconds({"duration": said}, 1000) - FERRY_WAIT_SECONDS == minutes * 60


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ({"motor_vehicle": "yes"}, True),
        ({"motorcar": "no; destination"}, True),
        ({"motor_vehicle": " Private ", "motorcar": "yes"}, True),
        ({"motor_vehicle": "no"}, False),
        # Of vehicles in general, and of whoever may go there, nobody says that motors are meant.
        ({"vehicle": "yes"}, False),
        ({"access": "yes"}, False),
        ({}, False),
    ],
)
def test_motors_are_allowed_where_it_is_said_of_them(tags: dict[str, str], allowed: bool) -> None:
    assert allows_vehicles(tags) is allowed
