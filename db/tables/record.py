"""Referrals, and everything that happens to one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.party import HANDS_OVER
from db.domain.states import (
    AssignmentState,
    HandoverState,
    ReferralState,
)
from db.tables.base import EMPTY, NOW, Base, id_column, one_of, version_column, words_column

STAYS_LONG = (
    "coalesce(closed_at, entered_in_error_at) IS NULL"
    " OR CASE WHEN received_at BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'"
    " AND coalesce(closed_at, entered_in_error_at) BETWEEN '2000-01-01 00:00Z' AND '2200-01-01 00:00Z'"
    " THEN coalesce(closed_at, entered_in_error_at) - received_at > interval '7 days' END"
)
"""The few that stay on the board for more than a week, in the words of the index that finds them."""
_ETHNICITIES = (
    "Asian or Asian British",
    "Black or Black British",
    "Mixed or multiple",
    "White",
    "another group",
    "prefers not to say",
)


class ReferralRow(Base):
    """One person referred to the CRU."""

    __tablename__ = "referral"
    __table_args__ = (
        one_of("state", ReferralState),
        one_of("ae_avoided", ("yes", "no", "unknown")),
        one_of("ems_released", ("yes", "no", "unknown")),
        one_of("police_avoided", ("yes", "no", "unknown")),
        one_of("ae_care", ("needed and done", "needed and not done", "not needed", "unknown")),
        one_of("force_used", ("yes", "no", "unknown")),
        one_of("ethnicity", _ETHNICITIES),
        one_of("triage_scale", ("", "A", "B", "C", "D", "E", "F", "G")),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="both_coordinates"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="coordinates"),
        CheckConstraint("hold_until IS NULL OR hold_reason <> ''", name="hold_has_a_reason"),
        CheckConstraint("entered_in_error_at IS NULL OR entered_in_error_reason <> ''", name="error_has_a_reason"),
        CheckConstraint("state NOT IN ('declined', 'cancelled') OR end_reason <> ''", name="end_has_a_reason"),
        CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", name="closed_has_an_outcome"),
        CheckConstraint("location_text <> '' OR postcode <> ''", name="has_a_location"),
        CheckConstraint(
            "num_nulls(source, priority) = 0 OR (state = 'received' AND acknowledged_at IS NULL)",
            name="says_who_and_how_urgent",
        ),
        Index("referral_closed_at_idx", "closed_at"),
        Index("referral_received_at_idx", "received_at"),
        Index("referral_not_closed_idx", "entered_in_error_at", postgresql_where=text("closed_at IS NULL")),
        Index("referral_long_idx", "received_at", postgresql_where=text(STAYS_LONG)),
        Index(
            "referral_nhs_digits_idx",
            text("cru.nhs_digits(nhs_number)"),
            postgresql_where=text("nhs_number IS NOT NULL"),
        ),
        Index(
            "referral_name_key_idx",
            text("cru.name_key(patient_name)"),
            "patient_born",
            postgresql_where=text("patient_born IS NOT NULL"),
        ),
        Index("referral_address_newest_idx", text("cru.address_key(postcode, location_text)"), "received_at"),
        Index(
            "referral_phone_newest_idx",
            text("cru.phone_key(call_back)"),
            "received_at",
            postgresql_where=text("call_back <> ''"),
        ),
        Index(
            "referral_born_newest_idx",
            "patient_born",
            "received_at",
            postgresql_where=text("patient_born IS NOT NULL"),
        ),
        Index(
            "referral_incident_newest_idx",
            text("cru.incident_key(ems_incident)"),
            "received_at",
            postgresql_where=text("ems_incident <> ''"),
        ),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    reference: Mapped[str] = mapped_column(unique=True, server_default=EMPTY)
    # Empty while the call goes on by which it comes in (``intake_call``), like the priority.
    source: Mapped[str | None] = mapped_column(ForeignKey("referral_source.code"))
    state: Mapped[str] = mapped_column(server_default=text("'received'"))
    priority: Mapped[str | None] = mapped_column(ForeignKey("priority.code"))
    triage_scale: Mapped[str] = words_column()
    location_text: Mapped[str] = words_column()
    postcode: Mapped[str] = words_column()
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    access_note: Mapped[str] = words_column()
    caller: Mapped[str] = words_column()
    call_back: Mapped[str] = words_column()
    ems_incident: Mapped[str] = words_column()
    ems_callsign: Mapped[str] = words_column()
    waiting_party: Mapped[str] = words_column()
    patient_name: Mapped[str | None]
    patient_born: Mapped[date | None]
    # What was said instead of a date; an age, in whole years from the one to the other, with the day it was said.
    patient_born_said: Mapped[str] = words_column()
    patient_age_low: Mapped[int | None] = mapped_column(SmallInteger)
    patient_age_high: Mapped[int | None] = mapped_column(SmallInteger)
    patient_age_on: Mapped[date | None]
    nhs_number: Mapped[str | None]
    narrative: Mapped[str] = words_column()
    plan: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    legal_status: Mapped[str] = words_column()
    police: Mapped[str] = words_column()
    call_connected_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
    acknowledged_at: Mapped[datetime | None]
    screened_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    ems_on_scene_at: Mapped[datetime | None]
    # A time as it was said, where it could not be read or was only about right.
    call_connected_said: Mapped[str] = words_column()
    sent_said: Mapped[str] = words_column()
    ems_on_scene_said: Mapped[str] = words_column()
    hold_until: Mapped[datetime | None]
    hold_reason: Mapped[str] = words_column()
    entered_in_error_at: Mapped[datetime | None]
    entered_in_error_reason: Mapped[str] = words_column()
    end_reason: Mapped[str] = words_column()
    outcome: Mapped[str | None] = mapped_column(ForeignKey("outcome.code"))
    ae_avoided: Mapped[str | None]
    ems_released: Mapped[str | None]
    police_avoided: Mapped[str | None]
    ae_care: Mapped[str | None]
    force_used: Mapped[str | None]
    ethnicity: Mapped[str | None]
    deprivation: Mapped[int | None] = mapped_column(
        SmallInteger
    )  # tenth of the Index of Multiple Deprivation, 1 worst
    # When who it was and what was said went, by the rule for how long it is kept; what was done and counted stays.
    erased_at: Mapped[datetime | None]


class IntakeCallRow(Base):
    """The telephone call by which a referral comes in: being taken by somebody until it is saved, or ended."""

    __tablename__ = "intake_call"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how = '')", name="ends_somehow"),
        CheckConstraint("ended_at IS NULL OR call_back_at IS NULL", name="nobody_calls_back_after"),
        Index("intake_call_no_referral_idx", "referral_id", postgresql_where=text("ended_how <> 'referral'")),
    )
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    version: Mapped[int] = version_column()
    answered_at: Mapped[datetime]
    begun_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    taken_since_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # The form as it is typed, for whoever goes on with it; empty once the referral has all of it.
    typed: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    saved_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # The caller hung up: by when somebody calls back.
    call_back_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = words_column()
    # "referral", or the reason for which there is none.
    ended_how: Mapped[str] = words_column()


class ReferralDayRow(Base):
    """The last number given out on a local calendar day."""

    __tablename__ = "referral_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class ScreeningRow(Base):
    """One pass through the gate."""

    __tablename__ = "screening"
    __table_args__ = (
        CheckConstraint(
            "override_at IS NULL OR (override_clinician <> '' AND override_reason <> '')",
            name="override_is_named",
        ),
        Index("screening_referral_id_idx", "referral_id", "completed_at"),
        Index("screening_override_at_idx", "override_at", postgresql_where=text("override_at IS NOT NULL")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"))
    answers: Mapped[dict[str, Any]]
    # How each answer came about: asked, group, changed or not measured.
    how: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    # Why the observations could not be measured.
    not_measured: Mapped[str] = words_column()
    note: Mapped[str] = words_column()
    completed_at: Mapped[datetime]  # stamped by the trigger "fill" where nobody says it
    completed_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    override_clinician: Mapped[str] = words_column()
    override_reason: Mapped[str] = words_column()
    override_by: Mapped[str] = words_column()
    override_at: Mapped[datetime | None]
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


_OPEN = "state NOT IN ('clear', 'stood down')"


class AssignmentRow(Base):
    """One van on one referral. One open assignment a van."""

    __tablename__ = "assignment"
    __table_args__ = (
        one_of("state", AssignmentState),
        CheckConstraint("state <> 'stood down' OR stand_down_reason <> ''", name="stand_down_has_a_reason"),
        # Holds also where two transactions look at once and each sees the van free.
        Index("assignment_one_open_a_van", "van_id", unique=True, postgresql_where=text(_OPEN)),
        Index("assignment_referral_id_idx", "referral_id"),
        Index(
            "assignment_van_id_until_idx",
            "van_id",
            text("coalesce(clear_at, stood_down_at, 'infinity'::timestamptz)"),
        ),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID] = mapped_column(ForeignKey("van.id"))
    state: Mapped[str] = mapped_column(server_default=text("'allocated'"))
    allocated_at: Mapped[datetime]  # as completed_at of a screening
    acknowledged_at: Mapped[datetime | None]
    mobile_at: Mapped[datetime | None]
    at_rendezvous_at: Mapped[datetime | None]
    on_scene_at: Mapped[datetime | None]
    with_patient_at: Mapped[datetime | None]
    conveying_at: Mapped[datetime | None]
    at_destination_at: Mapped[datetime | None]
    clear_at: Mapped[datetime | None]
    stood_down_at: Mapped[datetime | None]
    stand_down_reason: Mapped[str] = words_column()
    destination: Mapped[str] = words_column()
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class HandoverRow(Base):
    """One link in the chain of who holds the patient."""

    __tablename__ = "handover"
    __table_args__ = (
        one_of("state", HandoverState),
        one_of("from_kind", HANDS_OVER),
        one_of("to_kind", HANDS_OVER),
        CheckConstraint("state <> 'refused' OR refusal_reason <> ''", name="refusal_has_a_reason"),
        UniqueConstraint("referral_id", "ordinal"),
        Index("handover_accepted_at_idx", "accepted_at"),
        Index("handover_refused_at_idx", "refused_at", postgresql_where=text("refused_at IS NOT NULL")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    from_party: Mapped[str]
    from_kind: Mapped[str]
    to_party: Mapped[str]
    to_kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'expected'"))
    expected_at: Mapped[datetime]  # as completed_at of a screening
    started_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal_reason: Mapped[str] = words_column()
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class EventRow(Base):
    """What happened. Append-only: triggers refuse every change, for everybody."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["amends"], ["event.id"]),
        Index("event_referral_id_idx", "referral_id", "id"),
        Index("event_van_id_idx", "van_id", "id"),
        Index("event_happened_at_idx", "happened_at"),
        Index("event_insisted_idx", "recorded_at", postgresql_where=text("detail ? 'insisted'")),
        Index("event_amends_idx", "amends", postgresql_where=text("amends IS NOT NULL")),
        Index(
            "event_amended_idx",
            "recorded_at",
            postgresql_where=text("kind = 'time amended' OR kind LIKE '% taken back'"),
        ),
        # Who, and which van, was called otherwise before.
        Index("event_named_idx", "happened_at", postgresql_where=text("detail ? 'callsign' OR detail ? 'name'")),
        one_of("source", ("user", "crew", "device", "geofence", "message")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    referral_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    van_id: Mapped[UUID | None] = mapped_column(ForeignKey("van.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime] = mapped_column(server_default=NOW)
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    source: Mapped[str] = mapped_column(server_default=text("'user'"))
    words: Mapped[str] = words_column()
    detail: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    amends: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = words_column()
    command_id: Mapped[UUID | None]


class CommandLogRow(Base):
    """Commands that were carried out, so that repeating one does nothing twice."""

    __tablename__ = "command_log"
    command_id: Mapped[UUID] = mapped_column(primary_key=True)
    verb: Mapped[str]
    done_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    done_at: Mapped[datetime] = mapped_column(server_default=NOW)
