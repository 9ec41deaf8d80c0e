"""Before Qt starts: what is missing is said once, whole, in words that lead to it."""

import argparse
import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.install import bring_libraries, require_python
from console.preflight import allow_root, missing_libraries, require_libraries
from console.startup import missing_library
from console.system_libraries import EVERYTHING, SOUND, WAYLAND, X11
from db.errors import Invalid

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no other system parts them from Qt")
Absent = Callable[..., None]
Tool = Callable[[str, str], None]


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Absent:
    """This computer lacks libraries, for as long as a file is not there."""

    def take_away(*libraries: str, until: Path | None = None) -> None:
        def load(name: str) -> None:
            if name in libraries and not (until is not None and until.exists()):
                raise OSError(name)

        monkeypatch.setattr(ctypes, "CDLL", load)

    return take_away


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Tool:
    """Puts a program on an otherwise empty path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(programs))

    def put(name: str, script: str) -> None:
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)

    return put


@pytest.fixture
def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.parametrize(
    ("platform", "display", "wayland", "counts"),
    [
        ("offscreen", ":0", "wayland-0", set()),
        ("xcb", "", "", {"libxcb-icccm.so.4"}),
        ("", ":0", "wayland-0", {"libxcb-icccm.so.4"}),
        ("", "", "wayland-0", {"libwayland-cursor.so.0"}),
        ("wayland;xcb", ":0", "", {"libwayland-cursor.so.0"}),
        ("", "", "", set()),
    ],
)
def test_only_the_screen_in_use_is_asked_for(
    platform: str, display: str, wayland: str, counts: set[str], monkeypatch: pytest.MonkeyPatch, absent: Absent
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    absent("libxcb-icccm.so.4", "libwayland-cursor.so.0")
    assert set(missing_libraries()) == counts


def test_a_screen_or_sound_that_is_not_in_use_does_not_stop_the_start(absent: Absent) -> None:
    absent(*X11, *WAYLAND, *SOUND)
    require_libraries()


def test_all_that_is_missing_is_named_in_one_round_and_each_package_once(
    absent: Absent, tool: Tool, ordinary: None
) -> None:
    tool("apt-get", "")
    absent(*EVERYTHING)
    with pytest.raises(Invalid) as refused:
        require_libraries()
    said = str(refused.value)
    for packages in set(EVERYTHING.values()):
        assert len(re.findall(rf"(?<=[', ]){re.escape(packages)}(?=[,'])", said)) == 1, packages
    assert "sudo apt-get update" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("manager", "named"),
    [
        ("apt-get", "apt-get satisfy -y -q --no-install-recommends 'libnss3, libpulse0'"),
        ("dnf", "dnf install -y 'libsmime3.so()(64bit)' 'libpulse.so.0()(64bit)'"),
        ("zypper", "zypper install -y 'libsmime3.so()(64bit)' 'libpulse.so.0()(64bit)'"),
        ("", "libsmime3.so, libpulse.so.0. Install the packages that hold them."),
    ],
)
def test_each_package_manager_is_spoken_to_in_its_own_words(
    manager: str, named: str, absent: Absent, tool: Tool, ordinary: None
) -> None:
    if manager:
        tool(manager, "")
    absent("libsmime3.so", "libpulse.so.0")
    with pytest.raises(Invalid, match=re.escape(named)):
        require_libraries()


def test_an_administrator_is_not_told_to_become_one(
    absent: Absent, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tool("dnf", "")
    absent("libz.so.1")
    with pytest.raises(Invalid) as refused:
        require_libraries()
    assert "sudo" not in str(refused.value)


def test_a_library_that_no_table_knows_is_named() -> None:
    said = str(
        missing_library(ImportError("libnew.so.3: cannot open shared object file: No such file or directory"))
    )
    assert "libnew.so.3" in said
    assert "cannot open" not in said


def test_the_password_is_asked_for_once_and_an_old_list_of_packages_will_do(
    absent: Absent, tool: Tool, ordinary: None, tmp_path: Path
) -> None:
    tool("sudo", f'echo asked >> {tmp_path}/asked; exec "$@"')
    tool("apt-get", f'[ "$1" = update ] && exit 100; echo "$5" > {tmp_path}/brought')
    absent("libGL.so.1", "libasound.so.2", until=tmp_path / "brought")
    bring_libraries()
    assert (tmp_path / "asked").read_text() == "asked\n"
    assert (tmp_path / "brought").read_text() == "libgl1, libasound2t64 | libasound2\n"


def test_where_nothing_is_missing_no_password_is_asked_for(
    absent: Absent, tool: Tool, ordinary: None, tmp_path: Path
) -> None:
    tool("sudo", f"echo asked >> {tmp_path}/asked")
    tool("apt-get", "")
    absent()
    bring_libraries()
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize("with_sudo", [True, False])
def test_what_could_not_be_installed_ends_with_the_way_to_do_it(
    with_sudo: bool, absent: Absent, tool: Tool, ordinary: None
) -> None:
    tool("apt-get", "exit 1")
    if with_sudo:
        tool("sudo", "exit 1")
    absent("libEGL.so.1")
    with pytest.raises(Invalid, match=r"sudo apt-get satisfy .* libegl1"):
        bring_libraries()


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14), (4, 0)])
def test_a_python_that_does_not_fit_is_refused_in_a_sentence(version: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match=rf"This is Python {version[0]}\.{version[1]};.*3\.11 to 3\.13"):
        require_python(version)


def test_the_pythons_are_those_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11,<3.14"' in project
    require_python((3, 11))
    require_python((3, 13))


def started(*words: str) -> subprocess.CompletedProcess[str]:
    """The program on a Python that has nothing but its own library."""
    command = [sys.executable, "-S", "main.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_install_is_there_before_anything_is_installed() -> None:
    said = started("install", "--help")
    assert said.returncode == 0, said.stderr
    assert "--dev" in said.stdout


@pytest.mark.parametrize("words", [(), ("exercise", "--speed", "2"), ("admin", "check")])
def test_a_start_before_that_says_how_to_install(words: tuple[str, ...]) -> None:
    said = started(*words)
    assert said.returncode == 2
    assert "main.py install" in said.stderr
    assert said.stderr.count("\n") == 1


def test_install_is_listed_with_the_other_commands() -> None:
    from main import parser

    assert isinstance(parser().parse_args(["install", "--dev"]), argparse.Namespace)


def test_the_readme_gives_two_commands_and_each_installs_first() -> None:
    blocks = re.findall(r"```\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert [block.partition(" && ")[0] for block in blocks[:2]] == [
        "python3 main.py install",
        "python3 main.py install --dev",
    ]


@pytest.mark.parametrize(("user", "without"), [(0, "1"), (1000, None)])
def test_only_root_goes_without_the_sandbox(
    user: int, without: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(os, "environ", {})
    allow_root()
    assert os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == without
