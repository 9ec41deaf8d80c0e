"""What the map is told to draw: frozen marks, and their short form for the page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from console.look.palette import Theme
from db.domain.texts import told

PACK_CREDIT = "© OpenMapTiles © OpenStreetMap contributors"
ORIGIN = "cru://map"
INDEX = f"{ORIGIN}/index.html"

NORTHAMPTONSHIRE = (51.976, -1.334, 52.645, -0.340)


def _default_cache() -> Path:
    return platformdirs.user_cache_path("cru-console")


@dataclass(frozen=True, slots=True)
class MapConfig:
    """How the map is set up; fixed for the life of a view, but for the theme.

    Attributes:
        pack: folder or ``.pmtiles`` file of the map pack; None draws the schematic.
        tile_server: raster tile address with ``{z}``, ``{x}`` and ``{y}``; None asks no server, ever.
        attribution: the tile server's attribution; the pack's own is always shown with the pack.
        theme: the colours to start with.
        home: south, west, north and east in degrees; where the map opens and what "fit all" shows when empty.
        cache_dir: folder for the quick copy of the schematic.
        notice: the line on a schematic map that says how to get the full one.
    """

    pack: Path | None = None
    tile_server: str | None = None
    attribution: str = PACK_CREDIT
    theme: Theme = "dark"
    home: tuple[float, float, float, float] = NORTHAMPTONSHIRE
    cache_dir: Path = field(default_factory=_default_cache)
    notice: str = "Schematic map. Full map: main.py map get northamptonshire"


@dataclass(frozen=True, slots=True)
class VanMark:
    """A van on the map.

    ``fix_at`` is an aware time; ``heading`` is degrees clockwise from north; ``accuracy_m`` is a radius in metres.
    ``status`` is one of "available", "committed", "meal break", "out of service", "off duty".
    """

    id: str
    callsign: str
    lat: float
    lon: float
    fix_at: datetime
    heading: float | None = None
    speed_kmh: float | None = None
    accuracy_m: float | None = None
    status: str = "available"
    emergency: bool = False
    label: str = ""
    stale: bool = False
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A way to drive, with words on it such as "CRU3 9 min"; ``points`` are latitude and longitude in degrees.

    A faint one is another way that could be taken.
    """

    points: Sequence[tuple[float, float]]
    label: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class TownMark:
    """How long a free van would take to a town, such as "12 min"; ``long`` is longer than it should be."""

    name: str
    lat: float
    lon: float
    label: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class ReferralMark:
    """A referral on the map.

    ``reference_short`` is such as "0044", ``priority`` its code, and ``standing`` how many priorities go before
    it, which gives shape and colour.
    """

    id: str
    reference_short: str
    lat: float
    lon: float
    priority: str
    standing: int
    label: str = ""
    selected: bool = False
    held: bool = False


Mark = VanMark | ReferralMark

_VAN_FIELDS = tuple(each.name for each in fields(VanMark))
_REFERRAL_FIELDS = tuple(each.name for each in fields(ReferralMark))


def on_map(mark: Mark) -> bool:
    """Whether the position is a place on Earth that a map can show."""
    return abs(mark.lat) < 85 and abs(mark.lon) <= 180  # false of what is no number, too


def van_row(mark: VanMark) -> list[Any]:
    """The fields in the order that the page expects, the time as seconds since 1970."""
    row = [_drawable(getattr(mark, name)) for name in _VAN_FIELDS]
    # The fifth field: the page counts on their order, which it is told once.
    row[4] = round(mark.fix_at.timestamp(), 2)
    return row


def _drawable(value: Any) -> Any:  # noqa: ANN401 any field
    """The page can draw no length that is not a number, and a label stands on one line in its own direction."""
    if isinstance(value, str):
        return told(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def referral_row(mark: ReferralMark) -> list[Any]:
    """The fields in the order that the page expects."""
    return [_drawable(getattr(mark, name)) for name in _REFERRAL_FIELDS]


def field_names() -> Mapping[str, tuple[str, ...]]:
    """The order of the fields in a row, by kind of mark; the page is given this."""
    return {"van": _VAN_FIELDS, "referral": _REFERRAL_FIELDS}
