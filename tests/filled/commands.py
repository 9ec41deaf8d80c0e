"""Every command of the program once, each where it may be done: a night in a record, in parts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from db import commands as do
from db.domain.about import Said
from db.domain.party import Party
from db.domain.records import Location, Patient, YesNo
from db.domain.shift_handover import ToHandOver
from db.domain.states import AssignmentState, HandoverState
from db.raising import ToldAlarm

SHAH, OKAFOR, LEAD, OWNER = "a.shah", "b.okafor", "l.lead", "owner"
Deeds = AsyncIterator[tuple[str, do.Command]]
"""Who does what. Each is done before the next is asked for."""
HOUR: Final = timedelta(hours=1)
DIGEST: Final = "0f" * 32
_PLACE: Final = Location("14 Abington Street", "NN1 4LP", 52.24, -0.89)
ANSWERS: Final = {"ae_avoided": YesNo.YES, "ems_released": YesNo.NO, "police_avoided": YesNo.UNKNOWN}
_GP: Final = do.Responsible(Party.DESTINATION, "their GP")
_STEPS: Final = (
    AssignmentState.MOBILE,
    AssignmentState.ON_SCENE,
    AssignmentState.WITH_PATIENT,
    AssignmentState.CONVEYING,
    AssignmentState.AT_DESTINATION,
)


@dataclass(frozen=True)
class Night:
    """A look into the record, as its owner, and what everybody starts from.

    Attributes:
        owner: asyncpg's connection.
        vans: off duty, in the order of their callsigns.
        staff: who rides nowhere.
    """

    owner: Any
    now: datetime
    vans: tuple[UUID, ...]
    staff: tuple[UUID, ...]

    @classmethod
    async def of(cls, owner: Any) -> "Night":
        vans = await owner.fetch("SELECT id FROM cru.van WHERE callsign LIKE 'CRU%' ORDER BY callsign")
        staff = await owner.fetch("SELECT id FROM cru.staff WHERE registered ORDER BY name")
        now = await owner.fetchval("SELECT cru.clock_now()")
        return cls(owner, now, *(tuple(row["id"] for row in some) for some in (vans, staff)))

    async def deeds(self) -> Deeds:
        """All of it."""
        for part in (
            self.attended,
            self.afterwards,
            self.ended_otherwise,
            self.in_danger,
            self.calls,
            self.person,
            self.crews,
            self.devices,
            self.fleet,
            self.rota,
            self.room,
            self.alarms,
            self.settings,
            self.erased,
        ):
            async for one in part():
                yield one

    async def one(self, sql: str, *given: Any) -> Any:
        """One value."""
        return await self.owner.fetchval(sql, *given)

    async def answered(self, referral: UUID, **but: str) -> do.CompleteScreening:
        """Every question of the tool in force answered no, but for some."""
        tool = await self.one("SELECT cru.tool_in_force()")
        asked = "SELECT key FROM cru.screening_item WHERE tool_version = $1 AND branch = ''"
        answers = {row["key"]: "no" for row in await self.owner.fetch(asked, tool)}
        return do.CompleteScreening(referral_id=referral, tool_version=tool, answers=answers | but)

    def taken(self, **changed: Any) -> do.TakeReferral:
        """A crew of EMAS that waits with somebody in Northampton."""
        given = {"source": "ems_crew", "priority": "P1", "location": _PLACE, "caller": "Ann"} | changed
        return do.TakeReferral(details=do.Details(**given))

    async def accepted(self) -> AsyncIterator[tuple[str, do.Command]]:
        """A referral that waits for a van; the last deed names it."""
        taken = self.taken()
        yield SHAH, taken
        yield SHAH, await self.answered(taken.referral_id)
        yield SHAH, do.Accept(referral_id=taken.referral_id)

    async def attended(self) -> Deeds:
        """From the call to the end, with all that happens between."""
        who = Patient("Zoe Quill", date(1970, 1, 1), "943 476 5919")
        taken = self.taken(
            patient=who, narrative="On a bench, and calm.", call_back="07700 900123", ems_incident="E7"
        )
        key = taken.referral_id
        yield SHAH, taken
        version = await self.one("SELECT version FROM cru.referral WHERE id = $1", key)
        yield SHAH, do.EditReferral(referral_id=key, version=version, details=replace(taken.details, caller="Bea"))
        yield SHAH, await self.answered(key)
        spoken = do.Spoken("Zoe")
        yield SHAH, do.Hold(referral_id=key, until=self.now + 2 * HOUR, reason="call_back", spoken=spoken)
        yield SHAH, do.EndHold(referral_id=key)
        call = do.RecordContact(
            referral_id=key,
            spoke_with="person",
            with_name="Zoe",
            said="She waits.",
            promised="a call",
            promise_due=self.now + HOUR,
        )
        yield SHAH, call
        yield SHAH, do.RecordContact(referral_id=key, spoke_with="nobody", why_not="rings out")
        yield SHAH, do.ClosePromise(contact_id=call.contact_id, kept=True)
        yield SHAH, do.AddNote(referral_id=key, words="The side door is open.")
        yield SHAH, do.Advise999(referral_id=key)
        yield SHAH, do.OpenRecord(referral_id=key)
        accept = do.Accept(referral_id=key)
        yield SHAH, accept
        yield SHAH, do.TakeBack(act_id=accept.command_id)
        yield SHAH, do.Accept(referral_id=key)
        yield SHAH, self._on_duty(0)
        first = do.Allocate(referral_id=key, van_id=self.vans[0])
        yield SHAH, first
        yield SHAH, do.StandDown(assignment_id=first.assignment_id, reason="not_needed")
        async for one in self._visit(key):
            yield one
        yield SHAH, do.Close(referral_id=key, outcome="gp", next=replace(_GP, name="their nurse"), **ANSWERS)

    def _on_duty(self, place: int) -> do.GoOnDuty:
        crew = self.staff[2 * place : 2 * place + 2]
        return do.GoOnDuty(van_id=self.vans[place], staff_ids=crew, planned_end=self.now + 9 * HOUR)

    async def _visit(self, key: UUID) -> Deeds:
        sent = do.Allocate(referral_id=key, van_id=self.vans[0])
        yield SHAH, sent
        job = sent.assignment_id
        brief = {"read_by": "K. Bell", "channel": "radio", "brief": "Side door."}
        yield SHAH, do.ReadBriefBack(referral_id=key, assignment_id=job, **brief)
        for step in _STEPS:
            where = "Northampton Crisis House" if step is AssignmentState.CONVEYING else ""
            yield SHAH, do.Step(assignment_id=job, to=step, destination=where)
            if step is AssignmentState.ON_SCENE:
                yield SHAH, do.CrewWell(assignment_id=job, channel="radio")
        link = await self.one("SELECT id FROM cru.handover WHERE referral_id = $1", key)
        for to in (HandoverState.STARTED, HandoverState.ACCEPTED, HandoverState.RELEASED):
            yield SHAH, do.MoveHandover(handover_id=link, to=to)
        next_link = do.ExpectHandover(referral_id=key, from_party="CRU", to_party="Northampton Crisis House")
        yield SHAH, next_link
        yield SHAH, do.RefuseHandover(handover_id=next_link.handover_id, reason="no_space")
        yield SHAH, do.Step(assignment_id=job, to=AssignmentState.CLEAR)
        mobile = await self.one("SELECT mobile_at FROM cru.assignment WHERE id = $1", job)
        at = mobile - timedelta(milliseconds=1)
        yield LEAD, do.AmendTime(entity="assignment", id=job, field="mobile", at=at, reason="a slip")

    async def afterwards(self) -> Deeds:
        """What comes after the end of a referral."""
        key = await self.one("SELECT id FROM cru.referral WHERE patient_name = 'Zoe Quill'")
        yield SHAH, do.NameResponsible(referral_id=key, said=_GP)
        plan = do.PlanFollowUp(referral_id=key, due=self.now + 24 * HOUR, what_for="a call")
        yield SHAH, plan
        later = self.now + 48 * HOUR
        yield SHAH, do.PutOffFollowUp(follow_up_id=plan.follow_up_id, due=later, reason="asleep")
        yield SHAH, do.DoFollowUp(follow_up_id=plan.follow_up_id, outcome="well")
        yield SHAH, do.LinkLate(referral_id=key, service="police", crew="NP 4")
        heard = do.AddFeedback(said_by="carer", words="kind", referral_id=key)
        yield SHAH, heard
        yield LEAD, do.SortFeedback(feedback_id=heard.feedback_id, kind="idea", consent="team only")
        yield LEAD, do.SetImprovement(said="a quieter knock", feedback_id=heard.feedback_id)
        yield LEAD, do.SignOff(kind="feedback", about=str(heard.feedback_id), words="seen", referral_id=key)
        was = await self.one("SELECT outcome FROM cru.referral WHERE id = $1", key)
        yield LEAD, do.AmendEnd(referral_id=key, was=was, end="in_van", reason="the wrong row")
        yield LEAD, do.Reopen(referral_id=key, reason="rang again")

    async def ended_otherwise(self) -> Deeds:
        """Declined, cancelled, and entered in error."""
        declined, cancelled, wrong = self.taken(), self.taken(), self.taken()
        for one in (declined, cancelled, wrong):
            yield SHAH, one
        yield SHAH, do.Decline(referral_id=declined.referral_id, reason="no_capacity", next=_GP)
        yield (
            SHAH,
            do.Cancel(referral_id=cancelled.referral_id, reason="duplicate", spoken=do.Spoken("Ann"), next=_GP),
        )
        yield LEAD, do.MarkEnteredInError(referral_id=wrong.referral_id, reason="a test")
        yield LEAD, do.UndoEnteredInError(referral_id=wrong.referral_id, reason="it was none")

    async def in_danger(self) -> Deeds:
        """What speaks against going there, and who lets it on."""
        taken = self.taken(narrative="He holds a knife.")
        yield SHAH, taken
        against = "SELECT what, kind FROM cru.stands_against($1)"
        stands = await self.owner.fetch(against, taken.referral_id)
        words = tuple(row["what"] for row in stands if row["kind"] == "words")
        named = {"referral_id": taken.referral_id, "clinician": "Dr Yu", "reason": "a toy"}
        yield LEAD, do.LookedAt(covers=words, **named)
        yield SHAH, await self.answered(taken.referral_id, pregnancy="yes")
        stands = await self.owner.fetch(against, taken.referral_id)
        yield LEAD, do.LetOn(covers=tuple(row["what"] for row in stands), **named)

    async def calls(self) -> Deeds:
        """Calls that come in: one that is left and gone on with by another, and one that is no referral."""
        kept, ended = uuid4(), uuid4()
        so_far = do.Details(source="", priority="", location=_PLACE)
        times = {"answered_at": self.now - HOUR / 60, "received_at": self.now - HOUR / 90}
        for key in (kept, ended):
            yield SHAH, do.BeginCall(referral_id=key, details=so_far, typed={"place": "a bench"}, **times)
        yield SHAH, do.KeepCall(referral_id=kept, version=1, details=replace(so_far, caller="Tam"), typed={})
        yield SHAH, do.CallerHungUp(referral_id=kept, call_back_at=self.now + HOUR)
        yield OKAFOR, do.TakeCallOver(referral_id=kept)
        version = await self.one("SELECT version FROM cru.intake_call WHERE referral_id = $1", kept)
        yield OKAFOR, do.FinishCall(referral_id=kept, version=version, details=self.taken().details)
        yield SHAH, do.EndCall(referral_id=ended, reason="wrong_number")

    async def person(self) -> Deeds:
        """What is said of a person, who they are, and what is kept for the next time."""
        who = Patient("Ida Example", date(1980, 2, 1), "987 654 3210")
        was, now = self.taken(patient=who), self.taken(patient=who)
        for one in (was, now):
            yield SHAH, one
        tell = do.TellAbout(referral_id=was.referral_id, says=(Said("helps", "", "tea"), Said("keep", "yes")))
        yield SHAH, tell
        item = await self.one(
            "SELECT id FROM cru.about_me WHERE referral_id = $1 AND topic = 'helps'", was.referral_id
        )
        yield SHAH, do.TakeOver(referral_id=now.referral_id, item_ids=(item,))
        yield SHAH, do.SayWhoItIs(referral_id=now.referral_id, other_id=was.referral_id, is_same=True)
        flag = do.AddFlag(
            referral_id=now.referral_id,
            subject="person",
            kind="access",
            reason="a gate",
            expires_at=self.now + 700 * HOUR,
        )
        yield SHAH, flag
        yield SHAH, do.WithdrawFlag(flag_id=flag.flag_id, reason="mended")
        yield SHAH, do.BookInterpreter(referral_id=now.referral_id, language="lit", booked_with="an agency")
        yield SHAH, do.SayEthnicity(referral_id=now.referral_id, group="White")
        yield SHAH, do.SayDeprivation(referral_id=now.referral_id, tenth=3)
        yield (
            SHAH,
            do.ReportWishes(
                referral_id=was.referral_id, kept=((item, "partly"),), said_by="she", words="it was late"
            ),
        )

        async for one in self._asked(was.referral_id, item):
            yield one

    async def _asked(self, key: UUID, item: UUID) -> Deeds:
        """What is asked about a person's record, and answered."""
        who: dict[str, Any] = {"said_by": "the person", "words": "It was the side door."}
        asked = do.AskAboutRecord(referral_id=key, kind="correction", about="Caller", **who)
        yield SHAH, asked
        was = {"thing": "column", "what": "caller", "was": "Ann", "value": "Anne", "reason": "her card"}
        yield SHAH, do.CorrectRecord(referral_id=key, answers=asked.request_id, **was, **who)
        again = {"thing": "said", "what": str(item), "was": "tea", "value": "coffee", "reason": "she says so"}
        yield SHAH, do.CorrectRecord(referral_id=key, **again, **who)
        refused = {"state": "refused", "answer": "It is what was said then.", "statement": "It was not."}
        yield LEAD, do.AnswerAboutRecord(request_id=uuid4(), referral_id=key, **refused, **who)
        yield LEAD, do.GiveOutPerson(referral_id=key, formats="PDF", **who)

    async def crews(self) -> Deeds:
        """A crew through its shift."""
        van = self.vans[1]
        yield SHAH, self._on_duty(1)
        yield SHAH, do.StartMealBreak(van_id=van, until=self.now + HOUR)
        yield SHAH, do.MakeAvailable(van_id=van)
        yield SHAH, do.TakeOutOfService(van_id=van, reason="fault")
        yield SHAH, do.MakeAvailable(van_id=van)
        yield SHAH, do.RaiseEmergency(van_id=van)
        yield LEAD, do.ClearEmergency(van_id=van)
        yield LEAD, do.ChangeCrew(van_id=van, join=self.staff[4:5], leave=self.staff[2:3], reason="sick")
        yield LEAD, do.ExtendShift(van_id=van, planned_end=self.now + 8 * HOUR)
        yield SHAH, do.GoOffDuty(van_id=van)

    async def devices(self) -> Deeds:
        """A tracker, from when it is given on."""
        yield LEAD, do.GiveDevice(device_id="t-9", van_id=self.vans[0], digest=DIGEST)
        yield LEAD, do.MoveDevice(device_id="t-9", van_id=self.vans[1])
        yield LEAD, do.RenameDevice(device_id="t-9", new_id="t-10")
        yield LEAD, do.SwitchOffDevice(device_id="t-10")
        yield LEAD, do.SwitchOnDevice(device_id="t-10")
        yield LEAD, do.RenewToken(device_id="t-10", digest=DIGEST[::-1])

    async def fleet(self) -> Deeds:
        """A van and somebody who rides, that come and go."""
        van = do.SaveVan(callsign="CRU9", registration="X1", base="Berrywood", livery="marked", seats=5)
        yield LEAD, van
        yield LEAD, replace(van, command_id=uuid4(), is_new=False, seats=6, before={"seats": 5})
        yield LEAD, do.RetireVan(van_id=van.van_id)
        rider = do.SaveStaff(name="Una Newcomer", profession="Mental health nurse", registered=True)
        yield LEAD, rider
        more = {"is_new": False, "languages": ("Polish",), "before": {"languages": []}}
        yield LEAD, replace(rider, command_id=uuid4(), **more)
        yield LEAD, do.StaffLeaves(staff_id=rider.staff_id)
        listed = do.SaveStaff(name="Ivo Listed", profession="Support worker")
        yield LEAD, do.ImportRows(steps=(listed,), numbers=(2,))

    async def rota(self) -> Deeds:
        """Weeks to come."""
        monday = (self.now + timedelta(days=7 - self.now.weekday() + 7)).date()
        starts = datetime(monday.year, monday.month, monday.day, 12, tzinfo=self.now.tzinfo)
        plan = do.SetPlan(
            van_id=self.vans[2],
            starts_at=starts,
            ends_at=starts + 9 * HOUR,
            crew=tuple(map(do.PlannedSeat, self.staff[:2])),
        )
        yield LEAD, plan
        version = await self.one("SELECT version FROM cru.planned_shift WHERE id = $1", plan.planned_shift_id)
        fewer = {"crew": plan.crew[:1], "off_reason": "sick", "version": version}
        yield LEAD, replace(plan, command_id=uuid4(), **fewer)
        version = await self.one("SELECT version FROM cru.planned_shift WHERE id = $1", plan.planned_shift_id)
        yield LEAD, do.PublishRota(shifts=((plan.planned_shift_id, version),))
        yield LEAD, do.CopyWeek(monday=monday, to=monday + timedelta(days=7))
        yield LEAD, do.CancelPlan(planned_shift_id=plan.planned_shift_id)
        yield LEAD, do.SetCover(weekday=2, from_hour=14, vans=3)

    async def room(self) -> Deeds:
        """The shift log, messages, and the room that is handed over."""
        key = await self.one("SELECT id FROM cru.referral WHERE patient_name = 'Zoe Quill'")
        entry = do.WriteLog(words="The keys are at the desk.", referral_id=key)
        yield SHAH, entry
        yield SHAH, do.PassOn(entry_id=entry.entry_id)
        message = do.SendMessage(words="Her son rang.", to_login=OKAFOR, referral_id=key)
        yield SHAH, message
        yield OKAFOR, do.SeeMessage(message_id=message.message_id)
        line = ToHandOver("person", "waits alone", key, is_risk=True)
        offer = do.OfferRoom(items=(line,))
        yield LEAD, offer
        yield LEAD, do.WithdrawOffer(handover_id=offer.handover_id)
        again = do.OfferRoom(items=(line,))
        yield LEAD, again
        item = await self.one(
            "SELECT id FROM cru.shift_handover_item WHERE shift_handover_id = $1", again.handover_id
        )
        yield OWNER, do.SignRisk(item_id=item)
        yield OWNER, do.TakeRoom(handover_id=again.handover_id)

    async def alarms(self) -> Deeds:
        """One that is answered, and one that rests for a while."""
        first, second = (ToldAlarm(f"late {n}", "late", "has waited for long", self.now) for n in (1, 2))
        yield SHAH, do.AcknowledgeAlarm(told=first)
        yield LEAD, do.ShelveAlarm(told=second, until=self.now + HOUR / 4, reason="they know")
        yield LEAD, do.UnshelveAlarm(told=second)

    async def settings(self) -> Deeds:
        """What a trust sets."""
        value = await self.one("SELECT value FROM cru.rule WHERE name = 'no_van'")
        yield LEAD, do.SetRule(name="no_van", value=value + 1, before=value)
        yield LEAD, do.SetContactSchedule(priority="P2", first=20, every=60, again=10)
        word = {"label": "roger", "verb": "acknowledged"}
        yield LEAD, do.SaveListed(table="command_word", values=word)
        kinder = {"table": "reason", "values": {"label": "Somebody else came", "code": "another"}}
        code, label = await self.owner.fetchrow(
            "SELECT code, label FROM cru.reason WHERE kind = 'cancel' ORDER BY code LIMIT 1"
        )
        kinder["before"] = {"kind": "cancel", "code": code, "label": label}
        yield LEAD, do.SaveListed(**kinder)
        yield LEAD, do.RetireListed(table="command_word", key=word)
        yield SHAH, do.SayPlacesFree(destination="Northampton Crisis House", free=2, said_by="K. Bell")
        usual = do.SetBaseline(measure="response", since_on=date(2026, 1, 5), reason="a sixth van")
        yield LEAD, usual
        yield LEAD, do.WithdrawBaseline(baseline_id=usual.baseline_id)

    async def erased(self) -> Deeds:
        """Somebody whose time is over, in a record of ten years."""
        yield LEAD, do.SetRule(name="keep_people", value=9, before=20)
        key = await self.one("SELECT referral_id FROM cru.due_to_erase(1)")
        yield LEAD, do.ErasePerson(referral_id=key)
