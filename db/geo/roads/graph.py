"""Travel times and routes along real roads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from db.geo.earth import Point
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.roads.data import Floats, Ints, RoadData, read_roads, step_metres
from db.geo.roads.snap import Snapped, Snapper
from db.geo.roads.travel import EstimatedTimes, Method, Speeds, Travel, TravelRoute

# Further than this from any road is outside the pack, and the network has nothing to say.
_OUTSIDE_METRES = 2500.0
# Whoever is this near a junction is at it, not yet in the one-way street that begins there.
_CORNER_METRES = 25.0
_SCENES_KEPT = 32


@dataclass(frozen=True, slots=True)
class _Spread:
    """Minutes from every node to one scene, and the next node on the way (the scene itself is node N)."""

    minutes: Floats
    towards: npt.NDArray[np.int32]
    scene: Snapped


class RoadGraph:
    """One-to-all travel times on the network, quickest way first.

    Safe to use from several threads at once.
    """

    def __init__(self, data: RoadData, speeds: Speeds | None = None) -> None:
        self.speeds = speeds or Speeds()
        self._estimate = EstimatedTimes(self.speeds)
        self._data = _main_part(data)
        self._minutes = _edge_minutes(self._data, self.speeds)
        self._snapper = Snapper(self._data)
        self._heads, self._tails, self._weights, self._edges = _reversed(self._data, self._minutes)
        # By the scene alone: factors of the night and the county multiply the answers, and vans move all the time.
        self._spread = lru_cache(maxsize=_SCENES_KEPT)(self._work_out_spread)

    @classmethod
    def load(cls, pack: MapPack, speeds: Speeds | None = None) -> "RoadGraph":
        """Read a pack's road graph.

        Args:
            pack: the map pack.
            speeds: a trust's own speeds.

        Raises:
            MapPackError: the pack has no road graph, or it is damaged.
        """
        if pack.roads is None:
            raise MapPackError("The map pack has no road graph.", "Build the map pack again.")
        return cls(read_roads(pack.roads), speeds)

    @property
    def method(self) -> Method:
        """By road; single answers outside the pack are still estimates."""
        return "road"

    def minutes_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[float]:
        """Return minutes from each source to the scene, in the sources' order.

        Args:
            scene: lat, lon in degrees.
            sources: the same, of the vans.
            night: apply the night factor.
        """
        return [travel.minutes for travel in self.travel_to(scene, sources, night=night)]

    def travel_to(self, scene: Point, sources: Sequence[Point], *, night: bool = False) -> list[Travel]:
        """Return the same with the method of each answer."""
        if not sources:
            return []
        spread = self._spread(scene)
        snapped = self._snapper.snap(np.array(sources, dtype=np.float64))
        minutes = np.minimum(*self._ways_out(snapped, spread)) * self.speeds.factor(night=night)
        inside = np.isfinite(minutes) & (snapped.metres < _OUTSIDE_METRES)
        inside &= bool(spread.scene.metres[0] < _OUTSIDE_METRES)
        return [
            Travel(float(value), "road") if on_road else self._estimated(source, scene, night=night)
            for value, on_road, source in zip(minutes, inside, sources, strict=True)
        ]

    def route(self, start: Point, end: Point, *, night: bool = False) -> TravelRoute:
        """Return the quickest way, with its shape.

        Args:
            start: lat, lon in degrees.
            end: the same.
            night: apply the night factor.
        """
        spread = self._spread(end)
        snapped = self._snapper.snap(np.array([start], dtype=np.float64))
        forth, back = self._ways_out(snapped, spread)
        minutes = min(float(forth[0]), float(back[0]))
        far = max(float(snapped.metres[0]), float(spread.scene.metres[0])) > _OUTSIDE_METRES
        if far or not np.isfinite(minutes):
            return self._estimate.route(start, end, night=night)
        lonlat = self._shape(snapped, spread, along=bool(forth[0] <= back[0]))
        points = tuple((round(float(lat), 6), round(float(lon), 6)) for lon, lat in lonlat)
        return TravelRoute(
            minutes * self.speeds.factor(night=night), float(step_metres(lonlat).sum()) / 1000, points, "road"
        )

    def _estimated(self, source: Point, scene: Point, *, night: bool) -> Travel:
        return Travel(self._estimate.minutes(source, scene, night=night), "estimate")

    def _work_out_spread(self, scene: Point) -> _Spread:
        snapped = self._snapper.snap(np.array([scene], dtype=np.float64))
        edge, share = int(snapped.edge[0]), float(snapped.share[0])
        whole, count = float(self._minutes[edge]), len(self._data.nodes)
        # The scene becomes a node of its own in the reversed graph, joined to the ends of its edge.
        ends, costs = [int(self._data.src[edge])], [whole * share]
        if not self._data.oneway[edge] or (1 - share) * self._data.metres[edge] < _CORNER_METRES:
            ends, costs = [*ends, int(self._data.dst[edge])], [*costs, whole * (1 - share)]
        graph = csr_array(
            (
                np.concatenate((self._weights, costs)),
                np.concatenate((self._tails, np.array(ends, dtype=np.int32))),
                np.concatenate((self._heads, [len(self._tails) + len(ends)]), dtype=np.int32),
            ),
            shape=(count + 1, count + 1),
        )
        # From the scene, against the direction of travel: one run answers for every van, wherever they are.
        minutes, towards = dijkstra(graph, indices=np.array(count), return_predecessors=True)
        return _Spread(minutes, towards, snapped)

    def _ways_out(self, snapped: Snapped, spread: _Spread) -> tuple[Floats, Floats]:
        """Return minutes when leaving along the edge, and when leaving against it."""
        edge, share, whole = snapped.edge, snapped.share, self._minutes[snapped.edge]
        forth = whole * (1 - share) + spread.minutes[self._data.dst[edge]]
        back = whole * share + spread.minutes[self._data.src[edge]]
        oneway = self._data.oneway[edge]
        back = np.where(oneway & (share * self._data.metres[edge] >= _CORNER_METRES), np.inf, back)
        ahead = float(spread.scene.share[0]) - share
        # On the scene's own edge the way need not lead over one of its ends.
        same, behind = edge == spread.scene.edge[0], ahead < 0
        forth = np.where(same & ~behind, whole * ahead, forth)
        back = np.where(same & behind & ~oneway, -whole * ahead, back)
        return forth, back

    def _shape(self, start: Snapped, spread: _Spread, *, along: bool) -> Floats:
        edge, end = int(start.edge[0]), spread.scene
        ahead = bool(end.share[0] >= start.share[0])
        if edge == end.edge[0] and along == ahead and (ahead or not self._data.oneway[edge]):
            return self._piece(start, end)
        node = int((self._data.dst if along else self._data.src)[edge])
        parts = [start.lonlat, self._half(edge, int(start.segment[0]), forward=along)]
        while (following := int(spread.towards[node])) != len(self._data.nodes):
            parts.append(self._edge_shape(node, following))
            node = following
        parts += [self._arrival(node, end), end.lonlat]
        return np.concatenate(parts)

    def _piece(self, start: Snapped, end: Snapped) -> Floats:
        low, high = sorted((int(start.segment[0]), int(end.segment[0])))
        inner = self._data.points[low + 1 : high + 1]
        if end.segment[0] < start.segment[0]:
            inner = inner[::-1]
        return np.concatenate((start.lonlat, inner, end.lonlat))

    def _half(self, edge: int, segment: int, *, forward: bool) -> Floats:
        first, last = int(self._data.first[edge]), int(self._data.first[edge + 1])
        return self._data.points[segment + 1 : last] if forward else self._data.points[first : segment + 1][::-1]

    def _arrival(self, node: int, end: Snapped) -> Floats:
        edge, segment = int(end.edge[0]), int(end.segment[0])
        by_source = node == self._data.src[edge]
        # An edge that ends where it begins is entered from the nearer end, unless it is one-way.
        if by_source and node == self._data.dst[edge]:
            by_source = bool(end.share[0] <= 0.5 or self._data.oneway[edge])
        return self._half(edge, segment, forward=not by_source)[::-1]

    def _edge_shape(self, start: int, end: int) -> Floats:
        low, high = int(self._heads[end]), int(self._heads[end + 1])
        # The first is the only one: of two roads between the same nodes the slower was left out.
        edge = int(self._edges[low + int(np.flatnonzero(self._tails[low:high] == start)[0])])
        points = self._data.points[self._data.first[edge] : self._data.first[edge + 1]]
        return points if self._data.src[edge] == start else points[::-1]


def _edge_minutes(data: RoadData, speeds: Speeds) -> Floats:
    kmh = np.where(data.ramp, speeds.ramp_kmh, np.array(speeds.kmh)[data.road_class])
    # 0.06 turns metres and km/h into minutes. Every edge ends at a junction, where some seconds are lost.
    minutes: Floats = data.metres * 0.06 / kmh + speeds.edge_seconds / 60
    return minutes


def _main_part(data: RoadData) -> RoadData:
    """Leave out roads that cannot be driven to and from the rest: a van would be snapped into a trap."""
    both = ~data.oneway
    tails, heads = np.concatenate((data.src, data.dst[both])), np.concatenate((data.dst, data.src[both]))
    shape = (len(data.nodes), len(data.nodes))
    _, part = connected_components(
        csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=shape), connection="strong"
    )
    main = np.bincount(part).argmax()
    keep = (part[data.src] == main) & (part[data.dst] == main)
    points = np.repeat(keep, np.diff(data.first))
    return RoadData(
        nodes=data.nodes,
        src=data.src[keep],
        dst=data.dst[keep],
        metres=data.metres[keep],
        road_class=data.road_class[keep],
        oneway=data.oneway[keep],
        ramp=data.ramp[keep],
        first=np.concatenate(([0], np.cumsum(np.diff(data.first)[keep]))),
        points=data.points[points],
    )


def _reversed(data: RoadData, minutes: Floats) -> tuple[Ints, Ints, Floats, Ints]:
    """Return the reversed graph's rows: where each begins, its columns, weights and edge numbers."""
    both = np.flatnonzero(~data.oneway)
    rows = np.concatenate((data.dst, data.src[both]))
    columns = np.concatenate((data.src, data.dst[both]))
    edges = np.concatenate((np.arange(len(data.src)), both))
    order = np.lexsort((minutes[edges], columns, rows))
    rows, columns, edges = rows[order], columns[order], edges[order]
    # Of two roads between the same nodes only the quicker matters; a sparse matrix would add them up.
    first = np.concatenate(([True], (np.diff(rows) != 0) | (np.diff(columns) != 0)))
    rows, columns, edges = rows[first], columns[first], edges[first]
    heads = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(data.nodes)))))
    return heads.astype(np.int32), columns.astype(np.int32), minutes[edges], edges
