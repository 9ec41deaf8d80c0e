"""By which rows a rule goes: of whatever may stand in the record, those alone that it means."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.db.measuring import now_of, put
from tests.db.psql import Psql
from tests.db.test_rules_rota import vans

MINUTE = timedelta(minutes=1)
Rows = list[tuple[str, dict[str, Any]]]


async def answers(psql: Psql, asked: str, cases: dict[str, Rows]) -> dict[str, Any]:
    """What is answered of a new referral for each of some rows; "now" and "before" are times."""
    now, van = await now_of(psql), (await vans(psql))[0]
    times = {"now": now, "before": now - MINUTE}
    found = {}
    for name, rows in cases.items():
        referral = await psql.take()
        for table, columns in rows:
            given = {
                key: times.get(value, value) if key.endswith("_at") else value for key, value in columns.items()
            }
            given |= {"taken_back_at": now} if given.pop("undone", False) else {}
            if table == "assignment":
                given |= {"van_id": van, "state": "clear", "allocated_at": now, "clear_at": now}
            await put(psql, table, referral_id=referral, **given)
        found[name] = await psql.owner.fetchval(asked, referral)
    return found


def link(ordinal: int = 1, giver: str = "ems", taker: str = "cru", **more: Any) -> tuple[str, dict[str, Any]]:
    parties = {"from_party": giver, "from_kind": giver, "to_party": taker, "to_kind": taker}
    return "handover", {"ordinal": ordinal, "expected_at": "before"} | parties | more


def job(**times: str | bool) -> tuple[str, dict[str, Any]]:
    return "assignment", dict(times)


async def test_who_stays_with_a_declined_person_is_the_last_crew_whose_handover_nobody_took(psql: Psql) -> None:
    cases: dict[str, tuple[Rows, str | None]] = {
        "nobody": ([], None),
        "the last": ([link(1), link(2, "police"), link(3, "other")], "other"),
        "one that was taken": ([link(1), link(2, "police", accepted_at="now")], "ems"),
        "one that did not happen": ([link(1), link(2, "police", undone=True)], "ems"),
        "one from us": ([link(1), link(2, "cru")], "ems"),
        "one to somebody else": ([link(1), link(2, "police", "destination")], "ems"),
    }
    told = await answers(
        psql, "SELECT (cru.stays_with($1)).from_kind", {name: rows for name, (rows, _) in cases.items()}
    )
    assert told == {name: who for name, (_, who) in cases.items()}


async def test_who_was_met(psql: Psql) -> None:
    met: dict[str, tuple[Rows, bool]] = {
        "nobody came": ([], False),
        "at the door": ([job(on_scene_at="now")], False),
        **{
            step: ([job(**{f"{step}_at": "now"})], True)
            for step in ("with_patient", "conveying", "at_destination")
        },
        "it did not happen": ([job(with_patient_at="now", undone=True)], False),
        "taken over": ([link(accepted_at="now")], True),
        "not yet": ([link()], False),
        "taken over by another": ([link(taker="destination", accepted_at="now")], False),
        "taken over by mistake": ([link(accepted_at="now", undone=True)], False),
    }
    told = await answers(psql, "SELECT cru.was_met($1)", {name: rows for name, (rows, _) in met.items()})
    assert told == {name: was for name, (_, was) in met.items()}


def spoke(who: str = "person", about: str = "cancel", **more: Any) -> tuple[str, dict[str, Any]]:
    by = {"why_not": "no answer"} if who == "nobody" else {"with_name": "Ida"}
    return "contact", {"spoke_with": who, "about": about, "made_at": "before"} | by | more


def end(at: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "ending", {"state": "cancelled", "ended_at": at} | more


async def test_whether_somebody_spoke_of_it_since_it_was_open_anew(psql: Psql) -> None:
    spoken: dict[str, tuple[Rows, bool]] = {
        "nobody": ([], False),
        "with the person": ([spoke()], True),
        "or why not": ([spoke("nobody")], True),
        "with a carer": ([spoke("carer")], False),
        "of something else": ([spoke(about="waiting")], False),
        "it did not happen": ([spoke(undone=True)], False),
        "of the end that stands": ([spoke(), end("now")], True),
        "it is open anew since": ([spoke(), end("before", reopened_at="now")], False),
        "it was open anew just then": ([spoke(), end("before", reopened_at="before")], False),
        "it was open anew before": ([spoke(made_at="now"), end("before", reopened_at="before")], True),
        "that end was taken back": ([spoke(), end("before", reopened_at="now", undone=True)], True),
    }
    asked = "SELECT cru.spoken_of_ending($1)"
    told = await answers(psql, asked, {name: rows for name, (rows, _) in spoken.items()})
    assert told == {name: was for name, (_, was) in spoken.items()}


async def test_what_an_end_asks_for_is_by_its_kind_and_in_use(psql: Psql) -> None:
    owner = psql.owner
    for kind in ("outcome", "decline", "cancel"):
        for code in ("x", f"only {kind}"):
            await put(psql, "ending_rule", kind=kind, code=code)
    await put(psql, "ending_rule", kind="outcome", code="old", active=False)
    asked = "SELECT (cru.ending_rule_of(jsonb_populate_record(NULL::cru.referral, $1))).kind"
    for state, column, kind in (
        ("closed", "outcome", "outcome"),
        ("declined", "end_reason", "decline"),
        ("cancelled", "end_reason", "cancel"),
    ):
        other = {"outcome": "end_reason", "end_reason": "outcome"}[column]
        for code, says in (("x", kind), (f"only {kind}", kind), ("only other", None), ("old", None)):
            row = {"state": state, column: code, other: "x" if code.startswith("only") else ""}
            assert await owner.fetchval(asked, json.dumps(row)) == says, row


async def test_since_when_a_van_is_free_and_who_told_of_a_time_last(psql: Psql) -> None:
    owner, (van, other, *_), now = psql.owner, await vans(psql), await now_of(psql)
    await owner.execute("UPDATE cru.service SET clock_shown = clock_shown + interval '1 minute'")
    made = []
    for on, minutes, column in (
        (van, 9, "clear_at"),
        (van, 5, "stood_down_at"),
        (van, 7, "clear_at"),
        (other, 1, "clear_at"),
    ):
        referral = await psql.take()
        ended = {column: now - minutes * MINUTE, "state": column.removesuffix("_at").replace("_", " ")}
        reason = {"stand_down_reason": "not_needed"} if column == "stood_down_at" else {}
        await put(
            psql, "assignment", referral_id=referral, van_id=on, allocated_at=now - 10 * MINUTE, **ended, **reason
        )
        made.append(await owner.fetchval("SELECT id FROM cru.assignment WHERE referral_id = $1", referral))
    free = "SELECT cru.free_since($1, $2)"
    assert await owner.fetchval(free, van, None) == now - 5 * MINUTE
    assert await owner.fetchval(free, van, made[1]) == now - 7 * MINUTE
    assert await owner.fetchval(free, van, made[2]) == now - 5 * MINUTE
    one, two = await psql.take(), await psql.take()
    for referral, of in (
        (one, van),
        (one, None),
        (None, van),
        (two, van),
        (None, other),
        (one, van),
        (one, other),
    ):
        await put(psql, "event", referral_id=referral, van_id=of, kind="van clear", happened_at=now)
    await put(psql, "event", referral_id=one, van_id=van, kind="van mobile", happened_at=now)
    await put(psql, "event", referral_id=None, van_id=van, kind="van mobile", happened_at=now)
    ids = [row[0] for row in await owner.fetch("SELECT id FROM cru.event WHERE kind = 'van clear' ORDER BY id")]
    last = "SELECT cru.told_last($1, $2, 'van clear')"
    for referral, of, nth in (
        (one, van, 5),
        (one, None, 1),
        (None, van, 2),
        (two, van, 3),
        (one, other, 6),
        (None, other, 4),
    ):
        assert await owner.fetchval(last, referral, of) == ids[nth], (referral, of)


# What is asked, the row that it goes by, what holds without one, and what 3 of each unit comes to.
BY_A_NUMBER: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("extract(epoch FROM cru.keep_people()) / 86400 / 365.25", "keep_people", 20, {"years": 3}),
    ("extract(epoch FROM cru.shift_most()) / 3600", "shift_most", 24, {"hours": 3, "minutes": 0.05}),
    ("cru.registered_least()", "registered_least", 1, {"people": 3}),
    ("cru.assumed_without()", "assumed_without", 94, {"minutes": 3, "hours": 180}),
    ("cru.rule_number('leaves_beyond', 'metres', 7)", "leaves_beyond", 7, {"metres": 3}),
    (
        "extract(epoch FROM cru.rule_span('lost_van', '9 s'))",
        "lost_van",
        9,
        {"seconds": 3, "minutes": 180, "hours": 10800},
    ),
    ("(SELECT looks FROM cru.looks_an_hour('alike'))", "looks_alike", 240, {"times an hour": 3}),
    ("(SELECT years FROM cru.kept_until('{0}'))", "keep_people", 20, {"years": 3}),
    ("(SELECT set_by FROM cru.kept_until('{0}'))", "keep_people", "", {"years": "A. Shah"}),
]


async def test_a_number_is_the_rows_of_its_name_in_its_unit_while_it_is_in_use(psql: Psql) -> None:
    owner, referral = psql.owner, await psql.referral("closed")
    change = "UPDATE cru.rule SET value = 3, unit = $2, active = $3, author = 'a.shah' WHERE name = $1"
    trying = owner.transaction()
    await trying.start()
    await owner.execute("SET LOCAL session_replication_role = replica")
    for asked, name, otherwise, comes_to in BY_A_NUMBER:
        foreign = "metres" if "metres" not in comes_to else "people"
        rows = [(foreign, True, otherwise), *((unit, False, otherwise) for unit in comes_to)]
        for unit, active, answer in (*rows, *((unit, True, three) for unit, three in comes_to.items())):
            await owner.execute(change, name, unit, active)
            answered = await owner.fetchval(f"SELECT {asked.format(referral)}")
            told = answer if isinstance(answer, str) else pytest.approx(answer)
            assert (answered if isinstance(answer, str) else float(answered)) == told, (asked, unit, active)
    await trying.rollback()


DAY = "timestamptz '2026-01-01 {}:00Z'"
AHEAD = "timestamptz '2099-01-01 00:00Z'"


def overlap(first: tuple[str, str], second: tuple[str, str]) -> str:
    ends = [DAY.format(one) if one.isdigit() else one for one in (*first, *second)]
    return f"cru.overlap({', '.join(ends)})"


DETAIL = """'{"until": "4", "from": "1", "to": "2", "done_at": "3", "rows": 5, "said": "x"}'"""
WORKED_OUT = {
    overlap(("00", "02"), ("01", "03")): True,
    overlap(("01", "03"), ("00", "02")): True,
    overlap(("00", "01"), ("01", "03")): False,
    overlap(("01", "03"), ("00", "01")): False,
    overlap(("01", "NULL"), ("00", "NULL")): True,
    overlap(("00", "NULL"), ("01", "NULL")): True,
    overlap(("01", "NULL"), ("00", "01")): False,
    overlap(("00", "01"), ("01", "NULL")): False,
    # A time that lies ahead of the clock binds nobody.
    overlap((AHEAD, "NULL"), ("00", "NULL")): True,
    overlap((AHEAD, "NULL"), (AHEAD, "NULL")): False,
    overlap(("01", "NULL"), ("00", AHEAD)): False,
    overlap(("00", AHEAD), ("01", "03")): False,
    overlap(("01", AHEAD), ("00", "03")): True,
    "cru.local_time('2026-07-01 12:30Z', '2026-07-01 20:00Z')": "13:30",
    "cru.local_time('2026-07-01 23:30Z', '2026-07-01 20:00Z')": "00:30 Thu 02 Jul",
    "cru.local_time('2026-10-25 00:30Z', '2026-10-25 20:00Z')": "01:30 BST",
    "cru.local_time('2026-10-25 01:30Z', '2026-10-25 20:00Z')": "01:30 GMT",
    "cru.local_time('2026-10-25 02:30Z', '2026-10-25 20:00Z')": "02:30",
    "cru.told_words('person', 'K. Bell', '')": "person told by K. Bell",
    "cru.told_words('person', '', 'asleep')": "person not told: asleep",
    "cru.told_words('person', '', '')": None,
    # The kind follows the name, unless somebody gave it.
    "cru.kind_after('EMAS A1', 'ems', 'Police', 'ems', 'other')": "police",
    "cru.kind_after('EMAS A1', 'other', 'Police', 'other', 'x')": "other",
    "cru.kind_after('EMAS A1', 'ems', 'EMAS A1', 'police', 'x')": "police",
    "cru.kind_after('EMAS A1', 'ems', 'Police', 'other', 'x')": "other",
    "cru.kind_after('EMAS A1', 'other', 'EMAS A1', 'other', 'x')": "other",
    f"cru.bare_detail('on hold', {DETAIL})": {"until": "4"},
    f"cru.bare_detail('time amended', {DETAIL})": {"from": "1", "to": "2"},
    f"cru.bare_detail('clear taken back', {DETAIL})": {"done_at": "3", "rows": 5},
    f"cru.bare_detail('note', {DETAIL})": {},
}


async def test_what_is_worked_out_of_values_alone(psql: Psql) -> None:
    told = await psql.owner.fetchrow(f"SELECT {', '.join(WORKED_OUT)}")
    found = [json.loads(one) if isinstance(one, str) and one.startswith("{") else one for one in told]
    assert dict(zip(WORKED_OUT, found, strict=True)) == WORKED_OUT
