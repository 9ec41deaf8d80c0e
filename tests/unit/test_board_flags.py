"""Flags on a row of the board: a mark with words, what helps first, and nothing of it on a wall."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from db.domain.board import board_row, face
from db.domain.cautions import Flag
from db.domain.situation import Facts
from tests.unit.board_records import NOW, reference, referral


def flag(kind: str, reason: str, days: float = 5) -> Flag:
    return Flag(uuid4(), 1, uuid4(), "person", kind, reason, NOW + timedelta(days=days), "a.shah", NOW)


def test_a_row_says_its_flags_and_what_helps_first() -> None:
    who = referral()
    facts = Facts(who, flags=(flag("access", "a steep path"), flag("what helps", "birdsong")))
    shown = face(board_row(facts, reference()), NOW)
    assert shown.flags == ("what helps: birdsong", "access: a steep path")
    assert shown.warns
    assert shown.spoken("P1").endswith("flags: what helps: birdsong; access: a steep path")


def test_what_only_helps_does_not_warn_and_what_is_past_its_review_is_no_mark() -> None:
    helps = Facts(referral(), flags=(flag("what helps", "birdsong"), flag("pets", "an old dog", days=-1)))
    row = board_row(helps, reference())
    assert (face(row, NOW).flags, face(row, NOW).warns) == (("what helps: birdsong",), False)
    later = face(row, NOW + timedelta(days=6))
    assert (later.flags, later.warns) == ((), False)
    assert "flags" not in later.spoken("P1")


def test_a_wall_shows_none() -> None:
    facts = Facts(referral(), flags=(flag("safeguarding", "a secret"),))
    assert face(board_row(facts, reference(), wall=True), NOW).flags == ()


def test_two_rows_with_the_same_flags_are_equal() -> None:
    facts = Facts(referral(), flags=(flag("pets", "a dog"),))
    assert board_row(facts, reference()) == board_row(replace(facts), reference())
