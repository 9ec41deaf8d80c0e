"""The record of one computer: built by whoever comes first, opened by both."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from db import queries, reference
from db.domain.roles import Role
from db.engine import connect, transaction
from db.local import DATABASE, LocalRecord, _amended, make_ready, open_local
from db.reference import Amended
from db.server import EmbeddedServer


async def _me(record: LocalRecord) -> queries.Me:
    engine = connect(record.url)
    try:
        async with transaction(engine) as connection:
            return await queries.me(connection)
    finally:
        await engine.dispose()


async def test_two_consoles_that_start_at_once_share_one_record(tmp_path: Path) -> None:
    one, other = await asyncio.gather(open_local(tmp_path), open_local(tmp_path))
    try:
        for record in (one, other):
            me = await _me(record)
            assert (me.login, me.role) == ("local", Role.SHIFT_LEAD)
        assert one.url == other.url
    finally:
        await one.server.stop()
        await other.server.stop()


@pytest.mark.long
async def test_it_is_there_again_after_a_stop(tmp_path: Path) -> None:
    first = await open_local(tmp_path)
    await first.server.stop()
    again = await open_local(tmp_path)
    try:
        assert (await _me(again)).login == "local"
    finally:
        await again.server.stop()


async def test_a_new_record_has_the_places_of_its_county_and_keeps_them(tmp_path: Path) -> None:
    def county() -> Amended:
        base = {"name": "Ludlow", "postcode": "SY8 1AA", "lat": 52.37, "lon": -2.72}
        vans = [{"callsign": "M1", "registration": "EX07 CRU", "base": "Ludlow", "livery": "marked", "seats": 5}]
        more = {"service": {"name": "Marches"}, "van_base": [base], "destination": [], "van": vans}
        return lambda shipped: shipped | more

    server = EmbeddedServer.of(tmp_path)
    record = await make_ready(server, await server.start(), county)
    try:
        owner = (await server.start()).superuser_url(DATABASE)
        # An upgrade adds rows that are missing: the shipped county's are none of them.
        assert await reference.load(owner, amended=await _amended(owner, None)) == 0
        assert (await _me(record)).service == "Marches"
        engine = connect(owner)
        async with transaction(engine) as connection:
            names = (await connection.execute(text("SELECT callsign FROM cru.van"))).scalars().all()
        await engine.dispose()
        assert names == ["M1"]
    finally:
        await server.stop()
