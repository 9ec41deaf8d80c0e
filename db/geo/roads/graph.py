"""Travel times and routes along real roads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from db.geo.earth import Point
from db.geo.errors import MapPackError
from db.geo.pack import MapPack
from db.geo.roads.data import Floats, RoadData, read_roads, step_metres
from db.geo.roads.rules import EXEMPT
from db.geo.roads.snap import Snapped, Snapper
from db.geo.roads.travel import EstimatedTimes, Method, RoadLeg, Speeds, Travel, TravelRoute
from db.geo.roads.ways import THROUGH_MINUTES, ways_of

# Further than this from any road is outside the pack, and the network has nothing to say.
_OUTSIDE_METRES = 2500.0
# Whoever is this near a junction is at it, not yet in the one-way street that begins there.
_CORNER_METRES = 25.0
_SCENES_KEPT = 32
_TOWNS_KEPT = 48


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
        self._data = _main_part(_allowed(data, exempt=self.speeds.exempt))
        self._minutes = _edge_minutes(self._data, self.speeds)
        self._snapper = Snapper(self._data)
        self._ways = ways_of(self._data, self._minutes)
        # By the scene alone: factors of the night and the county multiply the answers, and vans move all the time.
        self._spread = lru_cache(maxsize=_SCENES_KEPT)(self._work_out_spread)
        # Apart from those: towns stay, and must push out no scene that somebody works on.
        self._town = lru_cache(maxsize=_TOWNS_KEPT)(self._work_out_town)

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
        snapped = self._snapper.snap(np.array(sources, dtype=np.float64))
        minutes, inside = self._driven_to(self._spread(scene), snapped, night=night)
        return [
            Travel(float(value), "road") if on_road else self._estimated(source, scene, night=night)
            for value, on_road, source in zip(minutes, inside, sources, strict=True)
        ]

    def between(
        self, scenes: Sequence[Point], sources: Sequence[Point], *, night: bool = False
    ) -> list[list[float]]:
        """Return minutes for each scene from each source; what is worked out for a scene is kept.

        Args:
            scenes: lat, lon in degrees, always the same ones, such as towns.
            sources: the same, of the vans.
            night: apply the night factor.
        """
        if not sources:
            return [[] for _ in scenes]
        # Once for all scenes: putting vans on the road is half of the work.
        snapped = self._snapper.snap(np.array(sources, dtype=np.float64))
        found: list[list[float]] = []
        for scene in scenes:
            minutes, inside = self._driven_to(self._town(scene), snapped, night=night)
            told: list[float] = minutes.tolist()
            for at in np.flatnonzero(~inside).tolist():
                told[at] = self._estimate.minutes(sources[at], scene, night=night)
            found.append(told)
        return found

    def _driven_to(
        self, spread: _Spread, snapped: Snapped, *, night: bool
    ) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Minutes along the roads, and for whom they can be believed."""
        minutes = _plain(np.minimum(*self._ways_out(snapped, spread))) * self.speeds.factor(night=night)
        inside = np.isfinite(minutes) & (snapped.metres < _OUTSIDE_METRES)
        return minutes, inside & bool(spread.scene.metres[0] < _OUTSIDE_METRES)

    def _work_out_town(self, scene: Point) -> _Spread:
        # No way is drawn to it: where to turn is not kept.
        return replace(self._work_out_spread(scene), towards=np.empty(0, dtype=np.int32))

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
        minutes = float(_plain(np.minimum(forth, back))[0])
        far = max(float(snapped.metres[0]), float(spread.scene.metres[0])) > _OUTSIDE_METRES
        if far or not np.isfinite(minutes):
            return self._estimate.route(start, end, night=night)
        parts = self._parts(snapped, spread, along=bool(forth[0] <= back[0]))
        lonlat = np.concatenate([part for _, part in parts])
        return TravelRoute(
            minutes * self.speeds.factor(night=night),
            float(step_metres(lonlat).sum()) / 1000,
            tuple((round(float(lat), 6), round(float(lon), 6)) for lon, lat in lonlat),
            "road",
            self._roads(parts),
        )

    def _roads(self, parts: Sequence[tuple[int, Floats]]) -> tuple[RoadLeg, ...]:
        """What the roads are called, one after the other, each with its kilometres."""
        rules, legs, before = self._data.ruled, list[RoadLeg](), np.empty((0, 2))
        for edge, part in parts:
            name = rules.names[int(rules.name_of[edge])]
            km = float(step_metres(np.concatenate((before[-1:], part))).sum()) / 1000
            if legs and legs[-1].name == name:
                km += legs.pop().km
            legs.append(RoadLeg(name, km))
            before = part if len(part) else before
        return tuple(legs)

    def _estimated(self, source: Point, scene: Point, *, night: bool) -> Travel:
        return Travel(self._estimate.minutes(source, scene, night=night), "estimate")

    def _work_out_spread(self, scene: Point) -> _Spread:
        snapped = self._snapper.snap(np.array([scene], dtype=np.float64))
        edge, share = int(snapped.edge[0]), float(snapped.share[0])
        whole, ways = float(self._minutes[edge]), self._ways
        # The scene becomes a node of its own in the reversed graph, joined to where its edge is entered from.
        entries = [(node, whole * share) for node in ways.into(2 * edge)]
        if not self._data.oneway[edge] or (1 - share) * self._data.metres[edge] < _CORNER_METRES:
            entries += [(node, whole * (1 - share)) for node in ways.into(2 * edge + 1)]
        graph = csr_array(
            (
                np.concatenate((ways.weights, [cost for _, cost in entries])),
                np.concatenate((ways.tails, np.array([node for node, _ in entries], dtype=np.int32))),
                np.concatenate((ways.heads, [len(ways.tails) + len(entries)]), dtype=np.int32),
            ),
            shape=(ways.count + 1, ways.count + 1),
        )
        # From the scene, against the direction of travel: one run answers for every van, wherever they are.
        minutes, towards = dijkstra(graph, indices=np.array(ways.count), return_predecessors=True)
        return _Spread(minutes, towards, snapped)

    def _ways_out(self, snapped: Snapped, spread: _Spread) -> tuple[Floats, Floats]:
        """Return minutes when leaving along the edge, and when leaving against it."""
        edge, share, whole = snapped.edge, snapped.share, self._minutes[snapped.edge]
        forth = whole * (1 - share) + spread.minutes[self._ways.arrive[2 * edge]]
        back = whole * share + spread.minutes[self._ways.arrive[2 * edge + 1]]
        oneway = self._data.oneway[edge]
        back = np.where(oneway & (share * self._data.metres[edge] >= _CORNER_METRES), np.inf, back)
        ahead = float(spread.scene.share[0]) - share
        # On the scene's own edge the way need not lead over one of its ends.
        same, behind = edge == spread.scene.edge[0], ahead < 0
        forth = np.where(same & ~behind, whole * ahead, forth)
        back = np.where(same & behind & ~oneway, -whole * ahead, back)
        return forth, back

    def _parts(self, start: Snapped, spread: _Spread, *, along: bool) -> list[tuple[int, Floats]]:
        """The way in pieces: the edge, and its points in the order in which they are driven."""
        edge, end = int(start.edge[0]), spread.scene
        ahead, last = bool(end.share[0] >= start.share[0]), int(end.edge[0])
        if edge == last and along == ahead and (ahead or not self._data.oneway[edge]):
            return [(edge, self._piece(start, end))]
        node = int(self._ways.arrive[2 * edge + (0 if along else 1)])
        half = self._half(edge, int(start.segment[0]), forward=along)
        parts = [(edge, np.concatenate((start.lonlat, half)))]
        while (following := int(spread.towards[node])) != self._ways.count:
            parts += self._driven(node, following)
            node = following
        arrival = self._arrival(int(self._ways.place[node]), end)
        return [*parts, (last, np.concatenate((arrival, end.lonlat)))]

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

    def _driven(self, start: int, end: int) -> list[tuple[int, Floats]]:
        """The edge between two nodes of the graph and its points; nothing where no road lies between them."""
        low, high = int(self._ways.heads[end]), int(self._ways.heads[end + 1])
        at = low + int(np.flatnonzero(self._ways.tails[low:high] == start)[0])
        lane = int(self._ways.lanes[at])
        if lane < 0:
            return []
        points = self._data.points[self._data.first[lane // 2] : self._data.first[lane // 2 + 1]]
        return [(lane // 2, points[::-1] if lane % 2 else points)]


def _allowed(data: RoadData, *, exempt: bool) -> RoadData:
    """The roads that this van may drive; under an exemption of blue lights no turn is forbidden to it either."""
    if exempt:
        return replace(data, rules=replace(data.ruled, forbidden=()))
    return data.kept(data.ruled.passage != EXEMPT)


def _edge_minutes(data: RoadData, speeds: Speeds) -> Floats:
    kmh = np.where(data.ramp, speeds.ramp_kmh, np.array(speeds.kmh)[data.road_class])
    # 0.06 turns metres and km/h into minutes. Every edge ends at a junction, where some seconds are lost.
    minutes: Floats = data.metres * 0.06 / kmh + speeds.edge_seconds / 60
    fixed = data.ruled.seconds
    return np.where(fixed > 0, fixed / 60, minutes)


def _main_part(data: RoadData) -> RoadData:
    """Leave out roads that cannot be driven to and from the rest: a van would be snapped into a trap."""
    both = ~data.oneway
    tails, heads = np.concatenate((data.src, data.dst[both])), np.concatenate((data.dst, data.src[both]))
    shape = (len(data.nodes), len(data.nodes))
    _, part = connected_components(
        csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=shape), connection="strong"
    )
    main = np.bincount(part[np.concatenate((data.src, data.dst))]).argmax()
    return data.kept((part[data.src] == main) & (part[data.dst] == main))


def _plain(minutes: Floats) -> Floats:
    """Minutes without what was added for driving through a road that is not for that."""
    return np.where(
        np.isfinite(minutes), np.mod(np.where(np.isfinite(minutes), minutes, 0), THROUGH_MINUTES), np.inf
    )
