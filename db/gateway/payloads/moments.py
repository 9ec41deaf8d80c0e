"""Reading the time that a device sent, whatever shape it has."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from db.gateway.fix import BadPayload
from db.gateway.payloads.reading import DEEPEST, number

# In 2038: a larger count is one of milliseconds or less.
_LAST_SECOND = 2**31 - 1
_TIME_IN = re.compile(
    rb"[\"'\s{,;&](?:fix_?time|device_?time|event_?time|timestamp|tst|time|ts)[\"']?\s*[:=]\s*[\"']?([^\"'\\,;&}<]{1,40})",
    re.IGNORECASE,
)
_TIME_FIELDS = ("fixTime", "deviceTime", "eventTime", "timestamp", "tst", "time", "serverTime")
_STAMP = re.compile(r"(20\d{12})(?:\.\d+)?", re.ASCII)
# As apps call it beside a place in no form, likeliest first; of a day without a time nothing follows.
_TOLD = (
    *(
        "timestamp",
        "time",
        "ts",
        "tst",
        "utc",
        "fixtime",
        "fix_time",
        "gpstime",
        "gps_time",
        "datetime",
        "date_time",
    ),
    *("devicetime", "device_time", "msg_time", "event_time", "eventtime", "recorded_at", "captured_at"),
    *("at", "created_at", "date", "received_at", "published_at"),
)
_SAYS_NOTHING = re.compile(
    r"\s*(?:null|none|nil|undefined|nan|n/?a|unknown|-+|%\w+%?|[{$]+\w+[}$]*)\s*", re.IGNORECASE | re.ASCII
)
_ZONE = re.compile(r"\s*(?:UTC|GMT)$")
_HOURS_AHEAD = {"BST": "+01:00", "CET": "+01:00", "CEST": "+02:00", "WET": "+00:00", "WEST": "+01:00"}
_NAMED_ZONE = re.compile(rf"\s*({'|'.join(_HOURS_AHEAD)})$")
# Behind an offset its zone once more: 02:00:00 +0000 UTC, 02:00:00Z[Europe/London].
_ZONE_AGAIN = re.compile(r"\s*\[[\w/+-]+\]$|(?<=[+-]\d{4})\s+[A-Z]{3,4}$")
_IN_BRACKETS = re.compile(r"\\?/?Date\((-?\d+)(?:[+-]\d{4})?\)\\?/?", re.ASCII)
_DAY_FIRST = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?=\D|$)", re.ASCII)
_YEAR_FIRST = re.compile(r"^(\d{4})([/.:-])(\d{1,2})\2(\d{1,2})(?=\D|$)", re.ASCII)
_CLOCK = re.compile(r"^[ T_-]*(\d{1,2})([:-])(\d{1,2})(?:\2(\d{1,2}(?:[.,]\d+)?))?(?:\s*([AP])\.?M\.?)?", re.ASCII)
_TWELVE = re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"), "-")
_FRESH = timedelta(days=31)
_DAY = 10
_LOST_PLUS = re.compile(r"(\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?) (\d\d:?\d\d)$", re.ASCII)
_LIKE_A_TIME = re.compile(r"\d{9,}(?:\.\d+)?|.*\d[:.]\d\d.*", re.ASCII)


def when(value: object, now: datetime) -> datetime:
    """A time: epoch seconds to nanoseconds, ISO 8601, or ``yyyy-MM-dd HH:mm:ss`` in UTC. Missing means now.

    So does what an app writes where it knows none: ``null``, or the name of a field that it did not fill in.

    A leap second, or a receiver that counts to 60, is the second after 59.

    Raises:
        BadPayload: it is there and is no time.
    """
    if value is None or value == "" or (isinstance(value, str) and _SAYS_NOTHING.fullmatch(value)):
        return now
    if isinstance(value, str):
        value = _undressed(value, now)
    seconds = number(value)
    try:
        if seconds is not None:
            return datetime.fromtimestamp(_in_seconds(seconds), UTC)
        if not isinstance(value, str):
            raise BadPayload("The time is not a time.")
        return _aware(_from_text(_with_plus(value.strip())))
    except (ValueError, OverflowError, OSError) as error:
        raise BadPayload("The time is not a time.") from error


def _undressed(text: str, now: datetime) -> str:
    """A time without the quotes, the brackets and the escapes that it came in, and no count where it is none."""
    plain = (unquote(text) if "%3" in text else text).strip(" \t\r\n\"'")
    if bracketed := _IN_BRACKETS.fullmatch(plain):
        return bracketed[1]
    if stamp := _STAMP.fullmatch(plain):
        # 20261126020000 is no count of anything.
        return f"{stamp[1][:8]}T{stamp[1][8:]}"
    if twelve := _TWELVE.fullmatch(plain):
        return _of_twelve(twelve.groups(), now) or plain
    return plain


def _of_twelve(parts: Sequence[str], now: datetime) -> str:
    """Day and time in two figures each, the year first or last: what lies near now; as a count it is years ago."""
    first, month, last, *clock = parts
    for year, day in ((first, last), (last, first)):
        with contextlib.suppress(ValueError):
            text = f"20{year}-{month}-{day}T{':'.join(clock)}+00:00"
            if abs(datetime.fromisoformat(text) - now) < _FRESH:
                return text
    return ""


def when_or_now(value: object, now: datetime) -> datetime:
    """The same for a panic: one whose time makes no sense was pressed now."""
    try:
        return when(value, now)
    except BadPayload:
        return now


def told(said: Mapping[str, str]) -> str:
    """The time among the fields that belong to a place; empty for none."""
    return next((said[name] for name in _TOLD if _LIKE_A_TIME.fullmatch(said.get(name, ""))), "")


def _in_seconds(count: float) -> float:
    # Milli-, micro- and nanoseconds differ by a thousand each, and a clock that is set lies between.
    for thousand in (1, 1e3, 1e6, 1e9):
        if abs(count) < _LAST_SECOND * thousand:
            return count / thousand
    raise BadPayload("The time is not a time.")


def _from_text(text: str) -> datetime:
    if text[:1].isdigit():
        text = _ZONE_AGAIN.sub("", text.translate(_DASHES).upper())
        text = _NAMED_ZONE.sub(lambda zone: _HOURS_AHEAD[zone[1]], _ZONE.sub("+00:00", text))
    # Python reads up to six digits of a fraction, and no second 60.
    text = re.sub(r"([.,]\d{6})\d+", r"\1", text)
    sixty = re.sub(r"(\d\d:\d\d):60(?!\d)", r"\1:59", text)
    return _moment(sixty) + timedelta(seconds=sixty != text)


def _moment(text: str) -> datetime:
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(text)
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(_in_order(text))
    # As mail and web servers write it: Thu, 26 Nov 2026 02:00:00 GMT.
    return parsedate_to_datetime(text)


def _in_order(text: str) -> str:
    """A day and a time as some modems and phones write them, as ISO 8601.

    Raises:
        ValueError: it may have been cut off.
    """
    # The year first, or the day as it is written here.
    day = _DAY_FIRST.sub(lambda m: f"{m[4] if len(m[4]) == 4 else '20' + m[4]}-{m[3]:0>2}-{m[1]:0>2}", text)
    day = _YEAR_FIRST.sub(lambda m: f"{m[1]}-{m[3]:0>2}-{m[4]:0>2}", day)
    clock = _CLOCK.match(day[_DAY:])
    if clock is None:
        # A day without a time may be a time that was cut off.
        raise ValueError(text)
    return day[:_DAY] + _in_full(clock) + day[_DAY + clock.end() :].lstrip()


def _in_full(clock: re.Match[str]) -> str:
    """Hours, minutes and seconds with two figures each, of the whole day.

    Raises:
        ValueError: it may have been cut off in the middle of a figure.
    """
    if not clock[5] and clock.end() == len(clock.string) and not clock[0][-2:].isdigit():
        raise ValueError(clock[0])
    hour = int(clock[1])
    if clock[5]:
        hour = hour % 12 + (12 if clock[5] == "P" else 0)
    second = clock[4] or "00"
    return f"T{hour:02}:{clock[3]:0>2}:{second if second[1:2].isdigit() else f'0{second}'}"


def _with_plus(text: str) -> str:
    # A plus sign that was not escaped in a query arrives as a blank.
    return _LOST_PLUS.sub(r"\1+\2", text) if text[:1].isdigit() else text


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def said_time(sent: object, now: datetime, own: object = None) -> datetime:
    """A message's own time, else the first one that anything in it says, however deep; now where it says none."""
    return when_or_now(own or _time_in(sent, DEEPEST), now)


def _time_in(sent: object, depth: int) -> object:
    if isinstance(sent, list):
        sent = {str(number): one for number, one in enumerate(sent)}
    if not isinstance(sent, dict) or not depth:
        return None
    own = next((sent[name] for name in _TIME_FIELDS if sent.get(name)), None)
    return own or next((found for one in sent.values() if (found := _time_in(one, depth - 1))), None)


def time_in(body: bytes, now: datetime) -> datetime:
    """The time that a body says of which nothing else can be read; now where it says none."""
    return when_or_now(said_in(body), now)


def said_in(body: bytes) -> str:
    """The first time in a body of which nothing else can be read, as it stands there; empty for none."""
    found = _TIME_IN.search(body)
    return found.group(1).decode("utf-8", "replace").strip() if found else ""
