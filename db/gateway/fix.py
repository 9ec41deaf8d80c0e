"""What a device says, in one form whatever words it used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Attributes = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fix:
    """One place at one time, as the device tells it; nothing is judged yet.

    Attributes:
        device_id: as the device names itself.
        fixed_at: aware, UTC.
        lat: WGS 84 degrees, finite, not checked to be on the globe.
        lon: as ``lat``.
        accuracy_m: metres; None is unknown.
        speed_kmh: km/h; None is unknown.
        heading: degrees from north, 0 to under 360; None is unknown.
        attributes: everything else that JSON can hold; no secrets.
        alarm: the panic button was pressed.
        valid: the device itself believes the place.
    """

    device_id: str
    fixed_at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    speed_kmh: float | None = None
    heading: float | None = None
    attributes: Attributes = field(default_factory=dict)
    alarm: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """One request's worth.

    Attributes:
        device_ids: names the device may be registered by, likeliest first; never empty.
        fixes: as sent; empty for a message that carries no place.
        panics: when the panic button was pressed, aware UTC, where nothing else of the fix made sense.
        unused: what came along and could not be used, a sentence each, without anything that was sent.
    """

    device_ids: tuple[str, ...]
    fixes: tuple[Fix, ...]
    panics: tuple[datetime, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def is_panic(self) -> bool:
        """Whether somebody asks for help."""
        return bool(self.panics) or any(fix.alarm for fix in self.fixes)

    def panic_alone(self) -> "Report":
        """The same cry for help without a place."""
        pressed = (fix.fixed_at for fix in self.fixes if fix.alarm)
        return Report(self.device_ids, (), (*self.panics, *pressed), self.unused)


@dataclass(frozen=True, slots=True)
class Payload:
    """What a parser may look at.

    Attributes:
        params: the query, or a posted form.
        body: as posted; empty if it was a form.
        user: the name that came with the password, or in ``X-Limit-U``; may be empty.
        cut: the body was longer than may be, and this is its beginning.
    """

    params: Mapping[str, str]
    body: bytes = b""
    user: str = ""
    cut: bool = False


class BadPayload(Exception):  # noqa: N818 - it names what came in, as the parsers' callers speak of it
    """What came in is not a fix.

    Attributes:
        sentence: what is wrong, without anything that was sent.
        status: the HTTP status to answer with.
    """

    STATUS = 400
    """The usual one."""

    def __init__(self, sentence: str, status: int = STATUS) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
