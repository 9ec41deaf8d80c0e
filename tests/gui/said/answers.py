"""Reads that are answered at once from what is written by hand."""

# ruff: noqa: ARG002 - whatever is asked for, the answer is the same

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from inspect import iscoroutinefunction
from typing import Any
from uuid import UUID

from console.live.desk import Reads
from db.devices import KnownDevice
from db.domain.alike import Likely, Typed
from db.domain.fixes import DoubtfulFix, TrailPoint
from db.domain.foreseen import OwnPast
from db.domain.found import FoundLine
from db.domain.known import KnownHere
from db.domain.measures import Dot
from db.domain.periods import EVERYTHING, Cut, Period
from db.domain.person_requests import PersonRequest
from db.domain.raised import RaisedAlarm
from db.domain.records import Event, Position, Van
from db.domain.replay import Past
from db.domain.review import ToReview
from db.domain.shift_log import LogEntry
from db.domain.states import DutyStatus
from db.domain.taken_back import PastAct
from db.errors import Unavailable
from db.lead_page import LeadRead
from db.list_queries import KeptRow
from db.lookback import PastStretch
from db.measures import Measured
from db.nights import PastNights
from db.person_queries import PersonRead
from db.reports.document import Document
from db.room_queries import HandedOver
from db.rota_queries import RotaRead
from db.setting_queries import Setting
from db.voice_queries import Voices
from tests.gui.said import later, planned, story
from tests.gui.said.reference import id_of
from tests.gui.said.rows import rows
from tests.unit.board_records import ago


async def _unanswered(*_asked: object, **_more: object) -> None:
    raise Unavailable("No answer came.", "Try again.")


class Answers(Reads):
    """What a view may ask for, with the same answer each time."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type] # nothing is asked of a record
        self.is_silent = False

    def __getattribute__(self, name: str) -> Any:
        """What is read, or a read that finds no record, whatever it asks for."""
        found = super().__getattribute__(name)
        return _unanswered if iscoroutinefunction(found) and self.is_silent else found

    async def events_of(self, referral_id: UUID) -> list[Event]:
        return story.events_of(referral_id)

    async def steps_of(self, referrals: Sequence[UUID]) -> dict[UUID, list[Event]]:
        return {one: story.events_of(one) for one in referrals}

    async def known_here(self, referral_id: UUID) -> KnownHere:
        return story.known_here(referral_id)

    async def alike(self, typed: Typed, not_this: UUID | None, now: datetime) -> Likely:
        return story.likely() if typed.says_anything else Likely()

    async def events_of_van(self, van_id: UUID) -> list[Event]:
        return [one for one in story.EVENTS if one.van_id == van_id]

    async def positions_at(self, moment: datetime) -> list[Position]:
        return []

    async def trail(self, van_id: UUID, start: datetime, end: datetime) -> list[TrailPoint]:
        return [TrailPoint(ago(9 - at), 52.2 + at / 100, -0.9) for at in range(9)]

    async def my_last_act(self) -> PastAct | None:
        return next(iter(story.acts_of(id_of("on_way")).values()))

    async def acts_of(self, referral_id: UUID) -> dict[int, PastAct]:
        return story.acts_of(referral_id)

    async def insisted_on(self, since: datetime) -> list[tuple[Event, str]]:
        return [(one, "CRU-20261122-0046") for one in story.EVENTS if one.insisted]

    async def doubtful_fixes(self, since: datetime) -> list[DoubtfulFix]:
        return [
            DoubtfulFix("CRU1", ago(8), ago(7), shown=True, reason="too fast", source="device"),
            DoubtfulFix("CRU2", ago(600), ago(2), shown=False, reason="older", source="app", aside=True),
        ]

    # --- what windows of their own ask for ---

    async def log_since(self, start: datetime) -> list[LogEntry]:
        return later.log()

    async def find(self, typed: str, older_than: datetime | None = None) -> list[FoundLine]:
        return [] if older_than is not None or "nobody" in typed else later.found()

    async def old_record(self, referral_id: UUID, made_by: str) -> Document:
        return later.document()

    async def record_of(self, referral_id: UUID, made_by: str) -> Document:
        return later.document()

    async def alarms_since(self, start: datetime) -> list[RaisedAlarm]:
        return later.past_alarms()

    async def room_handovers(self, start: datetime) -> list[HandedOver]:
        return later.handed_over()

    async def to_review(self, start: datetime) -> list[ToReview]:
        return later.to_review()

    async def voices(self, start: datetime) -> Voices:
        return later.voices()

    async def open_requests(self) -> tuple[PersonRequest, ...]:
        return later.requests()

    async def person(
        self, referral_id: UUID, made_by: str, looked: frozenset[UUID]
    ) -> tuple[PersonRead, Document]:
        return later.person(), later.document()

    async def measured(self, period: Period, cut: Cut = EVERYTHING, *, groups: bool = False) -> Measured:
        return later.measured(period, cut)

    async def wall_figures(self, period: Period) -> Measured:
        return later.measured(period, EVERYTHING)

    async def lead_page(self, period: Period, cut: Cut) -> LeadRead:
        return later.lead(period, cut)

    async def behind(self, key: str, period: Period, cut: Cut) -> list[Dot]:
        return later.dots()

    async def past_nights(self, periods: Sequence[Period], counted: str) -> PastNights:
        return PastNights((), (), ())

    async def past_lengths(self, now: datetime, *, on_wall: bool = False) -> OwnPast:
        return OwnPast()

    async def past_stretch(self, start: datetime, end: datetime) -> PastStretch:
        return planned.past_stretch(start, end)

    async def rota(self, start: datetime, end: datetime) -> RotaRead:
        return planned.rota()

    async def devices(self) -> list[KnownDevice]:
        return planned.devices()

    async def settings(self) -> list[Setting]:
        return planned.settings()

    async def kept_rows(self, table: str) -> list[KeptRow]:
        return planned.kept_rows(table)

    async def past(self, start: datetime, end: datetime) -> Past:
        known = rows()
        vans = [replace(one, duty_status=DutyStatus.AVAILABLE) for one in known["van"] if isinstance(one, Van)]
        tables = ("referral", "screening", "assignment", "handover")
        return Past(start, end, *(known[name] for name in tables), vans, known["shift"], story.EVENTS)

    async def fleet(self) -> tuple[tuple[Van, bool], ...]:
        return tuple((one, one.callsign != "CRU6") for one in rows()["van"] if isinstance(one, Van))
