"""Keys that somebody puts in place of others: found, shown, refused with a sentence, kept and taken back."""

from collections.abc import Iterator

import pytest

from console.look.changing_keys import may_change, objection
from console.look.key_table import BOARD_ROW, EVERYWHERE, MAP, NOTE, PANE, SHEET, TABLE, VAN
from console.look.keyboard import QT, Hands
from console.look.own_keys import OWN_KEYS, own_of
from console.views.command.entries import ALL_AS_THEY_CAME, entries, found
from console.views.command.history import LineHistory
from db.domain.command_verbs import VERBS
from db.domain.roles import Role


@pytest.fixture(autouse=True)
def as_they_came() -> Iterator[None]:
    yield
    OWN_KEYS.take({})


def test_the_new_key_does_it_and_the_old_one_nothing() -> None:
    told: list[str] = []
    acts = dict.fromkeys(VAN.acts(), lambda: None)
    hands = Hands(VAN, acts | {"meal break": lambda: told.append("meal")}, {})
    assert objection(VAN, "M", "H") == ""
    OWN_KEYS.change(VAN.title, "M", "H")
    assert VAN.key("meal break") == "H"
    assert hands.do("H")
    assert not hands.do("M")
    assert told == ["meal"]
    # Only there: the map's M is what it was.
    assert MAP.find("M") is not None
    OWN_KEYS.change(VAN.title, "M", "M")
    assert len(OWN_KEYS) == 0
    assert hands.do("M")


def test_a_key_that_says_which_it_is_is_told_by_the_name_it_came_with() -> None:
    pressed: list[str] = []
    acts = dict.fromkeys(PANE.acts() - {"step"}, lambda: None)
    hands = Hands(PANE, acts, {"step": pressed.append})
    OWN_KEYS.change(PANE.title, "Delete", "Insert")
    hands.do("Insert")
    assert pressed == ["Delete"]


@pytest.mark.parametrize(
    ("part", "came", "new", "says"),
    [
        (EVERYWHERE, "Ctrl+J", "Ctrl+L", "figures and charts"),
        (EVERYWHERE, "Ctrl+J", "Ctrl+Return", "already"),
        (EVERYWHERE, "Ctrl+J", "Q", "typed here"),
        (NOTE, "Ctrl+Return", "X", "typed here"),
        (VAN, "M", "D", "on duty"),
        (VAN, "M", "Ctrl+N", "new referral"),
        (VAN, "M", "Escape", "stays what it is"),
        (BOARD_ROW, "/", "Q", "listed there"),
        (SHEET, "Return", "Tab", "stays what it is"),
        (VAN, "M", "", "stays what it is"),
    ],
)
def test_what_a_key_would_collide_with_is_said(part: object, came: str, new: str, says: str) -> None:
    assert says in objection(part, came, new)  # type: ignore[arg-type] # a part


def test_a_key_that_was_moved_away_is_free_and_a_taken_one_is_not() -> None:
    OWN_KEYS.change(EVERYWHERE.title, "Ctrl+J", "Ctrl+E")
    assert objection(EVERYWHERE, "Ctrl+L", "Ctrl+J") == ""
    assert "shift log" in objection(EVERYWHERE, "Ctrl+L", "Ctrl+E")
    assert objection(EVERYWHERE, "Ctrl+J", "Ctrl+E") == ""


def test_families_qt_s_own_keys_and_the_map_s_stay() -> None:
    fixed = [
        (part.title, name)
        for parts in TABLE.values()
        for part in parts
        for key in part.keys
        for name in key.names
        if not may_change(part, key, name) and key.does != QT
    ]
    assert ("The map", "M") in fixed
    assert ("A van", "M") not in fixed
    assert {name for title, name in fixed if title == "A referral on the board"} == {"A–Z"}


def test_they_are_kept_as_text_and_what_cannot_be_read_changes_nothing() -> None:
    OWN_KEYS.change("A van", "M", "H")
    OWN_KEYS.change("Everywhere", "F12", "Ctrl+E")
    kept = own_of(OWN_KEYS.as_text())
    assert kept == {("A van", "M"): "H", ("Everywhere", "F12"): "Ctrl+E"}
    for odd in ("", "[", "7", '[["a"]]', "null", '{"a": 1}'):
        assert own_of(odd) == {}


def test_every_word_and_key_is_found_by_words_the_best_first_and_always_the_same() -> None:
    words = (("zap", "clear"), ("zip", "close"))
    listed = entries(words, Role.SHIFT_LEAD)
    assert {one.words for one in listed} >= VERBS.keys() | {ALL_AS_THEY_CAME}
    assert found(listed, "zap")[0].words == "clear"
    assert found(listed, "Z")[0].words == "clear"
    assert found(listed, "hs") == found(listed, "hs")
    assert found(listed, "oos")[0].words == "out of service"
    assert "shift log" in found(listed, "ctrl j")[0].does
    assert found(listed, "xyzzy") == []
    assert found(listed, "") == list(listed)
    mine = entries(words, Role.DISPATCHER)
    assert not [one for one in mine if "shift lead" in one.does + one.words]
    assert next(one.cap for one in mine if one.words == "log") == "Ctrl J"


def test_lines_come_back_in_their_order_and_what_was_begun_is_kept() -> None:
    history = LineHistory()
    assert history.older("x") is None
    for line in ("one", "two", "one"):
        history.add(line)
    assert [history.older("begun"), history.older(""), history.older("")] == ["one", "two", None]
    assert [history.newer(""), history.newer(""), history.newer("")] == ["one", "begun", None]
