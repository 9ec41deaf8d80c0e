"""Numbers that people write as words: ``thirty-seven``, ``half past two``."""

import re
from typing import Final

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS: Final = {word: number for number, word in enumerate(_ONES)} | {
    word: ten for ten, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_TENS_PATTERN: Final = "|".join(_TENS)
_ONES_PATTERN: Final = "|".join(sorted(_ONES, key=len, reverse=True))
_WORDED: Final = re.compile(
    rf"\b(?:({_TENS_PATTERN})[\s-]*({'|'.join(_ONES[1:10])})|({_TENS_PATTERN})|({_ONES_PATTERN}))\b", re.ASCII
)


def in_letters(number: int) -> str:
    """A small number as it is written in a sentence: ``seven``; from twenty on in digits."""
    return _ONES[number] if 0 <= number < len(_ONES) else str(number)


_PARTS: Final = {"\u00bc": ".25", "\u00bd": ".5", "\u00be": ".75"}


def in_digits(text: str) -> str:
    """A lower-case text with its numbers below a hundred in digits: ``thirty-seven`` is 37, ``1½`` is 1.5."""
    for sign, part in _PARTS.items():
        text = text.replace(sign, part)
    # A half alone is nought point five.
    text = re.sub(r"(?<![\d.])\.(?=(?:25|5|75)\b)", "0.", text)
    return _WORDED.sub(_number, text)


def _number(match: re.Match[str]) -> str:
    return str(sum(_NUMBERS[word] for word in match.groups() if word))
