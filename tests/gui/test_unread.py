"""Before the record was read once, no panel says that nobody is there: it is not known."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from console.live.etas import Etas
from console.live.geography import Geography
from console.live.store import Link, LinkState, Store
from console.live.unread import unread_words
from console.views.board.panel import BoardPanel
from console.views.replay.player import Player
from console.views.status.bar import StatusBar
from console.views.status.link_words import link_words, short_link_words
from console.views.timeline.panel import TimelinePanel
from console.views.vans.panel import VansPanel
from tests.gui.desks import Room, put_on, qt_loop, room, rooms, stage

__all__ = ["qt_loop", "room", "rooms", "stage"]


@pytest.mark.hazard("H-049")
def test_what_was_never_read_is_not_said_to_be_empty(room: Room, stage: QWidget, tmp_path: Path) -> None:
    now = room.desk.clock.now()
    store = Store(room.desk.store.reference, Link(LinkState.CONNECTING, now - timedelta(seconds=40)), stage)
    desk = replace(room.desk, store=store)
    etas = Etas(store, Geography(None, tmp_path, desk.clock, stage), desk.clock, stage)
    board, vans = BoardPanel(desk, etas, stage), VansPanel(desk, stage)
    lanes, bar = TimelinePanel(desk, etas, stage), StatusBar(desk)
    put_on(stage, bar, 1400, 90)

    def said() -> tuple[str, ...]:
        return board.list.empty_words, vans.list.empty_words, lanes._view._lanes._empty, bar.counts.text()

    assert all(words.startswith("Reading the ") for words in said()), said()
    store.set_link(Link(LinkState.LOST, now - timedelta(seconds=40), 0.0, "The record cannot be reached."))
    assert all("could not be read yet" in words for words in said()), said()
    assert "as of" not in f"{board.heading.note()}{vans.heading.note()}"
    assert link_words(store, now)[0] == "▲ no link for 40 s — nothing was read yet"
    assert short_link_words(store, now) == "▲ no link yet"
    # Once it was read an empty board is empty; when the link is lost again, as of then.
    store.replace({})
    store.set_link(Link(LinkState.LIVE, now))
    assert said()[0].startswith("Nobody is waiting.")
    store.set_link(Link(LinkState.LOST, now, 0.0, "The record cannot be reached."))
    assert said()[0].startswith("Nobody is waiting.")
    assert "as of" in board.heading.note()
    assert unread_words(store, "board") == ""


def test_a_past_day_is_read_before_it_is_said_to_be_empty(room: Room) -> None:
    player = Player(room.desk)
    assert unread_words(player.desk.store, "board") == "Reading the board…"
    room.run(player.load(room.desk.clock.now().date()))
    assert unread_words(player.desk.store, "board") == ""
    player.stop()
