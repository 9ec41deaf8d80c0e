"""Measures from the record: their rows, who may word and read them, and what each counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.db.measuring import DAY, figures, now_of, put, put_back, read, told
from tests.db.psql import TAKE_BACK, Psql, age


@pytest.mark.hazard("H-061")
async def test_every_measure_is_worked_out_and_has_another_as_its_balance(psql: Psql) -> None:
    found = await read(psql)
    known = {one.key: one for one in found.measures}
    assert set(known) == set(found.figures)
    for one in found.measures:
        assert one.balance in known, one.key
        assert one.balance != one.key
        assert all((one.title, one.definition, one.source, one.author)), one.key
    # Nothing is worked out that no row explains.
    of_nothing = await psql.owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'cru.referral_measures'::regclass AND attnum > 0"
        " AND atttypid IN ('float8'::regtype, 'int2'::regtype, 'int4'::regtype)"
        " AND attname !~ '_of$' AND attname <> 'hour' AND attname NOT IN (SELECT key FROM cru.measure)"
    )
    assert of_nothing == []


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
    for wrong in ("balance = key", "balance = 'nothing'", "definition = ' '", "unit = 'stars'", "better = 'best'"):
        await psql.refused(psql.owner, f"UPDATE cru.measure SET {wrong} WHERE key = 'back'", code="23")  # noqa: S608


@pytest.mark.hazard("H-034")
async def test_response_and_those_whom_nobody_met(psql: Psql) -> None:
    await psql.assignment("with patient")
    await psql.assignment("conveying")  # the crew skipped "with patient": met, and nobody knows when
    await psql.referral("declined")
    await psql.referral("cancelled")
    await age(psql.owner)
    (response,) = await figures(psql, "response")
    assert (response.n, response.missing) == (1, 1)
    assert await told(psql, "never_met", "declined") == [(2, 2, 0), (1, 2, 0)]
    ((_, n, missing),) = await told(psql, "cancelled_unheard")
    assert n + missing == 1


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
    assert [one.value for one in await figures(psql, "received", "entered_in_error")] == [1, 1]


async def closed(psql: Psql, **about: Any) -> UUID:
    made = await psql.referral("closed")
    await psql.amend(psql.shah, "referral", made, **about)
    return made


@pytest.mark.hazard("H-062")
async def test_care_and_force_are_read_as_they_were_put_down(psql: Psql) -> None:
    await closed(psql, ae_care="needed and not done", force_used="yes", ethnicity="White", deprivation=2)
    await closed(psql, ae_care="needed and done")
    await age(psql.owner)
    # A visit of which nobody put down "with patient" is no visit that a measure may count.
    assert await told(psql, "care_not_done", "force", "force_not_said") == [(0, 0, 0)] * 3
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute("UPDATE cru.assignment SET with_patient_at = on_scene_at")
    await psql.owner.execute("RESET session_replication_role")
    assert await told(psql, "care_not_done", "force", "force_not_said") == [(1, 2, 0), (1, 1, 1), (1, 2, 0)]
    found = await psql.owner.fetch("SELECT ethnicity, deprivation FROM cru.referral_fact ORDER BY 1")
    assert [tuple(row) for row in found] == [
        ("White", "fifth 1 of 5, 1 the most deprived"),
        ("not recorded", "not recorded"),
    ]


@pytest.mark.hazard("H-061")
async def test_to_take_somebody_to_hospital_who_needs_it_counts_as_care(psql: Psql) -> None:
    for said in ("needed and done", "needed and done", "not needed", "unknown", None):
        made = await psql.referral("attending")
        await psql.set(psql.shah, "referral", made, ae_care=said, ae_avoided="no")
    # Whom nobody met is not in it.
    declined = await psql.referral("declined")
    await psql.set(psql.shah, "referral", declined, ae_care="not needed")
    await psql.owner.execute("SET session_replication_role = replica")
    await psql.owner.execute("UPDATE cru.assignment SET with_patient_at = on_scene_at")
    await psql.owner.execute("RESET session_replication_role")
    keys = ("care_done", "care_not_done", "care_not_needed", "care_not_known", "avoided")
    assert await told(psql, *keys) == [(2, 4, 1), (0, 4, 1), (1, 4, 1), (1, 4, 1), (0, 5, 0)]


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
        await put_back(psql, made, days_ago * DAY)
        if born is not None:
            await psql.amend(psql.shah, "referral", made, patient_born=date.fromisoformat(born))

    await ended(None, 9, nhs_number="943 476 5919")
    await ended(None, 8, nhs_number="9434765919")  # a day later, written another way
    await ended("1980-02-01", 20, patient_name="Ida Example")
    await ended("1980-02-02", 19, patient_name="Ida Example")  # another Ida
    await ended(None, 10)  # nobody knows who
    await ended(None, 12, patient_name="Cora Example")  # a name alone may be anybody's
    await ended("1991-01-01", 1, patient_name="Abel Example")  # the three days are not over
    assert await told(psql, "back") == [(1, 4, 3)]


@pytest.mark.hazard("H-061")
async def test_whom_an_ambulance_crew_came_to_again_is_back_as_well(psql: Psql) -> None:
    async def linked(reason: str, after: timedelta, service: str = "ems", *, undone: bool = False) -> None:
        made = await psql.take()
        await psql.set(psql.shah, "referral", made, state="declined", end_reason=reason)
        await put_back(psql, made, 10 * DAY)
        ended = await psql.owner.fetchval("SELECT closed_at FROM cru.referral WHERE id = $1", made)
        link = {"service": service, "crew": "A1187", "came_at": ended + after}
        now = await now_of(psql)
        await put(psql, "late_link", referral_id=made, **link, taken_back_at=now if undone else None)

    await linked("out_of_area", timedelta(hours=70))
    await linked("out_of_area", timedelta(hours=73))
    await linked("out_of_area", timedelta(hours=-1))
    await linked("out_of_area", timedelta(hours=9), "police")
    await linked("out_of_area", timedelta(hours=9), undone=True)
    await linked("ems_physical", timedelta(hours=1))  # EMAS came because that was the end
    assert await told(psql, "back") == [(1, 1, 5)]


async def test_a_crew_that_is_linked_is_counted_without_waiting_and_one_taken_back_is_not(psql: Psql) -> None:
    made = await psql.take()
    await psql.set(psql.shah, "referral", made, state="declined", end_reason="out_of_area")
    assert (await read(psql, anew=False)).figures["back"].n == 0
    link = "INSERT INTO cru.late_link (referral_id, service, crew) VALUES ($1, 'ems', 'A1187')"
    await psql.shah.execute(link, made)
    assert (await read(psql, anew=False)).figures["back"].part == 1
    await psql.shah.execute(TAKE_BACK)
    assert (await read(psql, anew=False)).figures["back"].n == 0


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
    keys = ("holds_past_due", "unknown_to_no", "unknown_to_yes", "overrides", "screened_out")
    assert await told(psql, *keys) == [(1, 1, 0), (1, 2, 0), (1, 2, 0), (0, 1, 0), (0, 1, 0)]


async def test_bands_of_age(psql: Psql) -> None:
    moment, made = datetime(2026, 3, 1, 12, tzinfo=UTC), await psql.take()

    async def band(born: str | None, low: int | None = None, high: int | None = None) -> Any:
        async with psql.owner.transaction():
            await psql.owner.execute("SET LOCAL session_replication_role = replica")
            await psql.owner.execute(
                "UPDATE cru.referral SET received_at = $2, patient_born = $3, patient_age_low = $4,"
                " patient_age_high = $5, patient_age_on = $6 WHERE id = $1",
                made,
                moment,
                None if born is None else date.fromisoformat(born),
                low,
                high,
                None if low is None else moment.date(),
            )
        await psql.owner.execute("SELECT cru.measure_anew()")
        return await psql.owner.fetchval("SELECT age_band FROM cru.referral_fact WHERE referral_id = $1", made)

    # A birth may lie on the day after the receipt, as it lies in another zone.
    assert [await band(born) for born in ("2026-03-02", "2008-03-02")] == ["under 18"] * 2
    assert [await band(born) for born in ("2008-03-01", "1941-03-01")] == ["18 to 24", "85 and over"]
    # Of an age that was only said, where both its ends are counted together.
    assert await band(None, 25, 44) == "25 to 44"
    assert [await band(None, 44, 45), await band(None)] == ["not recorded"] * 2
