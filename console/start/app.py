"""The program with a window: settings in, connect, sign in, desk, and an ordered shutdown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QApplication

from console.look import style
from console.map.scheme import prepare_engine
from console.start import loop
from console.start.garbage import GuiThreadCollector
from console.start.loading import load
from console.start.looks import Looks
from console.start.settings import Settings
from console.start.source import Preparation, ReadyRecord, give_up, hosted_record, own_record
from console.views.desk.layout import LayoutMemory
from console.views.window.failure import FailureWindow
from console.views.window.waiting import WaitingPage
from console.views.window.window import ConsoleWindow
from db.errors import Passing, RecordError, Unavailable

# What a signed-in window needs takes longer to load than a window to open: it is loaded beside the first page.
if TYPE_CHECKING:
    from console.live.session import Session
    from console.start.remembering import Remembering
    from console.views.window.sign_in import ServerChoice, SignIn
    from db.addresses import Address
    from db.domain.roles import Role

    Opened = tuple[Session, ReadyRecord]

log = logging.getLogger(__name__)
T = TypeVar("T")
_SIGN_IN, _SEAT = "console.live.session", "console.start.seat"
WALL_TRIES_EACH = 10.0
"""Seconds after which a wall that could not sign in tries again."""
CHECK_AND_TRY = "Check the network and the server, then try once more."
CHECK_AND_SIGN_IN = "Check the server's name and the network, then sign in again."


def run(settings: Settings, prepare: Preparation | None = None, close_at: float | None = None) -> int:
    """Open the window and stay until it is closed. Returns the exit code.

    Args:
        settings: of this workstation.
        prepare: makes a record ready; None uses the settings' own.
        close_at: the moment of ``time.monotonic`` at which the window closes by itself; None means it stays.

    Raises:
        Invalid: a setting makes no sense.
        RecordError: the window closed by itself, and the board was not live then; says why.
    """
    url = _configured(settings)
    prepare_engine()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["cru-console"])
    app.setApplicationName("CRU console")
    # Before any thread: from here on only this one may collect what Qt owns.
    collector = GuiThreadCollector(app)
    memory = LayoutMemory(settings.data_dir)
    console = Console(app, settings, memory, collector.settle)
    try:
        return loop.run(app, lambda: console.live(url, prepare, close_at))
    finally:
        collector.stop()


def _configured(settings: Settings) -> "Address | None":
    if not settings.database_url:
        return None
    from db.addresses import read_url

    return read_url(settings.database_url)


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

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        memory: LayoutMemory,
        loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._loaded = loaded
        self._looks = Looks(app, settings, memory)
        self.window = ConsoleWindow(memory)
        self._closing = asyncio.Event()
        self.window.close_requested.connect(self._closing.set)
        self._was_live = False
        # What is watched is said once: whoever signs in again knows.
        self._newcomer = True
        self._refused: RecordError | None = None
        self._remembering: Remembering | None = None

    async def live(self, url: "Address | None", prepare: Preparation | None, close_at: float | None = None) -> int:
        """Everything between start and end."""
        if close_at is not None:
            asyncio.get_running_loop().call_at(close_at, self._closing.set)
        try:
            while not self._closing.is_set():
                found = await (self._sign_in(url) if prepare is None else self._wait_for(prepare))
                if found is None:
                    break
                await self._at_the_desk(*found)
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

    async def _unless_closed(self, work: Awaitable[T], *also: asyncio.Event) -> T | None:
        """What the work gives; None when the window is closed or ``also`` set first, and the work given up."""
        doing = asyncio.ensure_future(work)
        ending = [asyncio.ensure_future(event.wait()) for event in (self._closing, *also)]
        await asyncio.wait({doing, *ending}, return_when=asyncio.FIRST_COMPLETED)
        for wait in ending:
            wait.cancel()
        if doing.done():
            return doing.result()
        if self._closing.is_set():
            # An embedded server that is just starting takes a moment to give up; nobody need look at that.
            self.window.hide()
        doing.cancel()
        # Awaited: what was half opened gives back its connections and its server on the way out.
        await asyncio.gather(doing, return_exceptions=True)
        return None

    # --- what is prepared without a question ---

    async def _wait_for(self, prepare: Preparation, *, ask_after: bool = False) -> "Opened | None":
        """Show what is being prepared until a session is open; None when it is given up.

        Args:
            prepare: what.
            ask_after: a failure is told on the sign-in page, where what was wrong can be typed anew.
        """
        page, elsewhere, again = self._waiting_page(prepare)
        while True:
            try:
                return await self._unless_closed(_prepared(prepare, page, self._only()), elsewhere)
            except RecordError as error:
                refused = self._failed(error, CHECK_AND_SIGN_IN if ask_after else CHECK_AND_TRY)
                if ask_after and not self._settings.wall:
                    return None
                page.fail(refused)
            again.clear()
            if not await self._unless_closed(self._another_try(again), elsewhere):
                return None

    async def _another_try(self, asked_for: asyncio.Event) -> bool:
        """Somebody asks for it; before a wall nobody sits, so it tries by itself."""
        try:
            await asyncio.wait_for(asked_for.wait(), WALL_TRIES_EACH if self._settings.wall else None)
        except TimeoutError:
            log.info("the wall tries again")
        return True

    def _only(self) -> "Role | None":
        from db.domain.roles import Role

        return Role.VIEWER if self._settings.wall else None

    def _waiting_page(self, prepare: Preparation) -> tuple[WaitingPage, asyncio.Event, asyncio.Event]:
        page = WaitingPage(prepare.title, "Sign in elsewhere" if prepare.elsewhere else "Give up")
        elsewhere, again = asyncio.Event(), asyncio.Event()
        page.given_up.connect(elsewhere.set if prepare.elsewhere else self._closing.set)
        page.wanted_again.connect(again.set)
        self.window.show_page(page)
        self.window.show()
        page.setFocus()
        return page, elsewhere, again

    def _failed(self, error: RecordError, step: str) -> RecordError:
        """Note a failure, with a step that helps: nothing tries again by itself before somebody is signed in."""
        log.warning("sign-in failed: %s", type(error).__name__)
        self._refused = error.by_hand(step) if isinstance(error, Passing) else error
        return self._refused

    # --- sign in ---

    async def _sign_in(self, url: "Address | None") -> "Opened | None":
        """Open what needs nothing to be typed, or ask; None when the window is closed first."""
        if url is None:
            found = await self._wait_for(own_record(self._settings))
        elif url.password:
            found = await self._wait_for(hosted_record(url), ask_after=True)
        else:
            self.window.show()
            found = None
        return found or (None if self._closing.is_set() else await self._ask(url))

    async def _ask(self, url: "Address | None") -> "Opened | None":
        """Show the sign-in page until a session is open; None when the window is closed first."""
        await self._unless_closed(load(_SEAT))
        form = found = None
        while found is None and not self._closing.is_set():
            # The same page after a refusal, with what was typed; after another page it has to be made anew.
            page, chosen = form = form or self._form(url)
            choice = await self._unless_closed(chosen.get())
            if choice is None:
                return None
            if choice.url is None:
                found, form = await self._wait_for(own_record(self._settings)), None
            else:
                found = await self._typed(page, choice, choice.url)
        return found

    def _form(self, url: "Address | None") -> "tuple[SignIn, asyncio.Queue[ServerChoice]]":
        from console.views.window.sign_in import SignIn

        page = SignIn(url)
        chosen: asyncio.Queue[ServerChoice] = asyncio.Queue()
        page.chosen.connect(chosen.put_nowait)
        self.window.show_page(page)
        if url is not None and self._refused is not None:
            page.say_refused(self._refused)
        page.focus_first_empty()
        self._remembers().offer(page)
        return page, chosen

    def _remembers(self) -> "Remembering":
        from console.start.remembering import Remembering

        allowed = self._settings.remember_sign_in and not self._settings.wall
        self._remembering = self._remembering or Remembering(allowed=allowed)
        return self._remembering

    async def _typed(self, page: "SignIn", choice: "ServerChoice", url: "Address") -> "Opened | None":
        from console.live.session import open_session
        from db.addresses import server_of

        source = ReadyRecord(url)
        page.say_trying(server_of(url) or "the server")
        try:
            session = await self._unless_closed(open_session(url, self._only()))
        except RecordError as error:
            self._remembers().refused(error)
            page.say_refused(self._failed(error, CHECK_AND_SIGN_IN))
            page.focus_first_empty()
            return None
        if session is None:
            return None
        self._remembers().signed_in(choice)
        return session, source

    # --- desk ---

    async def _at_the_desk(self, session: "Session", source: ReadyRecord) -> None:
        if self._settings.wall:
            from console.start.wall_seat import WallSeat

            self._was_live = await WallSeat(self.window).take(session, source, self._closing)
            return
        from console.start.seat import Seat

        self._remembers().seated()
        seat = Seat(self.window, self._settings, self._looks, self._loaded)
        self._was_live = await seat.take(session, source, self._closing, newcomer=self._newcomer)
        self._newcomer = False


async def _prepared(prepare: Preparation, page: WaitingPage, only: "Role | None") -> "Opened":
    """Make the record ready and sign in, while what the desk needs is loaded."""
    # Side by side: a server and a network are waited for, loading keeps a thread of ours busy.
    beginning = asyncio.ensure_future(prepare.begin(page.say))
    session = None
    try:
        # It asks first for what it needs itself.
        await asyncio.sleep(0)
        signing_in, desk = load(_SIGN_IN), load(_SEAT)
        source = await beginning
        await signing_in
        page.say("Opening the board")
        from console.live.session import open_session

        session = await open_session(source.url, only)
        await desk
    except BaseException:
        # The server that was started for it must not be left running for nobody.
        if session is not None:
            await session.close()
        beginning.cancel()
        (begun,) = await asyncio.gather(beginning, return_exceptions=True)
        if isinstance(begun, ReadyRecord):
            await give_up(begun)
        raise
    return session, source
