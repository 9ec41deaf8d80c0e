"""Sheets about the person: what they say, who they are, flags, the brief, and an interpreter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, cast
from uuid import UUID

from console.views.form.choice import Option
from console.views.form.topics import ANSWERS, SAFER
from console.views.sheets.fields import Choose, Note, Pick, SheetField, Write, WriteLines
from console.views.sheets.row_layout import Row
from console.views.sheets.sheet import Order, Sheet
from console.views.sheets.when import When
from console.views.sheets.wishes import asked_words
from db import commands
from db.domain import about, languages
from db.domain.about import Said, Topic, TopicKind
from db.domain.brief import labels_of
from db.domain.cautions import (
    A_MONTH,
    FLAG_LABELS,
    LONGEST,
    MORNING,
    STAFF_SAFETY,
    Flag,
    end_of_day,
    end_words,
)
from db.domain.known import KnownHere, KnownReferral, since_words
from db.domain.read_back import CHANNELS
from db.domain.records import Referral
from db.domain.reference import ReferenceData
from db.domain.resolving import Belongs
from db.domain.texts import told
from db.domain.typed_times import next_at
from db.errors import Invalid
from db.ethnicity import categories
from db.neighbourhoods import TENTHS_IN_WORDS

Now = Callable[[], datetime]
_SUBJECTS: Final = (Option("person", "the person", "P"), Option("address", "the address", "A"))
_REVIEWS: Final = (
    Option(MORNING, "08:00", "1"),
    Option("month", "+30 days", "2"),
    Option("half", "+6 months", "3"),
    Option("year", "+12 months", "4"),
    Option("day", "on a day", "5"),
)
_DANGER, _TO_KNOW = "danger", "to know"
_SPEAKS: Final = (Option(_DANGER, "Danger now for staff", "D"), Option(_TO_KNOW, "To know", "K"))
_ALL: Final = "all"
_ETHNICITY: Final = "ethnicity"
_DEPRIVATION: Final = "deprivation"
_MEASURED: Final = (_ETHNICITY, _DEPRIVATION)
_CODED: Final = (TopicKind.ANSWER, TopicKind.SAFER)


def tell(referral: Referral, reference: ReferenceData, said: Sequence[Said]) -> Sheet:
    """One thing about the person, on any topic, and who said it."""
    topics = {one.key: one for one in reference.topics if one.offered and one.kind is not TopicKind.NOTICE}
    rows = [Row(key, one.label, _already(one, said, reference)) for key, one in topics.items()]
    rows.append(Row(_ETHNICITY, "Ethnicity, as they say it", "for the measures alone"))
    rows.append(Row(_DEPRIVATION, "Deprivation of where they live", "for the measures; the postcode may tell it"))
    which = Pick("topic", "About", rows, "Choose what it is about.")
    ethnic = Pick(
        "ethnicity", "They say", [Row(one.code, one.label) for one in categories()], "Choose what they say."
    )
    tenth = Pick("tenth", "Tenth", [Row(*one) for one in TENTHS_IN_WORDS.items()], "Choose the tenth.")
    answer = Choose("answer", "Answer", ANSWERS, "Choose the answer.")
    safer = Choose("safer", "Safer with", SAFER, "")
    line = Write("words", "In their words")
    by = Write("said_by", "Said by", "the person, a daughter, the GP …", "Say who said it.")
    by.edit.setText(about.THE_PERSON)
    why = Write("why", "Why, now that it is over", "only where something else was said before")

    def show(value: str) -> None:
        kind = topics[value].kind if value in topics else TopicKind.WORDS
        answer.setVisible(kind is TopicKind.ANSWER)
        safer.setVisible(kind is TopicKind.SAFER)
        ethnic.setVisible(value == _ETHNICITY)
        tenth.setVisible(value == _DEPRIVATION)
        for field in (line, by):
            field.setVisible(value not in _MEASURED)
        why.setVisible(value in _MEASURED and not referral.is_open)

    which.aimed.connect(show)
    # Only hidden: what is shown before it lies in a sheet is a window of its own.
    for field in (ethnic, tenth, answer, safer, why):
        field.hide()

    def make(given: Mapping[str, str]) -> list[Order]:
        if given["topic"] == _ETHNICITY:
            group = next(one.group for one in categories() if one.code == given["ethnicity"])
            said = commands.SayEthnicity(referral_id=referral.id, group=group, reason=given["why"])
            return [Order(said, f"Ethnicity · {referral.reference}")]
        if given["topic"] == _DEPRIVATION:
            tenth_now = int(given["tenth"]) or None
            lives = commands.SayDeprivation(referral_id=referral.id, tenth=tenth_now, reason=given["why"])
            return [Order(lives, f"Deprivation · {referral.reference}")]
        topic = topics[given["topic"]]
        says = read_said(topic, given["words"], given["answer"] or given["safer"], given["said_by"], reference)
        command = commands.TellAbout(referral_id=referral.id, says=says)
        return [Order(command, f"About me: {topic.label} · {referral.reference}")]

    return Sheet(
        f"About me: {referral.reference}", [which, ethnic, tenth, answer, safer, why, line, by], make, "Add"
    )


def _already(topic: Topic, said: Sequence[Said], reference: ReferenceData) -> str:
    words = "; ".join(about.rendered(one, labels_of(topic, reference)) for one in about.of_topic(said, topic.key))
    return told(words if len(words) <= 40 else words[:39].rstrip() + "…")


def read_said(topic: Topic, words: str, code: str, by: str, reference: ReferenceData) -> tuple[Said, ...]:
    """What was typed or chosen on a topic, as it is kept: by code wherever that is certain.

    Raises:
        Invalid: nothing was typed or chosen.
    """
    if topic.kind in _CODED:
        if not (code or words):
            raise Invalid("There is nothing written.", "Choose an answer.", "words")
        return (Said(topic.key, code, words, by),)
    if not words:
        raise Invalid("There is nothing written.", "Type it in their words.", "words")
    if topic.kind is TopicKind.LANGUAGE:
        return languages.read(words, reference.languages, by)
    if topic.kind is TopicKind.MOBILITY:
        known = {one.label.casefold(): one.code for one in reference.mobility if one.offered}
        # Only the very words of the list are a code: anything else is kept as it was said.
        code = known.get(words.casefold(), "")
        return (Said(topic.key, code, "" if code else words, by),)
    return (Said(topic.key, "", words, by),)


def take_over(referral: Referral, known: KnownHere, reference: ReferenceData) -> Sheet:
    """What was kept from before: all of it, or one thing at a time; nothing comes by itself."""
    topics = {one.key: one for one in reference.topics}
    rows = [Row(str(item.id), asked_words(item, topics, reference), item.said.said_by) for item in known.kept]
    # Last, and only where there is more than one: what holds is asked about thing by thing.
    every = Row(_ALL, f"All {len(rows)} of it, read out and confirmed")

    def make(given: Mapping[str, str]) -> list[Order]:
        ids = tuple(item.id for item in known.kept) if given["item"] == _ALL else (UUID(given["item"]),)
        return [
            Order(
                commands.TakeOver(referral_id=referral.id, item_ids=ids),
                f"Kept from before · {referral.reference}",
            )
        ]

    note = Note("note", "Kept with consent at an earlier contact. Ask whether it still holds.")
    field = Pick("item", "Take over", [*rows, *([every] if len(rows) > 1 else [])], "Choose what still holds.")
    return Sheet(f"Kept for next time: {referral.reference}", [note, field], make, "Take over")


def who_is_it(referral: Referral, known: KnownHere, now: Now) -> Sheet:
    """Whether another referral is of the same person. A word that was wrong is put right by another one."""
    rows = [
        Row(
            str(one.referral_id),
            one.reference,
            "",
            ((since_words(one.received_at, now()), "dim"), (one.found_by, "dim"), (_word_on(one), "dim")),
        )
        for one in known.about_whom
    ]
    same = (Option("same", "The same person", "S"), Option("not", "Not the same", "N"))
    fields = [
        Pick("other", "Other referral", rows, "Choose one.", first=True),
        Choose("same", "Is it", same, "Say whether it is the same person."),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.SayWhoItIs(
            referral_id=referral.id, other_id=UUID(given["other"]), is_same=given["same"] == "same"
        )
        return [Order(command, f"Who it is · {referral.reference}")]

    return Sheet(f"Who is it? {referral.reference}", fields, make, "Say so")


def _word_on(one: KnownReferral) -> str:
    """What holds of the two now, which the sheet may turn."""
    if one.word is None:
        return "taken for the same" if one.is_same else "not said yet"
    return "said to be the same" if one.word else "said not to be the same"


def interpreter(referral: Referral, reference: ReferenceData, wanted: Sequence[str], now: Now) -> Sheet:
    """Who was booked, for which language, under which reference, for when."""
    rows = [one for one in reference.languages.rows if one.offered]
    # What the person speaks stands first, and the rest as it was.
    first = sorted(rows, key=lambda one: one.code not in wanted)
    fields = [
        Pick(
            "language", "Language", [Row(one.code, one.label) for one in first], "Choose the language.", first=True
        ),
        Write("booked_with", "Booked with", "the agency or the person", "Say who was booked."),
        Write("booking", "Their reference (may stay empty)"),
        When("for", "For when (empty: at once)", lambda: Belongs(now(), to_come=True), "such as 0415"),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.BookInterpreter(
            referral_id=referral.id,
            language=given["language"],
            booked_with=given["booked_with"],
            booking=given["booking"],
            booked_for=datetime.fromisoformat(given["for"]) if given["for"] else None,
        )
        return [Order(command, f"Interpreter booked · {referral.reference}")]

    return Sheet(f"Interpreter for {referral.reference}", fields, make, "Booked")


def read_back(
    referral: Referral, job: UUID, callsign: str, crew: Sequence[str], brief: Callable[[], str]
) -> Sheet:
    """The brief as it stands; who of the crew read it back, and how."""
    names = [Option(name, name, str(place)) for place, name in enumerate(crew[:9], 1)]
    channels = [Option(one, one, one[0].upper()) for one in CHANNELS]
    note = Note("brief", brief())
    fields: list[SheetField] = [note]
    if names:
        fields.append(Choose("crew", "Read back by", names, "", crew[0] if len(crew) == 1 else ""))
    fields += [Write("other", "or somebody else"), Choose("channel", "By", channels, "Choose how.", CHANNELS[0])]

    def make(given: Mapping[str, str]) -> list[Order]:
        who = given["other"] or given.get("crew", "")
        if not who:
            raise Invalid("Nobody is named who read it back.", "Choose who.", "crew" if names else "other")
        now = brief()
        # What the crew read was what the sheet showed; the record keeps no reading of words that nobody read.
        if now != given["brief"]:
            note.say(now)
            raise Invalid("The brief has changed meanwhile.", "Read it again, as it stands now.")
        command = commands.ReadBriefBack(
            referral_id=referral.id, assignment_id=job, read_by=who, channel=given["channel"], brief=now
        )
        return [Order(command, f"{callsign} read the brief back · {referral.reference}")]

    return Sheet(f"Brief for {callsign}: {referral.reference}", fields, make, "Read back")


def flag(referral: Referral, now: Now) -> Sheet:
    """What whoever goes there must know, and when somebody looks at it again."""
    title = f"Flag on {referral.reference}"
    kinds = [Option(kind, label, str(number)) for number, (kind, label) in enumerate(FLAG_LABELS.items(), 1)]
    kind = Choose("kind", "What kind", kinds, "Choose what kind.")
    danger = _danger_field(kind)
    fields = [
        kind,
        danger,
        Choose("subject", "On", _SUBJECTS, "Choose whether it is about the person or the address."),
        *_review_fields(),
        WriteLines("reason", "What a crew needs to know", missing="Type what a crew needs to know."),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        command = commands.AddFlag(
            referral_id=referral.id,
            subject=cast("Literal['person', 'address']", given["subject"]),
            kind=given["kind"],
            reason=given["reason"],
            expires_at=_review(given["ends"], given["day"], now()),
            danger=given["danger"] == _DANGER if given["kind"] == STAFF_SAFETY else None,
        )
        return [Order(command, title)]

    return Sheet(title, fields, make, "Add the flag")


def _danger_field(kind: Choose) -> Choose:
    """Danger now stops the next step, so it is said and never guessed: nothing is chosen from the start."""
    field = Choose("danger", "For whoever goes there", _SPEAKS, "Choose whether it is danger now, or to know.")

    def show() -> None:
        field.setVisible(kind.value() == STAFF_SAFETY)

    kind.row.edited.connect(show)
    show()
    return field


def _review_fields() -> tuple[Choose, Write]:
    ends = Choose("ends", "Somebody looks at it again", _REVIEWS, "Choose when somebody looks at it again.")
    day = Write("day", "At the end of", "such as 24/12", "Type the last day, such as 24/12.")
    day.hide()
    ends.row.edited.connect(lambda: day.setVisible(ends.value() == "day"))
    return ends, day


def _review(chosen: str, day: str, now: datetime) -> datetime:
    if chosen == "day":
        end = end_of_day(day, now)
        if end is None:
            raise Invalid(f'"{told(day)}" is no day to come.', "At the end of: type it such as 24/12.", "day")
        if end - now > LONGEST:
            raise Invalid("A flag is looked at again within 12 months.", "Type a day within them.", "day")
        return end
    spans = {"month": A_MONTH, "half": timedelta(days=182), "year": timedelta(days=365)}
    morning = next_at(MORNING, now)
    if chosen in spans or morning is None:
        # A morning that cannot be told falls back to a month: a flag always has an end.
        return now + spans.get(chosen, A_MONTH)
    return morning


def look_at_flag(referral: Referral, flags: Callable[[], Sequence[Flag]], now: Now) -> Sheet:
    """A flag is withdrawn, with the reason, or somebody looked at it again and goes on with it."""

    def rows() -> list[Row]:
        return [
            Row(
                str(one.id),
                told(one.words),
                one.subject,
                ((end_words(one.review_at, now()), "dim"),),
            )
            for one in flags()
        ]

    acts = (Option("withdraw", "Withdraw it", "W"), Option("go on", "Looked at: it goes on", "G"))
    what = Choose("what", "What", acts, "Choose whether it is withdrawn or goes on.")
    why = Write("reason", "Why it does not hold", missing="Say why it does not hold.")
    ends, day = _review_fields()

    def show() -> None:
        why.setVisible(what.value() == "withdraw")
        ends.setVisible(what.value() == "go on")
        day.setVisible(what.value() == "go on" and ends.value() == "day")

    what.row.edited.connect(show)
    show()

    def make(given: Mapping[str, str]) -> list[Order]:
        # Looked for again: somebody else may have withdrawn it while this was typed.
        one = next((one for one in flags() if str(one.id) == given["flag"]), None)
        if one is None:
            raise Invalid("That flag is not there any more.", "Look at it again.", "flag")
        if given["what"] == "withdraw":
            gone = commands.WithdrawFlag(flag_id=one.id, reason=given["reason"], referral_id=referral.id)
            return [Order(gone, f"Withdraw a flag · {referral.reference}")]
        # A flag never changes: to go on with it is a new one with the same words, which names the old one.
        command = commands.AddFlag(
            referral_id=referral.id,
            subject=cast("Literal['person', 'address']", one.subject),
            kind=one.kind,
            reason=one.reason,
            expires_at=_review(given["ends"], given["day"], now()),
            extends_id=one.id,
            danger=one.danger,
        )
        return [Order(command, f"Go on with a flag · {referral.reference}")]

    which = Pick("flag", "Flag", rows(), "Choose which flag.", first=True, again=rows)
    return Sheet(f"Flags of {referral.reference}", [which, what, why, ends, day], make, "Do it")
