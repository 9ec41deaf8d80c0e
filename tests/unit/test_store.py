"""The mirror's joins, and what one Delta says of whom."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from console.live.store import Delta, Link, LinkState, Store
from db.domain.party import Party
from db.domain.records import Handover, Position, Screening, Shift
from db.domain.reference import ReferenceData
from db.domain.states import AssignmentState, HandoverState
from tests.unit.fake_record import NOW, assignment, referral, van

NOBODY = ReferenceData("", {}, {}, {}, {}, (), {}, {}, (), (), {})
R1, R2, V1, V2 = (UUID(int=n) for n in (1, 2, 11, 12))
A1, A2, A3, H1, H2, S1, S2, D1, D2 = (UUID(int=n) for n in range(21, 30))


def handover(key: UUID, ordinal: int, of: UUID = R1) -> Handover:
    return Handover(
        key,
        1,
        of,
        ordinal,
        "EMAS",
        Party.EMS,
        "CRU",
        Party.CRU,
        HandoverState.EXPECTED,
        {HandoverState.EXPECTED: NOW},
    )


def screening(key: UUID, at: datetime, of: UUID = R1) -> Screening:
    return Screening(key, 1, of, 1, {}, "", at, "a.shah")


def shift(key: UUID, of: UUID, ended: datetime | None = None) -> Shift:
    return Shift(key, 1, of, (), NOW, NOW + timedelta(hours=9), ended_at=ended)


class Room:
    """A store, and everything that it told."""

    def __init__(self) -> None:
        self.store = Store(NOBODY, Link(LinkState.LIVE, NOW))
        self.deltas: list[Delta] = []
        self.counts: list[int] = []
        self.store.changed.connect(self.deltas.append)
        self.store.unreadable_changed.connect(lambda: self.counts.append(self.store.unreadable))


@pytest.fixture
def room() -> Room:
    made = Room()
    made.store.put({"referral": [referral(R1, 1), referral(R2, 1)], "van": [van(V1, 1), van(V2, 1)]})
    made.deltas.clear()
    return made


@pytest.mark.hazard("H-002")
def test_the_latest_screening_counts_in_whatever_order_they_came(room: Room) -> None:
    early, late = screening(S1, NOW), screening(S2, NOW + timedelta(minutes=1))
    for order in ([early, late], [late, early]):
        room.store.replace({"referral": [referral(R1, 1)], "screening": order})
        assert room.store.screening_of(R1) == late
    assert room.store.screening_of(R2) is None


def test_vans_and_links_stand_in_their_order(room: Room) -> None:
    later, first = assignment(A1, 9, R1, V1), assignment(A2, 2, R1, V2)
    room.store.put({"assignment": [later, first], "handover": [handover(H1, 2), handover(H2, 1)]})
    assert [row.id for row in room.store.assignments_of(R1)] == [A2, A1]
    assert [row.id for row in room.store.handovers_of(R1)] == [H2, H1]
    assert room.store.assignments_of(R2) == room.store.handovers_of(R2) == []
    tenth = replace(van(UUID(int=13), 1), callsign="CRU10")
    ninth = replace(van(UUID(int=14), 1), callsign="CRU9")
    room.store.replace({"van": [tenth, ninth]})
    assert [row.callsign for row in room.store.vans()] == ["CRU9", "CRU10"]


def test_a_van_has_the_job_and_the_shift_that_are_open(room: Room) -> None:
    over = replace(assignment(A1, 1, R1, V1), state=AssignmentState.CLEAR)
    now = assignment(A2, 2, R2, V1)
    room.store.put({"assignment": [over], "shift": [shift(D1, V1, NOW), shift(D2, V2)]})
    assert room.store.job_of(V1) is None
    assert room.store.shift_of(V1) is None
    assert room.store.shift_of(V2) is not None
    room.store.put({"assignment": [now], "shift": [shift(UUID(int=40), V1)]})
    assert room.store.job_of(V1) == now
    assert room.store.job_of(V2) is None
    assert room.store.shift_of(V1) == shift(UUID(int=40), V1)


def test_a_job_that_moves_to_another_van_leaves_the_first(room: Room) -> None:
    room.store.put({"assignment": [assignment(A1, 1, R1, V1)]})
    room.store.put({"assignment": [assignment(A1, 2, R2, V2)]})
    assert room.store.job_of(V1) is None
    assert room.store.assignments_of(R1) == []
    assert [row.id for row in room.store.assignments_of(R2)] == [A1]
    # As it was and as it is: both are painted anew.
    assert room.deltas[-1].referrals == {R1, R2}
    assert room.deltas[-1].vans == {V1, V2}


def test_a_delta_says_what_came_what_went_and_whose_it_was(room: Room) -> None:
    room.store.put({"assignment": [assignment(A1, 1, R1, V1)]})
    assert room.deltas == [
        Delta(
            {name: frozenset({A1} if name == "assignment" else ()) for name in room.deltas[0].put},
            {name: frozenset() for name in room.deltas[0].gone},
            False,
            frozenset({R1}),
            frozenset({V1}),
        )
    ]
    room.store.put(
        {"handover": [handover(H1, 1)], "screening": [screening(S1, NOW, R2)], "shift": [shift(D1, V2)]}
    )
    assert (room.deltas[-1].referrals, room.deltas[-1].vans) == ({R1, R2}, {V2})
    room.store.put({}, gone={"handover": [H1]}, after_loss=True)
    assert (room.deltas[-1].gone["handover"], room.deltas[-1].referrals) == ({H1}, {R1})
    assert room.deltas[-1].after_loss
    assert room.deltas[-1].touched("handover") == {H1}
    assert room.store.handover(H1) is None


def test_what_is_as_it_was_is_not_told(room: Room) -> None:
    room.store.put({"referral": [referral(R1, 1)]}, gone={"van": [UUID(int=99)]})
    room.store.replace({"referral": [referral(R1, 1), referral(R2, 1)], "van": [van(V1, 1), van(V2, 1)]})
    assert room.deltas == []
    # What was read last counts, whatever the versions: a backup was restored.
    room.store.put({"referral": [referral(R1, 0)]})
    assert room.deltas[-1].put["referral"] == {R1}


def test_what_a_whole_picture_lacks_is_gone(room: Room) -> None:
    room.store.put({"assignment": [assignment(A1, 1, R1, V1)], "handover": [handover(H1, 1)]})
    room.store.replace({"referral": [referral(R2, 1)], "van": [van(V1, 1)]}, after_loss=True)
    delta = room.deltas[-1]
    assert {name: set(keys) for name, keys in delta.gone.items() if keys} == {
        "referral": {R1},
        "van": {V2},
        "assignment": {A1},
        "handover": {H1},
    }
    assert delta.after_loss
    assert not delta.put["referral"]
    assert room.store.job_of(V1) is None


def test_a_referral_that_goes_takes_its_parts_along(room: Room) -> None:
    parts = {"assignment": [assignment(A1, 1, R1, V1)], "handover": [handover(H1, 1), handover(H2, 1, R2)]}
    room.store.put({**parts, "screening": [screening(S1, NOW)]})
    room.store.put({}, gone={"referral": [R1]})
    gone = {name: set(keys) for name, keys in room.deltas[-1].gone.items() if keys}
    assert gone == {"referral": {R1}, "assignment": {A1}, "handover": {H1}, "screening": {S1}}
    assert room.store.assignment(A1) is None
    assert room.store.screening_of(R1) is None
    assert room.store.handovers_of(R2) != []
    assert room.deltas[-1].vans == {V1}


def test_the_parts_of_a_referral_that_cannot_be_shown_stay(room: Room) -> None:
    room.store.put({"assignment": [assignment(A1, 1, R1, V1)]})
    room.store.put({}, unreadable={"referral": [R1]})
    assert room.store.referral(R1) is None
    assert room.store.job_of(V1) is not None, "its van is not free"
    assert room.counts == [1]


def test_rows_that_cannot_be_shown_are_counted_until_they_can_or_are_gone(room: Room) -> None:
    room.store.put({}, unreadable={"referral": [R1], "van": [V1]})
    room.store.put({}, unreadable={"van": [V2]})
    # The same again is no news.
    room.store.put({}, unreadable={"van": [V2]})
    room.store.put({"referral": [referral(R1, 2)]})
    room.store.put({}, gone={"van": [V1]})
    room.store.replace({"van": [van(V2, 1)]})
    assert room.counts == [2, 3, 2, 1, 0]
    room.store.replace({}, unreadable={"van": [V2]})
    assert room.counts[-1] == 1


def test_a_beat_ends_the_silence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("console.live.store.time.monotonic", lambda: moment[0])
    room.store.beat()
    moment[0] = 103.5
    assert room.store.silence == 3.5
    room.store.beat()
    assert room.store.silence == 0.0


def test_positions_are_found_by_their_van(room: Room) -> None:
    fix = Position(V1, 1, NOW, NOW, 52.2, -0.9, None, None, None, "")
    room.store.put({"position": [fix]})
    assert room.store.position(V1) == fix
    assert room.store.position(V2) is None
    # A row of another kind is not taken for what was asked for.
    assert room.store.van(R1) is None
