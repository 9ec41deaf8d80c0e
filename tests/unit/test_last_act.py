"""What may be taken back is asked after each act of this console, and whenever it may have become another one."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QObject, Signal

from console.live.store import Link, LinkState, Store
from console.live.undo import ASK_AGAIN, LastAct
from db.commands import AddNote, OpenRecord
from db.domain.roles import Role
from db.domain.taken_back import PastAct
from db.errors import Unavailable
from tests.unit.board_records import NOW, reference, referral

OF = referral()


class Acts(QObject):
    """The end of an act, as the console's own tell it."""

    done = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pending: list[Any] = []

    def pressed_with(self, _: UUID) -> frozenset[UUID]:
        return frozenset()


class Asked:
    """A desk over a record of which a test says what it answers; it counts how often it was asked."""

    def __init__(self, role: Role = Role.DISPATCHER, state: LinkState = LinkState.LIVE) -> None:
        self.answer: Any = None
        self.count, self.now = 0, NOW
        self.store = Store(reference(), Link(state, NOW))
        self.store.put({"referral": [OF]})
        self.actions = Acts()
        clock, reads = SimpleNamespace(now=lambda: self.now), SimpleNamespace(my_last_act=self._answer)
        self.desk: Any = SimpleNamespace(
            store=self.store, actions=self.actions, clock=clock, reads=reads, me=SimpleNamespace(role=role)
        )
        self.last = LastAct(self.desk, self.actions)

    async def _answer(self) -> Any:
        self.count += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def settled(self) -> int:
        """How often it was asked since the last time, once nothing is on its way."""
        before, self.count = self.count, 0
        while self.last._reading:
            await asyncio.sleep(0)
        found, self.count = self.count + before, 0
        return found

    def does(self, command: object) -> None:
        self.actions.done.emit(SimpleNamespace(command=command))

    def pends(self, *some: object) -> None:
        self.actions.pending = [SimpleNamespace(command=one) for one in some]
        self.actions.changed.emit()

    def link(self, state: LinkState) -> None:
        self.store.set_link(Link(state, NOW))


@pytest.fixture
def asked(qapp: object) -> type[Asked]:
    return Asked


async def test_it_is_asked_at_the_start_after_each_act_and_when_the_link_changes(asked: type[Asked]) -> None:
    desk = asked()
    assert await desk.settled() == 1
    desk.does(AddNote(referral_id=OF.id, words="x"))
    assert await desk.settled() == 1
    # To look at a record is nothing that could be taken back.
    desk.does(OpenRecord(referral_id=OF.id))
    assert await desk.settled() == 0
    for state, again in ((LinkState.LIVE, 0), (LinkState.LOST, 1), (LinkState.LOST, 0), (LinkState.LIVE, 1)):
        desk.link(state)
        assert await desk.settled() == again


async def test_a_desk_that_opens_without_its_board_asks_when_it_is_there(asked: type[Asked]) -> None:
    desk = asked(state=LinkState.CONNECTING)
    assert await desk.settled() == 0
    # What others did meanwhile is asked about some seconds after it opened.
    desk.store.events_changed.emit(frozenset({uuid4()}))
    assert await desk.settled() == 0
    desk.now += ASK_AGAIN
    desk.last.tick()
    assert await desk.settled() == 1
    desk.link(LinkState.LIVE)
    assert await desk.settled() == 1
    desk.last.end()
    desk.link(LinkState.LOST)
    assert await desk.settled() == 0


async def test_whoever_may_do_nothing_asks_nothing(asked: type[Asked]) -> None:
    desk = asked(Role.VIEWER)
    assert await desk.settled() == 0


def act(minutes_ago: float = 0, referral_id: UUID | None = None, reference: str = OF.reference) -> PastAct:
    at, told = NOW - timedelta(minutes=minutes_ago), "" if referral_id is None else reference
    return PastAct(uuid4(), 1, referral_id, None, "accepted", "", "a.shah", at, reference=told)


async def test_whose_act_it_was_is_said_wherever_its_referral_is_by_now(asked: type[Asked]) -> None:
    desk = asked()
    for made, whose, hidden in (
        (act(0, OF.id), "0044 Kettering", "0044"),
        (act(0, uuid4(), "CRU-20240307-0012"), "0012 7 Mar 2024", "0012 7 Mar 2024"),
        (act(0), "", ""),
    ):
        desk.answer = made
        desk.does(AddNote(referral_id=OF.id, words="x"))
        await desk.settled()
        assert desk.last.whose(NOW) == whose
        assert desk.last.whose(NOW, private=True) == hidden


async def test_what_others_did_is_asked_about_some_seconds_later_and_at_once_for_the_act_itself(
    asked: type[Asked],
) -> None:
    desk, changes = asked(), []
    desk.answer = act(referral_id=OF.id)
    desk.last.changed.connect(lambda: changes.append(desk.last.act))
    await desk.settled()
    assert (desk.last.act, changes) == (desk.answer, [desk.answer])
    # Something about its referral may have been built on it.
    desk.store.events_changed.emit(frozenset({OF.id}))
    assert await desk.settled() == 1
    assert len(changes) == 1, "the same act is no news"
    desk.store.events_changed.emit(frozenset({uuid4()}))
    assert await desk.settled() == 0
    desk.now += ASK_AGAIN - timedelta(seconds=1)
    desk.last.tick()
    assert await desk.settled() == 0
    desk.now += timedelta(seconds=1)
    desk.last.tick()
    assert await desk.settled() == 1
    desk.now += ASK_AGAIN
    desk.last.tick()
    assert await desk.settled() == 0, "nobody did anything since"


async def test_its_minute_passes_and_without_the_record_nothing_is_offered(asked: type[Asked]) -> None:
    desk = asked()
    desk.answer = act(0.5, OF.id)
    await desk.settled()
    assert desk.last.left() == timedelta(seconds=30)
    assert desk.last.title(NOW).endswith(" · 0044")
    desk.last.tick()
    assert desk.last.act is not None
    desk.now += timedelta(seconds=30)
    desk.last.tick()
    assert (desk.last.act, desk.last.left(), desk.last.title(NOW)) == (None, timedelta(0), "")
    desk.answer = act()
    desk.does(AddNote(referral_id=OF.id, words="x"))
    await desk.settled()
    assert desk.last.act is not None
    assert " · " not in desk.last.title(NOW)
    desk.answer = Unavailable("gone")
    desk.link(LinkState.LOST)
    await desk.settled()
    assert desk.last.act is None


async def test_what_was_done_before_is_not_taken_back_while_the_last_has_no_answer(asked: type[Asked]) -> None:
    """Over a slow link the key, pressed right after a step, took back the one before: another person's."""
    desk, told, note = asked(), list[bool](), AddNote(referral_id=OF.id, words="x")
    desk.answer = before = act(0, uuid4())
    await desk.settled()
    desk.last.changed.connect(lambda: told.append(desk.last.waits))
    assert desk.last.act is before
    desk.pends(note)
    assert (desk.last.act, told) == (None, [True])
    desk.last.take_back(lambda _: None)  # sends nothing: there are no actions here that could
    # Answered, and not yet read: still nothing.
    desk.answer = after = act(0, OF.id)
    desk.pends()
    assert (desk.last.act, desk.last.waits) == (None, True)
    await desk.settled()
    assert (desk.last.act, told[-1]) == (after, False)
    # Refused: what it was before is there again.
    desk.pends(note)
    desk.pends()
    await desk.settled()
    assert (desk.last.act, desk.last.waits) == (after, False)
    desk.pends(OpenRecord(referral_id=OF.id))
    assert desk.last.act is after, "to look is no act"
