"""What comes behind the board is begun once, when it is there or does not come."""

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from console.live.store import Link, LinkState, Store
from console.live.when_read import WhenRead, board_first
from tests.unit.board_records import NOW, reference, van

COMES: dict[str, Callable[[Store], object]] = {
    "a picture": lambda store: store.put({"van": [van("CRU1")]}),
    "an empty one": lambda store: (store.put({}), store.set_link(linked(LinkState.LIVE))),
    "lost": lambda store: store.set_link(linked(LinkState.LOST)),
}


def linked(state: LinkState) -> Link:
    return Link(state, NOW)


@pytest.fixture
def store(qapp: QCoreApplication) -> Store:
    return Store(reference(), linked(LinkState.CONNECTING))


def changes(store: Store) -> None:
    store.put({"van": [van("CRU2")]})
    store.set_link(linked(LinkState.LIVE))
    store.set_link(linked(LinkState.LOST))


@pytest.mark.parametrize("how", COMES)
def test_it_is_begun_once_with_the_first_picture(store: Store, how: str) -> None:
    done, owner = list[str](), QObject()
    WhenRead(store, lambda: done.append("begun"), owner)
    store.set_link(linked(LinkState.CONNECTING))
    assert done == []
    COMES[how](store)
    assert done == ["begun"]
    changes(store)
    assert done == ["begun"]


def test_what_is_read_already_is_not_waited_for(store: Store) -> None:
    done, owner = list[str](), QObject()
    store.put({})
    WhenRead(store, lambda: done.append("begun"), owner)
    assert done == ["begun"]


def test_nothing_is_done_for_who_is_gone(store: Store) -> None:
    done, owner = list[str](), QObject()
    WhenRead(store, lambda: done.append("begun"), owner)
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    changes(store)
    assert done == []


@pytest.mark.parametrize("how", [*COMES, "never"])
async def test_who_waits_goes_on_then_or_after_the_time_they_have(store: Store, how: str) -> None:
    waiting = asyncio.ensure_future(board_first(store, 0.05 if how == "never" else None))
    await asyncio.sleep(0)
    assert not waiting.done()
    if how != "never":
        COMES[how](store)
    await asyncio.wait_for(waiting, 20)
    # Nobody listens any more.
    changes(store)
