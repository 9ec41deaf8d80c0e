"""Calls, endings and what comes later through the commands, and what mirror and reference data say of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db import queries
from db.domain.care import PlacesFree, Telling
from db.domain.party import Party
from db.domain.reference import ReferenceData
from db.domain.roles import Role
from db.engine import connect, transaction
from db.errors import Conflict, Invalid, NotAllowed
from db.replay import load_past
from tests.cluster import Record
from tests.db import desk


@dataclass
class CareRoom:
    """A dispatcher, a lead, and a look into the record."""

    shah: AsyncEngine
    lead: AsyncEngine
    owner: Any

    async def row(self, table: str, referral: UUID) -> Any:
        sql = f"SELECT * FROM cru.{table} WHERE referral_id = $1"  # noqa: S608 - a table of ours
        return await self.owner.fetchrow(f"{sql} ORDER BY version DESC LIMIT 1", referral)

    async def now(self) -> datetime:
        moment: datetime = await self.owner.fetchval("SELECT cru.clock_now()")
        return moment

    async def reference(self) -> ReferenceData:
        async with transaction(self.shah) as connection:
            return await queries.reference_data(connection)

    async def live(self) -> dict[str, set[UUID]]:
        async with transaction(self.shah) as connection:
            found = await queries.snapshot(connection, Role.DISPATCHER)
        return {name: {row.id for row in rows} for name, rows in found.items()}


@pytest.fixture
async def room(record: Record) -> AsyncIterator[CareRoom]:
    shah, lead = connect(record.url("a.shah")), connect(record.url("l.lead"))
    owner = await asyncpg.connect(**record.owner_kwargs)
    yield CareRoom(shah, lead, owner)
    await owner.close()
    await shah.dispose()
    await lead.dispose()


async def test_a_call_names_who_was_spoken_to_or_says_why_nobody(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    for wrong, words in (
        ({"spoke_with": "person"}, "name of who was spoken to"),
        ({"spoke_with": "carer", "with_name": "  "}, "name of who was spoken to"),
        ({"spoke_with": "nobody"}, "nobody says why"),
    ):
        with pytest.raises(Invalid, match=words):
            await do.execute(room.shah, do.RecordContact(referral_id=who, **wrong))
    at = await room.now()
    call = do.RecordContact(referral_id=who, spoke_with="carer", with_name=" Bram ", channel="video", at=at)
    await do.execute(room.shah, call)
    await do.execute(room.shah, call)
    row = await room.row("contact", who)
    assert (row["with_name"], row["channel"], row["made_at"], row["made_by"]) == ("Bram", "video", at, "a.shah")
    assert await room.owner.fetchval("SELECT count(*) FROM cru.contact") == 1


async def test_a_promise_is_closed_once(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    call = do.RecordContact(referral_id=who, spoke_with="person", with_name="O", promised="a call")
    await do.execute(room.shah, call)
    await do.execute(room.shah, do.ClosePromise(contact_id=call.contact_id, kept=False, note="line down"))
    with pytest.raises(Conflict, match=r"not kept already\. Last: promise not kept, A\. Shah"):
        await do.execute(room.lead, do.ClosePromise(contact_id=call.contact_id, kept=True))
    with pytest.raises(Invalid, match="not in the record"):
        await do.execute(room.lead, do.ClosePromise(contact_id=uuid4(), kept=True))


async def test_a_hold_carries_the_word_with_the_person_in_one_act(room: CareRoom) -> None:
    who, now = await desk.accepted(room.shah), await room.now()
    until = now + timedelta(hours=7)
    with pytest.raises(Invalid, match="in silence"):
        await do.execute(room.shah, do.Hold(referral_id=who, until=until, reason="day_visit"))
    assert await room.row("contact", who) is None
    hold = do.Hold(referral_id=who, until=until, reason="day_visit", spoken=do.Spoken("Ottoline", now))
    await do.execute(room.shah, hold)
    row = await room.row("contact", who)
    assert (row["about"], row["with_name"], row["agreed_until"]) == ("hold", "Ottoline", until)
    await do.execute(room.shah, do.TakeBack(act_id=hold.command_id))
    assert (await room.row("contact", who))["taken_back_at"] is not None
    with pytest.raises(Invalid, match="in silence"):
        await do.execute(room.shah, do.Hold(referral_id=who, until=until, reason="day_visit"))


async def test_a_caller_cancels_with_a_word_from_the_person_or_why_not(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    with pytest.raises(Invalid, match="nobody has spoken to the person"):
        await do.execute(room.shah, do.Cancel(referral_id=who, reason="by_caller"))
    said = do.Spoken(why_not="asleep, her brother says")
    next_with = do.Responsible(Party.OTHER, "Bram, her brother", {"caller": Telling("A. Shah")})
    await do.execute(room.shah, do.Cancel(referral_id=who, reason="by_caller", spoken=said, next=next_with))
    assert (await room.row("contact", who))["why_not"] == "asleep, her brother says"
    ending = await room.row("ending", who)
    assert (ending["holder_name"], ending["caller_told_by"], ending["person_told_by"]) == (
        "Bram, her brother",
        "A. Shah",
        "",
    )
    assert ending["caller_told_at"] is not None


async def test_who_is_responsible_has_a_kind_and_a_name(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    half = do.Responsible(Party.OTHER, " ", {"person": Telling("K. Bell")})
    with pytest.raises(Invalid, match="a kind and a name"):
        await do.execute(room.shah, do.Decline(referral_id=who, reason="out_of_area", next=half))
    with pytest.raises(Invalid, match="is accepted: it has no ending"):
        await do.execute(
            room.shah, do.NameResponsible(referral_id=who, said=do.Responsible(Party.OTHER, "Her aunt"))
        )
    await do.execute(room.shah, do.Decline(referral_id=who, reason="out_of_area"))
    with pytest.raises(Invalid, match="Nothing is said"):
        await do.execute(room.shah, do.NameResponsible(referral_id=who, said=do.Responsible()))
    told = {"person": Telling("K. Bell"), "referrer": Telling(not_told="closed")}
    said = do.Responsible(Party.DESTINATION, "Leicester crisis team", told)
    await do.execute(room.shah, do.NameResponsible(referral_id=who, said=said))
    # What is not said the second time stays.
    ended = (await room.row("ending", who))["person_told_at"]
    more = do.Responsible(told={"caller": Telling("L. Lead", ended)})
    await do.execute(room.lead, do.NameResponsible(referral_id=who, said=more))
    row = await room.row("ending", who)
    assert (row["person_told_at"], row["caller_told_at"]) == (ended, ended), "now, and when it was"
    assert (row["holder_name"], row["named_by"]) == ("Leicester crisis team", "a.shah")
    assert (row["person_told_by"], row["caller_told_by"], row["referrer_not_told"]) == (
        "K. Bell",
        "L. Lead",
        "closed",
    )


@pytest.mark.hazard("H-032")
async def test_nobody_says_over_another_who_is_with_them_now(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    await do.execute(room.shah, do.Cancel(referral_id=who, reason="advice_only"))
    sister = do.Responsible(Party.OTHER, "Ann, her sister", {"caller": Telling("A. Shah")})
    await do.execute(room.shah, do.NameResponsible(referral_id=who, said=sister, was=""))
    doctor = do.NameResponsible(referral_id=who, said=do.Responsible(Party.OTHER, "Dr Ali"), was="")
    with pytest.raises(Conflict, match=r"A\. Shah named Ann, her sister meanwhile"):
        await do.execute(room.lead, doctor)
    late = do.NameResponsible(referral_id=who, said=do.Responsible(told={"caller": Telling("L. Lead")}), was="")
    with pytest.raises(Conflict, match=r"Who told the caller was said meanwhile: A\. Shah"):
        await do.execute(room.lead, late)
    # Whoever saw it may say otherwise; whoever left it as it was says nothing over it.
    await do.execute(room.lead, replace(doctor, command_id=uuid4(), was="Ann, her sister"))
    told = replace(sister, told={"referrer": Telling("A. Shah")})
    await do.execute(room.shah, do.NameResponsible(referral_id=who, said=told, was="Ann, her sister"))
    row = await room.row("ending", who)
    assert (row["holder_name"], row["caller_told_by"], row["referrer_told_by"]) == ("Dr Ali", "A. Shah", "A. Shah")


async def test_what_was_declined_is_taken_up_with_the_crew_that_waits(room: CareRoom) -> None:
    taken = await desk.take(room.shah, ems_callsign="N2204")
    await do.execute(room.shah, do.Decline(referral_id=taken.referral_id, reason="no_capacity"))
    with pytest.raises(NotAllowed, match="Only a shift lead"):
        await do.execute(room.shah, do.Reopen(referral_id=taken.referral_id, reason="a van is free"))
    await do.execute(room.lead, do.Reopen(referral_id=taken.referral_id, reason="a van is free"))
    links = await room.owner.fetch(
        "SELECT ordinal, from_party, from_kind, state FROM cru.handover WHERE referral_id = $1 ORDER BY ordinal",
        taken.referral_id,
    )
    assert [tuple(link) for link in links] == [
        (1, "EMAS N2204", "ems", "refused"),
        (2, "EMAS N2204", "ems", "expected"),
    ]
    await desk.screen(room.shah, taken.referral_id)
    await do.execute(room.shah, do.Accept(referral_id=taken.referral_id))
    await do.execute(room.shah, do.Cancel(referral_id=taken.referral_id, reason="duplicate"))
    await do.execute(room.lead, do.Reopen(referral_id=taken.referral_id, reason="it was none"))
    row = await room.owner.fetchrow("SELECT state FROM cru.referral WHERE id = $1", taken.referral_id)
    assert row["state"] == "accepted"


async def test_an_error_that_was_none_is_back_on_the_board(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    await do.execute(room.lead, do.MarkEnteredInError(referral_id=who, reason="twice"))
    with pytest.raises(Invalid, match="Taking back an error needs a reason"):
        await do.execute(room.lead, do.UndoEnteredInError(referral_id=who, reason=" "))
    await do.execute(room.lead, do.UndoEnteredInError(referral_id=who, reason="two sisters"))
    assert who in (await room.live())["referral"]


async def test_a_follow_up_is_put_off_and_done(room: CareRoom) -> None:
    who, now = await desk.accepted(room.shah), await room.now()
    plan = do.PlanFollowUp(referral_id=who, due=now + timedelta(hours=20), what_for="Ask how the night went")
    await do.execute(room.shah, plan)
    for empty in (
        do.PlanFollowUp(referral_id=who, due=now + timedelta(hours=2), what_for=" "),
        do.LinkLate(referral_id=who, service="police", crew=" "),
    ):
        with pytest.raises(Invalid, match=r"is for something|needs an incident number or a crew"):
            await do.execute(room.shah, empty)
    later = now + timedelta(days=2)
    off = do.PutOffFollowUp(follow_up_id=plan.follow_up_id, due=later, reason="she asked for Friday")
    await do.execute(room.shah, off)
    assert (await room.row("follow_up", who))["due_at"] == later
    with pytest.raises(Invalid, match="has an outcome"):
        await do.execute(room.shah, do.DoFollowUp(follow_up_id=plan.follow_up_id, outcome=""))
    await do.execute(room.shah, do.DoFollowUp(follow_up_id=plan.follow_up_id, outcome="Slept well"))
    with pytest.raises(Conflict, match="done already"):
        await do.execute(room.shah, do.DoFollowUp(follow_up_id=plan.follow_up_id, outcome="Again"))


async def test_a_lead_sets_how_often_people_are_called(room: CareRoom) -> None:
    change = do.SetContactSchedule(priority="P3", first=15, every=45, again=5)
    with pytest.raises(NotAllowed):
        await do.execute(room.shah, change)
    await do.execute(room.lead, do.SetContactSchedule(priority="P3", first=15, every=45, again=5))
    await do.execute(room.lead, do.SetContactSchedule(priority="P1", first=5, every=10, again=2))
    await do.execute(room.lead, do.SetContactSchedule(priority="P2", first=5, every=10, again=2, active=False))
    schedules = (await room.reference()).schedules
    assert schedules["P3"].every == timedelta(minutes=45)
    assert schedules["P1"].again == timedelta(minutes=2)
    assert "P2" not in schedules


async def test_the_newest_word_on_places_counts(room: CareRoom) -> None:
    place, now = "Crisis Café Kettering", await room.now()
    for free, said_by, ago in ((0, "R. Moss", 5), (3, "night staff", 60), (2, "J. Pell", 1)):
        at = now - timedelta(minutes=ago)
        await do.execute(room.shah, do.SayPlacesFree(destination=place, free=free, said_by=said_by, at=at))
    found = (await room.reference()).places[place]
    assert found.places == PlacesFree(2, "J. Pell", now - timedelta(minutes=1))
    assert found.hours == "17:00 to 22:00"
    with pytest.raises(Invalid, match="Somebody says"):
        await do.execute(room.shah, do.SayPlacesFree(destination=place, free=1, said_by=" "))


async def test_an_end_that_names_nobody_stays_on_the_board_until_somebody_does(room: CareRoom) -> None:
    open_end, settled = await desk.accepted(room.shah), await desk.accepted(room.shah)
    told = {who: Telling("A. Shah") for who in ("person", "caller", "referrer")}
    everything = do.Responsible(Party.OTHER, "Her aunt", told)
    await do.execute(room.shah, do.Cancel(referral_id=open_end, reason="duplicate"))
    await do.execute(room.shah, do.Cancel(referral_id=settled, reason="duplicate", next=everything))
    await room.owner.execute("SET session_replication_role = replica")
    await room.owner.execute("UPDATE cru.referral SET closed_at = closed_at - interval '13 hours'")
    await room.owner.execute("SET session_replication_role = origin")
    live = await room.live()
    assert open_end in live["referral"]
    assert settled not in live["referral"]
    assert len(live["ending"]) == 1
    await do.execute(room.shah, do.NameResponsible(referral_id=open_end, said=everything))
    assert open_end not in (await room.live())["referral"]


async def test_so_does_a_follow_up_that_is_to_be_done(room: CareRoom) -> None:
    taken = await desk.take(room.shah)
    told = {who: Telling("A. Shah") for who in ("person", "caller", "referrer")}
    said = do.Responsible(Party.EMS, "EMAS A1", told)
    await do.execute(room.shah, do.Decline(referral_id=taken.referral_id, reason="ems_physical", next=said))
    await room.owner.execute("SET session_replication_role = replica")
    await room.owner.execute("UPDATE cru.referral SET closed_at = closed_at - interval '13 hours'")
    await room.owner.execute("SET session_replication_role = origin")
    assert taken.referral_id in (await room.live())["referral"]
    (item,) = (await room.live())["follow_up"]
    await do.execute(room.shah, do.DoFollowUp(follow_up_id=item, outcome="Seen by the liaison team"))
    assert taken.referral_id not in (await room.live())["referral"]


async def test_the_past_has_them_too(room: CareRoom) -> None:
    who, start = await desk.accepted(room.shah), await room.now() - timedelta(hours=1)
    await do.execute(room.shah, do.RecordContact(referral_id=who, spoke_with="person", with_name="O"))
    await do.execute(room.shah, do.Cancel(referral_id=who, reason="duplicate"))
    async with transaction(room.shah) as connection:
        past = await load_past(connection, start, await room.now())
    assert {name: len(rows) for name, rows in past.care.items()} == {
        "contact": 1,
        "ending": 1,
        "follow_up": 0,
        "late_link": 0,
    }


async def test_how_it_ended_is_put_right_with_a_reason_by_who_saw_how_it_stood(room: CareRoom) -> None:
    who = await desk.accepted(room.shah)
    right = do.AmendEnd(referral_id=who, was="advice_only", end="not_found", reason="two rows up")
    with pytest.raises(Invalid, match="is accepted: it has no ending"):
        await do.execute(room.lead, right)
    await do.execute(room.shah, do.Cancel(referral_id=who, reason="advice_only"))
    for missing in (" ", ""):
        with pytest.raises(Invalid, match="amended with a reason"):
            await do.execute(room.lead, replace(right, command_id=uuid4(), reason=missing))
    await do.execute(room.lead, replace(right, command_id=uuid4()))
    async with transaction(room.lead) as connection:
        act, listed = await queries.my_last_act(connection), await queries.acts_of(connection, who)
    assert act is not None
    # It is called what it is, whatever follows from it, where it is taken back as well.
    assert (act.kind, act.words) == ("end put right", "not_found")
    assert [one.kind for one in listed.values() if one.act_id == act.act_id] == ["end put right"]
    row = await room.row("ending", who)
    assert (row["reason"], row["asks_search"], row["person_not_told"]) == (
        "not_found",
        True,
        "the person was not found",
    )
    # Somebody else put it right meanwhile.
    with pytest.raises(Conflict, match="reason not_found"):
        await do.execute(room.lead, replace(right, command_id=uuid4(), end="duplicate"))
    # A caller who cancelled: the person was spoken to, or why not.
    caller = do.AmendEnd(referral_id=who, was="not_found", end="by_caller", reason="the landlord rang")
    with pytest.raises(Invalid, match="nobody has spoken to the person"):
        await do.execute(room.lead, caller)
    spoken = do.Spoken(why_not="no number of theirs")
    await do.execute(room.lead, replace(caller, command_id=uuid4(), spoken=spoken))
    back = do.AmendEnd(referral_id=who, was="by_caller", end="not_found", reason="it was he who looked")
    await do.execute(room.lead, back)
    # That they died since, and that they did not.
    await do.execute(room.shah, do.NameResponsible(referral_id=who, said=do.Responsible(died=True)))
    lives = do.NameResponsible(referral_id=who, said=do.Responsible(lives="her sister rang"))
    with pytest.raises(NotAllowed, match="Only a shift lead"):
        await do.execute(room.shah, lives)
    await do.execute(room.lead, replace(lives, command_id=uuid4()))
    row = await room.row("ending", who)
    assert (row["died_known_at"], row["person_not_told"]) == (None, "the person was not found")
