"""The program with a window: settings in, connect, sign in, desk, and an ordered shutdown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QApplication
from sqlalchemy import URL

from console.live.geography import Geography
from console.live.keeper import Keeper
from console.live.session import Session, open_session
from console.live.store import LinkState
from console.look import style
from console.map.marks import MapConfig
from console.map.scheme import register_scheme
from console.running.tasks import cancel_all
from console.start import loop
from console.start.garbage import GuiThreadCollector
from console.start.settings import Settings
from console.views.desk.layout import LayoutMemory
from console.views.desk.page import DeskPage
from console.views.desk.shortcuts import Shortcuts
from console.views.window.failure import FailureWindow
from console.views.window.sign_in import ServerChoice, SignIn, at_sign_in
from console.views.window.window import ConsoleWindow
from db.addresses import read_url, server_of
from db.errors import RecordError, Unavailable
from db.geo.roads.travel import Speeds
from db.local import open_local
from db.server import EmbeddedServer

if TYPE_CHECKING:
    from console.look.palette import Theme

log = logging.getLogger(__name__)
T = TypeVar("T")
CLOSE_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class ReadyRecord:
    """A record that is ready to be signed in to.

    Attributes:
        url: where to sign in.
        place: what it is called while connecting.
        beside: work that runs beside the window and ends with it.
        server: an embedded server, to be kept alive under the console.
        close: gives up what was started for it.
    """

    url: URL
    place: str
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None
    server: EmbeddedServer | None = None
    close: Callable[[], Awaitable[None]] | None = None


def run(
    settings: Settings, prepare: Callable[[], Awaitable[ReadyRecord]] | None = None, close_at: float | None = None
) -> int:
    """Open the window and stay until it is closed. Returns the exit code.

    Args:
        settings: of this workstation.
        prepare: makes a record ready; None uses the settings' own.
        close_at: the moment of ``time.monotonic`` at which the window closes by itself; None means it stays.

    Raises:
        Invalid: a setting makes no sense.
        RecordError: the window closed by itself, and the board was not live then; says why.
    """
    url = read_url(settings.database_url) if settings.database_url else None
    register_scheme()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["cru-console"])
    app.setApplicationName("CRU console")
    collector = GuiThreadCollector(app)
    memory = LayoutMemory(settings.data_dir)
    console = Console(app, settings, memory)
    try:
        return loop.run(app, lambda: console.live(url, prepare, close_at))
    finally:
        collector.stop()


def show_failure(error: RecordError) -> None:
    """Say on the screen why the console cannot begin, and wait until it was read."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["cru-console"])
    style.apply(app, "dark", 100)
    loop.run(app, lambda: _until_read(error))


async def _until_read(error: RecordError) -> int:
    read = asyncio.Event()
    window = FailureWindow(error)
    window.closed.connect(read.set)
    window.show()
    await read.wait()
    return 2


class Console:
    """One run of the program, from the first page to the ordered end."""

    def __init__(self, app: QApplication, settings: Settings, memory: LayoutMemory) -> None:
        self._app = app
        self._settings = settings
        self._memory = memory
        self._theme = memory.recall("theme", settings.theme)
        self._text_size = int(memory.recall("text_size", str(settings.font_percent)))
        style.apply(app, self._theme, self._text_size)
        self.window = ConsoleWindow(memory)
        self._closing = asyncio.Event()
        self.window.close_requested.connect(self._closing.set)
        self._was_live = False
        self._refused: RecordError | None = None

    async def live(
        self, url: URL | None, prepare: Callable[[], Awaitable[ReadyRecord]] | None, close_at: float | None = None
    ) -> int:
        """Everything between start and end."""
        self.window.show()
        if close_at is not None:
            asyncio.get_running_loop().call_at(close_at, self._closing.set)
        try:
            while not self._closing.is_set():
                found = await self._sign_in(url, prepare)
                if found is None:
                    break
                session, source = found
                await self._at_the_desk(session, source)
        finally:
            await self._leave()
        if close_at is not None and not self._was_live:
            raise self._refused or Unavailable("The board was not live when the time was over.")
        return 0

    async def _leave(self) -> None:
        # The web engine must be gone before Qt's loop ends, or Qt crashes on the way out.
        gone = asyncio.Event()
        self.window.destroyed.connect(gone.set)
        self.window.leave()
        self.window.deleteLater()
        await gone.wait()

    # --- sign in ---

    async def _sign_in(
        self, url: URL | None, prepare: Callable[[], Awaitable[ReadyRecord]] | None
    ) -> tuple[Session, ReadyRecord] | None:
        """Show the first page until a session is open; None when the window is closed first."""
        page = SignIn(url)
        self.window.show_page(page)
        chosen: asyncio.Queue[ServerChoice] = asyncio.Queue()
        page.chosen.connect(chosen.put_nowait)
        choice = ServerChoice(url) if url is None or url.password else None
        while True:
            if choice is None:
                page.focus_first_empty()
                choice = await self._unless_closed(chosen.get())
            if choice is None:
                return None
            page.say_trying("the practice shift" if prepare is not None else _place_of(choice))
            try:
                return await self._unless_closed(self._connect(choice, prepare))
            except RecordError as error:
                log.warning("sign-in failed: %s", type(error).__name__)
                self._refused = at_sign_in(error)
                page.say_refused(self._refused)
                choice = None

    async def _unless_closed(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work gives; None when the window is closed first, and the work given up."""
        doing, closing = asyncio.ensure_future(work), asyncio.ensure_future(self._closing.wait())
        await asyncio.wait({doing, closing}, return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()
        if doing.done():
            return doing.result()
        # An embedded server that is just starting takes a moment to give up; nobody need look at that.
        self.window.hide()
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return None

    async def _connect(
        self, choice: ServerChoice, prepare: Callable[[], Awaitable[ReadyRecord]] | None
    ) -> tuple[Session, ReadyRecord]:
        source = await (prepare() if prepare is not None else self._source_of(choice))
        return await _open(source), source

    async def _source_of(self, choice: ServerChoice) -> ReadyRecord:
        if choice.url is not None:
            return ReadyRecord(choice.url, _place_of(choice))
        local = await open_local(self._settings.data_dir)
        return ReadyRecord(local.url, _place_of(choice), server=local.server, close=local.server.stop)

    # --- desk ---

    async def _at_the_desk(self, session: Session, source: ReadyRecord) -> None:
        desk = session.desk
        chosen = self._settings
        speeds = Speeds(local_factor=chosen.travel_factor, night_factor=chosen.travel_night_factor)
        cache = chosen.data_dir / "cache"
        geography = Geography(
            chosen.map_pack, cache, desk.clock, self.window, speeds=speeds, supervisor=desk.supervisor
        )
        page = DeskPage(desk, geography, self._map_config(geography), self._settings.record_arrivals)
        shortcuts = Shortcuts(page, self._theme, self._text_size)
        leaving = asyncio.Event()
        page.sign_out_wanted.connect(leaving.set)
        page.theme_wanted.connect(self._set_theme)
        page.text_size_wanted.connect(self._set_text_size)
        _give_tones(page)
        self.window.show_page(page)
        geography.start()
        _begin_beside(source, session)
        waiting = [asyncio.ensure_future(self._closing.wait()), asyncio.ensure_future(leaving.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            self._was_live = desk.store.link.state is LinkState.LIVE
        finally:
            del shortcuts
            page.shutdown()
            for task in waiting:
                task.cancel()
            await cancel_all()
            await session.close()
            await _close(source)

    def _map_config(self, geography: Geography) -> MapConfig:
        theme: Theme = "light" if self._theme == "light" else "contrast" if self._theme == "contrast" else "dark"
        return MapConfig(
            pack=self._settings.map_pack if geography.pack is not None else None,
            tile_server=self._settings.tile_server or None,
            attribution=self._settings.tile_attribution or MapConfig().attribution,
            theme=theme,
            cache_dir=self._settings.data_dir / "cache",
        )

    def _set_theme(self, theme: str) -> None:
        self._theme = theme
        self._memory.remember("theme", theme)
        style.apply(self._app, theme, self._text_size)

    def _set_text_size(self, percent: int) -> None:
        self._text_size = percent
        self._memory.remember("text_size", str(percent))
        style.apply(self._app, self._theme, percent)


def _begin_beside(source: ReadyRecord, session: Session) -> None:
    desk = session.desk
    if source.beside is not None:
        sentence = "What plays the practice shift stopped; it is being started again."
        desk.supervisor.until_done("the practice shift", source.beside, sentence)
    if source.server is not None:
        keeper = Keeper(source.server, source.url, desk.store, desk.supervisor, session.route.move)
        sentence = "What watches over the record's own server stopped; it is being started again."
        desk.supervisor.keep("the keeper of the record's own server", keeper.run, sentence)


def _give_tones(page: DeskPage) -> None:
    try:
        from console.views.status.sounds import Tones
    except ImportError as error:
        # A server edition of Linux has no sound library; a silent console is better than none.
        log.warning("no sound: %s", error)
        page.message.say("warn", "This computer can make no sound.", "Watch the alarms in the status bar.")
        return
    page.status.alarm_raised.connect(Tones(page.status.sounding, page).play)


async def _open(source: ReadyRecord) -> Session:
    try:
        return await open_session(source.url)
    except BaseException:
        await _close(source)
        raise


async def _close(source: ReadyRecord) -> None:
    """Give up what was started for it. What takes long goes on without a window."""
    if source.close is None:
        return
    try:
        async with asyncio.timeout(CLOSE_WITHIN):
            await source.close()
    except (RecordError, TimeoutError) as error:
        log.warning("the record was not left in order: %s", type(error).__name__)


def _place_of(choice: ServerChoice) -> str:
    return server_of(choice.url) or "the server" if choice.url is not None else "this computer's own record"
