"""Which free van would be first with each person to whom nobody is on the way."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from console.live.geography import Geography
from console.live.nearest import NearestVans
from console.live.store import Link, LinkState, Store
from db.domain.records import Location
from db.domain.states import AssignmentState, ReferralState
from db.domain.wall import NearestVan
from tests.unit.board_records import NOW, job, position, reference, referral, shift, van

KETTERING, CORBY, BRACKLEY = (52.3980, -0.7266), (52.4877, -0.7002), (52.0290, -1.1470)


class Geo(Geography):
    """As many minutes as hundredths of a degree lie between; nothing else is asked."""

    async def between(self, scenes: Any, sources: Any) -> list[list[float]]:
        return [[100 * (abs(to[0] - one[0]) + abs(to[1] - one[1])) for one in sources] for to in scenes]


def who(place: tuple[float, float] | None, number: int, **changed: Any) -> Any:
    lat, lon = place or (None, None)
    return referral(number=number, location=Location("x", "", lat, lon), state=ReferralState.ACCEPTED, **changed)


def seen(rows: dict[str, list[Any]], tmp_path: Any) -> tuple[Store, NearestVans]:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.replace(rows)
    clock = SimpleNamespace(now=lambda: NOW)
    desk: Any = SimpleNamespace(store=store, clock=clock)
    return store, NearestVans(desk, Geo(None, tmp_path, clock))


async def test_of_each_who_waits_without_a_van_the_free_van_that_is_first(qapp: object, tmp_path: Any) -> None:
    vans = [van("CRU1"), van("CRU2"), van("CRU10")]
    places = [KETTERING, CORBY, CORBY]
    fixes = [replace(position(one.id), lat=lat, lon=lon) for one, (lat, lon) in zip(vans, places, strict=True)]
    near, far, nowhere, sent = who(CORBY, 1), who(BRACKLEY, 2), who(None, 3), who(BRACKLEY, 4)
    busy = van("CRU5")
    rows = {
        "van": [*vans, busy],
        "shift": [shift(one.id) for one in (*vans, busy)],
        "position": [*fixes, replace(position(busy.id), lat=BRACKLEY[0], lon=BRACKLEY[1])],
        "referral": [near, far, nowhere, sent, who(BRACKLEY, 5, entered_in_error_at=NOW)],
        "assignment": [job(sent.id, busy.id, AssignmentState.MOBILE, allocated=5, mobile=4)],
    }
    store, nearest = seen(rows, tmp_path)
    assert nearest.of(near.id) is None, "nobody asked yet"
    await nearest.work_out()
    assert nearest.of(near.id) == NearestVan("CRU2", 0.0), "of two alike the first by callsign"
    assert nearest.of(far.id).callsign == "CRU1"
    assert [nearest.of(one.id) for one in (nowhere, sent)] == [None, None]
    assert nearest.of(uuid4()) is None
    told: list[int] = []
    nearest.changed.connect(lambda: told.append(1))
    await nearest.work_out()
    assert told == [], "the same is no news"
    # Nobody is free any more, and that is said.
    store.replace(rows | {"shift": [], "position": []})
    await nearest.work_out()
    assert (nearest.of(near.id), told) == (NearestVan(), [1])
