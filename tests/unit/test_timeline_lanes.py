from datetime import UTC, datetime, timedelta

from console.timeline.lanes import Lane, Mark, Segment, hint, told

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
