"""How much the gateway puts up with. Pure: time comes in as an argument."""

from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What one device or address may send.

    Attributes:
        device_rate: requests a second that a device may keep up.
        device_burst: requests at once, for a device that empties its own buffer after an hour without cover.
        address_rate: bad requests a second from one address.
        address_burst: bad requests at once from one address.
        body: bytes of a request's body.
        device_body: the same where a device's token stands in front of it: an app that was without cover for an
            afternoon sends a thousand places at once, and the same ones again for ever where it hears "no".
    """

    device_rate: float = 20.0
    device_burst: float = 1200.0
    address_rate: float = 1.0
    address_burst: float = 60.0
    body: int = 65_536
    device_body: int = 1_048_576


@dataclass(slots=True)
class Buckets:
    """Token buckets by name; the ones least lately used are forgotten.

    Args:
        rate: tokens a second.
        burst: tokens of a full bucket.
        most: how many names to remember.
    """

    rate: float
    burst: float
    most: int = 10_000
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str, now: float) -> float:
        """Take one token.

        Args:
            name: whose bucket.
            now: seconds on a clock that never goes back.

        Returns:
            0 if there was one, else the seconds until there is.
        """
        tokens, since = self._held.pop(name, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        wait = max(0.0, (1 - tokens) / self.rate)
        # Put in at the end: the names are in the order in which they were last used.
        self._held[name] = (tokens if wait else tokens - 1, now)
        if len(self._held) > self.most:
            self._held.popitem(last=False)
        return wait


@dataclass(slots=True)
class OncePerMinute:
    """Says the same thing once a minute, however often it happens, and how often it was left out.

    Attributes:
        most: how many different things to remember; the ones said longest ago are forgotten.
    """

    most: int = 1000
    _said: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def take(self, thing: str, now: float) -> int | None:
        """Whether to say it.

        Args:
            thing: what happened.
            now: seconds on a clock that never goes back.

        Returns:
            None if it was said within the minute; else how often it was left out since.
        """
        at, left_out = self._said.get(thing, (now - 60, 0))
        if now - at < 60:
            self._said[thing] = (at, left_out + 1)
            return None
        self._said[thing] = (now, 0)
        self._said.move_to_end(thing)
        if len(self._said) > self.most:
            self._said.popitem(last=False)
        return left_out
