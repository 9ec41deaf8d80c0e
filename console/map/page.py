"""The page: a folium map with every script and style local.

folium stays the maker of the page (its figure, its map options, its Leaflet set-up); our own scripts extend the
Leaflet map that it creates. ``default_js`` and ``default_css`` replace its list of ten files from the network.

How the base map is drawn, and why: vector tiles are decoded and drawn by our own scripts in a worker of the
page's process, on canvases that become the tiles of a Leaflet layer. Measured on two busy cores without a GPU,
tiles of Northampton at zoom 14: 9 ms to decode (cold scripts included), 4 ms to draw, none on the GUI thread.
Decoding the same tiles in Python takes 5 ms each and holds the interpreter's lock: a screen of 40 tiles would stop
the board for 0.2 s before anything is drawn. MapLibre needs WebGL 2, which software drawing does not have.
"""

import json
from typing import Any

import folium
from branca.element import Element, Figure

from console.look.key_table import MAP
from console.map.colours import page_colours
from console.map.marks import ORIGIN, MapConfig, field_names

SCRIPTS = (
    "core.js",
    "style.js",
    "collide.js",
    "place.js",
    "towns.js",
    "overlay.js",
    "basemap.js",
    "labels.js",
    "schematic.js",
    "lines.js",
    "glyphs.js",
    "vans.js",
    "referrals.js",
    "marks.js",
    "pin.js",
    "chrome.js",
    "control.js",
    "app.js",
)


class LocalMap(folium.Map):
    """A folium map that asks for nothing outside its own scheme."""

    default_js = [  # noqa: RUF012 folium reads a class-level list
        ("leaflet", f"{ORIGIN}/leaflet/leaflet.js"),
        ("channel", f"{ORIGIN}/qwebchannel.js"),
        *((name, f"{ORIGIN}/web/{name}") for name in SCRIPTS),
    ]
    default_css = [  # noqa: RUF012 folium reads a class-level list
        ("leaflet_css", f"{ORIGIN}/leaflet/leaflet.css"),
        ("map_css", f"{ORIGIN}/web/map.css"),
    ]


def _policy(tile_origin: str) -> str:
    """The content security policy: a second fence behind the request interceptor.

    Inline scripts and styles have to be let through, since folium writes the map's set-up into the page.
    """
    return (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: {tile_origin}; connect-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


def render(config: MapConfig, base: dict[str, Any], tile_origin: str) -> bytes:
    """The whole page as UTF-8.

    Args:
        config: how the map is set up.
        base: which base map to draw: ``kind`` is "vector", "raster" or "schematic", with its particulars.
        tile_origin: the one origin besides our own that may send pictures; empty for none.
    """
    south, west, north, east = config.home
    page = LocalMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=10,
        zoom_control=False,
        attribution_control=False,
        min_zoom=7,
        max_zoom=18,
        # Fractions of a zoom, so that the county fills the panel whatever its shape.
        zoom_snap=0,
        font_size="12px",
        # The console's table of keys has them, and control.js does what they say.
        keyboard=False,
        box_zoom=False,
    )
    figure = page.get_root()
    assert isinstance(figure, Figure)  # noqa: S101 folium always puts a map on a figure, and types it wider
    figure.title = "Map"
    policy = _policy(tile_origin)
    # First in the head: a policy binds only what comes after it.
    figure.header.add_child(
        Element(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'), name="policy", index=0
    )
    setup = {
        "home": config.home,
        "theme": config.theme,
        "base": base,
        "fields": field_names(),
        "colours": page_colours(),
        "keys": {name: key.does for key in MAP.keys for name in key.names},
    }
    start = f"CRU.start({page.get_name()}, {json.dumps(setup)});"
    # folium writes its scripts into the figure here: ours has to come after them.
    page.render()  # type: ignore[no-untyped-call] # folium leaves it without types
    figure.script.add_child(Element(start), name="start")
    html: str = figure.render()
    return html.encode()
