"""A call is in the record from its first location on, is one person's, and counts only once it is a referral."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import migrate
from db.commands.details import Details
from db.domain.intake import Draft
from db.domain.records import Location
from db.domain.roles import Role
from db.domain.typed_form import as_kept
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed, RecordError
from db.mirror import whole
from db.replay import load_past
from tests.cluster import Cluster
from tests.db.psql import Psql
from tests.db.upgrades import LeftBy, as_known, cloned, rows_of

PLACE = Location("Wellingborough Road, by the chapel", "NN3 3JJ", 52.25, -0.86)
SO_FAR = Details(source="", priority="", location=PLACE)
WHOLE = Details(source="police", priority="P1", location=PLACE, waiting_party="4172", narrative="On a bench.")
COUNTS = (
    "SELECT (SELECT count(*) FROM cru.referral_fact), (SELECT count(*) FROM cru.referral_wall),"
    " (SELECT count(*) FROM cru.referral_measures)"
)


Doing = Callable[[UUID, datetime], do.Command]


@dataclass
class Room:
    psql: Psql
    engines: dict[str, AsyncEngine]

    async def __call__(self, command: do.Command, who: str = "a.shah") -> None:
        await do.execute(self.engines[who], command)

    async def begin(self, details: Details = SO_FAR, **typed: Any) -> UUID:
        now, key = datetime.now(UTC), uuid4()
        times = {"answered_at": now - timedelta(seconds=50), "received_at": now - timedelta(seconds=20)}
        draft = as_kept(Draft(place=details.location.text, **typed))
        await self(do.BeginCall(referral_id=key, details=details, typed=draft, **times))
        return key

    async def call(self, key: UUID) -> Any:
        return await self.psql.owner.fetchrow("SELECT * FROM cru.intake_call WHERE referral_id = $1", key)

    async def counts(self) -> tuple[int, ...]:
        await self.psql.owner.execute("SELECT cru.settle_measures()")
        return tuple(await self.psql.owner.fetchrow(COUNTS))


@pytest.fixture
async def room(psql: Psql) -> AsyncIterator[Room]:
    engines = {who: connect(psql.record.url(who)) for who in ("a.shah", "b.okafor", "l.lead")}
    yield Room(psql, engines)
    for engine in engines.values():
        await engine.dispose()


async def test_it_is_there_from_the_first_place_on_and_a_referral_when_it_is_saved(room: Room) -> None:
    key = await room.begin()
    row = await room.psql.read("referral", key)
    assert (row["source"], row["priority"], row["acknowledged_at"]) == (None, None, None)
    assert row["reference"].startswith("CRU-")
    assert await room.counts() == (0, 0, 0), "nobody counts what is not said yet"
    await room(do.KeepCall(referral_id=key, version=1, details=replace(SO_FAR, caller="Sgt Vane"), typed={}))
    await room(do.FinishCall(referral_id=key, version=2, details=WHOLE))
    row, call = await room.psql.read("referral", key), await room.call(key)
    assert (row["source"], row["priority"], row["caller"]) == ("police", "P1", "")
    assert call["answered_at"] < call["begun_at"] < row["acknowledged_at"] <= call["ended_at"]
    assert (call["typed"], call["ended_how"], call["ended_by"]) == ("{}", "referral", "a.shah")
    assert await room.counts() == (1, 1, 1)
    links = await room.psql.owner.fetch("SELECT from_kind, state FROM cru.handover WHERE referral_id = $1", key)
    assert [tuple(link) for link in links] == [("police", "expected")]
    kinds = await room.psql.kinds(key)
    assert kinds.count("phone answered") == kinds.count("acknowledged") == 1
    assert "details changed" not in kinds, "what is typed while somebody speaks is one thing"


@pytest.mark.hazard("H-025")
async def test_what_was_typed_is_kept_for_whoever_goes_on_and_two_never_write_the_same(room: Room) -> None:
    key = await room.begin(name="Tam", answers={"weapon": "yes"})
    keep = do.KeepCall(referral_id=key, version=1, details=SO_FAR, typed={"place": "elsewhere"})
    for command in (keep, do.FinishCall(referral_id=key, version=1, details=WHOLE)):
        with pytest.raises(Conflict, match=r"A\. Shah has this call"):
            await room(command, "b.okafor")
    with pytest.raises(Conflict, match="has this call"):
        await room(do.EndCall(referral_id=key, reason="wrong_number"), "l.lead")
    await room(do.TakeCallOver(referral_id=key), "b.okafor")
    call = await room.call(key)
    assert call["taken_by"] == "b.okafor"
    assert '"Tam"' in call["typed"]
    with pytest.raises(Conflict, match=r"B\. Okafor has this call"):
        await room(keep)
    await room(replace(keep, version=2, command_id=uuid4()), "b.okafor")
    assert (await room.call(key))["version"] == 3
    assert "call taken over" in await room.psql.kinds(key)


async def test_the_same_person_at_two_desks_is_told_so(room: Room) -> None:
    key = await room.begin()
    first = do.KeepCall(referral_id=key, version=1, details=SO_FAR, typed={"caller": "x"})
    await room(first)
    await room(first)  # a lost answer: asked for twice, done once
    with pytest.raises(Conflict, match="another desk of yours"):
        await room(do.KeepCall(referral_id=key, version=1, details=SO_FAR, typed={}))
    assert (await room.call(key))["version"] == 2


@pytest.mark.parametrize("reason", ["wrong_number", "not_reached", "known", "advice", "elsewhere"])
async def test_an_ended_call_is_kept_with_its_reason_and_counted_nowhere(room: Room, reason: str) -> None:
    before = await room.counts()
    key = await room.begin(WHOLE)
    assert await room.counts() == before, "nor while it goes on, whatever is said of it"
    await room(do.EndCall(referral_id=key, reason=reason))
    row = await room.psql.read("referral", key)
    assert row["state"] == "received"
    assert row["entered_in_error_reason"].startswith("call without a referral: ")
    assert await room.counts() == before, "not even among what was entered in error"
    assert (await room.psql.kinds(key)).count("call ended") == 1
    with pytest.raises(Conflict, match="over"):
        await room(do.FinishCall(referral_id=key, version=2, details=WHOLE))
    with pytest.raises(RecordError, match="ended without a referral"):
        await room(do.UndoEnteredInError(referral_id=key, reason="x"), "l.lead")
    with pytest.raises(RecordError):
        await room(do.Accept(referral_id=key))


async def test_a_caller_who_hung_up_is_called_back_by_a_time(room: Room) -> None:
    key = await room.begin()
    now = datetime.now(UTC)
    for wrong in (now - timedelta(minutes=1), now + timedelta(hours=25)):
        with pytest.raises(Invalid, match="within a day"):
            await room(do.CallerHungUp(referral_id=key, call_back_at=wrong))
    await room(do.CallerHungUp(referral_id=key, call_back_at=now + timedelta(minutes=10)))
    assert (await room.call(key))["call_back_at"] == now + timedelta(minutes=10)
    version = (await room.call(key))["version"]
    await room(do.KeepCall(referral_id=key, version=version, details=SO_FAR, typed={"caller": "back"}))
    assert (await room.call(key))["call_back_at"] is None, "whoever types again has the caller again"
    await room(do.CallerHungUp(referral_id=key, call_back_at=now + timedelta(minutes=20)))
    await room(do.TakeCallOver(referral_id=key), "b.okafor")
    assert (await room.call(key))["call_back_at"] is None


async def test_a_call_without_a_place_is_no_referral_yet(room: Room) -> None:
    key = await room.begin()
    nowhere = replace(WHOLE, location=Location("", " "))
    with pytest.raises(Invalid, match="needs a location"):
        await room(do.FinishCall(referral_id=key, version=1, details=nowhere))
    await room(do.FinishCall(referral_id=key, version=1, details=WHOLE))


async def test_what_came_by_no_call_has_none_to_go_on_with(room: Room) -> None:
    key, soon = await room.psql.take(), datetime.now(UTC) + timedelta(minutes=9)
    for command in (
        do.KeepCall(referral_id=key, version=1, details=SO_FAR, typed={}),
        do.CallerHungUp(referral_id=key, call_back_at=soon),
        do.TakeCallOver(referral_id=key),
        do.EndCall(referral_id=key, reason="advice"),
        do.FinishCall(referral_id=key, version=1, details=WHOLE),
    ):
        with pytest.raises(Conflict, match="came by no call"):
            await room(command)


async def test_what_is_kept_while_somebody_speaks_is_no_act_that_anybody_takes_back(room: Room) -> None:
    key = await room.begin()
    acts = await room.psql.owner.fetchval("SELECT count(*) FROM cru.act")
    await room(do.KeepCall(referral_id=key, version=1, details=replace(SO_FAR, caller="x"), typed={}))
    assert await room.psql.owner.fetchval("SELECT count(*) FROM cru.act") == acts
    last = await room.psql.shah.fetch("SELECT blocked FROM cru.my_last_act()")
    assert all("not taken back" in row["blocked"] for row in last)


async def test_while_it_is_taken_nothing_else_happens_to_it(room: Room) -> None:
    key = await room.begin(WHOLE)
    soon = datetime.now(UTC) + timedelta(minutes=9)
    refused = [
        do.Accept(referral_id=key),
        do.Cancel(referral_id=key, reason="duplicate"),
        do.Hold(referral_id=key, until=soon, reason="x"),
        do.Decline(referral_id=key, reason="no_capacity"),
    ]
    for command in refused:
        with pytest.raises(RecordError, match="still being taken"):
            await room(command)
    with pytest.raises(RecordError):
        await room(do.Allocate(referral_id=key, van_id=await room.psql.van()))
    with pytest.raises(Conflict, match="has this call"):
        await room(do.MarkEnteredInError(referral_id=key, reason="x"), "l.lead")


async def test_at_a_prompt_the_same_holds(room: Room) -> None:
    psql, key = room.psql, await room.begin()
    change = "UPDATE cru.intake_call SET {} WHERE referral_id = $1"
    okafor = psql.session("b.okafor")
    await psql.refused(okafor, change.format("typed = '{}'"), key, code="CR001", says="A. Shah has this call")
    await psql.refused(okafor, change.format("taken_by = 'l.lead'"), key, code="CR002", says="given to nobody")
    await psql.refused(okafor, "UPDATE cru.referral SET caller = 'x' WHERE id = $1", key, code="CR001")
    await psql.refused(psql.shah, change.format("ended_how = 'referral'"), key, says="is not said yet")
    await psql.refused(psql.shah, change.format("ended_how = 'because'"), key, says="reason of the list")
    for column in ("answered_at = now()", "taken_since_at = now()", "ended_at = now()", "version = 9"):
        await psql.refused(psql.shah, change.format(column), key, code="42501")
    await psql.refused(psql.owner, change.format("answered_at = now()"), key, code="CR002")
    await psql.refused(psql.owner, "DELETE FROM cru.intake_call WHERE referral_id = $1", key, code="CR002")
    await psql.refused(psql.wall, "SELECT * FROM cru.intake_call", code="42501")
    there = await psql.take()
    begin = "INSERT INTO cru.intake_call (referral_id, answered_at, ended_how) VALUES ($1, now(), $2)"
    await psql.set(psql.shah, "referral", there, acknowledged_at=datetime.now(UTC))
    await psql.refused(psql.shah, begin, there, "", code="CR001", says="taken already")
    await psql.refused(psql.shah, begin, there, "wrong_number", code="CR001")
    nobody = "INSERT INTO cru.referral (location_text) VALUES ('x')"
    await psql.refused(psql.shah, nobody, code="CR003", says="who refers")
    saved = await psql.take()
    await psql.refused(psql.shah, "UPDATE cru.referral SET source = NULL WHERE id = $1", saved, says="who refers")


async def test_each_change_of_a_call_says_when_it_was_and_what_became_of_it(room: Room) -> None:
    psql, key, other = room.psql, await room.begin(), await room.begin()
    okafor, set_to = psql.session("b.okafor"), "UPDATE cru.intake_call SET {} WHERE referral_id = $1"
    # If an owner gave rights away by mistake, the record still says these itself.
    await psql.owner.execute("GRANT UPDATE ON cru.intake_call TO cru_dispatcher")

    async def change(columns: str, who: Any = psql.shah) -> Any:
        await who.execute(set_to.format(columns), key)
        return await room.call(key)

    async def told(kind: str) -> list[Any]:
        sql = "SELECT happened_at, detail, words FROM cru.event WHERE referral_id = $1 AND kind = $2"
        return [tuple(row) for row in await psql.owner.fetch(sql, key, kind)]

    for fixed in ("answered_at = now()", "begun_at = now()", f"referral_id = '{other}'"):
        await psql.refused(psql.shah, set_to.format(fixed), key, code="CR002", says="never changes")
    begun, claims = await room.call(key), "ended_at = now(), ended_by = 'x', version = 50"
    typed = await change(f'typed = \'{{"place": "x"}}\', taken_since_at = taken_since_at, {claims}')
    assert (typed["version"], typed["ended_at"], typed["ended_by"]) == (begun["version"] + 1, None, "")
    assert typed["saved_at"] > begun["saved_at"]
    assert typed["taken_since_at"] == begun["taken_since_at"]
    hung = await change("call_back_at = cru.clock_now() + interval '10 minutes'")
    assert hung["saved_at"] == typed["saved_at"], "nothing was typed"
    ((_, detail, _),) = await told("caller hung up")
    assert datetime.fromisoformat(json.loads(detail)["until"]) == hung["call_back_at"]
    # What is said again is no other thing, and a time that is past by now stands in nobody's way.
    await change("call_back_at = call_back_at")
    await psql.owner.execute("UPDATE cru.service SET clock_shown = clock_shown + interval '2 days'")
    await change("call_back_at = call_back_at")
    assert len(await told("caller hung up")) == 1
    both = await change("typed = '{}', call_back_at = cru.clock_now() + interval '20 minutes'")
    assert both["call_back_at"] is not None
    over = await change("taken_by = session_user", okafor)
    assert over["taken_since_at"] > both["saved_at"]
    assert over["saved_at"] == both["saved_at"]
    ((at, detail, _),) = await told("call taken over")
    assert (at, json.loads(detail)) == (over["taken_since_at"], {"from": "a.shah"})
    ended = await change("ended_how = 'advice', ended_by = 'x', typed = '{\"place\": \"x\"}'", okafor)
    assert (ended["ended_by"], ended["call_back_at"], ended["typed"]) == ("b.okafor", None, "{}")
    label = await psql.owner.fetchval("SELECT label FROM cru.reason WHERE kind = 'call' AND code = 'advice'")
    assert await told("call ended") == [(ended["ended_at"], "{}", label)]
    assert (await psql.read("referral", key))["entered_in_error_at"] == ended["ended_at"]
    again = {"code": "CR001", "says": "B. Okafor ended it"}
    await psql.refused(okafor, set_to.format("ended_how = 'known'"), key, **again)


async def test_a_referral_that_is_saved_in_one_go_keeps_when_the_telephone_was_answered(room: Room) -> None:
    key, answered = uuid4(), datetime.now(UTC) - timedelta(minutes=2)
    await room(do.TakeReferral(referral_id=key, details=WHOLE, answered_at=answered))
    call = await room.call(key)
    assert (call["answered_at"], call["ended_how"]) == (answered, "referral")
    assert await room.counts() == (1, 1, 1)
    await room(do.Hold(referral_id=key, until=datetime.now(UTC) + timedelta(minutes=9), reason="x"))
    with pytest.raises(NotAllowed):
        await room(do.MarkEnteredInError(referral_id=key, reason="x"))
    await room(do.MarkEnteredInError(referral_id=key, reason="x"), "l.lead")


@pytest.mark.long
async def test_a_record_in_use_keeps_its_referrals_and_its_wall(cluster: Cluster, left_by: LeftBy) -> None:
    async with cloned(cluster, left_by("0041")) as psql:
        waits, ended = await psql.referral("accepted"), await psql.referral("closed")
        # What a shift lead has set is kept.
        await psql.owner.execute("DELETE FROM cru.reason WHERE kind = 'call'")
        before = await rows_of(psql, ("referral", "handover", "screening"))
        await migrate.upgrade(psql.record.owner_url, "0042")
        after = await rows_of(psql, before)
        assert {name: as_known(rows, before[name]) for name, rows in after.items()} == {
            name: as_known(rows, rows) for name, rows in before.items()
        }
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.referral_wall") == 2
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.intake_call") == 0
        assert await psql.owner.fetchval("SELECT count(*) FROM cru.reason WHERE kind = 'call'") == 5
        kinds = await psql.owner.fetch("SELECT code FROM cru.alarm_kind WHERE code LIKE 'call\\_%'")
        assert {"call_back", "call_left"} <= {row["code"] for row in kinds}
        await psql.allocate(waits, await psql.van())
        assert (await psql.read("referral", ended))["state"] == "closed"


async def test_a_call_that_was_no_referral_leaves_the_board_like_what_has_ended(room: Room) -> None:
    key, waits = await room.begin(), await room.psql.take()
    await room(do.EndCall(referral_id=key, reason="wrong_number"))
    for hours, shown in ((11, {key, waits}), (13, {waits})):
        async with room.psql.owner.transaction():
            await room.psql.owner.execute("SET LOCAL session_replication_role = replica")
            then = datetime.now(UTC) - timedelta(hours=hours)
            await room.psql.owner.execute(
                "UPDATE cru.referral SET entered_in_error_at = $2 WHERE id = $1", key, then
            )
        found = await whole(room.psql.shah, Role.DISPATCHER)
        assert {row.id for row in found.records["referral"]} == shown
        assert {row.id for row in found.records["intake_call"]} == shown - {waits}
    async with transaction(room.engines["l.lead"]) as connection:
        past = await load_past(connection, datetime.now(UTC) - timedelta(hours=14), datetime.now(UTC))
    assert {row.id for row in past.referrals} == {waits}, "nor is it in any replay for ever"


# --- what is done with a call, and undo ---

_HUNG_UP: Doing = lambda key, now: do.CallerHungUp(referral_id=key, call_back_at=now + timedelta(minutes=20))  # noqa: E731 - one of a table
_ENDED: Doing = lambda key, _: do.EndCall(referral_id=key, reason="elsewhere")  # noqa: E731 - as above
_TAKEN_OVER: Doing = lambda key, _: do.TakeCallOver(referral_id=key)  # noqa: E731 - as above
_SAVED: Doing = lambda key, _: do.FinishCall(referral_id=key, version=1, details=WHOLE)  # noqa: E731 - as above


async def test_nothing_that_is_done_with_a_call_is_taken_back_in_words_only(room: Room) -> None:
    """Each is tried by whoever did it and by a shift lead; the record says what to do instead."""
    lead, now = room.psql.lead, datetime.now(UTC)
    for who, doing, says in (
        ("a.shah", _HUNG_UP, "go on with the call"),
        ("b.okafor", _TAKEN_OVER, "whoever had it takes it over again"),
        ("a.shah", _ENDED, "take it down anew"),
        ("a.shah", _SAVED, "a shift lead marks it as entered in error"),
    ):
        key = await room.begin()
        await room(doing(key, now), who)
        [last] = await room.psql.session(who).fetch("SELECT * FROM cru.my_last_act()")
        assert last["referral_id"] == key
        assert says in last["blocked"]
        take_back = "SELECT cru.take_back($1, 'a slip')"
        await room.psql.refused(room.psql.session(who), take_back, last["act_id"], says=says)
        await room.psql.refused(lead, take_back, last["act_id"], says=says)
        told = {row["blocked"] for row in await lead.fetch("SELECT blocked FROM cru.acts_of($1)", key)}
        assert None not in told, "no line of a shift lead's list offers it"


async def test_a_call_that_begins_while_somebody_types_is_nothing_that_they_did(room: Room) -> None:
    mine = "SELECT kind, blocked FROM cru.my_last_act()"
    await room.begin()
    assert await room.psql.shah.fetch(mine) == []
    whole = do.TakeReferral(details=WHOLE)
    await room(whole)
    await room(
        do.Hold(referral_id=whole.referral_id, until=datetime.now(UTC) + timedelta(minutes=9), reason="call_back")
    )
    await room.begin()
    # What was done before it is still there to be taken back, by its own name.
    assert [tuple(row) for row in await room.psql.shah.fetch(mine)] == [("on hold", None)]
