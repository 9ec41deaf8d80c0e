"""Which events count, what stood in a row until it was restored, and how long its author may take it back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from db.domain.records import Event
from db.domain.replay import Past, board_at
from db.domain.states import AssignmentState, ReferralState
from db.domain.taken_back import PastAct, columns_then, standing, taken_back, takes_back
from tests.unit.board_records import NOW, ago, job, referral, van

OF = referral(1, received=60, times={"accepted": ago(50)})


def event(number: int, kind: str, minutes: float, **changed: Any) -> Event:
    known = {"recorded_by": "a.shah", "source": "user", "words": "", "detail": {}, "van_id": None} | changed
    return Event(
        id=number, referral_id=OF.id, kind=kind, happened_at=ago(minutes), recorded_at=ago(minutes), **known
    )


def back(number: int, of: Event, minutes: float, rows: Any = None, done: float | None = None) -> Event:
    detail = {"rows": rows or {}, "done_at": (of.happened_at if done is None else ago(done)).isoformat()}
    return event(number, f"{of.kind} taken back", minutes, amends=of.id, detail=detail)


def test_what_was_taken_back_does_not_count_and_nor_does_the_taking_back() -> None:
    closed, note = event(1, "closed", 9), event(2, "note", 8)
    amended = event(4, "time amended", 3, amends=2)
    said = back(3, closed, 5)
    assert standing([closed, note, said, amended]) == [note, amended]
    assert taken_back([closed, note, said, amended]) == {1: said}
    assert [takes_back(one) for one in (closed, said, amended)] == [False, True, False]


def test_done_again_it_counts() -> None:
    first, again = event(1, "closed", 9), event(3, "closed", 4)
    assert standing([first, back(2, first, 5), again]) == [again]


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        (10, ReferralState.ATTENDING),
        (9, ReferralState.CLOSED),
        (5.1, ReferralState.CLOSED),
        (5, ReferralState.ATTENDING),
    ],
)
def test_the_board_between_shows_what_everybody_saw(minutes: float, state: ReferralState) -> None:
    one = van()
    sent = job(OF.id, one.id, AssignmentState.CLEAR, allocated=40, on_scene=30, clear=12)
    closed = event(1, "closed", 9, words="gp")
    rows = {str(OF.id): {"closed_at": ago(9).isoformat(), "outcome": "gp", "ae_avoided": "yes"}}
    past = Past(ago(600), NOW, [OF], [], [sent], [], [one], [], [closed, back(2, closed, 5, rows)])
    (row,) = board_at(past, ago(minutes))["referral"]
    over = state is ReferralState.CLOSED
    assert (row.state, row.outcome) == (state, "gp" if over else "")  # type: ignore[union-attr] # a referral
    assert ("closed" in row.times) == over  # type: ignore[union-attr] # a referral


def test_the_first_taking_back_after_a_moment_knows_what_stood_then() -> None:
    first, second = event(1, "time amended", 30), event(2, "time amended", 20)
    key = str(UUID(int=5))
    events = [
        first,
        second,
        back(3, second, 10, {key: {"mobile_at": "second"}}),
        back(4, first, 5, {key: {"mobile_at": "first"}}),
    ]
    assert [columns_then(events, ago(at)).get(key, {}).get("mobile_at") for at in (40, 25, 15, 7, 4)] == [
        None,
        "first",
        "second",
        "first",
        None,
    ]


@pytest.mark.parametrize(
    "detail", [{}, {"rows": "x"}, {"rows": {}, "done_at": 7}, {"rows": None, "done_at": None}]
)
def test_an_event_that_tells_no_rows_restores_none(detail: dict[str, Any]) -> None:
    said = event(2, "closed taken back", 5, amends=1, detail=detail)
    assert columns_then([event(1, "closed", 9), said], ago(7)) == {}


@pytest.mark.parametrize(("kind", "title"), [("van clear", "CRU7 clear"), ("available", "CRU7 available")])
def test_an_act_has_a_title(kind: str, title: str) -> None:
    seven = van("CRU7")
    act = PastAct(UUID(int=1), 1, None, seven.id, kind, "", "a.shah", NOW)
    assert act.title({seven.id: "CRU7"}) == title
    assert act.title({}) == title.replace("CRU7", "van")
    assert PastAct(UUID(int=1), 1, OF.id, None, "closed", "gp", "a.shah", NOW).title({}) == "closed"


def test_the_minute_runs_by_the_clock_that_is_given() -> None:
    act = PastAct(UUID(int=1), 1, OF.id, None, "closed", "gp", "a.shah", NOW)
    for passed, left in ((0, 60), (16, 44), (60, 0), (61, 0)):
        assert act.left(NOW + timedelta(seconds=passed)) == timedelta(seconds=left)
