"""What sounds here laid beside what the record has of it: quiet, over and unseen, not raised, the shift lead's."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.live import alarm_book
from console.live.alarm_book import NOT_RAISED, AlarmBook
from console.live.store import Link, LinkState, Store
from db.domain.alarms import Alarm
from db.domain.raised import AlarmKind, RaisedAlarm
from tests.unit.board_records import NOW, ago, reference, referral

WHO = referral(number=44)
NAME = "no van 44"
HERE = Alarm(NAME, 2, "P1, no van", ago(9), kind="no_van", referral_id=WHO.id)
OTHER = Alarm("lost fix", 3, "CRU1 lost", ago(3), kind="lost_fix")
OURS = Alarm("link lost", 1, "The record cannot be reached", ago(1))


def kind(code: str = "no_van", **more: Any) -> AlarmKind:
    fields: dict[str, Any] = {
        "label": "x",
        "priority": 2,
        "delay": timedelta(),
        "times": 1,
        "within": timedelta(minutes=10),
        "escalates_after": timedelta(minutes=5),
        "stays": True,
        "shelvable": True,
        "what_to_do": "",
        "active": True,
    }
    return AlarmKind(code=code, **(fields | more))


def row(name: str = NAME, raised: float = 8, **more: Any) -> RaisedAlarm:
    fields: dict[str, Any] = {
        "kind": "no_van",
        "priority": 2,
        "words": "P1, no van",
        "referral_id": WHO.id,
        "van_id": None,
        "reference": WHO.reference,
    } | more
    return RaisedAlarm(id=uuid4(), version=1, name=name, since_at=ago(raised), raised_at=ago(raised), **fields)


class Book:
    def __init__(self, *rows: RaisedAlarm, kinds: dict[str, AlarmKind] | None = None) -> None:
        kinds = {"no_van": kind(), "lost_fix": kind("lost_fix", priority=3)} if kinds is None else kinds
        self.store = Store(replace(reference(), alarm_kinds=kinds), Link(LinkState.LIVE, NOW))
        self.store.put({"referral": [WHO], "alarm": list(rows)})
        self.book = AlarmBook(self.store)


def test_the_record_has_each_that_is_not_closed() -> None:
    over = row("over", returned_at=ago(1))
    book = Book(row(), over, row("gone", closed_at=ago(1))).book
    assert (book.row(HERE) or over).name == NAME
    assert book.row(OTHER) is None
    assert book.open_names() == {NAME}
    assert book.row(replace(HERE, key="gone")) is None
    assert book.raised_at(HERE) == ago(8)
    assert book.raised_at(OTHER) == OTHER.since


def test_what_the_record_takes_in_is_taken_when_it_is_read() -> None:
    made = Book()
    assert made.book.row(HERE) is None
    made.store.put({"alarm": [row()]})
    assert made.book.row(HERE) is None
    made.book.read()
    assert made.book.row(HERE) is not None


@pytest.mark.parametrize(
    ("found", "quiet"),
    [
        ({}, False),
        ({"acknowledged_at": ago(7)}, True),
        ({"acknowledged_at": ago(9)}, False),
        ({"acknowledged_at": ago(7), "again_at": ago(6)}, False),
        ({"shelved_until": ago(-5)}, True),
        ({"shelved_until": ago(0)}, False),
    ],
)
def test_it_is_quiet_when_somebody_answered_it_anywhere_or_it_rests(found: dict[str, Any], quiet: bool) -> None:
    assert Book(row(**found)).book.is_quiet(HERE, NOW) is quiet


def test_an_answer_here_counts_at_once_until_it_comes_again_or_is_not_taken() -> None:
    book = Book(row()).book
    book.answer(HERE, NOW)
    assert book.is_quiet(HERE, NOW)
    book.take_answer_back(HERE)
    assert not book.is_quiet(HERE, NOW)
    book.take_answer_back(HERE)
    again = Book(row(again_at=ago(1))).book
    again.answer(HERE, ago(2))
    assert not again.is_quiet(HERE, NOW), "it came again after that"
    again.answer(HERE, ago(1))
    assert again.is_quiet(HERE, NOW)
    unraised = Book().book
    assert not unraised.is_quiet(HERE, NOW)
    unraised.answer(HERE, NOW)
    assert unraised.is_quiet(HERE, NOW)
    # Over, and not in the record: what comes again sounds again. In the record it is remembered.
    unraised.keep([OTHER])
    assert not unraised.is_quiet(HERE, NOW)
    unraised.answer(HERE, NOW)
    unraised.keep([HERE])
    assert unraised.is_quiet(HERE, NOW)
    book.answer(HERE, NOW)
    book.keep([])
    assert book.is_quiet(HERE, NOW)


def test_what_is_over_and_was_not_seen_stays() -> None:
    rows = (
        row("seen", returned_at=ago(1), acknowledged_at=ago(2)),
        row("still on"),
        row("sounds again", returned_at=ago(1)),
        row("answered here", returned_at=ago(1)),
        row("unseen", returned_at=ago(1), priority=1, van_id=UUID(int=5)),
        row("of nobody", returned_at=ago(1), referral_id=None, reference=""),
    )
    book = Book(*rows).book
    book.answer(replace(HERE, key="answered here"), NOW)
    found = {one.key: one for one in book.over_unseen([replace(HERE, key="sounds again")], NOW)}
    assert set(found) == {"unseen", "of nobody"}
    told = found["unseen"]
    assert (told.words, told.since) == ("P1, no van: over, nobody has answered it", ago(8))
    assert (told.priority, told.kind, told.referral_id, told.van_id) == (1, "no_van", WHO.id, UUID(int=5))
    assert (told.reference, found["of nobody"].reference) == (WHO.reference, "")
    # It says which referral it was about, also once that has left the board.
    gone = row("unseen", returned_at=ago(1), referral_id=uuid4(), reference="CRU-20261121-0031")
    assert [one.reference for one in Book(gone).book.over_unseen([], NOW)] == ["CRU-20261121-0031"]
    assert Book(row("x", returned_at=ago(1)), kinds={"no_van": kind(stays=False)}).book.over_unseen([], NOW) == []


@pytest.mark.parametrize(
    ("times", "known", "is_there", "told"),
    [(1, True, False, True), (2, True, False, False), (2, True, True, True), (2, False, False, True)],
)
def test_what_must_begin_often_is_told_when_the_record_says_that_it_did(
    times: int, known: bool, is_there: bool, told: bool
) -> None:
    kinds = {"no_van": kind(times=times)} if known else {}
    assert Book(*([row()] if is_there else []), kinds=kinds).book.is_told(HERE) is told


@pytest.mark.parametrize(
    ("raised", "more", "after", "unanswered", "priority"),
    [
        (4, {}, timedelta(minutes=5), False, 2),
        (5, {}, timedelta(minutes=5), True, 1),
        (8, {"acknowledged_at": ago(2)}, timedelta(minutes=5), False, 2),
        (8, {"shelved_until": ago(-2)}, timedelta(minutes=5), False, 2),
        # Of a kind that is no shift lead's it is only said, after longer.
        (14, {}, None, False, 2),
        (15, {}, None, True, 2),
        (15, {}, timedelta(minutes=16), True, 2),
    ],
)
def test_what_nobody_answers_says_so_and_is_a_leads(
    raised: float, more: dict[str, Any], after: timedelta | None, unanswered: bool, priority: int
) -> None:
    book = Book(row(raised=raised, **more), kinds={"no_van": kind(escalates_after=after)}).book
    lead, desk = book.grave_as(HERE, NOW, leads=True), book.grave_as(HERE, NOW, leads=False)
    assert (lead.unanswered, lead.priority) == (unanswered, priority)
    assert (desk.unanswered, desk.priority) == (unanswered, 2)
    assert book.grave_as(OTHER, NOW, leads=True) is OTHER


def test_a_flood_counts_what_was_raised_and_is_closed_too() -> None:
    rows = [row(f"a{n}", raised=n / 2, closed_at=ago(0)) for n in range(10)]
    assert Book(*rows).book.is_flood(NOW)
    assert not Book(*rows[:-1]).book.is_flood(NOW)


@pytest.mark.parametrize(
    ("rows", "of_kind", "raises"),
    [
        ([], kind(), True),
        ([], kind(active=False), False),
        ([], None, False),
        ([row()], kind(), False),
        ([row(returned_at=ago(1))], kind(), True),
        ([row(priority=3)], kind(), True),
        ([row(priority=1)], kind(), False),
        ([row(closed_at=ago(1))], kind(), True),
    ],
)
def test_what_is_missing_in_the_record_or_graver_here_is_to_be_raised(
    rows: list[RaisedAlarm], of_kind: AlarmKind | None, raises: bool
) -> None:
    book = Book(*rows, kinds={} if of_kind is None else {"no_van": of_kind}).book
    assert book.to_raise([HERE, OURS]) == ([HERE] if raises else [])


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(alarm_book, "time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_what_sounds_here_and_nobody_raises_is_itself_an_alarm(clock: Clock) -> None:
    made = Book()
    assert made.book.unraised([HERE], NOW) == []
    clock.now += 14.9
    assert made.book.unraised([HERE, OTHER], NOW) == []
    assert made.book.missed_for(HERE) == pytest.approx(14.9)
    assert made.book.missed_for(OTHER) == 0
    clock.now += 0.1
    (told,) = made.book.unraised([HERE, OTHER], later(1))
    assert (told.key, told.priority, told.since) == (NOT_RAISED, 1, later(1))
    (still,) = made.book.unraised([HERE], later(2))
    assert still.since == later(1), "since it was first said"
    # Raised after all.
    made.store.put({"alarm": [row()]})
    made.book.read()
    assert made.book.unraised([HERE], later(3)) == []
    assert made.book.missed_for(HERE) == 0
    assert made.book.unraised([OTHER], later(3)) == []
    clock.now += 15
    assert [one.since for one in made.book.unraised([OTHER], later(4))] == [later(4)]


def test_without_a_link_nothing_is_missed(clock: Clock) -> None:
    made = Book()
    made.book.unraised([HERE], NOW)
    clock.now += 60
    for state in (LinkState.LOST, LinkState.CONNECTING):
        made.store.set_link(Link(state, NOW))
        assert made.book.unraised([HERE], NOW) == []
    made.store.set_link(Link(LinkState.LIVE, NOW))
    assert made.book.unraised([HERE], NOW) == [], "it counts anew"
    clock.now += 15
    assert made.book.unraised([HERE], NOW)


@pytest.mark.parametrize(("seconds", "told"), [(None, False), (0.0, False), (20.0, False), (20.1, True)])
def test_that_no_console_raises_is_told_when_nothing_sounds_here_too(
    clock: Clock, seconds: float | None, told: bool
) -> None:
    made = Book()
    made.store.set_link(Link(LinkState.LIVE, NOW, unwatched=seconds))
    assert bool(made.book.unraised([], NOW)) is told
