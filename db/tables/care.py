"""While somebody waits, and after: calls with the person, who is responsible next, follow-ups, places free."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.care import TOLD
from db.domain.party import HANDS_OVER
from db.tables.base import NOW, Base, Configured, id_column, one_of, version_column, words_column

ABOUT = ("waiting", "hold", "cancel", "follow-up", "other")
"""What a contact is about."""
SPOKE_WITH = ("person", "carer", "other", "nobody")
"""Who was spoken to; nobody when there was no answer."""
CHANNELS = ("phone", "text", "video", "in person", "passed on")
"""How somebody was spoken to."""
PROMISES = ("", "kept", "not kept", "ended")
"""How a promise ended; empty while it is open. It ended where the person has died."""


class ContactScheduleRow(Configured, Base):
    """How often a person who waits without a van is called, by priority."""

    __tablename__ = "contact_schedule"
    priority: Mapped[str] = mapped_column(ForeignKey("priority.code"), primary_key=True)
    first_minutes: Mapped[int]
    every_minutes: Mapped[int]
    again_minutes: Mapped[int]


class EndingRuleRow(Configured, Base):
    """What a way of ending asks for.

    ``kind`` is ``outcome`` for a referral that is closed, else the kind of the reason: ``decline`` or ``cancel``.
    """

    __tablename__ = "ending_rule"
    __table_args__ = (one_of("kind", ("outcome", "decline", "cancel")),)
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    # Only somebody who was met can have it.
    needs_meeting: Mapped[bool] = mapped_column(server_default=text("false"))
    # The person is spoken to first, or it is said why not.
    asks_person: Mapped[bool] = mapped_column(server_default=text("false"))
    # Back to EMAS: the mental-health part stays open, to be seen to within so many hours.
    aftercare_hours: Mapped[int | None]
    # Nobody can have it who was met since the referral was last open.
    only_unmet: Mapped[bool] = mapped_column(server_default=text("false"))
    # Who looks for the person, and until when.
    asks_search: Mapped[bool] = mapped_column(server_default=text("false"))
    # With their consent, or on what legal ground.
    asks_ground: Mapped[bool] = mapped_column(server_default=text("false"))


class ContactRow(Base):
    """One call, or another word with the person, or an attempt at it."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("about", ABOUT),
        one_of("spoke_with", SPOKE_WITH),
        one_of("channel", CHANNELS),
        one_of("promise_outcome", PROMISES),
        CheckConstraint("spoke_with = 'nobody' OR cru.is_said(with_name)", name="spoken_to_by_name"),
        CheckConstraint("spoke_with <> 'nobody' OR cru.is_said(why_not)", name="nobody_and_why"),
        CheckConstraint("spoke_with <> 'nobody' OR promised = ''", name="promised_to_somebody"),
        CheckConstraint("agreed_until IS NULL OR spoke_with = 'person'", name="agreed_by_the_person"),
        CheckConstraint("promise_due_at IS NULL OR cru.is_said(promised)", name="promise_in_words"),
        CheckConstraint("(promise_outcome = '') = (promise_closed_at IS NULL)", name="promise_ends_once"),
        CheckConstraint("promise_outcome = '' OR cru.is_said(promised)", name="promise_was_made"),
        Index("contact_referral_id_idx", "referral_id", "made_at"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    about: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    # When it was due by the schedule, as it stood then; stamped by the record.
    due_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    spoke_with: Mapped[str]
    with_name: Mapped[str] = words_column()
    channel: Mapped[str] = mapped_column(server_default=text("'phone'"))
    said: Mapped[str] = words_column()
    why_not: Mapped[str] = words_column()
    # The person agreed to wait until then.
    agreed_until: Mapped[datetime | None]
    # It is more urgent since, or was taken up again: they agreed to something else.
    agreed_ended_at: Mapped[datetime | None]
    promised: Mapped[str] = words_column()
    promise_due_at: Mapped[datetime | None]
    promise_outcome: Mapped[str] = words_column()
    promise_note: Mapped[str] = words_column()
    promise_closed_at: Mapped[datetime | None]
    promise_closed_by: Mapped[str] = words_column()
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class EndingRow(Base):
    """The end of a referral: who is with the person or responsible next, and who told whom. Made by the record."""

    __tablename__ = "ending"
    __table_args__ = (
        one_of("state", ("closed", "declined", "cancelled")),
        one_of("holder_kind", ("", *HANDS_OVER)),
        CheckConstraint("(holder_kind = '') = (NOT cru.is_said(holder_name))", name="holder_by_kind_and_name"),
        *(
            CheckConstraint(
                f"({who}_told_at IS NULL) = (NOT cru.is_said({who}_told_by))",
                name=f"{who}_told_when",
            )
            for who in TOLD
        ),
        *(
            CheckConstraint(f"{who}_told_at IS NULL OR {who}_not_told = ''", name=f"{who}_told_or_not")
            for who in TOLD
        ),
        CheckConstraint("looks_until IS NULL OR holder_kind <> ''", name="somebody_looks"),
        CheckConstraint("rights_told_by = '' OR rights_not_told = ''", name="rights_told_or_not"),
        # One at a time: what was reopened, or did not end, is history.
        Index(
            "ending_one_a_referral",
            "referral_id",
            unique=True,
            postgresql_where=text("reopened_at IS NULL AND taken_back_at IS NULL"),
        ),
        Index("ending_referral_id_idx", "referral_id"),
        # As ``cru.says_died`` says it, in the words in which ``cru.died_elsewhere`` asks: it is found by them.
        Index(
            "ending_died_idx",
            "referral_id",
            postgresql_where=text(
                "reopened_at IS NULL AND taken_back_at IS NULL AND (reason = 'died' OR died_known_at IS NOT NULL)"
            ),
        ),
        # Somebody still has to see to something: it stays on the board.
        Index(
            "ending_unanswered_idx",
            "referral_id",
            postgresql_where=text(
                "reopened_at IS NULL AND taken_back_at IS NULL AND (holder_kind = ''"
                " OR person_told_by || person_not_told = '' OR caller_told_by || caller_not_told = ''"
                " OR referrer_told_by || referrer_not_told = '' OR asks_search AND looks_until IS NULL"
                " OR asks_ground AND (ground = '' OR ground <> 'consent'"
                " AND (ground_by = '' OR rights_told_by || rights_not_told = '')))"
            ),
        ),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    state: Mapped[str]
    reason: Mapped[str] = words_column()
    ended_at: Mapped[datetime]
    holder_kind: Mapped[str] = words_column()
    holder_name: Mapped[str] = words_column()
    named_by: Mapped[str] = words_column()
    named_at: Mapped[datetime | None]
    person_told_by: Mapped[str] = words_column()
    person_told_at: Mapped[datetime | None]
    person_not_told: Mapped[str] = words_column()
    caller_told_by: Mapped[str] = words_column()
    caller_told_at: Mapped[datetime | None]
    caller_not_told: Mapped[str] = words_column()
    referrer_told_by: Mapped[str] = words_column()
    referrer_told_at: Mapped[datetime | None]
    referrer_not_told: Mapped[str] = words_column()
    reopened_at: Mapped[datetime | None]
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]
    # What the rule of this end asked for as it ended; stamped by the record.
    asks_search: Mapped[bool] = mapped_column(server_default=text("false"))
    # Whoever is responsible looks for the person until then.
    looks_until: Mapped[datetime | None]
    asks_ground: Mapped[bool] = mapped_column(server_default=text("false"))
    # A code of the list of legal grounds, who decided, and whether the person was told their rights.
    ground: Mapped[str] = words_column()
    ground_by: Mapped[str] = words_column()
    rights_told_by: Mapped[str] = words_column()
    rights_not_told: Mapped[str] = words_column()
    # That they died after it had ended; what was due for them ended with them.
    died_known_at: Mapped[datetime | None]


class FollowUpRow(Base):
    """Something to be done for the person on a day to come: a call, aftercare."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (NOT cru.is_said(outcome))", name="done_with_an_outcome"),
        Index("follow_up_referral_id_idx", "referral_id"),
        Index("follow_up_open_idx", "due_at", postgresql_where=text("done_at IS NULL AND taken_back_at IS NULL")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    due_at: Mapped[datetime]
    what_for: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = words_column()
    outcome: Mapped[str] = words_column()
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class LateLinkRow(Base):
    """EMAS or police who came into it later: their incident and crew."""

    __tablename__ = "late_link"
    __table_args__ = (
        one_of("service", ("ems", "police")),
        CheckConstraint("cru.is_said(incident || crew)", name="incident_or_crew"),
        Index("late_link_referral_id_idx", "referral_id"),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    service: Mapped[str]
    incident: Mapped[str] = words_column()
    crew: Mapped[str] = words_column()
    came_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class PlacesFreeRow(Base):
    """How many places a destination had free, and who said so when. The newest counts; none is changed."""

    __tablename__ = "places_free"
    __table_args__ = (Index("places_free_destination_idx", "destination", "said_at"),)
    id: Mapped[UUID] = id_column()
    destination: Mapped[str] = mapped_column(ForeignKey("destination.name"))
    free: Mapped[int]
    said_by: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(server_default=NOW)
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
