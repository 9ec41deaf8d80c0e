"""What the record says of a row, it says itself, whoever writes the row and whatever it claims: at a psql prompt.

Grants keep people from these columns; here the owner writes, whom no grant stops.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from db.domain.clocks import LONDON
from tests.db.psql import Psql
from tests.db.reading import fill

CLAIMED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
POPE = "the pope"
BY, NOW, FIRST, NOT_YET, EMPTY = "whoever is signed in", "the record's clock", 1, None, ""
TODAY, TRIMMED, KEPT, LATEST = "the record's day", "without the space around it", "as it was", "by then"
CLAIMS = {BY: POPE, NOW: CLAIMED, FIRST: 41, NOT_YET: CLAIMED, EMPTY: POPE, TODAY: CLAIMED.date()}
"""What a row claims where the record knows better."""

Given = dict[str, Any]


async def things(psql: Psql) -> Given:
    """What the rows below are about."""
    owner, who = psql.owner, await psql.referral("accepted")
    planned = await psql.lead.fetchval(
        "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at)"
        " SELECT id, cru.clock_now(), cru.clock_now() + interval '9 hours' FROM cru.van"
        " ORDER BY callsign DESC LIMIT 1 RETURNING id"
    )
    doubtful, rings, free = await psql.take(), await psql.take(), await psql.van("off duty")
    await psql.screen(doubtful, sepsis="not known")
    now = await owner.fetchval("SELECT cru.clock_now()")
    stands = [row[0] for row in await owner.fetch("SELECT what FROM cru.stands_against($1)", doubtful)]
    staff = [row[0] for row in await owner.fetch("SELECT id FROM cru.staff WHERE active ORDER BY name LIMIT 2")]
    return {
        "decision": {"referral_id": doubtful, "covers": stands},
        "intake_call": {"referral_id": rings},
        "screening": {"referral_id": doubtful, "override_at": now},
        "started_at": now,
        "shift_member": {"staff_id": staff[1]},
        "destination": await owner.fetchval("SELECT min(name) FROM cru.destination"),
        "message_id": await psql.shah.fetchval("INSERT INTO cru.message (words) VALUES ('x') RETURNING id"),
        "referral_id": who,
        "planned_shift_id": planned,
        "staff_id": staff[0],
        "text_digest": await owner.fetchval("SELECT cru.digest('')"),
        "van_id": free,
    }


async def wrote(psql: Psql, table: str, given: Given, *, back: str = "*") -> Any:
    names, marks = ", ".join(given), ", ".join(f"${n}" for n in range(1, len(given) + 1))
    sql = f"INSERT INTO cru.{table} ({names}) VALUES ({marks}) RETURNING {back}"  # noqa: S608 - names of our own
    return await psql.owner.fetchrow(sql, *given.values())


SOON = datetime.now(UTC) + timedelta(hours=5)
LATE = SOON + timedelta(hours=9)
LONG_AGO = date(2026, 1, 5)
CASES: dict[str, tuple[Given, dict[str, Any]]] = {
    "contact": (
        {"referral_id": ..., "spoke_with": "person", "with_name": "Ottoline", "promised": "a call"},
        {
            "version": FIRST,
            "made_by": BY,
            "promise_outcome": EMPTY,
            "promise_closed_at": NOT_YET,
            "promise_closed_by": EMPTY,
        },
    ),
    "follow_up": (
        {"referral_id": ..., "due_at": SOON, "what_for": "a call"},
        {"version": FIRST, "made_by": BY, "made_at": NOW, "done_at": NOT_YET, "done_by": EMPTY, "outcome": EMPTY},
    ),
    "late_link": (
        {"referral_id": ..., "service": "ems", "incident": "8812", "crew": "EMAS A1"},
        {"version": FIRST, "made_by": BY, "made_at": NOW, "incident": TRIMMED, "crew": TRIMMED},
    ),
    "places_free": (
        {"destination": ..., "free": 2, "said_by": "x"},
        {"recorded_by": BY, "recorded_at": NOW},
    ),
    "feedback": (
        {"referral_id": ..., "said_by": "carer", "words": "kind"},
        {"version": FIRST, "recorded_by": BY, "recorded_at": NOW, "taken_back_at": NOT_YET},
    ),
    "improvement": (
        {"said": "a loud knock", "raised_by": "carer", "did": "a bell", "owner": "Ann"},
        {
            "version": FIRST,
            "made_by": BY,
            "made_at": NOW,
            "changed_by": BY,
            "changed_at": NOW,
            **dict.fromkeys(("said", "did", "owner"), TRIMMED),
        },
    ),
    "review": (
        {"kind": "late", "about": "y", "words": "no van free"},
        {"reviewed_by": BY, "reviewed_at": NOW, "words": TRIMMED},
    ),
    "shift_log": (
        {"words": "keys"},
        {"version": FIRST, "written_by": BY, "written_at": NOW, "taken_back_at": NOT_YET, "words": TRIMMED},
    ),
    "shift_handover": (
        {"notes": "all quiet"},
        {
            "version": FIRST,
            "offered_by": BY,
            "offered_at": NOW,
            "taken_by": EMPTY,
            "taken_at": NOT_YET,
            "withdrawn_by": EMPTY,
            "withdrawn_at": NOT_YET,
            "notes": TRIMMED,
        },
    ),
    "shift_handover_item": (
        {"shift_handover_id": ..., "rank": 1, "kind": "person", "words": "waits"},
        {"version": FIRST, "words": TRIMMED, "signed_at": NOT_YET, "signed_by": EMPTY, "remark": EMPTY},
    ),
    "spc_baseline": (
        {"measure": "response", "since_on": LONG_AGO, "reason": "a sixth van"},
        {"author": BY, "set_at": NOW, "withdrawn_at": NOT_YET, "withdrawn_by": EMPTY, "reason": TRIMMED},
    ),
    "decision": (
        {"referral_id": ..., "kind": "let on", "clinician": "Dr B. Osei", "reason": "seen", "covers": ...},
        {"decided_by": BY, "decided_at": NOW, "clinician": TRIMMED, "reason": TRIMMED},
    ),
    "rota_published": (
        {"planned_shift_id": ..., "plan_version": 1},
        {"published_by": BY, "published_at": NOW},
    ),
    "alarm": (
        {"name": "x", "kind": "late", "priority": 2, "words": "x", "since_at": CLAIMED},
        {"version": FIRST},
    ),
    "handover": (
        {"referral_id": ..., "ordinal": 1, "from_party": "EMAS A1", "to_party": "CRU"},
        {"version": FIRST},
    ),
    "reading": (
        {"referral_id": ..., "tool_version": 1, "text_digest": ..., "found": "[]"},
        {"read_by": BY, "read_at": NOW},
    ),
    "event": (
        {"referral_id": ..., "kind": "note", "words": "x"},
        {"recorded_by": BY, "recorded_at": NOW},
    ),
    "screening": (
        {
            "referral_id": ...,
            "tool_version": 1,
            "answers": "{}",
            "how": "{}",
            "override_at": ...,
            "override_clinician": "Dr B. Osei",
            "override_reason": "seen",
        },
        {
            "version": FIRST,
            "completed_by": BY,
            "override_by": BY,
            **dict.fromkeys(("override_clinician", "override_reason"), TRIMMED),
        },
    ),
    "tool_life": (
        {"tool_version": 2, "step": "approved", "name": "Dr B. Osei", "profession": "Consultant"},
        {"author": BY, "written_at": NOW, "name": TRIMMED, "profession": TRIMMED},
    ),
    "staff": ({"name": "Z. Ames", "profession": "Paramedic"}, {"name": TRIMMED}),
    "device": (
        {"device_id": "t9", "van_id": ..., "token_digest": "0f" * 32},
        {"author": BY, "dated": TODAY},
    ),
    "planned_shift": (
        {"van_id": ..., "starts_at": SOON, "ends_at": LATE, "note": "keys"},
        {
            "version": FIRST,
            "made_by": BY,
            "made_at": NOW,
            "changed_by": BY,
            "changed_at": NOW,
            "cancelled_at": NOT_YET,
            "note": TRIMMED,
        },
    ),
    "planned_ride": (
        {"planned_shift_id": ..., "staff_id": ...},
        {"off_at": NOT_YET, "off_reason": EMPTY},
    ),
    "shift": ({"van_id": ..., "started_at": ..., "planned_end_at": SOON}, {"version": FIRST}),
    "shift_member": ({"shift_id": ..., "staff_id": ...}, {"until_at": NOT_YET, "left_reason": EMPTY}),
    "intake_call": (
        {"referral_id": ...},
        {
            "version": FIRST,
            "answered_at": LATEST,
            "begun_at": NOW,
            "taken_by": BY,
            "taken_since_at": NOW,
            "saved_at": NOW,
            "call_back_at": NOT_YET,
            "ended_at": NOT_YET,
            "ended_by": EMPTY,
        },
    ),
    "message": (
        {"referral_id": ..., "words": "on its way"},
        {"version": FIRST, "written_by": BY, "written_at": NOW, "words": TRIMMED},
    ),
    "message_seen": ({"message_id": ...}, {"seen_by": BY, "seen_at": NOW}),
    "backup": ({"what": "drill", "worked": True}, {"made_by": BY, "made_at": NOW}),
    "person_request": (
        {"referral_id": ..., "kind": "copy", "said_by": "the person", "words": "all of it"},
        {
            "version": FIRST,
            "made_by": BY,
            "made_at": NOW,
            "answered_by": EMPTY,
            "answered_at": NOT_YET,
            "words": TRIMMED,
            **dict.fromkeys(("answer", "statement"), TRIMMED),
        },
    ),
}
CHANGES: dict[str, tuple[Given, dict[str, Any], dict[str, Any]]] = {
    "planned_shift": (
        {"ends_at": LATE - timedelta(hours=1), "note": "none"},
        {"made_by": KEPT, "made_at": KEPT, "changed_by": BY, "changed_at": NOW, "note": TRIMMED},
        {},
    ),
    "planned_ride": ({"off_reason": "ill"}, {"off_at": NOW, "off_reason": TRIMMED}, {}),
    "spc_baseline": ({}, {"withdrawn_at": NOW}, {"withdrawn_by": BY}),
    "follow_up": ({"outcome": "went well"}, {"done_by": BY, "outcome": TRIMMED}, {"done_at": NOW}),
    "contact": ({"promise_outcome": "kept"}, {"promise_closed_at": NOW, "promise_closed_by": BY}, {}),
    "shift_handover": ({}, {"withdrawn_at": NOW, "withdrawn_by": BY, "taken_by": EMPTY}, {}),
    "improvement": (
        {"said": "a knock", "did": "bells", "owner": "Bo"},
        {"changed_by": BY, "changed_at": NOW, **dict.fromkeys(("said", "did", "owner"), TRIMMED)},
        {},
    ),
    "person_request": (
        {"state": "refused", "answer": "kept by law"},
        {},
        {"answered_by": BY, "answered_at": NOW},
    ),
}
"""What is changed of a row above, what that claims besides, and what is said of it where a claim is refused."""


def claims(given: Given, stamped: dict[str, Any]) -> Given:
    """What a row claims of itself."""
    own = {TRIMMED: lambda name: f"  {given.get(name, '')} ", LATEST: lambda _: SOON, KEPT: lambda _: POPE}
    made = {name: own[what](name) if what in own else CLAIMS[what] for name, what in stamped.items()}
    return made | {name: CLAIMED for name, what in stamped.items() if what == KEPT and name.endswith("_at")}


async def test_a_row_says_of_itself_only_what_is_so(psql: Psql) -> None:
    known, owner = await things(psql), await psql.owner.fetchval("SELECT session_user::text")
    clock = "SELECT cru.clock_now()"
    rows: dict[str, Any] = {}

    async def stands(table: str, given: Given, stamped: dict[str, Any], before: datetime, was: Any = None) -> None:
        after = await psql.owner.fetchval(clock)
        right = {BY: owner, TODAY: after.astimezone(LONDON).date()}
        for name, what in stamped.items():
            found, at = rows[table][name], (table, name, what)
            if what in {NOW, LATEST}:
                assert before - timedelta(minutes=what == LATEST) <= found <= after, at
            elif what == TRIMMED:
                assert found == given.get(name, ""), at
            else:
                assert found == (was[name] if what == KEPT else right.get(what, what)), at

    for table, (given, stamped) in CASES.items():
        here = known | known.get(table, {})
        row = {name: here[name] if value is ... else value for name, value in given.items()}
        before = await psql.owner.fetchval(clock)
        rows[table] = await wrote(psql, table, row | claims(given, stamped))
        await stands(table, given, stamped, before)
        if "id" in rows[table]:
            known.setdefault(f"{table}_id", rows[table]["id"])
    for table, (given, stamped, unclaimed) in CHANGES.items():
        was, changed = rows[table], given | claims(given, stamped)
        before = await psql.owner.fetchval(clock)
        sql = f"{psql.update(table, changed)} RETURNING *"
        rows[table] = await psql.owner.fetchrow(sql, was["id"], *changed.values())
        await stands(table, given, stamped | unclaimed, before, was)
        assert rows[table].get("version", 2) == 2, table


COUNTED = "cru.{0} SET version = 50 WHERE ctid = (SELECT ctid FROM cru.{0} LIMIT 1)"
# Rows that no login changes: functions of the record write them, and count themselves.
BY_FUNCTIONS = {"danger", "position"}
CHANGED = {
    *("assignment", "contact", "ending", "feedback", "follow_up", "handover"),
    *("planned_shift", "referral", "screening", "shift", "shift_handover", "shift_log", "van"),
}


async def test_whatever_is_changed_counts_its_version_up_whatever_the_writer_says(psql: Psql) -> None:
    await fill(psql)
    owner, right, wrong = psql.owner, set(), set()
    tables = await owner.fetch(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version'"
        " WHERE c.relnamespace = 'cru'::regnamespace AND c.relkind = 'r' ORDER BY 1"
    )
    for (table,) in tables:
        trying = owner.transaction()
        await trying.start()
        try:
            before = await owner.fetch(f"SELECT version FROM cru.{table} LIMIT 1")  # noqa: S608 - ours
            after = await owner.fetch(f"UPDATE {COUNTED.format(table)} RETURNING version")
        except asyncpg.PostgresError:
            pass  # what never changes, or no more
        else:
            counted = [row[0] - 1 for row in after] == [row[0] for row in before]
            (right if counted else wrong).update({table} if after else ())
        await trying.rollback()
    assert wrong == BY_FUNCTIONS
    assert right >= CHANGED
