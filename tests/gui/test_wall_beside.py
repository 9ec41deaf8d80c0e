"""The wall beside a desk says of the next ambulance crew what the desk's lanes say."""

from collections.abc import Callable
from datetime import timedelta

from console.live.next_free import NextFree
from db.domain.clocks import wall_time
from db.domain.states import AssignmentState
from tests.gui.desks import Room, qt_loop, rooms

__all__ = ["qt_loop", "rooms"]


def test_the_next_crew_that_is_free_is_the_first_that_any_lane_foresees(rooms: Callable[[str], Room]) -> None:
    room = rooms("a.shah")
    now = room.desk.clock.now()
    eta = {}
    free = NextFree(room.desk, eta.get)
    assert free() is None
    van, later = room.on_duty(0), room.on_duty(1)
    waits, alone, last = room.take(), room.take(source="hub", ems_callsign=""), room.take()
    for one in (waits, alone, last):
        room.accept(one)
    assert free() is None, "no van is on its way"
    eta[room.send(last, later, AssignmentState.MOBILE)] = now + timedelta(minutes=40)
    eta[room.send(waits, van, AssignmentState.MOBILE)] = now + timedelta(minutes=9)
    found = free()
    assert found is not None
    # By the service's rule, while its own past is not known: so long after the van is there.
    takes = room.desk.store.reference.rules.assumed_handover
    assert wall_time(found.at) == wall_time(now + timedelta(minutes=9) + takes)
    assert found.words
