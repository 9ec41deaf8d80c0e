"""What is asked about a record: until when it is answered, how long a record is kept, and how both are said."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from console.views.person.lines import (
    asked_lines,
    count_words,
    happened_lines,
    heading,
    kept_lines,
    matching,
    request_words,
)
from db.domain.inbox import LATER, inbox
from db.domain.person_requests import (
    Keeping,
    PersonRequest,
    RequestKind,
    RequestState,
    WaitingRequest,
    a_month_after,
)
from db.domain.request_alarms import request_alarms
from db.person_queries import PersonRead, TheirReferral
from db.reports.document import Column, Document, Table
from db.reports.referral_parts import PARTS
from tests.unit.board_records import reference

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
LAST, UNTIL = datetime(2004, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 1, 12, tzinfo=UTC)
KEPT = Keeping(LAST, UNTIL, is_erased=False, is_asked=False, years=20.0, set_by="L. Lead", set_on=date(2026, 1, 2))


def request(number: int = 1, **but: object) -> PersonRequest:
    given: dict[str, object] = {
        "id": UUID(int=number),
        "referral_id": UUID(int=9),
        "reference": "CRU-20261122-0042",
        "kind": RequestKind.CORRECTION,
        "about": "",
        "said_by": "the person",
        "words": "It was the other door.",
        "made_by": "A. Shah",
        "made_at": datetime(2026, 11, number, 9, tzinfo=UTC),
        "state": RequestState.OPEN,
    }
    return PersonRequest(**(given | but))  # type: ignore[arg-type] # as the class has them


@pytest.mark.parametrize(
    ("day", "then"),
    [
        ("2026-11-27", "2026-12-27"),
        ("2026-12-31", "2027-01-31"),
        ("2027-01-31", "2027-02-28"),
        ("2028-01-30", "2028-02-29"),
        ("2027-03-31", "2027-04-30"),
    ],
)
def test_it_is_answered_within_a_month(day: str, then: str) -> None:
    assert a_month_after(date.fromisoformat(day)) == date.fromisoformat(then)


def test_a_month_begins_on_the_day_in_london() -> None:
    # Half past midnight of the first of July, by the clock on the wall.
    assert request(made_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC)).answer_by == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("keeping", "says", "is_due"),
    [
        (
            KEPT,
            "Due to be erased since 1 May 2024: the rule is 20 years after the last contact, set by L. Lead",
            True,
        ),
        (Keeping(LAST, UNTIL, False, True, 20, "x", None), "kept until what was asked is answered", False),
        (
            Keeping(None, None, False, False, 7.5, "x", None),
            "anything about them is open; the rule is 7.5 years",
            False,
        ),
        (Keeping(UNTIL, NOW, False, False, 20, "x", None), "Kept until 27 Nov 2026", False),
        (Keeping(None, None, True, False, 20, "x", None), "is erased", False),
        (Keeping(LAST, UNTIL, True, False, 20, "x", None), "is erased", False),
    ],
)
def test_how_long_a_record_is_kept_is_said_with_the_rule(keeping: Keeping, says: str, is_due: bool) -> None:
    assert says in keeping.in_words(NOW)
    assert keeping.is_due(NOW) is is_due


def test_what_waits_longest_stands_first_and_says_by_when() -> None:
    answered = {"state": RequestState.REFUSED, "answer": "It is what was said.", "answered_by": "L. Lead"}
    done = request(3, answered_at=NOW, statement="It was not.", about="Narrative", **answered)
    lines = asked_lines([done, request(2), request(1, kind=RequestKind.ERASING)])
    assert [line.what for line in lines] == [
        "Erasing: by 1 Dec 2026",
        "Correction: by 2 Dec 2026",
        "Correction, Narrative: refused",
    ]
    assert lines[-1].words == (
        "the person: It was the other door. · L. Lead, 27 Nov 2026 03:00: It is what was said."
        " · to stand beside it: It was not."
    )
    given = request(kind=RequestKind.COPY, state=RequestState.DONE)
    assert request_words(given) == "Copy: given out"
    assert request_words(request(state=RequestState.WITHDRAWN)) == "Correction: wanted no longer"


def test_who_looked_and_who_they_were_said_to_be_follow_with_the_newest_first() -> None:
    looks = ((NOW, "A. Shah", "R1", ""), (LAST, "L. Lead", "R1", "Given out to the GP: PDF, care"))
    links = ((UNTIL, "A. Shah", "R1", "R2", False, True),)
    read = PersonRead((), KEPT, (request(),), (), looks, links)
    assert [(line.what, line.words) for line in happened_lines(read)][1:] == [
        ("Looked at", ""),
        ("Said to be two people", "R1 and R2; taken back"),
        ("Record given out", "Given out to the GP: PDF, care"),
    ]


def document(*tables: Table) -> Document:
    return Document(title="x", service="x", subject="x", made_at=NOW, made_by="x", parts=tables)


def test_what_is_kept_is_a_line_each_but_for_what_is_short_and_much() -> None:
    whose, what, now = Column("Referral"), Column("What"), Column("As it stands now")
    written = [
        ("R1", "Source", "EMAS"),
        ("R1", "Narrative", "By the canal."),
        ("R1", "State", "closed"),
        ("R2", "NHS number", "943 476 5919"),
    ]
    times = [("R1", "Sent", NOW), ("R1", "Screened", None), ("R1", "Closed", NOW)]
    flags = [("R2", "pets", "a dog", None), ("R1", "access", "a gate", NOW)]
    lines = kept_lines(
        document(
            Table("details", "What was written down", (whose, what, now), written),
            Table("times", "Times", (whose, Column("Time"), Column("When", "moment")), times),
            Table("flags", "Flags", (whose, Column("Kind"), Column("Why"), Column("Until")), flags),
            Table("events", "Events", (whose, what, now), [("R1", "looked", "x")]),
        )
    )
    assert [(one.reference, one.what, one.words) for one in lines] == [
        ("R2", "NHS number", "943 476 5919"),
        ("R2", "Flags", "Kind: pets; Why: a dog"),
        ("R1", "Narrative", "By the canal."),
        ("R1", "And", "Source: EMAS; State: closed"),
        ("R1", "Times", "Sent 27 Nov 2026 03:00:00; Closed 27 Nov 2026 03:00:00"),
        ("R1", "Flags", "Kind: access; Why: a gate; Until: 27 Nov 2026 03:00:00"),
    ]
    assert matching(lines, "") == lines
    assert [one.words for one in matching(lines, "canal R1")] == ["By the canal."]
    assert matching(lines, "canal R2") == []


def waiting(made_at: datetime, kind: RequestKind = RequestKind.COPY) -> WaitingRequest:
    return WaitingRequest(UUID(int=3), UUID(int=9), "CRU-20261122-0042", kind, made_at)


@pytest.mark.parametrize(
    ("made", "last"),
    [
        ("2026-11-03T09:00Z", "2026-12-03T23:59Z"),
        # The clocks go back and forth between: the last day ends where it ends on the wall.
        ("2026-09-30T12:00Z", "2026-10-30T23:59Z"),
        ("2027-02-28T12:00Z", "2027-03-28T22:59Z"),
        ("2026-06-30T23:30Z", "2026-08-01T22:59Z"),
        ("2027-01-31T00:00Z", "2027-02-28T23:59Z"),
    ],
)
def test_it_is_late_when_its_last_day_is_over_in_london(made: str, last: str) -> None:
    due = datetime.fromisoformat(last)
    (alarm,) = request_alarms([waiting(datetime.fromisoformat(made))])
    second = timedelta(seconds=1)
    assert [alarm.sounds(at) for at in (due - second, due, due + timedelta(days=99))] == [False, True, True]


@pytest.mark.parametrize("kind", RequestKind)
def test_what_is_late_is_told_by_its_reference_and_names_nobody(kind: RequestKind) -> None:
    one = waiting(datetime(2026, 11, 3, 9, tzinfo=UTC), kind)
    (alarm,) = request_alarms([one])
    said = alarm.sentence(one.due_at + timedelta(hours=30))
    assert said == f"CRU-0042 22 Nov 2026 {kind} of the record was asked for, the answer is late by 1 d 6 h"
    assert alarm.told == f"{kind} of the record was asked for, the answer is late"


def test_it_stands_in_the_inbox_from_a_week_before_and_only_once_when_it_is_late() -> None:
    one = waiting(datetime(2026, 11, 3, 9, tzinfo=UTC))
    (alarm,) = request_alarms([one])
    found = []
    for minutes, heard in ((-7 * 1440 - 1, ()), (-7 * 1440, ()), (1, (alarm,)), (1, ())):
        at = one.due_at + timedelta(minutes=minutes)
        lines = inbox((), (), heard, None, reference(), at, requests=(one,))
        found.append([(line.key, line.grave, line.is_record, line.referral_id) for line in lines])
    key, whose = alarm.key, UUID(int=9)
    # Last as a trust has it that takes the alarm out of service: it stands there all the same.
    assert found == [
        [],
        [(key, LATER, True, whose)],
        [(key, 3, True, whose)],
        [(key, LATER - 1, True, whose)],
    ]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("screenings", "Question Answer"),
        ("vans", "Van Step 27 Nov 2026 03:00:00 Where to, or why"),
        ("handovers", "From To Step 27 Nov 2026 03:00:00"),
    ],
)
def test_of_many_short_rows_a_line_says_what_was_done_and_when_and_whether_it_was_taken_back(
    key: str, says: str
) -> None:
    # Each cell says the heading of its column, so that the line tells which of them it is made of.
    part = next(one for one in PARTS if one.key == key)
    gone = ("R1", *(NOW if one.kind == "moment" else one.title for one in part.columns))
    stands = tuple(None if one == NOW and place == len(gone) - 1 else one for place, one in enumerate(gone))
    table = Table(key, "Title", (Column("Referral"), *part.columns), [stands, gone])
    (line,) = kept_lines(document(table))
    assert (line.what, line.words) == ("Title", f"{says}; {says} (taken back 27 Nov 2026 03:00:00)")


def theirs(number: int, name: str = "", born: date | None = None, nhs_number: str = "") -> TheirReferral:
    received_at = NOW - timedelta(days=10 - number)
    return TheirReferral(UUID(int=number), f"R{number}", received_at, "closed", name, born, nhs_number, {})


def test_the_heading_says_each_name_day_and_number_once_and_nothing_that_nobody_knows() -> None:
    day = date(1970, 5, 3)
    referrals = (theirs(1), theirs(2, "Ida Plover", day), theirs(3, "I. Plover", day, "9434765919"))
    read = PersonRead(referrals, KEPT, (), (), (), ())
    assert heading(read) == "Ida Plover or I. Plover, born 3 May 1970, NHS 943 476 5919"
    assert count_words(read) == "3 referrals, 18 Nov 2026 03:00 to 20 Nov 2026 03:00"
    nobody = PersonRead(referrals[:1], KEPT, (), (), (), ())
    assert heading(nobody) == "Nobody knows their name"
    assert count_words(nobody) == "one referral, 18 Nov 2026 03:00"
