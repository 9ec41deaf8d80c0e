"""Settings: from the command line, then the environment (``CRU_...``), then the settings file."""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from db.errors import Invalid

_APP = "cru-console"


def default_data_dir() -> Path:
    """Where local files live when nobody says otherwise."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def settings_file() -> Path:
    """The settings file: ``CRU_SETTINGS_FILE``, or ``settings.toml`` in the user's configuration folder."""
    given = os.environ.get("CRU_SETTINGS_FILE")
    return Path(given) if given else platformdirs.user_config_path(_APP, appauthor=False) / "settings.toml"


class Settings(BaseSettings):
    """Everything that differs between workstations. Frozen once read.

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
        lock_after_minutes: without a touch, after which a console locks itself; 0 for never.
        remember_sign_in: whoever signs in may let this computer's own store of keys remember it; not for desks
            that several people share, since whoever opens the program there could sign in as them.
        record_arrivals: a van that its fixes put on scene is recorded so at once; else somebody is asked.
    """

    model_config = SettingsConfigDict(env_prefix="CRU_", frozen=True, extra="forbid")

    database_url: str = Field(default="", repr=False)
    data_dir: Path = Field(default_factory=default_data_dir)
    map_pack: Path | None = None
    tile_server: str = ""
    tile_attribution: str = ""
    travel_factor: float = Field(default=1.0, gt=0, le=5)
    travel_night_factor: float = Field(default=1.0, gt=0, le=5)
    travel_exempt: bool = False
    theme: Literal["dark", "light", "contrast"] = "dark"
    font_percent: int = Field(default=100, ge=80, le=200)
    record_arrivals: bool = False
    remember_sign_in: bool = False
    lock_after_minutes: int = Field(default=15, ge=0, le=720)
    wall: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of the module's first line."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


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
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(
            f"The settings file {settings_file()} cannot be read.", "Mend it or move it away, then start again."
        ) from error
    except ValidationError as error:
        names = ", ".join(str(part["loc"][0]) for part in error.errors() if part["loc"])
        raise Invalid(
            f"These settings make no sense: {names}.",
            f"Look in {settings_file()} and the CRU_ environment variables.",
        ) from error
