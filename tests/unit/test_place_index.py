"""The index of places on disk: as good as a new one, never another pack's, and never in the way."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from db.geo.pack import MapPack
from db.geo.search import index_file
from db.geo.search.places import FoundPlace, PlaceFinder
from db.geo.search.postcodes import PostcodeIndex
from tests.unit.test_geo_places import PLACES, STREETS

SAID = (
    "high street kettering",
    "abington st",
    "berrywood rd",
    "towcster",
    "nn1 5bd",
    "Manchester",
    "52.24, -0.89",
    "ngh",
)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the quick copies of the postcodes alone."""
    folder = tmp_path_factory.mktemp("letters")
    for letter in "NMPLCO":
        PostcodeIndex(folder).letter(letter)
    return folder


@pytest.fixture
def cache(letters: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(letters, tmp_path / "cache"))


@pytest.fixture
def pack(tmp_path: Path) -> MapPack:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    (folder / "streets.csv").write_text(STREETS, encoding="utf-8")
    return MapPack.open(folder)


def answers(pack: MapPack | None, cache: Path) -> list[list[FoundPlace]]:
    finder = PlaceFinder.build(pack, cache)
    return [finder.find(said) for said in SAID]


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("place-index-*.npz"))


@pytest.mark.parametrize("lists", [[], [[]], [[3, 4], [], [5]], [[7], [8, 9, 10]]])
def test_lists_that_are_kept_as_one_are_the_same_lists(lists: list[list[int]]) -> None:
    slices = index_file.Slices(*index_file.joined([np.array(one, dtype=np.int32) for one in lists]))
    assert (len(slices), [one.tolist() for one in slices]) == (len(lists), lists)
    assert [one.tolist() for one in slices[1:]] == lists[1:]


def test_a_later_start_reads_what_the_first_worked_out(
    pack: MapPack, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answers(pack, cache)
    assert len(kept(cache)) == 1

    def never(*_: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr("db.geo.search.known.read_pack", never)
    assert answers(pack, cache) == first


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "texts"])
def test_a_damaged_index_is_worked_out_again(pack: MapPack, cache: Path, damage: str) -> None:
    first = answers(pack, cache)
    [file] = kept(cache)
    if damage == "texts":
        mark = file.stem.removeprefix("place-index-")
        arrays = index_file.read_index(cache, mark)
        assert arrays is not None
        file.unlink()
        del arrays["whole"]
        index_file.keep_index(cache, mark, {**arrays, "name": arrays["name"][:50]})
    else:
        raw = file.read_bytes()
        file.write_bytes({"cut": raw[: len(raw) // 2], "empty": b"", "other": b"PK\x03\x04" + raw[40:]}[damage])
    assert answers(pack, cache) == first


def test_another_pack_has_another_index_and_few_are_kept(pack: MapPack, cache: Path) -> None:
    assert "Moulton" not in {place.detail for place in PlaceFinder.build(pack, cache).find("high street")}
    for number in range(3):
        streets = f"{STREETS}High Street,Moulton{number},52.2380,-0.8940\n"
        (pack.folder / "streets.csv").write_text(streets, encoding="utf-8")
        # The file's time and length say nothing: a pack is known by what is in it.
        details = [place.detail for place in PlaceFinder.build(pack, cache).find("high street", limit=12)]
        assert any(f"Moulton{number}" in detail for detail in details)
    assert len(kept(cache)) == 3


def test_a_disk_that_takes_nothing_costs_only_time(
    pack: MapPack, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answers(pack, cache)
    kept(cache)[0].unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_file, "whole_file", full)
    assert answers(pack, cache) == first
    assert kept(cache) == []
