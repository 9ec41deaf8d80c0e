"""Single tiles out of a pack, and the refusals of a pack that is not one."""

import gzip
import random
from contextlib import suppress
from pathlib import Path

import pytest
from pmtiles.reader import MemorySource, MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from console.map.marks import MapConfig
from console.map.sources import NotServedError, Sources, tile_key, tile_origin
from console.map.tiles import ByteCache, PackError, TilePack
from tests.county import County
from tests.gui.map_tools import TILE_Z14, known_tile, write_pack


def test_a_tile_comes_out_as_it_went_in(tmp_path: Path) -> None:
    pack = TilePack(write_pack(tmp_path))
    assert pack.tile(*TILE_Z14) == known_tile()
    assert pack.zooms == (7, 14)
    assert pack.bounds == (51.9, -1.3, 52.6, -0.3)
    pack.close()


@pytest.mark.parametrize("key", [(14, 0, 0), (3, 1, 1), (14, 99999, 1), (40, 1, 1)])
def test_no_tile_is_empty_not_an_error(tmp_path: Path, key: tuple[int, int, int]) -> None:
    pack = TilePack(write_pack(tmp_path))
    assert pack.tile(*key) == b""
    pack.close()


def test_a_large_archive_with_leaf_directories(tmp_path: Path) -> None:
    path = tmp_path / "large.pmtiles"
    dice = random.Random(4)
    with path.open("wb") as file:
        writer = Writer(file)
        for number in range(zxy_to_tileid(9, 0, 0), zxy_to_tileid(9, 0, 0) + 30000):
            writer.write_tile(number, dice.randbytes(dice.randint(1, 400)))
        head = {"tile_type": TileType.MVT, "min_zoom": 9, "max_zoom": 9, "center_zoom": 9}
        edges = dict.fromkeys(("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"), 0)
        writer.finalize(
            head | edges | {"center_lon_e7": 0, "center_lat_e7": 0, "tile_compression": Compression.NONE}, {}
        )
    oracle = Reader(MemorySource(path.read_bytes()))
    assert oracle.header()["leaf_directory_length"] > 0
    pack = TilePack(path)
    for x, y in ((0, 0), (5, 77), (100, 3), (150, 150)):
        assert pack.tile(9, x, y) == (oracle.get(9, x, y) or b"")
    pack.close()


@pytest.mark.parametrize(
    "body", [b"", b"not a map", b"PMTiles\x03" + b"\x00" * 119, b"PMTiles\x03" + b"\xff" * 300]
)
def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "bad.pmtiles"
    path.write_bytes(body)
    with pytest.raises(PackError, match=r"bad\.pmtiles .*\."):
        TilePack(path)


def test_a_pack_that_is_not_there_says_where(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"no map in .*nowhere"):
        TilePack(tmp_path / "nowhere")


def test_a_pack_cut_short_fails_where_it_was_cut(tmp_path: Path) -> None:
    path = write_pack(tmp_path) / "small.pmtiles"
    path.write_bytes(path.read_bytes()[:-100])
    pack = TilePack(path)
    with pytest.raises(PackError, match="cannot be read"):
        pack.tile(*TILE_Z14)
    pack.close()


def test_the_cache_never_grows_past_its_bound() -> None:
    cache = ByteCache(100)
    for number in range(50):
        cache.put((1, number, 0), b"x" * 30)
        assert cache.size <= 100
    assert cache.get((1, 49, 0)) == b"x" * 30
    assert cache.get((1, 0, 0)) is None
    cache.put((1, 49, 0), b"y")
    assert cache.get((1, 49, 0)) == b"y"


def test_what_was_used_last_is_kept() -> None:
    cache = ByteCache(60)
    cache.put((0, 0, 1), b"a" * 30)
    cache.put((0, 0, 2), b"b" * 30)
    cache.get((0, 0, 1))
    cache.put((0, 0, 3), b"c" * 30)
    assert cache.get((0, 0, 1))
    assert cache.get((0, 0, 2)) is None


@pytest.mark.parametrize(
    "path",
    ["/web/../../main.py", "/web/..%2f", "/etc/passwd", "/leaflet/../x.js", "/tiles/1/2", "/", "/web/no.js"],
)
def test_nothing_else_is_served(path: str) -> None:
    sources = Sources(MapConfig())
    with pytest.raises(NotServedError):
        sources.read(path)


def test_a_tile_is_read_once_and_then_held(tmp_path: Path) -> None:
    sources = Sources(MapConfig(pack=write_pack(tmp_path)))
    path = "/tiles/{}/{}/{}".format(*TILE_Z14)
    assert sources.cached(path) is None
    body = sources.read(path)
    assert sources.cached(path) == body
    sources.close()


@pytest.mark.parametrize("path", ["/index.html", "/tiles/{}/{}/{}".format(*TILE_Z14)])
def test_a_read_that_comes_late_opens_no_pack(tmp_path: Path, path: str) -> None:
    sources = Sources(MapConfig(pack=write_pack(tmp_path)))
    sources.close()
    with suppress(NotServedError):
        sources.read(path)
    assert sources._pack is None


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/tiles/14/8151/5394", (14, 8151, 5394)),
        ("/tiles/1/-1/2", None),
        ("/tiles/a/b/c", None),
        ("/x/1/2/3", None),
    ],
)
def test_tile_paths(path: str, key: tuple[int, int, int] | None) -> None:
    assert tile_key(path) == key


def test_only_a_web_address_is_a_tile_server() -> None:
    assert tile_origin(MapConfig(tile_server="https://maps.trust.example:8443/{z}/{x}/{y}.png")) == (
        "https://maps.trust.example:8443"
    )
    assert tile_origin(MapConfig(tile_server="file:///etc/{z}")) == ""
    assert tile_origin(MapConfig()) == ""


def test_every_tile_of_a_county_can_be_read(county: County) -> None:
    pack = TilePack(county.pack.folder)
    low, high = pack.zooms
    assert low <= 8
    assert high >= 13
    # The middle of Northampton.
    assert len(pack.tile(14, 8151, 5394)) > 1000
    assert county.pack.tiles is not None
    with county.pack.tiles.open("rb") as file:
        for key, packed in all_tiles(MmapSource(file)):
            assert pack.tile(*key) == gzip.decompress(packed)
    pack.close()


def test_the_page_names_no_address_but_its_own(tmp_path: Path) -> None:
    sources = Sources(MapConfig(pack=write_pack(tmp_path)))
    html = sources.read("/index.html").body.decode()
    sources.close()
    assert "http://" not in html
    assert "https://" not in html
    assert 'src="cru://map/leaflet/leaflet.js"' in html
    assert "default-src 'none'" in html
    assert html.index("Content-Security-Policy") < html.index("<script")
