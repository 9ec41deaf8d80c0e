"""The best way there is to work out travel times."""

from db.geo.pack import MapPack
from db.geo.roads.travel import EstimatedTimes, Speeds, TravelTimes


def travel_times(pack: MapPack | None, speeds: Speeds | None = None) -> TravelTimes:
    """Choose the best way there is: the pack's roads, or the estimate without any.

    Args:
        pack: the map pack; None when none is set.
        speeds: a trust's own speeds.

    Raises:
        MapPackError: the pack has a road graph and it is damaged.
    """
    if pack is None or pack.roads is None:
        return EstimatedTimes(speeds)
    # scipy is only worth its start-up time when there are roads.
    from db.geo.roads.graph import RoadGraph

    return RoadGraph.load(pack, speeds)
