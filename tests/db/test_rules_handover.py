"""When a handover may be made, begin and end."""

from uuid import UUID

import pytest

from tests.db.psql import Psql

INSERT = "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, 'EMAS A1', 'CRU')"


async def link_of(psql: Psql, referral: UUID) -> UUID:
    return UUID(str(await psql.shah.fetchval(f"{INSERT} RETURNING id", referral)))


@pytest.mark.parametrize("state", ["received", "accepted", "allocated"])
@pytest.mark.parametrize("to", ["started", "accepted"])
async def test_it_begins_only_with_a_crew_on_scene(psql: Psql, state: str, to: str) -> None:
    link = await link_of(psql, await psql.referral(state))
    says = "A handover starts when a crew is on scene."
    await psql.set_refused(psql.shah, "handover", link, code="CR001", says=says, state=to)
    await psql.set(psql.shah, "handover", link, state="refused", refusal_reason="physical_need")


@pytest.mark.parametrize("state", ["closed", "declined", "cancelled"])
async def test_an_ended_referral_gets_none(psql: Psql, state: str) -> None:
    says = f"This referral is {state}."
    await psql.refused(psql.shah, INSERT, await psql.referral(state), code="CR001", says=says)


async def test_the_first_crew_is_released_also_after_the_end(psql: Psql) -> None:
    """Who was slow to leave is put down as it was, not as it should have been."""
    referral = await psql.referral("attending")
    link = await link_of(psql, referral)
    await psql.set(psql.shah, "handover", link, state="accepted")
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral)
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", referral, state="closed", outcome="gp")
    await psql.set(psql.shah, "handover", link, state="released")
    assert (await psql.read("handover", link))["released_at"] is not None


@pytest.mark.parametrize(("giver", "taker"), [(" ", "CRU"), ("EMAS A1", "\t")])
async def test_it_has_two_parties(psql: Psql, giver: str, taker: str) -> None:
    sql = "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, $3)"
    await psql.refused(psql.shah, sql, await psql.referral(), giver, taker)
