"""Places, roads and travel times for the screen: loaded and asked off the GUI's thread.

What fails or hangs is said, tried again, and stops nothing else: a travel time that the roads do not give in time
is estimated, a search that does not end finds nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Signal

from console.running.aside import Aside
from console.running.tasks import Supervisor
from db.clock import RecordClock
from db.domain.clocks import local
from db.domain.cover import Town
from db.domain.towns import know_towns
from db.errors import RecordError
from db.geo.boundary import bounds_of_places, read_boundary
from db.geo.earth import Point
from db.geo.pack import MapPack
from db.geo.roads.times import travel_times
from db.geo.roads.travel import EstimatedTimes, Speeds, Travel, TravelRoute, TravelTimes

if TYPE_CHECKING:
    from db.geo.search.places import FoundPlace, PlaceFinder

log = logging.getLogger(__name__)
T = TypeVar("T")
LOAD_WITHIN: Final = 60.0
"""Seconds after which a load is said to hang. What it gives later is taken all the same."""
ANSWER_WITHIN: Final = 3.0
"""Seconds for one question about a way or a place; they take milliseconds."""
LOAD_AGAIN: Final = (5.0, 20.0, 60.0)
"""Seconds before a load is tried again; a damaged pack is not read every moment."""
_NIGHT_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
"""Hours of the London clock for which ``Speeds.night_factor`` holds."""


class Geography(QObject):
    """What the console knows of the county. Usable at once; better as its parts are loaded."""

    loaded = Signal()
    """Places or roads became available."""
    named = Signal()
    """Places are called otherwise than before: what was worked out of them is to be told anew."""
    failed = Signal(str)
    """A part could not be loaded: a sentence with a next step."""

    def __init__(
        self,
        pack_folder: Path | None,
        cache_dir: Path,
        clock: RecordClock,
        parent: QObject | None = None,
        *,
        speeds: Speeds | None = None,
        supervisor: Supervisor | None = None,
    ) -> None:
        super().__init__(parent)
        self._supervisor = supervisor or Supervisor(self)
        # A load that is slow only would be slower still beside many of its kind.
        self._loads = Aside("load places and roads", most_overdue=2)
        self._libraries = asyncio.Lock()
        self._ways = Aside("travel times")
        self._searches = Aside("find places")
        self._cache_dir = cache_dir
        self._clock = clock
        self._complaint = ""
        self._pack = self._open(pack_folder)
        self._finder: PlaceFinder | None = None
        self._speeds = speeds
        # Until the roads are read, and for good without a map pack.
        self._times: TravelTimes = EstimatedTimes(speeds)

    @property
    def pack(self) -> MapPack | None:
        """The map pack, if one is set and readable."""
        return self._pack

    @property
    def home(self) -> tuple[float, float, float, float] | None:
        """South, west, north and east in degrees of what the pack covers; None when it does not say.

        A pack without a map says it by its county's line, else by its places.
        """
        pack = self._pack
        if pack is None:
            return None
        if pack.bounds is not None:
            west, south, east, north = pack.bounds
            return south, west, north, east
        try:
            boundary = read_boundary(pack.boundaries, pack.name)
        except RecordError:
            return bounds_of_places(pack.places)
        return boundary.bounds if boundary is not None else bounds_of_places(pack.places)

    def _open(self, folder: Path | None) -> MapPack | None:
        if folder is None:
            return None
        try:
            return MapPack.open(folder)
        except RecordError as error:
            log.warning("the map pack cannot be used")
            self._complaint = str(error)
            return None

    def start(self) -> None:
        """Load in the background."""
        # Not when it was found: nobody listens yet while the window is being built.
        if self._complaint:
            self.failed.emit(self._complaint)
        keep = partial(self._supervisor.until_done, pauses=LOAD_AGAIN, owner=self)
        if self._pack is not None and self._pack.roads is not None:
            roads = partial(travel_times, self._pack, self._speeds)
            sentence = "The roads could not be read yet: travel times are estimates. The console tries again."
            keep("roads", lambda: self._load(roads, self._take_times), sentence)
        places = partial(_places, self._pack, self._cache_dir)
        sentence = "The places could not be read yet: type addresses in full. The console tries again."
        keep("places", lambda: self._load(places, self._take_finder), sentence)

    async def _load(self, read: Callable[[], T], take: Callable[[T], None]) -> None:
        # A load that hangs is tried again, and whichever comes first serves; one that comes late replaces it by
        # its like.
        async with self._libraries:
            await self._loads.run(self._import, LOAD_WITHIN)
        take(await self._loads.run(read, LOAD_WITHIN, late=take))

    def _import(self) -> None:
        """Bring what both stand on: two threads that come to a library from two ends hold each other up."""
        if self._pack is not None and self._pack.roads is not None:
            import db.geo.roads.graph
        import db.geo.search.places  # noqa: F401

    def _take_times(self, times: TravelTimes) -> None:
        self._times = times
        self.loaded.emit()

    def _take_finder(self, finder: "PlaceFinder") -> None:
        self._finder = finder
        know_towns(finder.town_names, finder.around_postcode)
        self.named.emit()
        self.loaded.emit()
        # Only the first start ever has much to do here; a postcode from far away waits for its letter till then.
        sentence = "Postcodes from elsewhere could not be read yet. The console tries again."
        prepare = partial(self._load, finder.prepare, _nothing)
        self._supervisor.until_done("postcodes", prepare, sentence, pauses=LOAD_AGAIN, owner=self)

    @property
    def places_ready(self) -> bool:
        """Whether a search finds what there is. Until then it finds nothing, which says nothing about a place."""
        return self._finder is not None

    @property
    def towns(self) -> tuple[Town, ...]:
        """The towns of the service area, the largest first; none until the places are loaded."""
        return self._finder.towns if self._finder is not None else ()

    # --- asked ---

    async def find(self, text: str, near: Point | None = None) -> "list[FoundPlace]":
        """What a typed text may mean, likeliest first; empty until the places are loaded, or if it hangs."""
        finder = self._finder
        return (await self._search(partial(finder.find, text, near)) or []) if finder is not None else []

    async def nearest(self, point: Point) -> "FoundPlace | None":
        """Where a pin is; None until the places are loaded, or if it hangs."""
        finder = self._finder
        return await self._search(partial(finder.nearest, *point)) if finder is not None else None

    async def minutes(self, scene: Point, sources: Sequence[Point]) -> list[Travel]:
        """Travel times from each source to the scene now, in the sources' order."""
        night = local(self._clock.now()).hour in _NIGHT_HOURS
        return await self._by_road(lambda times: times.travel_to(scene, list(sources), night=night))

    async def between(self, scenes: Sequence[Point], sources: Sequence[Point]) -> list[list[float]]:
        """Minutes now from each source to each scene: for each scene those of the sources, in their order.

        For the same scenes again and again, such as towns: what is worked out for one is kept.
        """
        night = local(self._clock.now()).hour in _NIGHT_HOURS
        return await self._by_road(lambda times: times.between(list(scenes), list(sources), night=night))

    async def route(self, start: Point, end: Point) -> TravelRoute:
        """The quickest way, with its shape."""
        return await self._by_road(lambda times: times.route(start, end))

    async def _by_road(self, ask: Callable[[TravelTimes], T]) -> T:
        try:
            return await self._ways.run(partial(ask, self._times), ANSWER_WITHIN)
        except Exception as error:  # noqa: BLE001 whatever is wrong with the roads, an estimate is better than nothing
            sentence = "Travel times along the roads do not come: they are estimates for now."
            self._supervisor.note("travel times", error, sentence, often=True)
        return ask(EstimatedTimes(self._speeds))

    async def _search(self, ask: Callable[[], T]) -> T | None:
        try:
            return await self._searches.run(ask, ANSWER_WITHIN)
        except Exception as error:  # noqa: BLE001 somebody is typing: the form must go on
            sentence = "Places cannot be searched for now: type the address in full."
            self._supervisor.note("find places", error, sentence, often=True)
            return None


def _nothing(_done: None) -> None:
    """What was read stays where it was read."""


def _places(pack: MapPack | None, cache_dir: Path) -> "PlaceFinder":
    # The libraries of grid references and searches take a second to load: not while somebody waits for the board.
    from db.geo.search.places import PlaceFinder

    return PlaceFinder.build(pack, cache_dir)
