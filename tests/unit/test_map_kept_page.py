"""The map's page is made once, and again whenever anything that it is made from changes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.map import kept_page
from console.map.kept_page import page
from console.map.marks import MapConfig
from console.map.page import render

VECTOR = {"kind": "vector", "low": 0, "high": 14, "attribution": "x"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often folium was asked."""
    found: list[int] = []

    def counted(*given: Any) -> bytes:
        found.append(1)
        return render(*given)

    monkeypatch.setattr("console.map.page.render", counted)
    return found


def test_it_is_made_once_and_is_what_folium_makes(tmp_path: Path, made: list[int]) -> None:
    config = MapConfig(cache_dir=tmp_path / "not there yet")
    first = page(config, VECTOR, "")
    assert page(config, VECTOR, "") == first
    assert len(made) == 1
    assert b"CRU.start(" in first
    assert b"Content-Security-Policy" in first


CHANGES: dict[str, Callable[[MapConfig], tuple[MapConfig, dict[str, Any], str]]] = {
    "the theme": lambda config: (replace(config, theme="light"), VECTOR, ""),
    "the home": lambda config: (replace(config, home=(51.0, -1.0, 52.0, 0.0)), VECTOR, ""),
    "the base": lambda config: (config, VECTOR | {"high": 13}, ""),
    "the tile server": lambda config: (config, VECTOR, "https://tiles.trust.example"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_one_is_made_where_something_changed(tmp_path: Path, made: list[int], what: str) -> None:
    config = MapConfig(cache_dir=tmp_path)
    first = page(config, VECTOR, "")
    assert page(*CHANGES[what](config)) != first
    assert len(made) == 2


def test_another_folium_and_another_maker_make_another_one(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = MapConfig(cache_dir=tmp_path)
    page(config, VECTOR, "")
    monkeypatch.setattr(kept_page.metadata, "version", lambda _: "99")
    page(config, VECTOR, "")
    (tmp_path / "page.py").write_text("# another")
    monkeypatch.setattr(kept_page, "_MAKER", tmp_path / "page.py")
    page(config, VECTOR, "")
    assert len(made) == 3


def test_it_is_made_each_time_where_nothing_can_be_kept(
    tmp_path: Path, made: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    config = MapConfig(cache_dir=tmp_path / "file")
    assert page(config, VECTOR, "")
    assert page(config, VECTOR, "")
    assert len(made) == 2
    assert [one.message for one in caplog.records] == ["the map's page is not kept: FileExistsError"] * 2
    caplog.clear()


def test_the_last_few_are_kept(tmp_path: Path, made: list[int]) -> None:
    for zoom in range(12):
        page(MapConfig(cache_dir=tmp_path), VECTOR | {"high": zoom}, "")
    assert len([*tmp_path.glob("map-page-*.html")]) == 8
