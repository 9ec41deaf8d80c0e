"""Settings: from the command line, then the environment (``CRU_...``), then the settings file."""

import math
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs

from db.errors import Invalid

_APP = "cru-console"


def default_data_dir() -> Path:
    """Where local files live when nobody says otherwise."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def settings_file() -> Path:
    """The settings file: ``CRU_SETTINGS_FILE``, or ``settings.toml`` in the user's configuration folder."""
    given = os.environ.get("CRU_SETTINGS_FILE")
    return Path(given) if given else platformdirs.user_config_path(_APP, appauthor=False) / "settings.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between workstations.

    Attributes:
        database_url: the hosted record; empty means the embedded one on this computer.
        data_dir: every local file.
        map_pack: a folder made by ``main.py map build``; None draws the schematic map.
        tile_server: a trust's own raster tiles, ``https://.../{z}/{x}/{y}.png``; empty asks nobody.
        travel_factor: multiplies every travel time, for a county whose roads are slower than the map says.
        travel_night_factor: multiplies as well from 22:00 to 06:00.
        travel_exempt: the vans drive under an exemption of blue lights, which bus gates do not bind.
        font_percent: 100 to 150.
        wall: a big screen: nothing is shown but the wall, to a viewer's login, and it tries again by itself.
        record_arrivals: a van that its fixes put on scene is recorded so at once; else somebody is asked.
    """

    database_url: str = field(default="", repr=False)
    data_dir: Path = field(default_factory=default_data_dir)
    map_pack: Path | None = None
    tile_server: str = ""
    tile_attribution: str = ""
    travel_factor: float = 1.0
    travel_night_factor: float = 1.0
    travel_exempt: bool = False
    theme: Literal["dark", "light", "contrast"] = "dark"
    font_percent: int = 100
    record_arrivals: bool = False
    wall: bool = False


# Read here and not by a library of settings: the first window waits for this, and that took a quarter of the wait.


def _text(given: object) -> str:
    if isinstance(given, str):
        return given
    raise ValueError(given)


def _folder(given: object) -> Path:
    return given if isinstance(given, Path) else Path(_text(given))


def _number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise TypeError(given)
    return float(given)


def _factor(given: object) -> float:
    factor = _number(given)
    if not 0 < factor <= _MOST_FACTOR:  # nor is a NaN
        raise ValueError(given)
    return factor


def _percent(given: object) -> int:
    percent = _number(given)
    if not math.isfinite(percent) or int(percent) != percent or not _FONT[0] <= percent <= _FONT[1]:
        raise ValueError(given)
    return int(percent)


def _switch(given: object) -> bool:
    if isinstance(given, bool):
        return given
    return _SWITCH[str(given).strip().lower()]


def _theme(given: object) -> str:
    if given not in _THEMES:
        raise ValueError(given)
    return str(given)


_MOST_FACTOR: Final = 5
_FONT: Final = (80, 200)
_THEMES: Final = ("dark", "light", "contrast")
_SWITCH: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_READ: Final[Mapping[str, Callable[[object], object]]] = {
    "database_url": _text,
    "data_dir": _folder,
    "map_pack": _folder,
    "tile_server": _text,
    "tile_attribution": _text,
    "travel_factor": _factor,
    "travel_night_factor": _factor,
    "travel_exempt": _switch,
    "theme": _theme,
    "font_percent": _percent,
    "record_arrivals": _switch,
}


def _of_file() -> dict[str, Any]:
    file = settings_file()
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


def _of_environment() -> dict[str, str]:
    # Whatever the case: Windows has it upper. One that is there and empty says nothing.
    named = {name.lower(): value for name, value in os.environ.items() if value}
    wanted = ((one.name, f"cru_{one.name}") for one in fields(Settings))
    return {name: named[variable] for name, variable in wanted if variable in named}


def _checked(given: Mapping[str, Any]) -> Settings:
    """Each value as its field has it.

    Raises:
        Invalid: names those that make no sense, or that there are not.
    """
    read: dict[str, Any] = {}
    odd: list[str] = []
    for name, value in given.items():
        try:
            read[name] = _READ[name](value)
        except (KeyError, TypeError, ValueError):
            odd.append(name)
    if odd:
        raise Invalid(
            f"These settings make no sense: {', '.join(odd)}.",
            f"Look in {settings_file()} and the CRU_ environment variables.",
        )
    return Settings(**read)


def load(**given: Any) -> Settings:  # noqa: ANN401 - values of Settings' own fields
    """Read the settings.

    Args:
        given: from the command line; None means not given.

    Raises:
        Invalid: the file cannot be read, or a value makes no sense.
    """
    if settings_file().is_dir():
        raise Invalid(f"The settings file {settings_file()} is a folder.", "Set CRU_SETTINGS_FILE to a file.")
    if os.environ.get("CRU_SETTINGS_FILE") and not settings_file().exists():
        # Not to be passed over: without its settings the console would open another record.
        missing = f"There is no settings file {settings_file()}."
        raise Invalid(missing, "Correct CRU_SETTINGS_FILE, or leave it out.")
    try:
        found = _of_file()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(
            f"The settings file {settings_file()} cannot be read.", "Mend it or move it away, then start again."
        ) from error
    said = {name: value for name, value in given.items() if value is not None}
    return _checked(found | _of_environment() | said)
