"""A fix that cannot be believed costs that fix, and never the batch it came with."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.db.psql import Psql

GOOD = {"fixed_at": "2026-03-04T05:06:07Z", "received_at": "2026-03-04T05:06:08Z", "lat": 52.24, "lon": -0.9}


async def send(psql: Psql, *given: Any) -> list[Any]:
    """Send a batch as the gateway; returns what was kept, in order."""
    assert await psql.gateway.fetchval("SELECT cru.record_fixes($1)", json.dumps(given)) == len(given)
    return list(await psql.owner.fetch("SELECT * FROM cru.position_fix ORDER BY id"))


def sent(row: Any) -> dict[str, str]:
    return dict(json.loads(row["attributes"]))


PLACE, TIME, VAN = "not a place on earth", "its time cannot be believed", "not a van of the record"
DEEP = {"x": {"y": {"z": {"a": {"b": {"c": {"d": 1}}}}}}}


@pytest.mark.hazard("H-039")
@pytest.mark.parametrize(
    ("changed", "refused", "kept"),
    [
        ({"lat": "abc"}, PLACE, {"lat": "abc"}),
        ({"lat": None}, PLACE, {}),
        ({"lon": {"x": 1}}, PLACE, {"lon": '{"x": 1}'}),
        ({"lon": 181}, PLACE, {"lon": "181"}),
        ({"lat": "-Infinity"}, PLACE, {"lat": "-Infinity"}),
        ({"lat": 10**400}, PLACE, {"lat": str(10**400)[:256]}),
        ({"fixed_at": "infinity"}, TIME, {"fixed at": "infinity"}),
        ({"fixed_at": "0044-03-15T12:00:00Z"}, TIME, {"fixed at": "0044-03-15T12:00:00Z"}),
        ({"fixed_at": "2026-02-30T12:00:00Z"}, TIME, {"fixed at": "2026-02-30T12:00:00Z"}),
        ({"fixed_at": 17}, TIME, {"fixed at": "17"}),
        ({"fixed_at": "2098-01-01T00:00:00Z"}, "dated in the future", {}),
        ({"received_at": "the other day"}, "", {"received at": "the other day"}),
        ({"accuracy": -1, "heading": 361}, "", {"accuracy": "-1", "heading": "361"}),
        ({"speed": "NaN", "accuracy": 60_000_000}, "", {"speed": "NaN", "accuracy": "60000000"}),
        ({"attributes": ["x"]}, "", {"attributes": '["x"]'}),
        ({"attributes": DEEP}, "", {"attributes": json.dumps(DEEP)}),
        ({"van_id": "Crisis 1"}, VAN, {"van": "Crisis 1"}),
        ({"van_id": "00000000-0000-4000-8000-00000000000f"}, VAN, {}),
        ({"refused": "it jumped", "lat": 95}, "it jumped", {"lat": "95"}),
    ],
)
async def test_one_costs_itself(psql: Psql, changed: dict[str, Any], refused: str, kept: dict[str, str]) -> None:
    van = await psql.van()
    before, after = GOOD | {"van_id": str(van)}, GOOD | {"van_id": str(van), "fixed_at": "2026-03-04T05:06:09Z"}
    rows = await send(psql, before, GOOD | {"van_id": str(van)} | changed, after)
    assert [row["refused"] for row in rows] == ["", refused, ""]
    assert sent(rows[1]) == {f"sent {name}": value for name, value in kept.items()}
    assert (sent(rows[0]), sent(rows[2])) == ({}, {})
    assert await psql.owner.fetchval("SELECT fixed_at FROM cru.position") == datetime.fromisoformat(
        after["fixed_at"]
    )


@pytest.mark.parametrize("junk", [None, 7, "x", [], [[["x"]]], {}, {"lat": 52, "lon": -1}])
async def test_what_is_no_fix_at_all_is_kept_as_refused(psql: Psql, junk: Any) -> None:
    van = await psql.van()
    rows = await send(psql, junk, GOOD | {"van_id": str(van)})
    assert [(row["van_id"], row["refused"]) for row in rows] == [
        (UUID(int=0), VAN),
        (van, ""),
    ]
    assert sent(rows[0]) == ({} if isinstance(junk, dict) else {"sent": json.dumps(junk)})


async def test_a_novel_is_cut_and_costs_nobody(psql: Psql) -> None:
    van = str(await psql.van())
    novel = "x" * 200_000
    rows = await send(
        psql,
        {"van_id": novel, "fixed_at": novel, "received_at": novel, "lat": novel, "lon": novel},
        GOOD | {"van_id": van, "source": "a\tb" + novel, "attributes": {"x": novel}, "speed": novel},
        GOOD | {"van_id": van, "refused": novel, "accuracy": 5, "speed": "33.5"},
    )
    assert [len(row["refused"]) for row in rows] == [len(VAN), 0, 200]
    assert (rows[1]["source"], len(sent(rows[1])["sent attributes"])) == (("a b" + novel)[:60], 256)
    assert (rows[2]["accuracy"], rows[2]["speed"]) == (5, 33.5)


async def test_what_was_sent_is_kept_as_it_was_sent(psql: Psql) -> None:
    van = str(await psql.van())
    (row,) = await send(
        psql,
        GOOD
        | {
            "van_id": van,
            "accuracy": 4.25,
            "speed": 1e-310,
            "heading": 360,
            "attributes": {"batt": 80, "io": [1]},
        },
    )
    assert (row["lat"], row["lon"], row["accuracy"], row["speed"], row["heading"]) == (
        52.24,
        -0.9,
        4.25,
        1e-310,
        360,
    )
    assert sent(row) == {"batt": 80, "io": [1]}
