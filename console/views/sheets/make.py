"""The sheets there are: what each asks, and the commands it comes to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, cast
from uuid import UUID

from console.views.form.choice import Option
from console.views.sheets import care
from console.views.sheets.destinations import place_details
from console.views.sheets.ending import ANSWERS, asked_by_end, ending_rows, force_question
from console.views.sheets.fields import Choose, Note, Pick, SheetField, Write, WriteLines
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Order, Sheet
from console.views.sheets.voices import SPOKEN_BY
from console.views.sheets.when import When
from console.views.sheets.wishes import THE_CREW, wish_fields, wish_orders
from db import commands
from db.commands.base import Command
from db.domain.about import AboutItem
from db.domain.care import DIED
from db.domain.clocks import local_time
from db.domain.records import Referral, YesNo
from db.domain.reference import ReferenceData
from db.domain.resolving import Belongs, Limit
from db.domain.rules import Rules
from db.domain.states import AssignmentState
from db.domain.time_order import KnownTime, belongs
from db.domain.typed_times import next_at
from db.errors import Invalid

if TYPE_CHECKING:
    from db.commands.voices import Speaker
    from db.domain.measures import Care

Now = Callable[[], datetime]
# Beside "A&E avoided": to take somebody there who needs it is care, and no failure.
_CARE = (
    Option("needed and done", "Needed, and went", "1"),
    Option("needed and not done", "Needed, did not go", "2"),
    Option("not needed", "Not needed", "3"),
    Option("unknown", "Not known", "4"),
)
_OF_THE_DEAD: Final = {"ae": "unknown", "police": "unknown", "care": "", "feedback": ""}


def reason(title: str, kind: str, go: str, reference: ReferenceData, command: Callable[[str], Command]) -> Sheet:
    """Pick a reason of a kind; the command is made with its code."""
    rows = [Row(choice.code, choice.label) for choice in reference.reasons.get(kind, ())]
    return Sheet(title, [Pick("reason", "", rows)], lambda given: [Order(command(given["reason"]), title)], go)


def words(title: str, label: str, missing: str, go: str, command: Callable[[str], Command]) -> Sheet:
    """Type a reason in words."""
    field = Write("reason", label, missing=missing)
    return Sheet(title, [field], lambda given: [Order(command(given["reason"]), title)], go)


def close(
    referral: Referral, reference: ReferenceData, now: Now, asked: Sequence[AboutItem] = (), *, ems_released: bool
) -> Sheet:
    """Outcome, who is responsible next, three answers, whether what was asked for was kept, and what was said."""
    title = f"Close {referral.reference}"
    outcome = Pick(
        "outcome",
        "Outcome",
        ending_rows(reference, "outcome"),
        "Choose the outcome.",
    )
    counted = [
        Choose("ae", "A&E avoided", ANSWERS, "Answer whether A&E was avoided."),
        Choose(
            "ems",
            "EMAS crew released",
            ANSWERS,
            "Answer whether the EMAS crew was released.",
            # The record knows of the release; of the other two only whoever was there does.
            "yes" if ems_released else "",
        ),
        Choose("police", "Police avoided", ANSWERS, "Answer whether the police were avoided."),
        *wish_fields(asked, reference, "Kept? (may stay empty) "),
        # Words of the person are never put down to a crew that was not there.
        Choose(
            "said_by",
            "Feedback from (may stay empty)",
            SPOKEN_BY,
            "",
            "EMAS crew" if referral.ems_callsign else "",
        ),
        WriteLines("feedback", "Feedback, word for word", "in their own words"),
        Choose("care", "Was A&E needed? (may stay empty)", _CARE, ""),
    ]
    force = force_question()
    needless = not_of_the_dead(counted)
    ending = asked_by_end(outcome, "outcome", reference, now, referral, force, needless)

    def make(given: Mapping[str, str]) -> list[Order]:
        # What was answered before *died* was chosen stays in its field, out of sight, and is not said.
        given = given if given["outcome"] != DIED else {**given, **_OF_THE_DEAD, "ems": given["ems"] or "unknown"}
        closing = commands.Close(
            referral_id=referral.id,
            outcome=given["outcome"],
            ae_avoided=YesNo(given["ae"]),
            ems_released=YesNo(given["ems"]),
            police_avoided=YesNo(given["police"]),
            next=ending.read(given),
            ae_care=cast("Care | None", given["care"] or None),
            force_used=YesNo(given["force"]) if given["force"] else None,
        )
        kept = () if given["outcome"] == DIED else asked
        said = _feedback(referral, given["said_by"], given["feedback"])
        return [Order(closing, title), *wish_orders(referral, kept, given, THE_CREW), *said]

    # Who is with the person comes before what is counted: the sheet is longer than a small screen.
    fields: list[SheetField] = [outcome, *ending, *counted, force]
    return Sheet(title, fields, make, "Close")


def not_of_the_dead(counted: Sequence[SheetField]) -> Callable[[str], None]:
    """What hides, of an end by its code, what nobody should have to answer of the dead."""
    hidden: list[SheetField] = []

    def show(code: str) -> None:
        # Some are out of sight already, until another answer asks for them.
        hidden.extend(field for field in counted if code == DIED and not field.isHidden())
        for field in hidden:
            field.setVisible(code != DIED)
        if code != DIED:
            hidden.clear()

    return show


def _feedback(referral: Referral, said_by: str, said: str) -> list[Order]:
    if not said:
        return []
    if not said_by:
        raise Invalid("Feedback needs a speaker.", "Choose who said it.", "said_by")
    command = commands.AddFeedback(referral_id=referral.id, said_by=cast("Speaker", said_by), words=said)
    return [Order(command, f"Feedback on {referral.reference}")]


def hold(referral: Referral, reference: ReferenceData, now: Now, due: datetime | None = None) -> Sheet:
    """Until when, and why; past ``due``, by when a crew must be with the person, also that they agreed to wait."""
    title = f"Hold {referral.reference}"
    until = (Option("30", "+30 min", "1"), Option("60", "+1 h", "2"), Option("0830", "at 0830", "3"))
    rows = [Row(choice.code, choice.label) for choice in reference.reasons.get("hold", ())]
    chosen = Choose("until", "Until", until, "")
    time = When(
        "time",
        "or until a time of day",
        lambda: _hold_belongs(now(), reference.rules),
        "such as 0415",
        otherwise=lambda: _hold_chosen(chosen.value(), now()),
    )
    # The reading below the line is that of the chosen end while nothing is typed.
    chosen.row.edited.connect(time.read_again)
    spoken = care.SpokenFields.ask(referral, now, must=True)

    def end(typed: str, picked: str) -> datetime | None:
        # What is typed goes before what is chosen.
        return datetime.fromisoformat(typed) if typed else _hold_chosen(picked, now())

    def show(*_changed: object) -> None:
        at = end(time.value(), chosen.value())
        for field in (spoken.name, spoken.at):
            # A hold stops no clock: past the time by which a crew is due only the person themselves may agree to
            # wait.
            field.setVisible(due is not None and at is not None and at > due)

    chosen.row.edited.connect(show)
    time.moment.changed.connect(show)
    show()
    fields = [chosen, time, Pick("reason", "Why", rows, "Choose why."), spoken.name, spoken.at]

    def make(given: Mapping[str, str]) -> list[Order]:
        at = end(given["time"], given["until"])
        if at is None:
            raise Invalid("A hold needs an end.", "Choose one, or type a time such as 0415.")
        if due is not None and at > due and not given["spoken_name"]:
            raise Invalid(
                f"A crew is due by {local_time(due, now())}: the person agrees to wait longer, or it is no hold.",
                "Type the name of the person you spoke to.",
                "spoken_name",
            )
        # Fields that were hidden again keep what was typed, and are not meant any more.
        said = care.SpokenFields.read(given) if due is not None and at > due else None
        command = commands.Hold(
            referral_id=referral.id, until=at, reason=given["reason"], spoken=said or commands.Spoken()
        )
        return [Order(command, title)]

    return Sheet(title, fields, make, "Hold")


def _hold_belongs(now: datetime, rules: Rules) -> Belongs:
    return Belongs(now, to_come=True, not_after=Limit(now + rules.longest_hold, "the longest hold,"))


def _hold_chosen(chosen: str, now: datetime) -> datetime | None:
    if chosen in {"30", "60"}:
        return now + timedelta(minutes=int(chosen))
    return next_at(chosen, now)


def amend(referral: Referral, times: Callable[[], Sequence[KnownTime]], now: Now) -> Sheet:
    """Correct one of the times that are there when the sheet is used, or enter one that nobody reported."""
    shown: dict[str, KnownTime] = {}

    def rows() -> list[Row]:
        shown.clear()
        shown.update((_key(one), one) for one in times())
        return [
            Row(key, one.words, "not reported" if one.missed else local_time(one.at, now()))
            for key, one in shown.items()
        ]

    def wanted() -> Belongs:
        there = times()
        this = next((one for one in there if _key(one) == which.value()), None)
        return belongs(this, there, now()) if this else Belongs(now())

    which = Pick("which", "Which time", rows(), "Choose which time was wrong, or is missing.", again=rows)
    time = When("time", "What it was", wanted, "such as 0331 or 22 Nov 0331", "Type the time, such as 0331.")
    which.aimed.connect(lambda _value: time.read_again())
    fields = [which, time, Write("reason", "Why it is amended", missing="Say why it is amended.")]

    def make(given: Mapping[str, str]) -> list[Order]:
        # The field comes last, since its name may have spaces.
        entity, key, field = given["which"].split(" ", 2)
        was = shown[given["which"]]
        command = commands.AmendTime(
            entity=cast("Literal['referral', 'assignment', 'handover']", entity),
            id=UUID(key),
            field=field,
            at=datetime.fromisoformat(given["time"]),
            reason=given["reason"],
            # As it was read in the list: another lead may have amended it while this was typed.
            before=None if was.missed else was.at,
        )
        return [Order(command, f"Amend the time of {field}")]

    return Sheet(f"Amend a time of {referral.reference}", fields, make, "Amend")


def _key(time: KnownTime) -> str:
    return f"{time.entity} {time.row_id} {time.field}"


def allocate(
    referral: Referral, rows: Sequence[Row], heads_up: str = "", beside: Callable[[], tuple[UUID, ...]] = tuple
) -> Sheet:
    """Pick a van of a ranked list; the best is under the hand, below what must be known of the person.

    Args:
        referral: where it goes.
        rows: the vans, the best first.
        heads_up: what must be known.
        beside: who else goes there now. What the sheet was opened on goes with the van, and not what came while
            somebody chose: whoever is told of another van sends theirs by a second Enter.
    """
    names, known = {row.value: row.text for row in rows}, [beside()]

    def make(given: Mapping[str, str]) -> list[Order]:
        van = given["van"]
        command = commands.Allocate(referral_id=referral.id, van_id=UUID(van), beside=known.pop())
        known.append(beside())
        return [Order(command, f"Allocate {names.get(van, 'a van')} to {referral.reference}")]

    field = Pick("van", "", rows, "No van can be sent now.", first=True)
    fields = [Note("known", heads_up), field] if heads_up else [field]
    return Sheet(f"Allocate to {referral.reference}", fields, make, "Allocate")


def convey(referral: Referral, callsign: str, assignment_id: UUID, reference: ReferenceData, now: Now) -> Sheet:
    """Where the van takes the person."""
    title = f"{callsign} conveying: {referral.reference}"

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.Step(
            assignment_id=assignment_id, to=AssignmentState.CONVEYING, destination=_place(given)
        )
        return [Order(command, f"{callsign} conveying · {referral.reference}")]

    return Sheet(title, _places(reference, now), make, "Conveying")


def next_handover(referral: Referral, reference: ReferenceData, now: Now) -> Sheet:
    """To whom the CRU hands the person next."""

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.ExpectHandover(referral_id=referral.id, from_party="CRU", to_party=_place(given))
        return [Order(command, f"Handover to {_place(given)}")]

    return Sheet(f"Hand over {referral.reference}", _places(reference, now), make, "Hand over")


def _places(reference: ReferenceData, now: Now) -> list[Pick | Write]:
    def rows() -> list[Row]:
        return place_rows(reference, now())

    return [Pick("place", "Where to", rows(), "", again=rows), Write("other", "or somewhere else")]


def place_rows(reference: ReferenceData, now: datetime) -> list[Row]:
    """Where people may be taken: whether it is open now, and how many places are free by whose word."""
    return [
        Row(choice.code, choice.code, choice.label, place_details(reference.places.get(choice.code), now))
        for choice in reference.destinations
    ]


def _place(given: Mapping[str, str]) -> str:
    place = given["other"] or given["place"]
    if not place:
        raise Invalid("Nobody said where to.", "Choose a place, or type one.", "place")
    return place


def menu(title: str, rows: Sequence[Row], chosen: Callable[[str], None], under_hand: str = "") -> Sheet:
    """More actions: the pick is handed on, and nothing is sent. One may be under the hand from the start."""

    def make(given: Mapping[str, str]) -> list[Order]:
        chosen(given["step"])
        return []

    pick = Pick("step", "", rows)
    if under_hand:
        pick.prefer(under_hand)
    return Sheet(title, [pick], make, "Go on")
