"""A record on several hosts: the one to write to is found, and found again after each way to lose it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import URL

from console.live import sync
from console.live.store import LinkState, Store
from db import commands as do
from db.domain.roles import Role
from db.engine import translate_driver
from db.errors import Unavailable
from db.follow import Follower
from db.hosts import NEXT_AFTER, OlderStateError, Route
from tests.cluster import Record
from tests.db import desk
from tests.db.standby import SECRET, Node, Pair, both, pair, pair_record, url_of, way_to
from tests.db.test_link import following, signed_in, works

__all__ = ["both", "pair", "pair_record"]
LIVE_WITHIN = 2.0
orders = pytest.mark.parametrize("first", ["primary", "standby"])


def ports(pair: Pair, first: str) -> tuple[int, int]:
    found = pair.primary.address.port, pair.standby.address.port
    return found if first == "primary" else found[::-1]


async def equals_the_record(store: Store, url: URL) -> None:
    """Wait until the mirror has every row as the record has it, and no other."""
    follower = await Follower.open(Route(url), Role.DISPATCHER)
    found, _place = await follower.whole()
    follower.close()
    wanted = {name: {row.id: row for row in rows} for name, rows in found.records.items()}
    async with asyncio.timeout(5):
        while {name: store._tables[name] for name in wanted} != wanted:
            await asyncio.sleep(0.01)


# --- signing in ---


@orders
@pytest.mark.long
async def test_whoever_is_named_first_the_primary_is_taken(pair: Pair, pair_record: Record, first: str) -> None:
    url = url_of(pair_record, *ports(pair, first))
    begun = time.monotonic()
    async with following(url) as mirror, signed_in(url) as engine:
        taken = await desk.take(engine)
        await mirror.until(lambda: mirror.store.referral(taken.referral_id))
        assert time.monotonic() - begun < LIVE_WITHIN


async def test_what_the_address_says_of_the_hosts_wins(pair: Pair, pair_record: Record) -> None:
    url = url_of(pair_record, *ports(pair, "standby"), query="?target_session_attrs=any")
    connection = await Route(url).open("cru-test")
    assert await connection.fetchval("SELECT pg_is_in_recovery()")
    await connection.close()


async def test_a_frozen_first_host_does_not_starve_the_second(pair: Pair, pair_record: Record) -> None:
    pair.standby.freeze()
    route = Route(url_of(pair_record, *ports(pair, "standby")))
    begun = time.monotonic()
    async with following(route.url), signed_in(route) as engine:
        await works(engine, within=LIVE_WITHIN)
        assert time.monotonic() - begun < LIVE_WITHIN
    begun = time.monotonic()
    (await route.open("cru-test")).terminate()
    assert time.monotonic() - begun < 0.2, "the host that let us in last begins"


async def test_nobody_to_write_to_is_said(pair: Pair, pair_record: Record) -> None:
    url = url_of(pair_record, *ports(pair, "standby"))
    pair.crash()
    async with signed_in(url) as engine:
        with pytest.raises(Unavailable, match="No host of the record may be written to now"):
            await desk.take(engine)


# --- losing the primary ---


@asynccontextmanager
async def killed(pair: Pair) -> AsyncIterator[tuple[int, Callable[[], object]]]:
    yield pair.primary.address.port, pair.crash


@asynccontextmanager
async def frozen(pair: Pair) -> AsyncIterator[tuple[int, Callable[[], object]]]:
    yield pair.primary.address.port, pair.primary.freeze


@asynccontextmanager
async def silent(pair: Pair) -> AsyncIterator[tuple[int, Callable[[], object]]]:
    """The machine is gone, and nobody says so: no FIN comes, and who calls is not refused."""
    async with way_to(pair.primary.address.port) as way:

        def goes() -> None:
            way.silent = True
            pair.crash()

        yield way.port, goes


@pytest.mark.parametrize(
    ("lost", "noticed"),
    [
        (killed, False),
        pytest.param(frozen, False, marks=pytest.mark.long),
        pytest.param(silent, False, marks=pytest.mark.long),
        (frozen, True),
    ],
)
async def test_the_mirror_is_live_two_seconds_after_a_promotion(
    pair: Pair, pair_record: Record, lost: Callable[[Pair], "Lost"], noticed: bool
) -> None:
    async with AsyncExitStack() as stack:
        port, goes = await stack.enter_async_context(lost(pair))
        url = url_of(pair_record, port, pair.standby.address.port)
        mirror = await stack.enter_async_context(following(url))
        engine = await stack.enter_async_context(signed_in(mirror.route))
        before = await desk.take(engine)
        await mirror.until(lambda: mirror.store.referral(before.referral_id))
        pair.catch_up()
        await asyncio.to_thread(goes)
        if noticed:
            await mirror.becomes(LinkState.LOST)
        promoted = await asyncio.to_thread(pair.standby.promote)
        there = Record(pair.standby, pair_record.database)
        async with signed_in(there) as other:
            after = await desk.take(other)
        await mirror.until(lambda: mirror.store.referral(after.referral_id))
        assert time.monotonic() - promoted < LIVE_WITHIN
        assert mirror.store.link.state is LinkState.LIVE
        await works(engine, within=1)
        await equals_the_record(mirror.store, there.url("a.shah"))


Lost = AsyncIterator[tuple[int, Callable[[], object]]]


async def test_who_said_not_now_is_asked_again_while_another_keeps_us_waiting(
    pair: Pair, pair_record: Record
) -> None:
    pair.primary.freeze()
    opening = asyncio.create_task(Route(url_of(pair_record, *ports(pair, "primary"))).open("cru-test"))
    done, _ = await asyncio.wait({opening}, timeout=2 * NEXT_AFTER)
    assert not done, "nobody may be written to yet"
    promoted = await asyncio.to_thread(pair.standby.promote)
    (await opening).terminate()
    assert time.monotonic() - promoted < 2 * NEXT_AFTER


@pytest.mark.long
async def test_a_slow_primary_is_not_left(pair: Pair, pair_record: Record) -> None:
    async with following(url_of(pair_record, *ports(pair, "primary"))) as mirror:
        pair.primary.freeze()
        # Less than a question may take, and longer than others wait to be asked.
        await mirror.until(lambda: mirror.store.silence > 1.6)
        pair.primary.thaw()
        await mirror.until(lambda: mirror.store.silence < 0.5)
        assert LinkState.LOST not in mirror.states


@pytest.mark.hazard("H-050")
async def test_an_old_primary_that_wakes_up_is_not_the_record(pair: Pair, pair_record: Record) -> None:
    url = url_of(pair_record, *ports(pair, "primary"))
    async with following(url) as mirror:
        pair.primary.freeze()
        await asyncio.to_thread(pair.standby.promote)
        await mirror.becomes(LinkState.LOST)
        await mirror.becomes(LinkState.LIVE)
        pair.primary.thaw()
        pair.standby.freeze()
        with pytest.raises(OlderStateError) as refusal:
            await mirror.route.open("cru-test")
        assert "older state" in translate_driver(refusal.value).sentence
        await mirror.becomes(LinkState.LOST)
        pair.standby.thaw()
        await mirror.becomes(LinkState.LIVE)


def demoted_by_setting(node: Node) -> None:
    node.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    node.execute("SELECT pg_reload_conf()")


def back_as_a_standby(node: Node) -> None:
    node.stop("fast")
    node._write(node.data / "standby.signal", "")
    node.start()


@pytest.mark.parametrize("demote", [demoted_by_setting, back_as_a_standby])
@pytest.mark.long
async def test_a_demoted_primary_is_left_with_the_whole_pool(
    pair: Pair, pair_record: Record, demote: Callable[[Node], None]
) -> None:
    url = url_of(pair_record, *ports(pair, "primary"))
    async with signed_in(url) as engine, following(url) as mirror:
        await asyncio.gather(*(works(engine, within=5) for _ in range(2)))
        await asyncio.to_thread(pair.standby.promote)
        await asyncio.to_thread(demote, pair.primary)
        command = do.TakeReferral(details=desk.details())
        try:
            await do.execute(engine, command)
        except Unavailable:
            await do.execute(engine, command)
        await mirror.until(lambda: mirror.store.referral(command.referral_id), within=LIVE_WITHIN)
        there = Record(pair.standby, pair_record.database).url("a.shah")
        await equals_the_record(mirror.store, there)


@pytest.mark.hazard("H-050")
async def test_what_was_lost_in_a_failover_is_gone_from_the_mirror(pair: Pair, pair_record: Record) -> None:
    url = url_of(pair_record, *ports(pair, "primary"))
    async with following(url) as mirror, signed_in(mirror.route) as engine:
        kept, closed = (await desk.take(engine)).referral_id, (await desk.take(engine)).referral_id
        pair.fall_behind()
        lost = await desk.take(engine)
        await do.execute(engine, do.Decline(referral_id=closed, reason="no_capacity"))
        for words in ("one", "two", "three"):
            await do.execute(engine, do.AddNote(referral_id=kept, words=words))
            await pair_record_note(pair_record, kept, words)
        await mirror.until(lambda: mirror.store.referral(lost.referral_id))
        await equals_the_record(mirror.store, pair_record.url("a.shah"))
        versions = {row.id: row.version for row in mirror.store.referrals()}
        await asyncio.to_thread(pair.crash)
        promoted = await asyncio.to_thread(pair.standby.promote)
        there = Record(pair.standby, pair_record.database)
        await mirror.until(lambda: mirror.store.link.state is LinkState.LIVE)
        await mirror.until(lambda: not mirror.store.referral(lost.referral_id))
        assert time.monotonic() - promoted < LIVE_WITHIN
        await equals_the_record(mirror.store, there.url("a.shah"))
        # The row goes on from a version that the mirror had passed long ago.
        await pair_record_note(there, kept, "after")
        await equals_the_record(mirror.store, there.url("a.shah"))
        row = mirror.store.referral(kept)
        assert row is not None
        assert row.version < versions[kept]
        assert row.location.access_note == "after"


async def pair_record_note(record: Record, referral: object, words: str) -> None:
    sql = f"UPDATE cru.referral SET access_note = '{words}' WHERE id = '{referral}'"  # noqa: S608 - ours
    await asyncio.to_thread(record.cluster.execute, sql, database=record.database)


# --- a backup put back beneath open consoles ---


def dropped_first(node: Node, record: Record, dump: str) -> None:
    node.execute(f"DROP DATABASE {record.database} WITH (FORCE)")
    node.execute(f"CREATE DATABASE {record.database}")
    restore(node, record, dump)


def in_place(node: Node, record: Record, dump: str) -> None:
    node.execute("DROP SCHEMA cru CASCADE", database=record.database)
    restore(node, record, dump)


def in_one_transaction(node: Node, record: Record, dump: str) -> None:
    """Nobody sees a moment without tables, and no connection breaks."""
    node._run("pg_restore", "-f", f"{dump}.sql", dump)
    node._run("psql", "-q", "-1", "-d", dsn(node, record), "-c", "DROP SCHEMA cru CASCADE", "-f", f"{dump}.sql")


def restore(node: Node, record: Record, dump: str) -> None:
    node._run("pg_restore", "-d", dsn(node, record), dump)


def dsn(node: Node, record: Record) -> str:
    return f"postgresql://postgres:{SECRET}@127.0.0.1:{node.address.port}/{record.database}"


@pytest.mark.hazard("H-050")
@pytest.mark.parametrize("restored", [dropped_first, in_place, in_one_transaction])
async def test_a_backup_put_back_beneath_open_consoles_is_what_they_show(
    pair: Pair,
    pair_record: Record,
    restored: Callable[[Node, Record, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sync, "_ASK_A_PERSON_AFTER", 0.5)
    url = url_of(pair_record, *ports(pair, "primary"))
    async with following(url) as mirror, signed_in(mirror.route) as engine:
        kept = (await desk.take(engine)).referral_id
        await mirror.until(lambda: mirror.store.referral(kept))
        dump = str(pair.primary.root / f"{pair_record.database}.dump")
        await asyncio.to_thread(
            pair.primary._run, "pg_dump", "-Fc", "-d", dsn(pair.primary, pair_record), "-f", dump
        )
        lost = (await desk.take(engine)).referral_id
        for words in ("one", "two", "three"):
            await pair_record_note(pair_record, kept, words)
        await mirror.until(lambda: mirror.store.referral(lost))
        await asyncio.to_thread(restored, pair.primary, pair_record, dump)
        await pair_record_note(pair_record, kept, "after")
        await mirror.until(lambda: not mirror.store.referral(lost), within=10)
        await mirror.becomes(LinkState.LIVE)
        await equals_the_record(mirror.store, pair_record.url("a.shah"))
        await works(engine, within=5)


async def test_a_record_that_went_back_beneath_the_connection_is_read_anew(pair_record: Record) -> None:
    follower = await Follower.open(Route(pair_record.url("a.shah")), Role.DISPATCHER)
    _found, place = await follower.whole()
    ahead = type(place)(place.after + 1000)
    assert (await follower.changes(ahead)).whole
    assert not (await follower.changes(place)).whole
    follower.close()
