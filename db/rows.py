"""Rows of the record, turned into domain records.

A row is any mapping by column name: asyncpg's, or SQLAlchemy's ``mappings()``. What cannot be meant raises
ValueError, KeyError or TypeError here, at one place, and costs its reader that row.

What people wrote comes without what nobody sees, and what runs leftward comes between marks that keep its
direction to itself (:mod:`db.domain.texts`): whatever it is joined with later, nothing beside it moves. Codes, and
names that something is looked up by, stay as they are.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from db.domain.about import AboutItem, Said
from db.domain.ages import AgeSaid
from db.domain.believable import believable, believable_if_any
from db.domain.cautions import Flag
from db.domain.dangers import Danger, Dangers, Decision
from db.domain.intake_call import IntakeCall
from db.domain.party import Party, once
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import (
    REFERRAL_TIMES,
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
from db.domain.texts import paragraphs
from db.domain.typed_times import SAID_TIMES

Row = Any
"""A mapping by column name; asyncpg's is none by its type."""

_PLAN_FIELDS = {field.name for field in fields(ApproachPlan)}


def referral(row: Row) -> Referral:
    """A row of ``referral``."""
    return Referral(
        id=row["id"],
        version=row["version"],
        reference=row["reference"],
        source=row["source"] or "",
        state=ReferralState(row["state"]),
        priority=row["priority"] or "",
        triage_scale=row["triage_scale"],
        location=Location(
            _text(row["location_text"]), _text(row["postcode"]), row["lat"], row["lon"], _text(row["access_note"])
        ),
        times=_times(row, REFERRAL_TIMES),
        caller=_text(row["caller"]),
        call_back=_text(row["call_back"]),
        ems_incident=_text(row["ems_incident"]),
        ems_callsign=_text(row["ems_callsign"]),
        waiting_party=_text(row["waiting_party"]),
        patient=_patient(row),
        narrative=_text(row["narrative"]),
        plan=_plan(_object(row["plan"])),
        legal_status=_text(row["legal_status"]),
        police=_text(row["police"]),
        hold_until=believable_if_any(row["hold_until"]),
        hold_reason=row["hold_reason"],
        entered_in_error_at=believable_if_any(row["entered_in_error_at"]),
        entered_in_error_reason=_text(row["entered_in_error_reason"]),
        end_reason=row["end_reason"],
        outcome=row["outcome"] or "",
        ae_avoided=_answer(row["ae_avoided"]),
        ems_released=_answer(row["ems_released"]),
        police_avoided=_answer(row["police_avoided"]),
        said={name: _text(said) for name in SAID_TIMES if (said := row[f"{name}_said"])},
    )


def _patient(row: Row) -> Patient:
    low = row["patient_age_low"]
    return Patient(
        _text(row["patient_name"]),
        row["patient_born"],
        _text(row["nhs_number"]),
        _text(row["patient_born_said"]),
        None if low is None else AgeSaid(low, row["patient_age_high"], row["patient_age_on"]),
    )


def _plan(stored: Mapping[str, Any]) -> ApproachPlan:
    # An entry of a later program is passed over; an entry of the wrong type costs the row.
    known = {key: value for key, value in stored.items() if key in _PLAN_FIELDS}
    wishes = known.pop("wishes", [])
    if not isinstance(wishes, list) or not all(isinstance(one, str) for one in (*wishes, *known.values())):
        raise TypeError("a plan holds words")
    told = {key: paragraphs(value) for key, value in known.items()}
    return ApproachPlan(**told, wishes=tuple(map(paragraphs, wishes)))


def _text(stored: str | None) -> Any:  # noqa: ANN401 as much as is stored; a viewer is given none
    return None if stored is None else paragraphs(stored)


def _object(stored: Any) -> dict[str, Any]:  # noqa: ANN401 - as the driver gives it
    # asyncpg gives JSON as text, SQLAlchemy what it says.
    read = json.loads(stored) if isinstance(stored, str) else stored
    if not isinstance(read, dict):
        raise TypeError("an object is kept here")
    return read


def _answer(stored: str | None) -> YesNo | None:
    return YesNo(stored) if stored else None


def _times(row: Row, names: Collection[str]) -> dict[str, datetime]:
    # The name of a step is the name of its column: "on scene" is kept in ``on_scene_at``.
    found = ((name, row[name.replace(" ", "_") + "_at"]) for name in names)
    return {name: believable(at) for name, at in found if at is not None}


def screening(row: Row) -> Screening:
    """A row of ``screening``."""
    # By position, here and below: a field that is added to a record goes behind the others.
    return Screening(
        row["id"],
        row["version"],
        row["referral_id"],
        row["tool_version"],
        _object(row["answers"]),
        _text(row["note"]),
        believable(row["completed_at"]),
        row["completed_by"],
        _text(row["override_clinician"]),
        _text(row["override_reason"]),
        row["override_by"],
        believable_if_any(row["override_at"]),
        believable_if_any(row["taken_back_at"]),
        _object(row["how"]),
        _text(row["not_measured"]),
    )


def dangers(row: Row) -> Dangers:
    """A row of ``danger``."""
    return Dangers(
        row["referral_id"],
        row["version"],
        tuple(
            Danger(one["what"], one["kind"], one["key"], _text(one["words"]), one["hard"], _moment(one["until"]))
            for one in _list(row["stands"])
        ),
        tuple(
            Decision(
                one["kind"],
                _text(one["clinician"]),
                _text(one["reason"]),
                one["by"],
                believable(datetime.fromisoformat(one["at"])),
                tuple(one["covers"]),
            )
            for one in _list(row["decided"])
        ),
        believable_if_any(row["since_at"]),
    )


def _list(stored: Any) -> list[Any]:  # noqa: ANN401 - as the driver gives it
    read = json.loads(stored) if isinstance(stored, str) else stored
    if not isinstance(read, list):
        raise TypeError("a list is kept here")
    return read


# Inside JSON a time is text, whichever driver read it.
def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else believable(datetime.fromisoformat(stored))


def assignment(row: Row) -> Assignment:
    """A row of ``assignment``."""
    return Assignment(
        row["id"],
        row["version"],
        row["referral_id"],
        row["van_id"],
        AssignmentState(row["state"]),
        {AssignmentState(name): at for name, at in _times(row, [s.value for s in AssignmentState]).items()},
        row["stand_down_reason"],
        row["destination"],
        believable_if_any(row["taken_back_at"]),
    )


def handover(row: Row) -> Handover:
    """A row of ``handover``."""
    return Handover(
        row["id"],
        row["version"],
        row["referral_id"],
        row["ordinal"],
        once(_text(row["from_party"])),
        Party(row["from_kind"]),
        once(_text(row["to_party"])),
        Party(row["to_kind"]),
        HandoverState(row["state"]),
        {HandoverState(name): at for name, at in _times(row, [s.value for s in HandoverState]).items()},
        _text(row["refusal_reason"]),
        believable_if_any(row["taken_back_at"]),
    )


def van(row: Row) -> Van:
    """A row of ``van``."""
    return Van(
        row["id"],
        row["version"],
        _text(row["callsign"]),
        _text(row["registration"]),
        row["base"],
        _text(row["livery"]),
        row["seats"],
        tuple(row["equipment"]),
        DutyStatus(row["duty_status"]),
        row["duty_reason"],
        believable(row["duty_since_at"]),
        believable_if_any(row["emergency_at"]),
    )


def shift(row: Row) -> Shift:
    """A row of ``shift``."""
    return Shift(
        row["id"],
        row["version"],
        row["van_id"],
        tuple(row["staff_ids"] or ()),
        believable(row["started_at"]),
        believable(row["planned_end_at"]),
        believable_if_any(row["meal_due_at"]),
        believable_if_any(row["meal_until_at"]),
        believable_if_any(row["ended_at"]),
        believable_if_any(row["taken_back_at"]),
    )


def position(row: Row) -> Position:
    """A row of ``position``."""
    return Position(
        row["van_id"],
        row["version"],
        believable(row["fixed_at"]),
        believable(row["received_at"]),
        row["lat"],
        row["lon"],
        row["accuracy"],
        row["speed"],
        row["heading"],
        row["source"],
    )


def about_item(row: Row) -> AboutItem:
    """A row of ``about_me``."""
    return AboutItem(
        row["id"],
        row["version"],
        row["referral_id"],
        Said(row["topic"], row["code"], _text(row["words"]), _text(row["said_by"])),
        row["added_by"],
        believable(row["added_at"]),
        row["from_id"],
    )


def flag(row: Row) -> Flag:
    """A row of ``flag``, with the live referrals that it belongs to."""
    return Flag(
        row["id"],
        row["version"],
        row["referral_id"],
        row["subject"],
        row["kind"],
        _text(row["reason"]),
        believable(row["expires_at"]),
        row["added_by"],
        believable(row["added_at"]),
        tuple(row["applies_to"]),
        bool(row["danger"]),
    )


def intake_call(row: Row) -> IntakeCall:
    """A row of ``intake_call``."""
    return IntakeCall(
        row["referral_id"],
        row["version"],
        believable(row["answered_at"]),
        row["taken_by"],
        believable(row["taken_since_at"]),
        _object(row["typed"]),
        believable(row["saved_at"]),
        believable_if_any(row["call_back_at"]),
        believable_if_any(row["ended_at"]),
        row["ended_how"],
    )


def crew_word(row: Row) -> CrewWord:
    """A row of ``crew_word``."""
    return CrewWord(
        row["id"],
        row["referral_id"],
        row["assignment_id"],
        row["channel"],
        _text(row["said_by"]),
        _text(row["words"]),
        row["recorded_by"],
        believable(row["recorded_at"]),
    )


def read_back(row: Row) -> ReadBack:
    """A row of ``read_back``."""
    return ReadBack(
        row["id"],
        row["referral_id"],
        row["assignment_id"],
        _text(row["read_by"]),
        row["channel"],
        _text(row["brief"]),
        row["recorded_by"],
        believable(row["recorded_at"]),
    )


def booking(row: Row) -> Booking:
    """A row of ``interpreter``."""
    return Booking(
        row["id"],
        row["referral_id"],
        row["language"],
        _text(row["booked_with"]),
        _text(row["booking"]),
        believable_if_any(row["booked_for_at"]),
        row["recorded_by"],
        believable(row["recorded_at"]),
    )


def event(row: Row) -> Event:
    """A row of ``event``."""
    return Event(
        row["id"],
        row["referral_id"],
        row["van_id"],
        row["kind"],
        believable(row["happened_at"]),
        believable(row["recorded_at"]),
        row["recorded_by"],
        row["source"],
        _text(row["words"]),
        _object(row["detail"]),
        row["amends"],
        _text(row["reason"]),
    )
