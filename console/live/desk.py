"""What every panel is handed: the mirror, the way in, the clock, who is signed in, slow reads, the supervisor."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from console.live.actions import Actions
from console.live.store import Store
from console.running.tasks import Supervisor
from db import fixes, measures, queries
from db.clock import RecordClock
from db.devices import KnownDevice, known_devices
from db.domain.fixes import DoubtfulFix, TrailPoint
from db.domain.known import KnownHere
from db.domain.measures import Dot
from db.domain.periods import EVERYTHING, Cut, Period
from db.domain.records import Event, Position, Van
from db.domain.replay import Past
from db.domain.taken_back import PastAct
from db.engine import transaction
from db.importing import ImportKind, ImportPreview, preview_rows
from db.lead_page import LeadRead, lead_page
from db.measures import Measured
from db.queries import Me
from db.replay import load_past, positions_at
from db.rota_queries import RotaRead, fleet, rota_between
from db.setting_queries import Setting, settings
from db.sheet_files import read_sheet


class Reads:
    """Reads that are too large or too rare for the mirror. Each raises :class:`db.errors.RecordError`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def events_of(self, referral_id: UUID) -> list[Event]:
        """What happened to a referral, oldest first."""
        async with transaction(self._engine) as connection:
            return await queries.events_of(connection, referral_id)

    async def known_here(self, referral_id: UUID) -> KnownHere:
        """What is known of the person of a referral from other ones."""
        async with transaction(self._engine) as connection:
            return await queries.known_here(connection, referral_id)

    async def events_of_van(self, van_id: UUID) -> list[Event]:
        """What a van's crew did lately, newest first."""
        async with transaction(self._engine) as connection:
            return await queries.events_of_van(connection, van_id)

    async def past(self, start: datetime, end: datetime) -> Past:
        """What was on the board between two moments, for replay."""
        async with transaction(self._engine) as connection:
            return await load_past(connection, start, end)

    async def positions_at(self, moment: datetime) -> list[Position]:
        """Where the map showed the vans at a past moment."""
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

    async def insisted_on(self, since: datetime) -> list[Event]:
        """What was recorded since a moment although something known spoke against it, newest first."""
        async with transaction(self._engine) as connection:
            return await queries.insisted_on(connection, since)

    async def measured(self, period: Period, cut: Cut = EVERYTHING, *, groups: bool = False) -> Measured:
        """Every measure of a period, with the same hours of past weeks. For a shift lead."""
        async with transaction(self._engine) as connection:
            return await measures.measured(connection, period, cut, groups=groups)

    async def lead_page(self, period: Period, cut: Cut) -> LeadRead:
        """All that the lead's page shows of a period. For a shift lead."""
        async with transaction(self._engine) as connection:
            return await lead_page(connection, period, cut)

    async def behind(self, key: str, period: Period, cut: Cut) -> list[Dot]:
        """The referrals behind a measure of a period. For a shift lead."""
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

    async def preview_import(self, kind: ImportKind, file: Path) -> ImportPreview:
        """What a file with a rota or a list of staff would do; nothing is changed."""
        sheet = await asyncio.to_thread(read_sheet, file)
        async with transaction(self._engine) as connection:
            return await preview_rows(connection, kind, sheet, file.name)

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
