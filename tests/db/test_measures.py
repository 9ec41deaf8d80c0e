"""Measures from the record: what they are read from, who may word them, and that each has its balance."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from db.domain.measures import BACK_WITHIN, RULES, Episode, Measure, Share
from db.engine import connect
from db.measures import Measured, measured
from tests.db.psql import Psql, age

DAY = timedelta(days=1)


async def read(psql: Psql) -> Measured:
    """As a shift lead's console reads them."""
    engine = connect(psql.record.url("l.lead"), answer_within=60)
    try:
        async with engine.connect() as connection:
            now = await psql.owner.fetchval("SELECT cru.clock_now()")
            return await measured(connection, now - 28 * DAY, now)
    finally:
        await engine.dispose()


async def figures(psql: Psql, *keys: str) -> list[Any]:
    episodes = (await read(psql)).episodes
    return [RULES[key](episodes) for key in keys]


@pytest.mark.hazard("H-061")
async def test_every_measure_is_worked_out_and_has_another_as_its_balance(psql: Psql) -> None:
    found = (await read(psql)).measures
    known: dict[str, Measure] = {one.key: one for one in found}
    assert set(known) == set(RULES)
    for one in found:
        assert one.balance in known, one.key
        assert one.balance != one.key
        assert all((one.title, one.definition, one.source, one.author)), one.key


@pytest.mark.hazard("H-061")
async def test_a_definition_is_the_owners_and_says_who_changed_it(psql: Psql) -> None:
    change = "UPDATE cru.measure SET definition = 'Another' WHERE key = 'back'"
    for who in (psql.shah, psql.lead, psql.wall, psql.gateway):
        await psql.refused(who, change, code="42501")
    await psql.refused(psql.shah, "SELECT 1 FROM cru.measure", code="42501")
    await psql.owner.execute(change)
    row = await psql.owner.fetchrow(
        "SELECT author, dated, (SELECT session_user) AS me FROM cru.measure WHERE key = 'back'"
    )
    assert row["author"] == row["me"]
    for wrong in ("balance = key", "balance = 'nothing'", "definition = ' '", "unit = 'stars'"):
        await psql.refused(psql.owner, f"UPDATE cru.measure SET {wrong} WHERE key = 'back'", code="23")  # noqa: S608


@pytest.mark.hazard("H-034")
async def test_response_and_those_whom_nobody_met(psql: Psql) -> None:
    await psql.assignment("with patient")
    await psql.assignment("conveying")  # the crew skipped "with patient": met, and nobody knows when
    await psql.referral("declined")
    await psql.referral("cancelled")
    await age(psql.owner)
    response, never, declined, unheard = await figures(
        psql, "response", "never_met", "declined", "cancelled_unheard"
    )
    assert (response.n, response.missing) == (1, 1)
    assert (never, declined) == (Share(2, 2), Share(1, 2))
    assert unheard.n + unheard.missing == 1


async def test_what_was_entered_in_error_counts_nowhere_and_that_is_told(psql: Psql) -> None:
    wrong = await psql.referral("received")
    await psql.set(
        psql.lead,
        "referral",
        wrong,
        entered_in_error_at=datetime.now(UTC),
        entered_in_error_reason="test call",
    )
    await psql.referral("declined")
    await age(psql.owner)
    found = await read(psql)
    assert (len(found.episodes), found.in_error) == (1, 1)


async def closed(psql: Psql, **about: Any) -> UUID:
    made = await psql.referral("closed")
    await psql.set(psql.shah, "referral", made, **about)
    return made


@pytest.mark.hazard("H-062")
async def test_care_and_force_are_read_as_they_were_put_down(psql: Psql) -> None:
    await closed(psql, ae_care="needed and not done", force_used="yes", ethnicity="White", deprivation=2)
    await closed(psql, ae_care="needed and done")
    await age(psql.owner)
    not_done, force, silent = await figures(psql, "care_not_done", "force", "force_not_said")
    # A visit of which nobody put down "with patient" is no visit that a measure may count.
    assert [not_done, force, silent] == [Share(0, 0), Share(0, 0), Share(0, 0)]
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute("UPDATE cru.assignment SET with_patient_at = on_scene_at")
    await psql.owner.execute("RESET session_replication_role")
    assert await figures(psql, "care_not_done", "force", "force_not_said") == [
        Share(1, 2),
        Share(1, 1, 1),
        Share(1, 2),
    ]
    found: list[Episode] = (await read(psql)).episodes
    assert [(one.ethnicity, one.deprivation) for one in found] == [("White", 2), (None, None)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ae_care", "avoided"),
        ("ae_care", ""),
        ("force_used", "a little"),
        ("ethnicity", "other"),
        ("deprivation", 0),
        ("deprivation", 11),
    ],
)
async def test_what_is_no_answer_is_refused(psql: Psql, column: str, value: object) -> None:
    made = await psql.referral("closed")
    await psql.set_refused(psql.shah, "referral", made, code="23514", **{column: value})


async def test_what_was_put_down_is_an_event_and_no_viewers(psql: Psql) -> None:
    made = await closed(psql, force_used="no")
    assert (await psql.kinds(made))[-1] == "details changed"
    await psql.set_refused(psql.wall, "referral", made, code="42501", force_used="yes")
    assert await psql.wall.fetchval("SELECT force_used FROM cru.referral_wall WHERE id = $1", made) is None


async def test_back_within_three_days_is_of_the_same_person(psql: Psql) -> None:
    async def ended(born: str | None, days_ago: float, **who: Any) -> None:
        made = await psql.take(**who)
        await psql.set(psql.shah, "referral", made, state="declined", end_reason="out_of_area")
        await age_one(psql, made, timedelta(days=days_ago))
        if born is not None:
            await psql.owner.execute(
                "UPDATE cru.referral SET patient_born = $2::text::date WHERE id = $1", made, born
            )

    await ended(None, 9, nhs_number="943 476 5919")
    await ended(None, 8, nhs_number="9434765919")  # a day later, written another way
    await ended("1980-02-01", 20, patient_name="Ida Example")
    await ended("1980-02-02", 19, patient_name="Ida Example")  # another Ida
    await ended(None, 10)  # nobody knows who
    await ended("1991-01-01", 1, patient_name="Abel Example")  # the three days are not over
    (back,) = await figures(psql, "back")
    assert back == Share(1, 4, 2)
    assert timedelta(hours=72) == BACK_WITHIN


async def age_one(psql: Psql, referral: UUID, by: timedelta) -> None:
    """Let one referral lie in the past, with no guard asked."""
    async with psql.owner.transaction():
        await psql.owner.execute("SET LOCAL session_replication_role = replica")
        await psql.owner.execute(
            "UPDATE cru.referral SET received_at = received_at - $2::interval,"
            " closed_at = closed_at - $2::interval WHERE id = $1",
            referral,
            by,
        )


@pytest.mark.hazard("H-008")
async def test_holds_and_not_known_that_became_no(psql: Psql) -> None:
    held = await psql.take(priority="P1", source="hub")
    await psql.screen(held, chest_pain="not known", seizure="not known")
    await psql.screen(held, seizure="yes")
    await psql.owner.execute("SET session_replication_role = replica")
    # A hold of an older program, which the record did not ask about.
    await psql.owner.execute(
        "INSERT INTO cru.event (referral_id, kind, words, detail) VALUES ($1, 'on hold', 'call_back',"
        " jsonb_build_object('until', cru.clock_now() + interval '90 minutes'))",
        held,
    )
    await psql.owner.execute("RESET session_replication_role")
    found = await figures(psql, "holds_past_due", "unknown_to_no", "unknown_to_yes", "overrides", "screened_out")
    assert found == [Share(1, 1), Share(1, 2), Share(1, 2), Share(0, 1), Share(0, 1)]
