"""What every panel is handed: the mirror, the way in, the clock, slow reads, what is foreseen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from console.live.actions import Actions
from console.live.foresight import Foresight
from console.live.store import Store
from console.running.tasks import Supervisor
from db import alike_queries, fixes, opening, queries
from db.audit.parts import parts_of
from db.audit.tree import TreePart
from db.clock import RecordClock
from db.devices import KnownDevice, known_devices
from db.domain.alike import Likely, Typed
from db.domain.fixes import DoubtfulFix, TrailPoint
from db.domain.foreseen import OwnPast
from db.domain.known import KnownHere
from db.domain.measures import Dot
from db.domain.periods import EVERYTHING, Cut, Period
from db.domain.records import Event, Position, Van
from db.domain.replay import Past
from db.domain.review import ToReview
from db.domain.shift_log import LogEntry
from db.domain.taken_back import PastAct
from db.engine import Engine, transaction
from db.queries import Me
from db.rota_queries import RotaRead, fleet, rota_between
from db.setting_queries import Setting, settings

# Of windows of their own: each loads with its window, and none of it holds up a board.
if TYPE_CHECKING:
    from db.domain.found import FoundLine
    from db.domain.import_columns import Settled
    from db.domain.person_requests import PersonRequest
    from db.domain.raised import RaisedAlarm
    from db.importing import ImportKind, ImportPreview
    from db.lead_page import LeadRead
    from db.list_queries import KeptRow
    from db.lookback import PastStretch
    from db.measures import Measured
    from db.nights import PastNights
    from db.person_queries import PersonRead
    from db.reports.document import Document
    from db.reports.service_report import ServiceRead
    from db.room_queries import HandedOver
    from db.voice_queries import Voices


class Reads:
    """Reads that are too large or too rare for the mirror. Each raises :class:`db.errors.RecordError`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def events_of(self, referral_id: UUID) -> list[Event]:
        """What happened to a referral, oldest first."""
        async with transaction(self._engine) as connection:
            return await queries.events_of(connection, referral_id)

    async def steps_of(self, referrals: Sequence[UUID]) -> dict[UUID, list[Event]]:
        """What happened to several referrals, by referral, oldest first."""
        async with transaction(self._engine) as connection:
            return await queries.steps_of(connection, referrals)

    async def known_here(self, referral_id: UUID) -> KnownHere:
        """What is known of the person of a referral from other ones; what is past is opened before."""
        async with transaction(self._engine) as connection:
            looked_through = await opening.open_known(connection, referral_id)
        async with transaction(self._engine) as connection:
            found = await queries.known_here(connection, referral_id)
        return replace(found, past_left_out=not looked_through)

    async def alike(self, typed: Typed, not_this: UUID | None, now: datetime) -> Likely:
        """Whom something that is being typed may be about, opened before; ``now`` by the record's clock."""
        async with transaction(self._engine) as connection:
            looked_through = await alike_queries.open_alike(connection, typed, not_this)
        async with transaction(self._engine) as connection:
            found = await alike_queries.alike(connection, typed, not_this, now)
        return replace(found, past_left_out=not looked_through)

    async def events_of_van(self, van_id: UUID) -> list[Event]:
        """What a van's crew did lately, newest first."""
        async with transaction(self._engine) as connection:
            return await queries.events_of_van(connection, van_id)

    async def past(self, start: datetime, end: datetime) -> Past:
        """What was on the board between two moments, for replay; that it was opened is put down before."""
        from db.replay import load_past

        async with transaction(self._engine) as connection:
            await opening.open_day(connection, start, end)
        async with transaction(self._engine) as connection:
            return await load_past(connection, start, end)

    async def positions_at(self, moment: datetime) -> list[Position]:
        """Where the map showed the vans at a past moment."""
        from db.replay import positions_at

        async with transaction(self._engine) as connection:
            return await positions_at(connection, moment)

    async def trail(self, van_id: UUID, start: datetime, end: datetime) -> list[TrailPoint]:
        """Where a van was between two moments, oldest first."""
        async with transaction(self._engine) as connection:
            return await fixes.trail(connection, van_id, start, end)

    async def my_last_act(self) -> PastAct | None:
        """The last thing that this login did within a minute and did not take back."""
        async with transaction(self._engine) as connection:
            return await queries.my_last_act(connection)

    async def acts_of(self, referral_id: UUID) -> dict[int, PastAct]:
        """What stands of a referral and was not taken back, by the id of each event."""
        async with transaction(self._engine) as connection:
            return await queries.acts_of(connection, referral_id)

    async def insisted_on(self, since: datetime) -> list[tuple[Event, str]]:
        """What was recorded since a moment although something known spoke against it, newest first; of which."""
        async with transaction(self._engine) as connection:
            return await queries.insisted_on(connection, since)

    async def sealed_parts(self, wanted: Sequence[TreePart]) -> list[bytes | None]:
        """The hashes of parts of the sealed tree; None for one that is not whole."""
        async with transaction(self._engine) as connection:
            return await parts_of(connection, wanted)

    async def measured(self, period: Period, cut: Cut = EVERYTHING, *, groups: bool = False) -> "Measured":
        """Every measure of a period, with the same hours of past weeks. For a shift lead."""
        from db import measures

        async with transaction(self._engine) as connection:
            return await measures.measured(connection, period, cut, groups=groups)

    async def past_stretch(self, start: datetime, end: datetime) -> "PastStretch":
        """The referrals and shifts of a stretch of the past, for the timelines."""
        from db.lookback import past_stretch

        async with transaction(self._engine) as connection:
            return await past_stretch(connection, start, end)

    async def past_lengths(self, now: datetime, *, on_wall: bool = False) -> OwnPast:
        """How long crews waited and visits lasted, of the newest referrals, for predictions."""
        from db.past_lengths import past_lengths

        async with transaction(self._engine) as connection:
            return await past_lengths(connection, now, on_wall=on_wall)

    async def lead_page(self, period: Period, cut: Cut) -> "LeadRead":
        """All that the lead's page shows of a period, its lanes of the last day. For a shift lead."""
        from db.lead_page import LANES_OF, lead_page

        async with transaction(self._engine) as connection:
            return await lead_page(connection, period, cut, LANES_OF)

    async def past_nights(self, periods: Sequence[Period], counted: str) -> "PastNights":
        """Past nights as they can be replayed; an answer counts those of a priority. For a shift lead."""
        from db.nights import past_nights

        async with transaction(self._engine) as connection:
            return await past_nights(connection, periods, counted)

    async def behind(self, key: str, period: Period, cut: Cut) -> list[Dot]:
        """The referrals behind a measure of a period. For a shift lead."""
        from db import measures

        async with transaction(self._engine) as connection:
            return await measures.behind(connection, key, period, cut)

    async def rota(self, start: datetime, end: datetime) -> RotaRead:
        """What is and was planned between two moments, and the shifts that were."""
        async with transaction(self._engine) as connection:
            return await rota_between(connection, start, end)

    async def fleet(self) -> tuple[tuple[Van, bool], ...]:
        """Every van, those in use first, and whether it is."""
        async with transaction(self._engine) as connection:
            return await fleet(connection)

    async def devices(self) -> list[KnownDevice]:
        """Every tracker, by van. For a shift lead."""
        async with transaction(self._engine) as connection:
            return await known_devices(connection)

    async def settings(self) -> list[Setting]:
        """What the program goes by, with its bounds. For a shift lead."""
        async with transaction(self._engine) as connection:
            return await settings(connection)

    async def kept_rows(self, table: str) -> "list[KeptRow]":
        """The rows of a list that is kept (:data:`db.domain.kept_lists.LISTS`). For a shift lead."""
        from db.list_queries import kept_rows

        async with transaction(self._engine) as connection:
            return await kept_rows(connection, table)

    async def preview_import(
        self, kind: "ImportKind", file: Path, settled: "Settled" = MappingProxyType({})
    ) -> "ImportPreview":
        """What a file with a rota or a list of staff would do, as far as it is settled; nothing is changed."""
        from db.importing import preview_rows
        from db.sheet_files import read_sheet

        sheet = await asyncio.to_thread(read_sheet, file)
        async with transaction(self._engine) as connection:
            return await preview_rows(connection, kind, sheet, file.name, settled)

    async def log_since(self, start: datetime) -> list[LogEntry]:
        """The entries of the shift log written since a moment, newest first; what is past is opened before."""
        from db import room_queries

        await opening.list_opened(self._engine, "log", start)
        async with transaction(self._engine) as connection:
            return await room_queries.log_between(connection, start, await queries.now(connection))

    async def find(self, typed: str, older_than: datetime | None = None) -> "list[FoundLine]":
        """The newest lines in which every typed word is found; that somebody looked is put down."""
        from db import finding

        async with transaction(self._engine) as connection:
            search = await finding.look_for(connection, typed, older_than)
        async with transaction(self._engine) as connection:
            return await finding.found_by(connection, search, typed)

    async def old_record(self, referral_id: UUID, made_by: str) -> "Document":
        """Everything that the record holds about a referral, to read; that it was opened is put down before."""
        from db.reports.referral_record import referral_record

        async with transaction(self._engine) as connection:
            await opening.open_record(connection, referral_id)
        async with transaction(self._engine) as connection:
            return await referral_record(connection, referral_id, made_by, await queries.now(connection))

    async def alarms_since(self, start: datetime) -> "list[RaisedAlarm]":
        """The alarms raised since a moment, newest first."""
        from db import alarm_queries

        async with transaction(self._engine) as connection:
            return await alarm_queries.alarms_between(connection, start, await queries.now(connection))

    async def room_handovers(self, start: datetime) -> "list[HandedOver]":
        """How the room was handed over since a moment, newest first; what is past is opened before."""
        from db import room_queries

        await opening.list_opened(self._engine, "handed over", start)
        async with transaction(self._engine) as connection:
            return await room_queries.handovers_since(connection, start)

    async def wall_figures(self, period: Period) -> "Measured":
        """What a viewer may read of the measures of a period, which names nobody."""
        from db import measures

        async with transaction(self._engine) as connection:
            return await measures.on_wall(connection, period)

    async def service(self, period: Period, cut: Cut, *, monthly: bool) -> "ServiceRead":
        """What a report on the service shows; for a shift lead."""
        from db.reports.making import read_service

        look = None
        if monthly and cut == EVERYTHING:
            look = await opening.list_opened(self._engine, "feedback", period.start, period.end)
        async with transaction(self._engine) as connection:
            return await read_service(connection, period, cut, look=look)

    async def referral_called(self, reference: str) -> UUID:
        """The referral of a reference, however long ago it ended."""
        from db.finding import find_referral

        async with transaction(self._engine) as connection:
            return await find_referral(connection, reference)

    async def record_of(self, referral_id: UUID, made_by: str) -> "Document":
        """Everything that the record holds about a referral; that it is given out is put down before."""
        from db.reports.referral_record import referral_record

        async with transaction(self._engine) as connection:
            await opening.open_rows(connection, [referral_id], "record given out")
        async with transaction(self._engine) as connection:
            return await referral_record(connection, referral_id, made_by, await queries.now(connection))

    async def person(
        self, referral_id: UUID, made_by: str, looked: frozenset[UUID]
    ) -> "tuple[PersonRead, Document]":
        """A person by one of their referrals, and all that is held; looks are put down, but for ``looked``."""
        from db import person_queries
        from db.reports.person_record import person_record

        async with transaction(self._engine) as connection:
            await person_queries.open_person(connection, referral_id, "person record")
        async with transaction(self._engine) as connection:
            theirs = await person_queries.ids_of_person(connection, referral_id)
            await person_queries.note_looked(connection, [one for one in theirs if one not in looked])
        async with transaction(self._engine) as connection:
            return await person_record(connection, referral_id, made_by)

    async def open_person(self, referral_id: UUID) -> None:
        """Open all that is a person's, to be given out: what is put down of it is put down of each referral."""
        from db import person_queries

        async with transaction(self._engine) as connection:
            await person_queries.open_person(connection, referral_id, "person record given out")

    async def person_record(self, referral_id: UUID, made_by: str) -> "Document":
        """Everything that the record holds about a person; it was opened before, which is put down."""
        from db.reports.person_record import person_record

        async with transaction(self._engine) as connection:
            return (await person_record(connection, referral_id, made_by))[1]

    async def open_requests(self) -> "tuple[PersonRequest, ...]":
        """What was asked about anybody's record and waits for an answer, oldest first."""
        from db import person_queries

        async with transaction(self._engine) as connection:
            return await person_queries.open_requests(connection)

    async def to_review(self, start: datetime) -> list[ToReview]:
        """What a shift lead has to look at of what was since a moment, what is open first."""
        from db import review_queries

        look = await opening.list_opened(self._engine, "review", start)
        async with transaction(self._engine) as connection:
            return await review_queries.to_review(connection, look)

    async def voices(self, start: datetime) -> "Voices":
        """What people said since a moment, and what became of it."""
        from db import voice_queries

        look = await opening.list_opened(self._engine, "feedback", start)
        async with transaction(self._engine) as connection:
            return await voice_queries.voices(connection, look, start, await queries.now(connection))

    async def doubtful_fixes(self, since: datetime) -> list[DoubtfulFix]:
        """Fixes since a moment that were refused or doubted, newest first."""
        async with transaction(self._engine) as connection:
            return await fixes.doubtful_fixes(connection, since)


@dataclass(frozen=True, slots=True)
class Desk:
    """One signed-in workplace."""

    store: Store
    actions: Actions
    clock: RecordClock
    me: Me
    reads: Reads
    supervisor: Supervisor = field(default_factory=Supervisor)
    foresight: Foresight = field(default_factory=Foresight)
    console: UUID = field(default_factory=uuid4)
    """Which console this is, for as long as somebody is signed in."""
