"""Messages and who else is there: whom one waits for, in which words, and when it is gone from the inbox."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db.domain.addressed import addressed
from db.domain.inbox import LATER, inbox
from db.domain.messages import Message, Presence, here_words, newest_first, others_here
from tests.unit.board_records import NOW, reference

ONE = UUID(int=1)


def message(by: str = "l.lead", to: str = "", seen: tuple[str, ...] = (), ago: float = 0) -> Message:
    return Message(uuid4(), 1, ONE, to, "ring the\nsister", by, NOW - timedelta(minutes=ago), seen)


@pytest.mark.parametrize(
    ("one", "waits"),
    [
        (message(), True),
        (message(to="a.shah"), True),
        (message(to="b.okafor"), False),
        (message(by="a.shah"), False),
        (message(by="a.shah", to="b.okafor"), False),
        (message(seen=("b.okafor",)), True),
        (message(seen=("b.okafor", "a.shah")), False),
        (message(to="a.shah", seen=("a.shah",)), False),
    ],
)
def test_whom_a_message_waits_for(one: Message, waits: bool) -> None:
    assert one.waits_for("a.shah") is waits


def test_newest_first() -> None:
    old, new = message(ago=9), message(ago=2)
    assert newest_first([old, new]) == [new, old]


def test_it_stands_in_the_inbox_before_what_can_wait() -> None:
    one = message()
    (shown,) = inbox((), (), (), None, reference(), NOW, [one])
    assert (shown.grave, shown.message_id, shown.referral_id) == (LATER - 1, one.id, ONE)
    assert shown.words == "l.lead: ring the sister"


@pytest.mark.parametrize(
    ("there", "others"),
    [
        ([], ()),
        ([Presence(ONE, "me", ONE, typing=True)], ()),
        ([Presence(uuid4(), "b", ONE, False), Presence(uuid4(), "a", ONE, False)], (("a", False), ("b", False))),
        # Who types stands first, and somebody at two consoles is one person.
        ([Presence(uuid4(), "a", ONE, False), Presence(uuid4(), "z", ONE, True)], (("z", True), ("a", False))),
        ([Presence(uuid4(), "a", ONE, False), Presence(uuid4(), "a", ONE, True)], (("a", True),)),
        # Oneself at another console is somebody there.
        ([Presence(ONE, "me", ONE, False), Presence(uuid4(), "me", ONE, True)], (("me", True),)),
    ],
)
def test_who_else_is_there(there: list[Presence], others: tuple[tuple[str, bool], ...]) -> None:
    assert others_here(there, ONE) == others


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        ((("R. Silva", True),), "R. Silva is typing here"),
        ((("R. Silva", True), ("A. Shah", True)), "R. Silva and A. Shah are typing here"),
        ((("A. Shah", False),), "A. Shah looks at it"),
        ((("A. Shah", False), ("B. Okafor", False)), "A. Shah and B. Okafor look at it"),
        ((("R. Silva", True), ("A. Shah", False)), "R. Silva is typing here · A. Shah looks at it"),
    ],
)
def test_in_words(names: tuple[tuple[str, bool], ...], words: str) -> None:
    assert here_words(iter(names)) == words


@pytest.mark.parametrize(
    ("typed", "logins", "words"),
    [
        ("sister is there", (), "sister is there"),
        ("@okafor ring the son", ("b.okafor",), "ring the son"),
        ("@B.Okafor  ring", ("b.okafor",), "ring"),
        ("@shah who has it?", ("a.shah",), "who has it?"),
        ("@s who has it?", ("a.shah", "s.oneill"), "who has it?"),
        ("@oneill hello", ("s.oneill",), "hello"),
        ("@nobody hello", (), "hello"),
        ("@okafor", ("b.okafor",), ""),
        ("@ five o'clock", (), "@ five o'clock"),
        ("mail me@home", (), "mail me@home"),
    ],
)
def test_whom_a_typed_message_is_to(typed: str, logins: tuple[str, ...], words: str) -> None:
    people = {"a.shah": "Anita Shah", "b.okafor": "B. Okafor", "s.oneill": "Siobhán O'Neill"}
    found = addressed(typed, people)
    assert not found.leads
    assert (found.logins, found.words) == (logins, words)
    assert bool(found.called) == (typed.startswith("@") and typed[1] != " ")


def test_the_leads_and_the_room_are_nobody_s_name() -> None:
    people = {"o.leadbetter": "Otto Leadbetter", "r.roomes": "Rita Roomes"}
    for typed, leads in (
        ("@lead now", True),
        ("@Leads now", True),
        ("@room now", False),
        ("@everybody now", False),
    ):
        found = addressed(typed, people)
        assert (found.leads, found.logins, found.words) == (leads, (), "now")
    assert addressed("@leadb now", people).logins == ("o.leadbetter",)
