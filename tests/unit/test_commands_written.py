"""Every command as text and back: what the program of today wrote, and what another version of it would write."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.commands import AddNote, Command, Details, ImportRows, SaveStaff, SaveVan, TakeReferral
from db.commands.base import kinds
from db.commands.written import FORMAT, UnknownCommandError, read_again, written
from db.domain.records import Location

LOOSE = (ImportRows, SaveStaff, SaveVan)
"""They say values of any type; they do not wait on the disk (``console/live/asked.py``)."""
KINDS = sorted(set(kinds().values()) - set(LOOSE), key=lambda kind: kind.__name__)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(str, WORDS)
st.register_type_strategy(
    Mapping,
    lambda kind: st.dictionaries(*(st.from_type(one) for one in get_args(kind)), max_size=2),
)
st.register_type_strategy(float, st.floats(-90, 90))


def through_text(command: Command) -> Command:
    return read_again(json.loads(json.dumps(written(command))))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=3, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_every_command_comes_back_as_it_was_asked_for(kind: type[Command], data: st.DataObject) -> None:
    command = data.draw(commands_of(kind))
    again = through_text(command)
    assert again == command
    assert type(again) is kind
    assert again.command_id == command.command_id


@cache
def commands_of(kind: type[Command]) -> st.SearchStrategy[Command]:
    """With every field said, so that none comes back as its default."""
    typed = {one.name: ANYTHING_BY[one.name] for one in fields(kind) if one.name in ANYTHING_BY}
    said = {one.name: ... for one in fields(kind) if one.name not in typed and one.default_factory is MISSING}
    return st.builds(kind, **typed, **said)


ANYTHING_BY = {"typed": st.dictionaries(WORDS, ANYTHING, max_size=3)}
SAID = written(
    TakeReferral(
        details=Details(source="hub", priority="P1", location=Location("Mill Lane", "NN16 8UZ", 52.4, -0.73))
    )
)


def changed(*path: str, to: object = None, gone: bool = False) -> Any:
    said = json.loads(json.dumps(SAID))
    inside = said
    for name in path[:-1]:
        inside = inside[name]
    if gone:
        del inside[path[-1]]
    else:
        inside[path[-1]] = to
    return said


@pytest.mark.parametrize(
    "said",
    [
        changed("verb", to="SendDrone"),
        changed("verb", to="Command"),
        changed("verb", gone=True),
        changed("format", to=FORMAT + 1),
        changed("format", gone=True),
        changed("fields", to=None),
        changed("fields", to=["x"]),
        changed("fields", "details", gone=True),
        changed("fields", "at_once", to=True),
        changed("fields", "details", "allergies", to="none"),
        changed("fields", "details", "location", "what3words", to="a.b.c"),
        changed("fields", "referral_id", to="0042"),
        changed("fields", "received_at", to="tonight"),
        "TakeReferral",
        None,
        [],
    ],
    ids=count(),
)
@pytest.mark.hazard("H-082")
def test_what_another_version_would_say_is_not_done_by_halves(said: object) -> None:
    with pytest.raises(UnknownCommandError) as raised:
        read_again(said)
    assert str(raised.value) == ""
    assert raised.value.__cause__ is None


def test_a_field_that_was_not_there_yet_is_what_the_command_takes_it_to_be() -> None:
    again = read_again(changed("fields", "insisted", gone=True))
    assert again == read_again(SAID)
    assert again.insisted == ""


def test_what_would_not_come_back_as_it_is_is_not_written() -> None:
    note = AddNote(referral_id=UUID(int=1), words="rang")
    with pytest.raises(UnknownCommandError):
        written(ImportRows(steps=(note,), numbers=(2,)))
    with pytest.raises(UnknownCommandError):
        written(replace(note, words=object()))  # type: ignore[arg-type] # what a fault of ours may leave there


def test_a_class_that_only_looks_like_a_command_is_none() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Forged(Command):
        words: str = ""

    with pytest.raises(UnknownCommandError):
        read_again(written(Forged()))
