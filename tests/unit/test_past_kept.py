"""The past that predictions are told from: read once the board is there, each hour, and told from for a minute."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import SIGNAL

from console.live import foresight
from console.live.foresight import AGAIN_AFTER, SOON_AFTER, Foresight
from console.live.room_now import items_of, log_entries, offered_room, room_now
from console.live.store import Link, LinkState, Store
from console.running.faults import faults
from db.domain.foreseen import OwnPast
from db.domain.raised import RaisedAlarm
from db.domain.shift_handover import HandedItem, ShiftHandover
from db.domain.shift_log import LogEntry
from db.domain.states import AssignmentState
from db.errors import Unavailable
from tests.unit.board_records import NOW, job, position, reference, referral, van


@pytest.fixture
def store(qapp: object) -> Store:
    return Store(reference(), Link(LinkState.CONNECTING, NOW))


def listeners(store: Store) -> tuple[int, int]:
    """How many listen to what changes, and to how it stands with the link."""
    return store.receivers(SIGNAL("changed(PyObject)")), store.receivers(SIGNAL("link_changed(PyObject)"))


def test_how_often_it_is_read() -> None:
    assert (AGAIN_AFTER, SOON_AFTER) == (3600, 60)


async def test_it_is_read_when_the_board_is_there_and_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [Unavailable("gone"), OwnPast(), OwnPast()]
    asked: list[datetime] = []
    waited: list[float] = []
    made = Foresight()
    taken: list[bool] = []
    made.changed.connect(lambda: taken.append(True))

    async def read(now: datetime) -> OwnPast:
        asked.append(now)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return] # a past

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise asyncio.CancelledError

    clock: Any = SimpleNamespace(now=lambda: NOW)
    assert made.known(store, NOW) is None
    heard = listeners(store)
    task = asyncio.create_task(made._keep_reading(read, store, clock))
    for _ in range(3):
        await asyncio.sleep(0)
    store.set_link(Link(LinkState.LIVE, NOW))
    await asyncio.sleep(0)
    assert asked == [], "nothing was read of the board yet"
    monkeypatch.setattr(foresight.asyncio, "sleep", sleep)
    assert listeners(store) == (heard[0] + 1, heard[1] + 1)
    store.put({"referral": [referral()]})
    with suppress(asyncio.CancelledError):
        await task
    assert listeners(store) == heard
    assert asked == [NOW] * 3
    assert waited == [SOON_AFTER, AGAIN_AFTER, AGAIN_AFTER]
    assert len(taken) == 2


@pytest.mark.parametrize(("seconds", "anew"), [(0, False), (59, False), (60, True), (61, True), (-1, True)])
def test_what_is_known_is_worked_out_once_a_minute(store: Store, seconds: float, anew: bool) -> None:
    made = Foresight()
    made.take(OwnPast(), NOW)
    known = made.known(store, NOW)
    assert known is not None
    later = made.known(store, NOW + timedelta(seconds=seconds))
    assert (later is not known) is anew
    made.take(OwnPast(), NOW)
    assert made.known(store, NOW) is not later


# --- the room ---


def handed(room: UUID, rank: int) -> HandedItem:
    return HandedItem(uuid4(), 1, room, rank, "person", f"line {rank}", None, None, None, False, "", None, "")


def offered(*, taken: bool = False, withdrawn: bool = False) -> ShiftHandover:
    ends = (NOW if taken else None, NOW if withdrawn else None)
    return ShiftHandover(uuid4(), 1, NOW, "", "l.lead", NOW, "", ends[0], "", ends[1])


def test_what_is_known_of_the_room(store: Store) -> None:
    over, gone, waits = offered(taken=True), offered(withdrawn=True), offered()
    lines = [handed(waits.id, 2), handed(over.id, 0), handed(waits.id, 1)]
    entry = LogEntry(uuid4(), 1, NOW, "The lift is out.", None, None, True, None, "a.shah", NOW)
    who, on = referral(), van("CRU1")
    assert offered_room(store) is None
    store.put(
        {
            "shift_handover": [over, gone, waits],
            "shift_handover_item": lines,
            "shift_log": [entry],
            "referral": [who],
            "van": [on],
        }
    )
    assert offered_room(store) == waits
    assert [one.rank for one in items_of(store, waits)] == [1, 2]
    assert log_entries(store) == [entry]
    room = room_now(store)
    assert [facts.referral for facts in room.referrals] == [who]
    assert [known.van for known in room.vans] == [on]
    assert room.entries == [entry]


def test_the_alarms_of_the_room_are_known_but_of_what_cannot_be_read(store: Store) -> None:
    nothing: Any = None
    who, unread = referral(), replace(referral(7), times={"received": nothing})
    pressed, silent = van("CRU1", emergency_at=NOW), van("CRU2", emergency_at=NOW)
    sent = job(who.id, silent.id, AssignmentState.MOBILE, allocated=1)
    odd_fix = replace(position(silent.id, 0), fixed_at=nothing)
    shelf = RaisedAlarm(uuid4(), 1, "rests", "no_van", 1, "x", who.id, None, NOW, NOW, shelved_until=NOW)
    plain = replace(shelf, id=uuid4(), name="stands", shelved_until=None)
    vans = {"van": [silent, pressed], "assignment": [sent], "position": [odd_fix]}
    store.put({"referral": [unread, who], "alarm": [shelf, plain], **vans})
    room = room_now(store)
    faults.forget()
    of = {alarm.referral_id for alarm in room.alarms}, {alarm.van_id for alarm in room.alarms}
    assert of == ({who.id, None}, {pressed.id, None})
    assert room.shelved == {"rests": shelf}
