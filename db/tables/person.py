"""The person: what they said about themselves, who they are known to be, and what was done about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.domain.about import TopicKind
from db.domain.cautions import FLAG_KINDS
from db.domain.person_requests import RequestKind, RequestState
from db.domain.read_back import CHANNELS
from db.tables.base import EMPTY, NOW, Base, Configured, id_column, one_of, version_column, words_column

_TOPIC_KINDS = tuple(kind.value for kind in TopicKind)


class LanguageRow(Configured, Base):
    """A language, or another way to talk: by its ISO 639-3 code, or ``x-…`` where ISO has none."""

    __tablename__ = "language"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    rank: Mapped[int]


class MobilityRow(Configured, Base):
    """How the person gets about, and what a van must have for it: any one of ``equipment``, or nothing."""

    __tablename__ = "mobility"
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    equipment: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    rank: Mapped[int]


class AboutTopicRow(Configured, Base):
    """Something that a person may say about themselves: asked in any order, never mandatory."""

    __tablename__ = "about_topic"
    __table_args__ = (one_of("kind", _TOPIC_KINDS),)
    key: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    question: Mapped[str] = words_column()
    kind: Mapped[str]
    in_brief: Mapped[bool] = mapped_column(server_default=text("true"))
    carried: Mapped[bool] = mapped_column(server_default=text("true"))
    rank: Mapped[int]


class AboutMeRow(Base):
    """One thing that somebody said about the person. It is ended and said anew, never changed."""

    __tablename__ = "about_me"
    __table_args__ = (
        CheckConstraint("code <> '' OR cru.is_said(words)", name="says_something"),
        CheckConstraint("(ended_at IS NULL) = (ended_by = '')", name="ended_by_somebody"),
        Index("about_me_referral_id_idx", "referral_id"),
        Index("about_me_from_id_idx", "from_id", postgresql_where=text("from_id IS NOT NULL")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    topic: Mapped[str] = mapped_column(ForeignKey("about_topic.key"))
    code: Mapped[str] = words_column()
    words: Mapped[str] = words_column()
    said_by: Mapped[str]
    # What was said at an earlier referral and is taken over here.
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("about_me.id"))
    # The entry of an approach plan that it came from; empty for what was said as such.
    from_plan: Mapped[str] = words_column()
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = words_column()
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]


class SamePersonRow(Base):
    """A dispatcher's word on whether two referrals are of one person. The last word counts."""

    __tablename__ = "same_person"
    __table_args__ = (
        CheckConstraint("referral_id <> other_id", name="two_referrals"),
        Index("same_person_referral_id_idx", "referral_id"),
        Index("same_person_other_id_idx", "other_id"),
    )
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    is_same: Mapped[bool]
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_back_at: Mapped[datetime | None]


class FlagRow(Base):
    """What whoever goes there must know of a person or an address: with author, reason and review date."""

    __tablename__ = "flag"
    __table_args__ = (
        one_of("subject", ("person", "address")),
        one_of("kind", FLAG_KINDS),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by = '') AND (withdrawn_at IS NULL OR withdrawn_reason <> '')",
            name="withdrawn_with_a_reason",
        ),
        Index("flag_referral_id_idx", "referral_id"),
        Index(
            "flag_expires_at_idx",
            "expires_at",
            postgresql_where=text("withdrawn_at IS NULL AND taken_back_at IS NULL"),
        ),
        Index("flag_extends_id_idx", "extends_id", postgresql_where=text("extends_id IS NOT NULL")),
        Index("flag_address_key_idx", "address_key", postgresql_where=text("address_key <> ''")),
    )
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    subject: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    # Whether it speaks against going there now; where nobody says, a flag for the safety of staff does.
    danger: Mapped[bool | None]
    # The day on which somebody must look at it again; from then on it counts no more.
    expires_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    added_at: Mapped[datetime] = mapped_column(server_default=NOW)
    # It did not happen: kept, and counted nowhere.
    taken_back_at: Mapped[datetime | None]
    version: Mapped[int] = version_column()
    address_key: Mapped[str] = mapped_column(server_default=EMPTY)
    # The flag that this one goes on with, after somebody looked at it again.
    extends_id: Mapped[UUID | None] = mapped_column(ForeignKey("flag.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = words_column()
    withdrawn_reason: Mapped[str] = words_column()


class ReadBackRow(Base):
    """A crew read its brief back: who, when, over what, and the words that were read."""

    __tablename__ = "read_back"
    __table_args__ = (one_of("channel", CHANNELS), Index("read_back_referral_id_idx", "referral_id"))
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    read_by: Mapped[str]
    channel: Mapped[str]
    brief: Mapped[str]
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_back_at: Mapped[datetime | None]


class CrewWordRow(Base):
    """A crew that is with somebody says that they are well: how, and who said so where it was not the crew."""

    __tablename__ = "crew_word"
    __table_args__ = (one_of("channel", CHANNELS), Index("crew_word_referral_id_idx", "referral_id"))
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    channel: Mapped[str]
    said_by: Mapped[str] = words_column()
    words: Mapped[str] = words_column()
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_back_at: Mapped[datetime | None]


class InterpreterRow(Base):
    """An interpreter who was booked: for which language, with whom, under which reference, for when."""

    __tablename__ = "interpreter"
    __table_args__ = (Index("interpreter_referral_id_idx", "referral_id"),)
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    language: Mapped[str] = mapped_column(ForeignKey("language.code"))
    booked_with: Mapped[str]
    booking: Mapped[str] = words_column()
    booked_for_at: Mapped[datetime | None]
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_back_at: Mapped[datetime | None]


class WishKeptRow(Base):
    """Afterwards: whether what the person asked for, or was promised, was kept, and who says so."""

    __tablename__ = "wish_kept"
    __table_args__ = (one_of("kept", ("yes", "partly", "no")), Index("wish_kept_referral_id_idx", "referral_id"))
    id: Mapped[UUID] = id_column()
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    about_id: Mapped[UUID] = mapped_column(ForeignKey("about_me.id"))
    kept: Mapped[str]
    said_by: Mapped[str]
    words: Mapped[str] = words_column()
    recorded_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=NOW)
    taken_back_at: Mapped[datetime | None]


class PersonRequestRow(Base):
    """What somebody asks about a person's record: a copy, a correction, or that it is erased; and the answer."""

    __tablename__ = "person_request"
    __table_args__ = (
        one_of("kind", tuple(RequestKind)),
        one_of("state", tuple(RequestState)),
        CheckConstraint(
            "(state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answered_by = '')",
            name="answered_by_somebody",
        ),
        CheckConstraint("state = 'open' OR cru.is_said(answer)", name="answered_with_words"),
        Index("person_request_referral_id_idx", "referral_id"),
        Index("person_request_open_idx", "made_at", postgresql_where=text("state = 'open'")),
    )
    id: Mapped[UUID] = id_column()
    version: Mapped[int] = version_column()
    # One of theirs: whose record it is follows from who is the same.
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[str]
    # What in the record it is about, in a few words that name nobody; empty for all of it.
    about: Mapped[str] = words_column()
    said_by: Mapped[str]
    words: Mapped[str]
    made_by: Mapped[str] = mapped_column(server_default=text("session_user"))
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    answer: Mapped[str] = words_column()
    # What they want to stand beside what is not changed, in their words.
    statement: Mapped[str] = words_column()
    answered_by: Mapped[str] = words_column()
    answered_at: Mapped[datetime | None]
