"""What was said instead of a date, a time or a number: kept by the record, and not taken for known."""

from datetime import date, timedelta

import pytest

from db import migrate
from db.domain.ages import AgeSaid
from db.domain.roles import Role
from db.mirror import mirrored
from db.rows import referral as as_read
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned

AGE = {"patient_age_low": 40, "patient_age_high": 45}
BACK = "SELECT cru.take_back((SELECT act_id FROM cru.my_last_act()), '')"


async def today(psql: Psql) -> date:
    day: date = await psql.owner.fetchval("SELECT (cru.clock_now() AT TIME ZONE 'Europe/London')::date")
    return day


async def test_an_age_is_whole_and_its_day_has_been(psql: Psql) -> None:
    on = await today(psql)
    key = await psql.take(patient_born_said="40 to 45", **AGE, patient_age_on=on)
    assert as_read(await psql.read("referral", key)).patient.age == AgeSaid(40, 45, on)
    beyond = {
        "is not said on a day to come": {"patient_age_on": on + timedelta(days=1)},
        "referral_age_whole_check": {"patient_age_on": None},
        "referral_patient_age_high_range_check": {"patient_age_high": 126},
        "referral_patient_age_low_range_check": {"patient_age_low": -1},
    }
    for says, values in beyond.items():
        await psql.set_refused(psql.shah, "referral", key, says=says, **values)
    await psql.set_refused(psql.shah, "referral", key, says="age_whole", patient_age_low=46)
    for name in ("patient_born_said", "sent_said", "call_connected_said", "ems_on_scene_said", "nhs_number"):
        await psql.set_refused(psql.shah, "referral", key, says="_length_check", **{name: "x" * 201})
        await psql.set_refused(psql.shah, "referral", key, says="characters", **{name: "a\x1bb"})
        await psql.set(psql.shah, "referral", key, **{name: "x" * 200})


async def test_a_date_takes_the_place_of_what_was_said_and_both_are_told(psql: Psql) -> None:
    on = await today(psql)
    key = await psql.take(patient_born_said="forties", patient_age_low=40, patient_age_high=49, patient_age_on=on)
    # As a console of the version before would write it, which knows nothing of what was said.
    await psql.set(psql.shah, "referral", key, patient_born=date(1984, 2, 9))
    who = as_read(await psql.read("referral", key)).patient
    assert (who.born, who.born_said, who.age) == (date(1984, 2, 9), "", None)
    detail = await psql.owner.fetchval(
        "SELECT detail ->> 'patient_born_said' FROM cru.event WHERE referral_id = $1 AND kind = 'details changed'",
        key,
    )
    assert '"forties"' in detail
    await psql.shah.execute(BACK)
    who = as_read(await psql.read("referral", key)).patient
    assert (who.born, who.born_said, who.age) == (None, "forties", AgeSaid(40, 49, on))


async def test_the_wall_reads_nothing_of_it(psql: Psql) -> None:
    key = await psql.take(
        patient_born_said="about 44", sent_said="after tea", **AGE, patient_age_on=await today(psql)
    )
    seen = as_read(await psql.wall.fetchrow(f"{mirrored(Role.VIEWER)['referral'].select} WHERE id = $1", key))
    assert (seen.patient.born_said, seen.patient.age, seen.said) == ("", None, {})
    mine = as_read(await psql.shah.fetchrow(f"{mirrored(Role.DISPATCHER)['referral'].select} WHERE id = $1", key))
    assert (mine.patient.born_said, mine.said) == ("about 44", {"sent": "after tea"})


@pytest.mark.hazard("H-028")
async def test_ten_times_one_digit_makes_nobody_the_same_person(psql: Psql) -> None:
    for number in ("0000000000", "111 111 1111", "9999999999"):
        one, other = [await psql.take(nhs_number=number) for _ in range(2)]
        assert not await psql.owner.fetchval("SELECT cru.may_be_same($1, $2)", one, other)
    one, other = [await psql.take(nhs_number=number) for number in ("4010232137", "401 023 2137")]
    assert await psql.owner.fetchval("SELECT cru.may_be_same($1, $2)", one, other)


async def test_a_record_of_before_keeps_what_it_has(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0013")) as psql:
        given = {"patient_born": date(1984, 2, 9), "nhs_number": "000 000 0000", "patient_name": "A. Example"}
        key = await psql.take(**given)
        same = await psql.take(nhs_number="0000000000")
        before = dict(await psql.read("referral", key))
        await migrate.upgrade(psql.record.owner_url)
        after = dict(await psql.read("referral", key))
        assert {name: after[name] for name in before} == before
        assert {after[name] for name in after.keys() - before.keys()} == {"", None}
        assert not await psql.owner.fetchval("SELECT cru.may_be_same($1, $2)", key, same)
        # The index answers as the function does now.
        await psql.owner.execute("SET enable_seqscan = off")
        found = (
            "SELECT count(*) FROM cru.referral WHERE cru.nhs_digits(nhs_number) = $1 AND nhs_number IS NOT NULL"
        )
        assert await psql.owner.fetchval(found, "0000000000") == 0
