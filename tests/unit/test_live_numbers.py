"""How patient the console is with the record: the numbers that ARCHITECTURE and README promise, in one table."""

from datetime import timedelta

import pytest

from console.live import (
    actions,
    alarm_book,
    alarm_raiser,
    arrivals,
    foresight,
    fresh,
    geography,
    live_watch,
    presence,
    pulse,
    reality,
    session,
    sync,
    trails,
    undo,
)
from console.live.acts import Pace
from db import engine, follow, hosts, listener


@pytest.mark.parametrize(
    ("number", "promised"),
    [
        # A beat each second, back within two; silence is said after two and called a loss after four.
        (sync.BEAT_EVERY, 1.0),
        (sync.SEEN_WITHIN, 2.0),
        (live_watch.LATE_AFTER, 2.0),
        (live_watch.LOST_AFTER, 4.0),
        (live_watch.LOOK_EVERY_MS, 500),
        (live_watch._HELD_UP, 1.5),
        # A flood is gathered, vans that move wait a little, and everything is read every ten minutes.
        (sync.GATHER, 0.03),
        (sync.POSITIONS_AT_MOST, 1.0),
        (sync.WHOLE_EVERY, 600.0),
        (follow.TABLE_WITHIN, 20.0),
        # After a loss: soon, then twice a second; a person is not asked at once.
        (sync._RETRY_AFTER, (0.1, 0.25, 0.5)),
        (sync._ASK_A_PERSON_AFTER, 3.0),
        # A question, another host, a pooler's session.
        (listener.ANSWER_WITHIN, 2.0),
        (listener.LOOK_ELSEWHERE_AFTER, 0.3),
        (listener.SESSION_WITHIN, 1.0),
        (hosts.HOST_WITHIN, 1.5),
        (hosts.ONLY_HOST_WITHIN, 4.0),
        (hosts.NEXT_AFTER, 0.25),
        # An act: the engine says first that there is no answer.
        (engine.ANSWER_WITHIN, 4.0),
        (actions.PACE, Pace(6.0)),
        (Pace(6.0), Pace(6.0, 0.5, 8.0, 2)),
        # An alarm: how often who raises looks and says so, until another does; what is said when nobody does.
        ((alarm_raiser.LOOK_EVERY, alarm_raiser.BEAT_EVERY, alarm_raiser.FREE_AFTER), (0.5, 2.0, 5.0)),
        ((alarm_raiser.ALONE_AFTER, alarm_raiser.GONE_AFTER), (3.0, 2.0)),
        ((alarm_book.MISSED_AFTER, alarm_book.UNWATCHED_AFTER), (15.0, 20.0)),
        ((pulse.AGAIN_MS, pulse.SILENT_FOR), (6000, 30.0)),
        # Who is where: within the half minute after which a console is gone from the others.
        ((presence.SAY_EVERY, presence.LEAVE_WITHIN), (10.0, 1.0)),
        # What is worked out from the mirror: how often anew, and how far back.
        (arrivals.ASK_AGAIN_AFTER, timedelta(minutes=3)),
        ((fresh.AGAIN_AFTER, foresight._FRESH), (10.0, timedelta(seconds=60))),
        ((trails.TRAIL_FOR, trails.STEP_M, trails.MOST), (timedelta(minutes=30), 12.0, 600)),
        (undo.ASK_AGAIN, timedelta(seconds=5)),
        # Places and roads load aside, and what does not answer is left; configured things are asked for again.
        ((geography.LOAD_WITHIN, geography.ANSWER_WITHIN), (60.0, 3.0)),
        (geography.LOAD_AGAIN, (5.0, 20.0, 60.0)),
        (session.REFERENCE_AGAIN, 1.0),
        # As long as a sentence takes to be read, before a second key insists on it.
        (reality.READ_AFTER, 0.6),
    ],
)
def test_how_patient_the_console_is(number: object, promised: object) -> None:
    assert number == promised


@pytest.mark.parametrize(
    ("misses", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (31, 8.0), (5000, 8.0)]
)
def test_each_pause_is_twice_as_long_up_to_the_longest(misses: int, seconds: float) -> None:
    assert actions.PACE.pause(misses) == seconds
