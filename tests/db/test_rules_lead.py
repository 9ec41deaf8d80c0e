"""What only a shift lead may do."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.db.psql import Psql


@pytest.mark.hazard("H-047")
async def test_only_a_lead_clears_an_emergency(psql: Psql) -> None:
    van, raised = await psql.van(), datetime.now(UTC) - timedelta(minutes=3)
    await psql.set(psql.shah, "van", van, emergency_at=raised)
    says = "Only a shift lead clears an emergency."
    await psql.set_refused(psql.shah, "van", van, code="CR002", says=says, emergency_at=None)
    await psql.set(psql.lead, "van", van, emergency_at=None)
    assert (await psql.read("van", van))["emergency_at"] is None


@pytest.mark.hazard("H-047")
async def test_the_first_emergency_counts(psql: Psql) -> None:
    van, raised = await psql.van(), datetime.now(UTC) - timedelta(minutes=3)
    await psql.set(psql.shah, "van", van, emergency_at=raised)
    for who in (psql.shah, psql.lead):
        again = raised + timedelta(minutes=1)
        await psql.set_refused(who, "van", van, code="CR001", says="has an emergency already", emergency_at=again)


@pytest.mark.hazard("H-018")
async def test_only_a_lead_marks_as_entered_in_error(psql: Psql) -> None:
    mark = {"entered_in_error_at": datetime.now(UTC), "entered_in_error_reason": "a test call"}
    referral = await psql.referral()
    await psql.set_refused(psql.shah, "referral", referral, code="42501", **mark)
    await psql.set(psql.lead, "referral", referral, **mark)
    await psql.set_refused(psql.shah, "referral", referral, code="42501", entered_in_error_at=None)
    kinds = await psql.kinds(referral)
    assert kinds[-1] == "entered in error"
