"""The colours of the base map, by theme. Calm: the vans are the picture, this is the ground.

Land, water, roads and names have colours of their own, which no panel uses. All that stands on the ground (vans,
referrals, routes, the edge of the map) takes the console's palette: :mod:`console.map.colours`.
"""

from collections.abc import Mapping
from typing import Any, Final

from console.look.palette import Theme

_DARK: Final[dict[str, Any]] = {
    "ground": "#20242a",
    "land": "#262b32",
    "built": "#2d333b",
    "works": "#2f3240",
    "campus": "#2d2e33",
    "green": "#25302a",
    "wood": "#273a2e",
    "sand": "#302f2a",
    "water": "#1d3447",
    "stream": "#25435a",
    "runway": "#343a43",
    "rail": "#59616d",
    "railGap": "#262b31",
    "county": "#7d6b93",
    "district": "#5b5568",
    "path": "#3b4149",
    "roads": {
        "motorway": ("#476d9c", "#16202b"),
        "trunk": ("#4b6f56", "#17211b"),
        "primary": ("#7c6542", "#241f18"),
        "secondary": ("#716748", "#211f19"),
        "tertiary": ("#565d66", "#1b1f24"),
        "minor": ("#434a53", "#1b1f24"),
        "service": ("#373d45", "#1b1f24"),
    },
    "town": "#d3d9e0",
    "village": "#a9b2bd",
    "hamlet": "#8d97a3",
    "street": "#a2abb6",
    "waterName": "#6f9cc0",
    "greenName": "#7f9f86",
    "site": "#8b95a1",
    "hospital": ("#7fb2e5", "#14304c"),
    "halo": "#181c21",
    "shields": {
        "motorway": ("#2b5b94", "#e6eef8", "#2b5b94"),
        "trunk": ("#2f5f41", "#f0dc8a", "#2f5f41"),
        "primary": ("#3a3f47", "#d5dae0", "#6b727c"),
        "secondary": ("#2d3239", "#b3bbc5", "#565d66"),
    },
}

_LIGHT: Final[dict[str, Any]] = {
    "ground": "#f3f1ec",
    "land": "#fbfaf7",
    "built": "#e4e0d8",
    "works": "#e3e0ea",
    "campus": "#ece6dd",
    "green": "#e2ecd6",
    "wood": "#cde0bd",
    "sand": "#efe9cf",
    "water": "#a9cfe4",
    "stream": "#9cc6de",
    "runway": "#d5d3da",
    "rail": "#85878c",
    "railGap": "#f3f1ec",
    "county": "#9a7fb5",
    "district": "#b7a8c6",
    "path": "#cfc8bd",
    "roads": {
        "motorway": ("#7ea6d8", "#5c84b6"),
        "trunk": ("#8fc09a", "#6a9d77"),
        "primary": ("#f5c481", "#d69f57"),
        "secondary": ("#f8e3a0", "#d9bf70"),
        "tertiary": ("#ffffff", "#c9c4b9"),
        "minor": ("#ffffff", "#d8d4cb"),
        "service": ("#fbfaf8", "#dedad2"),
    },
    "town": "#1f262e",
    "village": "#3b444e",
    "hamlet": "#59636e",
    "street": "#4a535d",
    "waterName": "#2e6d9a",
    "greenName": "#3f6b45",
    "site": "#5f6873",
    "hospital": ("#ffffff", "#005eb8"),
    "halo": "#fbfaf7",
    "shields": {
        "motorway": ("#2f6db5", "#ffffff", "#ffffff"),
        "trunk": ("#00703c", "#ffe680", "#ffffff"),
        "primary": ("#ffffff", "#212b32", "#212b32"),
        "secondary": ("#ffffff", "#425563", "#98a4ae"),
    },
}

_CONTRAST: Final[dict[str, Any]] = {
    **_DARK,
    "ground": "#000000",
    "land": "#0c0c0c",
    "built": "#121212",
    "works": "#141420",
    "campus": "#161616",
    "green": "#07120a",
    "wood": "#0b1f10",
    "sand": "#151308",
    "water": "#06243d",
    "stream": "#0d3a5f",
    "county": "#c9a6ff",
    "roads": {
        "motorway": ("#79b4ff", "#000000"),
        "trunk": ("#63d68c", "#000000"),
        "primary": ("#ffc46b", "#000000"),
        "secondary": ("#d9cb8a", "#000000"),
        "tertiary": ("#a8a8a8", "#000000"),
        "minor": ("#777777", "#000000"),
        "service": ("#505050", "#000000"),
    },
    "town": "#ffffff",
    "village": "#ffffff",
    "hamlet": "#e0e0e0",
    "street": "#ffffff",
    "waterName": "#8fd0ff",
    "greenName": "#9be0a8",
    "site": "#d0d0d0",
    "halo": "#000000",
}

GROUNDS: Final[Mapping[Theme, Mapping[str, Any]]] = {"dark": _DARK, "light": _LIGHT, "contrast": _CONTRAST}
"""Colours by what is drawn: one ``#rrggbb``, or several where a thing has a fill, an edge and an ink."""
