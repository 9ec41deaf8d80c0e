"""Ranking vans by road, finding places while somebody types, and how long the map data takes to load."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from db.geo.pack import MapPack
from db.geo.roads.data import RoadData, read_roads
from db.geo.roads.graph import RoadGraph
from db.geo.roads.travel import Speeds
from db.geo.schematic.draw import schematic
from db.geo.search.gazetteer import GazetteerEntry, open_places, read_pack
from db.geo.search.gridref import gridref_of
from db.geo.search.places import PlaceFinder
from db.geo.search.postcodes import PostcodeIndex, place_of
from tests.bench.table import ms, percentile, row
from tests.county import County
from tests.unit.test_said_places import rows

pytestmark = pytest.mark.bench
VANS = 50
SCENES = 40
QUERIES = 1000


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def pack(county: County) -> MapPack:
    return county.pack


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(measured: float, baseline: float, what: str) -> str:
    return f"{measured / baseline:.2f} x {what} ({ms(baseline)})"


def points(cache: Path, count: int) -> list[tuple[float, float]]:
    directory = PostcodeIndex(cache).area("NN")
    places = [place_of(one) for one in random.Random(7).sample(list(directory), count)]
    return [(place.lat, place.lon) for place in places]


def test_bench_ranking_vans(pack: MapPack, cache: Path) -> None:
    assert pack.roads is not None
    graph = RoadGraph.load(pack)
    at = points(cache, SCENES + VANS)
    scenes, vans = at[:SCENES], at[SCENES:]
    taken = [timed(lambda scene=scene: graph.minutes_to(scene, vans)) for scene in scenes]
    again = [timed(lambda scene=scene: graph.minutes_to(scene, vans)) for scene in scenes[-20:]]
    bare = percentile(bare_dijkstra(read_roads(pack.roads)), 50)
    half = percentile(taken, 50)
    shown = f"p50 {ms(half)}, p99 {ms(percentile(taken, 99))}; same scene again {ms(percentile(again, 50))}"
    row(f"rank {VANS} vans for a scene by road", shown, "≤ 20 ms", ratio(half, bare, "bare dijkstra"))


def test_bench_cover_of_towns(pack: MapPack, cache: Path) -> None:
    """Who covers which town: 20 towns and 20 vans, which have moved since it was asked last."""
    graph = RoadGraph.load(pack)
    towns = points(cache, 20)
    first = timed(lambda: graph.between(towns, points(cache, 20)))
    spots = [random.Random(nth).sample(points(cache, 400), 20) for nth in range(20)]
    took = [timed(lambda vans=vans: graph.between(towns, vans)) for vans in spots]  # type: ignore[misc]
    alone = [lambda town=town: graph.minutes_to(town, spots[0]) for town in towns]  # type: ignore[misc]
    for ask in alone:
        ask()  # what is worked out for a scene is kept
    one_by_one = sum(timed(ask) for ask in alone)
    shown = f"{ms(percentile(took, 50))}, worst {ms(max(took))}, the first {ms(first)}"
    row(
        "how 20 towns are covered by 20 vans",
        shown,
        "≤ 5 ms",
        ratio(percentile(took, 50), one_by_one, "town by town"),
    )


def bare_dijkstra(data: RoadData) -> list[float]:
    minutes = data.metres * 0.06 / np.array(Speeds().kmh)[data.road_class]
    both = ~data.oneway
    rows = np.concatenate((data.dst, data.src[both]))
    columns = np.concatenate((data.src, data.dst[both]))
    count = len(data.nodes)
    graph = csr_array((np.concatenate((minutes, minutes[both])), (rows, columns)), shape=(count, count))
    starts = random.Random(3).choices(range(count), k=SCENES)
    return [timed(lambda node=node: dijkstra(graph, indices=np.array(node))) for node in starts]


def misspelt(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    change = chance.choice(("drop", "double", "swap"))
    if change == "drop":
        return text[:at] + text[at + 1 :]
    return text[:at] + (text[at] + text[at:] if change == "double" else text[at + 1] + text[at] + text[at + 2 :])


def queries(entries: list[GazetteerEntry], cache: Path) -> list[str]:
    """Make what dispatchers type: whole, begun and misspelt names, addresses, postcodes and positions."""
    chance = random.Random(11)
    directory = PostcodeIndex(cache).area("NN")
    codes = [place_of(one).postcode for one in chance.sample(list(directory), 200)]
    names = [f"{e.name} {e.near}".strip() for e in chance.choices(entries, k=450)]
    begun = [name[: chance.randrange(2, len(name) + 1)] for name in names[:200]]
    wrong = [misspelt(name, chance) for name in names[200:350] if len(name) > 4]
    typed = [code[: chance.randrange(2, 8)].lower() for code in codes[:100]]
    addresses = [f"{chance.randrange(1, 200)} {name}, {code}" for name, code in zip(names, codes, strict=False)]
    grid = [gridref_of(entry.lat, entry.lon) for entry in chance.choices(entries, k=50)]
    everything = [*names[:350], *begun, *wrong, *codes[:100], *typed, *addresses, *grid]
    return chance.sample(everything, QUERIES)


def test_bench_finding_places(pack: MapPack, cache: Path) -> None:
    finder = PlaceFinder.build(pack, cache)
    finder.prepare()
    entries = [e for e in read_pack(pack) if e.kind != "place"]
    typed = queries(entries if len(entries) > QUERIES else open_places(), cache)
    taken = [timed(lambda text=text: finder.find(text)) for text in typed]
    names = [entry.name for entry in (*entries, *open_places())]
    plain = [timed(lambda t=text: process.extract(t, names, scorer=fuzz.WRatio, limit=8)) for text in typed[::20]]
    last, half = percentile(taken, 99), percentile(plain, 50)
    shown = f"p50 {ms(percentile(taken, 50))}, p99 {ms(last)}, worst {ms(max(taken))}"
    title = f"find a place, {QUERIES:,} queries over {len(names):,} names"
    row(title, shown, "p99 ≤ 20 ms", ratio(last, half, "plain fuzzy search, p50"))
    said = [said for said, _, _ in rows("county", "county_more", "made", "codes")]
    asked = [timed(lambda text=text: finder.find(text)) for text in said]
    shown = f"p50 {ms(percentile(asked, 50))}, p99 {ms(percentile(asked, 99))}, worst {ms(max(asked))}"
    title = f"find a place, {len(said)} things that callers say"
    row(title, shown, "p99 ≤ 20 ms", ratio(percentile(asked, 99), half, "plain fuzzy search, p50"))


def test_bench_loading(pack: MapPack, tmp_path: Path) -> None:
    first = timed(lambda: PlaceFinder.build(pack, tmp_path))
    later = min(timed(lambda: PlaceFinder.build(pack, tmp_path)) for _ in range(5))
    bare = timed(lambda: [e.name for e in (*read_pack(pack), *open_places())])
    row("place search ready, first start ever", ms(first), "≤ 3 s", ratio(first, bare, "bare read of the lists"))
    row("place search ready, later start", ms(later), "≤ 100 ms", ratio(later, bare, "bare read of the lists"))
    drawn = timed(lambda: schematic(tmp_path))
    kept = timed(lambda: schematic(tmp_path))
    row("schematic, later start", ms(kept), "≤ 50 ms", ratio(kept, drawn, "first start ever"))
    roads = pack.roads
    assert roads is not None
    bare = timed(lambda: read_roads(roads))
    ready = timed(lambda: RoadGraph.load(pack))
    row("road graph ready", ms(ready), "≤ 300 ms", ratio(ready, bare, "bare read of the file"))
