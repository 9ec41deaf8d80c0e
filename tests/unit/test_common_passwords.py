"""Which passwords anybody would try first, and that the server's own form of one can be tried."""

import hashlib

import pytest

from db.admin.common_passwords import TRIED, is_common, likely, words
from db.admin.passwords import checked, made, verifier
from db.admin.weak_logins import is_guessed
from db.errors import Invalid

COMMON = [
    ("Password2026!", ""),
    ("p@ssw0rd1234", ""),
    ("Welcome-to-welcome", ""),
    ("qwertyuiop[]", ""),
    ("poiuytrewq12", ""),
    ("asdfghjkl;123", ""),
    ("abcdefghijkl", ""),
    ("zyxwvutsrqpo", ""),
    ("123456789012", ""),
    ("000000000000", ""),
    ("aaaabbbbcccc", ""),
    ("correct horse battery staple", ""),
    ("Northampton 2026", ""),
    ("crisisresponseunit", ""),
    ("a.shah.a.shah", "a.shah"),
    ("ShahShah1234", "a.shah"),
    ("b.okafor2026!", "b.okafor"),
    ("control-room-1", "desk"),
    ("\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13\uff14", ""),
]
FINE = [
    ("three words here", "a.shah"),
    ("kettle harbour zinc", ""),
    ("b.okafor2026!", "a.shah"),
    ("my violet umbrella", "l.lead"),
    ("Straßenbahn um vier", ""),
    ("9fk2-ww81-zm44", ""),
]


@pytest.mark.parametrize(("password", "login"), COMMON)
def test_what_is_tried_first_is_refused(password: str, login: str) -> None:
    assert is_common(password, login)
    with pytest.raises(Invalid, match="tried first"):
        checked(password, login)


@pytest.mark.parametrize(("password", "login"), FINE)
def test_what_nobody_guesses_is_taken(password: str, login: str) -> None:
    assert checked(password, login) == password


def test_one_that_is_made_is_never_common() -> None:
    assert not any(is_common(made(), "a.shah") for _ in range(50))


def test_what_is_tried_is_short_distinct_and_begins_with_the_login() -> None:
    tried = list(likely("a.shah", "Amina Shah"))
    assert len(tried) == len(set(tried)) == TRIED
    assert tried[0] == "a.shah"
    assert {"amina2026", "Shah1!", "password", "Password", "qwertyuiop", "welcome"} <= set(tried)
    assert all(word == word.casefold() and word.isalnum() for word in words())


@pytest.mark.parametrize(
    ("password", "fits"), [("Password1", True), ("shah2026", True), ("three words here", False), ("", False)]
)
def test_what_the_server_keeps_is_tried_in_both_its_forms(password: str, fits: bool) -> None:
    # Fewer rounds than the server's: the salt and the rounds are read from what it keeps.
    assert is_guessed(verifier(password, b"0123456789abcdef", 2), "a.shah", "Amina") is fits
    md5 = "md5" + hashlib.md5(f"{password}a.shah".encode(), usedforsecurity=False).hexdigest()
    assert is_guessed(md5, "a.shah", "Amina") is fits
    assert not is_guessed(md5, "b.okafor", "Amina Shah")
