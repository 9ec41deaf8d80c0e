"""What invented people say about themselves, what is flagged, and how a practice room goes by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID

from db.commands import AddFlag, BookInterpreter, Command, CrewWell, ReadBriefBack, ReportWishes, TellAbout
from db.domain import about
from db.domain.about import AboutItem, Said, wishes_of
from db.domain.brief import Informed, brief, last_read, text, with_them
from db.domain.cautions import Flag
from db.domain.languages import need_of
from db.domain.read_back import Booking, CrewWord, ReadBack
from db.domain.records import Assignment, Patient, Referral, Screening, StaffMember
from db.domain.reference import ReferenceData
from db.domain.situation import Facts, situation
from db.domain.states import AssignmentState
from db.domain.welfare import welfare
from db.exercise.agreeing import SETS, agreeing, pronouns_in

_REVIEW = timedelta(days=90)
_READS_AFTER = timedelta(seconds=25)
_LATE_WORD = 4
_ODDS = 0.7
_FLAG_ODDS = 0.2
_CONSENT_ODDS = 0.6
_AGENCY = "Language line (practice)"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said when a referral rings in, and what is known to be flagged: subject, kind, words; or nothing."""

    said: tuple[Said, ...] = ()
    flag: tuple[Literal["person", "address"], str, str] | None = None


@dataclass(frozen=True, slots=True)
class People:
    """What the record has about the people of a shift, by referral.

    Attributes:
        flags: every flag of a live referral.
    """

    items: dict[UUID, list[AboutItem]] = field(default_factory=dict)
    read_backs: dict[UUID, list[ReadBack]] = field(default_factory=dict)
    bookings: dict[UUID, list[Booking]] = field(default_factory=dict)
    words: dict[UUID, list[CrewWord]] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()

    def said(self, referral_id: UUID) -> tuple[Said, ...]:
        """What was said about somebody."""
        return tuple(item.said for item in self.items.get(referral_id, ()))

    def flags_of(self, referral_id: UUID) -> list[Flag]:
        """The flags of somebody, and of where they are."""
        return [flag for flag in self.flags if referral_id in flag.applies_to]


def invent(
    rng: Random, lists: Mapping[str, tuple[str, ...]], patient: Patient, words: str, *, interpreter: bool
) -> Told:
    """What one person says of themselves, and perhaps a flag; it agrees with what the caller says."""
    pronouns = pronouns_in(words) or rng.choice(SETS)
    by = agreeing(rng, lists["about_speakers"], pronouns)
    said = [Said(about.INTERPRETER, about.YES, "", by)] if interpreter else []
    if rng.random() < _ODDS:
        called = (patient.name or "").partition(" ")[0]
        said += [Said(about.NAME, "", called, by)] if called else []
        for topic in rng.sample(["pronouns", "arrive", "bring", "touch", "pets", "children", "promised"], 3):
            told = pronouns if topic == "pronouns" else agreeing(rng, lists[f"about_{topic}"], pronouns)
            said.append(Said(topic, "", told, by))
        said.append(Said("consent_visit", about.YES, "", about.THE_PERSON))
        said += [Said(about.KEEP, about.YES, "", about.THE_PERSON)] if rng.random() < _CONSENT_ODDS else []
    kinds: list[tuple[Literal["person", "address"], str]] = [
        ("person", "what helps"),
        ("person", "contacted us before"),
        ("address", "access"),
        ("address", "pets"),
        ("person", "staff safety"),
    ]
    subject, kind = rng.choice(kinds)
    reason = agreeing(rng, lists[f"flag_{kind.replace(' ', '_')}"], pronouns)
    return Told(tuple(said), (subject, kind, reason) if rng.random() < _FLAG_ODDS else None)


def told_commands(referral_id: UUID, told: Told, at: datetime) -> Iterator[Command]:
    """What a call-taker writes down of it."""
    if told.said:
        yield TellAbout(referral_id=referral_id, says=told.said)
    if told.flag is not None:
        subject, kind, words = told.flag
        review = at + _REVIEW
        # All that is invented is to know; what is danger now comes by narratives, answers and notes.
        yield AddFlag(
            referral_id=referral_id, subject=subject, kind=kind, reason=words, expires_at=review, danger=False
        )


def booking_due(referral: Referral, known: People) -> Iterator[Command]:
    """An interpreter, for whoever needs one and has none."""
    need = need_of(known.said(referral.id), [one.language for one in known.bookings.get(referral.id, ())])
    if need.is_open and need.wanted:
        number = f"P-{referral.reference[-4:]}"
        yield BookInterpreter(
            referral_id=referral.id, language=need.wanted[0], booked_with=_AGENCY, booking=number, origin="user"
        )


def read_back_due(
    job: Assignment,
    facts: Facts,
    screening: Screening | None,
    crew: Sequence[StaffMember],
    known: People,
    reference: ReferenceData,
    now: datetime,
) -> Iterator[Command]:
    """The brief, read back by the first of the crew soon after it acknowledged."""
    referral = facts.referral
    heard = job.times.get(AssignmentState.ACKNOWLEDGED)
    done = last_read(known.read_backs.get(referral.id, ()), job.id)
    if job.state is not AssignmentState.ACKNOWLEDGED or heard is None or done or heard + _READS_AFTER > now:
        return
    told = Informed(
        referral,
        known.said(referral.id),
        known.flags_of(referral.id),
        known.bookings.get(referral.id, ()),
        screening,
        reference.tools.get(screening.tool_version, reference.current_tool)
        if screening
        else reference.current_tool,
        with_them(situation(facts, reference)),
        reference,
        now,
    )
    name = crew[0].name if crew else "the crew"
    yield ReadBriefBack(
        referral_id=referral.id,
        assignment_id=job.id,
        read_by=name,
        channel="radio",
        brief=text(brief(told)),
        origin="crew",
    )


def word_due(
    job: Assignment, referral: Referral, known: People, crew: int, reference: ReferenceData, now: datetime
) -> Iterator[Command]:
    """A crew that is with somebody says that all is well, up to three minutes after it was to be heard."""
    words, flags = known.words.get(job.referral_id, ()), known.flags_of(job.referral_id)
    found = welfare(job, words, flags, crew, reference.rules)
    if found is not None and now >= found.due_at + timedelta(minutes=int(referral.reference[-4:]) % _LATE_WORD):
        yield CrewWell(assignment_id=job.id, channel="radio", origin="crew")


def wishes_due(referral: Referral, known: People) -> Iterator[Command]:
    """Afterwards: the person says of what they asked for that it was kept."""
    asked = [item for item in known.items.get(referral.id, ()) if wishes_of((item.said,))]
    if asked:
        kept = tuple((item.id, "yes") for item in asked[:3])
        yield ReportWishes(referral_id=referral.id, kept=kept, said_by=about.THE_PERSON)
