"""Past nights replayed with other vans: by hand where that can be done, and against a plain count elsewhere."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.domain.what_if import FEWEST_NIGHTS, Called, Compared, Night, VansAt, ask, replay


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


def test_a_van_less_is_shown_and_the_same_vans_are_no_difference() -> None:
    nights = busy(1)
    fewer = ask(nights, lambda _night: all_night(4), lambda _night: all_night(2))
    assert fewer is not None
    assert fewer.is_shown
    assert fewer.after > fewer.before
    assert fewer.low <= fewer.after - fewer.before <= fewer.high + 3
    same = ask(nights, lambda _night: all_night(4), lambda _night: all_night(4))
    assert same is not None
    assert (same.low, same.high) == (0, 0)
    assert same.words() == "no difference shown (+0 to +0 of 100, 400 replayed nights)"


def test_the_same_question_has_the_same_answer() -> None:
    nights = busy(2)
    first, second = (ask(nights, lambda _: all_night(3), lambda _: all_night(4)) for _ in range(2))
    assert first == second


def test_too_few_nights_say_nothing() -> None:
    few = busy(3, FEWEST_NIGHTS - 1)
    assert ask(few, lambda _: all_night(3), lambda _: all_night(2)) is None
    assert ask([()] * 20, lambda _: all_night(3), lambda _: all_night(2)) is None


def test_no_difference_is_claimed_where_there_is_none() -> None:
    """Random nights for either side: a 95 % interval errs in about one of twenty."""
    wrong = 0
    for seed in range(60):
        rng = Random(seed)
        nights = busy(seed, 20)
        flips = [rng.random() < 0.5 for _ in nights]
        found = ask(
            nights,
            lambda night, flips=flips: all_night(3 if flips[night] else 4),
            lambda night, flips=flips: all_night(4 if flips[night] else 3),
        )
        wrong += found is not None and found.is_shown
    assert wrong <= 10


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Compared(6, 9, 1, 5, 400), "9 of 100 wait too long instead of 6 (1 to 5 more, 400 replayed nights)"),
        (Compared(9, 6, -5, -1, 400), "6 of 100 wait too long instead of 9 (1 to 5 fewer, 400 replayed nights)"),
        (Compared(6, 6.4, -1, 2, 400), "no difference shown (-1 to +2 of 100, 400 replayed nights)"),
    ],
)
def test_it_is_told_in_one_line(answer: Compared, words: str) -> None:
    assert answer.words() == words
