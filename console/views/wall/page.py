"""The wall over a live mirror: worked out anew each second, and honest about how old it is."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.room_now import facts_now
from console.live.store import LinkState
from console.look.guard import guarded
from console.look.keyboard import Hands
from console.look.line_table import LineTable
from console.look.wall_keys import WALL, WALL_LINE
from console.running.faults import attempt
from console.running.tasks import spawn
from console.views.wall.canvas import WallCanvas, WallWords
from console.views.wall.free import crews_free, next_free
from db.domain.clocks import age_in_words, wall_time
from db.domain.periods import Period
from db.domain.situation import EtaOf
from db.domain.wall import STALE_AFTER, NearestOf, Wall, nobody_near, wall
from db.errors import RecordError

if TYPE_CHECKING:
    from db.domain.measures import Figure

COLUMNS: Final = ("What", "How it stands", "Time", "Next")
_BEAT_MS: Final = 1000
_FIGURES_MS: Final = 60_000


@guarded
class WallPage(QWidget):
    """A picture for a big screen, and the same as a table."""

    def __init__(
        self, desk: Desk, eta_of: EtaOf, nearest: NearestOf = nobody_near, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._eta_of, self._nearest = desk, eta_of, nearest
        self._figures: dict[str, Figure] = {}
        self.shown = Wall((), ())
        self.canvas = WallCanvas(Hands(WALL, {"table": self.turn, "full": self.full_screen}), self)
        self.table = LineTable("The wall as a table", COLUMNS, "How it stands", WALL_LINE, {"picture": self.turn})
        self.stack = QStackedWidget(self)
        for page in (self.canvas, self.table):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.setFocusProxy(self.canvas)
        self._beat, self._slow = QTimer(self), QTimer(self)
        self._beat.timeout.connect(self.refresh)
        self._slow.timeout.connect(self.read_figures)
        desk.store.changed.connect(self.refresh)

    def turn(self) -> None:
        """The table in the place of the picture, or the picture again."""
        self.stack.setCurrentIndex(1 - self.stack.currentIndex())
        (self.table if self.stack.currentIndex() else self.canvas).setFocus()
        self.refresh()

    def full_screen(self) -> None:
        """Over the whole screen, or in its window again."""
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    # --- what is shown ---

    def refresh(self) -> None:
        """Work it out for this moment."""
        if not self.isVisible():
            return
        store, now = self._desk.store, self._desk.clock.now()
        referrals, vans = facts_now(store)
        crews = attempt("when the crews are free", crews_free, self._desk, referrals, self._eta_of) or {}
        free = attempt("when a crew is free", next_free, self._desk, referrals, crews)
        most = self.canvas.rows_that_fit()
        made = partial(wall, free=free, crews=crews, nearest=self._nearest, most=most)
        found = attempt("the wall", made, referrals, vans, store.reference, now, self._eta_of)
        self.shown = found or self.shown
        self.canvas.show_wall(self.shown, self._words())
        if self.stack.currentWidget() is self.table:
            self._fill_table()

    def _words(self) -> WallWords:
        store, now = self._desk.store, self._desk.clock.now()
        silent = timedelta(seconds=store.silence)
        live = store.link.state is LinkState.LIVE
        stale = ""
        if not store.is_read:
            stale = "NOT LIVE: nothing was read yet."
        elif not live or silent > STALE_AFTER:
            stale = f"NOT LIVE: this is how it was {age_in_words(silent)} ago."
        link = "live" if not stale else f"last heard {wall_time(now - silent)}"
        clock = wall_time(now)
        return WallWords(self._desk.me.service, clock, link, not stale, self._tonight(), stale)

    def _tonight(self) -> str:
        parts = []
        met, hours = self._figures.get("response"), self._figures.get("ems_given_back")
        if met is not None and met.n:
            people = "1 person" if met.n == 1 else f"{met.n} people"
            parts.append(f"{people} met · median {met.short()} (n {met.n})")
        elif met is not None:
            parts.append("nobody met yet")
        if hours is not None and hours.value is not None:
            parts.append(f"EMAS hours given back {hours.value:.1f}")
        parts.append(self.shown.room)
        return f"Tonight: {' · '.join(filter(None, parts))}"

    def _fill_table(self) -> None:
        keys = [*(tile.caption for tile in self.shown.tiles), *(row.doing for row in self.shown.rows)]
        lines = [(tile.caption, tile.figure, "", tile.below) for tile in self.shown.tiles]
        lines += [(f"{row.priority} {row.town}", row.doing, row.left, row.beside) for row in self.shown.rows]
        self.table.show_lines(lines, keys)

    # --- the figures of the night ---

    def read_figures(self) -> None:
        """What the night came to so far; seldom, since it is read from the record."""
        spawn(self._read(), "read the figures of the wall", self)

    async def _read(self) -> None:
        try:
            found = await self._desk.reads.wall_figures(Period.tonight(self._desk.clock.now()))
        except RecordError:
            # The wall says that it is old by itself; the figures of a minute ago stand until then.
            return
        self._figures = dict(found.figures)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it lives."""
        super().showEvent(event)
        self._beat.start(_BEAT_MS)
        self._slow.start(_FIGURES_MS)
        self.read_figures()
        self.refresh()
