"""Everything that a signed-in window needs: the desk, and leaving it in order.

Its libraries take longer to load than a window to open, so the program loads this module beside its first page.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from console.live.alarm_raiser import AlarmRaiser
from console.live.geography import Geography
from console.live.keeper import Keeper
from console.live.presence import PresenceTeller
from console.live.seals import SealKeeper
from console.live.session import Session
from console.live.store import LinkState, Store
from console.live.when_read import board_first
from console.map.marks import MapConfig
from console.running.faults import attempt_later
from console.running.tasks import cancel_all, spawn
from console.start.loading import beside, load
from console.start.looks import Looks
from console.start.outbox_seat import OutboxSeat, typed_again
from console.start.settings import Settings
from console.start.source import ReadyRecord, give_up
from console.views.desk.arrived import Arrived
from console.views.desk.beside import OPENERS
from console.views.desk.note import QuietNote
from console.views.desk.page import DeskPage
from console.views.desk.shortcuts import Shortcuts
from console.views.desk.whereabouts import where
from console.views.lock.lock import Lock
from console.views.window.window import ConsoleWindow
from db.domain.needs_told import needs_told
from db.domain.roles import may_dispatch
from db.domain.screening import second_looks
from db.geo.roads.travel import Speeds
from db.server import EmbeddedServer

log = logging.getLogger(__name__)
NEWER = "The record is newer than this console and works with it. Install the newer version when there is time."
BOARD_WITHIN = 10.0
"""Seconds after which what follows the board is loaded though the board is not live."""
SEAL_AFTER = 5.0
"""Seconds that a start has to itself before this computer's own record is sealed."""
_LISTS = ("care", "fixes", "insisted", "measures", "tool_page")
_READS = ("db.replay", "db.measures", "db.importing")


class Seat:
    """One person at the desk, from signing in to leaving it."""

    def __init__(
        self, window: ConsoleWindow, settings: Settings, looks: Looks, loaded: Callable[[], None]
    ) -> None:
        self._window = window
        self._settings = settings
        self._looks = looks
        self._loaded = loaded

    async def take(self, session: Session, source: ReadyRecord, closing: asyncio.Event, *, newcomer: bool) -> bool:
        """Show the desk until the window closes or the person signs out.

        Args:
            session: signed in.
            source: where.
            closing: is set when the window closes.
            newcomer: say what is being watched.

        Returns:
            Whether the board was live in the end.
        """
        self._looks.take_keys_of(session.desk.me.login)
        page = self._page(session)
        # Held here: Qt's connections hold the object of a Python method weakly.
        lock = self._lock(page, source)
        shortcuts = Shortcuts(page, self._looks.theme, self._looks.text_size, lock.lock)
        leaving = asyncio.Event()
        page.sign_out_wanted.connect(leaving.set)
        page.theme_wanted.connect(self._looks.set_theme)
        page.text_size_wanted.connect(self._looks.set_text_size)
        self._window.show_page(page)
        self._open_windows(page)
        _begin_raising(session, page)
        _begin_presence(session, page)
        _begin_keeping_seals(session, self._settings)
        lists = (page.vans.list, page.board.list)
        note = QuietNote(page, page.forms, page.detail.empty, lists, page.map, lock.touched)
        if newcomer and source.watched:
            note.say(source.watched)
        if session.newer:
            note.say(NEWER)
        _begin_beside(source, session, note, self._settings)
        page.forms.typed_again.connect(lambda count: note.say(typed_again(count)))
        waits = OutboxSeat(session, self._settings.data_dir / "outbox", note.say, page.forms.take_typed)
        if may_dispatch(session.desk.me.role):
            Arrived(session.desk, note.say, page)
            waits.begin()
        waiting = [asyncio.ensure_future(closing.wait()), asyncio.ensure_future(leaving.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return session.desk.store.link.state is LinkState.LIVE
        finally:
            del shortcuts
            # From the screen inwards: what waits is ended, then what still reads, then the connections, then their
            # server.
            lock.end()
            self._remember(page, handed_over=lock.hands_over)
            page.shutdown()
            await waits.close()
            self._looks.leave_keys()
            for task in waiting:
                task.cancel()
            await cancel_all()
            await session.close()
            await give_up(source)

    def _open_windows(self, page: DeskPage) -> None:
        """The windows that whoever signs in had open, where they stood."""
        page.beside.take_places(*self._looks.memory.windows(list(OPENERS)))
        self._window.activateWindow()

    def _remember(self, page: DeskPage, *, handed_over: bool) -> None:
        self._looks.memory.save(self._window, page.docks)
        self._looks.memory.save_windows(*page.beside.places())
        if handed_over:
            self._looks.memory.carry()

    def _lock(self, page: DeskPage, source: ReadyRecord) -> Lock:
        # Who sits at a practice, or at this computer's own record, has never typed a password.
        is_theirs = source.server is None and source.beside is None
        password = (source.url.password or "") if is_theirs else ""
        return Lock(self._window, page, str(password), self._settings.lock_after_minutes if password else 0)

    def _page(self, session: Session) -> DeskPage:
        desk, chosen = session.desk, self._settings
        speeds = Speeds(
            local_factor=chosen.travel_factor,
            night_factor=chosen.travel_night_factor,
            exempt=chosen.travel_exempt,
        )
        geography = Geography(
            chosen.map_pack,
            chosen.data_dir / "cache",
            desk.clock,
            self._window,
            speeds=speeds,
            supervisor=desk.supervisor,
        )
        page = DeskPage(desk, geography, self._map_config(geography), chosen.record_arrivals)
        spawn(_when_live(desk.store, page, geography, self._loaded), "what follows the board", page)
        return page

    def _map_config(self, geography: Geography) -> MapConfig:
        default, home, pack = MapConfig(), geography.home, geography.pack
        return MapConfig(
            # Of a pack that cannot be read the geography complains; the map need not say it again.
            pack=self._settings.map_pack if pack is not None else None,
            notice=default.notice if pack is None else f"Schematic map of {pack.name}.",
            tile_server=self._settings.tile_server or None,
            attribution=self._settings.tile_attribution or default.attribution,
            theme=self._looks.theme,
            home=default.home if home is None else home,
            cache_dir=self._settings.data_dir / "cache",
        )


def _begin_raising(session: Session, page: DeskPage) -> None:
    desk, alarms = session.desk, page.status.alarms
    if may_dispatch(desk.me.role):
        raiser = AlarmRaiser(session.engine, desk.store, alarms.book, alarms.found)
        sentence = "What tells the record of alarms stopped; it is being started again."
        desk.supervisor.keep("what raises alarms for all", raiser.run, sentence)


def _begin_presence(session: Session, page: DeskPage) -> None:
    desk = session.desk
    if may_dispatch(desk.me.role):
        teller = PresenceTeller(session.engine, desk, session.sync, partial(where, page.detail, page.forms))
        sentence = "What tells others where you look stopped; it is being started again."
        desk.supervisor.keep("what tells others where you look", teller.run, sentence)


def _begin_keeping_seals(session: Session, settings: Settings) -> None:
    desk = session.desk
    kept = SealKeeper(desk.store.seal, desk.reads, settings.data_dir / "seals")
    sentence = "What keeps the record's seals stopped; it is being started again."
    desk.supervisor.keep("what keeps the record's seals", kept.run, sentence)


async def _seal_own(server: EmbeddedServer, source: ReadyRecord, settings: Settings) -> None:
    """Seal this computer's own record, or the practice on it: nobody else does. The board comes first."""
    await asyncio.sleep(SEAL_AFTER)
    await load("db.audit.own")
    from db.audit.own import keep_sealed

    await keep_sealed(server, source.url.database or "", settings.data_dir / "audit.key")


def _begin_beside(source: ReadyRecord, session: Session, note: QuietNote, settings: Settings) -> None:
    desk = session.desk
    if source.beside is not None:
        sentence = "What plays the practice shift stopped; it is being started again."
        desk.supervisor.until_done("the practice shift", partial(source.beside, note.say), sentence)
    if source.server is not None:
        keeper = Keeper(source.server, source.url, desk.store, desk.supervisor, session.route.move)
        sentence = "What watches over the record's own server stopped; it is being started again."
        desk.supervisor.keep("the keeper of the record's own server", keeper.run, sentence)
        sealing = partial(_seal_own, source.server, source, settings)
        sentence = "What seals this computer's record stopped; it is being started again."
        desk.supervisor.keep("what seals this computer's record", sealing, sentence)


async def _when_live(store: Store, page: DeskPage, geography: Geography, loaded: Callable[[], None]) -> None:
    """Load what takes long once the board is there, or when it does not come."""
    await board_first(store, BOARD_WITHIN)
    # One after the other, and each alone: without the form made ready places are found as well.
    # Whoever acts at once waits for the rest of it and no longer.
    await attempt_later("what acts stand on", load("db.commands.whole"))
    # The sound before places and roads: an alarm must be heard, a search may wait.
    await attempt_later("the sound", _give_tones(page))
    await attempt_later("the form made ready", _make_form(page))
    lists = (f"console.views.lists.{name}" for name in _LISTS)
    await attempt_later("windows of later", load("phonenumbers", "console.views.replay", *lists, *_READS))
    geography.start()
    loaded()


async def _make_form(page: DeskPage) -> None:
    """Before somebody asks for it: what it looks for in a narrative takes long to make, and is kept."""
    if may_dispatch(page.desk.me.role):
        await load("console.views.form.form")
        reference = page.desk.store.reference
        await beside(partial(second_looks, reference.current_tool, {}, ""))
        await beside(partial(needs_told, "", reference.languages, reference.mobility))
        page.forms.prepare()


async def _give_tones(page: DeskPage) -> None:
    try:
        await load("console.views.status.sounds")
        from console.views.status.sounds import Tones
    except ImportError as error:
        # A server edition of Linux has no sound library; a silent console is better than none.
        log.warning("no sound: %s", error)
        page.message.say("warn", "This computer can make no sound.", "Watch the alarms in the status bar.")
        return
    tones = Tones(page)
    page.status.pulse.heard.connect(tones.play)
    page.status.pulse.beat()
