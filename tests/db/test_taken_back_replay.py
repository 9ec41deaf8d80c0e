"""Replay of a moment between an act and its taking back shows what everybody saw then; afterwards it never was."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from db import commands as do
from db.domain.replay import Past, board_at
from db.domain.roles import Role
from db.domain.states import AssignmentState as State
from db.engine import transaction
from db.mirror import rows_of, whole
from db.replay import load_past
from tests.cluster import Record
from tests.db.test_taken_back import DOINGS
from tests.db.undoing import UndoRoom, job, room_on
from tests.sampled import some


@pytest.fixture
async def room(record: Record) -> AsyncIterator[UndoRoom]:
    async with room_on(record) as made:
        await made.stop_clock()
        yield made


async def past(room: UndoRoom, until: datetime) -> Past:
    async with transaction(room.engines["l.lead"]) as connection:
        return await load_past(connection, until - timedelta(hours=2), until)


def plain(board: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {table: sorted((replace(row, version=0) for row in rows), key=repr) for table, rows in board.items()}


# Of what was typed, replay shows what is known now.
TYPED = {"edit, with another priority"}
# Of these, replay shows nothing but their events; what was let on is worked out apart from the board.
UNSHOWN = {"note", "999 advised", "let on", "feedback", "who it is", "wishes reported"}


@pytest.mark.parametrize("name", some(sorted(set(DOINGS) - TYPED), 3))
async def test_a_moment_between(room: UndoRoom, name: str) -> None:
    command, who = await DOINGS[name](room)
    await room.pass_time(10)
    before = await room.now()
    await room.pass_time(10)
    await room.send(command, who)
    await room.pass_time(10)
    between = await room.now()
    then = plain(board_at(await past(room, between), between))
    await room.pass_time(10)
    await room.back(command, who)
    await room.pass_time(10)
    now = await room.now()
    # Read for a stretch that ends before it was taken back, too.
    for until in (between, now):
        told = await past(room, until)
        assert plain(board_at(told, between)) == then
        assert plain(board_at(told, before)) == plain(board_at(told, now))
    assert (plain(board_at(told, now)) == then) == (name in UNSHOWN)


async def test_two_that_were_taken_back_one_after_the_other(room: UndoRoom) -> None:
    sent = await job(room, State.MOBILE)
    seen, done = [], []
    for to in (State.ON_SCENE, State.WITH_PATIENT):
        await room.pass_time(10)
        done.append(await room.send(do.Step(assignment_id=sent.assignment_id, to=to)))
        await room.pass_time(1)
        seen.append((await room.now(), to))
    for one in reversed(done):
        await room.pass_time(10)
        await room.back(one)
    await room.pass_time(10)
    told = await past(room, await room.now())
    for moment, state in seen:
        (row,) = board_at(told, moment)["assignment"]
        assert row.state is state  # type: ignore[union-attr] # an assignment
    (row,) = board_at(told, await room.now())["assignment"]
    assert row.state is State.MOBILE  # type: ignore[union-attr] # an assignment


async def test_a_console_is_told_that_a_row_has_gone(room: UndoRoom) -> None:
    sent = await job(room)
    place = await room.owner.fetchval("SELECT max(id) FROM cru.change")
    await room.back(sent)
    noted = {
        (row["entity"], one)
        for row in await room.owner.fetch("SELECT entity, ids FROM cru.change WHERE id > $1", place)
        for one in row["ids"] or ()
    }
    assert {
        ("assignment", sent.assignment_id),
        ("referral", sent.referral_id),
        ("event", sent.referral_id),
    } <= noted
    for role in (Role.DISPATCHER, Role.VIEWER):
        found = await rows_of(room.owner, role, {"assignment": {sent.assignment_id}})
        assert found.gone == {"assignment": {sent.assignment_id}}
        assert (await whole(room.owner, role)).records["assignment"] == []
