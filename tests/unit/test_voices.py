"""What people said afterwards, what became of it, and what a lead looks at: what is found, and in which order."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.domain import feedback, review
from db.domain.feedback import Feedback, Improvement, by_theme, found_by
from db.domain.review import REVIEWED_KINDS, ToReview
from tests.unit.board_records import NOW, ago

TODAY = date(2026, 11, 22)


def said(words: str, *themes: str, **more: Any) -> Feedback:
    fields: dict[str, Any] = {"referral_id": None, "said_by": "carer", "kind": "comment", "consent": "team only"}
    by = {"recorded_by": "a.shah", "recorded_at": NOW}
    return Feedback(id=uuid4(), version=1, words=words, themes=themes, **(fields | by | more))


VOICES = [
    said("Zoë was kind", "Kindness", said_by="person"),
    said("Too long a wait", "Waiting", "Kindness", kind="complaint"),
    said("O’Brien’s crew came at once", "Waiting"),
    said("Good tea"),
]


@pytest.mark.parametrize(
    ("typed", "theme", "found"),
    [
        ("", "", [0, 1, 2, 3]),
        ("", "Waiting", [1, 2]),
        ("", "Nothing", []),
        ("zoe", "", [0]),
        ("obriens", "", [2]),
        # Each word, wherever it stands: who said it, of which kind, under which theme, about which visit.
        ("long complaint", "", [1]),
        ("person", "", [0]),
        ("waiting", "", [1, 2]),
        ("0044 tea", "", [3]),
        ("tea wait", "", []),
        ("kind", "Waiting", [1]),
    ],
)
def test_which_are_found(typed: str, theme: str, found: list[int]) -> None:
    names = {VOICES[3].id: "CRU-20261122-0044"}
    assert found_by(VOICES, typed, theme, lambda one: names.get(one.id, "")) == [VOICES[at] for at in found]


def test_themes_by_how_often_they_are_named() -> None:
    assert list(by_theme([*VOICES, said("x", "Waiting"), said("x", "Zeal", "Alarm")]).items()) == [
        ("Waiting", 3),
        ("Kindness", 2),
        ("Alarm", 1),
        ("Zeal", 1),
    ]
    assert by_theme([]) == {}


@pytest.mark.parametrize(
    ("consent", "quoted"), [("not asked", False), ("team only", False), ("may be quoted", True)]
)
def test_what_may_be_quoted(consent: str, quoted: bool) -> None:
    assert said("x", consent=consent).may_be_quoted is quoted


def item(state: str = "open", due: int | None = None, made: float = 0, changed: float = 0) -> Improvement:
    return Improvement(
        id=UUID(int=int(made * 10)),
        version=1,
        feedback_id=None,
        said="Tea",
        raised_by="carer",
        owner="A. Lead",
        due_on=None if due is None else TODAY + timedelta(days=due),
        state=state,
        did="",
        made_by="l.lead",
        made_at=ago(made),
        changed_at=ago(changed),
    )


@pytest.mark.parametrize(
    ("state", "due", "is_open", "late"),
    [
        ("open", None, True, False),
        ("open", 0, True, False),
        ("open", -1, True, True),
        ("doing", -1, True, True),
        ("doing", 1, True, False),
        ("done", -1, False, False),
        ("not done", -1, False, False),
    ],
)
def test_what_is_open_and_late(state: str, due: int | None, is_open: bool, late: bool) -> None:
    one = item(state, due)
    assert (one.is_open, one.is_late(TODAY)) == (is_open, late)


def test_late_first_then_by_day_then_what_has_ended_newest_first() -> None:
    rows = [
        item("open", -3, made=1),
        item("doing", -1, made=2),
        item("open", 0, made=3),
        item("open", 5, made=5),
        item("open", 5, made=4),
        item("open", None, made=6),
        item("done", -9, made=7, changed=1),
        item("not done", None, made=8, changed=2),
    ]
    assert feedback.in_order(rows[::-1], TODAY) == rows


def look(kind: str, minutes: float = 0, *, signed: bool = False) -> ToReview:
    return ToReview(kind, f"{kind} {minutes}", None, "", ago(minutes), "", "", reviewed_at=NOW if signed else None)


def test_what_is_open_first_the_gravest_first_the_newest_first() -> None:
    rows = [look(kind, minutes) for kind in REVIEWED_KINDS for minutes in (1, 2)]
    rows += [look("late", 3, signed=True), look("amended", 1, signed=True)]
    assert review.in_order(rows[::-1]) == rows
    assert [one.is_open for one in rows] == [True] * (len(rows) - 2) + [False] * 2


def test_moments_are_told_apart_by_the_second() -> None:
    earlier = look("late", 1)
    later = ToReview("late", "x", None, "", earlier.at + timedelta(seconds=1), "", "")
    assert review.in_order([earlier, later]) == [later, earlier]
    assert isinstance(earlier.at, datetime)
