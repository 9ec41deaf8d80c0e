"""The pictures of ``docs/`` are what the code says now, and what they say is so."""

import xml.etree.ElementTree as ET

import pytest

from tests import house_pictures
from tests.house_pictures import DOCS, IN, OUT, PICTURES, about, floors, imports, reduced, rooms

TEXTS = (DOCS.parent / "README.md", DOCS.parent / "ARCHITECTURE.md")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_from_the_code_of_now(name: str) -> None:
    kept = (DOCS / name).read_text("utf-8")
    assert PICTURES[name]() == kept, "python -m tests.house_pictures draws them anew"
    ET.fromstring(kept)  # noqa: S314 our own


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_found(name: str) -> None:
    assert all(f"docs/{name}" in file.read_text("utf-8") for file in TEXTS)


def test_the_arrows_are_the_imports() -> None:
    known = rooms()
    edges = imports(known)
    assert {"console.start", "console.views", "db.domain", "db.exercise", "db.clock"} <= known.keys()
    assert {
        ("console.live", "db.commands"),
        ("db.commands", "db.domain"),
        ("console.views", "console.map"),
    } <= edges
    assert not [edge for edge in edges if edge[0].startswith("db") and edge[1].startswith("console")]


def test_an_arrow_is_left_out_only_where_others_lead_there() -> None:
    edges = {("a", "b"), ("b", "c"), ("a", "c"), ("a", "d"), ("d", "e"), ("e", "c")}
    assert reduced(edges) == edges - {("a", "c")}


def test_every_arrow_leads_down() -> None:
    known = rooms()
    edges = reduced(imports(known))
    level = {name: at for at, row in enumerate(floors(known, edges)) for name in row}
    assert all(level[one] < level[to] for one, to in edges)
    assert known.keys() <= level.keys()


@pytest.mark.parametrize(("place", "why"), [*IN, *OUT])
def test_a_station_is_there_and_says_what_it_is(place: str, why: str) -> None:
    assert about(place)
    assert why in house_pictures.ways_picture()


@pytest.mark.parametrize("place", ["db.follow:Follower.guess", "db.commands.base:runs", "db.follow:Follow"])
def test_a_station_that_is_gone_is_not_drawn(place: str) -> None:
    with pytest.raises(LookupError):
        about(place)
