# ruff: noqa: S608 - ids of our own
"""A board that says "live" is live: whatever ends, hangs or jumps, it is said, and everything is read again."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from console.live.store import Link, LinkState
from console.views.status.link_words import link_tip, link_words, unreadable_words
from db import migrate
from db.clock import Clocks
from db.domain.states import ReferralState
from db.errors import Invalid
from db.follow import Beat, Follower
from tests.gui.desks import Room, eventually, qt_loop, room, rooms

if TYPE_CHECKING:
    from console.live.live_watch import LiveWatch

__all__ = ["qt_loop", "room", "rooms"]


def words(room: Room) -> str:
    return link_words(room.desk.store, room.desk.clock.now())[0]


def test_live_says_so_with_its_round_trip(room: Room) -> None:
    room.until(lambda: words(room).startswith("● live ") and words(room).endswith(" ms"))


@pytest.mark.hazard("H-049")
def test_whoever_ends_the_reader_the_board_does_not_say_live(room: Room) -> None:
    room.session.following.cancel()
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=1)
    assert words(room).startswith("▲ link lost")


@pytest.mark.hazard("H-049")
def test_a_reader_that_hangs_is_noticed_from_outside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(Follower, "beat", never)
    room.until(lambda: words(room).startswith("◌ nothing heard for"), within=5)
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=5)
    assert "Nothing has been heard" in room.desk.store.link.sentence


@pytest.mark.hazard("H-049")
def test_a_beat_that_is_written_and_not_seen_is_not_live(room: Room) -> None:
    # Somebody with the owner's rights broke the way out; the console itself still answers and is answered.
    owner = room.engine.url
    del owner
    room.run(as_owner(room, "CREATE OR REPLACE FUNCTION cru.beat() RETURNS void LANGUAGE sql AS 'SELECT'"))
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=8)


async def as_owner(room: Room, sql: str) -> None:
    connection = await asyncpg.connect(**OWNER[0])
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


OWNER: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def owner(record: Any) -> None:
    OWNER[:] = [record.owner_kwargs]


def test_notices_that_do_not_come_are_said_and_changes_seen_at_the_beat(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.until(lambda: room.desk.store.link.state is LinkState.LIVE)
    monkeypatch.setattr("db.listener.Listener.heard", lambda _self, seconds: deaf(seconds))
    room.until(lambda: room.desk.store.link.by_beat, within=8)
    assert words(room).endswith("each second")
    assert "once a second" in link_tip(room.desk.store)
    room.take()  # waits until the mirror has it


async def deaf(seconds: float) -> frozenset[str]:
    await asyncio.sleep(min(seconds, 0.5))
    return frozenset()


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(minutes=-7)])
def test_a_server_clock_that_was_set_is_said_and_followed(
    room: Room, monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    said: list[str] = []
    room.desk.store.doubted.connect(said.append)
    honest: Callable[[Follower], Any] = Follower.beat

    async def stepped(self: Follower) -> Beat:
        beat = await honest(self)
        clock = type(beat.clock)(beat.clock.now + step, 1.0)
        return Beat(clock, beat.server_now + step, beat.life, beat.revision, beat.oldest)

    monkeypatch.setattr(Follower, "beat", stepped)
    room.until(lambda: said, within=4)
    way = "forward by 60 min" if step > timedelta() else "back by 7 min"
    assert said == [f"The record's clock was set {way}. Times written around now may be wrong."]
    assert abs(room.desk.clock.now() - datetime.now(UTC) - step) < timedelta(seconds=5)


def test_a_computer_that_slept_reads_everything(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    referral_id = room.take()
    wholes: list[object] = []
    honest = Follower.whole

    async def counted(self: Follower) -> Any:
        wholes.append(True)
        return await honest(self)

    monkeypatch.setattr(Follower, "whole", counted)
    here = Clocks.here
    monkeypatch.setattr(Clocks, "here", lambda server_now=None: shifted(here(server_now), timedelta(minutes=20)))
    room.until(lambda: wholes, within=3)
    room.until(lambda: room.desk.store.link.state is LinkState.LIVE)
    assert room.desk.store.referral(referral_id)


def shifted(clocks: Clocks, by: timedelta) -> Clocks:
    """The monotonic clock slept with the computer."""
    return Clocks(clocks.monotonic - by.total_seconds(), clocks.wall, clocks.server)


def test_being_busy_oneself_is_no_loss_of_the_link_and_asks_for_nothing_as_a_sleep_does(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch: LiveWatch = room.session.watch
    asked: list[bool] = []
    monkeypatch.setattr(watch._sync, "read_everything", lambda: asked.append(True))
    room.desk.store._beat_at -= 60
    watch._looked = Clocks(watch._looked.monotonic - 10, watch._looked.wall - 10)
    watch.look()
    assert room.desk.store.link.state is LinkState.LIVE
    assert asked == []
    watch._looked = shifted(watch._looked, timedelta(minutes=20))
    watch.look()
    assert asked == [True], "the reader may not have noticed that it slept"


@pytest.mark.hazard("H-082")
def test_an_upgrade_under_an_open_window_is_said(room: Room, rooms: Callable[[str], Room]) -> None:
    room.run(as_owner(room, upgraded(serves="9999")))
    room.until(lambda: room.desk.store.link.state is LinkState.LOST, within=5)
    assert "upgraded" in room.desk.store.link.sentence
    with pytest.raises(Invalid, match="newer version of this program"):
        rooms("b.okafor")


def upgraded(serves: str) -> str:
    """What a newer program's revision leaves: its name, what was added, and the oldest program that it serves."""
    added = " ".join(
        f"ALTER TABLE cru.{table} ADD COLUMN added_later text NOT NULL DEFAULT 'of a newer program';"
        for table in ("referral", "van", "assignment", "handover", "event", "service", "priority", "user_account")
    )
    return (
        f"{added} CREATE TABLE cru.added_later (id uuid PRIMARY KEY);"
        "CREATE OR REPLACE FUNCTION cru.oldest_program() RETURNS text LANGUAGE sql IMMUTABLE"
        f" AS $$SELECT '{serves}'$$;"
        "UPDATE cru.alembic_version SET version_num = '9999'"
    )


def test_an_upgrade_that_only_adds_is_said_and_the_window_works_on(
    room: Room, rooms: Callable[[str], Room]
) -> None:
    told: list[str] = []
    room.desk.store.doubted.connect(told.append)
    before = room.take()
    room.run(as_owner(room, upgraded(serves=migrate.newest())))
    room.until(lambda: told)
    assert "works on" in told[0]
    other = rooms("b.okafor")
    assert (room.session.newer, other.session.newer) == (False, True)
    van = room.on_duty(0)
    other.until(lambda: other.desk.store.referral(before))
    room.accept(before)
    other.send(before, van)
    room.until(lambda: room.desk.store.referral(before).state is ReferralState.ALLOCATED)
    assert {one.desk.store.link.state for one in (room, other)} == {LinkState.LIVE}
    assert room.desk.store.unreadable == other.desk.store.unreadable == 0
    assert len(told) == 1


def test_one_row_that_cannot_be_shown_is_counted_and_costs_no_other(room: Room) -> None:
    good, bad = room.take(), room.take()
    # The console is the last to look, whatever the record let through.
    room.run(as_owner(room, "ALTER TABLE cru.referral DISABLE TRIGGER guard"))
    room.run(as_owner(room, "ALTER TABLE cru.referral DROP CONSTRAINT referral_plan_shape_check"))
    room.run(as_owner(room, f"UPDATE cru.referral SET plan = '[7]' WHERE id = '{bad}'"))
    room.until(lambda: room.desk.store.unreadable == 1)
    assert room.desk.store.referral(bad) is None
    assert room.desk.store.referral(good)
    assert unreadable_words(room.desk.store.unreadable) == "▲ 1 record cannot be shown"
    room.run(as_owner(room, f"UPDATE cru.referral SET plan = '{{}}' WHERE id = '{bad}'"))
    room.until(lambda: room.desk.store.unreadable == 0)
    assert room.desk.store.referral(bad)


def test_a_link_says_how_long_it_has_been_lost(room: Room) -> None:
    room.session.following.cancel()
    room.run(eventually(room.session.following.done))
    now = room.desk.clock.now()
    room.desk.store.set_link(Link(LinkState.LOST, now - timedelta(minutes=5)))
    assert "5 min" in words(room)


def test_for_whoever_signed_out_nothing_looks_or_reads_any_more(room: Room) -> None:
    session = room.session
    session.reference.want()
    reading = session.reference._task
    assert reading is not None
    room.run(session.close())
    room.until(reading.done)
    assert reading.cancelled()
    assert session.following.done()
    assert not session.watch._timer.isActive()
