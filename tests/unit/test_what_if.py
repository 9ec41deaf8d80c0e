"""Past nights replayed with other vans: by hand where that can be done, and against a plain count elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.domain.what_if import FEWEST_NIGHTS, Called, Compared, Night, VansAt, compare, replay
from db.domain.what_if_asked import APART, HEADERS, Stretches, WhatIf, WhatIfAnswer, WhichDays


def called(at: float, *, travel: float = 20, job: float = 100, within: float = 60, standing: int = 0) -> Called:
    return Called(at, standing, travel, job, within)


def all_night(vans: int, hours: int = 12) -> VansAt:
    return dict.fromkeys(range(hours), vans)


def test_one_van_and_two_people_by_hand() -> None:
    # There at 20, clear at 120; there again at 140, 130 minutes after the second called.
    night = (called(0), called(10))
    assert (replay(night, all_night(1)).late, replay(night, all_night(2)).late) == (1, 0)


def test_the_graver_goes_first_though_they_called_later() -> None:
    waits = called(5, standing=2, within=1440)
    night = (called(0, job=30), waits, called(40, standing=0, within=60))
    # Free at 50: the first priority is reached at 70, in time; the other is reached at 190.
    found = replay(night, all_night(1))
    assert found.late == 0
    swapped = (called(0, job=30), called(5, standing=2, within=100), called(40, standing=0, within=60))
    assert replay(swapped, all_night(1)).late == 1


def test_a_van_whose_hours_are_over_ends_its_job_and_takes_no_other() -> None:
    night = (called(100, job=90), called(130))
    found = replay(night, {0: 1, 1: 1})
    assert (found.late, found.never) == (1, 1)


def test_a_van_that_comes_on_duty_later_is_waited_for() -> None:
    night = (called(0, within=90),)
    assert replay(night, {0: 0, 1: 1}).late == 0
    assert replay(night, {2: 1}).late == 1
    assert replay(night, {}).never == 1


def test_numbers_that_fall_and_rise_are_other_vans() -> None:
    # One goes home at 60, and another comes at 120 or does not.
    night = (called(0, job=300), called(1, job=30), called(61), called(119, travel=5))
    assert replay(night, {0: 2, 1: 1, 2: 2}).late == 0
    assert replay(night, {0: 2, 1: 1, 2: 1}).never == 1


def test_nobody_is_sent_before_a_call_is_taken_and_they_wait_from_when_they_called() -> None:
    slow = replace(called(0, travel=50, job=10), taken=15.0)
    assert replay((slow,), all_night(1)).late == 1, "65 minutes after the call"
    assert replay((replace(slow, taken=5.0),), all_night(1)).late == 0
    # Who called later and was taken sooner goes first: back at 40, and the other one is reached at 90.
    sooner = called(5, travel=15, job=20)
    assert replay((slow, sooner), all_night(1)).late == 1
    assert replay((replace(slow, within=90), sooner), all_night(1)).late == 0
    assert replay((replace(slow, within=89), sooner), all_night(1)).late == 1


def test_a_quiet_night_has_nobody() -> None:
    assert replay((), all_night(3)).people == 0


def naive(night: Night, vans: int) -> int:
    """Minute by minute, with vans that never go home."""
    free, waiting, late = [0.0] * vans, [], 0
    todo = sorted(night, key=lambda one: one.at)
    minute = 0.0
    while todo or waiting:
        while todo and todo[0].at <= minute:
            waiting.append(todo.pop(0))
        waiting.sort(key=lambda one: (one.standing, one.at))
        for place in range(vans):
            if waiting and free[place] <= minute:
                one = waiting.pop(0)
                free[place] = minute + one.travel + one.job
                late += minute + one.travel - one.at > one.within
        minute += 1
    return late


whole = st.integers(0, 500).map(float)
people = st.builds(
    Called,
    whole,
    st.integers(0, 2),
    st.integers(1, 60).map(float),
    st.integers(5, 200).map(float),
    st.sampled_from([60.0, 240.0]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(people, max_size=12, unique_by=lambda one: one.at), st.integers(1, 4))
def test_it_counts_as_a_plain_walk_through_the_minutes_does(some: list[Called], vans: int) -> None:
    assert replay(tuple(some), all_night(vans, 200)).late == naive(tuple(some), vans)


@settings(max_examples=40, deadline=None)
@given(st.lists(people, max_size=12, unique_by=lambda one: one.at), st.integers(1, 4))
def test_nobody_is_counted_twice(some: list[Called], vans: int) -> None:
    found = replay(tuple(some), all_night(vans, 6))
    assert 0 <= found.never <= found.late <= found.people == len(some)


def busy(seed: int, count: int = 60) -> list[Night]:
    rng = Random(seed)
    return [
        tuple(
            called(rng.uniform(0, 700), travel=rng.uniform(10, 40), job=rng.uniform(60, 150))
            for _ in range(rng.randint(8, 16))
        )
        for _ in range(count)
    ]


def ask(nights: Sequence[Night], vans: int, instead: int) -> Compared | None:
    many = len(nights)
    return compare(nights, [all_night(vans)] * many, [all_night(instead)] * many)


def test_only_those_who_count_are_told_and_the_others_take_vans_all_the_same() -> None:
    other = replace(called(0, job=300, within=5), counts=False)
    night = (other, called(10))
    found = replay(night, all_night(1))
    assert (found.people, found.late, found.never) == (1, 1, 0)
    assert replay(night, {0: 1}).never == 1, "the second calls when the only van is away until the end"
    assert replay((other,), {}).never == 0


def test_a_van_less_is_shown_and_the_same_vans_are_no_difference() -> None:
    nights = busy(1)
    fewer = ask(nights, 4, 2)
    assert fewer is not None
    assert fewer.is_shown
    assert fewer.after > fewer.before
    assert fewer.low < fewer.after - fewer.before < fewer.high
    assert (fewer.nights, fewer.people) == (60, sum(map(len, nights)))
    same = ask(nights, 4, 4)
    assert same is not None
    assert (same.low, same.high, same.is_shown) == (0, 0, False)


def test_whom_nobody_would_meet_is_told_beside_who_would_wait_too_long() -> None:
    nights = [(called(0), called(30, within=600)), (called(5),)] * 6
    found = compare(nights, [all_night(3)] * 12, [{}, all_night(3)] * 6)
    assert found is not None
    assert (round(found.after), round(found.never), round(found.before)) == (67, 67, 0)
    row = dict(zip(HEADERS, answer(found).row(), strict=True))
    assert row["Of them met by nobody"] == "67"
    late = compare(nights, [all_night(3)] * 12, [all_night(1)] * 12)
    assert late is not None
    assert late.never == 0


def test_the_same_question_has_the_same_answer() -> None:
    nights = busy(2)
    assert ask(nights, 3, 4) == ask(nights, 3, 4)


def test_too_few_nights_say_nothing() -> None:
    assert ask(busy(3, FEWEST_NIGHTS - 1), 3, 2) is None
    assert ask(busy(3, FEWEST_NIGHTS), 3, 2) is not None
    assert ask([()] * 20, 3, 2) is None


def test_no_difference_is_claimed_where_there_is_none() -> None:
    """Random nights for either side: a 95 % interval errs in about one of twenty."""
    wrong = 0
    for seed in range(60):
        rng = Random(seed)
        nights = busy(seed, FEWEST_NIGHTS + seed % 10)
        flips = [rng.random() < 0.5 for _ in nights]
        one = [all_night(3 if flip else 4) for flip in flips]
        other = [all_night(4 if flip else 3) for flip in flips]
        found = compare(nights, one, other)
        wrong += found is not None and found.is_shown
    assert wrong <= 7


def test_the_interval_is_that_of_a_ratio_by_night() -> None:
    """By hand: ten nights of two people; in one of them one more is late."""
    nights = [(called(0), called(1))] * 10
    vans, fewer = [all_night(2)] * 10, [all_night(1), *[all_night(2)] * 9]
    found = compare(nights, vans, fewer)
    assert found is not None
    # A change of 1/20 a person; deviations 0.9 and nine of -0.1; Student's t of nine is 2.262.
    half = 2.262 * (0.9 * 10 / 9) ** 0.5 / 20
    assert found.low == pytest.approx(100 * (1 / 20 - half), abs=0.03)
    assert found.high == pytest.approx(100 * (1 / 20 + half), abs=0.03)


def test_what_was_is_told_beside_what_the_replay_makes_of_it() -> None:
    nights = [(replace(called(0), was_late=at % 4 == 0), replace(called(1), was_late=None)) for at in range(12)]
    found = compare(nights, [all_night(2)] * 12, [all_night(2)] * 12)
    assert found is not None
    assert (found.before, found.really) == (0, 25)
    assert answer(found).check() == (
        "As these nights were staffed the replay has 0 of 100 P1 wait over 60 min; in the record it was 25."
    )
    assert answer(replace(found, really=None)).check() == ""


@pytest.mark.parametrize(
    ("late_in_record", "vans", "fits"),
    [
        # 24 nights of four people who call one after the other, each for 120 minutes.
        ((False, False, False, False), 4, True),
        ((False, False, False, True), 4, False),
        ((False, True, True, True), 1, True),
        ((False, True, True, False), 1, False),
        ((False, False, False, False), 1, False),
        ((None, None, None, None), 1, True),
        ((None, None, None, False), 1, False),
    ],
)
def test_a_replay_that_is_not_what_was_says_so(
    late_in_record: tuple[bool | None, ...], vans: int, fits: bool
) -> None:
    night = tuple(replace(called(at * 5.0), was_late=late) for at, late in enumerate(late_in_record))
    nights = [night] * 24
    found = compare(nights, [all_night(vans)] * 24, [all_night(vans + 1)] * 24)
    assert found is not None
    assert found.fits is fits
    assert answer(found).check().endswith(APART) is (not fits)


def test_by_chance_a_replay_may_be_off_and_only_those_who_count_are_laid_beside_the_record() -> None:
    # Of 20 nights one person more was late in the record, in three nights: no more than chance does.
    nights = [
        tuple(replace(called(at * 200.0), was_late=at == 0 and nth in {3, 9, 14}) for at in (0, 1))
        for nth in range(20)
    ]
    found = compare(nights, [all_night(2)] * 20, [all_night(2)] * 20)
    assert found is not None
    assert found.fits
    # One of 30 in every night is more than chance, and so little that nobody is misled by it.
    many = [tuple(replace(called(at * 1.0), was_late=at == 0) for at in range(30))] * 20
    one_off = compare(many, [all_night(30)] * 20, [all_night(30)] * 20)
    assert one_off is not None
    assert one_off.fits
    others = [(*night, replace(called(0, within=5), counts=False, was_late=False)) for night in nights]
    assert replay(others[0], all_night(9)).known == 2
    assert replay(others[0], all_night(9)).too_many == 0
    assert replay(others[3], all_night(9)).too_many == -1


def test_whoever_is_told_how_far_it_is_can_end_it() -> None:
    done: list[int] = []

    def told(many: int) -> None:
        done.append(many)
        if many == 4:
            raise KeyError

    vans = [all_night(3)] * 20
    with pytest.raises(KeyError):
        compare(busy(4, 20), vans, vans, told)
    assert done == [1, 2, 3, 4]


# --- what is asked, in words ---


def answer(found: Compared | None, vans: dict[int, int] | None = None, **changed: Any) -> WhatIfAnswer:
    hours = {22: 5, 23: 5, 0: 5, 1: 5} if vans is None else vans
    return WhatIfAnswer(WhatIf(vans=hours, **changed), found, 9 if found is None else found.nights, "P1", 60)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            Compared(6, 9, 1, 5, 100, 400),
            "9 of 100 P1 wait over 60 min instead of 6; n 100 nights, interval 1 to 5 more of 100.",
        ),
        (
            Compared(9, 6, -5, -1, 182, 400),
            "6 of 100 P1 wait over 60 min instead of 9; n 182 nights, interval 1 to 5 fewer of 100.",
        ),
        (
            Compared(6, 6.4, -1, 2, 40, 90),
            "no difference shown; n 40 nights, interval -1 to +2 of 100.",
        ),
        (
            Compared(6.2, 6.4, 0.1, 0.4, 40, 9000),
            "6.4 of 100 P1 wait over 60 min instead of 6.2; n 40 nights, interval 0.1 to 0.4 more of 100.",
        ),
        (
            Compared(6, 6, 0, 0, 40, 90),
            "no difference shown; n 40 nights, interval 0 to 0 of 100.",
        ),
        (
            None,
            "too few to say (9 nights, of 10 that are needed, or nobody of P1 in them).",
        ),
    ],
)
def test_it_is_told_in_one_line_that_promises_nothing(found: Compared | None, words: str) -> None:
    told = answer(found)
    assert told.sentence() == f"With 5 vans from 22 to 02: {words}"
    assert len(told.row()) == len(HEADERS)
    assert not {"will", "would save", "guarantee"} & set(told.sentence().split())


@pytest.mark.parametrize(
    ("vans", "stretches", "words"),
    [
        ({19: 1}, Stretches.NIGHTS, "1 van from 19 to 20"),
        ({6: 3}, Stretches.NIGHTS, "3 vans from 06 to 07"),
        (
            {23: 4, 0: 4, 1: 2, 3: 2},
            Stretches.NIGHTS,
            "4 vans from 23 to 01, and 2 from 01 to 02, and 2 from 03 to 04",
        ),
        (dict.fromkeys(range(7, 19), 6), Stretches.DAYS, "6 vans from 07 to 19"),
        ({0: 2, 23: 2}, Stretches.WHOLE, "2 vans from 00 to 01, and 2 from 23 to 00"),
        ({12: 9}, Stretches.NIGHTS, ""),
    ],
)
def test_hours_in_a_row_are_told_together(vans: dict[int, int], stretches: Stretches, words: str) -> None:
    assert WhatIf(stretches=stretches, vans=vans).vans_said() == words


def test_only_the_hours_that_are_asked_about_change_also_in_a_night_with_an_hour_more() -> None:
    question = WhatIf(vans={1: 5})
    autumn = (19, 20, 21, 22, 23, 0, 1, 1, 2, 3, 4, 5, 6)
    staffed = dict.fromkeys(range(19), 3)
    assert question.instead(staffed, autumn) == staffed | {6: 5, 7: 5}
    assert question.instead(staffed, question.stretches.hours) == staffed | {6: 5}
    assert staffed[6] == 3


NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)


def test_nights_that_are_over_are_replayed_by_the_clock_on_the_wall() -> None:
    nights = WhatIf(weeks=13).periods(NOW)
    assert len(nights) == 91
    assert (nights[-1].end, nights[-1].length) == (datetime(2026, 11, 4, 7, tzinfo=UTC), timedelta(hours=12))
    lengths = {one.length for one in nights}
    assert lengths == {timedelta(hours=12), timedelta(hours=13)}, "the clocks went back on 25 October"
    assert WhatIf(weeks=13).periods(NOW - timedelta(hours=3))[-1] == nights[-2], "one that runs is not over"
    weekend = WhatIf(weeks=13, which=WhichDays.WEEKEND).periods(NOW)
    week = WhatIf(weeks=13, which=WhichDays.WEEK).periods(NOW)
    assert {one.start.weekday() for one in weekend} == {4, 5}
    assert sorted([*weekend, *week], key=lambda one: one.start) == list(nights)
    days = WhatIf(Stretches.WHOLE, weeks=13).periods(NOW)
    assert all(one.end == other.start for one, other in pairwise(days))
