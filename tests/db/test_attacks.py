# ruff: noqa: S608 - the tests name tables and columns of our own
"""Everything on the list of attacks, tried by its login on a record with something in it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.cluster import LOGINS
from tests.db.attack_list import Attack, attacks
from tests.db.psql import Psql

SECRET = "Zebedee"
_TOLD = re.compile(r"zebedee|4LP|9434765919|07700.?900", re.IGNORECASE)
_NO = (
    "(SELECT jsonb_object_agg(key, 'no') FROM cru.screening_item"
    " WHERE tool_version = cru.tool_in_force() AND branch = '')"
)
_WORDS = ("caller", "patient_name", "access_note", "legal_status", "police", "ems_incident", "ems_callsign")


@pytest.fixture
async def places(psql: Psql) -> AsyncIterator[dict[str, str]]:
    """Rows to try something on, of somebody whose name stands wherever a name can."""
    person = dict.fromkeys(_WORDS, SECRET) | {
        "location_text": f"{SECRET} Street",
        "postcode": "NN14LP",
        "lat": 52.24,
        "lon": -0.89,
        "nhs_number": "9434765919",
        "call_back": "07700 900123",
        "waiting_party": f"her sister {SECRET}",
        "plan": f'{{"helps": "{SECRET}"}}',
    }
    found: dict[str, Any] = {"closed": await psql.referral("closed"), "declined": await psql.referral("declined")}
    found["error"] = await psql.referral("received")
    for key in ("closed", "declined", "error"):
        await psql.amend(psql.lead, "referral", found[key], **person)
    in_error = "UPDATE cru.referral SET entered_in_error_at = now(), entered_in_error_reason = 'x' WHERE id = $1"
    await psql.lead.execute(in_error, found["error"])
    for name, answers in (("said yes", {"weapon": "yes"}), ("said not known", {"weapon": "not known"})):
        found[name] = await psql.take(**person)
        await psql.screen(found[name], **answers)
    # A "no" after the "yes".
    await psql.screen(found["said yes"])
    found["unscreened"] = await psql.take(**person)
    found["open"] = await psql.referral()
    await psql.shah.execute(
        "INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party) VALUES ($1, 1, $2, $2)",
        found["unscreened"],
        f"{SECRET} House",
    )
    found["van"] = await psql.van()
    found["shift"] = await psql.owner.fetchval("SELECT id FROM cru.shift WHERE van_id = $1", found["van"])
    await psql.owner.execute(
        "INSERT INTO cru.device (device_id, van_id, token_digest) VALUES ('tab', $1, repeat('0f', 32))",
        found["van"],
    )
    found["crying"] = await psql.van()
    await psql.set(
        psql.shah, "van", found["crying"], emergency_at=await psql.owner.fetchval("SELECT cru.clock_now()")
    )
    found["bare"] = await psql.van("off duty")
    found["staff"] = await psql.owner.fetchval(
        "SELECT id FROM cru.staff p WHERE active AND NOT EXISTS"
        " (SELECT FROM cru.shift_member m WHERE m.staff_id = p.id AND m.until_at IS NULL) LIMIT 1"
    )
    await psql.owner.execute(
        f"INSERT INTO cru.feedback (referral_id, said_by, words)"
        f" VALUES ('{found['closed']}', 'person', '{SECRET}');"
        f" INSERT INTO cru.flag (referral_id, subject, kind, reason, expires_at)"
        f" VALUES ('{found['open']}', 'person', 'pets', '{SECRET}', now() + interval '9 days');"
        f" INSERT INTO cru.message (words) VALUES ('{SECRET}');"
        f" INSERT INTO cru.shift_log (words) VALUES ('{SECRET}');"
        f" INSERT INTO cru.improvement (said, raised_by) VALUES ('x', 'team'); ANALYZE"
    )
    ask = "INSERT INTO cru.person_request (referral_id, kind, said_by, words) VALUES ($1, $2, $3, $3) RETURNING id"
    for name, kind in (("wrong", "correction"), ("gone", "erasing"), ("wanted", "copy")):
        found[name] = await psql.shah.fetchval(ask, found["open"], kind, SECRET)
    return {name: str(value) for name, value in found.items()} | {
        "no": _NO,
        "asked": f"(SELECT jsonb_object_agg(k, 'asked') FROM jsonb_object_keys({_NO}) k)",
        "database": psql.record.database,
    }


async def _refused(connection: Any, attack: Attack, sql: str) -> str:
    """Why a line was not refused as it should be; empty if it was. Nothing of it stays."""
    trying = connection.transaction()
    await trying.start()
    try:
        await connection.execute(sql)
    except asyncpg.PostgresError as error:
        state = error.sqlstate or ""
        well = state in attack.codes and attack.says in str(error)
        return "" if well else f"{state} {error}: {attack.sql}"
    finally:
        await trying.rollback()
    return f"let through: {attack.sql}"


async def _told(connection: Any, sql: str) -> str:
    """All that the server says to a line, refusals too. Nothing of it stays."""
    said: list[str] = []

    def hear(_connection: Any, notice: Any) -> None:
        said.append(f"{notice.message} {notice.detail}")

    connection.add_log_listener(hear)
    before, _, last = sql.rpartition("; ")
    trying = connection.transaction()
    await trying.start()
    try:
        if before:
            await connection.execute(before)
        # As text, whatever types of the server's own are in it.
        text = f"SELECT one::text FROM ({last}) one" if last.startswith("SELECT") else last
        said += [str(tuple(row)) for row in await connection.fetch(text)]
    except asyncpg.PostgresError as error:
        said += [str(error), str(error.detail), str(error.hint), str(error.context)]
    finally:
        await trying.rollback()
        connection.remove_log_listener(hear)
    return "\n".join(said)


@pytest.mark.hazard("H-054", "H-055")
async def test_each_is_refused_or_tells_nothing(psql: Psql, places: dict[str, str]) -> None:
    wrong = []
    for attack in attacks():
        connection, sql = psql.session(attack.who), attack.filled(places)
        if attack.codes:
            wrong.append(await _refused(connection, attack, sql))
        else:
            found = _TOLD.search(await _told(connection, sql))
            wrong.append(f"told {found[0]}: {attack.sql}" if found else "")
    assert [one for one in wrong if one] == []


def test_the_list_is_as_long_as_it_was_promised() -> None:
    tried = list(attacks())
    assert len({one.sql for one in tried}) >= 500
    assert {one.who for one in tried} <= set(LOGINS)
    assert len({(one.who, one.sql) for one in tried}) == len(tried)
