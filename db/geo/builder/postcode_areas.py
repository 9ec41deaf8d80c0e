"""Makes the list of Great Britain's postcode areas, and where each lies, that comes with the program.

    python -m db.geo.builder.postcode_areas

Nothing runs this but a person who has a newer postcode directory. With it a county's postcodes are found without
reading the whole country's. `resources/reference/SOURCES.md` says what was made from what, and under which
licence.
"""

import csv
import io
from pathlib import Path

import numpy as np

import resources
from db.geo.search import postcode_data as data

# A kilometre around, for what is built between two editions.
_MARGIN = 1000
# One postcode for a village in another county, or one put down wrongly, does not make an area reach there.
_SHARE = 0.001


def areas_of(rows: data.Rows) -> list[tuple[str, int, int, int, int]]:
    """Return the areas of some postcodes: letters, then west, south, east and north in kilometres on the grid."""
    letters = np.char.rstrip(np.char.rstrip(rows["key"].astype("S2"), b"0123456789").astype("S2"))
    found = []
    for area in np.unique(letters):
        mine = rows[letters == area]
        west, east = np.quantile(mine["east"], (_SHARE, 1 - _SHARE))
        south, north = np.quantile(mine["north"], (_SHARE, 1 - _SHARE))
        bounds = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
        found.append((area.decode(), *(round(float(bound) / 1000) for bound in bounds)))
    return found


def main(into: Path) -> None:
    """Read the directory and write the list."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("area", "west", "south", "east", "north"))
    for letter in data.LETTERS:
        writer.writerows(areas_of(data.read_letter(letter)))
    into.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main(resources.path("reference") / "postcode-areas.csv")
