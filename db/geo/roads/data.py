"""The road network as arrays: the pack's compact file, and the shapes of its edges."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from db.geo.earth import RADIUS_M
from db.geo.errors import MapPackError
from db.geo.roads.rules import FORMAT, RoadRules, packed_rules, unpacked_rules

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "minor", "service")
SERVICE = CLASSES.index("service")
_NEXT_STEP = "Build the map pack again."


@dataclass(frozen=True, slots=True)
class RoadData:
    """Nodes and edges of a network of E edges.

    Attributes:
        nodes: (N, 2) lon, lat in degrees.
        src: (E,) node at which the edge begins.
        dst: (E,) node at which it ends.
        metres: (E,) length.
        road_class: (E,) index into `CLASSES`.
        oneway: (E,) True when only src to dst may be driven.
        ramp: (E,) True for slip roads.
        first: (E + 1,) where each edge's points begin in `points`.
        points: (P, 2) lon, lat of every edge, both ends included.
        rules: who may pass, what may not be turned into, names.
    """

    nodes: Floats
    src: Ints
    dst: Ints
    metres: Floats
    road_class: Ints
    oneway: npt.NDArray[np.bool_]
    ramp: npt.NDArray[np.bool_]
    first: Ints
    points: Floats
    rules: RoadRules = field(default_factory=lambda: RoadRules.none(0))

    def kept(self, keep: npt.NDArray[np.bool_]) -> "RoadData":
        """The network of some of its edges, with all of its nodes."""
        points = np.repeat(keep, np.diff(self.first))
        return RoadData(
            nodes=self.nodes,
            src=self.src[keep],
            dst=self.dst[keep],
            metres=self.metres[keep],
            road_class=self.road_class[keep],
            oneway=self.oneway[keep],
            ramp=self.ramp[keep],
            first=np.concatenate(([0], np.cumsum(np.diff(self.first)[keep]))),
            points=self.points[points],
            rules=self.ruled.of(keep),
        )

    @property
    def ruled(self) -> RoadRules:
        """The rules, or none for each edge where nobody told any."""
        return self.rules if len(self.rules.passage) == len(self.src) else RoadRules.none(len(self.src))


def read_roads(path: Path) -> RoadData:
    """Read a road graph file.

    Args:
        path: the npz file; its format is described in `write_roads`.

    Raises:
        MapPackError: the file is not there, damaged, or not a road graph.
    """
    try:
        with path.open("rb") as file, np.load(file) as packed:
            arrays = {name: packed[name] for name in packed.files}
        if int(arrays.get("format", np.array(1))) > FORMAT:
            raise MapPackError(f"The road graph {path.name} is of a newer program.", "Update this program.")
        return _unpack(arrays)
    except FileNotFoundError:
        raise MapPackError(f"The road graph {path.name} is not there.", _NEXT_STEP) from None
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise MapPackError(f"The road graph {path.name} is damaged.", _NEXT_STEP) from error


def _unpack(arrays: dict[str, npt.NDArray[np.generic]]) -> RoadData:
    nodes = np.cumsum(arrays["node_lonlat_e5"].astype(np.int64), axis=0)
    src = np.cumsum(arrays["src"].astype(np.int64))
    dst = src + arrays["dst_minus_src"].astype(np.int64)
    if not len(src) or min(src.min(), dst.min()) < 0 or max(src.max(), dst.max()) >= len(nodes):
        raise ValueError("edges without nodes")
    count = arrays["inner_count"].astype(np.int64)
    first, points = _shapes(nodes, src, dst, count, arrays["inner_rel_src_e5"].astype(np.int64))
    return RoadData(
        nodes=nodes / 1e5,
        src=src,
        dst=dst,
        metres=arrays["length_dm"].astype(np.float64) / 10,
        road_class=arrays["cls"].astype(np.int64),
        oneway=arrays["oneway"].astype(bool),
        ramp=arrays["ramp"].astype(bool),
        first=first,
        points=points / 1e5,
        rules=unpacked_rules(arrays, len(src)),
    )


def _shapes(nodes: Ints, src: Ints, dst: Ints, count: Ints, inner: Ints) -> tuple[Ints, Ints]:
    first = np.concatenate(([0], np.cumsum(count + 2)))
    points = np.empty((int(first[-1]), 2), dtype=np.int64)
    between = np.ones(len(points), dtype=bool)
    between[first[:-1]] = between[first[1:] - 1] = False
    points[first[:-1]] = nodes[src]
    points[first[1:] - 1] = nodes[dst]
    points[between] = inner + np.repeat(nodes[src], count, axis=0)
    return first, points


def step_metres(lonlat: Floats) -> Floats:
    """Return the metres from each of n points to the next: `earth.metres` for (n, 2) lon, lat in degrees."""
    lon, lat = np.radians(lonlat).T
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    steps: Floats = 2 * RADIUS_M * np.arcsin(np.sqrt(half))
    return steps


def write_roads(path: Path, data: RoadData) -> None:
    """Write a road graph file: every array as small differences, so that it compresses.

    The file holds node_lonlat_e5 and src (differences to the one before), dst_minus_src, length_dm, cls,
    oneway, ramp, inner_count, and inner_rel_src_e5 (points between the ends, relative to the source node);
    coordinates in 1e-5 degrees. What the rules add is told by `rules.packed_rules`.

    Raises:
        OSError: the disk refused.
    """
    nodes = np.round(data.nodes * 1e5).astype(np.int32)
    points = np.round(data.points * 1e5).astype(np.int32)
    between = np.ones(len(points), dtype=bool)
    between[data.first[:-1]] = between[data.first[1:] - 1] = False
    count = np.diff(data.first) - 2
    np.savez_compressed(
        path,
        node_lonlat_e5=np.diff(nodes, axis=0, prepend=np.zeros((1, 2), np.int32)),
        src=np.diff(data.src, prepend=0).astype(np.int32),
        dst_minus_src=(data.dst - data.src).astype(np.int32),
        length_dm=np.round(data.metres * 10).astype(np.int32),
        cls=data.road_class.astype(np.int8),
        oneway=data.oneway.astype(np.int8),
        ramp=data.ramp.astype(np.int8),
        inner_count=count.astype(np.uint16),
        inner_rel_src_e5=points[between] - np.repeat(nodes[data.src], count, axis=0),
        **packed_rules(data.ruled),
    )
