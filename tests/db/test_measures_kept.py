"""Measures of what was promised and put down for later, from the tables that keep it."""

import pytest

from tests.db.measuring import HOUR, now_of, put, told
from tests.db.psql import Psql


@pytest.mark.hazard("H-071")
async def test_a_promise_that_is_not_due_is_neither_kept_nor_broken(psql: Psql) -> None:
    one, _other = await psql.take(source="hub"), await psql.take(source="hub")
    now = await now_of(psql)
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
    assert await told(psql, "promises_kept", "promises_made") == [(1, 3, 0), (1, 2, 0)]


@pytest.mark.hazard("H-043")
async def test_a_follow_up_counts_as_kept_by_its_time(psql: Psql) -> None:
    ended = await psql.take()
    await psql.set(psql.shah, "referral", ended, state="declined", end_reason="out_of_area")
    now = await now_of(psql)
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
    assert await told(psql, "follow_ups_kept", "follow_ups_made") == [(1, 3, 0), (1, 1, 0)]


async def test_a_cancelled_referral_says_whether_the_person_was_spoken_to(psql: Psql) -> None:
    heard, unheard = await psql.referral("cancelled"), await psql.referral("cancelled")
    await put(psql, "contact", referral_id=heard, spoke_with="person", with_name="Ida")
    await put(psql, "contact", referral_id=unheard, spoke_with="nobody", why_not="no answer")
    assert await told(psql, "cancelled_unheard") == [(1, 2, 0)]
