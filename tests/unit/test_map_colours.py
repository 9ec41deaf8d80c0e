"""The map takes its colours from the console's palette, and its priorities from the reference data."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from console.look.paint import priority_tone
from console.look.palette import PALETTES, ROLES, Palette, contrast
from console.map.cartography import GROUNDS
from console.map.colours import mark_colours, page_colours

ROOT = Path(__file__).parents[2]
WEB = ROOT / "resources/web"
THEMES = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch)a?\(|\b(?:white|black|red|amber)\b(?=[\"';])")
CODES = re.compile(r"""["'`]P\d["'`]|\bP\d:""")


def flat(colours: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for value in colours.values():
        inside = flat(value) if isinstance(value, Mapping) else [value] if isinstance(value, str) else list(value)
        found += inside
    return found


def shape(colours: Mapping[str, Any]) -> Any:
    return {name: shape(value) if isinstance(value, Mapping) else None for name, value in colours.items()}


def test_the_page_holds_no_colour_of_its_own() -> None:
    sources = [path for end in ("js", "css") for path in WEB.glob(f"*.{end}")]
    assert len(sources) > 15
    found = [f"{path.name}: {hit}" for path in sources for hit in COLOUR.findall(path.read_text())]
    assert found == []


@pytest.mark.parametrize("text", ['"#fff"', "background: #8aa0b833;", 'fill = "white";', "rgba(0, 0, 0, 0.4)"])
def test_a_colour_of_its_own_is_found(text: str) -> None:
    assert COLOUR.search(text)


@THEMES
def test_marks_have_the_colours_of_the_panels(palette: Palette) -> None:
    assert set(flat(mark_colours(palette))) <= {palette.role(role) for role in ROLES}


@THEMES
def test_what_stands_on_the_map_can_be_read(palette: Palette) -> None:
    colours = mark_colours(palette)
    for ink, ground in (("text", "pill"), ("quiet", "pill"), ("onEmergency", "emergencyFill")):
        assert contrast(colours[ink], colours[ground]) >= 4.5
    for colour in (*colours["priorities"], colours["available"], colours["committed"], colours["stale"]):
        assert contrast(colour, colours["mark"]) >= 4.5


def test_every_name_that_the_page_asks_for_is_given_in_every_theme() -> None:
    given = page_colours()
    marks = "".join((WEB / name).read_text() for name in ("vans.js", "referrals.js", "lines.js", "marks.js"))
    asked = set(re.findall(r"\bcolours\.(\w+)", marks))
    css = set(re.findall(r"var\((--[\w-]+)\)", (WEB / "map.css").read_text()))
    for colours in given.values():
        assert asked <= set(colours["marks"])
        assert css == set(colours["chrome"])
        assert shape(colours["ground"]) == shape(GROUNDS["dark"])
        assert all(re.fullmatch("#[0-9a-f]{6}", one) for one in flat(colours["ground"]))


def test_no_priority_is_named_in_the_code_of_the_screen() -> None:
    rooms = [*(ROOT / "console").rglob("*.py"), *(ROOT / "db/domain").glob("*.py"), *WEB.glob("*.js")]
    texts = {path.name: re.sub(r'"""(.|\n)*?"""', "", path.read_text()) for path in rooms}
    assert [name for name, text in texts.items() if CODES.search(text)] == []


def test_the_map_and_the_badge_show_a_priority_in_the_same_tone() -> None:
    for palette in PALETTES.values():
        told = mark_colours(palette)["priorities"]
        assert told == [palette.tone(priority_tone(standing)) for standing in range(len(told))]
        assert len(set(told)) == len(told)
    assert priority_tone(2) == priority_tone(9)
