"""The card of words and keys: whole, one page, and true in README."""

import re
from pathlib import Path

import pytest

import main
from console.look.key_table import EVERYWHERE
from console.start.key_card import card_html, card_text, key_rows, shipped_words, word_rows
from db.domain.command_verbs import VERBS
from db.domain.fleet import VanAction
from db.domain.next_steps import Act
from tests.key_card import README, with_card


def test_readme_has_the_card_as_the_grammar_is() -> None:
    text = README.read_text("utf-8")
    assert with_card(text) == text


def test_the_card_has_every_verb_with_its_short_forms_and_every_key() -> None:
    rows = {name.split(", ")[0]: name for name, _, _ in word_rows([("zap", "clear")])}
    assert rows.keys() == VERBS.keys()
    assert rows["clear"] == "clear, zap"
    text, page = card_text(shipped_words()), card_html(shipped_words())
    for name, does in key_rows():
        assert name.split(" ")[0] in text
        assert does.split(" ")[0] in page
    assert len(key_rows()) >= len(EVERYWHERE.keys)
    # A page of A4 in two columns.
    assert len(text.splitlines()) <= 112
    assert max(map(len, text.splitlines())) <= 130
    assert "@page{size:A4" in page


def test_whatever_a_dispatcher_does_has_a_verb() -> None:
    assert {verb.act for verb in VERBS.values()} - {None} == set(Act)
    # To send a van is a verb of the referral's.
    assert {verb.van for verb in VERBS.values()} - {None} == set(VanAction) - {VanAction.ALLOCATE}
    everywhere = {verb.everywhere for verb in VERBS.values()} - {""}
    rest = {key.does for key in EVERYWHERE.keys} - everywhere
    assert everywhere < {key.does for key in EVERYWHERE.keys}
    # The map has a verb that says what to look for there; where panels stand is for a hand that sees them.
    of_panels = ("tear ", "layout ", "first layout")
    assert {does for does in rest if not does.startswith(of_panels)} == {"command", "words", "map"}


def test_every_example_begins_with_a_word_that_is_understood() -> None:
    known = {*VERBS, *(short for short, _ in shipped_words())}
    for verb in VERBS.values():
        mine = {verb.words, *(short for short, of in shipped_words() if of == verb.words)}
        said = verb.example
        named = any(re.search(rf"\b{re.escape(one)}\b", said) for one in mine)
        assert not said or named or (verb.words == "show" and said == "44"), said
    assert known


def test_keys_are_printed_or_written_or_it_is_said_why_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main.main(["keys"]) == 0
    assert "allocate" in capsys.readouterr().out
    assert main.main(["keys", "--html", str(tmp_path / "card.html")]) == 0
    assert (tmp_path / "card.html").read_text("utf-8") == card_html(shipped_words())
    assert main.main(["keys", "--html", str(tmp_path)]) != 0
    assert f"{tmp_path} cannot be written." in capsys.readouterr().err
