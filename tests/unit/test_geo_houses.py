"""Houses that are said by a name: out of an extract, and found in a pack."""

import pytest

import tests.county as drawn
from db.geo.builder.pack import build_pack
from db.geo.earth import moved
from db.geo.search.places import PlaceFinder

TOWN = drawn.TOWNS["NN16 8UZ"]
HOUSES = (
    # Metres north and east of the town's corner, name, street.
    (-300, -300, "Quince Cottage", "Alder Street"),
    (-320, -900, "Quince Cottage", "Beech Street"),
    (-500, -500, "The Old Bakery", "Cedar Road"),
    (-600, -600, "Tŷ Gwyn", ""),
    (-640, -660, " ", "Elder Street"),
)


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> PlaceFinder:
    folder = tmp_path_factory.mktemp("houses")
    drawing = drawn._draw("Small county", drawn.TOWNS, drawn.ROADS)
    for north, east, name, street in HOUSES:
        tags = {"addr:housename": name} | ({"addr:street": street} if street else {})
        drawing.node(moved(TOWN[1], north, east), **tags)
    # As most are drawn: by its walls.
    walls = {"building": "house", "addr:housename": "Larkrise", "addr:street": "Gorse Road"}
    drawing.ring(moved(TOWN[1], -700, -200), 20, **walls)
    drawing.write(folder / "county.osm.pbf")
    pack = build_pack(folder / "county.osm.pbf", folder / "pack", lambda _stage, _share: None, name="Small county")
    return PlaceFinder.build(pack, folder)


@pytest.mark.parametrize(
    ("said", "title", "detail", "sure"),
    [
        ("larkrise kettering", "Larkrise", "Gorse Road, Kettering", True),
        ("the old bakery, cedar road", "The Old Bakery", "Cedar Road, Kettering", True),
        ("old bakery kettering", "The Old Bakery", "Cedar Road, Kettering", True),
        ("quince cottage beech street kettering", "Quince Cottage", "Beech Street, Kettering", True),
        ("quince cottage, alder st", "Quince Cottage", "Alder Street, Kettering", True),
        # Two of a name are asked about.
        ("quince cottage", "Quince Cottage", "Beech Street, Kettering", False),
        ("ty gwyn kettering", "Tŷ Gwyn", "Kettering", True),
    ],
)
def test_a_house_is_found_by_its_name(finder: PlaceFinder, said: str, title: str, detail: str, sure: bool) -> None:
    first = finder.find(said)[0]
    assert (first.title, first.detail.partition(" · ")[0], first.sure) == (title, detail, sure)


def test_a_house_goes_before_no_street_town_or_hospital(finder: PlaceFinder) -> None:
    assert [finder.find(said)[0].title for said in ("alder street kettering", "kettering hospital")] == [
        "Alder Street",
        "Kettering General Hospital",
    ]
    # What has no name is none.
    assert all(one.title.strip() for one in finder.find("elder street kettering"))
