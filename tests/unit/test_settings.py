"""Settings: their order, and what is said of a file that cannot be read."""

from pathlib import Path

import pytest

from console.start import settings
from db.errors import Invalid


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("CRU_SETTINGS_FILE", str(path))
    for name in ("THEME", "DATA_DIR", "MAP_PACK", "DATABASE_URL", "FONT_PERCENT", "TRAVEL_FACTOR"):
        monkeypatch.delenv(f"CRU_{name}", raising=False)
    return path


def test_command_line_then_environment_then_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('theme = "light"\nfont_percent = 125\ntravel_factor = 1.1\n', "utf-8")
    monkeypatch.setenv("CRU_FONT_PERCENT", "150")
    read = settings.load(data_dir=Path("/given"), map_pack=None)
    assert (read.theme, read.font_percent, read.travel_factor) == ("light", 150, 1.1)
    assert read.data_dir == Path("/given")
    assert read.map_pack is None


def test_no_file_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRU_SETTINGS_FILE", raising=False)
    monkeypatch.setattr(settings.platformdirs, "user_config_path", lambda *_names, **_more: tmp_path)
    assert settings.load().theme == "dark"


def test_a_named_file_that_is_not_there_is_said(file: Path) -> None:
    with pytest.raises(Invalid, match="There is no settings file"):
        settings.load()


@pytest.mark.parametrize(
    ("text", "words"), [("theme = ", "cannot be read"), ('theme = "pink"', "theme"), ("colour = 1", "colour")]
)
def test_what_cannot_be_read_is_said(file: Path, text: str, words: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(Invalid, match=words) as refused:
        settings.load()
    assert refused.value.next_step


def test_a_file_of_bytes_is_said(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="cannot be read"):
        settings.load()


def test_a_password_never_shows(file: Path) -> None:
    file.touch()
    read = settings.load(database_url="postgresql://a.shah:secret@db/cru")
    assert "secret" not in repr(read)


@pytest.mark.parametrize(
    ("name", "least", "most", "refused"),
    [
        ("travel_factor", 0.01, 5, (0, -1, 5.1)),
        ("travel_night_factor", 0.01, 5, (0, -1, 5.1)),
        ("font_percent", 80, 200, (79, 201)),
    ],
)
def test_a_number_lies_between_what_makes_sense(
    file: Path, name: str, least: float, most: float, refused: tuple[float, ...]
) -> None:
    file.touch()
    for value in (least, most):
        assert getattr(settings.load(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(Invalid, match=name):
            settings.load(**{name: value})


def test_what_nobody_says_is_the_plain_console(file: Path) -> None:
    file.touch()
    read = settings.load()
    assert (read.theme, read.font_percent, read.travel_factor, read.travel_night_factor) == ("dark", 100, 1, 1)
    assert (read.travel_exempt, read.record_arrivals, read.wall) == (False, False, False)
    assert (read.database_url, read.map_pack, read.tile_server) == ("", None, "")


def test_a_settings_file_that_is_a_folder_is_said(file: Path) -> None:
    file.mkdir()
    with pytest.raises(Invalid, match="is a folder"):
        settings.load()
