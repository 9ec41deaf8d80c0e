"""Degrees as devices and people dress them: a side of the world, minutes and seconds, a receiver's own figures."""

import re

_DASHES = dict.fromkeys(map(ord, "\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"), "-")
_SIDES = re.compile(r"\b(north|south|east|west)\b", re.IGNORECASE)
_FIGURE = r"\d+(?:[.,]\d+)?"
_DEGREES = re.compile(
    rf"(?P<before>[NSEW])?\s*(?P<minus>-)?\s*(?P<whole>{_FIGURE})\s*(?:°|DEG(?:REES?)?|D|F)?\s*,?\s*(?P<behind>[NSEW])?"
)
_MINUTES = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<minus>-)?\s*(?P<whole>\d{1,3})\s*(?:°|DEG(?:REES?)?|D|:|\s)\s*"
    rf"(?P<minutes>{_FIGURE})(?:\s*(?:['M:]|MIN(?:UTES?)?|\s)\s*(?P<seconds>{_FIGURE}))?"
    r"\s*(?:'{1,2}|\"|MIN(?:UTES?)?|M)?\s*,?\s*(?P<behind>[NSEW])?"
)
_MARKS = {0x2019: "'", 0x2032: "'", 0x201D: '"', 0x2033: '"'}
# Behind minutes that have their letter an S is that of seconds, and no south.
_SECONDS = re.compile(r"(?<=\d)\s*S(?:EC(?:ONDS?)?)?(?=\s*[NSEW]|$)")
# As a receiver writes it: degrees and minutes in one figure, the side of the world beside it.
_RECEIVER = re.compile(r"(\d{1,3})(\d\d\.\d+)")


def dressed(text: str) -> float | None:
    """The degrees in a text: ``0.9027° W``, ``52°14'26"N``, ``5214.430,N``; None where it has none."""
    plain = _SIDES.sub(lambda side: side[1][0], text.translate(_DASHES | _MARKS)).strip(" \t\r\n\"';,").upper()
    if re.search(r"\d\s*M", plain):
        plain = _SECONDS.sub("", plain)
    if found := _DEGREES.fullmatch(plain):
        return _signed(found, *_whole_and_minutes(found))
    if (found := _MINUTES.fullmatch(plain)) is None:
        return None
    minutes, seconds = _figure(found["minutes"]), _figure(found["seconds"])
    return _signed(found, _figure(found["whole"]), minutes + seconds / 60) if max(minutes, seconds) < 60 else None


def _whole_and_minutes(found: re.Match[str]) -> tuple[float, float]:
    packed = _RECEIVER.fullmatch(found["whole"])
    if packed and (found["before"] or found["behind"]):
        return float(packed[1]), float(packed[2])
    return _figure(found["whole"]), 0.0


def _signed(found: re.Match[str], whole: float, minutes: float) -> float:
    size = whole + minutes / 60
    return -size if found["minus"] or (found["before"] or found["behind"]) in {"S", "W"} else size


def _figure(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0
