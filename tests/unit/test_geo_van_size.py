"""What fits through, by the size of the largest van that a pack is built for."""

import json
from pathlib import Path

import pytest

from db.geo.builder.access import Driving, Passage, VanSize, driving, past_node
from db.geo.pack import MapPack

HIGH_ROOF = VanSize(2.6, 2.1, 3.5)


@pytest.mark.hazard("H-037")
@pytest.mark.parametrize(
    ("tags", "carrier", "high_roof"),
    [
        ({"maxheight": "2.1"}, Passage.OPEN, Passage.CLOSED),
        ({"maxheight": "2.6"}, Passage.OPEN, Passage.OPEN),
        ({"maxheight": "8'0\""}, Passage.OPEN, Passage.CLOSED),
        ({"maxheight": "9'"}, Passage.OPEN, Passage.OPEN),
        ({"maxheight:physical": "2.45 m"}, Passage.OPEN, Passage.CLOSED),
        ({"maxwidth": "6'6\""}, Passage.OPEN, Passage.CLOSED),
        ({"maxwidth": "2.3"}, Passage.OPEN, Passage.OPEN),
        ({"maxwidth:physical": "1.8"}, Passage.CLOSED, Passage.CLOSED),
        ({"maxweight": "3"}, Passage.OPEN, Passage.CLOSED),
        ({"maxweight": "3.5 t"}, Passage.OPEN, Passage.OPEN),
        ({"maxweight": "1.5"}, Passage.CLOSED, Passage.CLOSED),
        ({"maxheight": "default", "maxweight": "unsigned"}, Passage.OPEN, Passage.OPEN),
    ],
)
def test_the_largest_van_decides_where_all_drive(
    tags: dict[str, str], carrier: Passage, high_roof: Passage
) -> None:
    way, point = {"highway": "residential", **tags}, {"barrier": "height_restrictor", **tags}
    assert (driving(way).passage, driving(way, HIGH_ROOF).passage) == (carrier, high_roof)
    assert (past_node(point), past_node(point, HIGH_ROOF)) == (carrier, high_roof)


def test_where_the_direction_changes_with_the_hour_nobody_drives_and_none_is_told() -> None:
    way = {"highway": "residential", "oneway": "reversible"}
    assert driving(way) == driving(way, HIGH_ROOF) == Driving(Passage.CLOSED, 0)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"metres_high": 2.6, "metres_wide": 2.1, "tonnes": 3.5}, "vans up to 2.6 m high, 2.1 m wide and 3.5 t"),
        ({"metres_high": 2.0, "metres_wide": 2, "tonnes": 2}, "vans up to 2 m high, 2 m wide and 2 t"),
        ({"metres_high": "high"}, ""),
        ("large", ""),
    ],
)
def test_a_pack_says_for_what_vans_its_roads_are(tmp_path: Path, said: object, told: str) -> None:
    (tmp_path / "places.csv").write_text("name,kind,lat,lon,population\n", encoding="utf-8")
    (tmp_path / "road_graph.npz").write_bytes(b"")
    (tmp_path / "pack.json").write_text(json.dumps({"van": said}), encoding="utf-8")
    pack = MapPack.open(tmp_path)
    assert pack.van == told
    assert ("roads for" in pack.describe()) == bool(told)
