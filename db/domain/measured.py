"""Observations in a narrative that lie outside the limits of a version: "BP 92/60", "pulse is 46"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from db.domain.cues import words
from db.domain.observations import OBSERVATIONS, Observation, is_outside
from db.domain.phrases import Match
from db.domain.reference import ScreeningTool
from db.domain.said import Token

ABOUT: Final = "observations"
_NAMES: Final = {
    "respirations": "rr|resp|resps|resp rate|respiratory rate|respirations|respiration rate|breaths|breathing"
    "|breathing rate|breath rate",
    "spo2": "sats|sat|spo 2|spo|sp 02|o2 sats|saturations|saturation|oxygen sats|oxygen saturations",
    "pulse": "pulse|hr|heart rate|heartrate|pulse rate",
    "pressure": "bp|blood pressure|systolic",
    "temperature": "temp|temperature|temps",
    "glucose": "bm|bms|bgl|cbg|glucose|sugar|sugars|blood sugar|blood sugars|blood glucose|capillary glucose",
}
_LETTERS: Final = {"t": "temperature", "p": "pulse", "r": "respirations"}
"""Such as "P" are names beside another observation only: a P45 is no pulse."""
_KINDS: Final = {one.key: one for one in OBSERVATIONS}
_CALLED: Final = {
    tuple(name.split()): _KINDS[key]
    for key, names in _NAMES.items()
    for name in sorted(names.split("|"), key=len, reverse=True)
}
_BEGINS: Final = frozenset(name[0] for name in _CALLED)
_LONGEST: Final = max(map(len, _CALLED))
_BEFORE_VALUE: Final = words(
    "is was are of at now currently around about approx up down to = : - – ~ reading recorded still only"
    " has gone went climbed dropped rose risen fallen falling dropping under over above below showing measured"
    " came back as just consistently systolic"
)
_MOST_BEFORE: Final = 4
_LETTER: Final = re.compile(r"([tpr])(\d{2,3})")
_VALUE: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?|\d{2,3}/\d{2,3}")
_ENDS: Final = frozenset(".!?;\n")
_NONE: Final = Token("", 0, 0)
_ANY_LOWER: Final = 40
"""A lower pressure that is within the limits of every version, where none was typed."""


def outside(said: Sequence[Token], tool: ScreeningTool) -> list[Match]:
    """What is measured outside the limits of the version, in the order of the text. Never raises."""
    found = list(_named(said))
    if not found:
        return []
    lettered = [one for one in _lettered(said) if any(_is_beside(said, one[1][0], at[0]) for _, at, _ in found)]
    return [
        Match(ABOUT, places)
        for observation, places, value in sorted((*found, *lettered), key=lambda one: one[1])
        if is_outside(observation, value, tool)
    ]


def _named(said: Sequence[Token]) -> Iterator[tuple[Observation, tuple[int, ...], str]]:
    for at, token in enumerate(said):
        if token.text not in _BEGINS:
            continue
        for length in range(_LONGEST, 0, -1):
            observation = _CALLED.get(tuple(one.text for one in said[at : at + length]))
            place = None if observation is None else _value(said, at + length)
            if observation is not None and place is not None:
                yield observation, (*range(at, at + length), place), _typed(observation, said, place)
                break


def _typed(observation: Observation, said: Sequence[Token], place: int) -> str:
    """The value as the form takes it: of a pressure that has one number, that is the upper one."""
    value = said[place].text
    if observation.key != "pressure" or "/" in value:
        return value
    over, lower = (one.text for one in (*said[place + 1 : place + 3], _NONE, _NONE)[:2])
    return f"{value}/{lower if over == 'over' else _ANY_LOWER}"


def _value(said: Sequence[Token], at: int) -> int | None:
    """Where the value stands of what is named right before it."""
    for place in range(at, min(at + _MOST_BEFORE + 1, len(said))):
        if _VALUE.fullmatch(said[place].text):
            return place
        if said[place].text not in _BEFORE_VALUE:
            return None
    return None


def _lettered(said: Sequence[Token]) -> Iterator[tuple[Observation, tuple[int, ...], str]]:
    for at, token in enumerate(said):
        if token.text[0] not in _LETTERS:
            continue
        if together := _LETTER.fullmatch(token.text):
            tail = "".join(one.text for one in said[at + 1 : at + 3])
            is_split = re.fullmatch(r"\.\d", tail) is not None and said[at + 1].start == token.end
            yield _KINDS[_LETTERS[together[1]]], (at,), together[2] + (tail if is_split else "")
        elif token.text in _LETTERS and (place := _value(said, at + 1)) is not None:
            yield _KINDS[_LETTERS[token.text]], (at, place), said[place].text


def _is_beside(said: Sequence[Token], one: int, other: int) -> bool:
    """Whether both stand in one sentence."""
    first, last = sorted((one, other))
    return all(
        token.text not in _ENDS or said[at + 1].start == token.end
        for at, token in enumerate(said[first:last], first)
    )
