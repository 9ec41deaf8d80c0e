"""What is looked at before Qt starts, and where a start that failed is said: pure, with no window."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from console.start import app, preflight, startup
from console.start.settings import Settings
from db.errors import Invalid, RecordError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a screen is always there")
NAMES = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture(autouse=True)
def kept_log() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    ("platform", "display", "wayland", "seen", "may_start"),
    [
        ("", "", "", False, False),
        ("", ":0", "", True, True),
        ("", "", "wayland-0", True, True),
        ("xcb", "", "", True, True),
        # Qt draws for nobody there: it starts, and a window that says something is seen by nobody.
        ("offscreen", "", "", False, True),
        ("offscreen", ":0", "wayland-0", False, True),
        ("minimal", ":0", "", False, True),
    ],
)
def test_a_screen_is_there_or_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, wayland: str, seen: bool, may_start: bool
) -> None:
    for name, value in zip(NAMES, (platform, display, wayland), strict=True):
        monkeypatch.setenv(name, value)
    assert preflight.has_screen() is seen
    if may_start:
        preflight.require_screen()
        return
    with pytest.raises(Invalid, match="no screen"):
        preflight.require_screen()


class Start:
    """A start that fails, and where that was said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tty: bool = False, screen: bool = True) -> None:
        self.steps: list[str] = []
        self.shown: list[RecordError] = []
        for name in ("require_libraries", "require_screen", "allow_root"):
            monkeypatch.setattr(startup, name, lambda name=name: self.steps.append(name))
        monkeypatch.setattr(startup, "has_screen", lambda: screen)
        monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: tty))
        monkeypatch.setattr(app, "show_failure", self.shown.append)

    def run(self, error: Exception | None, *, attended: bool = True) -> int:
        def work() -> int:
            self.steps.append("work")
            if error is not None:
                raise error
            return 7

        return startup._said_on_screen(work, attended=attended)


def test_libraries_and_screen_are_looked_at_before_qt_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Start(monkeypatch)
    assert start.run(None) == 7
    assert start.steps == ["require_libraries", "require_screen", "allow_root", "work"]


@pytest.mark.parametrize(
    ("tty", "screen", "attended", "missing", "in_a_window"),
    [
        (False, True, True, [], True),
        (True, True, True, [], False),
        (False, False, True, [], False),
        (False, True, False, [], False),
        (False, True, True, ["libEGL.so.1"], False),
    ],
)
def test_a_failure_is_said_in_a_window_to_somebody_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tty: bool, screen: bool, attended: bool, missing: list[str], in_a_window: bool
) -> None:
    start = Start(monkeypatch, tty, screen)
    monkeypatch.setattr(startup, "missing_libraries", lambda: missing)
    wrong = Invalid("The data folder cannot be written.", "Choose another.")
    with pytest.raises(Invalid, match="data folder"):
        start.run(wrong, attended=attended)
    assert start.shown == [wrong] * in_a_window


def test_a_start_without_any_terminal_at_all_is_said_in_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Start(monkeypatch)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(startup, "missing_libraries", list)
    with pytest.raises(Invalid):
        start.run(Invalid("Wrong.", "Mend it."))
    assert len(start.shown) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ImportError("libnew.so.3: cannot open shared object file"),
            r"system library is missing: libnew\.so\.3\.",
        ),
        (ImportError("No module named 'folium'", name="folium"), r"part of the program is missing: folium\."),
        (ImportError("half of it"), r"part of the program is missing: half of it\."),
    ],
)
def test_what_cannot_be_loaded_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: ImportError, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as said:
        Start(monkeypatch).run(error)
    assert said.value.next_step


def given(tmp_path: Path, **more: object) -> argparse.Namespace:
    return argparse.Namespace(data_dir=tmp_path / "data", map_pack=None, **more)


@pytest.mark.parametrize(
    ("opened", "wall", "attended"), [(startup.open_console, False, True), (startup.open_wall_window, True, False)]
)
def test_the_window_opens_with_the_settings_and_a_log_beside_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: object, wall: bool, attended: bool
) -> None:
    monkeypatch.setenv("CRU_SETTINGS_FILE", os.devnull)
    begun: list[Settings] = []

    def run(settings: Settings) -> int:
        begun.append(settings)
        logging.getLogger("console").info("nothing that anybody would look for")
        logging.getLogger("console").warning("a sheet was not sent")
        raise Invalid("Wrong.", "Mend it.")

    monkeypatch.setattr(app, "run", run)
    start = Start(monkeypatch)
    monkeypatch.setattr(startup, "missing_libraries", list)
    with pytest.raises(Invalid):
        opened(given(tmp_path))  # type: ignore[operator] # either
    (settings,) = begun
    assert (settings.wall, settings.data_dir) == (wall, tmp_path / "data")
    kept = (tmp_path / "data" / "console.log").read_text("utf-8")
    assert kept.count("\n") == 1
    assert "WARNING console a sheet was not sent" in kept
    assert len(start.shown) == attended


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Invalid, match="cannot be written"):
        startup.keep_log(tmp_path / "data")
