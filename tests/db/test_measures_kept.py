"""Measures of what was promised and put down for later, from the tables that keep it."""

from datetime import timedelta
from typing import Any

import pytest

from db.domain.measures import RULES, Share
from tests.db.psql import Psql
from tests.db.test_measures import read

HOUR = timedelta(hours=1)


async def put(psql: Psql, table: str, **columns: Any) -> None:
    """A row as it may stand in the record; what it takes to write one is for the tests of that part."""
    names, marks = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(f"INSERT INTO cru.{table} ({names}) VALUES ({marks})", *columns.values())  # noqa: S608


async def figures(psql: Psql, *keys: str) -> list[Any]:
    episodes = (await read(psql)).episodes
    return [RULES[key](episodes) for key in keys]


@pytest.mark.hazard("H-071")
async def test_a_promise_that_is_not_due_is_neither_kept_nor_broken(psql: Psql) -> None:
    one, _other = await psql.take(source="hub"), await psql.take(source="hub")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    for due, outcome, back in (
        (now - HOUR, "kept", None),
        (now - HOUR, "not kept", None),
        (now - HOUR, "", None),
        (now + HOUR, "", None),
        (now - HOUR, "kept", now),  # it did not happen
    ):
        await put(
            psql,
            "contact",
            referral_id=one,
            spoke_with="person",
            with_name="Ida",
            promised="a call",
            promise_due_at=due,
            promise_outcome=outcome,
            promise_closed_at=now if outcome else None,
            taken_back_at=back,
        )
    assert await figures(psql, "promises_kept", "promises_made") == [Share(1, 3), Share(1, 2)]


async def test_a_follow_up_counts_as_kept_by_its_time(psql: Psql) -> None:
    ended = await psql.take()
    await psql.set(psql.shah, "referral", ended, state="declined", end_reason="out_of_area")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    ago, ahead = now - HOUR, now + HOUR
    for due, done in ((ahead, ago), (ago - HOUR, ago), (ago, None), (ahead, None)):
        await put(
            psql,
            "follow_up",
            referral_id=ended,
            due_at=due,
            what_for="a call",
            done_at=done,
            outcome="spoken to" if done else "",
        )
    assert await figures(psql, "follow_ups_kept", "follow_ups_made") == [Share(1, 3), Share(1, 1)]


async def test_a_cancelled_referral_says_whether_the_person_was_spoken_to(psql: Psql) -> None:
    heard, unheard = await psql.referral("cancelled"), await psql.referral("cancelled")
    await put(psql, "contact", referral_id=heard, spoke_with="person", with_name="Ida")
    await put(psql, "contact", referral_id=unheard, spoke_with="nobody", why_not="no answer")
    assert await figures(psql, "cancelled_unheard") == [Share(1, 2)]
