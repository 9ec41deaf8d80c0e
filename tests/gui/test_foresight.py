"""What is foreseen on a live desk: from the record's own past, told alike everywhere, written nowhere."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from PySide6.QtWidgets import QLabel

from console.live.foresight import Foresight
from console.timeline.canvas import LaneCanvas
from console.views.replay.player import Player
from db import commands
from db.domain.states import AssignmentState
from tests.cluster import Record, run
from tests.e2e.windows import Seated, clock, qt_loop, rooms, seated

__all__ = ["clock", "qt_loop", "rooms", "seated"]

# Handovers of 10 to 33 minutes, and visits of 40 to 63, some days ago.
_PAST = """
WITH van AS (SELECT id FROM cru.van ORDER BY callsign LIMIT 1),
made AS (INSERT INTO cru.referral
    (reference, source, priority, location_text, state, outcome, received_at, closed_at)
    SELECT 'CRU-20261101-' || lpad(n::text, 4, '0'), 'ems_crew', 'P1', 'x', 'closed', 'gp',
        cru.clock_now() - interval '9 days' - n * interval '1 hour', cru.clock_now() - interval '8 days'
    FROM generate_series(10, 33) n
    RETURNING id, right(reference, 4)::int AS n, received_at AS at),
jobs AS (INSERT INTO cru.assignment (referral_id, van_id, state, allocated_at, on_scene_at, clear_at)
    SELECT made.id, van.id, 'clear', at, at, at + (30 + n) * interval '1 min' FROM made, van)
INSERT INTO cru.handover (referral_id, ordinal, from_party, to_party, from_kind, to_kind, state, expected_at,
    accepted_at, released_at)
SELECT id, 1, 'EMAS A1', 'CRU', 'ems', 'cru', 'released', at, at + interval '5 min', at + n * interval '1 min'
FROM made
"""


async def columns(record: Record) -> list[str]:
    """Every column of the record in which a prediction could be written."""
    owner = await asyncpg.connect(**record.owner_kwargs)
    found = await owner.fetch("SELECT column_name FROM information_schema.columns WHERE table_schema = 'cru'")
    await owner.close()
    return [row["column_name"] for row in found]


def attended(seat: Seated) -> tuple[UUID, UUID]:
    room = seat.room
    who, van = room.take(), room.on_duty(1)
    room.accept(who)
    room.send(who, van, AssignmentState.ON_SCENE)
    return who, van


def test_the_past_is_read_and_told_alike_everywhere(record: Record, seated: Callable[[str], Seated]) -> None:
    run(record.unguarded(_PAST))
    seat = seated("a.shah")
    desk, page = seat.desk, seat.page
    who, _ = attended(seat)
    other = seat.room.take()
    seat.room.accept(other)
    seat.room.until(lambda: desk.foresight.known(desk.store, desk.clock.now()) is not None)
    page.select_referral(who)
    view = page.detail.view()
    assert view is not None
    release = view.release
    assert release is not None
    assert release.band is not None
    # 24 lengths: half take up to 21 minutes, and eight of ten of the next up to 29.
    minutes = [
        (at - view.jobs[0].times[AssignmentState.ON_SCENE]) / timedelta(minutes=1)
        for at in (release.at, release.band.last)
    ]
    assert minutes == [21, 29]
    assert (release.band.n, release.band.told) == (24, 19)
    told = " ".join(label.text() for label in page.detail.findChildren(QLabel))
    assert "8 in 10 by" in told
    assert "from 24 handovers" in told
    assert f"right {release.band.right} of the last 19" in told
    canvas = page.timelines.findChild(LaneCanvas)
    seat.room.until(lambda: any(part.until for lane in canvas.shown() for part in lane.segments))
    lane = next(one for one in canvas.shown() if one.id == str(who))
    (free,) = [part for part in lane.segments if part.kind == "predicted"]
    assert (free.end, free.until) == (release.at, release.band.last)
    assert "from 24 handovers" in free.note
    page.select_referral(other)
    seat.room.until(lambda: (view := page.detail.view()) and view.ranked)
    excluded = [one.excluded for one in page.detail.view().ranked if "on scene" in one.excluded]
    assert [words.partition(", free about ")[2].partition(", ")[2] for words in excluded] == ["from 24 visits"]


def test_a_replay_foresees_nothing_from_what_came_later(record: Record, seated: Callable[[str], Seated]) -> None:
    run(record.unguarded(_PAST))
    seat = seated("l.lead")
    seat.room.until(lambda: seat.desk.foresight.known(seat.desk.store, seat.desk.clock.now()) is not None)
    then = Player(seat.desk).desk
    assert then.foresight.known(then.store, then.clock.now()) is None
    assert isinstance(then.foresight, Foresight)


@pytest.mark.hazard("H-084")
def test_nothing_that_is_foreseen_has_a_place_in_the_record(record: Record) -> None:
    words = ("predict", "foresee", "forecast", "eta_", "expected_release", "expected_clear")
    assert not [name for name in run(columns(record)) if any(word in name for word in words)]
    assert not [name for name in vars(commands) if any(word in name.lower() for word in words)]
