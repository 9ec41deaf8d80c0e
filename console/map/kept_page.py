"""The map's page, made once by folium and kept: its libraries take longer to load than everything else of the map.

What it is made from stands in the name of the file, so that whatever changes makes another one.
"""

import hashlib
import json
import logging
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from console.look.key_table import MAP
from console.map.colours import page_colours
from console.map.marks import MapConfig, field_names
from db.geo.quick_copy import only_newest, whole_file

_log = logging.getLogger(__name__)
_MOST: Final = 8
"""Themes and packs of several consoles on one computer."""
_MAKER: Final = Path(__file__).with_name("page.py")


def page(config: MapConfig, base: dict[str, Any], tile_origin: str) -> bytes:
    """The whole page as UTF-8, as :func:`console.map.page.render` makes it; takes its arguments."""
    file = config.cache_dir / f"map-page-{_made_from(config, base, tile_origin)}.html"
    try:
        return file.read_bytes()
    except OSError:
        from console.map.page import render

        made = render(config, base, tile_origin)
        _keep(file, made)
        return made


def _made_from(config: MapConfig, base: dict[str, Any], tile_origin: str) -> str:
    keys = {name: key.does for key in MAP.keys for name in key.names}
    makers = [metadata.version(name) for name in ("folium", "branca")]
    given = [config.home, config.theme, base, tile_origin, field_names(), page_colours(), keys, makers]
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode())
    digest.update(_MAKER.read_bytes())
    return digest.hexdigest()[:32]


def _keep(file: Path, made: bytes) -> None:
    """Put it down whole, beside the last few; where nothing can be written it is made anew each time."""
    try:
        with whole_file(file) as out:
            out.write(made)
        only_newest(file.parent, "map-page-*.html", _MOST)
    except OSError as error:
        _log.warning("the map's page is not kept: %s", type(error).__name__)
