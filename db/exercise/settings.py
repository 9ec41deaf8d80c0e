"""What a practice shift is asked to be, and how to reach it once it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

from sqlalchemy import URL

from db.domain.clocks import LONDON, days_in_words
from db.errors import Invalid
from db.exercise.record import Login
from db.exercise.trackers import DeviceKey
from db.server import ServerAddress

DATABASE = "cru_exercise"
SUFFIX = "_exercise"
# Postgres cuts names at 63 bytes, and a login has the database's name, a dot and its own behind it.
_LONGEST_NAME = 40
MOST_DAYS = 98
"""How far a practice record goes back, in days: fourteen weeks, of which a chart judges by thirteen."""
Told = Callable[[str], None]
"""Is told in plain words what is being done, or what the person should know."""


def nobody(_words: str) -> None:
    """Nobody is there to be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPlan:
    """The choices that make a shift. The same plan makes the same shift.

    Attributes:
        start: when the shift begins on the exercise clock, aware.
        cache_dir: where the quick copy of the postcode directory is kept.
        seed: the shift's number.
        speed: seconds of the exercise clock in one second of the room, 1 to 60.
        intensity: multiplies the usual number of referrals.
        map_pack: a map pack's folder, so that vans follow roads; None for lines across country.
        history_days: how many days before the shift are in the record too.
    """

    start: datetime
    cache_dir: Path
    seed: int = 1
    speed: float = 1.0
    intensity: float = 1.0
    map_pack: Path | None = None
    history_days: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.history_days <= MOST_DAYS:
            raise Invalid(
                f"A practice record goes back {days_in_words(MOST_DAYS)} at most.", "Choose a shorter --history."
            )
        if not 1 <= self.speed <= 60:
            raise Invalid("A practice shift runs at 1 to 60 times the usual speed.", "Choose another --speed.")


def start_at(day: date, at: time) -> datetime:
    """A local day and time of day as an aware time in UTC."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class PracticeHost:
    """The server a practice shift runs on.

    Attributes:
        owner_url: the owner's connection to any other database there; nothing in that one is touched.
        database: the practice database's own name.
    """

    owner_url: URL
    database: str

    @classmethod
    def embedded(cls, address: ServerAddress) -> "PracticeHost":
        """On the embedded server."""
        return cls(address.superuser_url("postgres"), DATABASE)

    @classmethod
    def beside(cls, owner_url: URL) -> "PracticeHost":
        """Beside a hosted record, on the same server.

        Raises:
            Invalid: the URL names no database, or one with too long a name.
        """
        name = owner_url.database or ""
        if not name or len(name) > _LONGEST_NAME:
            raise Invalid(
                "The practice database cannot be named after this one.",
                f"Give a database name of at most {_LONGEST_NAME} letters.",
            )
        return cls(owner_url, name + SUFFIX)

    @property
    def practice_url(self) -> URL:
        """The owner's connection to the practice database."""
        return self.owner_url.set(database=self.database)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A practice shift that is ready. Passwords are inside the URLs and nowhere else.

    Attributes:
        database: its name.
        owner: the owner's connection to it, to set its clock.
        lead: signs the person in, with a shift lead's rights.
        logins: those the autopilots act by; empty when somebody else's shift was joined.
        gateway: the gateway's login; None when joined.
        devices: the tracker in each van.
        plan: what was asked for.
        joined: whether the shift is played by somebody else.
    """

    database: str
    owner: URL
    lead: URL
    plan: ShiftPlan
    logins: Mapping[Login, URL] = field(default_factory=dict)
    gateway: URL | None = None
    devices: Mapping[UUID, DeviceKey] = field(default_factory=dict)
    joined: bool = False
