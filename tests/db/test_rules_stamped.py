"""What the record says of a row, it says itself, whoever writes the row and whatever it claims: at a psql prompt.

Grants keep people from these columns; here the owner writes, whom no grant stops.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from tests.db.psql import Psql
from tests.db.reading import fill

CLAIMED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
POPE = "the pope"
BY, NOW, FIRST, NOT_YET, EMPTY = "whoever is signed in", "the record's clock", 1, None, ""
CLAIMS = {BY: POPE, NOW: CLAIMED, FIRST: 41, NOT_YET: CLAIMED, EMPTY: POPE}
"""What a row claims where the record knows better."""

Given = dict[str, Any]


async def things(psql: Psql) -> Given:
    """What the rows below are about."""
    who = await psql.referral("accepted")
    planned = await psql.lead.fetchval(
        "INSERT INTO cru.planned_shift (van_id, starts_at, ends_at)"
        " SELECT id, cru.clock_now(), cru.clock_now() + interval '9 hours' FROM cru.van LIMIT 1 RETURNING id"
    )
    nothing = await psql.owner.fetchval("SELECT cru.digest('')")
    doubtful = await psql.take()
    await psql.screen(doubtful, sepsis="not known")
    stands = [row[0] for row in await psql.owner.fetch("SELECT what FROM cru.stands_against($1)", doubtful)]
    somewhere = await psql.owner.fetchval("SELECT min(name) FROM cru.destination")
    return {
        "decision": {"referral_id": doubtful, "covers": stands},
        "destination": somewhere,
        "referral_id": who,
        "planned_shift_id": planned,
        "text_digest": nothing,
    }


async def wrote(psql: Psql, table: str, given: Given, *, back: str = "*") -> Any:
    names, marks = ", ".join(given), ", ".join(f"${n}" for n in range(1, len(given) + 1))
    sql = f"INSERT INTO cru.{table} ({names}) VALUES ({marks}) RETURNING {back}"  # noqa: S608 - names of our own
    return await psql.owner.fetchrow(sql, *given.values())


SOON = datetime.now(UTC) + timedelta(hours=5)
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
        {"referral_id": ..., "service": "ems", "incident": "8812"},
        {"version": FIRST, "made_by": BY, "made_at": NOW},
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
        {"said": "a loud knock", "raised_by": "carer"},
        {"version": FIRST, "made_by": BY, "made_at": NOW, "changed_by": BY, "changed_at": NOW},
    ),
    "review": (
        {"kind": "late", "about": "y", "words": "no van free"},
        {"reviewed_by": BY, "reviewed_at": NOW},
    ),
    "shift_log": (
        {"words": "keys"},
        {"version": FIRST, "written_by": BY, "written_at": NOW, "taken_back_at": NOT_YET},
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
        },
    ),
    "spc_baseline": (
        {"measure": "response", "since_on": LONG_AGO, "reason": "a sixth van"},
        {"author": BY, "set_at": NOW, "withdrawn_at": NOT_YET, "withdrawn_by": EMPTY},
    ),
    "decision": (
        {"referral_id": ..., "kind": "let on", "clinician": "Dr B. Osei", "reason": "seen", "covers": ...},
        {"decided_by": BY, "decided_at": NOW},
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
}


async def test_a_row_says_of_itself_only_what_is_so(psql: Psql) -> None:
    known, owner = await things(psql), await psql.owner.fetchval("SELECT session_user::text")
    for table, (given, stamped) in CASES.items():
        here = known | known.get(table, {})
        row = {name: here[name] if value is ... else value for name, value in given.items()}
        claims = {name: CLAIMS[what] for name, what in stamped.items()}
        before = await psql.owner.fetchval("SELECT cru.clock_now()")
        made = await wrote(psql, table, row | claims)
        for name, what in stamped.items():
            if what == NOW:
                assert made[name] >= before, (table, name)
            else:
                assert made[name] == (owner if what == BY else what), (table, name)


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
