"""What is usual begins anew where a shift lead says so, at a psql prompt: by whom, from when, and why."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from db import migrate
from db.baselines import baselines
from db.commands import SetBaseline, WithdrawBaseline, execute
from db.domain.spc import Baseline
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from tests.cluster import Cluster, Record
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, cloned, left_by, rows_of

__all__ = ["left_by"]

SET = "INSERT INTO cru.spc_baseline (measure, since_on, until_on, reason) VALUES ($1, $2, $3, $4) RETURNING id"
TODAY = datetime.now(UTC).date()
BEFORE = TODAY - timedelta(days=60)


async def told(psql: Psql, kind: str) -> list[Any]:
    return list(await psql.owner.fetch("SELECT * FROM cru.event WHERE kind = $1 ORDER BY id", kind))


async def given(psql: Psql, measure: str = "response", since: date = BEFORE, reason: str = "a sixth van") -> UUID:
    made: UUID = await psql.lead.fetchval(SET, measure, since, since + timedelta(days=30), reason)
    return made


async def test_it_has_a_day_a_reason_and_whoever_set_it(psql: Psql) -> None:
    row = await psql.read("spc_baseline", await given(psql, reason="  a sixth van \n"))
    assert (row["author"], row["reason"], row["withdrawn_at"]) == ("l.lead", "a sixth van", None)
    (event,) = await told(psql, "baseline set")
    assert (event["recorded_by"], event["words"]) == ("l.lead", "a sixth van")


@pytest.mark.parametrize(
    ("since", "until", "reason", "says"),
    [
        (TODAY + timedelta(days=3), None, "x", "days that have been"),
        (BEFORE, TODAY + timedelta(days=3), "x", "days that have been"),
        (BEFORE, BEFORE - timedelta(days=1), "x", "before its first"),
        (BEFORE, None, " \t", "does not say why"),
    ],
)
async def test_it_is_told_by_days_that_have_been_and_says_why(
    psql: Psql, since: date, until: date | None, reason: str, says: str
) -> None:
    await psql.refused(psql.lead, SET, "within", since, until, reason, says=says)


async def test_two_from_one_day_are_told_and_other_days_and_measures_are_not(psql: Psql) -> None:
    await given(psql)
    await psql.refused(
        psql.lead, SET, "response", BEFORE, None, "another", code="CR001", says="set one from that day"
    )
    await given(psql, since=BEFORE + timedelta(days=7))
    await given(psql, "within")


async def test_it_is_withdrawn_once_and_never_changed_or_deleted(psql: Psql) -> None:
    one = await given(psql)
    for column, value in (("reason", "y"), ("since_on", TODAY), ("author", "b.okafor"), ("until_on", None)):
        await psql.set_refused(
            psql.owner, "spc_baseline", one, code="CR002", says="never changed", **{column: value}
        )
    await psql.refused(psql.owner, "DELETE FROM cru.spc_baseline", code="CR002", says="never deleted")
    await psql.set(psql.lead, "spc_baseline", one, withdrawn_at=datetime(2001, 1, 1, tzinfo=UTC))
    row = await psql.read("spc_baseline", one)
    assert row["withdrawn_by"] == "l.lead"
    assert row["withdrawn_at"].year > 2001, "the record's own clock"
    await psql.set_refused(
        psql.lead, "spc_baseline", one, withdrawn_at=datetime.now(UTC), code="CR001", says="withdrew it"
    )
    await psql.set_refused(psql.owner, "spc_baseline", one, withdrawn_at=None, code="CR002", says="never changed")
    assert len(await told(psql, "baseline withdrawn")) == 1
    assert await given(psql) != one, "the day is free again"


async def test_nobody_but_a_lead_sets_reads_or_withdraws_one(psql: Psql) -> None:
    one = await given(psql)
    for who in (psql.shah, psql.session("w.wall"), psql.session("g.gateway")):
        await psql.refused(who, SET, "within", BEFORE, None, "x", code="42501")
        await psql.refused(who, "SELECT * FROM cru.spc_baseline", code="42501")
        await psql.refused(
            who, "UPDATE cru.spc_baseline SET withdrawn_at = now() WHERE id = $1", one, code="42501"
        )
    await psql.refused(psql.lead, "UPDATE cru.spc_baseline SET reason = 'x'", code="42501")


async def test_no_undo_takes_it_back(psql: Psql) -> None:
    before = await psql.owner.fetchval("SELECT count(*) FROM cru.act")
    await given(psql)
    assert await psql.owner.fetchval("SELECT count(*) FROM cru.act") == before


async def test_by_command_and_read_as_the_chart_takes_them(record: Record) -> None:
    lead, shah = connect(record.url("l.lead")), connect(record.url("a.shah"))
    made = SetBaseline(measure="response", since_on=date(2026, 3, 29), until_on=date(2026, 6, 30), reason=" rota ")
    try:
        await execute(lead, made)
        await execute(lead, SetBaseline(measure="response", since_on=date(2026, 1, 5), reason="moved"))
        async with transaction(lead) as connection:
            found = await baselines(connection)
        first, second = found.pop("response")
        assert found == {}
        assert (first.since, first.until) == (datetime(2026, 1, 5, tzinfo=UTC), None)
        # From midnight in Northamptonshire; the clocks go forward in that night, and are an hour ahead in June.
        ends = datetime(2026, 6, 30, 23, tzinfo=UTC)
        since = datetime(2026, 3, 29, tzinfo=UTC)
        assert second == Baseline(since, None, "rota", "L. Lead", ends, made.baseline_id)
        with pytest.raises(Invalid):
            await execute(lead, SetBaseline(measure="within", since_on=date(2026, 1, 5), reason=" "))
        with pytest.raises(NotAllowed):
            await execute(shah, SetBaseline(measure="within", since_on=date(2026, 1, 5), reason="x"))
        await execute(lead, WithdrawBaseline(baseline_id=made.baseline_id))
        with pytest.raises(Conflict):
            await execute(lead, WithdrawBaseline(baseline_id=UUID(int=7)))
        async with transaction(lead) as connection:
            assert [one.reason for one in (await baselines(connection))["response"]] == ["moved"]
    finally:
        await lead.dispose()
        await shah.dispose()


@pytest.mark.long
async def test_a_record_in_use_gets_it_and_words_of_its_own_stay(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0028")) as psql:
        was = "How long a base waits for another van before that speaks against sending its own"
        write = "UPDATE cru.rule SET meaning = $2, value = 44 WHERE name = $1"
        await psql.owner.execute("ALTER TABLE cru.rule DISABLE TRIGGER USER")
        await psql.owner.execute(write, "weigh_cover_over", was)
        await psql.owner.execute(write, "weigh_cover", "Our own words")
        await psql.owner.execute("ALTER TABLE cru.rule ENABLE TRIGGER USER")
        await psql.handover("released")
        tables = ("referral", "assignment", "handover", "event", "act")
        before, acts = await rows_of(psql, tables), await trigger(psql, "act")
        assert await migrate.upgrade(psql.record.owner_url) == {}
        after = await rows_of(psql, tables)
        # Columns that came since are beside what is told here.
        told = {
            table: [{name: row[name] for name in old} for old, row in zip(rows, after[table], strict=True)]
            for table, rows in before.items()
        }
        assert told == before
        rules = {row["name"]: row for row in await psql.owner.fetch("SELECT * FROM cru.rule")}
        assert rules["weigh_cover_over"]["meaning"].startswith("How long a town waits for the next van")
        assert rules["weigh_cover"]["meaning"] == "Our own words"
        assert {rules[name]["value"] for name in ("weigh_cover", "weigh_cover_over")} == {44}
        # What Undo restores is what it was, but for what came.
        now = await trigger(psql, "act")
        assert "baseline withdrawn" in now
        assert all(kind in now for kind in ("improvement made", "list changed", "record opened", "danger over"))
        assert "improvement made" in acts
        await given(psql)
        off = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'cru.rule'::regclass AND tgenabled = 'D'"
        assert await psql.owner.fetchval(off) == 0


async def trigger(psql: Psql, name: str) -> str:
    sql = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'cru.event'::regclass AND tgname = $1"
    found: str = await psql.owner.fetchval(sql, name)
    return found
