"""Sheets about people who wait, and what comes later: calls, promises, follow-ups, who came late."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from console.views.form.choice import Option
from console.views.sheets.fields import Choose, Note, Pick, SheetField, Write, WriteLines
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Order, Sheet
from console.views.sheets.when import When
from db import commands
from db.domain.care import NO_ANSWER
from db.domain.clocks import local_time
from db.domain.records import Referral
from db.domain.resolving import Belongs, Limit
from db.errors import Invalid

if TYPE_CHECKING:
    from db.commands.care import Channel, SpokeWith

Now = Callable[[], datetime]
_WHO = (
    Option("person", "The person", "1"),
    Option("carer", "Family or carer", "2"),
    Option("other", "Somebody else", "3"),
    Option(NO_ANSWER, "Nobody", "4"),
)
_HOW = (
    Option("phone", "Phone", "1"),
    Option("text", "Text", "2"),
    Option("video", "Video", "3"),
    Option("in person", "In person", "4"),
    Option("passed on", "Passed on", "5"),
)
# The record refuses what lies further ahead; here it is said while it is typed.
_FURTHEST = timedelta(days=30)
FOLLOW_UP_SOON = (Option("24", "+24 h", "1"), Option("48", "+48 h", "2"), Option("168", "+7 days", "3"))
_FOLLOW_UP_FURTHEST = timedelta(days=90)


def _past(now: Now, since: datetime, what: str) -> Callable[[], Belongs]:
    return lambda: Belongs(now(), not_before=Limit(since, what))


def ahead(now: Now, furthest: timedelta) -> Callable[[], Belongs]:
    """Where a time that is to come belongs: from now on, so far at most."""
    return lambda: Belongs(now(), to_come=True, not_after=Limit(now() + furthest, "what can be planned,"))


def at_of(given: Mapping[str, str], name: str) -> datetime | None:
    """The time that a line was read as; None where nothing was typed."""
    return datetime.fromisoformat(given[name]) if given.get(name) else None


# --- calls ---


def contact(referral: Referral, due: datetime | None, now: Now, whom: Callable[[], str]) -> Sheet:
    """Who was spoken to, what they said, what was promised; or why nobody was. ``whom`` says whom to ring."""
    due_words = f", due {local_time(due, now())}" if due is not None else ""
    title = f"Call: {referral.reference}{due_words}"
    who = Choose("spoke_with", "Spoke with", _WHO, "Choose who was spoken to.")
    name = Write("with_name", "Their name", missing="Type the name of who was spoken to.")
    why_not = Write("why_not", "Why nobody", "such as no answer", "Say why nobody was spoken to.")
    why_not.hide()
    said = WriteLines("said", "What was said", "in their own words")
    promised = Write("promised", "What was promised (may stay empty)", "such as a call before we come")
    by = When("promise_due", "By when", ahead(now, _FURTHEST), "such as 0415")
    how = Choose("channel", "How", _HOW, value="phone")

    def show() -> None:
        nobody = who.value() == NO_ANSWER
        why_not.setVisible(nobody)
        for field in (name, said, promised, by):
            field.setVisible(not nobody)

    who.row.edited.connect(show)

    def make(given: Mapping[str, str]) -> list[Order]:
        nobody = given["spoke_with"] == NO_ANSWER
        # What was typed before *Nobody* was chosen stays in its field, out of sight, and is not said.
        command = commands.RecordContact(
            referral_id=referral.id,
            spoke_with=cast("SpokeWith", given["spoke_with"]),
            with_name="" if nobody else given["with_name"],
            channel=cast("Channel", given["channel"] or "phone"),
            said="" if nobody else given["said"],
            why_not=given["why_not"] if nobody else "",
            promised="" if nobody else given["promised"],
            promise_due=None if nobody or not given["promised"] else at_of(given, "promise_due"),
        )
        return [Order(command, f"Call · {referral.reference}")]

    note = Note("whom", whom(), whom)
    return Sheet(title, [note, who, name, why_not, said, promised, by, how], make, "Record the call")


def promise(referral: Referral, contact_id: UUID, promised: str) -> Sheet:
    """Whether what was promised was kept."""
    title = f"Promised on {referral.reference}: {promised}"
    answers = (Option("yes", "Kept", "K"), Option("no", "Not kept", "N"))
    fields = [
        Choose("kept", "Was it kept?", answers, "Choose whether it was kept."),
        Write("note", "How it went (may stay empty)"),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.ClosePromise(
            contact_id=contact_id, kept=given["kept"] == "yes", note=given["note"], referral_id=referral.id
        )
        return [Order(command, f"Promise · {referral.reference}")]

    return Sheet(title, fields, make, "Say so")


@dataclass(frozen=True, slots=True)
class SpokenFields:
    """Fields that say whether the person was spoken to: by name and when, or why not."""

    name: Write
    at: When
    why_not: Write

    @classmethod
    def ask(cls, referral: Referral, now: Now, *, must: bool) -> "SpokenFields":
        """Make them; where the person must be spoken to, there is no why not."""
        name = Write("spoken_name", "Spoke with the person: their name")
        since = _past(now, referral.received_at, "received")
        at = When("spoken_at", "When (now if empty)", since, "such as 0310")
        why_not = Write("spoken_not", "or why not", "such as no number, asleep")
        if must:
            why_not.hide()
        return cls(name, at, why_not)

    @property
    def every(self) -> tuple[SheetField, ...]:
        """The fields, top to bottom."""
        return (self.name, self.at, self.why_not)

    @staticmethod
    def read(given: Mapping[str, str]) -> "commands.Spoken":
        """What was said."""
        return commands.Spoken(given["spoken_name"], at_of(given, "spoken_at"), given.get("spoken_not", ""))


# --- later ---


def plan_follow_up(referral: Referral, now: Now) -> Sheet:
    """What is to be done for the person, and by when."""
    title = f"Follow-up for {referral.reference}"
    chosen, due = Choose("in", "Due", FOLLOW_UP_SOON, ""), when_due(now)
    what = WriteLines("what_for", "What for", "such as call Mari, ask how the night went", "Say what for.")

    def make(given: Mapping[str, str]) -> list[Order]:
        due_at = follow_up_due(given, now)
        return [
            Order(commands.PlanFollowUp(referral_id=referral.id, due=due_at, what_for=given["what_for"]), title)
        ]

    return Sheet(title, [chosen, due, what], make, "Plan it")


def when_due(now: Now) -> When:
    """The line in which the time of a follow-up is typed."""
    return When("due", "or at", ahead(now, _FOLLOW_UP_FURTHEST), "such as 27 Nov 1400")


def follow_up_due(given: Mapping[str, str], now: Now) -> datetime:
    """When a follow-up is due: the time that was typed, or so long from now.

    Raises:
        Invalid: neither was said.
    """
    at = at_of(given, "due")
    if at is None and given["in"]:
        # From when it is planned, not from when the sheet was opened.
        at = now() + timedelta(hours=int(given["in"]))
    if at is None:
        raise Invalid("A follow-up is due at a time.", "Choose one, or type it.", "due")
    return at


def do_follow_up(referral: Referral, follow_up_id: UUID, what_for: str) -> Sheet:
    """How it went, or why it is not needed any more."""
    title = f"Follow-up for {referral.reference}: {what_for}"
    field = WriteLines("outcome", "How it went", "or why it is not needed", "Say how it went.")

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.DoFollowUp(follow_up_id=follow_up_id, outcome=given["outcome"], referral_id=referral.id)
        return [Order(command, f"Follow-up · {referral.reference}")]

    return Sheet(title, [field], make, "Done")


def link_late(referral: Referral, now: Now) -> Sheet:
    """EMAS or police who came into it later."""
    title = f"EMAS or police came later: {referral.reference}"
    services = (Option("ems", "EMAS", "E"), Option("police", "Police", "P"))
    fields = [
        Choose("service", "Who came", services, "Choose who came."),
        Write("incident", "Their incident number"),
        Write("crew", "Their crew", "such as A1187"),
        When("came_at", "When (may stay empty)", _past(now, referral.received_at, "received"), "such as 0331"),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        if not (given["incident"] or given["crew"]):
            raise Invalid("A link needs an incident number or a crew.", "Type one.", "incident")
        command = commands.LinkLate(
            referral_id=referral.id,
            service="ems" if given["service"] == "ems" else "police",
            incident=given["incident"],
            crew=given["crew"],
            came_at=at_of(given, "came_at"),
        )
        return [Order(command, title)]

    return Sheet(title, fields, make, "Link them")


def places_free(places: Sequence[Row], now: Now) -> Sheet:
    """How many places somewhere has free, and who says so."""
    fields = [
        Pick("place", "Where", places, "Choose where."),
        Write("free", "Places free", "a number", "Type how many."),
        Write("said_by", "Who says so", missing="Type who says so."),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        if not given["free"].isdecimal():
            raise Invalid("How many places are free is a number.", "Type it, such as 2.", "free")
        command = commands.SayPlacesFree(
            destination=given["place"], free=int(given["free"]), said_by=given["said_by"], at=now()
        )
        return [Order(command, f"Places free: {given['place']}")]

    return Sheet("Places free", fields, make, "Say so")
