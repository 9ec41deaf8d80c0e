"""The map as a widget: what to show goes in, what was clicked comes out."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QColor, QHideEvent, QShowEvent
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.key_table import MAP
from console.look.keys import spoken
from console.look.palette import Theme
from console.map.batch import Picture
from console.map.bridge import Bridge
from console.map.cartography import GROUNDS
from console.map.marks import INDEX, MapConfig, ReferralMark, TownMark, VanMark, Way
from console.map.renderer import Renderer
from console.map.scheme import Interceptor, SchemeHandler
from console.map.sources import Sources, tile_origin
from console.map.web import build, let_go

FRAME_MS = 60
"""Milliseconds in which what is set is gathered into one batch."""
STOPPED = "The map stopped; it is being drawn again."
KEEPS_STOPPING = "The map keeps stopping; it is tried again every half minute."
_WORLD = 0


@guarded
class MapView(QFrame):
    """The county with its vans and referrals. It never moves by itself, unless it follows a van.

    What is set is kept, sent to the page as differences, at most one batch a frame, and restored when the page's
    process died or hung. Times are aware; positions are WGS 84 degrees.

    Args:
        config: how the map is set up.
        parent: the owner.

    Signals: ``van_clicked(id)``, ``referral_clicked(id)``, ``background_clicked(lat, lon)``,
    ``pin_moved(lat, lon)``, ``ready()`` when the page takes batches (again after it stopped),
    ``stopped(sentence, slowly)`` when the page is gone, slowly when it keeps going and is tried less often,
    ``view_lock_changed(held)``, ``follow_changed(van id or "")``, ``nothing_to_follow()`` when none is chosen,
    ``middle_pointed(lat, lon)`` for Enter while a place is picked, ``search_wanted()``, ``cover_wanted()`` for how
    the towns are covered, or no longer, and ``towns_wanted()`` for the same as a table.
    """

    van_clicked = Signal(str)
    referral_clicked = Signal(str)
    background_clicked = Signal(float, float)
    pin_moved = Signal(float, float)
    ready = Signal()
    stopped = Signal(str, bool)
    view_lock_changed = Signal(bool)
    follow_changed = Signal(str)
    nothing_to_follow = Signal()
    middle_pointed = Signal(float, float)
    search_wanted = Signal()
    cover_wanted = Signal()
    towns_wanted = Signal()

    def __init__(self, config: MapConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Picture()
        self._ready = False
        self._in_flight = False
        self._text_scale = 1.0
        self._viewport: tuple[float, float, float] | None = None
        self._frame = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._frame.timeout.connect(self._flush)
        self.interceptor = Interceptor(tile_origin(config), self)
        self._handler = SchemeHandler(Sources(config), self)
        self._view = QWebEngineView(self)
        self._page = build(self._view, self._handler, self.interceptor, self)
        self._renderer = Renderer(self._page, self)
        self._lay_out()
        self._listen()
        self.set_theme(config.theme)

    def load(self) -> None:
        """Bring the page up. What it is told before waits for it."""
        self._renderer.loading()
        self._page.load(QUrl(INDEX))

    # What to show

    def set_vans(self, vans: Iterable[VanMark]) -> None:
        """Show exactly these vans; only what differs is sent."""
        self._picture.vans.replace(vans)
        self._touch()

    def change_vans(self, vans: Iterable[VanMark], removed: Iterable[str] = ()) -> None:
        """Show these vans as they now are and no longer the removed ids; all others stay."""
        self._picture.vans.change(vans, removed)
        self._touch()

    def set_referrals(self, referrals: Iterable[ReferralMark]) -> None:
        """Show exactly these referrals; only what differs is sent."""
        self._picture.referrals.replace(referrals)
        self._touch()

    def set_trail(self, van_id: str, points: Sequence[tuple[float, float]]) -> None:
        """Draw where a van has been, oldest first; no points takes the trail away."""
        self._picture.trails.put(van_id, [list(point) for point in points])
        self._touch()

    def set_routes(self, ways: Sequence[Way]) -> None:
        """Draw these ways to go, and no others."""
        self._set(
            "routes",
            [{"points": [list(at) for at in way.points], "label": way.label, "faint": way.faint} for way in ways],
        )

    def set_cover(self, towns: Sequence[TownMark] | None) -> None:
        """Write beside each town how soon somebody could be there; None takes the layer away."""
        rows = [[one.name, one.lat, one.lon, one.label, one.long] for one in towns or ()]
        self._set("cover", None if towns is None else rows)

    def set_now(self, now: datetime) -> None:
        """Say what time it is; the page works out every age from this."""
        self._set("now", round(now.timestamp(), 1))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._page.setBackgroundColor(QColor(GROUNDS[theme]["ground"]))
        self._set("theme", theme)

    def set_text_scale(self, scale: float) -> None:
        """Follow the text size, 1.0 to 1.5: everything on the map grows, the panel does not."""
        self._text_scale = scale
        self._view.setZoomFactor(scale)

    def set_exercise(self, on: bool) -> None:
        """Show or hide the EXERCISE mark."""
        self._set("exercise", on)

    def set_banner(self, text: str) -> None:
        """How fresh the positions are, such as "positions 2 s ago"."""
        self._set("banner", text)

    def drop_pin(self, lat: float, lon: float) -> None:
        """Put the pin there; it can be dragged, which tells ``pin_moved``."""
        self._set("pin", [lat, lon])

    def clear_pin(self) -> None:
        """Take the pin away."""
        self._set("pin", None)

    def set_picking(self, on: bool) -> None:
        """Mark the middle of the view while a place is picked."""
        self._set("picking", on)

    # Where to look

    def set_view_lock(self, held: bool) -> None:
        """Hold the view: no wheel, drag, key, follow, fit or centre moves it until it is let go."""
        if held == self.view_lock:
            return
        self._set("lock", held)
        self.view_lock_changed.emit(held)

    @property
    def view_lock(self) -> bool:
        """Whether the view is held."""
        return bool(self._picture.settings.get("lock", False))

    def follow(self, van_id: str | None) -> None:
        """Keep that van in the middle; None stops following."""
        if van_id == self.following:
            return
        self._set("follow", van_id)
        self.follow_changed.emit(van_id or "")

    @property
    def following(self) -> str | None:
        """The id of the followed van."""
        found: str | None = self._picture.settings.get("follow")
        return found

    def fit_all(self) -> None:
        """Show every van and referral, or the home area when there are none. Nothing while the view is held."""
        self._move(fit=True)

    def centre_on(self, lat: float, lon: float, zoom: float | None = None) -> None:
        """Bring a place into the middle. Nothing while the view is held."""
        self._move(centre=[lat, lon], zoom=zoom)

    def fly_to(self, places: Sequence[tuple[float, float]], covered: int = 0) -> None:
        """Bring these places into view, in one movement that can be followed. Nothing while the view is held.

        Args:
            places: latitude and longitude in degrees.
            covered: pixels at the right that lie under something else.
        """
        # The page counts in its own pixels, which grow with the text.
        self._move(fly=[list(place) for place in places], covered=round(covered / self._text_scale))

    @property
    def viewport(self) -> tuple[float, float, float] | None:
        """The middle of the view in degrees and its zoom, as the page told last; None before it did."""
        return self._viewport

    def shutdown(self) -> None:
        """Stop the page and the reads under way; the widget can only be deleted afterwards."""
        # A page that was loading goes on until it is deleted: what it still says, nobody is there to act on.
        self._bridge.blockSignals(True)
        self._page.loadFinished.disconnect(self._on_load_finished)
        self._frame.stop()
        self._ready = False
        self._renderer.stop()
        self._handler.close()
        let_go(self._page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go quietly."""
        self._frame.stop()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Expect signs of life."""
        self._renderer.hidden = False
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Expect them less often."""
        self._renderer.hidden = True
        super().hideEvent(event)

    # Inside

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAcceptDrops(False)
        self._view.setAccessibleName("Map")
        self.setAccessibleName("Map of vans and referrals")
        told = ", ".join(f"{spoken(key.names[0])} {key.words}" for key in MAP.keys)
        self.setAccessibleDescription(told)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._view)

    def _listen(self) -> None:
        self._asks = {"search": self.search_wanted, "cover": self.cover_wanted, "towns": self.towns_wanted}
        bridge = self._bridge = Bridge(self)
        bridge.loaded.connect(self._on_loaded)
        bridge.van_chosen.connect(self.van_clicked)
        bridge.referral_chosen.connect(self.referral_clicked)
        bridge.ground_clicked.connect(self.background_clicked)
        bridge.pin_dropped.connect(self._on_pin)
        bridge.view_moved.connect(self._on_moved)
        bridge.key_pressed.connect(self._on_key)
        self._channel = QWebChannel(self)
        self._channel.registerObject("bridge", bridge)
        self._page.setWebChannel(self._channel, _WORLD)
        self._renderer.ended.connect(self._on_ended)
        self._renderer.load_wanted.connect(self.load)
        self._page.loadFinished.connect(self._on_load_finished)

    def _set(self, name: str, value: Any) -> None:  # noqa: ANN401 any JSON value
        self._picture.settings.put(name, value)
        self._touch()

    def _move(self, **how: Any) -> None:  # noqa: ANN401 any JSON value
        if not self.view_lock:
            self._picture.move(**how)
            self._touch()

    def _touch(self) -> None:
        if self._ready and not self._in_flight and not self._frame.isActive():
            self._frame.start()

    def _flush(self) -> None:
        batch = self._picture.take() if self._ready else None
        if batch is None:
            return
        # One batch at a time: a page that is slow gets fewer and larger batches, never a queue.
        self._in_flight = True
        self._page.runJavaScript(f"CRU.apply({json.dumps(batch)})", _WORLD, self._on_applied)

    def _on_applied(self, _result: object) -> None:
        self._in_flight = False
        self._touch()

    def _on_loaded(self) -> None:
        self._renderer.ready()
        # A new page has forgotten it.
        self._view.setZoomFactor(self._text_scale)
        self._ready = True
        self._in_flight = False
        self._picture.forget()
        if self._viewport:
            lat, lon, zoom = self._viewport
            # A page that died comes back to where somebody was looking, not to the home area.
            self._picture.settings.put("view", [lat, lon, zoom])
        self._flush()
        self.ready.emit()

    def _on_load_finished(self, ok: bool) -> None:
        if not ok and not self._ready:
            self._renderer.load_failed()

    def _on_pin(self, lat: float, lon: float) -> None:
        # So that a page that is loaded anew has the pin where it was dragged to, and not where it was dropped.
        self._picture.settings.put("pin", [lat, lon])
        self.pin_moved.emit(lat, lon)

    def _on_moved(self, lat: float, lon: float, zoom: float) -> None:
        self._viewport = (lat, lon, zoom)

    def _on_key(self, name: str) -> None:
        if name == "lock":
            self.set_view_lock(not self.view_lock)
        elif name == "fit":
            self.fit_all()
        elif name == "follow":
            self._toggle_follow(self._selected_van())
        elif name in self._asks:
            self._asks[name].emit()
        elif name == "point" and self._viewport is not None and self._picture.settings.get("picking", False):
            self.middle_pointed.emit(*self._viewport[:2])

    def _toggle_follow(self, chosen: str | None) -> None:
        if chosen is None and self.following is None:
            self.nothing_to_follow.emit()
        self.follow(None if chosen == self.following else chosen)

    def _selected_van(self) -> str | None:
        return next((van.id for van in self._picture.vans.all() if van.selected), None)

    def _on_ended(self, _why: str, slowly: bool) -> None:
        self._ready = False
        self._frame.stop()
        self.stopped.emit(KEEPS_STOPPING if slowly else STOPPED, slowly)
