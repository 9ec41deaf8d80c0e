"""What the map's page is told of colours: the console's palette by what is drawn. The page has none of its own."""

from typing import Any

from console.look.paint import priority_tone
from console.look.palette import PALETTES, Palette, Theme
from console.map.cartography import GROUNDS

_LEVELS = 3
"""How many priorities differ in shape and colour: the first, the second, and all others."""


def page_colours() -> dict[Theme, dict[str, Any]]:
    """By theme: ``marks`` for what moves, ``ground`` for the base map, ``chrome`` for the edge (CSS variables)."""
    return {
        name: {"marks": mark_colours(palette), "ground": GROUNDS[name], "chrome": _chrome(palette)}
        for name, palette in PALETTES.items()
    }


def mark_colours(palette: Palette) -> dict[str, Any]:
    """The colours of vans, referrals, trails and routes in one theme; a van's by its status."""
    return {
        "text": palette.text,
        "quiet": palette.text_dim,
        "pill": palette.panel,
        "available": palette.good,
        "committed": palette.link,
        "meal break": palette.neutral,
        "out of service": palette.neutral,
        "off duty": palette.neutral,
        "stale": palette.warn,
        "emergency": palette.late,
        "emergencyFill": palette.danger,
        "onEmergency": palette.on_danger,
        "priorities": [palette.tone(priority_tone(level)) for level in range(_LEVELS)],
        "ring": palette.edge,
        "selected": palette.text,
        "trail": palette.link,
        "route": palette.cru,
        "routeEdge": palette.map_halo,
        "mark": palette.window if palette.name != "light" else palette.panel,
    }


def _chrome(palette: Palette) -> dict[str, str]:
    # A little of the map shows through, but not where contrast is all.
    through = "" if palette.name == "contrast" else "ee"
    return {
        "--panel": f"{palette.panel}{through}",
        "--edge": palette.line,
        "--hover": f"{palette.edge}33",
        "--text": palette.text,
        "--quiet": palette.text_dim,
        "--amber": palette.warn,
        "--focus": palette.focus,
        "--pin": palette.destination,
        "--pin-edge": palette.panel,
        "--pin-line": palette.text,
    }
