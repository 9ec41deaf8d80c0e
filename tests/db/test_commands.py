"""What each command writes, and what it says before the record has to: everything but who was first."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from db import commands as do
from db.domain.records import Location, YesNo
from db.domain.states import AssignmentState, HandoverState
from db.engine import connect
from db.errors import Conflict, Invalid, NotAllowed
from tests.cluster import Record
from tests.db import desk
from tests.db.psql import age

NOBODY = uuid4()
ANSWERS = {"ae_avoided": YesNo.YES, "ems_released": YesNo.NO, "police_avoided": YesNo.UNKNOWN}


@dataclass
class Room:
    """A dispatcher, a shift lead, and a look into the record."""

    shah: AsyncEngine
    lead: AsyncEngine
    owner: Any

    async def row(self, table: str, key: UUID) -> Any:
        return await self.owner.fetchrow(f"SELECT * FROM cru.{table} WHERE id = $1", key)  # noqa: S608 - our own

    async def now(self) -> datetime:
        moment: datetime = await self.owner.fetchval("SELECT cru.clock_now()")
        return moment

    async def send(self, *commands: do.Command) -> None:
        for command in commands:
            await do.execute(self.shah, command)

    async def refused(self, kind: type[Exception], words: str, command: do.Command) -> None:
        """Assert that it is refused in these words, and is not remembered as done."""
        for engine in (self.shah, self.lead):
            with pytest.raises(kind, match=words):
                await do.execute(engine, command)
        logged = "SELECT count(*) FROM cru.command_log WHERE command_id = $1"
        assert await self.owner.fetchval(logged, command.command_id) == 0

    async def attended(self) -> do.Allocate:
        sent = await desk.allocated(self.shah)
        await self.send(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.ON_SCENE))
        return sent

    async def closed(self) -> UUID:
        sent = await self.attended()
        await self.send(
            do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR),
            do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS),
        )
        return sent.referral_id

    async def kinds(self, referral: UUID) -> list[str]:
        rows = await self.owner.fetch("SELECT kind FROM cru.event WHERE referral_id = $1 ORDER BY id", referral)
        return [row["kind"] for row in rows]


@pytest.fixture
async def room(record: Record) -> AsyncIterator[Room]:
    shah, lead = connect(record.url("a.shah")), connect(record.url("l.lead"))
    owner = await asyncpg.connect(**record.owner_kwargs)
    yield Room(shah, lead, owner)
    await owner.close()
    await shah.dispose()
    await lead.dispose()


# --- referrals ---


async def test_an_edit_keeps_the_times_that_are_there_and_adds_those_that_are_not(room: Room) -> None:
    now = await room.now()
    first, later = now - timedelta(minutes=40), now - timedelta(minutes=4)
    taken = await desk.take(room.shah, call_connected_at=first, caller="Ann")
    edit = do.EditReferral(
        referral_id=taken.referral_id,
        version=1,
        details=desk.details(caller="Bob", call_connected_at=later, sent_at=later, ems_on_scene_at=None),
    )
    await room.send(edit)
    row = await room.row("referral", taken.referral_id)
    assert (row["caller"], row["version"]) == ("Bob", 2)
    assert (row["call_connected_at"], row["sent_at"], row["ems_on_scene_at"]) == (first, later, None)
    stale = replace(edit, command_id=uuid4())
    await room.refused(Conflict, "was changed while you typed", stale)


async def test_a_referral_is_taken_as_typed_and_needs_a_place(room: Room) -> None:
    now = await room.now()
    at = now - timedelta(minutes=9)
    take = do.TakeReferral(details=desk.details(location=Location("", "NN1 4LP"), narrative="x"), received_at=at)
    await room.send(take)
    row = await room.row("referral", take.referral_id)
    assert (row["received_at"], row["postcode"], row["narrative"]) == (at, "NN1 4LP", "x")
    assert row["acknowledged_at"] > now - timedelta(seconds=1)
    # Taken while the link was gone, and sent when it was back: acknowledged when it was taken.
    then = do.TakeReferral(details=desk.details(), received_at=at, at=now - timedelta(minutes=5))
    await room.send(then)
    assert (await room.row("referral", then.referral_id))["acknowledged_at"] == now - timedelta(minutes=5)
    nowhere = do.TakeReferral(details=desk.details(location=Location(" ", "  ", access_note="round the back")))
    await room.refused(Invalid, "needs a location", nowhere)


@pytest.mark.parametrize(
    ("typed", "party"),
    [
        ({"source": "ems_crew", "ems_callsign": "A1187", "waiting_party": "nobody"}, "EMAS A1187"),
        ({"source": "ems_crew"}, "EMAS"),
        ({"source": "police", "waiting_party": "PC 12"}, "Police PC 12"),
        ({"source": "hub", "waiting_party": " a neighbour "}, "a neighbour"),
        ({"source": "hub"}, None),
    ],
)
async def test_who_waits_with_the_person_is_the_first_link(room: Room, typed: dict[str, str], party: str) -> None:
    take = await desk.take(room.shah, **typed)
    row = await room.row("handover", take.handover_id)
    assert (row and (row["from_party"], row["to_party"], row["ordinal"])) == (party and (party, "CRU", 1))


async def test_a_cancelled_referral_lets_go_of_its_vans_and_handovers(room: Room) -> None:
    sent, other = await desk.allocated(room.shah), await desk.take(room.shah)
    more = do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="ED")
    await room.send(more, do.Cancel(referral_id=sent.referral_id, reason="duplicate"))
    job = await room.row("assignment", sent.assignment_id)
    assert (job["state"], job["stand_down_reason"]) == ("stood down", "duplicate")
    links = await room.owner.fetch(
        "SELECT state, refusal_reason FROM cru.handover WHERE referral_id = $1", sent.referral_id
    )
    assert {tuple(link) for link in links} == {("refused", "duplicate")}
    row = await room.row("referral", sent.referral_id)
    assert (row["state"], row["end_reason"]) == ("cancelled", "duplicate")
    # Nobody else's.
    assert (await room.row("handover", other.handover_id))["state"] == "expected"


@pytest.mark.hazard("H-032")
async def test_a_declined_referral_leaves_the_person_where_they_are(room: Room) -> None:
    taken = await desk.take(room.shah)
    await room.send(do.Decline(referral_id=taken.referral_id, reason="out_of_area"))
    link = await room.row("handover", taken.handover_id)
    assert (link["state"], link["refusal_reason"]) == ("refused", "out_of_area")
    assert (await room.row("referral", taken.referral_id))["end_reason"] == "out_of_area"


@pytest.mark.hazard("H-034")
async def test_a_crew_with_the_person_is_not_cancelled_away(room: Room) -> None:
    sent = await room.attended()
    await room.refused(Conflict, "A crew has reached CRU-", do.Cancel(referral_id=sent.referral_id, reason="x"))
    assert (await room.row("assignment", sent.assignment_id))["state"] == "on scene"


async def test_closing_waits_for_the_last_van_and_keeps_the_three_answers(room: Room) -> None:
    sent = await room.attended()
    close = do.Close(referral_id=sent.referral_id, outcome="gp", **ANSWERS)
    await room.refused(Invalid, "A van is still on this referral", close)
    await room.send(do.Step(assignment_id=sent.assignment_id, to=AssignmentState.CLEAR), close)
    row = await room.row("referral", sent.referral_id)
    assert (row["outcome"], row["ae_avoided"], row["ems_released"], row["police_avoided"]) == (
        "gp",
        "yes",
        "no",
        "unknown",
    )


async def test_a_lead_reopens_what_is_closed_and_nothing_else(room: Room) -> None:
    referral = await room.closed()
    reopen = do.Reopen(referral_id=referral, reason="rang again")
    with pytest.raises(NotAllowed, match="Only a shift lead"):
        await do.execute(room.shah, reopen)
    await do.execute(room.lead, reopen)
    assert (await room.row("referral", referral))["state"] == "accepted"
    reason = "SELECT reason FROM cru.event WHERE kind = 'reopened'"
    assert await room.owner.fetchval(reason) == "rang again"
    await room.refused(Conflict, "is accepted", do.Reopen(referral_id=referral, reason="again"))
    # Received can go to accepted too, but not by this door.
    taken = await desk.take(room.shah)
    await desk.screen(room.shah, taken.referral_id)
    await room.refused(Conflict, "is received", do.Reopen(referral_id=taken.referral_id, reason="again"))


async def test_a_reopened_referral_expects_its_handover_to_us_again_and_no_other(room: Room) -> None:
    mine, other = await desk.take(room.shah), await desk.take(room.shah)
    # In the second the last handover is to somebody else, and was refused before the end.
    on = do.ExpectHandover(referral_id=other.referral_id, from_party="EMAS", to_party="ED")
    await room.send(on, do.RefuseHandover(handover_id=on.handover_id, reason="not_safe"))
    for taken, links in (
        (mine, [("refused", "CRU"), ("expected", "CRU")]),
        (other, [("refused", "CRU"), ("refused", "ED")]),
    ):
        await room.send(do.Cancel(referral_id=taken.referral_id, reason="duplicate"))
        await do.execute(room.lead, do.Reopen(referral_id=taken.referral_id, reason="rang again"))
        found = await room.owner.fetch(
            "SELECT ordinal, state, to_party FROM cru.handover WHERE referral_id = $1 ORDER BY ordinal",
            taken.referral_id,
        )
        assert [(row["state"], row["to_party"]) for row in found] == links
        assert [row["ordinal"] for row in found] == [1, 2]


async def test_accepting_is_for_what_was_just_received(room: Room) -> None:
    at = await room.now() - timedelta(minutes=3)
    taken = await desk.take(room.shah, call_connected_at=None)
    await desk.screen(room.shah, taken.referral_id)
    await age(room.owner)
    await room.send(do.Accept(referral_id=taken.referral_id, at=at))
    assert (await room.row("referral", taken.referral_id))["accepted_at"] == at
    closed = await room.closed()
    with pytest.raises(Conflict, match=r"is closed\. Last: closed, A\. Shah"):
        await do.execute(room.lead, do.Accept(referral_id=closed))


async def test_a_hold_rests_a_referral_until_it_is_ended(room: Room) -> None:
    referral, now = await desk.accepted(room.shah), await room.now()
    until = now + timedelta(minutes=50)
    past = do.Hold(referral_id=referral, until=now - timedelta(seconds=1), reason="call_back")
    await room.refused(Invalid, "ends in the future", past)
    await room.send(do.Hold(referral_id=referral, until=until, reason="call_back"))
    row = await room.row("referral", referral)
    assert (row["hold_until"], row["hold_reason"]) == (until, "call_back")
    await room.send(do.EndHold(referral_id=referral))
    row = await room.row("referral", referral)
    assert (row["hold_until"], row["hold_reason"]) == (None, "")
    sent = await desk.allocated(room.shah)
    busy = do.Hold(referral_id=sent.referral_id, until=until, reason="call_back")
    await room.refused(Conflict, "is allocated and cannot be held", busy)


async def test_a_lead_marks_what_was_entered_in_error_unless_a_van_is_on_it(room: Room) -> None:
    referral, now = await desk.accepted(room.shah), await room.now()
    await do.execute(room.lead, do.MarkEnteredInError(referral_id=referral, reason="test call"))
    row = await room.row("referral", referral)
    assert row["entered_in_error_reason"] == "test call"
    assert now <= row["entered_in_error_at"] < now + timedelta(minutes=1)
    sent = await desk.allocated(room.shah)
    for state in (None, AssignmentState.ON_SCENE):
        if state is not None:
            await room.send(do.Step(assignment_id=sent.assignment_id, to=state))
        mark = do.MarkEnteredInError(referral_id=sent.referral_id, reason="test call")
        await room.refused(NotAllowed, "A van is on CRU-", mark)


# --- vans on a referral ---


async def test_a_van_goes_only_where_it_may(room: Room) -> None:
    sent = await desk.allocated(room.shah)
    taken, waiting = await desk.take(room.shah), await desk.accepted(room.shah)
    reference = (await room.row("referral", sent.referral_id))["reference"]
    busy = do.Allocate(referral_id=waiting, van_id=sent.van_id)
    await room.refused(Conflict, f"is already allocated to {reference}. Last: van allocated, A. Shah", busy)
    van = await desk.on_duty(room.shah, 1)
    early = do.Allocate(referral_id=taken.referral_id, van_id=van)
    await room.refused(Conflict, "is received. Last: received, A. Shah", early)
    # Two vans may go to one person, and to one with whom a crew is.
    await room.send(
        do.Allocate(referral_id=sent.referral_id, van_id=van),
        do.Step(assignment_id=sent.assignment_id, to=AssignmentState.ON_SCENE),
        do.Allocate(referral_id=sent.referral_id, van_id=await desk.on_duty(room.shah, 2)),
    )
    assert (await room.kinds(sent.referral_id)).count("van allocated") == 3


@pytest.mark.hazard("H-033")
async def test_a_step_keeps_its_time_and_conveying_its_destination(room: Room) -> None:
    job, at = (await desk.allocated(room.shah)).assignment_id, await room.now() - timedelta(minutes=2)
    await age(room.owner)
    await room.send(do.Step(assignment_id=job, to=AssignmentState.AT_RENDEZVOUS, at=at))
    nowhere = do.Step(assignment_id=job, to=AssignmentState.CONVEYING, destination="  ")
    await room.refused(Invalid, "needs a destination", nowhere)
    await room.send(do.Step(assignment_id=job, to=AssignmentState.CONVEYING, destination="Crisis house"))
    await room.send(do.Step(assignment_id=job, to=AssignmentState.AT_DESTINATION))
    row = await room.row("assignment", job)
    assert (row["at_rendezvous_at"], row["mobile_at"], row["destination"]) == (at, None, "Crisis house")
    await room.refused(
        Conflict,
        "is at destination. Last: van at destination, A. Shah",
        do.Step(assignment_id=job, to=AssignmentState.MOBILE),
    )


async def test_standing_down_has_a_reason_and_ends_with_the_patient(room: Room) -> None:
    job = (await desk.allocated(room.shah)).assignment_id
    bare = do.Step(assignment_id=job, to=AssignmentState.STOOD_DOWN)
    await room.refused(Invalid, "Standing down needs a reason", bare)
    await room.send(do.Step(assignment_id=job, to=AssignmentState.WITH_PATIENT))
    late = do.StandDown(assignment_id=job, reason="not_needed")
    await room.refused(Conflict, "is with patient. Last: van with patient", late)
    other = do.Allocate(referral_id=await desk.accepted(room.shah), van_id=await desk.on_duty(room.shah, 1))
    await room.send(other, do.StandDown(assignment_id=other.assignment_id, reason="not_needed"))
    row = await room.row("assignment", other.assignment_id)
    assert (row["state"], row["stand_down_reason"]) == ("stood down", "not_needed")


# --- the chain ---


async def test_links_of_the_chain_are_numbered_and_trimmed(room: Room) -> None:
    sent, other = await room.attended(), await desk.take(room.shah)
    now = await room.now()
    link = do.ExpectHandover(referral_id=sent.referral_id, from_party=" CRU ", to_party=" ED ")
    await room.send(link)
    row = await room.row("handover", link.handover_id)
    assert (row["ordinal"], row["from_party"], row["to_party"]) == (2, "CRU", "ED")
    assert now <= row["expected_at"] < now + timedelta(minutes=1)
    second = do.ExpectHandover(referral_id=other.referral_id, from_party="CRU", to_party="ED")
    await room.send(second)
    assert (await room.row("handover", second.handover_id))["ordinal"] == 2
    for parties in (("CRU", " "), ("", "ED")):
        half = do.ExpectHandover(referral_id=sent.referral_id, from_party=parties[0], to_party=parties[1])
        await room.refused(Invalid, "needs both parties", half)


async def test_the_moments_of_a_handover_keep_their_own_times(room: Room) -> None:
    sent = await room.attended()
    link = do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="ED")
    at = await room.now() - timedelta(minutes=1)
    await room.send(link)
    await age(room.owner)
    await room.send(do.MoveHandover(handover_id=link.handover_id, to=HandoverState.STARTED, at=at))
    await room.send(do.MoveHandover(handover_id=link.handover_id, to=HandoverState.ACCEPTED))
    row = await room.row("handover", link.handover_id)
    assert row["started_at"] == at < row["accepted_at"]
    assert row["released_at"] is None
    bare = do.MoveHandover(handover_id=link.handover_id, to=HandoverState.REFUSED)
    await room.refused(Invalid, "needs a reason", bare)
    late = do.RefuseHandover(handover_id=link.handover_id, reason="not_safe")
    await room.refused(Conflict, "The handover from CRU is accepted. Last: handover accepted", late)
    other = do.ExpectHandover(referral_id=sent.referral_id, from_party="CRU", to_party="GP")
    await room.send(other, do.RefuseHandover(handover_id=other.handover_id, reason="not_safe"))
    row = await room.row("handover", other.handover_id)
    assert (row["state"], row["refusal_reason"]) == ("refused", "not_safe")


# --- times, words, the gate ---


@pytest.mark.hazard("H-025")
async def test_a_lead_amends_a_time_that_is_there(room: Room) -> None:
    sent = await room.attended()
    at = await room.now() - timedelta(minutes=1)
    await age(room.owner)
    link = await room.owner.fetchval("SELECT id FROM cru.handover WHERE referral_id = $1", sent.referral_id)
    for entity, key, field, column in (
        ("assignment", sent.assignment_id, "on scene", "on_scene_at"),
        ("handover", link, "expected", "expected_at"),
    ):
        command = do.AmendTime(entity=entity, id=key, field=field, at=at, reason=" typed late ")  # type: ignore[arg-type] # one of three
        await do.execute(room.lead, command)
        assert (await room.row(entity, key))[column] == at
    earlier = at - timedelta(hours=2)
    received = do.AmendTime(
        entity="referral", id=sent.referral_id, field="received", at=earlier, reason="typed late"
    )
    await do.execute(room.lead, received)
    assert (await room.row("referral", sent.referral_id))["received_at"] == earlier
    reasons = await room.owner.fetch("SELECT reason FROM cru.event WHERE kind = 'time amended'")
    assert [row["reason"] for row in reasons] == ["typed late"] * 3
    empty = do.AmendTime(entity="assignment", id=sent.assignment_id, field="clear", at=at, reason="x")
    await room.refused(NotAllowed, "set by the step itself", empty)
    accepted = do.AmendTime(entity="referral", id=sent.referral_id, field="closed", at=at, reason="x")
    await room.refused(Invalid, "a time is not invented", accepted)
    missed = do.AmendTime(entity="assignment", id=sent.assignment_id, field="mobile", at=at, reason="its sheet")
    await do.execute(room.lead, missed)
    assert (await room.row("assignment", sent.assignment_id))["mobile_at"] == at
    for before, says in ((None, "That time is"), (at + timedelta(seconds=1), "That time is")):
        late = do.AmendTime(
            entity="assignment", id=sent.assignment_id, field="mobile", at=at, reason="x", before=before
        )
        await room.refused(Conflict, says, late)
    seen = replace(missed, at=at - timedelta(minutes=1), before=at, command_id=uuid4())
    await do.execute(room.lead, seen)
    assert (await room.row("assignment", sent.assignment_id))["mobile_at"] == at - timedelta(minutes=1)
    unknown = do.AmendTime(entity="assignment", id=sent.assignment_id, field="dreamt", at=at, reason="x")
    await room.refused(Invalid, 'has no time called "dreamt"', unknown)


async def test_a_reason_is_no_reason_for_what_comes_after_it(room: Room) -> None:
    # Connections are used again: what was said for one command is not the next one's excuse.
    sent, at = await room.attended(), await room.now() - timedelta(minutes=1)
    await age(room.owner)
    amend = do.AmendTime(entity="assignment", id=sent.assignment_id, field="on scene", at=at, reason="typed late")
    await do.execute(room.lead, amend)
    await do.execute(room.lead, do.AddNote(referral_id=sent.referral_id, words="x"))
    await do.execute(room.lead, do.Step(assignment_id=sent.assignment_id, to=AssignmentState.WITH_PATIENT))
    assert await room.owner.fetchval("SELECT reason FROM cru.event ORDER BY id DESC LIMIT 1") == ""


async def test_words_are_kept_with_their_command_and_their_source(room: Room) -> None:
    referral = (await desk.take(room.shah)).referral_id
    note = do.AddNote(referral_id=referral, words=" rang back ", origin="crew")
    advised = do.Advise999(referral_id=referral)
    looked = do.OpenRecord(referral_id=referral)
    await room.send(note, advised, looked)
    rows = await room.owner.fetch(
        "SELECT kind, words, source, command_id FROM cru.event WHERE referral_id = $1 ORDER BY id DESC LIMIT 3",
        referral,
    )
    assert [tuple(row) for row in reversed(rows)] == [
        ("note", "rang back", "crew", note.command_id),
        ("999 advised", "Told: 999 / return to EMAS", "user", advised.command_id),
        ("record opened", "", "user", looked.command_id),
    ]
    await room.refused(Invalid, "nothing written", do.AddNote(referral_id=referral, words=" \n "))


@pytest.mark.hazard("H-079")
async def test_feedback_and_cautions_are_kept_as_said(room: Room) -> None:
    referral, ends = (await desk.take(room.shah)).referral_id, await room.now() + timedelta(days=9)
    feedback = do.AddFeedback(referral_id=referral, said_by="person", words=" kind ")
    flag = do.AddFlag(referral_id=referral, subject="address", kind="pets", reason=" a dog ", expires_at=ends)
    await room.send(feedback, flag)
    row = await room.row("feedback", feedback.feedback_id)
    assert (row["said_by"], row["words"]) == ("person", "kind")
    row = await room.row("flag", flag.flag_id)
    assert (row["subject"], row["kind"], row["reason"], row["expires_at"]) == ("address", "pets", "a dog", ends)


async def test_a_screening_has_every_answer_and_is_let_on_once(room: Room) -> None:
    referral = (await desk.take(room.shah)).referral_id
    await age(room.owner)
    keys = await room.owner.fetch("SELECT key FROM cru.screening_item WHERE tool_version = 1")
    answers = {row["key"]: "no" for row in keys}
    at = await room.now() - timedelta(minutes=2)
    for wrong in (answers | {"invented": "no"}, dict(list(answers.items())[1:])):
        half = do.CompleteScreening(referral_id=referral, tool_version=1, answers=wrong)
        await room.refused(Invalid, "not complete", half)
    screening = do.CompleteScreening(
        referral_id=referral, tool_version=1, answers=answers | {"weapon": "yes"}, note="calm", at=at
    )
    await room.send(screening)
    row = await room.row("screening", screening.screening_id)
    assert (row["note"], row["completed_at"]) == ("calm", at)
    stands = tuple(
        row["what"] for row in await room.owner.fetch("SELECT what FROM cru.stands_against($1)", referral)
    )
    decided = do.LetOn(referral_id=referral, clinician=" Dr Example ", reason=" seen ", covers=stands)
    for blank in (replace(decided, clinician=" "), replace(decided, reason="")):
        await room.refused(Invalid, "needs a name and the reason", blank)
    await do.execute(room.lead, decided)
    kept = await room.row("decision", decided.decision_id)
    assert (kept["clinician"], kept["reason"], tuple(kept["covers"])) == ("Dr Example", "seen", stands)
    again = replace(decided, command_id=uuid4(), decision_id=uuid4())
    with pytest.raises(Conflict, match="not what stands against it now"):
        await do.execute(room.lead, again)


# --- vans ---


async def test_a_crew_is_named_once_each_and_a_shift_ends_later(room: Room) -> None:
    van, now = (await desk.vans(room.shah))[0], await room.now()
    staff = tuple(row["id"] for row in await room.owner.fetch("SELECT id FROM cru.staff ORDER BY id LIMIT 2"))
    end, meal = now + timedelta(hours=9), now + timedelta(hours=4)
    await room.refused(Invalid, "needs a crew", do.GoOnDuty(van_id=van.id, staff_ids=(), planned_end=end))
    past = do.GoOnDuty(van_id=van.id, staff_ids=staff, planned_end=now - timedelta(seconds=1))
    await room.refused(Invalid, "ends in the future", past)
    on = do.GoOnDuty(van_id=van.id, staff_ids=(*staff, staff[0]), planned_end=end, meal_due=meal)
    await room.send(on)
    row = await room.row("shift", on.shift_id)
    assert (row["planned_end_at"], row["meal_due_at"], row["ended_at"]) == (end, meal, None)
    assert row["started_at"] >= now
    assert await room.owner.fetchval("SELECT count(*) FROM cru.shift_member") == 2
    twice = do.GoOnDuty(van_id=van.id, staff_ids=staff, planned_end=end)
    await room.refused(Conflict, f"{van.callsign} is available. Last: available, A. Shah", twice)
    await room.send(do.GoOffDuty(van_id=van.id))
    assert (await room.row("shift", on.shift_id))["ended_at"] >= now
    # The next crew's shift does not touch the last one's.
    first_end = (await room.row("shift", on.shift_id))["ended_at"]
    await room.send(replace(twice, command_id=uuid4()), do.StartMealBreak(van_id=van.id, until=meal))
    assert (await room.row("shift", twice.shift_id))["meal_until_at"] == meal
    assert (await room.row("shift", on.shift_id))["meal_until_at"] is None
    assert (await room.row("shift", on.shift_id))["ended_at"] == first_end


async def test_duty_moves_by_its_own_verbs(room: Room) -> None:
    van, later = await desk.on_duty(room.shah), await room.now() + timedelta(minutes=30)
    await room.refused(Invalid, "needs a reason", do.TakeOutOfService(van_id=van, reason=" "))
    for command, status, reason in (
        (do.StartMealBreak(van_id=van, until=later), "meal break", ""),
        (do.MakeAvailable(van_id=van), "available", ""),
        (do.TakeOutOfService(van_id=van, reason="fault"), "out of service", "fault"),
        (do.MakeAvailable(van_id=van), "available", ""),
    ):
        await room.send(command)
        row = await room.row("van", van)
        assert (row["duty_status"], row["duty_reason"]) == (status, reason)
    await room.refused(Conflict, "is available. Last: available", do.MakeAvailable(van_id=van))
    await room.send(do.GoOffDuty(van_id=van))
    await room.refused(Conflict, "has no crew", do.MakeAvailable(van_id=van))
    await room.refused(Conflict, "is off duty", do.StartMealBreak(van_id=van, until=later))


async def test_an_emergency_has_the_time_of_the_first_cry_until_a_lead_ends_it(room: Room) -> None:
    van, other = await desk.on_duty(room.shah), await desk.on_duty(room.shah, 1)
    before = await room.now()
    await room.send(do.RaiseEmergency(van_id=van))
    began = (await room.row("van", van))["emergency_at"]
    assert before <= began < before + timedelta(minutes=1)
    await room.send(do.RaiseEmergency(van_id=van))
    assert (await room.row("van", van))["emergency_at"] == began
    assert (await room.row("van", other))["emergency_at"] is None
    with pytest.raises(NotAllowed, match="Only a shift lead"):
        await do.execute(room.shah, do.ClearEmergency(van_id=van))
    await room.send(do.RaiseEmergency(van_id=other))
    await do.execute(room.lead, do.ClearEmergency(van_id=van))
    assert (await room.row("van", van))["emergency_at"] is None
    assert (await room.row("van", other))["emergency_at"] is not None


# --- every one ---


LATER = datetime.fromisoformat("2099-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    "command",
    [
        do.Accept(referral_id=NOBODY),
        do.EndHold(referral_id=NOBODY),
        do.Allocate(referral_id=NOBODY, van_id=NOBODY),
        do.Step(assignment_id=NOBODY, to=AssignmentState.MOBILE),
        do.StandDown(assignment_id=NOBODY, reason="x"),
        do.MoveHandover(handover_id=NOBODY, to=HandoverState.STARTED),
        do.AmendTime(entity="referral", id=NOBODY, field="received", at=LATER, reason="x"),
        do.AmendTime(entity="handover", id=NOBODY, field="expected", at=LATER, reason="x"),
        do.LetOn(referral_id=NOBODY, clinician="x", reason="x", covers=()),
        do.MakeAvailable(van_id=NOBODY),
        do.RaiseEmergency(van_id=NOBODY),
    ],
    ids=lambda command: type(command).__name__,
)
async def test_what_is_not_there_is_said(room: Room, command: do.Command) -> None:
    await room.refused(Invalid, "is not in the record", command)


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize(
    ("command", "says"),
    [
        (do.Decline(referral_id=NOBODY, reason=""), "Declining needs a reason"),
        (do.Cancel(referral_id=NOBODY, reason=""), "Cancelling needs a reason"),
        (do.Reopen(referral_id=NOBODY, reason=""), "Reopening needs a reason"),
        (do.Hold(referral_id=NOBODY, until=LATER, reason=""), "Holding needs a reason"),
        (do.MarkEnteredInError(referral_id=NOBODY, reason=""), "Entered in error needs a reason"),
        (do.StandDown(assignment_id=NOBODY, reason=""), "Standing down needs a reason"),
        (do.RefuseHandover(handover_id=NOBODY, reason=""), "Refusing a handover needs a reason"),
        (do.AmendTime(entity="referral", id=NOBODY, field="x", at=LATER, reason=""), "needs a reason"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_reason_is_asked_for_before_anything_else(
    room: Room, command: do.Command, says: str, blank: str
) -> None:
    await room.refused(Invalid, says, replace(command, reason=blank))  # type: ignore[call-arg] # each has one


async def test_the_last_thing_done_is_named_and_no_note_or_look(room: Room) -> None:
    taken = await desk.take(room.shah)
    await room.send(do.Decline(referral_id=taken.referral_id, reason="out_of_area"))
    # What came later and is not why.
    await do.execute(room.lead, do.AddFeedback(referral_id=taken.referral_id, said_by="person", words="kind"))
    await do.execute(room.lead, do.AddNote(referral_id=taken.referral_id, words="x"))
    await do.execute(room.lead, do.OpenRecord(referral_id=taken.referral_id))
    accept = do.Accept(referral_id=taken.referral_id)
    await room.refused(Conflict, r"is declined\. Last: declined, A\. Shah", accept)
    edit = do.EditReferral(referral_id=taken.referral_id, version=9, details=desk.details())
    await room.refused(Conflict, r"Last: feedback, L\. Lead", edit)
