"""What the record does not believe is said in a sentence, and the rules that look at the clock."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.commands import Command
from db.domain.records import ApproachPlan, Location, Patient
from db.engine import connect
from db.errors import Invalid
from db.tables import Base, bounds
from tests.cluster import Record
from tests.db.psql import Psql


@pytest.fixture
async def shah(record: Record) -> AsyncIterator[AsyncEngine]:
    engine = connect(record.url("a.shah"))
    yield engine
    await engine.dispose()


def taken(**changed: object) -> do.TakeReferral:
    given = {"source": "hub", "priority": "P2", "location": Location("Abington Street")} | changed
    return do.TakeReferral(details=do.Details(**given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (taken(caller="x" * 501), "The caller is too long: at most 500 characters."),
        (taken(narrative="x" * 20_001), "The narrative is too long: at most 20,000 characters."),
        (taken(legal_status="x" * 2001), "The legal status is too long: at most 2,000 characters."),
        (taken(police="bell \x07 rings"), "A text holds a control character."),
        (taken(location=Location("\t")), "A referral needs a location."),
        (taken(location=Location("\N{NO-BREAK SPACE}x", "N" * 41)), "The postcode is too long"),
        (taken(patient=Patient("x", date(1879, 12, 31))), "The date of birth must lie in the years 1880 to 2199."),
        (taken(patient=Patient("x", date(2098, 1, 1))), "The date of birth lies after the referral."),
        (taken(plan=ApproachPlan(helps="x" * 4001)), "The approach plan has a shape"),
        (taken(plan=ApproachPlan(wishes=("x",) * 41)), "The approach plan has a shape"),
        (
            taken(sent_at=datetime(1066, 10, 14, tzinfo=UTC)),
            'The time "sent" must lie in the years 2000 to 2199.',
        ),
        (
            do.TakeReferral(details=taken().details, received_at=datetime(1215, 6, 15, tzinfo=UTC)),
            'The time "received" must lie in the years 2000 to 2199.',
        ),
    ],
)
async def test_a_refusal_names_the_field(shah: AsyncEngine, command: Command, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await do.execute(shah, command)
    assert refusal.value.sentence.startswith(sentence)
    assert refusal.value.next_step


async def test_the_reason_given_beside_a_change_has_its_limit_too(psql: Psql) -> None:
    closed = await psql.referral("closed")
    engine = connect(psql.record.url("l.lead"))
    with pytest.raises(Invalid, match=r"The reason is too long: at most 2,000 characters\."):
        await do.execute(engine, do.Reopen(referral_id=closed, reason="x" * 2001))
    await engine.dispose()


async def test_what_a_form_may_say_beforehand() -> None:
    narrative = bounds.kind_of("referral", Base.metadata.tables["cru.referral"].columns["narrative"])
    assert isinstance(narrative, bounds.Words)
    assert narrative.most == 20_000


@pytest.mark.parametrize("hours", [25, 24 * 400])
async def test_an_emergency_is_of_today(psql: Psql, hours: int) -> None:
    van, at = await psql.van(), datetime.now(UTC) - timedelta(hours=hours)
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(who, "van", van, emergency_at=at, code="CR003", says="more than a day ago")


async def test_an_emergency_may_be_written_down_late(psql: Psql) -> None:
    van = await psql.van()
    at = datetime.now(UTC) - timedelta(hours=23)
    await psql.set(psql.shah, "van", van, emergency_at=at)
    await psql.set(psql.lead, "van", van, emergency_at=None)


async def test_an_old_emergency_does_not_hold_up_the_van(psql: Psql) -> None:
    # Nothing but the emergency itself is checked again: it may stand for days until a lead clears it.
    van = await psql.van()
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.set(psql.owner, "van", van, emergency_at=datetime.now(UTC) - timedelta(days=3))
    await psql.set(psql.shah, "van", van, duty_status="off duty")
    await psql.set(psql.lead, "van", van, emergency_at=None)


@pytest.mark.hazard("H-014")
async def test_a_hold_ends_within_the_week(psql: Psql) -> None:
    referral = await psql.referral()
    now = datetime.now(UTC)
    late = {"hold_until": now + timedelta(days=8), "hold_reason": "x"}
    for who in (psql.shah, psql.lead, psql.owner):
        await psql.set_refused(who, "referral", referral, **late, code="CR003", says="at most 7 days")
    await psql.call(referral, agreed_until=now + timedelta(days=6))
    await psql.set(psql.shah, "referral", referral, hold_until=now + timedelta(days=6), hold_reason="x")


@pytest.mark.hazard("H-076")
@pytest.mark.parametrize("column", ["planned_end_at", "meal_due_at", "meal_until_at"])
async def test_a_shift_stays_near_its_start(psql: Psql, column: str) -> None:
    van = await psql.van()
    shift = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", van)
    far = datetime.now(UTC) + timedelta(days=402)
    name = f"shift_{column}_near_check"
    await psql.set_refused(psql.shah, "shift", shift, **{column: far}, code="23514", says=name)
    assert (said := bounds.refusal(name))
    assert "more than 400 days" in said.sentence
