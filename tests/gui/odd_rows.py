"""Rows that have the right types and make no sense: any time, number and text that a record can hold."""

import math
import random
import string
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

from db.domain.about import AboutItem, Said
from db.domain.care import Contact, FollowUp, HowItEnded, LateLink, Telling
from db.domain.cautions import Flag
from db.domain.clocks import EARLIEST, LATEST
from db.domain.party import Party
from db.domain.read_back import Booking, ReadBack
from db.domain.records import (
    ApproachPlan,
    Assignment,
    Handover,
    Location,
    Patient,
    Position,
    Record,
    Referral,
    Screening,
    Shift,
    Van,
    YesNo,
)
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState

T = TypeVar("T")
SECRET = "Wilhelmina Featherstonehaugh"
_EDGE = timedelta(microseconds=1)
_TEXTS = (
    "",
    " ",
    "\x00\x07\x1b[31m\r\n\t\x7f",
    "שלום עולם " * 40,
    "\u202eright to left\u202c \u2066isolated",
    "👩🏽‍🚒🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 30,
    "Z̷̢̛a̵̧̛l̴̨̛g̶o̷" * 30,
    "<b>&amp;</b><img src=x onerror=alert(1)><script>",
    "%s %(x)d {0} {name!r} {{",
    "\ufeff\u2028\u2029\u0085line\vbreaks\f",
    "𒐫" * 200 + "﷽" * 200,
    SECRET,
    SECRET * 3,
    "x" * 20_000,
    "one word " * 3_000,
    "\ud800 half a pair",
    "-",
    "CRU-",
    "EMAS",
)
_NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, -0.0, 0.0, 90.0, -180.0, 91.0, 360.0, 2.0**63)


class Odd:
    """A source of odd rows; the same seed gives the same ones."""

    def __init__(self, seed: int, now: datetime, words: Sequence[str]) -> None:
        """Make the source.

        Args:
            seed: of chance.
            now: a moment near which some of the times are.
            words: codes that the record knows, mixed in with those that it does not.
        """
        self._dice = random.Random(seed)
        self._now = now
        self._words = (*words, *_TEXTS)

    def one(self, *choices: T) -> T:
        return self._dice.choice(choices)

    def id(self) -> UUID:
        return UUID(int=self._dice.getrandbits(128), version=4)

    def text(self) -> str:
        return self.one(*self._words, "".join(self._dice.choices(string.printable, k=self._dice.randrange(40))))

    def number(self) -> float:
        return self.one(*_NUMBERS, self._dice.uniform(-200, 200))

    def maybe(self, made: T) -> T | None:
        return self.one(made, None)

    def time(self) -> datetime:
        near = self._now + timedelta(seconds=self._dice.randrange(-200_000, 200_000))
        far = EARLIEST + (LATEST - EARLIEST) * self._dice.random()
        edge = self.one(EARLIEST, EARLIEST + _EDGE, LATEST, LATEST - _EDGE, EARLIEST + timedelta(days=1))
        elsewhere = near.astimezone(timezone(timedelta(hours=self._dice.randrange(-23, 24))))
        # What the driver makes of an infinite time has no zone.
        without = self.one(EARLIEST, LATEST, near).replace(tzinfo=None)
        if self._dice.random() < 0.03:
            return without
        return self.one(near, near, near, far, edge, elsewhere, datetime(1970, 1, 1, tzinfo=UTC))

    def times(self, names: Sequence[Any]) -> dict[Any, datetime]:
        return {name: self.time() for name in names if self._dice.random() < 0.5}

    def day(self) -> date:
        return self.one(date.min, date.max, date(1970, 1, 1), date(2000, 2, 29))

    # --- rows ---

    def location(self) -> Location:
        return Location(
            self.text(), self.text(), self.maybe(self.number()), self.maybe(self.number()), self.text()
        )

    def plan(self) -> ApproachPlan:
        wishes = tuple(self.text() for _ in range(self._dice.randrange(4)))
        return ApproachPlan(wishes, *(self.text() for _ in range(7)))

    def referral(self) -> Referral:
        # The record keeps references apart, whatever stands in them.
        reference = f"{self.text()[:200]}{self.one('CRU-20261122-', '-', '')}{self._dice.getrandbits(48)}"
        names = ("call_connected", "sent", "acknowledged", "screened", "accepted", "closed", "ems_on_scene")
        received = {"received": self.time()} if self._dice.random() < 0.85 else {}
        return Referral(
            id=self.id(),
            version=self.one(0, 1, -5, 2**62),
            reference=reference,
            source=self.text(),
            state=self.one(*ReferralState),
            priority=self.text(),
            triage_scale=self.text(),
            location=self.location(),
            times=received | self.times(names),
            caller=self.text(),
            call_back=self.text(),
            ems_incident=self.text(),
            ems_callsign=self.text(),
            waiting_party=self.text(),
            patient=Patient(self.maybe(self.text()), self.maybe(self.day()), self.maybe(self.text())),
            narrative=self.text(),
            plan=self.plan(),
            legal_status=self.text(),
            police=self.text(),
            hold_until=self.maybe(self.time()),
            hold_reason=self.text(),
            entered_in_error_at=self.one(None, None, None, self.time()),
            entered_in_error_reason=self.text(),
            end_reason=self.text(),
            outcome=self.text(),
            ae_avoided=self.maybe(self.one(*YesNo)),
        )

    def screening(self, referral_id: UUID) -> Screening:
        answers = {self.text(): self.text() for _ in range(self._dice.randrange(5))}
        return Screening(
            id=self.id(),
            version=1,
            referral_id=referral_id,
            tool_version=self.one(0, 1, 2**31 - 1, -1),
            answers=answers,
            note=self.text(),
            completed_at=self.time(),
            completed_by=self.text(),
            override_clinician=self.text(),
            override_reason=self.text(),
            override_at=self.maybe(self.time()),
        )

    def assignment(self, referral_id: UUID, van_id: UUID) -> Assignment:
        state = self.one(*AssignmentState)
        return Assignment(
            self.id(), 1, referral_id, van_id, state, self.times([*AssignmentState]), self.text(), self.text()
        )

    def handover(self, referral_id: UUID) -> Handover:
        ordinal = self.one(0, 1, 2, -(2**31), 2**31 - 1)
        return Handover(
            self.id(),
            1,
            referral_id,
            ordinal,
            self.one("EMAS A1187", "CRU", "Police", self.text()),
            self.one(*Party),
            self.one("CRU", self.text()),
            self.one(*Party),
            self.one(*HandoverState),
            self.times([*HandoverState]),
            self.text(),
        )

    def van(self) -> Van:
        return Van(
            id=self.id(),
            version=1,
            callsign=f"{self.text()[:200]}{self._dice.getrandbits(32)}",
            registration=self.text(),
            base=self.text(),
            livery=self.text(),
            seats=self.one(0, -1, 2**31 - 1),
            equipment=tuple(self.text() for _ in range(self._dice.randrange(3))),
            duty_status=self.one(*DutyStatus),
            duty_reason=self.text(),
            duty_since=self.time(),
            emergency_at=self.one(None, None, self.time()),
        )

    def shift(self, van_id: UUID, staff: Sequence[UUID]) -> Shift:
        riding = tuple(self._dice.choices([*staff, self.id()], k=self._dice.randrange(4)))
        meal, until, ended = self.maybe(self.time()), self.maybe(self.time()), self.one(None, None, self.time())
        return Shift(self.id(), 1, van_id, riding, self.time(), self.time(), meal, until, ended)

    def position(self, van_id: UUID) -> Position:
        lat, lon = self.one((self.number(), self.number()), (52.24, -0.9), (52.24, math.nan))
        accuracy, speed, heading = (self.maybe(self.number()) for _ in range(3))
        return Position(van_id, 1, self.time(), self.time(), lat, lon, accuracy, speed, heading, self.text())

    def item(self, referral_id: UUID) -> AboutItem:
        topic = self.one("language", "safer_with", "wish", "interpreter", "mobility", "call_me", self.text())
        said = Said(topic, self.one("", "eng", "woman", "yes", self.text()), self.text(), self.text())
        return AboutItem(self.id(), 1, referral_id, said, self.text(), self.time(), self.maybe(self.id()))

    def flag(self, referral_id: UUID) -> Flag:
        kind, subject = self.one("what helps", "pets", self.text()), self.one("person", "address", self.text())
        end, put = self.time(), self.time()
        return Flag(self.id(), 1, self.id(), subject, kind, self.text(), end, self.text(), put, (referral_id,))

    def read_back(self, referral_id: UUID, job: UUID) -> ReadBack:
        return ReadBack(
            self.id(), referral_id, job, self.text(), self.text(), self.text(), self.text(), self.time()
        )

    def booking(self, referral_id: UUID) -> Booking:
        for_at = self.maybe(self.time())
        return Booking(
            self.id(), referral_id, self.text(), self.text(), self.text(), for_at, self.text(), self.time()
        )

    def contact(self, referral_id: UUID) -> Contact:
        return Contact(
            self.id(),
            1,
            referral_id,
            self.one("waiting", "hold", "cancel"),
            self.maybe(self.time()),
            self.time(),
            self.text(),
            self.one("person", "carer", "other", "nobody"),
            self.text(),
            self.one("phone", "text"),
            self.text(),
            self.text(),
            self.maybe(self.time()),
            self.text(),
            self.maybe(self.time()),
            self.one("", "kept", "not kept"),
            self.text(),
        )

    def ending(self, referral_id: UUID) -> HowItEnded:
        told = (Telling(self.text(), self.maybe(self.time()), self.text()) for _ in range(3))
        holder = self.one(None, Party.EMS, Party.OTHER, Party.DESTINATION)
        named = (holder, self.text(), self.text(), self.maybe(self.time()))
        return HowItEnded(self.id(), 1, referral_id, "closed", self.text(), self.time(), *named, *told)

    def follow_up(self, referral_id: UUID) -> FollowUp:
        done = (self.maybe(self.time()), self.text(), self.text())
        return FollowUp(self.id(), 1, referral_id, self.time(), self.text(), self.time(), self.text(), *done)

    def late_link(self, referral_id: UUID) -> LateLink:
        when = (self.maybe(self.time()), self.time())
        return LateLink(self.id(), 1, referral_id, "ems", self.text(), self.text(), *when, self.text())

    def rows(self, staff: Sequence[UUID], known_vans: Sequence[UUID]) -> Mapping[str, list[Record]]:
        """Twelve referrals and five vans with everything that hangs on them; some of it on a good van."""
        referrals, vans = [self.referral() for _ in range(12)], [self.van() for _ in range(5)]
        van_ids = [van.id for van in vans]
        some = [(row.id, self.one(*van_ids, *known_vans, self.id())) for row in referrals for _ in range(2)]
        jobs = [self.assignment(*pair) for pair in some if self._dice.random() < 0.7]
        return {
            "about_me": [self.item(row.id) for row in referrals for _ in range(self._dice.randrange(4))],
            "flag": [self.flag(row.id) for row in referrals if self._dice.random() < 0.5],
            "read_back": [self.read_back(job.referral_id, job.id) for job in jobs if self._dice.random() < 0.5],
            "interpreter": [self.booking(row.id) for row in referrals if self._dice.random() < 0.3],
            "referral": [*referrals],
            "van": [*vans],
            "screening": [self.screening(row.id) for row in referrals if self._dice.random() < 0.7],
            "assignment": [*jobs],
            "handover": [self.handover(row.id) for row in referrals for _ in range(self._dice.randrange(4))],
            "shift": [self.shift(key, staff) for key in van_ids],
            "position": [self.position(key) for key in van_ids if self._dice.random() < 0.8],
            "contact": [self.contact(row.id) for row in referrals for _ in range(self._dice.randrange(4))],
            "ending": [self.ending(row.id) for row in referrals if self._dice.random() < 0.6],
            "follow_up": [self.follow_up(row.id) for row in referrals if self._dice.random() < 0.6],
            "late_link": [self.late_link(row.id) for row in referrals if self._dice.random() < 0.4],
        }
