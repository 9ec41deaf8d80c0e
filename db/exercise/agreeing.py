"""Words about an invented person that go together: nobody who is called he has her sister speaking for her."""

import re
from collections.abc import Iterable
from random import Random
from typing import Final

SETS: Final = ("she/her", "he/him", "they/them")
_OF_WORD: Final = {
    **dict.fromkeys(("she", "her", "hers", "herself"), "she/her"),
    **dict.fromkeys(("he", "him", "his", "himself"), "he/him"),
}


def pronouns_in(words: str) -> str:
    """Those of whom a text is about, by the first of them; empty where it has none."""
    found = (_OF_WORD.get(word) for word in re.findall(r"[a-z]+", words.lower()))
    return next(filter(None, found), "")


def agreeing(rng: Random, texts: Iterable[str], pronouns: str) -> str:
    """One of the texts that do not call the person otherwise."""
    return rng.choice([text for text in texts if pronouns_in(text) in {"", pronouns}])
