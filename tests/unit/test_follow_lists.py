"""What a list of changes comes to: rows named one by one, more than were named, or everything."""

from uuid import UUID

import pytest

from db.domain.roles import Role
from db.follow import Changes, Place
from db.mirror import OF, board, mirrored

A, B = UUID(int=1), UUID(int=2)
Entries = list[tuple[str, list[UUID] | None]]


@pytest.mark.parametrize(
    ("entries", "ids", "whole", "beat"),
    [
        ([], {}, False, False),
        ([("van", [A]), ("van", [B]), ("referral", [A])], {"van": {A, B}, "referral": {A}}, False, False),
        ([("beat", None)], {}, False, True),
        ([("all", None)], {}, True, False),
        ([("all", [A])], {}, True, False),
        # The rows that are no longer live would stay behind.
        ([("referral", None)], {}, True, False),
        ([("van", [A]), ("shift", None)], {"van": {A}}, True, False),
        *(
            ([(name, [A]), (name, None), (name, [B])], {name: None}, False, False)
            for name in ("event", "position", "reference")
        ),
        ([("position", None), ("position", None)], {"position": None}, False, False),
        ([("van", [])], {"van": set()}, False, False),
    ],
)
def test_what_a_list_comes_to(entries: Entries, ids: dict[str, set[UUID] | None], whole: bool, beat: bool) -> None:
    found = Changes(Place(7))
    for entity, some in entries:
        found.add(entity, some)
    assert (found.ids, found.whole, found.beat) == (ids, whole, beat)


@pytest.mark.parametrize(
    ("snapshot", "place"),
    [("10:20:", Place(20)), ("10:20:10", Place(20, (10,))), ("10:20:10,14", Place(20, (10, 14)))],
)
def test_where_a_snapshot_stands(snapshot: str, place: Place) -> None:
    assert Place.read(snapshot) == place


ALONE = {"van", "shift", "position", "referral", "flag"}
"""What does not come and go with a referral, beside what the room has of itself."""


@pytest.mark.parametrize("role", list(Role))
def test_what_belongs_to_a_referral_comes_and_goes_with_it(role: Role) -> None:
    found = mirrored(role)
    room = {name for name in found if name.startswith(("shift_", "room", "log", "alarm", "message", "presence"))}
    assert {name for name, live in found.items() if live.about != OF} == (ALONE & found.keys()) | room
    assert board(role).referral == ("cru.referral_wall" if role is Role.VIEWER else "cru.referral_times")
    assert ("screening" in found) is (role is not Role.VIEWER)
    assert {live.key for name, live in found.items() if name not in {"position", "danger", "intake_call"}} <= {
        "id"
    }
