"""Which passwords anybody would try first. The words are a list (``resources/reference/common_passwords.txt``).

A password is common if little of it is left once the words of that list, the login, rows of the keyboard and of
the alphabet, and repeated signs are taken out of it: "Welcome-2026!" is, "three words here" is not.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice

import resources

LIST = "reference/common_passwords.txt"
TRIED = 400
LEFT_OVER = 5
"""Signs that must be left of a password once all that anybody would try is taken out."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv")
_SWAPPED = str.maketrans("013457@$!", "oleastasi")
_AFTER = ("", "1", "12", "123", "1234", "!", "1!", "123!", "2024", "2025", "2026", "2027")


@cache
def words() -> tuple[str, ...]:
    """The words of the list, the most likely first, in small letters and digits."""
    lines = resources.path(LIST).read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_common(password: str, login: str = "") -> bool:
    """Whether whoever guesses would come upon a password early: by the list, the login, or the keyboard."""
    # Figures for letters or not: the less that is left counts.
    return min(_left(_plain(one), login) for one in (password, password.translate(_SWAPPED))) < LEFT_OVER


def likely(login: str, name: str = "") -> Iterator[str]:
    """Whole passwords that whoever guesses at a login tries, the likely first; none twice, ``TRIED`` at most."""
    own = [part for part in re.split(r"[^a-z0-9]+", f"{login} {name}".casefold()) if len(part) > 1]
    about = (login, login[::-1], *own, "".join(own))
    rows = (row[:length] for row in _ROWS for length in (6, 8, 10, 12))
    tried = dict.fromkeys(
        (
            *(spelt + after for word in about for spelt in (word, word.capitalize()) for after in _AFTER),
            *rows,
            *(spelt + after for after in _AFTER for word in words() for spelt in (word, word.capitalize())),
        )
    )
    yield from islice(tried, TRIED)


def _plain(password: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", password).casefold() if sign.isalnum())


def _left(plain: str, login: str) -> int:
    own = [part for part in re.split(r"[^a-z0-9]+", login.casefold()) if len(part) > 2]
    for word in sorted((*own, _plain(login), *words()), key=len, reverse=True):
        if word:
            # A blank, so that what stood before and behind it makes no new word.
            plain = plain.replace(word, " ")
    plain = _runs().sub(" ", plain)
    return len(re.sub(r"(.)\1{2,}", " ", plain).replace(" ", ""))


@cache
def _runs() -> "re.Pattern[str]":
    """Three or more signs that stand beside each other on the keyboard or in the alphabet, either way."""
    pairs = {row[at : at + 2] for row in (*_ROWS, *(row[::-1] for row in _ROWS)) for at in range(len(row) - 1)}
    follows = "|".join(f"{one[0]}(?={one[1]})" for one in sorted(pairs))
    return re.compile(f"(?:{follows}){{2,}}[a-z0-9]")
