from datetime import UTC, datetime, timedelta

import pytest

from console.timeline.lanes import (
    Lane,
    Mark,
    MarkKind,
    Segment,
    cells,
    hint,
    in_window,
    lines,
    reach,
    starts_at,
    things,
    told,
)
from db.domain.clocks import LATEST

NOW = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_an_open_segment_runs_to_now_and_never_backwards() -> None:
    assert Segment(NOW - 5 * MINUTE, None, "ems").stop(NOW) == NOW
    assert Segment(NOW + 5 * MINUTE, None, "ems").stop(NOW) == NOW + 5 * MINUTE
    assert Segment(NOW, NOW - MINUTE, "ems").stop(NOW) == NOW


def test_a_lane_is_told_in_words() -> None:
    lane = Lane(
        "a",
        "0042",
        "CRU2",
        segments=(
            Segment(NOW - 44 * MINUTE, NOW - 3 * MINUTE, "ems", "EMAS on scene 41 min"),
            Segment(NOW - 3 * MINUTE, None, "handover"),
            Segment(NOW, NOW + 9 * MINUTE, "predicted", "free by 03:51", late=True),
        ),
        marks=(Mark(NOW - 6 * MINUTE, "with patient"),),
    )
    assert told(lane, NOW) == (
        "0042 CRU2. EMAS: EMAS on scene 41 min, 41 min. handover, 3 min, still running. "
        "predicted: free by 03:51, 9 min, late. with patient Sun 22 Nov 03:36:00"
    )


def test_the_hint_gives_exact_local_times() -> None:
    summer = datetime(2026, 7, 1, 2, 0, 5, tzinfo=UTC)
    done = Segment(summer, summer + 41 * MINUTE, "ems", "EMAS on scene")
    assert hint(done, NOW) == "EMAS on scene\nWed 1 Jul 03:00:05 to Wed 1 Jul 03:41:05\n41 min"
    running = Segment(NOW - 7 * MINUTE, None, "police", late=True)
    assert hint(running, NOW) == "police\nSun 22 Nov 03:35:00 to now\n7 min\nlate"


def test_a_long_wait_is_told_as_on_the_board() -> None:
    waits = Segment(NOW - 75 * MINUTE, None, "wait")
    assert hint(waits, NOW).endswith("\n75 min")
    assert told(Lane("a", "0042", segments=(waits,)), NOW) == "0042. waiting, 75 min, still running"


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def test_a_lane_begins_with_what_is_known_and_not_with_what_is_foreseen() -> None:
    held = Segment(at(-30), at(-10), "ems")
    foreseen = Segment(at(-60), at(60), "predicted")
    shift = Segment(at(-90), at(-20), "duty")
    assert starts_at(Lane("a", "0042", segments=(foreseen, held))) == (at(-30), "0042")
    assert starts_at(Lane("a", "0042", segments=(held,), ground=(shift,))) == (at(-90), "0042")
    assert starts_at(Lane("b", "0043")) == (LATEST, "0043")
    assert starts_at(Lane("b", "0043", segments=(foreseen,))) == (LATEST, "0043")


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("key", True), ("step", False), ("was", False), ("aim", False), ("target", False), ("end", False)],
)
def test_of_moments_only_what_matters_most_says_when_a_lane_is_there(kind: MarkKind, counts: bool) -> None:
    alone = Lane("a", "0042", marks=(Mark(at(-5), "x", kind), Mark(at(-3), "y", kind)))
    assert reach(alone) == ((at(-5), at(-3)) if counts else None)
    with_held = Lane("a", "0042", segments=(Segment(at(-4), at(-2), "ems"),), marks=alone.marks)
    assert reach(with_held) == (at(-5) if counts else at(-4), at(-2))


def test_a_lane_ends_with_the_last_of_its_lengths_or_runs_on() -> None:
    early, late, running = (Segment(at(-9), end, "cru") for end in (at(-7), at(-2), None))
    assert reach(Lane("a", "", segments=(late,), ground=(early,))) == (at(-9), at(-2))
    assert reach(Lane("a", "", segments=(early,), ground=(late,))) == (at(-9), at(-2))
    assert reach(Lane("a", "", segments=(running, late))) == (at(-9), None)
    assert reach(Lane("a", "", segments=(early,), ground=(running,))) == (at(-9), None)


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [(-20, -10, "ab"), (-5, 5, "ab"), (-4, 5, "b"), (-30, -10, "ab"), (-30, -11, ""), (60, 90, "b")],
)
def test_a_lane_is_seen_where_any_of_it_lies_between_two_moments(start: int, end: int, seen: str) -> None:
    over, runs = (
        Lane(name, "", segments=(Segment(at(-10), ends, "cru"),)) for name, ends in (("a", at(-5)), ("b", None))
    )
    empty = Lane("c", "")
    assert "".join(lane.id for lane in in_window((over, runs, empty), at(start), at(end))) == seen


def test_what_is_in_a_lane_is_told_in_the_order_of_time() -> None:
    shift, meal = Segment(at(-90), at(90), "duty", "CRU2"), Segment(at(-20), at(-10), "meal")
    job, mark = (
        Segment(at(-60), None, "travel", "0042", late=True, note="A. Shah\nfrom Corby"),
        Mark(at(-15), "mobile"),
    )
    lane = Lane("v", "CRU2", "0042 mobile", segments=(job,), marks=(mark,), ground=(shift, meal))
    assert things(lane) == [shift, job, meal, mark]
    assert [line.thing for line in lines((lane, Lane("e", "CRU3"), lane))] == [shift, job, meal, mark] * 2
    rows = [cells(line, NOW) for line in lines((lane,))]
    name = "CRU2 0042 mobile"
    assert rows == [
        (name, "shift: CRU2", "Sun 22 Nov 02:12:00", "Sun 22 Nov 05:12:00", "3 h 00", ""),
        (name, "on the way: 0042, late", "Sun 22 Nov 02:42:00", "runs on", "60 min", "A. Shah; from Corby"),
        (name, "meal", "Sun 22 Nov 03:22:00", "Sun 22 Nov 03:32:00", "10 min", ""),
        (name, "mobile", "Sun 22 Nov 03:27:00", "", "", ""),
    ]


def test_the_steps_between_are_not_told_in_one_breath() -> None:
    kinds: tuple[MarkKind, ...] = ("key", "step", "was", "aim", "target", "end")
    lane = Lane("a", "0042", marks=tuple(Mark(NOW, kind, kind) for kind in kinds))
    assert told(lane, NOW) == "0042. key Sun 22 Nov 03:42:00. was Sun 22 Nov 03:42:00"


def test_the_hint_of_a_moment_says_who_told_it() -> None:
    assert hint(Mark(NOW, "with patient", note="the crew"), NOW) == "with patient\nSun 22 Nov 03:42:00\nthe crew"
    assert hint(Mark(NOW, "with patient"), NOW) == "with patient\nSun 22 Nov 03:42:00"
    noted = Segment(at(-7), at(-2), "ems", "EMAS", note="the line")
    assert hint(noted, NOW).split("\n")[2:] == ["5 min", "the line"]
