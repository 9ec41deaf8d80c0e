"""What was planned, what was on another day, and what a shift lead keeps: answers by hand."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import resources
from db.devices import KnownDevice
from db.domain.records import Assignment, Handover, Referral, Van
from db.domain.rota import Duty, PlannedRide, PlannedShift, Ride
from db.domain.situation import Facts
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState
from db.list_queries import KeptRow
from db.lookback import PastStretch
from db.rota_queries import RotaRead
from db.setting_queries import Setting
from tests.gui.said.reference import id_of, reference
from tests.gui.said.rows import CREWS, VANS, rows
from tests.unit.board_records import NOW, ago

T = TypeVar("T", AssignmentState, HandoverState, str)
_BEFORE = timedelta(minutes=2900)
_DATED = date(2026, 11, 1)


def vans() -> tuple[Van, ...]:
    """All of them, as they stand."""
    return tuple(one for one in rows()["van"] if isinstance(one, Van))


# --- the rota ---


def rota() -> RotaRead:
    """Shifts that were, are and are to come: told and not told, one that fell away, one with nobody on it."""
    plans = (
        *reference().plans,
        _plan("CRU1", 24, 12, "Amara Example", "Ben Sample", published=1),
        _plan("CRU1", 48, 12, "Amara Example", "Ben Sample"),
        _plan("CRU2", 24, 10, "Carys Specimen"),
        _plan("CRU2", 30, 12, "Amara Example", note="Amara from ten"),
        _plan("CRU3", 50, 8),
    )
    duties = (
        *(_duty(van, 5, 12, *crew) for van, crew in CREWS.items()),
        _duty("CRU6", 30, 12, "Kofi Example", "Jo Template", ended=19),
    )
    fallen = replace(_plan("CRU3", 26, 12, "Ewa Template"), cancelled_at=ago(90))
    return RotaRead(plans, duties, vans(), {id_of("Jo Template"): "Jo Template-Before"}, (fallen,))


def _plan(van: str, ahead: float, hours: float, *staff: str, note: str = "", published: int = 0) -> PlannedShift:
    starts = NOW.replace(minute=0, second=0) + timedelta(hours=ahead)
    name = f"plan {van} {ahead}"
    rides = tuple(PlannedRide(id_of(f"{name} {one}"), id_of(one)) for one in staff)
    ends = starts + timedelta(hours=hours)
    return PlannedShift(id_of(name), 1, id_of(van), starts, ends, rides, note, "l.lead", None, published)


def _duty(van: str, hours_ago: float, hours: float, *staff: str, ended: float | None = None) -> Duty:
    starts = ago(hours_ago * 60)
    until = ago(ended * 60) if ended is not None else None
    rides = tuple(Ride(id_of(one), starts, until, "ill" if at and until else "") for at, one in enumerate(staff))
    planned = starts + timedelta(hours=hours)
    return Duty(id_of(f"duty {van} {hours_ago}"), id_of(van), starts, planned, until, rides)


# --- another day ---


def past_stretch(start: datetime, end: datetime) -> PastStretch:
    """A night two days before this one, with the same jobs, all of them at their end."""
    duties = (_duty("CRU1", 53, 12, *CREWS["CRU1"], ended=41), _duty("CRU 10", 53, 12, *CREWS["CRU 10"], ended=40))
    names = ("closed", "conveying", "with_patient", "on_way", "cancelled")
    was = replace(vans()[0], id=id_of("CRU0"), callsign="CRU0", duty_status=DutyStatus.OFF_DUTY)
    return PastStretch(start, end, tuple(map(_past_facts, names)), duties, (*vans(), was), is_cut=True)


def _past_facts(name: str) -> Facts:
    key = id_of(f"before {name}")
    row = next(one for one in rows()["referral"] if isinstance(one, Referral) and one.id == id_of(name))
    known = rows()
    jobs = [
        replace(
            one,
            id=id_of(f"before {one.id}"),
            referral_id=key,
            times=_earlier(one.times) | {AssignmentState.CLEAR: ago(2890)},
            state=one.state if one.state is AssignmentState.STOOD_DOWN else AssignmentState.CLEAR,
        )
        for one in known["assignment"]
        if isinstance(one, Assignment) and one.referral_id == row.id
    ]
    links = [
        replace(one, id=id_of(f"before {one.id}"), referral_id=key, times=_earlier(one.times))
        for one in known["handover"]
        if isinstance(one, Handover) and one.referral_id == row.id
    ]
    state = row.state if row.state is ReferralState.CANCELLED else ReferralState.CLOSED
    times = _earlier(row.times) | {"closed": ago(2885)}
    gone = replace(row, id=key, reference=f"CRU-20261120-{row.reference[-4:]}", state=state, times=times)
    return Facts(gone, jobs, links, {id_of(van): van for van in VANS})


def _earlier(times: Mapping[T, datetime]) -> dict[T, datetime]:
    return {name: at - _BEFORE for name, at in times.items()}


# --- what is kept ---


def devices() -> list[KnownDevice]:
    """One that is heard, one that is silent, one that is off, and one whose van is nowhere."""
    told: Iterable[tuple[str, str, bool, float | None, bool | None, float | None]] = (
        ("tracker-1", "CRU1", True, 40_000, True, 0.2),
        ("tracker-2", "CRU2", True, 900, False, 700),
        ("phone of CRU2", "CRU2", True, 300, True, 12),
        ("old box", "CRU5", False, None, None, None),
    )
    return [
        KnownDevice(
            name,
            id_of(van),
            van,
            active,
            "l.lead",
            _DATED,
            ago(since) if since is not None else None,
            shown,
            ago(heard) if heard is not None else None,
        )
        for name, van, active, since, shown, heard in told
    ]


def settings() -> list[Setting]:
    """Those of a new record, the first with bounds."""
    given = tomllib.loads(resources.path("reference/northamptonshire.toml").read_text("utf-8"))["rule"]
    return [
        Setting(
            one["name"],
            one["value"],
            one["unit"],
            one["meaning"],
            "default set",
            _DATED,
            0.0 if not at else None,
            1.0 if not at else None,
        )
        for at, one in enumerate(given)
    ]


def kept_rows(table: str) -> list[KeptRow]:
    """Nothing is kept in any list but the reasons."""
    if table != "reason":
        return []
    told = reference().reasons["hold"]
    return [
        KeptRow({"kind": "hold", "code": one.value, "label": one.label}, at > 0, "default set", _DATED)
        for at, one in enumerate(told)
    ]
