"""What the board's list says of its rows and groups, and which rows it has painted anew."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from console.live.store import Link, LinkState, Store
from console.models.keyed import KeyedListModel
from console.models.referrals import REFERRAL_MIME, Entry, GroupHead, ReferralModel, head_words
from console.models.vans import VanModel
from console.running.faults import faults
from db.domain.board import Group, board_row, face
from db.domain.records import Location, Referral
from db.domain.situation import Facts
from db.domain.states import ReferralState
from tests.unit.board_records import NOW, ago, reference, referral, van

DISPLAY, SPOKEN, TIP = (
    int(role)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
)
Drag = Qt.ItemFlag.ItemIsDragEnabled
MINUTE = timedelta(minutes=1)


class Board:
    """A model over a store that a test fills; the clock stands still until it is told."""

    def __init__(self, *rows: Referral, wall: bool = False) -> None:
        self.now = NOW
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        self.store.put({"referral": list(rows)})
        self.model = ReferralModel(self.store, self.clock, wall=wall)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.heard: list[Any] = []
        self.model.dataChanged.connect(lambda top, low, *_: self.heard.append((top.row(), low.row())))
        for name in ("rowsMoved", "rowsInserted", "rowsRemoved", "layoutChanged"):
            getattr(self.model, name).connect(lambda *_, name=name: self.heard.append(name))

    def clock(self) -> datetime:
        return self.now

    def put(self, *rows: Referral) -> None:
        self.store.put({"referral": list(rows)})

    def said(self, role: int = DISPLAY) -> list[Any]:
        return [self.model.index(row).data(role) for row in range(self.model.rowCount())]

    def entry(self, key: UUID) -> Entry:
        entry = self.model.item(key)
        assert isinstance(entry, Entry)
        return entry


def held(number: int, minutes: float, **more: Any) -> Referral:
    return referral(number, 20, hold_until=NOW + minutes * MINUTE, hold_reason="call_back", **more)


def closed(number: int, **more: Any) -> Referral:
    return referral(number, 90, state=ReferralState.CLOSED, times={"closed": ago(5)}, **more)


@pytest.mark.parametrize("wall", [False, True])
def test_a_row_says_in_each_role_what_its_face_says(qapp: object, wall: bool) -> None:
    row = referral(45, 30)
    board = Board(row, wall=wall)
    worked_out = board_row(Facts(row), board.store.reference, wall=wall)
    shown = face(worked_out, NOW)
    assert board.model.row(row.id) == worked_out == board.entry(row.id).row
    assert board.said(DISPLAY) == board.said(SPOKEN) == [shown.spoken("P1")]
    assert board.said(TIP) == [f"{shown.title}\n{shown.line}\n{shown.right} {shown.below}"]
    assert board.said(int(Qt.ItemDataRole.DecorationRole)) == [None]
    board.model.set_sending([row.id])
    assert board.said() == [f"{shown.spoken('P1')}, sending"]


def test_heads_say_how_many_and_when_the_next_comes_back(qapp: object) -> None:
    board = Board(held(1, 30), held(2, 10), closed(3), closed(4), closed(5, entered_in_error_at=NOW))
    assert board.said() == board.said(SPOKEN) == ["on hold (2) · next comes back 03:52", "closed (2)"]
    assert board.said(TIP) == [None, None]
    heads = [board.model.item(group) for group in (Group.HELD, Group.CLOSED)]
    assert heads == [
        GroupHead(Group.HELD, 2, is_open=False, back_at=NOW + 10 * MINUTE),
        GroupHead(Group.CLOSED, 2, is_open=False),
    ]
    board.model.toggle(Group.CLOSED)
    assert board.model.item(Group.CLOSED) == GroupHead(Group.CLOSED, 2, is_open=True)
    assert [board.model.count(group) for group in Group] == [0, 2, 2]
    board.model.set_filter("nothing is like this")
    assert board.model.item(Group.HELD).is_open
    # One by one, heads follow as well.
    board.put(held(6, 5))
    assert board.model.item(Group.HELD) == GroupHead(Group.HELD, 3, is_open=True, back_at=NOW + 5 * MINUTE)
    assert board.model.item(Group.OPEN) is None


def test_a_head_stands_for_its_own_group_alone_and_is_worked_out_when_one_comes_back(qapp: object) -> None:
    board = Board(held(1, 30), held(2, 10))
    assert board.model.ids() == (Group.HELD,)
    board.model.toggle(Group.HELD)
    board.heard.clear()
    board.now += 9 * MINUTE
    board.model.tick()
    assert board.heard == [], "nobody came back: nothing is read again"
    board.put(closed(3))
    assert board.model.item(Group.HELD) == GroupHead(Group.HELD, 2, is_open=True, back_at=NOW + 10 * MINUTE)
    only = Board(closed(3))
    assert only.model.ids() == (Group.CLOSED,)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (GroupHead(Group.HELD, 2, is_open=True, back_at=NOW), "on hold (2) · next comes back 03:42"),
        (GroupHead(Group.CLOSED, 7, is_open=True, back_at=NOW), "closed (7)"),
        (GroupHead(Group.CLOSED, 7, is_open=True), "closed (7)"),
    ],
)
def test_a_head_in_words(head: GroupHead, words: str) -> None:
    assert head_words(head, NOW) == words


def test_what_is_no_row_says_nothing(qapp: object) -> None:
    board = Board(referral(1))
    assert board.model.text(None, DISPLAY) is None
    assert board.model.text("x", TIP) is None
    assert VanModel(board.store, board.clock).text(None, DISPLAY) is None
    assert board.model.data(QModelIndex()) is None
    assert KeyedListModel().text("x", DISPLAY) is None
    assert board.model.row(referral(9).id) is None
    assert board.model.rowCount(board.model.index(0)) == 0


def test_only_referrals_are_dragged_and_carry_their_id(qapp: object) -> None:
    row = referral(1)
    board = Board(row, closed(2))
    flags = [board.model.flags(board.model.index(at)) for at in range(2)]
    assert [bool(one & Drag) for one in flags] == [True, False]
    assert all(one & Qt.ItemFlag.ItemIsSelectable for one in flags)
    data = board.model.mimeData([board.model.index(0)])
    assert board.model.mimeTypes() == [REFERRAL_MIME]
    assert bytes(data.data(REFERRAL_MIME).data()).decode() == str(row.id)


def test_a_row_that_cannot_be_worked_out_stays_and_says_so(qapp: object) -> None:
    odd = replace(referral(1), times={"received": "yesterday"})  # type: ignore[dict-item] # on purpose
    board = Board(odd, referral(2))
    row = board.model.row(odd.id)
    assert row is not None
    assert not row.readable
    assert board.model.ids()[0] == odd.id
    faults.forget()
    broken = replace(row, readable=True, clock=None)  # type: ignore[arg-type] # on purpose
    assert "0001" in board.model.face(broken).title
    faults.forget()


def test_one_change_paints_one_row(qapp: object) -> None:
    rows = [referral(n, 60 - n) for n in range(1, 5)]
    board = Board(*rows)
    board.heard.clear()
    board.put(replace(rows[2], location=Location("Corby")))
    assert board.heard == [(2, 2)]
    assert board.entry(rows[2].id).row.where.town == "Corby"
    board.heard.clear()
    board.model.set_sending([rows[1].id])
    assert board.heard == [(1, 1)]
    board.heard.clear()
    board.model.set_sending([rows[1].id, rows[3].id])
    assert board.heard == [(3, 3)]
    # It stays with the row when the row changes, and with those that are not shown.
    board.put(replace(rows[3], location=Location("Corby")))
    assert board.entry(rows[3].id).sending
    board.model.set_sending([referral(99).id])
    assert not board.entry(rows[3].id).sending


def test_many_changes_paint_all_rows_at_once(qapp: object) -> None:
    rows = [referral(n, 100 - n) for n in range(1, 71)]
    board = Board(*rows)
    board.heard.clear()
    board.put(*(replace(row, location=Location("Corby")) for row in rows))
    assert board.heard == [(0, 69)]
    assert all(board.entry(row.id).row.where.town == "Corby" for row in rows)
    board.heard.clear()
    board.store.reference_changed.emit()
    assert board.heard == [(0, 69)]


def test_a_filter_finds_what_was_changed_and_what_came_while_it_stood(qapp: object) -> None:
    rows = [referral(n, 60 - n) for n in range(1, 4)]
    board = Board(*rows)
    board.model.set_filter("corby")
    assert (board.model.ids(), board.model.matches()) == ((), 0)
    board.put(replace(rows[1], location=Location("Corby")))
    board.put(referral(9, 1, location=Location("Corby")))
    assert (len(board.model.ids()), board.model.matches()) == (2, 2)
    board.put(replace(rows[1], location=Location("Kettering")))
    assert board.model.matches() == 1
    board.heard.clear()
    board.model.set_filter("  CORBY ")
    assert board.heard == []
    board.model.set_filter("")
    assert board.model.matches() == 4


def test_the_wall_leaves_out_where_people_are_and_tells_it_again(qapp: object) -> None:
    row = referral(1)
    board = Board(row)
    board.heard.clear()
    board.model.set_wall(False)
    assert board.heard == []
    board.model.set_wall(True)
    assert "Kettering" not in board.said()[0]
    assert board.heard == [(0, 0)]
    board.model.set_wall(False)
    assert "Kettering" in str(board.model.row(row.id))


@pytest.mark.parametrize(("row", "group"), [(held(1, 10), Group.HELD), (closed(1), Group.CLOSED)])
def test_revealing_opens_the_group_and_never_shuts_one(qapp: object, row: Referral, group: Group) -> None:
    board = Board(row, referral(2))
    assert not board.model.is_open(group)
    for _ in range(2):
        board.model.reveal(row.id)
        assert board.model.is_open(group)
        assert board.model.row_of(row.id) >= 0
    board.model.reveal(referral(77).id)
    assert board.model.is_open(Group.OPEN)


def test_the_board_shows_the_moment_that_it_took(qapp: object) -> None:
    row = referral(1, 10)
    board = Board(row)
    board.now += 7 * MINUTE
    assert (board.model.now, board.said()) == (NOW, [face(board.entry(row.id).row, NOW).spoken("P1")])
    board.model.tick()
    assert board.model.now == NOW + 7 * MINUTE
    board.now += MINUTE
    board.put(referral(2))
    assert board.model.now == board.now
    board.now += MINUTE
    board.store.reference_changed.emit()
    assert board.model.now == board.now


def test_what_is_arranged_as_it_was_tells_nobody(qapp: object) -> None:
    model = KeyedListModel()
    for key in range(12):
        model.put(key, (key,), key)
    heard: list[str] = []
    for name in ("rowsMoved", "rowsInserted", "rowsRemoved", "layoutChanged", "dataChanged"):
        getattr(model, name).connect(lambda *_, name=name: heard.append(name))
    model.arrange(list(model._rows))
    assert heard == []
    model.arrange(model._rows[::-1])
    assert heard == ["layoutChanged"]


def test_heads_that_say_something_else_are_painted_anew(qapp: object) -> None:
    board = Board(referral(1), held(2, 10), closed(3))
    board.heard.clear()
    board.model.toggle(Group.CLOSED)
    assert {(1, 1), (2, 2)} <= set(board.heard)
    board.heard.clear()
    board.model.set_filter("0003")
    assert {(0, 0), (1, 1)} <= set(board.heard)


def test_leaving_out_where_vans_go_paints_their_rows_anew(qapp: object) -> None:
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"van": [van("CRU1"), van("CRU2")]})
    model = VanModel(store, lambda: NOW)
    painted: list[int] = []
    model.dataChanged.connect(lambda top, *_: painted.append(top.row()))
    model.set_private(True)
    assert sorted(painted) == [0, 1]


def test_vans_follow_what_is_configured(qapp: object) -> None:
    two = van("CRU2")
    store = Store(reference(), Link(LinkState.LIVE, NOW))
    store.put({"van": [two]})
    model = VanModel(store, lambda: NOW)
    painted: list[int] = []
    model.dataChanged.connect(lambda top, *_: painted.append(top.row()))
    store.reference_changed.emit()
    assert painted == [0]
    assert model.facts(van("CRU9").id) is None
