"""Random nights of a record: what people may do, in any order, by the record's own guards, at chosen times.

The record's clock stands where the next act happens, so that a night in which the clocks change takes seconds.
Whatever the record refuses is not done; everything else is a legal history.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, Final
from uuid import UUID

import asyncpg

from tests.db.psql import Psql
from tests.db.reading import read_words

MINUTE: Final = timedelta(minutes=1)
PLACES: Final = (
    ("NN1 5BD", "Abington Street", "Northampton"),
    ("nn189nd", "12 Studfall Avenue", "Corby"),
    ("", "Wicksteed Park, Kettering", "Kettering"),
    ("NN15 5AB", "High Street, Burton Latimer", "Burton Latimer"),
    ("", "behind the old mill", ""),
)
"""Postcode and place as they are typed, and the town that a figure by area counts them under."""
PEOPLE: Final = (
    {"nhs_number": "943 476 5919"},
    {"nhs_number": "9434765919"},
    {"patient_name": "Ida Example", "patient_born": "1980-02-01"},
    {"patient_name": "example, IDA", "patient_born": "1980-02-01"},
    {"patient_name": "Abel Example", "patient_born": "1991-01-01"},
    {},
)
_SOURCES: Final = ("ems_crew", "ems_desk", "hub", "police")
_ON: Final = ("allocated", "acknowledged", "mobile", "at rendezvous", "on scene", "with patient", "conveying")
_STEPS: Final = (*_ON, "at destination", "clear")
_FROM: Final = {
    "ems_crew": "EMAS A1187",
    "ems_desk": "EMAS B2",
    "police": "Northants Police",
    "hub": "a neighbour",
}
_NEXT: Final = {
    "expected": ("started", "accepted", "accepted", "refused"),
    "started": ("accepted",),
    "accepted": ("released",),
}


@dataclass
class Case:
    """One referral, as far as whoever works on it remembers."""

    id: UUID
    source: str
    left: int
    wishes: list[UUID] = field(default_factory=list)


class Night:
    """A room of a few vans; everything goes through psql sessions of a dispatcher and a shift lead."""

    def __init__(self, psql: Psql, seed: int) -> None:
        self.psql = psql
        self.random = Random(seed)
        self.now: datetime
        self.vans: list[UUID] = []
        self.refused = 0
        self._agenda: list[tuple[datetime, int, Case]] = []
        self._turn = count()

    async def at(self, moment: datetime) -> None:
        """Set the record's clock; it stands there, with a fraction of a second as every clock has one."""
        self.now = moment.replace(microsecond=0) + timedelta(microseconds=self.random.randrange(1, 10**6))
        await self.psql.owner.execute(
            "UPDATE cru.service SET clock_origin = now(), clock_shown = $1, clock_speed = 0", self.now
        )

    async def run(self, start: datetime, hours: float, referrals: int) -> None:
        """So many referrals over some hours, each worked on to its end; vans go on duty before and off after."""
        await self.at(start)
        await self._on_duty()
        begun = [start + timedelta(hours=hours * self.random.random()) for _ in range(referrals)]
        for moment in sorted(begun):
            await self._until(moment)
            await self.at(moment)
            await self._take()
        await self._until(None)
        await self.at(max(self.now, start + timedelta(hours=hours)) + MINUTE)
        await self._off_duty()

    async def _until(self, moment: datetime | None) -> None:
        while self._agenda and (moment is None or self._agenda[0][0] < moment):
            when, _, case = heappop(self._agenda)
            await self.at(when)
            if self.random.random() < 0.1:
                # Somebody reads a figure in between.
                await self.psql.owner.execute("SELECT cru.settle_measures()")
            case.left -= 1
            if await self._go_on(case):
                heappush(self._agenda, (self.now + MINUTE * self.random.randint(1, 25), next(self._turn), case))

    async def _do(
        self, sql: str, *given: Any, who: Any = None, reason: str = "", source: str = "user", value: bool = False
    ) -> Any:
        """One act; None where the record refuses it."""
        session = who or self.psql.shah
        try:
            async with session.transaction():
                await session.execute(
                    "SELECT set_config('cru.reason', $1, true), set_config('cru.source', $2, true)", reason, source
                )
                return await session.fetchval(sql, *given) if value else bool(await session.execute(sql, *given))
        except asyncpg.PostgresError as error:
            if (error.sqlstate or "")[:2] not in {"CR", "23"}:
                raise
            self.refused += 1
            return None

    async def _set(
        self, table: str, row: UUID, who: Any = None, reason: str = "", source: str = "user", **to: Any
    ) -> Any:
        return await self._do(Psql.update(table, to), row, *to.values(), who=who, reason=reason, source=source)

    async def _on_duty(self) -> None:
        if not self.vans:
            found = await self.psql.owner.fetch("SELECT id FROM cru.van WHERE active ORDER BY callsign LIMIT 4")
            self.vans = [row["id"] for row in found]
        for van in self.vans:
            shift = await self.psql.shah.fetchval(
                "INSERT INTO cru.shift (van_id, started_at, planned_end_at) VALUES ($1, $2, $3) RETURNING id",
                van,
                self.now,
                self.now + timedelta(hours=14),
            )
            await self.psql.crew(shift)
            await self.psql.set(self.psql.shah, "van", van, duty_status="available")

    async def _off_duty(self) -> None:
        for van in self.vans:
            await self.psql.set(self.psql.shah, "van", van, duty_status="off duty")
            await self.psql.shah.execute(
                "UPDATE cru.shift SET ended_at = cru.clock_now() WHERE van_id = $1 AND ended_at IS NULL", van
            )

    # --- one referral ---

    async def _take(self) -> None:
        chance = self.random
        postcode, place, _ = chance.choice(PLACES)
        about: dict[str, Any] = dict(chance.choice(PEOPLE))
        if "patient_born" in about:
            about["patient_born"] = datetime.fromisoformat(about["patient_born"]).date()
        source = chance.choice(_SOURCES)
        if chance.random() < 0.3:
            about["received_at"] = self._typed()
        made = await self.psql.take(
            source=source,
            priority=chance.choice(("P1", "P1", "P2", "P3")),
            postcode=postcode,
            location_text=place,
            waiting_party="a brother" if chance.random() < 0.1 else "",
            **about,
        )
        heappush(self._agenda, (self.now + MINUTE, next(self._turn), Case(made, source, chance.randint(9, 26))))

    def _typed(self) -> datetime:
        """What people type: whole minutes, a little while ago."""
        return self.now.replace(second=0, microsecond=0) - MINUTE * self.random.randint(0, 6)

    async def _go_on(self, case: Case) -> bool:
        """Do one thing to it; False once nothing more is to be done."""
        state = await self.psql.owner.fetchval("SELECT state FROM cru.referral WHERE id = $1", case.id)
        ended = state in {"closed", "declined", "cancelled"}
        if case.left > 0 and self.random.random() < 0.16:
            await self.random.choice((self._amend, self._take_back))(case)
        elif ended:
            return await self._afterwards(case, state) and case.left > 0
        elif state == "received":
            await self._decide(case)
        elif state == "accepted":
            await self._allocate(case)
        else:
            await self._attend(case)
        return True

    async def _decide(self, case: Case) -> None:
        chance = self.random.random()
        if chance < 0.12 and case.left > 0:
            await self._call(case)
        elif chance < 0.17:
            later = self.now + MINUTE * self.random.randint(5, 200)
            await self._set("referral", case.id, hold_until=later, hold_reason="call_back")
        elif chance < 0.23:
            end = self.random.choice(("declined", "cancelled"))
            await self._set("referral", case.id, state=end, end_reason="duplicate")
        elif chance < 0.6:
            answer = self.random.choice(("no", "no", "no", "not known", "yes"))
            await self._screen(case, answer if case.left > 0 else "no")
        elif not await self._set("referral", case.id, state="accepted"):
            await self._screen(case, "no")

    async def _screen(self, case: Case, answer: str) -> None:
        answers = await self.psql.answers(seizure=answer)
        screening = await self._do(
            "INSERT INTO cru.screening (referral_id, tool_version, answers, how)"
            " VALUES ($1, cru.tool_in_force(), $2, $3) RETURNING id",
            case.id,
            json.dumps(answers),
            json.dumps(dict.fromkeys(answers, "asked")),
            value=True,
        )
        if screening and answer == "not known" and self.random.random() < 0.4:
            await self._set(
                "screening",
                screening,
                self.psql.lead,
                override_clinician="Dr Ray",
                override_reason="seen yesterday",
                override_at=self.now,
            )

    async def _call(self, case: Case) -> None:
        chance = self.random
        who = chance.choice(("person", "person", "carer", "nobody"))
        said: dict[str, Any] = {"with_name": "Ottoline"} if who != "nobody" else {"why_not": "no answer"}
        if who == "person" and chance.random() < 0.5:
            said |= {"promised": "a call", "promise_due_at": self.now + MINUTE * chance.randint(5, 300)}
        if who == "person" and chance.random() < 0.3:
            said["agreed_until"] = self.now + MINUTE * chance.randint(5, 300)
        call = await self._row("contact", referral_id=case.id, spoke_with=who, **said)
        if call and "promised" in said and chance.random() < 0.6:
            await self._set("contact", call, promise_outcome=chance.choice(("kept", "not kept")))

    async def _row(self, table: str, **columns: Any) -> Any:
        names, marks = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
        sql = f"INSERT INTO cru.{table} ({names}) VALUES ({marks}) RETURNING id"  # noqa: S608 - ours
        made = await self._do(sql, *columns.values(), value=True)
        if made and table in {"contact", "about_me"}:
            # As the console does: no step goes past words that nobody read.
            await read_words(self.psql, columns["referral_id"])
        return made

    async def _allocate(self, case: Case) -> None:
        if self.random.random() < 0.15 and case.left > 0:
            await self._call(case)
            return
        if self.random.random() < 0.3 and case.left > 0 and not case.wishes:
            wish = self.random.choice(("low light", "no uniforms"))
            made = await self._row("about_me", referral_id=case.id, topic="wish", words=wish, said_by="the person")
            case.wishes += [made] if made else []
        await self._row("assignment", referral_id=case.id, van_id=self.random.choice(self.vans))

    async def _attend(self, case: Case) -> None:
        jobs = await self.psql.owner.fetch(
            "SELECT id, state FROM cru.assignment WHERE referral_id = $1 AND taken_back_at IS NULL"
            " AND state NOT IN ('clear', 'stood down') ORDER BY allocated_at",
            case.id,
        )
        chance = self.random.random()
        if not jobs:
            await self._set("referral", case.id, state="closed", outcome=self.random.choice(("gp", "in_van")))
        elif chance < 0.06 and case.left > 0:
            await self._row("assignment", referral_id=case.id, van_id=self.random.choice(self.vans))
        elif chance < 0.4 and case.left > 0:
            await self._hand_over(case)
        else:
            await self._step(self.random.choice(jobs), case)

    async def _step(self, job: Any, case: Case) -> None:
        place = _STEPS.index(job["state"])
        if place < 5 and case.left > 0 and self.random.random() < 0.08:
            await self._set("assignment", job["id"], state="stood down", stand_down_reason="not_needed")
            return
        further = place + 1 + (self.random.random() < 0.3) + (self.random.random() < 0.15)
        to = _STEPS[min(further, len(_STEPS) - 1)]
        if case.left <= 0:
            to = "on scene" if place < 4 else "clear"
        typed = {f"{to.replace(' ', '_')}_at": self._typed()} if self.random.random() < 0.25 else {}
        source = self.random.choice(("user", "user", "device", "geofence"))
        await self._set("assignment", job["id"], source=source, state=to, **typed)

    async def _hand_over(self, case: Case) -> None:
        links = await self.psql.owner.fetch(
            "SELECT id, state FROM cru.handover WHERE referral_id = $1 AND taken_back_at IS NULL ORDER BY ordinal",
            case.id,
        )
        going = [one for one in links if one["state"] not in {"released", "refused"}]
        if going:
            state = self.random.choice(_NEXT[going[0]["state"]])
            why = {"refusal_reason": "not_safe"} if state == "refused" else {}
            await self._set("handover", going[0]["id"], state=state, **why)
            return
        parties = [(_FROM[case.source], "CRU"), ("EMAS C3", "CRU"), ("CRU", "Berrywood ward")]
        if len(links) < len(parties):
            ordinal = 1 + await self.psql.owner.fetchval(
                "SELECT coalesce(max(ordinal), 0) FROM cru.handover WHERE referral_id = $1", case.id
            )
            giver, taker = parties[len(links)]
            await self._row("handover", referral_id=case.id, ordinal=ordinal, from_party=giver, to_party=taker)

    async def _afterwards(self, case: Case, state: str) -> bool:
        chance, lead = self.random.random(), self.psql.lead
        if chance < 0.1:
            back = {"closed": "accepted"}.get(state, "received")
            await self._set("referral", case.id, lead, "rang again", state=back)
        elif chance < 0.16:
            marked = await self.psql.owner.fetchval(
                "SELECT entered_in_error_at IS NOT NULL FROM cru.referral WHERE id = $1", case.id
            )
            to = {"entered_in_error_at": None} if marked else {"entered_in_error_at": self.now}
            why = "" if marked else "a test"
            await self._set("referral", case.id, lead, "by mistake", **to, entered_in_error_reason=why)
        elif chance < 0.45:
            answer = self.random.choice(("yes", "no", "unknown"))
            name = self.random.choice(("ae_avoided", "police_avoided", "force_used"))
            care = self.random.choice(("needed and done", "needed and not done", "not needed", "unknown"))
            await self._set("referral", case.id, **{name: answer}, ae_care=care)
        elif chance < 0.6:
            due = self.now + MINUTE * self.random.randint(1, 3000)
            made = await self._row("follow_up", referral_id=case.id, due_at=due, what_for="a call")
            if made and self.random.random() < 0.5:
                await self.at(self.now + MINUTE * self.random.randint(1, 40))
                await self._set("follow_up", made, done_at=self.now, outcome="spoken to")
        elif chance < 0.8 and case.wishes:
            kept = self.random.choice(("yes", "partly", "no"))
            said = {"about_id": case.wishes[0], "kept": kept, "said_by": "the person", "words": "as it was"}
            await self._row("wish_kept", referral_id=case.id, **said)
        else:
            return False
        return True

    # --- afterwards, by a lead ---

    async def _amend(self, case: Case) -> None:
        table = self.random.choice(("referral", "assignment", "handover"))
        key = "id" if table == "referral" else "referral_id"
        back = "" if table == "referral" else " AND taken_back_at IS NULL"
        rows = await self.psql.owner.fetch(f"SELECT * FROM cru.{table} WHERE {key} = $1{back}", case.id)  # noqa: S608
        names = {
            "referral": ("received_at", "accepted_at", "closed_at"),
            "assignment": ("allocated_at", "mobile_at", "on_scene_at", "with_patient_at", "clear_at"),
            "handover": ("started_at", "accepted_at", "released_at"),
        }[table]
        known = [(row["id"], name, row[name]) for row in rows for name in names if row[name] is not None]
        if known:
            row, name, was = self.random.choice(known)
            at = was.replace(second=0, microsecond=0) + MINUTE * self.random.randint(-4, 4)
            await self._set(table, row, self.psql.lead, "a slip", **{name: at})

    async def _take_back(self, case: Case) -> None:
        acts = await self.psql.lead.fetch(
            "SELECT act_id FROM cru.acts_of($1) GROUP BY 1"
            " HAVING bool_and(blocked IS NULL AND kind <> 'received') ORDER BY min(event_id)",
            case.id,
        )
        if acts:
            act = self.random.choice(acts)["act_id"]
            await self._do("SELECT cru.take_back($1, 'wrong button')", act, who=self.psql.lead)
