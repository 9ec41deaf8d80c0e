"""The shift log and the handover of the room, at a psql prompt."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from db.commands import OfferRoom, PassOn
from db.domain.shift_handover import ToHandOver
from db.errors import Invalid
from tests.cluster import LOGINS, Cluster, Record, password_of
from tests.db.doing import does
from tests.db.psql import Connection, Psql, psql_on

WRITE = "INSERT INTO cru.shift_log (words) VALUES ($1) RETURNING id"
CORRECT = "INSERT INTO cru.shift_log (words, corrects) VALUES ($1, $2) RETURNING id"
OFFER = "SELECT cru.offer_room($1, $2, $3)"
TAKE = "UPDATE cru.shift_handover SET taken_at = now() WHERE id = $1"
WITHDRAW = "UPDATE cru.shift_handover SET withdrawn_at = now() WHERE id = $1"
SIGN = "UPDATE cru.shift_handover_item SET signed_at = now(), remark = $2 WHERE id = $1"
NEXT = "n.lead"


@pytest.fixture(scope="module")
def next_lead(cluster: Cluster) -> AsyncIterator[str]:
    """A second shift lead, who comes in."""
    cluster.execute(f"CREATE ROLE \"{NEXT}\" LOGIN PASSWORD '{password_of(NEXT)}' IN ROLE cru_shift_lead")
    yield NEXT
    cluster.execute(f'DROP ROLE "{NEXT}"')


@pytest.fixture
async def psql(record: Record, next_lead: str) -> AsyncIterator[Psql]:
    async with psql_on(record, (*LOGINS, next_lead)) as made:
        yield made


async def offer(who: Connection, notes: str = "quiet after three", *lines: dict[str, object]) -> UUID:
    room = uuid4()
    await who.execute(OFFER, room, notes, json.dumps(lines))
    return room


async def offered(psql: Psql, *risks: str, beside: tuple[str, ...] = ()) -> tuple[UUID, list[UUID]]:
    """A room that the lead offers, with risks, and lines that are none."""
    lines = [{"kind": "person", "words": one, "is_risk": one in risks} for one in (*risks, *beside)]
    room = await offer(psql.lead, "quiet after three", *lines)
    sql = "SELECT id FROM cru.shift_handover_item WHERE shift_handover_id = $1 ORDER BY rank"
    return room, [row["id"] for row in await psql.owner.fetch(sql, room)]


async def told(psql: Psql, kind: str) -> list[Any]:
    return list(await psql.owner.fetch("SELECT * FROM cru.event WHERE kind = $1 ORDER BY id", kind))


# --- the log ---


async def test_an_entry_says_who_wrote_it_and_when_whatever_its_author_claims(psql: Psql) -> None:
    entry = await psql.shah.fetchval(WRITE, "  The lift at Berrywood is out.\n")
    row = await psql.read("shift_log", entry)
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    assert (row["words"], row["written_by"]) == ("The lift at Berrywood is out.", "a.shah")
    assert now - row["written_at"] < timedelta(minutes=1)
    for column, value in (("written_by", "l.lead"), ("written_at", now)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.shah.execute(f"INSERT INTO cru.shift_log (words, {column}) VALUES ('x', $1)", value)  # noqa: S608


async def test_what_stands_in_the_log_never_changes(psql: Psql) -> None:
    entry = await psql.shah.fetchval(WRITE, "Two cars in the yard.")
    for column, value in (("words", "None."), ("written_by", "l.lead"), ("version", 9)):
        expected = "0" if column == "version" else "CR002"
        if column == "version":
            await psql.owner.execute("UPDATE cru.shift_log SET version = $2 WHERE id = $1", entry, value)
            assert (await psql.read("shift_log", entry))["version"] == 2
        else:
            await psql.set_refused(
                psql.owner, "shift_log", entry, code=expected, says="never changes", **{column: value}
            )
    await psql.refused(psql.owner, "DELETE FROM cru.shift_log WHERE id = $1", entry, code="CR002", says="never")


@pytest.mark.parametrize(
    ("away", "says"),
    [(timedelta(minutes=2), "future"), (-timedelta(days=7, minutes=1), "seven days")],
)
async def test_when_it_happened_is_believable(psql: Psql, away: timedelta, says: str) -> None:
    sql = "INSERT INTO cru.shift_log (words, happened_at) VALUES ('x', cru.clock_now() + $1)"
    await psql.refused(psql.shah, sql, away, says=says)
    await psql.shah.execute(sql, away * 0.4)


async def test_only_its_author_or_a_lead_corrects_an_entry_and_once(psql: Psql) -> None:
    entry = await psql.shah.fetchval(WRITE, "Bed at the crisis house from 22:00.")
    other = psql.session("b.okafor")
    await psql.refused(other, CORRECT, "From 23:00.", entry, code="CR002", says="That entry is A. Shah's")
    first = await psql.shah.fetchval(CORRECT, "From 23:00.", entry)
    await psql.refused(psql.shah, CORRECT, "From 21:00.", entry, code="CR001", says="corrected already")
    await psql.lead.fetchval(CORRECT, "From 23:30.", first)
    assert [row["words"] for row in await told(psql, "shift log corrected")] == ["From 23:00.", "From 23:30."]


async def test_an_entry_is_told_in_the_story_of_its_referral_and_van(psql: Psql) -> None:
    referral, van = await psql.referral(), await psql.van()
    sql = "INSERT INTO cru.shift_log (words, referral_id, van_id) VALUES ('waits for keys', $1, $2) RETURNING id"
    entry = await psql.shah.fetchval(sql, referral, van)
    (event,) = await told(psql, "shift log")
    assert (event["referral_id"], event["van_id"], event["words"]) == (referral, van, "waits for keys")
    await psql.set(psql.session("b.okafor"), "shift_log", entry, pass_on=True)
    (passed,) = await told(psql, "shift log passed on")
    assert passed["recorded_by"] == "b.okafor"


async def test_whoever_wrote_it_takes_it_back_within_a_minute(psql: Psql) -> None:
    entry = await psql.shah.fetchval(WRITE, "Wrong window.")
    act = await psql.shah.fetchval("SELECT act_id FROM cru.my_last_act()")
    await psql.shah.execute("SELECT cru.take_back($1, '')", act)
    assert (await psql.read("shift_log", entry))["taken_back_at"] is not None
    await psql.refused(psql.shah, CORRECT, "Right window.", entry, code="CR001", says="taken back")
    await psql.set_refused(psql.shah, "shift_log", entry, pass_on=True)


async def test_a_viewer_and_the_gateway_read_and_write_none_of_it(psql: Psql) -> None:
    for who in (psql.wall, psql.gateway):
        for table in ("shift_log", "shift_handover", "shift_handover_item"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await who.fetch(f"SELECT id FROM cru.{table}")  # noqa: S608 - ours
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await who.execute(WRITE, "x")


# --- the room ---


@pytest.mark.hazard("H-069", "H-087")
async def test_the_next_lead_signs_each_risk_and_takes_the_room(psql: Psql) -> None:
    room, (first, second, beside) = await offered(psql, "0016 waits", "0003 held", beside=("meal due",))
    incoming = psql.session(NEXT)
    await psql.refused(incoming, TAKE, room, code="CR001", says="2 risks are not signed")
    await incoming.execute(SIGN, first, "called, no answer")
    await psql.refused(incoming, TAKE, room, code="CR001", says="One risk is not signed")
    await incoming.execute(SIGN, second, "")
    await incoming.execute(TAKE, room)
    row, line = await psql.read("shift_handover", room), await psql.read("shift_handover_item", first)
    assert (row["offered_by"], row["taken_by"]) == ("l.lead", NEXT)
    assert (line["signed_by"], line["remark"]) == (NEXT, "called, no answer")
    assert [event["words"] for event in await told(psql, "risk signed")] == [
        "0016 waits. called, no answer",
        "0003 held",
    ]
    assert len(await told(psql, "room taken")) == 1
    await psql.refused(psql.lead, WITHDRAW, room, code="CR001", says="took the room")
    await psql.refused(incoming, SIGN, beside, "", code="CR001", says="is over")


@pytest.mark.hazard("H-087")
async def test_whoever_offers_it_neither_signs_nor_takes_it(psql: Psql) -> None:
    room, (line,) = await offered(psql, "0016 waits")
    await psql.refused(psql.lead, SIGN, line, "", code="CR002", says="does not sign")
    await psql.session(NEXT).execute(SIGN, line, "")
    await psql.refused(psql.lead, TAKE, room, code="CR002", says="does not take")


async def test_a_dispatcher_sees_it_and_may_do_none_of_it(psql: Psql) -> None:
    room, (line,) = await offered(psql, "0016 waits")
    assert (
        await psql.shah.fetchval("SELECT notes FROM cru.shift_handover WHERE id = $1", room) == "quiet after three"
    )
    for sql, given in ((OFFER, (uuid4(), "x", "[]")), (TAKE, (room,)), (WITHDRAW, (room,)), (SIGN, (line, ""))):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.shah.execute(sql, *given)


@pytest.mark.parametrize("level", ["repeatable_read", "serializable"])
async def test_from_an_older_picture_nobody_offers_or_takes_the_room(psql: Psql, level: str) -> None:
    room, _ = await offered(psql)
    for who, sql, given in (
        (psql.session(NEXT), TAKE, (room,)),
        (psql.lead, WITHDRAW, (room,)),
        (psql.lead, OFFER, (uuid4(), "x", "[]")),
    ):
        with pytest.raises(asyncpg.PostgresError, match="read committed"):
            async with who.transaction(isolation=level):  # type: ignore[arg-type] # one of its levels
                await who.execute(sql, *given)


async def test_an_entry_that_is_not_in_sight_is_not_passed_on(psql: Psql) -> None:
    entry = await psql.shah.fetchval(WRITE, "keys")
    await does(psql, PassOn(entry_id=entry, pass_on=True))
    assert (await psql.read("shift_log", entry))["pass_on"] is True
    with pytest.raises(Invalid, match="not in sight any more"):
        await does(psql, PassOn(entry_id=uuid4(), pass_on=True))


async def test_an_offer_that_replaces_another_withdraws_it(psql: Psql) -> None:
    room, _ = await offered(psql, "0016 waits")
    lines = (ToHandOver("person", "0016 waits", is_risk=True), ToHandOver("log", "keys"))
    anew = OfferRoom(items=lines, notes="anew", instead_of=room)
    await does(psql, anew, login="l.lead")
    rows = await psql.owner.fetch("SELECT id, withdrawn_by, notes FROM cru.shift_handover ORDER BY offered_at")
    assert [tuple(row) for row in rows] == [
        (room, "l.lead", "quiet after three"),
        (anew.handover_id, "", "anew"),
    ]
    sql = "SELECT words, is_risk FROM cru.shift_handover_item WHERE shift_handover_id = $1 ORDER BY rank"
    found = await psql.owner.fetch(sql, anew.handover_id)
    assert [tuple(row) for row in found] == [("0016 waits", True), ("keys", False)]


async def test_one_is_offered_at_a_time_and_a_withdrawn_one_makes_room(psql: Psql) -> None:
    room, (line,) = await offered(psql, "0016 waits")
    mine = (uuid4(), "mine", "[]")
    await psql.refused(psql.session(NEXT), OFFER, *mine, code="CR001", says="has offered the room already")
    await psql.session(NEXT).execute(WITHDRAW, room)
    await psql.refused(psql.session(NEXT), SIGN, line, "", code="CR001", says="is over")
    await psql.refused(psql.session(NEXT), TAKE, room, code="CR001", says="withdrawn by n.lead")
    await offer(psql.session(NEXT))
    (withdrawn,) = await told(psql, "room offer withdrawn")
    assert withdrawn["recorded_by"] == NEXT


@pytest.mark.hazard("H-087")
async def test_a_list_does_not_grow_or_change_while_it_is_signed(psql: Psql) -> None:
    room, (line,) = await offered(psql, "0016 waits")
    more = "INSERT INTO cru.shift_handover_item (shift_handover_id, rank, kind, words) VALUES ($1, 9, 'van', 'x')"
    for who in (psql.lead, psql.session(NEXT)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await psql.set(who, "shift_handover_item", line, words="nothing")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await who.execute(more, room)
    for table, row, column in (
        ("shift_handover", room, "notes"),
        ("shift_handover_item", line, "words"),
        ("shift_handover_item", line, "kind"),
    ):
        value = "van" if column == "kind" else "nothing"
        await psql.set_refused(psql.owner, table, row, code="CR002", says="never changes", **{column: value})
        await psql.refused(psql.owner, f"DELETE FROM cru.{table} WHERE id = $1", row, code="CR002")  # noqa: S608


async def test_a_signature_is_nobodys_but_the_signers_and_stays(psql: Psql) -> None:
    room, (line,) = await offered(psql, "0016 waits")
    await psql.session(NEXT).execute(SIGN, line, "seen")
    await psql.refused(psql.session(NEXT), SIGN, line, "not seen", code="CR001", says="signed that")
    await psql.refused(
        psql.owner, "UPDATE cru.shift_handover_item SET signed_at = NULL WHERE id = $1", line, says="signed that"
    )
    assert (await psql.read("shift_handover_item", line))["remark"] == "seen"
    assert room


async def test_it_tells_of_the_time_since_the_room_was_taken_before(psql: Psql) -> None:
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    room, _ = await offered(psql)
    since = (await psql.read("shift_handover", room))["since_at"]
    assert timedelta(hours=11, minutes=59) < now - since < timedelta(hours=12, minutes=1)
    await psql.session(NEXT).execute(TAKE, room)
    taken = (await psql.read("shift_handover", room))["taken_at"]
    again = await offer(psql.session(NEXT))
    assert (await psql.read("shift_handover", again))["since_at"] == taken


async def test_neither_offer_nor_signature_is_taken_back(psql: Psql) -> None:
    await offered(psql, "0016 waits")
    assert await psql.lead.fetchval("SELECT count(*) FROM cru.my_last_act()") == 0


# --- a time that nobody reported ---


async def amend(psql: Psql, who: Connection, job: UUID, reason: str, **columns: Any) -> None:
    async with who.transaction():
        await who.execute("SELECT set_config('cru.reason', $1, true)", reason)
        await psql.set(who, "assignment", job, **columns)


@pytest.mark.hazard("H-089")
async def test_a_lead_enters_a_skipped_time_afterwards_with_a_reason(psql: Psql) -> None:
    job = await psql.assignment("clear")
    row = await psql.read("assignment", job)
    between = row["allocated_at"] + (row["on_scene_at"] - row["allocated_at"]) / 2
    for who, reason, code, says in (
        (psql.shah, "the crew's sheet", "CR002", "Only a shift lead"),
        (psql.lead, "", "CR003", "needs a reason"),
    ):
        with pytest.raises(asyncpg.PostgresError, match=says) as refusal:
            await amend(psql, who, job, reason, mobile_at=between)
        assert refusal.value.sqlstate == code
    await amend(psql, psql.lead, job, "the crew's sheet", mobile_at=between)
    # What stands there by now is amended, and no longer entered.
    with pytest.raises(asyncpg.PostgresError, match="Only a shift lead amends a time"):
        await amend(psql, psql.shah, job, "the crew's sheet", mobile_at=row["on_scene_at"])
    event = (await told(psql, "van mobile"))[-1]
    assert (event["happened_at"], event["reason"]) == (between, "the crew's sheet")
    assert event["recorded_at"] > between


@pytest.mark.hazard("H-089")
@pytest.mark.parametrize("column", ["with_patient_at", "conveying_at", "stood_down_at"])
async def test_no_time_is_entered_of_a_step_that_is_still_to_come_or_never_was(psql: Psql, column: str) -> None:
    job = await psql.assignment("on scene")
    now = await psql.owner.fetchval("SELECT cru.clock_now()")
    with pytest.raises(asyncpg.PostgresError, match="set by the step itself"):
        await amend(psql, psql.lead, job, "why not", **{column: now})


async def test_an_entered_time_keeps_the_order(psql: Psql) -> None:
    job = await psql.assignment("clear")
    row = await psql.read("assignment", job)
    for at in (row["allocated_at"] - timedelta(seconds=1), row["on_scene_at"] + timedelta(seconds=1)):
        with pytest.raises(asyncpg.PostgresError):
            await amend(psql, psql.lead, job, "the crew's sheet", mobile_at=at)


@pytest.mark.parametrize(
    "lines", ["{}", "[" + ",".join(["{}"] * 1001) + "]", '[{"kind": "gossip", "words": "x"}]', "[7]"]
)
async def test_a_list_that_is_none_is_refused_as_a_whole(psql: Psql, lines: str) -> None:
    await psql.refused(psql.lead, OFFER, uuid4(), "x", lines)
