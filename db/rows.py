"""Rows of the record, turned into domain records."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from db.domain.records import (
    ApproachPlan,
    Assignment,
    Event,
    Handover,
    Location,
    Patient,
    Position,
    Referral,
    Screening,
    Shift,
    Van,
    YesNo,
)
from db.domain.states import AssignmentState, DutyStatus, HandoverState, ReferralState

_PLAN_FIELDS = {field.name for field in fields(ApproachPlan)}
_REFERRAL_TIMES = (
    "call_connected",
    "sent",
    "received",
    "acknowledged",
    "screened",
    "accepted",
    "closed",
    "ems_on_scene",
)


def referral(row: Row[Any]) -> Referral:
    """A row of ``referral``."""
    return Referral(
        id=row.id,
        version=row.version,
        reference=row.reference,
        source=row.source,
        state=ReferralState(row.state),
        priority=row.priority,
        triage_scale=row.triage_scale,
        location=Location(row.location_text, row.postcode, row.lat, row.lon, row.access_note),
        times=_times(row, _REFERRAL_TIMES),
        caller=row.caller,
        call_back=row.call_back,
        ems_incident=row.ems_incident,
        ems_callsign=row.ems_callsign,
        waiting_party=row.waiting_party,
        patient=Patient(row.patient_name, row.patient_born, row.nhs_number),
        narrative=row.narrative,
        plan=_plan(row.plan),
        legal_status=row.legal_status,
        police=row.police,
        hold_until=row.hold_until,
        hold_reason=row.hold_reason,
        entered_in_error_at=row.entered_in_error_at,
        entered_in_error_reason=row.entered_in_error_reason,
        end_reason=row.end_reason,
        outcome=row.outcome or "",
        ae_avoided=_answer(row.ae_avoided),
        ems_released=_answer(row.ems_released),
        police_avoided=_answer(row.police_avoided),
    )


def _plan(stored: Mapping[str, Any]) -> ApproachPlan:
    known = {key: value for key, value in stored.items() if key in _PLAN_FIELDS}
    return ApproachPlan(**known | {"wishes": tuple(known.get("wishes", ()))})


def _answer(stored: str | None) -> YesNo | None:
    return YesNo(stored) if stored else None


def _times(row: Row[Any], names: Collection[str]) -> dict[str, datetime]:
    columns = row._mapping  # noqa: SLF001 - the documented way to a row's columns by name
    found = ((name, columns[name.replace(" ", "_") + "_at"]) for name in names)
    return {name: at for name, at in found if at is not None}


def screening(row: Row[Any]) -> Screening:
    """A row of ``screening``."""
    return Screening(**row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name


def assignment(row: Row[Any]) -> Assignment:
    """A row of ``assignment``."""
    return Assignment(
        row.id,
        row.version,
        row.referral_id,
        row.van_id,
        AssignmentState(row.state),
        {AssignmentState(name): at for name, at in _times(row, [s.value for s in AssignmentState]).items()},
        row.stand_down_reason,
        row.destination,
    )


def handover(row: Row[Any]) -> Handover:
    """A row of ``handover``."""
    return Handover(
        row.id,
        row.version,
        row.referral_id,
        row.ordinal,
        row.from_party,
        row.to_party,
        HandoverState(row.state),
        {HandoverState(name): at for name, at in _times(row, [s.value for s in HandoverState]).items()},
        row.refusal_reason,
    )


def van(row: Row[Any]) -> Van:
    """A row of ``van``."""
    return Van(
        row.id,
        row.version,
        row.callsign,
        row.registration,
        row.base,
        row.livery,
        row.seats,
        tuple(row.equipment),
        DutyStatus(row.duty_status),
        row.duty_reason,
        row.duty_since_at,
        row.emergency_at,
    )


def shift(row: Row[Any]) -> Shift:
    """A row of ``shift``."""
    columns = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name
    return Shift(**columns | {"staff_ids": tuple(row.staff_ids or ())})


def position(row: Row[Any]) -> Position:
    """A row of ``position``."""
    return Position(**row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name


def event(row: Row[Any]) -> Event:
    """A row of ``event``."""
    return Event(
        row.id,
        row.referral_id,
        row.van_id,
        row.kind,
        row.happened_at,
        row.recorded_at,
        row.recorded_by,
        row.source,
        row.words,
        row.detail,
        row.amends,
        row.reason,
    )
