"""A past day in parts: together they are the whole, and one that cannot be read costs itself."""

import pytest

from db.domain.records import Assignment
from db.domain.replay import Past, board_at, by_referral
from db.domain.states import AssignmentState, HandoverState
from tests.unit.board_records import NOW, ago, handover, job, referral, shift, van


def day(*jobs: Assignment) -> Past:
    rows = [referral(number, received=60 + number) for number in range(3)]
    vans = [van("CRU1"), van("CRU2")]
    own = [job(rows[0].id, vans[0].id, AssignmentState.MOBILE, allocated=30, mobile=20), *jobs]
    links = [handover(rows[1].id, HandoverState.EXPECTED, expected=40)]
    return Past(ago(600), NOW, rows, [], own, links, vans, [shift(vans[0].id)], [])


def test_the_parts_are_the_whole() -> None:
    past, found = day(), {}
    for part in by_referral(past):
        for table, rows in board_at(part, NOW).items():
            found.setdefault(table, []).extend(rows)
    assert found == board_at(past, NOW)
    assert [len(found[table]) for table in ("referral", "assignment", "handover", "van", "shift")] == [
        3,
        1,
        1,
        2,
        1,
    ]


def test_one_that_cannot_be_read_costs_its_own_part() -> None:
    past = day()
    odd = referral(9, times={"received": ago(9).replace(tzinfo=None)})
    past = Past(past.start, past.end, [*past.referrals, odd], [], past.assignments, [], past.vans, [], [])
    with pytest.raises(TypeError):
        board_at(past, NOW)
    *parts, odd_part, vans = by_referral(past)
    assert [board_at(part, NOW)["referral"][0].id for part in parts] == [row.id for row in past.referrals[:3]]
    with pytest.raises(TypeError):
        board_at(odd_part, NOW)
    assert len(board_at(vans, NOW)["van"]) == 2
