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
    ("text", "words"),
    [
        ("theme = ", "cannot be read"),
        ('theme = "pink"', "theme"),
        ("colour = 1", "colour"),
        ("font_percent = 79", "font_percent"),
        ("font_percent = 112.5", "font_percent"),
        ("font_percent = true", "font_percent"),
        ("travel_factor = 0", "travel_factor"),
        ("travel_factor = nan", "travel_factor"),
        ("travel_night_factor = 5.1", "travel_night_factor"),
        ('travel_exempt = "perhaps"', "travel_exempt"),
        ("data_dir = 7", "data_dir"),
        ("tile_server = ['a']", "tile_server"),
    ],
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
    ("name", "typed", "read"),
    [
        ("TRAVEL_EXEMPT", "Yes", True),
        ("RECORD_ARRIVALS", "0", False),
        ("TRAVEL_FACTOR", "1.25", 1.25),
        ("FONT_PERCENT", "150", 150),
        ("MAP_PACK", "/packs/county", Path("/packs/county")),
        ("MAP_PACK", "", None),
        ("TILE_SERVER", "https://tiles/{z}/{x}/{y}.png", "https://tiles/{z}/{x}/{y}.png"),
    ],
)
def test_a_variable_is_read_as_what_it_is(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: str, read: object
) -> None:
    file.touch()
    monkeypatch.setenv(f"CRU_{name}", typed)
    assert getattr(settings.load(), name.lower()) == read


def test_a_variable_of_something_else_is_nobodys_setting(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.touch()
    monkeypatch.setenv("CRU_EXERCISE_MAP_PACK", "/elsewhere")
    assert settings.load().map_pack is None


@pytest.mark.parametrize(
    ("name", "typed"),
    [("FONT_PERCENT", "large"), ("TRAVEL_FACTOR", "inf"), ("RECORD_ARRIVALS", "maybe"), ("THEME", "Dark")],
)
def test_a_variable_that_makes_no_sense_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: str
) -> None:
    file.touch()
    monkeypatch.setenv(f"CRU_{name}", typed)
    with pytest.raises(Invalid, match=f"make no sense: {name.lower()}"):
        settings.load()
