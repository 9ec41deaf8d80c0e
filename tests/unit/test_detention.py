"""Somebody who is held: when the 24 hours end, told from what was typed, and never guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from db.domain.detention import Detention, detention, said_at
from db.domain.records import Event

SAID = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
"""Sunday morning, in winter: local time is UTC."""


def moment(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.hazard("H-067")
@pytest.mark.parametrize(
    ("typed", "since"),
    [
        ("from 0610, custody suite", moment(22, 6, 10)),
        ("Berrywood since 06:10", moment(22, 6, 10)),
        ("custody suite; arrived 2250", moment(21, 22, 50)),
        ("0610", moment(22, 6, 10)),
        ("place of safety, held since yesterday 0700", moment(21, 7, 0)),
        ("since 20 Nov 2315, St Mary's", moment(20, 23, 15)),
        ("two hours ago", moment(22, 7, 30)),
        ("at 11:45pm (custody)", moment(21, 23, 45)),
        ("custody suite", None),
        ("flat 12, since this morning", None),
        ("", None),
    ],
)
def test_since_when_is_the_last_such_time_before_it_was_typed(typed: str, since: datetime | None) -> None:
    for code in ("s135", "s136"):
        assert detention(f"{code}: {typed}" if typed else code, SAID) == Detention(since)


@pytest.mark.parametrize("legal", ["", "none: 0610", "voluntary", "s13", "s2: ward, 0610"])
def test_nobody_else_is_held(legal: str) -> None:
    assert detention(legal, SAID) is None


@pytest.mark.hazard("H-067")
def test_when_it_ends_and_who_has_to_see_to_it() -> None:
    held = Detention(moment(22, 6, 10))
    assert held.ends == moment(23, 6, 10)
    assert held.words(moment(22, 9, 30)) == "24 h end 06:10 Mon 23 Nov, in 20 h 40"
    assert held.words(moment(23, 7, 0)) == "24 h ended 06:10, 50 min ago"
    assert not held.is_pressing(moment(23, 3, 9))
    assert held.is_pressing(moment(23, 3, 10))
    assert held.is_pressing(moment(23, 9, 0))
    assert Detention(None).is_pressing(SAID)
    assert Detention(None).words(SAID) == "24 h: since when is not known"


def test_through_the_night_in_which_the_clocks_change_it_is_24_hours() -> None:
    held = detention("s136: from 2200", datetime(2026, 10, 24, 22, 30, tzinfo=UTC))
    assert held is not None
    assert held.since == datetime(2026, 10, 24, 21, 0, tzinfo=UTC)
    assert held.words(datetime(2026, 10, 25, 20, 0, tzinfo=UTC)).startswith("24 h end 21:00")


def test_what_is_edited_later_is_told_by_when_it_was_edited() -> None:
    def event(number: int, kind: str, hours: int, **detail: str) -> Event:
        at = SAID + timedelta(hours=hours)
        return Event(number, None, None, kind, at, at, "a.shah", "user", "", detail)

    events = [
        event(1, "received", 0),
        event(2, "details changed", 3, legal_status="x"),
        event(3, "details changed", 5, caller="x"),
        event(4, "note", 6),
    ]
    assert said_at(events, SAID) == SAID + timedelta(hours=3)
    assert said_at(events[:1], SAID) == SAID
