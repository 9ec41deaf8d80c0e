"""Configurable data: the service, its users, and what a trust sets."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.party import WAITS
from db.tables.base import FALSE, NOW, Base, Configured, one_of, words_column

UNITS = (
    *("share", "minutes", "hours", "people", "yes or no", "seconds", "metres", "minutes of travel", "years"),
    "times an hour",
)
"""In what a rule counts."""


class ServiceRow(Base):
    """The one service this database belongs to, and the clock it runs by.

    The clock columns are set in a practice database only:
    shown = clock_shown + (now - clock_origin) * clock_speed.
    ``epoch`` tells one life of the record from another, whatever the versions of its rows.
    """

    __tablename__ = "service"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    name: Mapped[str]
    exercise: Mapped[bool] = mapped_column(server_default=text("false"))
    clock_origin: Mapped[datetime | None]
    clock_shown: Mapped[datetime | None]
    clock_speed: Mapped[float] = mapped_column(server_default=text("1"))
    epoch: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


class UserAccountRow(Base):
    """A person who may sign in; ``login`` is also the database role."""

    __tablename__ = "user_account"
    __table_args__ = (one_of("role", ("viewer", "dispatcher", "shift lead", "gateway", "sealer")),)
    login: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[str]
    disabled_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)


class CommandWordRow(Configured, Base):
    """A short form or a word of the service's own for a verb of the command line."""

    __tablename__ = "command_word"
    label: Mapped[str] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]


class PriorityRow(Configured, Base):
    """How soon a crew must be with the patient."""

    __tablename__ = "priority"
    __table_args__ = (CheckConstraint("within_minutes > 0", name="within_minutes"),)
    code: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    within_minutes: Mapped[int]
    aim_minutes: Mapped[int | None]
    rank: Mapped[int]
    triage_scale: Mapped[str] = words_column()


class ReferralSourceRow(Configured, Base):
    """Who refers, and whether a crew waits with the patient: of what kind, and what it is called."""

    __tablename__ = "referral_source"
    __table_args__ = (
        one_of("waits_kind", WAITS),
        CheckConstraint("(btrim(waits) = '') = (waits_kind = 'nobody')", name="waits_by_name_and_kind"),
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    waits: Mapped[str] = words_column()
    waits_kind: Mapped[str]
    default_priority: Mapped[str] = mapped_column(ForeignKey("priority.code"))
    rank: Mapped[int]


class ScreeningToolRow(Base):
    """A version of the gate. Who approved it, and when it is in force, is told by its life."""

    __tablename__ = "screening_tool"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signed_by: Mapped[str]
    signed_on: Mapped[date]
    title: Mapped[str] = words_column()
    author: Mapped[str] = mapped_column(server_default=text("session_user"))
    dated: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))


class ScreeningItemRow(Base):
    """One question of a tool version."""

    __tablename__ = "screening_item"
    tool_version: Mapped[int] = mapped_column(ForeignKey("screening_tool.version"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
    section: Mapped[str]
    watch_words: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    text: Mapped[str]
    spoken: Mapped[str] = words_column()
    source: Mapped[str] = words_column()
    rationale: Mapped[str] = words_column()
    owner: Mapped[str] = words_column()
    review_on: Mapped[date | None]
    alone: Mapped[bool] = mapped_column(server_default=FALSE)
    no_override: Mapped[bool] = mapped_column(server_default=FALSE)
    branch: Mapped[str] = words_column()


class ReasonRow(Configured, Base):
    """A reason to pick from, by what it is for."""

    __tablename__ = "reason"
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    rank: Mapped[int]
    # Where it comes from, such as the section of an Act; empty where it is the trust's own.
    source: Mapped[str] = words_column()


class OutcomeRow(Configured, Base):
    """How a referral can end."""

    __tablename__ = "outcome"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    rank: Mapped[int]


class WishRow(Configured, Base):
    """Something a person may ask for about how the crew arrives."""

    __tablename__ = "wish"
    label: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]


class VanBaseRow(Configured, Base):
    """Where vans stand between jobs."""

    __tablename__ = "van_base"
    name: Mapped[str] = mapped_column(primary_key=True)
    postcode: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]


class DestinationRow(Configured, Base):
    """Where a person may be taken."""

    __tablename__ = "destination"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    address: Mapped[str] = words_column()
    phone: Mapped[str] = words_column()
    hours: Mapped[str] = words_column()
    lat: Mapped[float | None]
    lon: Mapped[float | None]


class RuleRow(Configured, Base):
    """A number that the program goes by, such as when an alarm sounds: by name, with its unit and its meaning."""

    __tablename__ = "rule"
    __table_args__ = (
        one_of("unit", UNITS),
        CheckConstraint(
            "(value > 0 OR unit IN ('people', 'yes or no', 'minutes of travel'))"
            " AND (unit NOT IN ('share', 'yes or no') OR value <= 1)",
            name="value_counts",
        ),
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]
    unit: Mapped[str]
    meaning: Mapped[str]


class MeasureRow(Configured, Base):
    """What is measured: its definition in plain words, its clock, and the measure that stands beside it.

    How its figure is worked out is in the record, by the key: ``cru.facts_of`` and the views on the facts.
    """

    __tablename__ = "measure"
    __table_args__ = (
        one_of("unit", ("share", "minutes", "count", "hours", "time")),
        one_of("better", ("lower", "higher", "neither")),
        CheckConstraint("balance <> key", name="balanced_by_another"),
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    definition: Mapped[str]
    clock_start: Mapped[str] = words_column()
    clock_stop: Mapped[str] = words_column()
    unit: Mapped[str]
    balance: Mapped[str] = mapped_column(ForeignKey("measure.key"))
    source: Mapped[str]
    computed: Mapped[bool]
    rank: Mapped[int]
    better: Mapped[str] = mapped_column(server_default=text("'neither'"))
    # What the service aims at, in the unit of the measure; of a share from 0 to 1.
    target: Mapped[float | None]
    # Of a share of those within so many minutes: how many.
    within_limit: Mapped[float | None]
    # Whether a viewer may read its figure.
    on_wall: Mapped[bool] = mapped_column(server_default=FALSE)


class LegalMoveRow(Base):
    """The moves that the transition triggers allow."""

    __tablename__ = "legal_move"
    entity: Mapped[str] = mapped_column(primary_key=True)
    from_state: Mapped[str] = mapped_column(primary_key=True)
    to_state: Mapped[str] = mapped_column(primary_key=True)
