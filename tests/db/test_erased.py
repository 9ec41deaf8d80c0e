"""A person is erased when the trust's time is over: nothing of who they were or what was said stays; counts do."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import URL

from db import commands as do
from db.domain.periods import EVERYTHING, Period
from db.engine import connect
from db.measures import measured
from db.replay import load_past
from main import main
from tests.cluster import LOGINS, Cluster
from tests.db.histories import Night
from tests.db.measuring import reading
from tests.db.psql import Psql, psql_on
from tests.db.reading import fill
from tests.db.test_rules_person import SAME, named, say
from tests.db.upgrades import LeftBy, cloned

NUMBER = "943 476 5919"
SIGN = "zyxwv"
START = datetime(2026, 3, 1, 19, tzinfo=UTC)
YEARS = timedelta(days=366)
KEPT = {
    # Who of the staff did it, codes of lists, states, and what a referral is called.
    *(
        "about_me.added_by",
        "about_me.ended_by",
        "alarm.acknowledged_by",
        "alarm.kind",
        "alarm.name",
        "alarm.raised_by",
    ),
    *("alarm.shelved_by", "assignment.destination", "assignment.stand_down_reason", "contact.made_by"),
    *("contact.promise_closed_by", "crew_word.recorded_by", "decision.clinician", "decision.covers"),
    *(
        "decision.decided_by",
        "ending.ground",
        "ending.named_by",
        "ending.reason",
        "event.kind",
        "event.recorded_by",
        "feedback.recorded_by",
    ),
    *("feedback.themes", "flag.added_by", "flag.withdrawn_by", "follow_up.done_by", "follow_up.made_by"),
    *("handover.from_party", "handover.refusal_reason", "handover.to_party", "interpreter.recorded_by"),
    *(
        "late_link.made_by",
        "read_back.read_by",
        "read_back.recorded_by",
        "reading.read_by",
        "referral.ems_callsign",
    ),
    *("referral.end_reason", "referral.reference", "review.about", "review.reviewed_by", "same_person.added_by"),
    *(
        "screening.completed_by",
        "screening.override_by",
        "screening.override_clinician",
        "shift_handover_item.signed_by",
    ),
    *("shift_log.written_by", "wish_kept.recorded_by", "screening.answers", "screening.how"),
    # Worked out for the figures, by band and town and never by name.
    *("referral_fact.age_band", "referral_fact.area", "referral_fact.end_code", "referral_fact.ethnicity"),
    *("referral_fact.deprivation", "referral_fact.language", "referral_fact.priority", "referral_fact.reference"),
    *("referral_fact.source", "referral_fact.state", "job_fact.area", "job_fact.priority", "job_fact.reference"),
    "job_fact.source",
    # What was typed is emptied by the end of a call, without which nothing is erased.
    *("intake_call.ended_by", "intake_call.ended_how", "intake_call.taken_by", "intake_call.typed"),
    *("person_request.answered_by", "person_request.made_by"),
    *("message.to_login", "message.written_by", "presence.login", "opened.login"),
}


async def later(psql: Psql, years: float = 21) -> None:
    """The record's clock, so many years on."""
    await psql.owner.execute(
        "UPDATE cru.service SET clock_origin = now(), clock_speed = 0,"
        " clock_shown = cru.clock_now() + $1::interval",
        years * YEARS,
    )


async def erase(psql: Psql, referral: UUID, who: Any = None) -> int:
    return int(await (who or psql.lead).fetchval("SELECT cru.erase_person($1)", referral))


async def a_person(psql: Psql) -> UUID:
    """Somebody of whom all kinds of things were written down, whose referral has ended."""
    one = await psql.referral("attending")
    await psql.set(psql.shah, "referral", one, patient_name=f"{SIGN} Quill", nhs_number=NUMBER, narrative=SIGN)
    # What it was before is kept too, so that it could be taken back.
    await psql.set(psql.shah, "referral", one, patient_name="Perpetua Quill", narrative="otherwise")
    await psql.set(psql.shah, "referral", one, lat=52.24, lon=-0.89, ethnicity="another group", deprivation=3)
    await say(psql, one, "pets", words=f"a cat called {SIGN}", by=f"her aunt {SIGN}")
    await psql.call(one, with_name=SIGN, said=SIGN)
    flag = (
        "INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        " VALUES ($1, 'person', 'pets', $2, cru.clock_now() + interval '1 day')"
    )
    await psql.shah.execute(flag, one, SIGN)
    await psql.shah.execute("INSERT INTO cru.event (referral_id, kind, words) VALUES ($1, 'note', $2)", one, SIGN)
    for table in ("message", "shift_log"):
        await psql.shah.execute(f"INSERT INTO cru.{table} (referral_id, words) VALUES ($1, $2)", one, SIGN)  # noqa: S608
    job = await psql.owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", one)
    await psql.set(psql.shah, "assignment", job, state="clear")
    await psql.set(psql.shah, "referral", one, state="closed", outcome="gp")
    return one


async def test_nothing_of_who_it_was_and_what_was_said_stays_anywhere(psql: Psql) -> None:
    one = await a_person(psql)
    assert SIGN in await psql.picture()
    await later(psql)
    assert await erase(psql, one) == 1
    assert SIGN not in await psql.picture()
    assert NUMBER not in await psql.picture()
    kinds = await psql.kinds(one)
    assert {"received", "note", "about me", "closed"} <= set(kinds), "that it was, and when, stays"
    assert kinds[-1] == "erased"
    row = await psql.read("referral", one)
    assert (row["state"], row["outcome"], row["location_text"]) == ("closed", "gp", "erased")
    gone = ("patient_born", "lat", "lon", "patient_age_low", "ethnicity", "deprivation")
    assert [row[name] for name in gone] == [None] * len(gone)
    # Of an event's detail stays what replay and figures go by.
    for kind, detail, kept in (
        ("on hold", {"until": "1", "reason": SIGN}, {"until": "1"}),
        ("hold ended", {"until": "1"}, {}),
        ("time amended", {"from": "1", "to": "2", "until": "3", "why": SIGN}, {"from": "1", "to": "2"}),
        ("received", {"from": SIGN, "to": SIGN, "done_at": "1", "rows": SIGN}, {}),
        ("step taken back", {"done_at": "1", "rows": "2", "from": SIGN}, {"done_at": "1", "rows": "2"}),
    ):
        bare = await psql.owner.fetchval("SELECT cru.bare_detail($1, $2)", kind, json.dumps(detail))
        assert json.loads(bare) == kept, kind


async def _columns(psql: Psql) -> list[tuple[str, str, str]]:
    found = await psql.owner.fetch(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c JOIN pg_class p"
        " ON p.oid = ('cru.' || c.table_name)::regclass AND p.relkind IN ('r', 'p') AND NOT p.relispartition"
        " WHERE c.table_schema = 'cru' AND c.data_type IN ('text', 'jsonb', 'ARRAY', 'date')"
        " AND (c.table_name = 'referral' OR EXISTS"
        " (SELECT FROM information_schema.columns r WHERE r.table_schema = 'cru' AND r.table_name = c.table_name"
        "  AND r.column_name = 'referral_id')) ORDER BY 1, 2"
    )
    return [tuple(row) for row in found if row[0] != "act_part"]


async def test_every_column_that_may_hold_words_is_rubbed_out_or_is_known_to_name_nobody(psql: Psql) -> None:
    """A column that is added later is found by this: it is on the list of what is kept, or it is erased."""
    body = await psql.owner.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'rub_out'")
    updates = {part.split(" ", 1)[0]: part for part in body.split("UPDATE ")[1:]}
    checked = await psql.owner.fetch(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('c', 'f')"
    )
    left = []
    for table, column, _ in await _columns(psql):
        among = [f"cru.{table}", table]
        is_code = any(
            name in among and (f"(({column} = ANY" in rule or f"FOREIGN KEY ({column})" in rule)
            for name, rule in checked
        )
        rubbed = f"{column} =" in updates.get(table, "")
        if not (is_code or rubbed or f"{table}.{column}" in KEPT):
            left.append(f"{table}.{column}")
    assert left == []


async def test_all_that_is_known_of_a_person_goes_at_once_and_of_no_other(psql: Psql) -> None:
    one, two, other = [await named(psql, name) for name in (f"{SIGN} Plover", f"Plover, {SIGN}", "Robin Campion")]
    await psql.shah.execute(SAME, two, one, True)
    for referral in (one, two, other):
        await psql.set(psql.shah, "referral", referral, state="declined", end_reason="out_of_area")
    await later(psql)
    assert await erase(psql, two) == 2
    assert SIGN not in await psql.picture()
    assert (await psql.read("referral", other))["patient_name"] == "Robin Campion"
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, says="nothing left to erase")


async def test_erasing_one_person_changes_no_row_of_another(psql: Psql) -> None:
    await fill(psql)
    owner, (one, other) = psql.owner, [await psql.take() for _ in range(2)]
    tables = [
        row[0]
        for row in await owner.fetch(
            "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " AND a.attname = 'referral_id'"
            " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind = 'r' ORDER BY 1"
        )
    ]

    async def rows() -> dict[str, str]:
        return {name: await owner.fetchval(f"SELECT t::text FROM cru.{name} t") for name in tables}  # noqa: S608 - ours

    trying = owner.transaction()
    await trying.start()
    await owner.execute("SET LOCAL session_replication_role = replica")
    for name in tables:
        # One row is enough, and of many there may be but one to a referral.
        first = f"SELECT ctid FROM cru.{name} LIMIT 1"  # noqa: S608 - ours
        await owner.execute(f"DELETE FROM cru.{name} WHERE ctid <> ALL (ARRAY({first}))")  # noqa: S608 - ours
        await owner.execute(f"UPDATE cru.{name} SET referral_id = $1", other)  # noqa: S608 - ours
    for words in ("crew_word SET words = 'x'", "screening SET note = 'x'", "ending SET person_not_told = 'x'"):
        await owner.execute(f"UPDATE cru.{words}")
    before = await rows()
    await owner.execute("SELECT cru.rub_out(ARRAY[$1::uuid])", one)
    assert await rows() == before
    await owner.execute("SELECT cru.rub_out(ARRAY[$1::uuid])", other)
    after = await rows()
    changed = {name for name in tables if after[name] != before[name]}
    assert changed >= {"about_me", "crew_word", "ending", "event", "screening", "wish_kept"}
    assert len(changed) == 18
    await trying.rollback()


async def test_it_is_kept_as_long_as_the_rule_says_and_while_anything_is_open(psql: Psql) -> None:
    one = await psql.take(nhs_number=NUMBER)
    await psql.set(psql.shah, "referral", one, state="declined", end_reason="out_of_area")
    await later(psql, 19)
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, says="It is kept until")
    assert await psql.lead.fetch("SELECT * FROM cru.due_to_erase()") == []
    await psql.lead.execute("UPDATE cru.rule SET value = 8 WHERE name = 'keep_people'")
    assert [row["referral_id"] for row in await psql.lead.fetch("SELECT * FROM cru.due_to_erase()")] == [one]
    # Somebody who is here again is here.
    again = await psql.take(nhs_number=NUMBER)
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, says="still open")
    await psql.set(psql.shah, "referral", again, state="declined", end_reason="out_of_area")
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, says="It is kept until")
    assert await psql.lead.fetch("SELECT * FROM cru.due_to_erase()") == []
    await psql.refused(psql.lead, "UPDATE cru.rule SET value = 0.5 WHERE name = 'keep_people'", says="between")


async def test_it_is_the_leads_to_do_and_guards_hold_again_afterwards(psql: Psql) -> None:
    one = await a_person(psql)
    await later(psql)
    for who in (psql.shah, psql.wall, psql.gateway):
        await psql.refused(who, "SELECT cru.erase_person($1)", one, code="42501")
    engine = connect(psql.record.url("l.lead"))
    await do.execute(engine, do.ErasePerson(referral_id=one))
    await engine.dispose()
    off = "SELECT count(*) FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'cru.%' AND tgenabled = 'D'"
    assert await psql.owner.fetchval(off) == 0
    await psql.refused(psql.owner, "UPDATE cru.event SET words = 'x'", code="CR002")


async def test_it_waits_for_nobody_who_writes(psql: Psql) -> None:
    one = await a_person(psql)
    await later(psql)
    begun = psql.shah.transaction()
    await begun.start()
    await psql.take()
    await psql.refused(psql.lead, "SELECT cru.erase_person($1)", one, code="CR001", says="written to just now")
    await begun.commit()
    assert await erase(psql, one) == 1


async def test_figures_are_the_same_before_and_after(psql: Psql) -> None:
    night = Night(psql, 5)
    await night.run(START, 6, 8)
    await later(psql)
    period = Period(START - timedelta(hours=1), START + timedelta(days=3))

    async def figures() -> dict[str, Any]:
        async with reading(psql) as connection:
            return dict((await measured(connection, period, EVERYTHING, past=0)).figures)

    before = await figures()
    assert before["received"].n >= 5
    due = await psql.lead.fetch("SELECT * FROM cru.due_to_erase()")
    assert due
    for row in due:
        await erase(psql, row["referral_id"])
    assert await figures() == before
    await psql.owner.execute("SELECT cru.measure_anew()")
    assert await figures() == before
    async with reading(psql) as connection:
        past = await load_past(connection, period.start, period.end)
    assert past.referrals, "the day can be replayed, without who it was"


def test_the_owner_erases_those_whose_time_is_over_and_is_asked_first(
    record: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cluster import run

    async def prepared() -> UUID:
        async with psql_on(record, tuple(LOGINS)) as psql:
            one = await a_person(psql)
            await later(psql)
            return one

    async def whole() -> str:
        async with psql_on(record, tuple(LOGINS)) as psql:
            return await psql.picture()

    run(prepared())
    url = owner_url(record).render_as_string(hide_password=False)
    assert main(["admin", "erase", "--dry-run", "--url", url]) == 0
    assert "1 person due" in capsys.readouterr().out
    assert main(["admin", "erase", "--url", url]) == 2
    assert "nothing was erased" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for typed, code in (("yes", 2), ("erase", 0)):
        monkeypatch.setattr("builtins.input", lambda _asked, typed=typed: typed)
        assert SIGN in run(whole()) or code == 0
        assert main(["admin", "erase", "--url", url]) == code
    said = capsys.readouterr().out
    assert "1 person erased. Figures stay as they were." in said
    assert SIGN not in said
    assert main(["admin", "erase", "--yes", "--url", url]) == 0
    assert "0 people erased" in capsys.readouterr().out


def owner_url(record: Any) -> URL:
    return record.cluster.address.superuser_url(record.database)


@pytest.mark.long
async def test_the_upgrade_changes_no_row_and_finds_what_was_there(cluster: Cluster, left_by: LeftBy) -> None:
    from db import migrate

    async with cloned(cluster, left_by("0040")) as psql:
        one = await psql.take(nhs_number=NUMBER, call_back="07700 900123", patient_name=SIGN)
        before = await psql.owner.fetchval("SELECT to_jsonb(r) FROM cru.referral r")
        await migrate.upgrade(owner_url(psql.record))
        after = await psql.owner.fetchval("SELECT to_jsonb(r) - 'erased_at' FROM cru.referral r")
        assert after == before
        found = await psql.shah.fetch(
            "SELECT * FROM cru.alike('', '', NULL, '07700 900123', '', '', '', NULL, NULL)"
        )
        assert [row["referral_id"] for row in found] == [one]
        assert await psql.owner.fetchval("SELECT value FROM cru.rule WHERE name = 'keep_people'") == 20
