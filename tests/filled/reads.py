"""Every read of the program once, as whoever may ask it, on a filled record."""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import db
from db import (
    alarm_queries,
    alike_queries,
    backup_queries,
    baselines,
    care_queries,
    devices,
    finding,
    fixes,
    follow,
    importing,
    lead_page,
    life,
    list_queries,
    listed,
    lookback,
    measures,
    migrate,
    mirror,
    names_of,
    neighbourhoods,
    nights,
    opening,
    past_lengths,
    person_queries,
    pooler,
    presence,
    queries,
    raising,
    replay,
    replay_person,
    replicated,
    review_queries,
    room_queries,
    rota_queries,
    setting_queries,
    tools,
    van_days,
    voice_queries,
)
from db.domain.alike import Typed
from db.domain.kept_lists import LISTS
from db.domain.periods import Cut, Period
from db.domain.roles import Role
from db.raising import ToldAlarm
from db.reports import making, person_record, referral_record, voices_page
from tests.filled.commands import LEAD, OWNER, SHAH

WALL, GATEWAY = "w.wall", "g.gateway"
Read = Callable[[AsyncConnection, "Asked"], Awaitable[object]]
_APART: Final = (
    "db.migrations",
    "db.commands",
    "db.admin",
    "db.exercise",
    "db.gateway",
    "db.server",
    "db.geo",
    "db.verifier",
    "db.audit",
)
"""Rooms whose functions are no reads of a console: commands are tried by themselves, the owner's tools may read
everything, and the practice shift and the gateway ask what is named here."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What is asked about.

    Attributes:
        then: a moment five hundred days ago.
        ended: a referral of long ago; ``open`` one that is on the board; ``van`` one that has been out for years.
    """

    now: datetime
    ended: UUID
    open: UUID
    van: UUID
    folder: Path

    @property
    def then(self) -> datetime:
        """A moment five hundred days ago."""
        return self.now - 500 * _DAY

    @property
    def night(self) -> tuple[datetime, datetime]:
        """Twelve hours of then."""
        return self.then, self.then + _DAY / 2

    @property
    def lately(self) -> tuple[datetime, datetime]:
        """The last day, until now."""
        return self.now - _DAY, self.now

    @property
    def month(self) -> Period:
        """Twenty-eight days, until now."""
        return Period.days(28, self.now)


def public_reads() -> set[str]:
    """Every function of the record's that is handed a connection, by the module and its name."""
    found = set()
    for module in walk_packages(db.__path__, "db."):
        if module.name.startswith(_APART):
            continue
        for name, one in vars(import_module(module.name)).items():
            mine = inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one)
            if mine and not name.startswith("_") and one.__module__ == module.name:
                first = next(iter(inspect.signature(one).parameters), "")
                found |= {f"{module.name}.{name}"} if first == "connection" else set()
    return found


async def _raw(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


async def _imported(connection: AsyncConnection, asked: Asked) -> object:
    file = asked.folder / "rota.csv"
    day = asked.now + 9 * _DAY
    file.write_text(f"van,date,start,end,crew,note\nCRU5,{day:%d/%m/%Y},07:00,19:00,,\n", "utf-8")
    return await importing.preview_import(connection, "rota", file)


async def _lists(connection: AsyncConnection, _asked: Asked) -> object:
    return [await list_queries.kept_rows(connection, table) for table in LISTS]


async def _known_then(connection: AsyncConnection, asked: Asked) -> object:
    return await replay_person.load_known(connection, [asked.ended], *asked.night)


async def _between(connection: AsyncConnection, _asked: Asked) -> object:
    return await pooler.stands_between(await _raw(connection))


async def _all_live(connection: AsyncConnection, _asked: Asked) -> object:
    return await mirror.whole(await _raw(connection), Role.SHIFT_LEAD)


async def _wall_live(connection: AsyncConnection, _asked: Asked) -> object:
    return await mirror.whole(await _raw(connection), Role.VIEWER)


async def _rows(connection: AsyncConnection, asked: Asked) -> object:
    """Those of every table that changed, of a referral that came onto the board anew; and all of some tables."""
    changed = {name: {asked.open, asked.ended} for name in mirror.mirrored(Role.SHIFT_LEAD)}
    raw = await _raw(connection)
    await mirror.rows_of(raw, Role.SHIFT_LEAD, changed)
    return await mirror.rows_of(raw, Role.SHIFT_LEAD, {"position": None})


async def _here(connection: AsyncConnection, asked: Asked) -> object:
    return await presence.be_present(await _raw(connection), uuid4(), asked.open, typing=True)


async def _beat(connection: AsyncConnection, _asked: Asked) -> object:
    raw = await _raw(connection)
    # One beat in a hundred, by lot, looks through the changes of an hour for older ones. This is none of those.
    await raw.execute("SELECT setseed(0.5)")
    await raw.fetchrow(follow._BEAT)
    return await raw.fetch(follow._CHANGES, 10**9, [])


async def _report(connection: AsyncConnection, asked: Asked) -> object:
    await opening.open_record(connection, asked.ended)
    await connection.commit()
    return await referral_record.referral_record(connection, asked.ended, "L. Lead", asked.now)


async def _reviewed(connection: AsyncConnection, start: datetime, end: datetime) -> object:
    look = await opening.open_list(connection, "review", start, end)
    await connection.commit()
    return await review_queries.to_review(connection, look)


async def _feedback(connection: AsyncConnection, start: datetime, end: datetime) -> int:
    look = await opening.open_list(connection, "feedback", start, end)
    await connection.commit()
    return look


async def _said(connection: AsyncConnection, asked: Asked) -> object:
    return await voice_queries.voices(connection, await _feedback(connection, *asked.lately), *asked.lately)


async def _heard(connection: AsyncConnection, asked: Asked) -> object:
    look = await _feedback(connection, asked.month.start, asked.month.end)
    return await voices_page.heard(connection, look, asked.month)


async def _monthly(connection: AsyncConnection, asked: Asked) -> object:
    look = await _feedback(connection, asked.month.start, asked.month.end)
    return await making.read_service(connection, asked.month, look=look)


async def _replayed(connection: AsyncConnection, asked: Asked) -> object:
    await opening.open_day(connection, *asked.night)
    await connection.commit()
    return await replay.load_past(connection, *asked.night)


async def _of_person(connection: AsyncConnection, asked: Asked) -> object:
    await person_queries.open_person(connection, asked.ended, "person record")
    await connection.commit()
    return await person_record.person_record(connection, asked.ended, "L. Lead")


async def _alike(connection: AsyncConnection, asked: Asked, typed: Typed) -> object:
    await alike_queries.open_alike(connection, typed, None)
    await connection.commit()
    return await alike_queries.alike(connection, typed, None, asked.now)


async def _known_here(connection: AsyncConnection, asked: Asked) -> object:
    await opening.open_known(connection, asked.open)
    await connection.commit()
    return await queries.known_here(connection, asked.open)


async def _logged(connection: AsyncConnection, asked: Asked) -> object:
    await opening.open_list(connection, "log", *asked.night)
    await connection.commit()
    return await room_queries.log_between(connection, *asked.night)


async def _handed_over(connection: AsyncConnection, asked: Asked) -> object:
    await opening.open_list(connection, "handed over", asked.now - _DAY)
    await connection.commit()
    return await room_queries.handovers_since(connection, asked.now - _DAY)


async def _found(connection: AsyncConnection, _asked: Asked) -> object:
    search = await finding.look_for(connection, "zoe quill")
    await connection.commit()
    return await finding.found_by(connection, search, "zoe quill")


async def _reference_of(connection: AsyncConnection, asked: Asked) -> object:
    known = await connection.scalar(
        text("SELECT reference FROM cru.referral_times WHERE id = :id"), {"id": asked.ended}
    )
    return await finding.find_referral(connection, str(known).lower())


def _fixes(asked: Asked) -> str:
    one = {"van_id": str(asked.van), "fixed_at": asked.now.isoformat(), "lat": 52.2, "lon": -0.9}
    return json.dumps([one, one | {"refused": "jumped"}])


async def _recorded(connection: AsyncConnection, asked: Asked) -> object:
    return await connection.execute(text("SELECT cru.record_fixes(CAST(:some AS jsonb))"), {"some": _fixes(asked)})


async def _pressed(connection: AsyncConnection, asked: Asked) -> object:
    return await connection.execute(text("SELECT cru.raise_emergency(:van, NULL)"), {"van": asked.van})


_TYPED: Final = Typed(
    "9434765919", "Zoe Quill", date(1970, 1, 1), "01604 900000", "E7", "NN1 1HH", "1 Hostel Row", 52.24, -0.89
)
_OF_MANY: Final = Typed(name="Ada Loft", born=date(1970, 1, 1))
_ALARM: Final = ToldAlarm("bench", "late", "has waited for long", datetime.fromisoformat("2026-11-01T00:00Z"))
_TENTHS: Final = neighbourhoods.Neighbourhoods({"NN11AA": 3}, ())
_CUT: Final = Cut(frozenset({"P1"}), areas=frozenset({"Corby"}))

READS: Final[Mapping[str, tuple[str, Read]]] = {
    "db.alarm_queries.alarms_between": (SHAH, lambda c, q: alarm_queries.alarms_between(c, *q.night)),
    "db.alike_queries.alike": (SHAH, lambda c, q: _alike(c, q, _TYPED)),
    "db.alike_queries.open_alike": (SHAH, lambda c, _: alike_queries.open_alike(c, _OF_MANY, None)),
    "db.backup_queries.sealed": (SHAH, lambda c, _: backup_queries.sealed(c)),
    "db.life.identity": (SHAH, lambda c, _: life.identity(c)),
    "db.replicated.answers_for_what_it_read": (SHAH, lambda c, _: replicated.answers_for_what_it_read(c)),
    "db.backup_queries.backups_made": (SHAH, lambda c, _: backup_queries.backups_made(c)),
    "db.backup_queries.write_backup": (
        OWNER,
        lambda c, q: backup_queries.write_backup(c, "backup", worked=True, of_at=q.now, rows=9, took=1.5),
    ),
    "db.baselines.baselines": (LEAD, lambda c, _: baselines.baselines(c)),
    "db.care_queries.of_care": (SHAH, lambda c, _: care_queries.of_care(c, desk=True)),
    "db.devices.known_devices": (LEAD, lambda c, _: devices.known_devices(c)),
    "db.devices.stays_of": (LEAD, lambda c, _: devices.stays_of(c, "t-10")),
    "db.finding.find_referral": (LEAD, _reference_of),
    "db.finding.found_by": (SHAH, _found),
    "db.finding.look_for": (SHAH, lambda c, _: finding.look_for(c, "zoe quill")),
    "db.fixes.trail": (SHAH, lambda c, q: fixes.trail(c, q.van, *q.night)),
    "db.fixes.doubtful_fixes": (SHAH, lambda c, q: fixes.doubtful_fixes(c, q.now - _DAY)),
    "db.importing.preview_import": (LEAD, _imported),
    "db.importing.preview_rows": (LEAD, _imported),
    "db.lead_page.lead_page": (LEAD, lambda c, q: lead_page.lead_page(c, q.month, _CUT, _DAY)),
    "db.list_queries.kept_rows": (LEAD, _lists),
    "db.lookback.past_stretch": (SHAH, lambda c, q: lookback.past_stretch(c, *q.night)),
    "db.measures.areas": (LEAD, lambda c, _: measures.areas(c)),
    "db.measures.before": (LEAD, lambda c, q: measures.before(c, ["response"], q.month.past(3))),
    "db.measures.began": (LEAD, lambda c, _: measures.began(c)),
    "db.measures.behind": (LEAD, lambda c, q: measures.behind(c, "response", q.month)),
    "db.measures.by_hour": (LEAD, lambda c, q: measures.by_hour(c, q.month)),
    "db.measures.definitions": (LEAD, lambda c, _: measures.definitions(c)),
    "db.measures.ends": (LEAD, lambda c, q: measures.ends(c, q.month)),
    "db.measures.measured": (LEAD, lambda c, q: measures.measured(c, q.month, groups=True)),
    "db.measures.on_wall": (WALL, lambda c, q: measures.on_wall(c, Period.tonight(q.now))),
    "db.measures.received": (LEAD, lambda c, q: measures.received(c, q.month)),
    "db.measures.wishes": (LEAD, lambda c, q: measures.wishes(c, q.month)),
    "db.migrate.require_current": (SHAH, lambda c, _: migrate.require_current(c)),
    "db.migrate.require_served": (SHAH, lambda c, _: migrate.require_served(c)),
    "db.mirror.rows_of": (LEAD, _rows),
    "db.listed.listed": (LEAD, lambda c, _: listed.listed(c, "rule", "WHERE active")),
    "db.mirror.whole": (LEAD, _all_live),
    "db.names_of.told_name": (SHAH, lambda c, _: names_of.told_name(c, LEAD)),
    "db.neighbourhoods.load_neighbourhoods": (
        OWNER,
        lambda c, _: neighbourhoods.load_neighbourhoods(
            c, neighbourhoods.Neighbourhoods({"NN11AA": 3}, ()), "a list"
        ),
    ),
    "db.nights.past_nights": (LEAD, lambda c, q: nights.past_nights(c, q.month.past(3), "P1")),
    "db.past_lengths.past_lengths": (SHAH, lambda c, q: past_lengths.past_lengths(c, q.now)),
    "db.opening.open_day": (LEAD, lambda c, q: opening.open_day(c, *q.night)),
    "db.opening.open_known": (SHAH, lambda c, q: opening.open_known(c, q.open)),
    "db.opening.open_list": (LEAD, lambda c, q: opening.open_list(c, "review", *q.lately)),
    "db.opening.open_record": (SHAH, lambda c, q: opening.open_record(c, q.ended)),
    "db.opening.open_rows": (SHAH, lambda c, q: opening.open_rows(c, [q.ended], "a look")),
    "db.person_queries.ids_of_person": (SHAH, lambda c, q: person_queries.ids_of_person(c, q.ended)),
    "db.person_queries.keeping": (SHAH, lambda c, q: person_queries.keeping(c, q.ended)),
    "db.person_queries.note_looked": (SHAH, lambda c, q: person_queries.note_looked(c, [q.ended])),
    "db.person_queries.open_person": (SHAH, lambda c, q: person_queries.open_person(c, q.ended, "a look")),
    "db.person_queries.open_requests": (SHAH, lambda c, _: person_queries.open_requests(c)),
    "db.person_queries.waiting_requests": (SHAH, lambda c, _: person_queries.waiting_requests(c)),
    "db.person_queries.person": (SHAH, lambda c, q: person_queries.person(c, q.ended)),
    "db.pooler.stands_between": (SHAH, _between),
    "db.presence.be_gone": (SHAH, lambda c, _: presence.be_gone(c, uuid4())),
    "db.presence.be_present": (SHAH, _here),
    "db.queries.acts_of": (SHAH, lambda c, q: queries.acts_of(c, q.ended)),
    "db.queries.clock": (SHAH, lambda c, _: queries.clock(c)),
    "db.queries.events_of": (SHAH, lambda c, q: queries.events_of(c, q.ended)),
    "db.queries.events_of_van": (SHAH, lambda c, q: queries.events_of_van(c, q.van)),
    "db.queries.insisted_on": (LEAD, lambda c, q: queries.insisted_on(c, q.now - _DAY)),
    "db.queries.known_here": (SHAH, _known_here),
    "db.queries.me": (SHAH, lambda c, _: queries.me(c)),
    "db.queries.my_last_act": (SHAH, lambda c, _: queries.my_last_act(c)),
    "db.queries.now": (SHAH, lambda c, _: queries.now(c)),
    "db.queries.reference_data": (SHAH, lambda c, _: queries.reference_data(c)),
    "db.queries.rules": (SHAH, lambda c, _: queries.rules(c)),
    "db.queries.snapshot": (SHAH, lambda c, _: queries.snapshot(c, Role.DISPATCHER)),
    "db.queries.steps_of": (SHAH, lambda c, q: queries.steps_of(c, [q.ended, q.open])),
    "db.raising.end_alarms": (SHAH, lambda c, _: raising.end_alarms(c, ["bench"])),
    "db.raising.raise_alarms": (SHAH, lambda c, _: raising.raise_alarms(c, [_ALARM])),
    "db.raising.watch_alarms": (SHAH, lambda c, _: raising.watch_alarms(c, uuid4())),
    "db.replay.load_past": (LEAD, _replayed),
    "db.replay.positions_at": (LEAD, lambda c, q: replay.positions_at(c, q.then)),
    "db.replay_person.load_known": (LEAD, _known_then),
    "db.reports.making.read_service": (LEAD, _monthly),
    "db.reports.person_record.person_record": (LEAD, _of_person),
    "db.reports.referral_record.read_parts": (LEAD, _report),
    "db.reports.referral_record.referral_record": (LEAD, _report),
    "db.reports.voices_page.heard": (LEAD, _heard),
    "db.review_queries.to_review": (LEAD, lambda c, q: _reviewed(c, *q.lately)),
    "db.room_queries.handovers_since": (LEAD, _handed_over),
    "db.room_queries.log_between": (SHAH, _logged),
    "db.rota_queries.duties_between": (LEAD, lambda c, q: rota_queries.duties_between(c, *q.night)),
    "db.rota_queries.fleet": (LEAD, lambda c, _: rota_queries.fleet(c)),
    "db.rota_queries.names_at": (LEAD, lambda c, q: rota_queries.names_at(c, q.then)),
    "db.rota_queries.of_rota": (LEAD, lambda c, _: rota_queries.of_rota(c, desk=True)),
    "db.rota_queries.shifts_touching": (LEAD, lambda c, q: rota_queries.shifts_touching(c, *q.night)),
    "db.replay_person.rows_about": (LEAD, lambda c, q: replay_person.rows_about(c, "referral", [q.ended])),
    "db.rota_queries.plans_between": (LEAD, lambda c, q: rota_queries.plans_between(c, *q.night)),
    "db.rota_queries.rota_between": (LEAD, lambda c, q: rota_queries.rota_between(c, *q.night)),
    "db.setting_queries.settings": (LEAD, lambda c, _: setting_queries.settings(c)),
    "db.tools.tools_of": (SHAH, lambda c, _: tools.tools_of(c)),
    "db.van_days.van_days": (LEAD, lambda c, q: van_days.van_days(c, Period(*q.lately))),
    "db.voice_queries.voices": (LEAD, _said),
}
"""Those that a test finds by itself (:func:`public_reads`)."""
BESIDE: Final[Mapping[str, tuple[str, Read]]] = {
    "a beat, and what changed": (SHAH, _beat),
    "everything on the wall": (WALL, _wall_live),
    "predictions on the wall": (WALL, lambda c, q: past_lengths.past_lengths(c, q.now, on_wall=True)),
    "what is everywhere": (SHAH, lambda c, _: finding.look_for(c, "calm neighbour")),
    "a birthday of many": (SHAH, lambda c, q: _alike(c, q, _OF_MANY)),
    "positions that come in": (GATEWAY, _recorded),
    "an emergency that comes in": (GATEWAY, _pressed),
    "the replay of now": (LEAD, lambda c, q: replay.load_past(c, *q.lately)),
    "the review of a night long ago": (LEAD, lambda c, q: _reviewed(c, *q.night)),
}
"""The same with other roles and words, and what is asked of functions of the record alone."""
