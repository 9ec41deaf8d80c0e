"""The map of the live board: vans and referrals as the mirror has them."""

from datetime import datetime, timedelta
from operator import sub
from uuid import UUID

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.etas import Etas
from console.live.geography import Geography
from console.live.joins import referral_facts
from console.live.store import Delta, LinkState
from console.live.trails import Trails
from console.live.when_read import WhenRead
from console.look.guard import guarded
from console.look.key_table import MAP
from console.look.keyboard import fence
from console.look.palette import theme
from console.look.panel import MessageBar
from console.look.style import current, px, scale
from console.map.marks import MapConfig, ReferralMark, VanMark, Way
from console.map.view import MapView
from console.running.faults import attempt
from console.running.tasks import spawn
from console.views.map.address import AddressPreview, drive_words
from console.views.map.search import PlaceSearch
from console.views.map.towns import TownLayer
from db.domain.board import UNREADABLE
from db.domain.clocks import age_in_words, in_words, local_time
from db.domain.names import number_today
from db.domain.records import Position, Referral, Van
from db.domain.situation import Facts, clock_words, situation
from db.domain.states import DutyStatus
from db.geo.earth import Point

_PICK = "Click where the person is, then drag the pin to put it right. By key: move the map, then Enter."
_HELD = "The view is held."
_FOUND_ZOOM = 15


class MapStopped(Exception):  # noqa: N818 - what is counted
    """The map's page was gone."""


@guarded
class MapPanel(QWidget):
    """Shows where everybody is and how sure that is; clicking selects, both ways."""

    referral_selected = Signal(object)
    van_selected = Signal(object)
    place_picked = Signal(float, float)
    list_wanted = Signal()
    """There is no map for now, and somebody wants what it shows as a list."""

    def __init__(
        self, desk: Desk, etas: Etas, geography: Geography, config: MapConfig, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._etas = etas
        self._geography = geography
        self._referral_id: UUID | None = None
        self._van_id: UUID | None = None
        # The van that is tried on the selected referral, which may be another than the one that is marked.
        self._tried_van: UUID | None = None
        self._picking = False
        self._is_stopped = False
        self._view = MapView(config, self)
        self._trails = Trails(desk, self)
        self._search = PlaceSearch(geography, self)
        self.address = AddressPreview(desk, geography, self._view, self)
        self.towns = TownLayer(desk, geography, self._view, self)
        self.message = MessageBar(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self._view, 1)
        column.addWidget(self.towns.table)
        self.setFocusProxy(self._view)
        self._listen()
        self._view.set_exercise(desk.me.exercise)
        self._view.set_text_scale(scale())
        self._show()
        WhenRead(desk.store, lambda: QTimer.singleShot(0, self._view, self._view.load), self)  # behind the board

    def _listen(self) -> None:
        self._view.van_clicked.connect(self._van_clicked)
        self._view.referral_clicked.connect(self._referral_clicked)
        self._view.background_clicked.connect(self._clicked)
        self._view.pin_moved.connect(self._pin_moved)
        self._view.middle_pointed.connect(self._clicked)
        self._view.search_wanted.connect(self.search)
        self._search.found.connect(self._show_found)
        self._search.left.connect(self.setFocus)
        self._view.stopped.connect(self._say_stopped)
        self._view.ready.connect(self._say_ready)
        self.message.action.connect(self.list_wanted)
        self._view.nothing_to_follow.connect(self._say_choose)
        self._trails.changed.connect(self._view.set_trail)
        self._view.ready.connect(self._frame_once)
        self._desk.store.changed.connect(self._follow)
        self._etas.changed.connect(self._show)
        self._etas.changed.connect(self._show_way)

    @property
    def view(self) -> MapView:
        """The map itself, for keys and themes."""
        return self._view

    def select_referral(self, referral_id: UUID | None) -> None:
        """Mark a referral, and draw the way of the van that is sent to it; the map stays where it is."""
        self._referral_id = referral_id
        self._tried_van = None
        self._show()
        self._show_way()

    def select_van(self, van_id: UUID | None) -> None:
        """Mark a van, draw where it was in the last half hour and its way to the selected referral."""
        self._van_id = self._tried_van = van_id
        self._trails.choose(van_id)
        self._show()
        self._show_way()

    def show_referral(self, referral_id: UUID) -> None:
        """Move to a referral because somebody asked for it."""
        referral = self._desk.store.referral(referral_id)
        scene = referral.location.point if referral is not None else None
        if scene is not None:
            self._view.centre_on(*scene)

    def show_van(self, van_id: UUID) -> None:
        """Move to a van because somebody asked for it."""
        position = self._desk.store.position(van_id)
        if position is not None and position.on_map:
            self._view.centre_on(position.lat, position.lon)

    @property
    def is_searching(self) -> bool:
        """Whether the search for a place lies over the map."""
        return self._search.isVisible()

    def search(self, text: str = "") -> None:
        """Look for a place; with a text, for that."""
        self._place_search()
        self._search.open(text)

    def stop_searching(self) -> None:
        """Put the search away, with the mark of what was found."""
        self._search.leave()
        if not self._picking:
            self._view.clear_pin()

    def _show_found(self, lat: float, lon: float) -> None:
        if self._view.view_lock:
            self.message.say("info", _HELD, f"{MAP.key('lock')} lets it go.", so=lambda: self._view.view_lock)
            return
        self._view.centre_on(lat, lon, _FOUND_ZOOM)
        if not self._picking:
            self._view.drop_pin(lat, lon)

    def _pin_moved(self, lat: float, lon: float) -> None:
        # A pin that only marks what was found says nothing about a referral.
        if self._picking:
            self.place_picked.emit(lat, lon)

    def _place_search(self) -> None:
        left, top = px(12), self._view.y() + px(56)
        self._search.place(left, top, min(px(440), self.width() - 2 * left))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the search over the map."""
        super().resizeEvent(event)
        self._place_search()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the page made nothing of goes no further."""
        fence(event)

    def pick_place(self, start: tuple[float, float] | None) -> None:
        """Let the next click, or a dragged pin, say where."""
        self._picking = True
        self._view.set_picking(True)
        self._say_pick()
        if start is not None:
            self._view.drop_pin(*start)

    def stop_picking(self) -> None:
        """Take the pin away."""
        if self._picking:
            self.message.clear()
        self._picking = False
        self._view.set_picking(False)
        self._view.clear_pin()

    def _way_of(self) -> UUID | None:
        """The van that was chosen since the referral was, else the one on its way there."""
        if self._tried_van is not None or self._referral_id is None:
            return self._tried_van
        jobs = attempt("the way of a van", self._desk.store.assignments_of, self._referral_id) or ()
        return next((job.van_id for job in jobs if self._etas.of(job.id)), None)

    def show_address(self, place: tuple[float, float] | None) -> None:
        """Show the address that a form has found, with who could come; None while it has none."""
        # A place that was pointed at is in view already.
        self.address.show(place, fly=not self._picking)
        self._show_way()

    def end_address(self) -> None:
        """The form is gone, and with it its address."""
        self.address.end()
        self._show_way()

    def _show_way(self) -> None:
        if self.address.is_shown:
            return
        van_id = self._way_of()
        referral = self._desk.store.referral(self._referral_id) if self._referral_id else None
        position = self._desk.store.position(van_id) if van_id else None
        scene = referral.location.point if referral is not None else None
        if referral is None or scene is None or position is None or not position.on_map:
            self._view.set_routes(())
            return
        spawn(self._draw_route(position, referral.id, scene), "draw a route", self)

    async def _draw_route(self, position: Position, referral_id: UUID, scene: Point) -> None:
        route = await self._geography.route((position.lat, position.lon), scene)
        # Somebody may have chosen another while the way was looked for.
        wanted = self._way_of() == position.van_id and self._referral_id == referral_id
        if wanted and not self.address.is_shown:
            self._view.set_routes([Way(route.points, drive_words(route, f" · {route.km:.1f} km"))])

    def tick(self) -> None:
        """Let ages grow; the labels follow every quarter of a minute of the record's time."""
        now = self._desk.clock.now()
        self._view.set_now(now)
        self._view.set_banner(self._freshness(now))
        if now - self._shown_at > timedelta(seconds=15):
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        if event.type() == QEvent.Type.StyleChange:
            self._view.set_theme(theme(current().name))
            self._view.set_text_scale(scale())
        super().changeEvent(event)

    def _frame_once(self) -> None:
        # The first picture shows everybody; from then on the map moves only when it is asked to.
        self._view.ready.disconnect(self._frame_once)
        self._view.fit_all()

    def _freshness(self, now: datetime) -> str:
        link = self._desk.store.link
        if link.state is LinkState.LOST:
            return f"link lost · positions as of {local_time(link.since, now, seconds=True)}"
        known = [position for van in self._desk.store.vans() if (position := self._position(van))]
        ages = [attempt("the age of the positions", sub, now, one.received_at) for one in known]
        told = [age for age in ages if age is not None]
        return f"positions {age_in_words(min(told))} ago" if told else "no positions"

    def _say_stopped(self, sentence: str, slowly: bool) -> None:
        self._is_stopped = True
        # Counted there, said here: the sentence stands where the map was.
        self._desk.supervisor.note("the map", MapStopped(), "")
        if slowly:
            step, button = "The lists have everything that it shows.", "Go to the list"
            self.message.say("late", sentence, step, button, so=self._stands_still)
        else:
            self.message.say("warn", sentence, so=self._stands_still)

    def _say_ready(self) -> None:
        if self._is_stopped:
            self._is_stopped = False
            self.message.clear()
            if self._picking:
                self._say_pick()

    def _stands_still(self) -> bool:
        return self._is_stopped

    def _say_pick(self) -> None:
        self.message.say("info", _PICK, so=lambda: self._picking)

    def _say_choose(self) -> None:
        step = f"Choose one, then {MAP.key('follow')} follows it."
        self.message.say("info", "No van is chosen.", step, so=lambda: self._van_id is None)

    def _van_clicked(self, key: str) -> None:
        position = self._desk.store.position(UUID(key))
        # A mark in the way is where the person is, if somebody clicks there while a place is picked.
        if self._picking and position is not None:
            self._clicked(position.lat, position.lon)
        else:
            self.van_selected.emit(UUID(key))

    def _referral_clicked(self, key: str) -> None:
        referral = self._desk.store.referral(UUID(key))
        scene = referral.location.point if referral is not None else None
        if self._picking and scene is not None:
            self._clicked(*scene)
        else:
            self.referral_selected.emit(UUID(key))

    def _clicked(self, lat: float, lon: float) -> None:
        if self._picking:
            self._view.drop_pin(lat, lon)
            self.place_picked.emit(lat, lon)

    def _follow(self, delta: Delta) -> None:
        if delta:
            self._show()

    def _show(self) -> None:
        now = self._desk.clock.now()
        self._shown_at = now
        store = self._desk.store
        self._view.set_now(now)
        vans = ((van, position) for van in store.vans() if (position := self._position(van)))
        # Everything, at each Delta: the view sends the page only what differs.
        self._view.set_vans(
            attempt("a van on the map", self._van_mark, *one, now) or self._unreadable_van(*one, now)
            for one in vans
        )
        self._view.set_referrals(
            attempt("a referral on the map", self._referral_mark, row, now) or self._unreadable_referral(row, now)
            for row in store.referrals()
            if self._on_map(row, now)
        )

    def _position(self, van: Van) -> Position | None:
        return None if van.duty_status is DutyStatus.OFF_DUTY else self._desk.store.position(van.id)

    def _on_map(self, referral: Referral, now: datetime) -> bool:
        if referral.is_open or not referral.location.on_map or referral.entered_in_error_at is not None:
            return referral.is_open and referral.location.on_map
        # Declined, the person is still somewhere, with whoever waits with them.
        facts = attempt("a referral on the map", referral_facts, self._desk.store, referral.id)
        return facts is not None and situation(facts, self._desk.store.reference).stays_with_others(now)

    def _van_mark(self, van: Van, position: Position, now: datetime) -> VanMark:
        job = self._desk.store.job_of(van.id)
        age = now - position.fixed_at
        return VanMark(
            id=str(van.id),
            callsign=van.callsign,
            lat=position.lat,
            lon=position.lon,
            fix_at=position.fixed_at,
            heading=position.heading,
            speed_kmh=position.speed,
            accuracy_m=position.accuracy,
            status="committed" if job is not None else van.duty_status.value,
            emergency=van.emergency_at is not None,
            label=self._van_label(van, age, now),
            stale=age > self._desk.store.reference.rules.stale_fix,
            selected=van.id == self._van_id,
        )

    def _unreadable_van(self, van: Van, position: Position, now: datetime) -> VanMark:
        label = f"{van.callsign} · {UNREADABLE}"
        # Dated now: its own time may be what cannot be read. That it is not to be trusted is said by its label.
        return VanMark(str(van.id), van.callsign, position.lat, position.lon, now, label=label, stale=True)

    def _unreadable_referral(self, referral: Referral, now: datetime) -> ReferralMark:
        where, name = referral.location, number_today(referral.reference, now)
        label = f"{name} · {UNREADABLE}"
        standing = self._desk.store.reference.standing(referral.priority)
        place = (where.lat or 0.0, where.lon or 0.0)
        return ReferralMark(str(referral.id), name, *place, referral.priority, standing, label=label)

    def _van_label(self, van: Van, age: timedelta, now: datetime) -> str:
        job = self._desk.store.job_of(van.id)
        eta = self._etas.of(job.id) if job is not None else None
        if van.emergency_at is not None:
            return van.callsign  # the map says EMERGENCY before it
        if age > self._desk.store.reference.rules.stale_fix:
            return f"{van.callsign} · {in_words(age)} old"
        if eta is not None:
            return f"{van.callsign} · {in_words(eta - now)}"
        return f"{van.callsign} · {job.state}" if job is not None else van.callsign

    def _referral_mark(self, referral: Referral, now: datetime) -> ReferralMark:
        where, name = referral.location, number_today(referral.reference, now)
        facts = referral_facts(self._desk.store, referral.id) or Facts(referral)
        now_is = situation(facts, self._desk.store.reference)
        return ReferralMark(
            id=str(referral.id),
            reference_short=name,
            lat=where.lat or 0.0,
            lon=where.lon or 0.0,
            priority=referral.priority,
            standing=now_is.standing,
            label=f"{name} · {clock_words(now_is, now, self._etas.of)}",
            selected=referral.id == self._referral_id,
            held=referral.on_hold(now) or not referral.is_open,
        )
