"""The replay's own window, unmistakably not live."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSplitter, QVBoxLayout, QWidget

from console.live.again import Again
from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.look.guard import guarded
from console.look.key_table import REPLAY, REPLAY_EVENTS
from console.look.keyboard import Hands, bind_chords, fence
from console.look.own_window import OwnWindow
from console.look.panel import MessageBar, Panel
from console.look.style import mark, px
from console.map.marks import MapConfig
from console.running.faults import attempt
from console.running.tasks import spawn
from console.running.ticks import Ticks
from console.views.board.panel import BoardPanel
from console.views.detail.story import what_happened
from console.views.map.panel import MapPanel
from console.views.replay.known import KnownPanel
from console.views.replay.player import Player
from console.views.replay.scrubber import Scrubber
from console.views.timeline.panel import TimelinePanel
from db.domain.board import UNREADABLE
from db.domain.clocks import local, wall_time
from db.domain.records import Event
from db.errors import RecordError


@guarded
class ReplayWindow(OwnWindow):
    """A past day on panels like the live ones. Nothing in it can be acted on."""

    def __init__(self, live: Desk, geography: Geography, config: MapConfig) -> None:
        super().__init__("REPLAY", 1600, 940)
        self.player = Player(live, self)
        desk = self.player.desk
        # Of the player's own mirror and clock: when a van was expected then, by the roads as they are known now.
        etas = Etas(desk.store, geography, desk.clock, self, supervisor=live.supervisor)
        self.board = BoardPanel(desk, etas, self)
        self.map = MapPanel(desk, etas, geography, config, self)
        self.timelines = TimelinePanel(desk, etas, self, then=True)
        self.scrubber = Scrubber(self.player, self)
        self.events = _Events(self)
        self.events.setAccessibleName("Events of the day")
        self.events.setWordWrap(True)
        self.events.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.known = KnownPanel(desk, self)
        self.message = MessageBar(self)
        self._again = Again(live.store, self._read_again, self)
        self._wanted: tuple[date, datetime | None, UUID | None] | None = None
        self._lay_out()
        self._connect()
        self._ticks = Ticks(live.supervisor, 1000, self)
        for name, panel in (("referrals", self.board), ("map", self.map), ("timelines", self.timelines)):
            sentence = f"The {name} of the replay could not be kept up to date; the console tries every second."
            self._ticks.add(f"the {name} of the replay", panel.tick, sentence)
        self.message.say("info", "Replay: this is the past.", "The live board goes on in its own window.")

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the bar of time, where Space plays."""
        super().showEvent(event)
        self.scrubber.setFocus()

    def open_day(self, day: date, moment: datetime | None = None, chosen: UUID | None = None) -> None:
        """Read a local day and show its first event, or the given moment, with a referral chosen."""
        self._wanted = (day, moment, chosen)
        spawn(self._open_day(day, moment, chosen), "read a past day", self.player)

    async def _open_day(self, day: date, moment: datetime | None, chosen: UUID | None) -> None:
        await self.player.load(day, moment)
        if chosen is not None:
            self._select(chosen)

    def _lay_out(self) -> None:
        across = QSplitter(Qt.Orientation.Horizontal, self)
        middle = QSplitter(Qt.Orientation.Vertical, self)
        middle.addWidget(_framed(self.map, self))
        middle.addWidget(_framed(self.timelines, self))
        listed = Panel("Events", "Enter jumps there", self)
        listed.add(self.events, 1)
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.addWidget(listed)
        right.addWidget(self.known)
        right.setSizes([px(420), px(380)])
        # The map gives way, not the towns of the referrals nor what happened.
        for panel, least, grows in ((_framed(self.board, self), 300, 0), (middle, 200, 1), (right, 230, 0)):
            panel.setMinimumWidth(least)
            across.addWidget(panel)
            across.setStretchFactor(across.count() - 1, grows)
        across.setSizes([px(380), px(860), px(330)])
        middle.setSizes([px(560), px(240)])
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.message)
        column.addWidget(across, 1)
        column.addWidget(self.scrubber)

    def _connect(self) -> None:
        self.player.loaded.connect(self._list_events)
        self.player.moved.connect(self.events.follow)
        self.player.failed.connect(self._say)
        self.player.desk.store.changed.connect(lambda _delta: self.known.refresh())
        self.events.jump.connect(self._jump)
        self.events.itemClicked.connect(self._jump)
        self.map.list_wanted.connect(self.board.focus_list)
        self.scrubber.day_wanted.connect(self._other_day)
        for panel in (self.board, self.map, self.timelines):
            panel.referral_selected.connect(self._select)
        bind_chords(self._window_hands(), self, Qt.ShortcutContext.WindowShortcut)

    def _window_hands(self) -> Hands:
        return Hands(
            REPLAY,
            {
                "board": self.board.focus_list,
                "map": self.map.setFocus,
                "timelines": self.timelines.setFocus,
                "events": self.events.setFocus,
                "time": self.scrubber.setFocus,
                "filter": self.board.focus_filter,
                "place": self.map.search,
                "close": self.close,
            },
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes what is topmost: the search, the message, then the window."""
        # A key that no panel wanted acts on nothing here either; Escape is the window's own.
        fence(event)
        if event.key() != Qt.Key.Key_Escape:
            return
        event.accept()
        if self.map.is_searching:
            self.map.stop_searching()
        elif self.message.isVisible():
            self.message.clear()
        else:
            self.close()

    def _other_day(self, days: int) -> None:
        self.open_day(local(self.player.start).date() + timedelta(days=days))

    def _read_again(self) -> None:
        """The day that could not be read; where only the vans of its moment are missing, those."""
        if self._wanted is not None:
            self.open_day(*self._wanted)
        else:
            self.player.seek(self.player.moment)

    def _list_events(self) -> None:
        self._wanted = None
        if self._again.is_read():
            self.message.clear()
        told = [
            (attempt("an event of a past day", self._told, event) or UNREADABLE, event.happened_at)
            for event in self.player.events
        ]
        self.events.show_events(told)

    def _told(self, event: Event) -> str:
        what = what_happened(event, self.player.callsign)
        return f"{wall_time(event.happened_at)}  {self.player.reference_of(event)}  {what}"

    def _jump(self, item: QListWidgetItem) -> None:
        self.player.seek(item.data(Qt.ItemDataRole.UserRole))

    def _select(self, referral_id: UUID | None) -> None:
        self.board.select(referral_id)
        self.timelines.select(referral_id)
        self.map.select_referral(referral_id)
        self.known.select(referral_id)

    def _say(self, error: RecordError) -> None:
        self._again.owe(error)
        self.message.say("late", error.sentence, error.next_step)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop, and let the map's page go."""
        self.player.stop()
        self._ticks.stop()
        # The web engine's page has to go before the widget that shows it.
        self.map.view.shutdown()
        super().closeEvent(event)


@guarded
class _Events(QListWidget):
    """The events of the day; Enter goes to the moment of one. It stays with the moment that is shown."""

    jump = Signal(QListWidgetItem)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._hands = Hands(REPLAY_EVENTS, {"jump": self._ask})
        self._moments: list[datetime] = []

    def show_events(self, told: Sequence[tuple[str, datetime]]) -> None:
        """Show these, each with when it was (UTC); what says the same at once is one line."""
        self.clear()
        self._moments = []
        for words, alike in groupby(told, key=itemgetter(0)):
            moments = [moment for _, moment in alike]
            item = QListWidgetItem(f"{words} · {len(moments)} times" if len(moments) > 1 else words)
            item.setData(Qt.ItemDataRole.UserRole, moments[0])
            self._moments.append(moments[0])
            self.addItem(item)

    def follow(self, moment: datetime) -> None:
        """Bring what happened last by a moment into sight, unless somebody is choosing here."""
        if self.hasFocus() or not self._moments:
            return
        self.setCurrentRow(max(0, bisect_right(self._moments, moment) - 1))
        self.scrollToItem(self.currentItem(), QListWidget.ScrollHint.PositionAtCenter)

    def _ask(self) -> None:
        if (item := self.currentItem()) is not None:
            self.jump.emit(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hands.take(event):
            super().keyPressEvent(event)


def _framed(panel: QWidget, parent: QWidget) -> QFrame:
    frame = QFrame(parent)
    mark(frame, role="panel")
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, 1, 1, 1)
    column.addWidget(panel)
    return frame
