"""Places, roads and travel times for the screen: loaded and asked off the GUI's thread."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.tasks import spawn
from db.clock import RecordClock
from db.domain.clocks import local
from db.errors import RecordError
from db.geo.earth import Point
from db.geo.pack import MapPack
from db.geo.roads.times import travel_times
from db.geo.roads.travel import EstimatedTimes, Route, Speeds, Travel, TravelTimes

if TYPE_CHECKING:
    from db.geo.search.places import Place, PlaceFinder
    from db.geo.search.postcodes import PostcodeIndex

log = logging.getLogger(__name__)
_NIGHT_HOURS = frozenset({22, 23, 0, 1, 2, 3, 4, 5})


class Geography(QObject):
    """What the console knows of the county. Usable at once; better as its parts are loaded."""

    loaded = Signal()
    """Places or roads became available."""
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
    ) -> None:
        super().__init__(parent)
        self._cache_dir = cache_dir
        self._clock = clock
        self._complaint = ""
        self._pack = self._open(pack_folder)
        self._finder: PlaceFinder | None = None
        self._speeds = speeds
        self._times: TravelTimes = EstimatedTimes(speeds)

    @property
    def pack(self) -> MapPack | None:
        """The map pack, if one is set and readable."""
        return self._pack

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
        if self._complaint:
            self.failed.emit(self._complaint)
        spawn(self._load(), "load places and roads")

    async def _load(self) -> None:
        if self._pack is not None and self._pack.roads is not None:
            try:
                self._times = await asyncio.to_thread(travel_times, self._pack, self._speeds)
            except RecordError as error:
                self.failed.emit(str(error))
            self.loaded.emit()
        try:
            # The first time, copies are made for half a minute: one by one, so that closing waits for one at most.
            postcodes, letters = await asyncio.to_thread(_postcodes, self._cache_dir)
            for letter in letters:
                await asyncio.to_thread(postcodes.letter, letter)
            self._finder = await asyncio.to_thread(_places, self._pack, self._cache_dir, postcodes)
        except RecordError as error:
            self.failed.emit(str(error))
        self.loaded.emit()

    async def find(self, text: str, near: Point | None = None) -> "list[Place]":
        """What a typed text may mean, likeliest first; empty until the places are loaded."""
        if self._finder is None:
            return []
        return await asyncio.to_thread(self._finder.find, text, near)

    async def nearest(self, point: Point) -> "Place | None":
        """Where a pin is; None until the places are loaded."""
        if self._finder is None:
            return None
        return await asyncio.to_thread(self._finder.nearest, *point)

    async def minutes(self, scene: Point, sources: Sequence[Point]) -> list[Travel]:
        """Travel times from each source to the scene now, in the sources' order."""
        night = local(self._clock.now()).hour in _NIGHT_HOURS
        return await asyncio.to_thread(self._times.travel_to, scene, list(sources), night=night)

    async def route(self, start: Point, end: Point) -> Route:
        """The quickest way, with its shape."""
        return await asyncio.to_thread(self._times.route, start, end)


# The libraries of grid references and searches take a second to load: not while somebody waits for the board.


def _postcodes(cache_dir: Path) -> "tuple[PostcodeIndex, str]":
    from db.geo.search.postcode_data import LETTERS
    from db.geo.search.postcodes import PostcodeIndex

    return PostcodeIndex(cache_dir), LETTERS


def _places(pack: MapPack | None, cache_dir: Path, postcodes: "PostcodeIndex") -> "PlaceFinder":
    from db.geo.search.places import PlaceFinder

    return PlaceFinder.build(pack, cache_dir, postcodes=postcodes)
