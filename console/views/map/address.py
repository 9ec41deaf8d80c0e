"""The address that is being taken in the form, seen on the map: where it is, and who could come."""

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from console.live.cover import known_van
from console.live.desk import Desk
from console.live.geography import Geography
from console.map.marks import Way
from console.map.view import MapView
from console.running.faults import attempt
from console.running.tasks import spawn
from db.domain.clocks import minutes_in_words
from db.domain.ranking import exclusion
from db.domain.records import Van
from db.geo.earth import Point
from db.geo.roads.travel import TravelRoute

MOST_WAYS = 3
_LEAST_ROOM = 160
"""Pixels of map beside the form, below which nobody would see where the view went."""


def drive_words(route: TravelRoute, beside: str = "") -> str:
    """How long a way takes: ``9 min``, with ``beside`` it, and that it is an estimate where it is one."""
    minutes = minutes_in_words(route.minutes)
    return f"{minutes}{beside}{'' if route.method == 'road' else ' (estimate)'}"


class AddressPreview(QObject):
    """Flies to the place that the form has found, draws the ways of the vans that are nearest, and flies back."""

    def __init__(self, desk: Desk, geography: Geography, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._geography, self._view = desk, geography, view
        self._cover: QWidget | None = None
        self._place: Point | None = None
        self._before: tuple[float, float, float] | None = None

    @property
    def is_shown(self) -> bool:
        """Whether an address is shown, and the ways drawn are those of the vans that could come to it."""
        return self._place is not None

    def covered_by(self, sheet: QWidget) -> None:
        """Keep the place in sight of whoever types in a sheet that lies over a part of the map."""
        self._cover = sheet

    def show(self, place: Point | None, *, fly: bool) -> None:
        """Show a place, or none; the view stays where it is while somebody goes on typing.

        Args:
            place: where, in degrees.
            fly: move there; not to what somebody is pointing at.
        """
        if place == self._place:
            return
        # Only at the first address: the later ones begin where the preview itself has moved to.
        self._before = self._before or self._view.viewport
        self._place = place
        if place is not None:
            spawn(self._draw(place, fly=fly), "the way to an address", self)
        else:
            self._view.clear_pin()
            self._view.set_routes(())

    def end(self) -> None:
        """Put the view back where it was before the first address: nobody asked for another one."""
        self.show(None, fly=False)
        if self._before is not None:
            lat, lon, zoom = self._before
            self._before = None
            self._view.centre_on(lat, lon, zoom)

    async def _draw(self, place: Point, *, fly: bool) -> None:
        ways = await self._ways(place)
        # More was typed while the ways were worked out: this answer is for nobody.
        if place != self._place:
            return
        self._view.drop_pin(*place)
        self._view.set_routes([self._way(van, route, faint=at > 0) for at, (van, route) in enumerate(ways)])
        covered = self._covered()
        if fly and self._view.width() - covered >= _LEAST_ROOM:
            self._view.fly_to([place, *(route.points[0] for _, route in ways if route.points)], covered)

    async def _ways(self, place: Point) -> list[tuple[Van, TravelRoute]]:
        """The vans that can be sent and are quickest there, each with its way, the quickest first."""
        known = ((van, attempt("a van that could come", self._at, van)) for van in self._desk.store.vans())
        vans = [(van, at) for van, at in known if at is not None]
        if not vans:
            return []
        travels = await self._geography.minutes(place, [at for _, at in vans])
        nearest = sorted(zip(travels, vans, strict=True), key=lambda one: one[0].minutes)[:MOST_WAYS]
        return [(van, await self._geography.route(at, place)) for _, (van, at) in nearest]

    def _at(self, van: Van) -> Point | None:
        known, rules = known_van(self._desk.store, van), self._desk.store.reference.rules
        position = known.position
        # The same rule as in the ranking: a van that could not be allocated is no way to promise anybody.
        if position is None or not position.on_map or exclusion(known, self._desk.clock.now(), rules):
            return None
        return position.lat, position.lon

    def _way(self, van: Van, route: TravelRoute, *, faint: bool) -> Way:
        return Way(route.points, f"{van.callsign} {drive_words(route)}", faint=faint)

    def _covered(self) -> int:
        """How many pixels at the right of the map lie under the sheet."""
        sheet, view = self._cover, self._view
        # A map that is torn off lies under no sheet.
        if sheet is None or not sheet.isVisible() or sheet.window() is not view.window():
            return 0
        there = QRect(view.mapFromGlobal(sheet.mapToGlobal(QPoint(0, 0))), sheet.size())
        return there.intersected(view.rect()).width()
