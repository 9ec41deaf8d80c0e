"""What each tag means on the map, row by row: layer, class, and the zoom from which it shows."""

import pytest

from db.geo.builder.features import Meaning, Tags, is_oneway, of_area, of_line, of_place, of_poi
from db.geo.builder.mvt import Value

ROADS = [
    # Tag, class, from which zoom; from which zoom it is named.
    ("motorway", "motorway", 4, 8),
    ("trunk", "trunk", 5, 9),
    ("primary", "primary", 7, 10),
    ("secondary", "secondary", 9, 12),
    ("tertiary", "tertiary", 10, 12),
    ("unclassified", "minor", 12, 13),
    ("residential", "minor", 12, 13),
    ("living_street", "minor", 12, 13),
    ("road", "minor", 12, 13),
    ("service", "service", 13, 14),
    ("track", "track", 13, 14),
    ("pedestrian", "path", 13, 14),
    ("footway", "path", 14, 14),
    ("cycleway", "path", 14, 14),
    ("bridleway", "path", 14, 14),
    ("path", "path", 14, 14),
    ("steps", "path", 14, 14),
]


def meaning(layer: str, zoom: int, **props: Value) -> Meaning:
    return Meaning(layer, tuple(sorted((key.rstrip("_").replace("__", ":"), v) for key, v in props.items())), zoom)


@pytest.mark.parametrize(("tag", "road", "zoom", "named"), ROADS)
def test_a_road_is_drawn_before_it_is_named(tag: str, road: str, zoom: int, named: int) -> None:
    oneway = {"oneway": 1} if tag == "motorway" else {}
    drawn = meaning("transportation", zoom, class_=road, **oneway)
    assert of_line({"highway": tag}) == [drawn]
    for about in ({"name": "Long Lane"}, {"ref": "A43"}, {"name": "Long Lane", "ref": "A43"}):
        label = {"name__latin" if key == "name" else key: value for key, value in about.items()}
        assert of_line({"highway": tag, **about}) == [
            drawn,
            meaning("transportation_name", named, class_=road, **label),
        ]


@pytest.mark.parametrize(("tag", "road", "zoom", "_named"), ROADS[:5])
def test_a_slip_road_is_drawn_late_and_has_no_name(tag: str, road: str, zoom: int, _named: int) -> None:
    tags = {"highway": f"{tag}_link", "name": "Exit", "ref": "A1"}
    assert of_line(tags) == [meaning("transportation", max(9, zoom), class_=road, ramp=True)]


@pytest.mark.parametrize(
    "tags", [{"highway": "proposed"}, {"highway": "residential", "area": "yes"}, {}, {"a": "b"}]
)
def test_what_is_no_road_is_not_drawn_as_one(tags: Tags) -> None:
    assert of_line(tags) == []


def test_a_square_that_is_not_said_to_be_one_is_a_road() -> None:
    assert len(of_line({"highway": "pedestrian", "area": "no"})) == 1


@pytest.mark.parametrize(
    ("tags", "one"),
    [
        ({"oneway": "yes"}, True),
        ({"oneway": "true"}, True),
        ({"oneway": "1"}, True),
        ({"oneway": "-1"}, True),
        ({"oneway": "reverse"}, True),
        ({"oneway": "no"}, False),
        ({"oneway": "alternating"}, False),
        ({}, False),
        ({"highway": "motorway"}, True),
        ({"highway": "motorway", "oneway": "no"}, False),
        ({"highway": "trunk"}, False),
        ({"junction": "roundabout"}, True),
        ({"junction": "circular"}, True),
        ({"junction": "roundabout", "oneway": "no"}, False),
        ({"junction": "yes"}, False),
    ],
)
def test_one_way_is_what_is_said_and_else_what_goes_without_saying(tags: Tags, one: bool) -> None:
    assert is_oneway(tags) is one
    road = {"highway": "residential", **tags}
    assert of_line(road)[0].props == (
        *((("class", "motorway"),) if road["highway"] == "motorway" else (("class", road_of(road)),)),
        *((("oneway", 1),) if one else ()),
    )


def road_of(tags: Tags) -> str:
    return {tag: road for tag, road, _, _ in ROADS}[tags["highway"]]


@pytest.mark.parametrize(
    ("tags", "brunnel"),
    [
        ({"bridge": "yes"}, "bridge"),
        ({"bridge": "viaduct"}, "bridge"),
        ({"bridge": "no"}, None),
        ({"tunnel": "yes"}, "tunnel"),
        ({"tunnel": "culvert"}, "tunnel"),
        ({"tunnel": "no"}, None),
        ({"bridge": "no", "tunnel": "yes"}, "tunnel"),
        ({"bridge": "yes", "tunnel": "yes"}, "bridge"),
        ({}, None),
    ],
)
@pytest.mark.parametrize("way", [{"highway": "trunk"}, {"railway": "rail"}])
def test_bridges_and_tunnels_are_told(way: Tags, tags: Tags, brunnel: str | None) -> None:
    assert dict(of_line({**way, **tags})[0].props).get("brunnel") == brunnel


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"railway": "rail"}, meaning("transportation", 8, class_="rail")),
        ({"railway": "light_rail"}, meaning("transportation", 10, class_="rail")),
        ({"railway": "tram"}, meaning("transportation", 12, class_="rail")),
        ({"railway": "narrow_gauge"}, meaning("transportation", 12, class_="rail")),
        ({"railway": "preserved"}, meaning("transportation", 11, class_="rail")),
        ({"railway": "abandoned"}, None),
        ({"waterway": "river", "name": "Nene"}, meaning("waterway", 8, class_="river", name__latin="Nene")),
        ({"waterway": "canal"}, meaning("waterway", 9, class_="canal")),
        ({"waterway": "stream"}, meaning("waterway", 12, class_="stream")),
        ({"waterway": "drain"}, meaning("waterway", 13, class_="drain")),
        ({"waterway": "ditch"}, meaning("waterway", 13, class_="ditch")),
        ({"waterway": "weir"}, None),
        ({"aeroway": "runway", "ref": "03/21"}, meaning("aeroway", 11, class_="runway", ref="03/21")),
        ({"aeroway": "taxiway"}, meaning("aeroway", 11, class_="taxiway")),
        ({"aeroway": "windsock"}, None),
    ],
)
def test_other_lines(tags: Tags, expected: Meaning | None) -> None:
    assert of_line(tags) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("tags", "layer", "kind", "zoom"),
    [
        ({"natural": "water"}, "water", "lake", 8),
        ({"natural": "water", "water": "pond"}, "water", "lake", 8),
        ({"natural": "water", "water": "river"}, "water", "river", 8),
        ({"landuse": "reservoir"}, "water", "lake", 8),
        ({"landuse": "basin"}, "water", "lake", 8),
        ({"waterway": "riverbank"}, "water", "river", 8),
        ({"landuse": "residential"}, "landuse", "residential", 8),
        ({"landuse": "industrial"}, "landuse", "industrial", 10),
        ({"landuse": "commercial"}, "landuse", "commercial", 11),
        ({"landuse": "retail"}, "landuse", "retail", 11),
        ({"landuse": "cemetery"}, "landuse", "cemetery", 12),
        ({"landuse": "railway"}, "landuse", "railway", 12),
        ({"landuse": "military"}, "landuse", "military", 10),
        ({"landuse": "quarry"}, "landuse", "quarry", 11),
        ({"amenity": "school"}, "landuse", "school", 12),
        ({"amenity": "university"}, "landuse", "university", 11),
        ({"amenity": "college"}, "landuse", "college", 12),
        ({"amenity": "hospital"}, "landuse", "hospital", 11),
        ({"amenity": "kindergarten"}, "landuse", "kindergarten", 13),
        ({"leisure": "pitch"}, "landuse", "pitch", 13),
        ({"leisure": "playground"}, "landuse", "playground", 13),
        ({"natural": "wood"}, "landcover", "wood", 8),
        ({"landuse": "forest"}, "landcover", "wood", 8),
        ({"landuse": "farmland"}, "landcover", "farmland", 9),
        ({"landuse": "farm"}, "landcover", "farmland", 9),
        ({"landuse": "meadow"}, "landcover", "grass", 10),
        ({"landuse": "grass"}, "landcover", "grass", 11),
        ({"landuse": "recreation_ground"}, "landcover", "grass", 11),
        ({"landuse": "village_green"}, "landcover", "grass", 12),
        ({"natural": "grassland"}, "landcover", "grass", 10),
        ({"natural": "heath"}, "landcover", "grass", 10),
        ({"natural": "scrub"}, "landcover", "grass", 11),
        ({"natural": "wetland"}, "landcover", "wetland", 10),
        ({"natural": "sand"}, "landcover", "sand", 11),
        ({"natural": "beach"}, "landcover", "sand", 11),
        ({"landuse": "orchard"}, "landcover", "farmland", 11),
        ({"leisure": "park"}, "landcover", "grass", 11),
        ({"leisure": "golf_course"}, "landcover", "grass", 11),
        ({"leisure": "common"}, "landcover", "grass", 11),
        ({"leisure": "garden"}, "landcover", "grass", 13),
        ({"leisure": "nature_reserve"}, "park", "nature_reserve", 11),
        ({"boundary": "national_park"}, "park", "national_park", 11),
        ({"aeroway": "apron"}, "aeroway", "apron", 11),
        ({"aeroway": "aerodrome"}, "aeroway", "aerodrome", 11),
    ],
)
def test_areas(tags: Tags, layer: str, kind: str, zoom: int) -> None:
    assert of_area(tags) == [meaning(layer, zoom, class_=kind)]
    # What stands on it is another thing on the map.
    assert of_area({**tags, "building": "yes"}) == of_area(tags)


@pytest.mark.parametrize("park", [{"leisure": "nature_reserve"}, {"boundary": "national_park"}])
def test_a_reserve_is_named(park: Tags) -> None:
    assert ("name:latin", "Fineshade") in of_area({**park, "name": "Fineshade"})[0].props


@pytest.mark.parametrize(
    ("tags", "is_building"),
    [
        ({"building": "yes"}, True),
        ({"building": "garage"}, True),
        ({"building": "no"}, False),
        ({}, False),
        ({"landuse": "greenfield"}, False),
        ({"aeroway": "hangar", "building": "yes"}, True),
        ({"amenity": "pub", "building": "yes"}, True),
    ],
)
def test_buildings_show_last(tags: Tags, is_building: bool) -> None:
    assert of_area(tags) == ([Meaning("building", (), 14)] if is_building else [])


@pytest.mark.parametrize(
    ("kind", "zoom"),
    [
        ("city", 4),
        ("town", 7),
        ("village", 9),
        ("suburb", 10),
        ("hamlet", 11),
        ("quarter", 12),
        ("neighbourhood", 12),
        ("farm", 13),
        ("isolated_dwelling", 13),
        ("locality", 13),
        ("county", None),
    ],
)
def test_settlements_show_by_their_kind(kind: str, zoom: int | None) -> None:
    expected = meaning("place", zoom, class_=kind, name__latin="Moulton", rank=3) if zoom else None
    assert of_place(kind, "Moulton", 3) == expected


@pytest.mark.parametrize(
    ("kind", "zoom"),
    [("hospital", 12), ("police", 13), ("fire_station", 13), ("pharmacy", 14), ("doctors", 14), ("clinic", 14)],
)
def test_sites_show_by_their_kind_and_only_with_a_name(kind: str, zoom: int) -> None:
    assert of_poi({"amenity": kind, "name": "X"}) == meaning("poi", zoom, class_=kind, name__latin="X")
    assert of_poi({"amenity": kind}) is None
    assert of_poi({"amenity": kind, "name": ""}) is None
    assert of_poi({"amenity": "nursing_home", "name": "X"}) is None
