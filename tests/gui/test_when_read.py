"""What comes behind the board is begun once, when it is there or does not come."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from console.live.store import Link, LinkState, Store
from console.live.when_read import WhenRead
from tests.unit.board_records import NOW, reference, van


def turn() -> None:
    """One turn of the loop, with what is to be deleted."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def linked(state: LinkState) -> Link:
    return Link(state, NOW)


@pytest.mark.parametrize("how", ["a picture", "an empty one", "lost"])
def test_it_is_begun_once_behind_the_first_picture(qapp: QApplication, how: str) -> None:
    store, done, owner = Store(reference(), linked(LinkState.CONNECTING)), list[str](), QObject()
    WhenRead(store, lambda: done.append("begun"), owner)
    store.set_link(linked(LinkState.CONNECTING))
    turn()
    assert done == []
    if how != "lost":
        store.put({"van": [van("CRU1")]} if how == "a picture" else {})
    if how != "a picture":
        store.set_link(linked(LinkState.LOST if how == "lost" else LinkState.LIVE))
    # The board is painted first.
    assert done == []
    turn()
    assert done == ["begun"]
    store.put({"van": [van("CRU2")]})
    store.set_link(linked(LinkState.LOST))
    turn()
    assert done == ["begun"]


def test_what_is_read_already_is_not_waited_for(qapp: QApplication) -> None:
    store, done, owner = Store(reference(), linked(LinkState.LIVE)), list[str](), QObject()
    store.put({})
    WhenRead(store, lambda: done.append("begun"), owner)
    turn()
    assert done == ["begun"]


def test_nothing_is_done_for_who_is_gone(qapp: QApplication) -> None:
    store, done, owner = Store(reference(), linked(LinkState.CONNECTING)), list[str](), QObject()
    WhenRead(store, lambda: done.append("begun"), owner)
    owner.deleteLater()
    turn()
    store.put({"van": [van("CRU1")]})
    turn()
    assert done == []
