"""What makes a start's imports quick."""

import builtins
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.start.imports import plain_import


@pytest.fixture
def theirs() -> Iterator[None]:
    """The import that Qt's bindings put there, and after the test whatever was there before."""
    before = builtins.__import__
    builtins.__import__ = vars(builtins)["__feature_import__"]
    yield
    builtins.__import__ = before


def _read(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> list[str]:
    """The modules whose text is looked through while one is imported."""
    (folder / f"{name}.py").write_text("import json")
    monkeypatch.syspath_prepend(folder)
    looked: list[str] = []
    monkeypatch.setattr(inspect, "getsource", lambda module: looked.append(module.__name__) or "")
    importlib.invalidate_caches()
    __import__(name)
    return looked


@pytest.mark.usefixtures("theirs")
def test_no_module_is_looked_through_for_a_way_of_writing_that_nobody_uses(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "read_by_them" in _read(monkeypatch, tmp_path, "read_by_them")
    plain_import()
    assert _read(monkeypatch, tmp_path, "left_alone") == []


@pytest.mark.usefixtures("theirs")
def test_what_somebody_else_put_over_it_stays() -> None:
    def watched(*given: object, **named: object) -> object:
        return vars(builtins)["__orig_import__"](*given, **named)

    builtins.__import__ = watched
    plain_import()
    assert builtins.__import__ is watched
