"""The wall in the window, from signing in to the end: no desk, no map, and nothing to press by mistake."""

import asyncio
import sys
from functools import partial

from PySide6.QtCore import Qt, QTimer

from console.live.session import Session
from console.live.store import LinkState
from console.running.tasks import cancel_all
from console.start.keeping import BEAT, BEAT_EACH
from console.start.source import ReadyRecord, give_up
from console.views.wall.page import WallPage
from console.views.window.window import ConsoleWindow
from db.domain.board import nobody_knows


class WallSeat:
    """A big screen that nobody sits before."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window = window

    async def take(self, session: Session, source: ReadyRecord, closing: asyncio.Event) -> bool:
        """Show the wall until the window closes. Whether it was live in the end."""
        desk = session.desk
        # When a van arrives is worked out from where the person is, and a wall is not told that.
        page = WallPage(desk, nobody_knows)
        # When the next crew is free is told from the service's past, of which a viewer reads lengths alone.
        past = partial(desk.reads.past_lengths, on_wall=True)
        desk.foresight.start(past, desk.store, desk.clock, desk.supervisor, page)
        self._window.show_page(page)
        self._window.setWindowState(self._window.windowState() | Qt.WindowState.WindowFullScreen)
        beat = QTimer(page)
        beat.timeout.connect(_beat)
        beat.start(round(BEAT_EACH * 1000))
        try:
            await closing.wait()
            return desk.store.link.state is LinkState.LIVE
        finally:
            page.hide()
            await cancel_all()
            await session.close()
            await give_up(source)


def _beat() -> None:
    """Tell whoever keeps the wall running that its window lives."""
    if sys.stdout is not None:
        sys.stdout.write(BEAT)
        sys.stdout.flush()
