"""Where vans wait and where people are taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db import tables
from db.domain.records import Van
from db.exercise.places import Places
from db.exercise.scenario import Script
from db.geo.earth import Point, metres


@dataclass(frozen=True, slots=True)
class Geography:
    """Points are (lat, lon) in WGS 84 degrees.

    Attributes:
        standby: where each van waits between jobs.
        destinations: by name.
        kinds: the kind of each destination, by name.
    """

    standby: Mapping[UUID, Point]
    destinations: Mapping[str, Point]
    kinds: Mapping[str, str]

    def of_kind(self, kind: str, near: Point) -> str:
        """The name of the nearest destination of a kind; empty when there is none."""
        names = [name for name, its in self.kinds.items() if its == kind]
        return min(names, key=lambda name: metres(near, self.destinations[name]), default="")


async def survey(connection: AsyncConnection, vans: Sequence[Van], script: Script, places: Places) -> Geography:
    """Read destinations and bases.

    Args:
        connection: a dispatcher's.
        vans: by callsign.
        script: fills in what the reference set leaves open.
        places: finds the script's postcodes.
    """
    bases = {row.name: (row.lat, row.lon) for row in await connection.execute(select(tables.VanBase.__table__))}
    found: dict[str, Point] = {}
    kinds: dict[str, str] = {}
    for row in await connection.execute(select(tables.Destination.__table__).order_by(tables.Destination.name)):
        point = _point(row, script, places)
        if row.active and point is not None:
            found[row.name], kinds[row.name] = point, row.kind
    posts = [places.locate(postcode) for postcode in script.lists["standby"]]
    standby = {van.id: posts[at % len(posts)] or bases[van.base] for at, van in enumerate(vans)}
    return Geography(standby, found, kinds)


def _point(row: Row[tuple[str, float, float]], script: Script, places: Places) -> Point | None:
    if row.lat is not None and row.lon is not None:
        return row.lat, row.lon
    postcode = script.destinations.get(row.name)
    return places.locate(postcode) if postcode else None
