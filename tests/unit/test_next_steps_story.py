"""Events told as a story: amendments beside what they amend, also twice, and looks apart."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from console.views.detail.story import story
from db.domain.records import Event
from db.domain.reference import ReferenceData, User
from tests.unit.cases import REFERRAL, minutes

REFERENCE = ReferenceData(
    "X", {}, {}, {}, {}, (), {}, {"l.lead": User("l.lead", "L. Lead", "shift lead", False)}, (), (), {}
)


def event(number: int, kind: str, at: float, **changed: Any) -> Event:
    known = {"van_id": None, "recorded_at": minutes(at), "recorded_by": "l.lead", "source": "user", "words": ""}
    return Event(
        id=number, referral_id=REFERRAL, kind=kind, happened_at=minutes(at), **known | {"detail": {}} | changed
    )


def amendment(number: int, kind: str, was: float, now: float, amends: int | None) -> Event:
    detail = {"time": kind, "from": minutes(was).isoformat(), "to": minutes(now).isoformat()}
    return event(
        number, "time amended", 60 + number, words=kind, detail=detail, amends=amends, reason=f"why {number}"
    )


def tell(*events: Event) -> Any:
    return story(events, REFERENCE, lambda _van: "CRU2")


def test_a_time_amended_twice_shows_both_old_ones_and_stands_where_it_counts_now() -> None:
    told = tell(
        event(1, "received", 0),
        event(2, "van on scene", 30, van_id=uuid4()),
        amendment(3, "van on scene", 30, 20, 2),
        amendment(4, "van on scene", 20, -5, 2),
    )
    assert [(line.what, line.at) for line in told.lines] == [
        ("CRU2 on scene", minutes(-5)),
        ("Received", minutes(0)),
    ]
    assert [(past.was, past.reason) for past in told.lines[0].amended] == [
        (minutes(30), "why 3"),
        (minutes(20), "why 4"),
    ]


def test_amendments_that_name_no_event_are_found_by_the_time_they_amend() -> None:
    told = tell(event(1, "closed", 90), amendment(2, "closed", 90, 80, None))
    assert told.lines[0].at == minutes(80)
    told = tell(event(1, "screening complete", 5), amendment(2, "screened", 5, 4, None))
    assert told.lines[0].at == minutes(4)


def test_a_look_is_no_line_and_names_each_reader_once() -> None:
    told = tell(event(1, "received", 0), event(2, "record opened", 1), event(3, "record opened", 20))
    assert len(told.lines) == 1
    assert told.looked == ("L. Lead",)


def test_written_later_and_from_elsewhere_is_said_and_the_usual_is_not() -> None:
    late = event(1, "van mobile", 0, van_id=uuid4(), recorded_at=minutes(4), source="geofence")
    usual = event(2, "accepted", 5, recorded_at=minutes(5) + timedelta(seconds=50))
    told = tell(late, usual)
    assert (told.lines[0].written_at, told.lines[0].source) == (minutes(4), "geofence")
    assert (told.lines[1].written_at, told.lines[1].source) == (None, "")
