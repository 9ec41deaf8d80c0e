"""The installation of docs/deploy.md loses its leader in every way, under twenty desks and a whole window.

``python -m pytest -m long tests/e2e/test_failover.py -s`` prints the figures of the page. It needs Debian's
etcd-server and postgresql, Patroni where the page installs it, and root; else it is skipped, saying what lacks.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication

from console.live.session import open_session
from console.live.store import LinkState
from console.look import style
from db import commands as do
from db.errors import TRIES_AGAIN
from tests.deployed.clients import Answered, Clients
from tests.deployed.installed import HOSTS, Installed, installed
from tests.deployed.machines import PATRONI, Machine
from tests.e2e.test_everything_killed import patience
from tests.e2e.windows import Seated
from tests.gui.desks import Room, Runs, qt_loop
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["installed", "qt_loop"]
pytestmark = [pytest.mark.long, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]
T = TypeVar("T")
LIVE_WITHIN = 30.0
"""Seconds, on a computer that has time for it (see :func:`patience`)."""
CLIENTS = 20
LOST = re.compile(r"^▲ link lost .+ — showing the board as of \d\d:\d\d")
SAID = (
    "The record cannot be reached.",
    "No host of the record may be written to now.",
    "The record's server is starting or stopping.",
    "A host answers that holds an older state of the record.",
    "The record's server has no free connection.",
)
"""All that anybody is told of why. None of it is a driver's word."""


@dataclass
class Way:
    """One way to lose the leader, and how it comes back.

    Attributes:
        lost: what happens to it; the others are given, too.
        back: what ends it.
        is_machine: all of it goes, and a window cannot but notice.
    """

    name: str
    lost: Callable[[Installed, Machine], None]
    back: Callable[[Installed, Machine], None]
    is_machine: bool = True


def others(installed: Installed, machine: Machine) -> list[Machine]:
    return [one for name, one in installed.machines.items() if name != machine.name]


WAYS = [
    Way("PostgreSQL alone, `kill -9`", lambda _, one: one.kill(of="postgres"), lambda *_: None, is_machine=False),
    Way("the machine, `kill -9` of everything", lambda _, one: one.kill(), lambda all_, one: all_.begin(one.name)),
    Way("the machine hangs, and wakes up", lambda _, one: one.freeze(), lambda _, one: one.thaw()),
    Way("its network cable", lambda _, one: one.cut(), lambda _, one: one.join()),
    Way(
        "cut off from the other two, not from the desks",
        lambda all_, one: one.shun(others(all_, one)),
        lambda all_, one: one.speak(others(all_, one)),
    ),
]


@dataclass
class Seen:
    """What stood on the window while something was wrong."""

    links: set[str] = field(default_factory=set)
    tips: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)


class Watched:
    """A window, and what was read on it."""

    def __init__(self, seat: Seated) -> None:
        self.seat, self.desk = seat, seat.desk
        self.seen = Seen()

    def look(self) -> None:
        bar = self.seat.page.status
        if self.desk.store.link.state is LinkState.LOST:
            self.seen.links.add(bar.link.text)
            self.seen.tips.add(self.desk.store.link.sentence)
            # Not isVisible: in a narrow bar it gives way to what matters more.
            self.seen.pending.add(bar.pending.text())

    def aside(self, work: Callable[..., T], *given: object) -> T:
        """Do something that takes long, with the window alive beside it."""
        return self.seat.room.run(asyncio.to_thread(work, *given))

    def until(self, holds: Callable[[], object], within: float) -> None:
        def looked() -> object:
            self.look()
            return holds()

        self.seat.room.until(looked, within)


@pytest.fixture
def clients(installed: Installed) -> Iterator[Clients]:
    made = Clients([installed.url(("a.shah", "b.okafor")[number % 2]) for number in range(CLIENTS)])
    yield made
    if made._thread.is_alive():
        made.stop()


@pytest.fixture
def watched(installed: Installed, qt_loop: Runs, qapp: QApplication, tmp_path: Path) -> Iterator[Watched]:
    style.apply(qapp, "dark", 100)
    room = Room(qt_loop(open_session(installed.url("a.shah"))), qt_loop)
    room.until(lambda: room.desk.store.link.state is LinkState.LIVE)
    made = Watched(Seated(room, tmp_path))
    yield made
    made.seat.leave()
    qt_loop(room.session.close())


def lose(installed: Installed, clients: Clients, watched: Watched, way: Way) -> str:
    """Lose the leader in one way, wait until the room works again, and bring it back. Returns the page's line."""
    leader = watched.aside(installed.leader)
    machine, watched.seen = installed.machines[leader], Seen()
    begun = time.monotonic()
    watched.aside(way.lost, installed, machine)
    own = asked_meanwhile(watched, way) if way.is_machine else None

    def works() -> bool:
        found = clients.taken_since(begun + 0.5)
        return (
            found is not None
            and watched.desk.store.link.state is LinkState.LIVE
            and watched.desk.store.referral(found) is not None
            and not watched.desk.actions.pending
        )

    watched.until(works, patience(2 * LIVE_WITHIN))
    took, silent = time.monotonic() - begun, clients.longest_silence(begun)
    follows = watched.aside(installed.leader)
    watched.aside(way.back, installed, machine)
    back = time.monotonic()
    watched.aside(installed.until, installed.is_whole, 120)
    assert took < patience(LIVE_WITHIN), f"{way.name}: the window was live after {took:.1f} s"
    assert {one for one in watched.seen.tips if not one.startswith(SAID)} == set()
    if own is not None:
        assert follows != leader
        assert watched.aside(done_by, installed, own) == 1
        check_words(watched.seen)
    whole = time.monotonic() - back
    tips = " ".join(sorted(one.removesuffix(f" {TRIES_AGAIN}") for one in watched.seen.tips))
    return f"| {way.name} | {silent:.1f} s | {took:.1f} s | {whole:.0f} s | {tips} |"


def asked_meanwhile(watched: Watched, way: Way) -> do.AddNote:
    """Something that somebody at the window asks for while it says that the link is lost."""
    watched.until(lambda: watched.desk.store.link.state is LinkState.LOST, patience(10))
    referral = next(iter(watched.desk.store.referral_ids()))
    own = do.AddNote(referral_id=referral, words=f"asked for while: {way.name}")
    watched.desk.actions.submit(own, "Note")
    return own


def check_words(seen: Seen) -> None:
    """What the window said all the while."""
    assert seen.links
    assert all(LOST.match(one) for one in seen.links), seen.links
    assert "1 waiting for the link ▸" in seen.pending


def done_by(installed: Installed, note: do.AddNote) -> int:
    """How often it was."""
    return int(installed.ask("SELECT count(*) FROM cru.event WHERE words = $1", note.words)[0][0])


def check_book(installed: Installed, book: list[Answered]) -> None:
    """Nothing that was answered is lost, and nothing was done twice."""
    notes = {one.words for one in book if one.words}
    sql = "SELECT words, count(*) AS n FROM cru.event WHERE words LIKE 'note % of desk %' GROUP BY 1"
    found = {row["words"]: row["n"] for row in installed.ask(sql)}
    assert notes - found.keys() == set(), "answered and lost"
    assert {words for words, n in found.items() if n > 1} == set(), "done twice"
    referrals = {one.command.referral_id for one in book if isinstance(one.command, do.TakeReferral)}
    sql = "SELECT referral_id, count(*) AS n FROM cru.event WHERE kind = 'received' GROUP BY 1"
    received = {row["referral_id"]: row["n"] for row in installed.ask(sql)}
    assert referrals - received.keys() == set(), "answered and lost"
    assert set(received.values()) == {1}
    logged = {row[0] for row in installed.ask("SELECT command_id FROM cru.command_log")}
    assert {one.command.command_id for one in book} <= logged


def test_the_leader_is_lost_in_every_way(installed: Installed, clients: Clients, watched: Watched) -> None:
    watched.until(lambda: len(clients.book) > 2 * CLIENTS, patience(60))
    lines = []
    for way in WAYS:
        lines.append(lose(installed, clients, watched, way))
        watched.aside(check_book, installed, list(clients.book))
        print(f"\n{lines[-1]}")  # noqa: T201 - what was measured, should a later one fail
    watched.aside(clients.stop)
    watched.aside(check_book, installed, clients.book)
    rows = watched.aside(installed.ask, "SELECT id, version FROM cru.referral")
    there = {row["id"]: row["version"] for row in rows}
    watched.until(lambda: {row.id: row.version for row in watched.desk.store.referrals()} == there, 30)
    repeated = sum(one.tries > 1 for one in clients.book)
    lines.append(f"{len(clients.book)} commands answered, {repeated} of them after more than one try.")
    lines.append(f"Desks were told: {sorted(clients.said)}; load {os.getloadavg()[0]:.1f}")
    # A commit that waits for its standby holds what it changed, and is named.
    told = {one for one in clients.said if not one.endswith(" holds this just now.")}
    assert {one for one in told if not one.startswith(SAID)} == set()
    print("\n" + "\n".join(lines))  # noqa: T201 - the figures of the page


def test_the_record_comes_out_of_its_file_again(installed: Installed, tmp_path: Path) -> None:
    file = tmp_path / "tonight.cru"
    for words in (("backup", str(file)), ("drill", str(file)), ("check",)):
        code, said = installed.program("admin", *words)
        assert code == 0, said


def test_patroni_says_the_same(installed: Installed) -> None:
    machine = installed.machines["db1"]
    found = json.loads(
        machine.run(str(PATRONI / "patronictl"), "-c", str(machine.folder / "patroni.yml"), "list", "-f", "json")
    )
    assert sorted(row["Role"] for row in found) == ["Leader", "Replica", "Sync Standby"]
    assert {row["Host"] for row in found} == set(HOSTS.values())
