"""The record of one computer: built by whoever comes first, opened by both."""

import asyncio
from pathlib import Path

import pytest

from db import queries
from db.domain.roles import Role
from db.engine import connect, transaction
from db.local import LocalRecord, open_local


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
