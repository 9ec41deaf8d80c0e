"""The link fails in three ways: each console says so within five seconds, loses nothing, and heals by itself."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from console.live.actions import Progress
from console.live.session import open_session
from console.live.store import LinkState
from db import commands
from db.commands import AddNote
from db.domain.states import ReferralState
from tests.cluster import Cluster, Record
from tests.gui.desks import Room, Runs, eventually, qt_loop

__all__ = ["qt_loop"]
SAID_WITHIN = 5.0
BACK_WITHIN = 20.0


@dataclass(frozen=True)
class Failure:
    name: str
    breaks: Callable[[Cluster], object]
    mends: Callable[[Cluster], object]
    goes_down: bool = True


def kill_feed(cluster: Cluster) -> None:
    assert cluster.kill_backend("cru-console-feed") == 2


FAILURES = [
    Failure("server stopped", Cluster.stop, Cluster.start),
    Failure("server killed", Cluster.crash, Cluster.start),
    Failure("server frozen", Cluster.freeze, Cluster.thaw),
]


@pytest.fixture
def pair(own_record: Record, qt_loop: Runs) -> Iterator[tuple[Room, Room]]:
    rooms = []
    for login in ("a.shah", "b.okafor"):
        session = qt_loop(open_session(own_record.url(login)))
        rooms.append(Room(session, qt_loop))
        rooms[-1].until(lambda session=session: session.desk.store.link.state is LinkState.LIVE)
    yield rooms[0], rooms[1]
    for room in rooms:
        qt_loop(room.session.close())


def same_board(one: Room, other: Room) -> bool:
    def told(room: Room) -> dict[object, object]:
        return {row.id: (row.state, row.version) for row in room.desk.store.referrals()}

    return told(one) == told(other)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
def test_said_waited_and_healed(pair: tuple[Room, Room], own_cluster: Cluster, failure: Failure) -> None:
    one, other = pair
    referral_id = one.take()
    other.until(lambda: other.desk.store.referral(referral_id))
    failure.breaks(own_cluster)
    begun = time.monotonic()
    for room in pair:
        room.until(lambda room=room: room.desk.store.link.state is LinkState.LOST, SAID_WITHIN)
        assert room.desk.store.link.sentence
    assert time.monotonic() - begun <= SAID_WITHIN
    # What is on the board stays readable, and what is asked for waits.
    assert one.desk.store.referral(referral_id)
    asked = one.run(submit(one, AddNote(referral_id=referral_id, words="said while the link was down")))
    one.until(lambda: asked.progress is Progress.WAITING)
    failure.mends(own_cluster)
    one.until(lambda: asked.progress is Progress.DONE, BACK_WITHIN)
    for room in pair:
        room.until(lambda room=room: room.desk.store.link.state is LinkState.LIVE, BACK_WITHIN)
    one.run(commands.execute(one.engine, commands.Decline(referral_id=referral_id, reason="no_capacity")))
    for room in pair:
        room.until(lambda room=room: room.desk.store.referral(referral_id).state is ReferralState.DECLINED)
    assert same_board(one, other)
    notes = [event for event in one.run(one.desk.reads.events_of(referral_id)) if event.kind == "note"]
    assert len(notes) == 1


def test_the_listener_is_killed(pair: tuple[Room, Room], own_cluster: Cluster) -> None:
    one, other = pair
    seen: list[LinkState] = []
    one.desk.store.link_changed.connect(lambda link: seen.append(link.state))
    kill_feed(own_cluster)
    one.until(lambda: LinkState.LOST in seen and seen[-1] is LinkState.LIVE, BACK_WITHIN)
    other.until(lambda: other.desk.store.link.state is LinkState.LIVE, BACK_WITHIN)
    referral_id = other.take()
    one.until(lambda: one.desk.store.referral(referral_id))
    assert same_board(one, other)


def test_changes_while_one_console_was_cut_off_are_told_as_such(
    pair: tuple[Room, Room], own_cluster: Cluster
) -> None:
    one, other = pair
    referral_id = one.take()
    deltas: list[object] = []
    other.until(lambda: other.desk.store.referral(referral_id))
    other.desk.store.changed.connect(deltas.append)
    own_cluster.crash()
    other.until(lambda: other.desk.store.link.state is LinkState.LOST, SAID_WITHIN)
    own_cluster.start()
    # The owner's own connection changes the row before the consoles are back or just after: either way it is seen.
    own_cluster.execute("UPDATE cru.referral SET access_note = 'side gate'", database=own_cluster_database(other))
    other.until(lambda: other.desk.store.referral(referral_id).location.access_note == "side gate", BACK_WITHIN)
    assert deltas


def own_cluster_database(room: Room) -> str:
    return str(room.engine.url.database)


async def submit(room: Room, command: commands.Command) -> object:
    action = room.desk.actions.submit(command, "Add a note")
    await eventually(lambda: action is not None)
    return action
