"""A van's row: where it stands, what it says, how loud its fix is, and which Deltas paint it anew."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from console.live.store import Link, LinkState, Store
from console.look.style import current
from console.models.referrals import REFERRAL_MIME
from console.models.vans import VanModel
from console.running.faults import faults
from console.views.vans.row import VanDelegate, VanList, van_height
from db.domain.board import UNREADABLE
from db.domain.records import StaffMember
from db.domain.states import AssignmentState, DutyStatus
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, ago, job, position, reference, referral, shift, van

__all__ = ["stage"]
AMARA = StaffMember(uuid4(), "Amara Example", "Mental health nurse", "female", ("English", "Twi"))


class Vans:
    """A model over a store that a test fills; the clock stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = Store(reference({AMARA.id: AMARA}), Link(LinkState.LIVE, NOW))
        self.model = VanModel(self.store, self.clock)
        self.moved: list[int] = []
        self.model.dataChanged.connect(lambda top, *_: self.moved.append(top.row()))

    def clock(self) -> datetime:
        return self.now

    def fill(self, *records: Any) -> None:
        rows: dict[str, list[Any]] = {}
        for record in records:
            rows.setdefault(type(record).__name__.lower(), []).append(record)
        self.store.put(rows)

    def order(self) -> list[str]:
        return [facts.van.callsign for facts in self.model.all_facts()]

    def said(self, key: UUID, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str | None:
        return self.model.text(self.model.item(key), int(role))


@pytest.fixture
def vans(qapp: object) -> Vans:
    return Vans()


def test_those_on_shift_stand_first_and_ten_comes_after_nine(vans: Vans) -> None:
    off, free = DutyStatus.OFF_DUTY, DutyStatus.AVAILABLE
    vans.fill(van("CRU10", free), van("CRU1", off), van("CRU9", DutyStatus.MEAL_BREAK), van("CRU2", free))
    assert vans.order() == ["CRU2", "CRU9", "CRU10", "CRU1"]
    two = next(row for row in vans.store.vans() if row.callsign == "CRU2")
    vans.fill(replace(two, duty_status=off))
    assert vans.order() == ["CRU9", "CRU10", "CRU1", "CRU2"]
    vans.store.put({}, gone={"van": [two.id]})
    assert vans.order() == ["CRU9", "CRU10", "CRU1"]
    assert vans.model.facts(two.id) is None


def test_a_row_says_what_the_van_does_where_and_how_old_that_is(vans: Vans) -> None:
    two, of = van("CRU2"), referral(45)
    vans.fill(two, position(two.id, 7))
    assert vans.said(two.id) == "CRU2, available, Berrywood, fix 7 s"
    vans.fill(of, job(of.id, two.id, AssignmentState.MOBILE))
    assert vans.said(two.id) == "CRU2, mobile, 0045 Kettering · NN16 8UZ, fix 7 s"
    assert vans.said(two.id, Qt.ItemDataRole.AccessibleTextRole) == vans.said(two.id)
    vans.model.set_private(True)
    assert vans.said(two.id) == "CRU2, mobile, 0045, fix 7 s"
    vans.model.set_private(False)
    assert "Kettering" in str(vans.said(two.id))
    assert vans.said(two.id, Qt.ItemDataRole.DecorationRole) is None
    vans.store.put({}, gone={"position": [two.id]})
    assert str(vans.said(two.id)).endswith("no fix")


def test_a_rows_tooltip_says_who_rides(vans: Vans) -> None:
    two = van("CRU2")
    crew = replace(shift(two.id, meal_due_at=ago(5)), staff_ids=(AMARA.id, uuid4()))
    vans.fill(two, crew)
    tip = vans.said(two.id, Qt.ItemDataRole.ToolTipRole)
    assert tip == (
        "CRU2 EX02 CRU\nAmara Example (Mental health nurse) · unmarked · 5 seats · English, Twi"
        " · meal overdue since 03:37"
    )


def test_what_is_on_its_way_is_said_until_it_is_not(vans: Vans) -> None:
    two, five = van("CRU2"), van("CRU5")
    vans.fill(two, five)
    vans.moved.clear()
    vans.model.set_sending({two.id})
    assert str(vans.said(two.id)).endswith(", sending")
    assert vans.moved == [0], "nobody else's row is painted anew"
    vans.model.set_sending({five.id})
    assert not str(vans.said(two.id)).endswith(", sending")
    assert str(vans.said(five.id)).endswith(", sending")
    # It stays with the row when the row changes.
    vans.fill(replace(five, seats=4))
    assert str(vans.said(five.id)).endswith(", sending")


def test_time_is_taken_at_a_tick_and_with_every_change(vans: Vans) -> None:
    two = van("CRU2")
    vans.fill(two, position(two.id, 4))
    vans.now += timedelta(seconds=10)
    assert vans.model.now == NOW
    assert str(vans.said(two.id)).endswith("fix 4 s")
    vans.model.tick()
    assert str(vans.said(two.id)).endswith("fix 14 s")
    vans.now += timedelta(seconds=10)
    vans.fill(van("CRU3"))
    assert str(vans.said(two.id)).endswith("fix 24 s")


@pytest.mark.parametrize("what", ["van", "position", "shift", "assignment", "referral"])
def test_whatever_concerns_a_van_reads_its_row_again(vans: Vans, what: str) -> None:
    two, of = van("CRU2"), referral(45)
    sent = job(of.id, two.id, AssignmentState.MOBILE)
    vans.fill(two, van("CRU5"), of, sent, position(two.id, 9), shift(two.id))
    before = vans.model.facts(two.id)
    came = {
        "van": replace(two, emergency_at=NOW),
        "position": position(two.id, 1),
        "shift": shift(two.id, 100),
        "assignment": replace(sent, state=AssignmentState.ON_SCENE),
        "referral": replace(of, caller="Ann"),
    }[what]
    if what == "shift":
        vans.store.put({}, gone={"shift": [before.shift.id]})  # type: ignore[union-attr] # it was put in above
    vans.moved.clear()
    vans.fill(came)
    after = vans.model.facts(two.id)
    assert before is not None
    assert after is not None
    changed = [name for name in ("van", "position", "shift", "job", "referral") if getattr(after, name) == came]
    assert changed == [{"assignment": "job"}.get(what, what)]
    assert vans.moved == [0]


def test_a_van_that_cannot_be_worked_out_is_named(vans: Vans) -> None:
    two = van("CRU2")
    vans.fill(two, replace(position(two.id), fixed_at=None))  # type: ignore[arg-type] # on purpose
    assert vans.said(two.id) == f"CRU2, {UNREADABLE}"
    faults.forget()


@pytest.mark.parametrize(
    ("status", "age", "on_a_job", "tone", "words"),
    [
        (DutyStatus.AVAILABLE, 119, False, "dim", "fix 119 s"),
        (DutyStatus.AVAILABLE, 150, False, "warn", "▲ fix 2 min"),
        (DutyStatus.AVAILABLE, 3600, False, "orange", "▲ fix 60 min"),
        (DutyStatus.AVAILABLE, None, False, "orange", "▲ no fix"),
        (DutyStatus.AVAILABLE, 150, True, "warn", "▲ fix 2 min"),
        (DutyStatus.AVAILABLE, 3600, True, "late", "▲ fix 60 min"),
        (DutyStatus.AVAILABLE, None, True, "late", "▲ no fix"),
        (DutyStatus.OFF_DUTY, 3600, False, "dim", "fix 60 min"),
        (DutyStatus.OFF_DUTY, None, False, "dim", "no fix"),
    ],
)
def test_the_older_a_fix_and_the_more_it_matters_the_louder(
    vans: Vans, status: DutyStatus, age: float | None, on_a_job: bool, tone: str, words: str
) -> None:
    two, of = van("CRU2", status), referral()
    vans.fill(two, of)
    if age is not None:
        vans.fill(position(two.id, age))
    if on_a_job:
        vans.fill(job(of.id, two.id, AssignmentState.MOBILE))
    facts = vans.model.facts(two.id)
    assert facts is not None
    delegate = VanDelegate(vans.model)
    assert (delegate._fix_tone(facts), delegate._fix(facts)) == (tone, words)


def painted(vans: Vans, key: UUID, state: QStyle.StateFlag) -> QImage:
    """One row as it is drawn, 600 pixels wide."""
    delegate = VanDelegate(vans.model)
    option = QStyleOptionViewItem()
    option.rect.setRect(0, 0, 600, 40)
    option.state = state
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(current().panel))
    painter = QPainter(image)
    delegate.paint(painter, option, vans.model.index(vans.model.row_of(key)))
    painter.end()
    return image


def colours(image: QImage, left: int = 0, right: int = 600) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(left, right) for y in range(image.height())}


def test_the_chosen_row_an_emergency_and_a_status_have_their_colours(vans: Vans, stage: QWidget) -> None:
    two = van("CRU2")
    vans.fill(two, position(two.id))
    plain, chosen = (
        painted(vans, two.id, state) for state in (QStyle.StateFlag.State_None, QStyle.StateFlag.State_Selected)
    )
    bar, danger = QColor(current().link).name(), QColor(current().danger).name()
    assert chosen.pixelColor(1, 20).name() == bar
    assert plain.pixelColor(1, 20).name() != bar
    assert QColor(current().selection).name() in colours(chosen)
    assert QColor(current().selection).name() not in colours(plain)
    assert danger not in colours(plain)
    vans.fill(replace(two, emergency_at=NOW))
    assert danger in colours(painted(vans, two.id, QStyle.StateFlag.State_None))


def test_a_referral_may_be_dropped_on_a_free_van_only(vans: Vans, stage: QWidget) -> None:
    free, busy, of = van("CRU2"), van("CRU5"), referral()
    vans.fill(free, busy, of, job(of.id, busy.id, AssignmentState.MOBILE))
    shown = VanList(vans.model)
    put_on(stage, shown, 500, 300)
    for key, may in ((free.id, True), (busy.id, False)):
        place = QPointF(20, shown.rowViewportPosition(vans.model.row_of(key)) + 8)
        data = QMimeData()
        data.setData(REFERRAL_MIME, str(of.id).encode())
        event = QDragMoveEvent(
            place.toPoint(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        shown.dragMoveEvent(event)
        assert event.isAccepted() is may
    assert shown._free_van(QPoint(20, 290)) is None


def drag(kind: type[QDropEvent], format_: str, key: UUID, at: QPoint) -> Any:
    data = QMimeData()
    data.setData(format_, str(key).encode())
    held = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event: Any = kind(QPointF(at) if kind is QDropEvent else at, *held)
    event.ignore()
    # Qt forgets the data with the last name for it.
    event.kept = data
    return event


def test_only_a_referral_is_let_in_and_dropped(vans: Vans, stage: QWidget) -> None:
    free, busy, of = van("CRU2"), van("CRU5"), referral()
    vans.fill(free, busy, of, job(of.id, busy.id, AssignmentState.MOBILE))
    shown, asked = VanList(vans.model), []
    shown.dropped.connect(lambda *pair: asked.append(pair))
    put_on(stage, shown, 500, 300)
    assert shown.acceptDrops()
    assert shown.dragDropMode() is QAbstractItemView.DragDropMode.DropOnly
    on_free, on_busy = (
        QPoint(20, shown.rowViewportPosition(vans.model.row_of(key)) + 8) for key in (free.id, busy.id)
    )
    for format_, may in ((REFERRAL_MIME, True), ("text/plain", False)):
        enters = drag(QDragEnterEvent, format_, of.id, on_free)
        shown.dragEnterEvent(enters)
        assert enters.isAccepted() is may
        falls = drag(QDropEvent, format_, of.id, on_free)
        shown.dropEvent(falls)
        assert falls.isAccepted() is may
    assert asked == [(of.id, free.id)]
    refused = drag(QDropEvent, REFERRAL_MIME, of.id, on_busy)
    shown.dropEvent(refused)
    assert (refused.isAccepted(), len(asked)) == (False, 1)


class Words(QPainter):
    """Writes down what is written through it, in which ink."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.image = image  # painted on for as long as this lives
        self.said: list[tuple[str, str, bool]] = []

    def drawText(self, *given: Any) -> None:  # noqa: N802 - Qt's name
        self.said.append((given[2], self.pen().color().name(), self.font().bold()))
        super().drawText(*given)


def words_of(vans: Vans, width: int) -> list[tuple[str, str, bool]]:
    option = QStyleOptionViewItem()
    option.rect.setRect(0, 0, width, 40)
    painter = Words(QImage(width, 40, QImage.Format.Format_ARGB32))
    VanDelegate(vans.model).paint(painter, option, vans.model.index(0))
    painter.end()
    return painter.said


def test_in_a_narrow_row_a_job_keeps_its_number_and_a_base_its_end(vans: Vans) -> None:
    two, of = van("CRU2", base="St Mary's Hospital, Kettering"), referral()
    vans.fill(two, of)
    assert words_of(vans, 420)[-1][0] == "St Mary's Hospital, Kettering"  # in a line of its own where it must
    base = words_of(vans, 190)[-1][0]
    assert base.startswith("St")
    assert "…" in base
    vans.fill(job(of.id, two.id, AssignmentState.MOBILE))
    task = words_of(vans, 150)[-1][0]
    assert task.startswith("0044 ")
    assert task.endswith("…")


@pytest.mark.parametrize(
    ("changed", "with_job", "age", "sending", "said"),
    [
        ({}, False, 9, False, [("CRU2", "text"), ("available", "good"), ("fix 9 s", "dim"), ("Berrywood", "dim")]),
        (
            {},
            True,
            9,
            False,
            [("CRU2", "text"), ("mobile", "link"), ("fix 9 s", "dim"), ("0044 Kettering · NN16 8UZ", "dim")],
        ),
        (
            {},
            False,
            9,
            True,
            [("CRU2", "text"), ("available", "good"), ("sending…", "link"), ("Berrywood", "dim")],
        ),
        ({"duty_status": DutyStatus.MEAL_BREAK}, False, 9, False, [("meal break", "neutral")]),
        ({"duty_status": DutyStatus.OUT_OF_SERVICE}, False, 9, False, [("out of service", "orange")]),
        ({"duty_status": DutyStatus.OFF_DUTY}, False, 999, False, [("CRU2", "dim"), ("off duty", "dim")]),
        ({"emergency_at": NOW}, False, 9, False, [("CRU2", "text"), ("EMERGENCY", "on_danger")]),
    ],
)
def test_a_row_in_its_words_and_inks(
    vans: Vans,
    changed: dict[str, Any],
    with_job: bool,
    age: float,
    sending: bool,
    said: list[tuple[str, str]],
) -> None:
    two, of = van("CRU2", status=changed.get("duty_status", DutyStatus.AVAILABLE)), referral()
    two = replace(two, **changed)
    vans.fill(two, of, position(two.id, age), *([job(of.id, two.id, AssignmentState.MOBILE)] if with_job else []))
    vans.model.set_sending([two.id] if sending else [])
    written = words_of(vans, 700)

    def ink(name: str) -> str:
        look = current()
        special = {"text": look.text, "on_danger": look.on_danger}
        return QColor(special.get(name) or look.tone(name)).name()  # type: ignore[arg-type] # a tone

    found = [(text, colour) for text, colour, _ in written]
    for words, name in said:
        assert (words, ink(name)) in found, found
    assert [text for text, _, bold in written if bold][:1] == ["CRU2"]
    assert len(found) == 4


def test_the_row_with_the_keyboard_has_its_ring(vans: Vans, stage: QWidget) -> None:
    two = van("CRU2")
    vans.fill(two, position(two.id))
    ring = QColor(current().focus).name()
    kinds = QStyle.StateFlag
    assert painted(vans, two.id, kinds.State_HasFocus).pixelColor(300, 1).name() == ring
    assert painted(vans, two.id, kinds.State_None).pixelColor(300, 1).name() != ring


def test_what_must_stay_whole_stays_whole_at_any_width(vans: Vans) -> None:
    two = van("CRU2", base="St Mary's Hospital, Kettering")
    vans.fill(two, shift(two.id))
    delegate, (facts,) = VanDelegate(vans.model), vans.model.all_facts()
    must, whole = vans.model.task(facts).must, vans.model.task(facts).words
    assert must
    assert whole.endswith(f" · {must}")
    shown = [delegate.task(facts, room) for room in range(10, 700, 10)]
    assert all(words.endswith(must) for words in shown)
    assert (shown[0], shown[-1]) == (must, whole)
    between = [words for words in dict.fromkeys(shown) if words not in {must, whole}]
    assert between
    assert all(words.startswith("St") and "… · " in words for words in between)
    assert [len(words) for words in shown] == sorted(len(words) for words in shown)


def test_a_quiet_line_parts_one_row_from_the_next(vans: Vans) -> None:
    vans.fill(van("CRU2"))
    option, image = QStyleOptionViewItem(), QImage(600, 44, QImage.Format.Format_RGB32)
    option.rect.setRect(0, 0, 600, 40)
    image.fill(QColor(current().panel))
    painter = QPainter(image)
    painter.setPen(QColor(current().danger))
    VanDelegate(vans.model).paint(painter, option, vans.model.index(0))
    painter.end()
    below = {image.pixelColor(x, 40).name() for x in range(20, 580)}
    assert below == {QColor(current().line).name()}


def test_a_list_that_grows_higher_has_less_to_scroll(vans: Vans, stage: QWidget) -> None:
    vans.fill(*(van(f"CRU{number}") for number in range(40)))
    shown = VanList(vans.model)
    put_on(stage, shown, 500, 200)
    before = shown.verticalScrollBar().maximum()
    shown.resize(500, 400)
    assert 0 < shown.verticalScrollBar().maximum() < before


def test_a_narrow_list_gives_each_van_two_lines_and_a_wide_one_takes_them_back(vans: Vans, stage: QWidget) -> None:
    two = van("CRU2", base="St Mary's Hospital, Kettering")
    vans.fill(two, shift(two.id), position(two.id))
    shown = VanList(vans.model)
    shown.setItemDelegate(VanDelegate(vans.model, shown))
    put_on(stage, shown, 900, 200)
    heights = []
    for width in (900, 160, 900):
        shown.resize(width, 200)
        heights.append(shown.rowHeight(0))
    assert heights[0] == heights[2] == van_height()
    assert heights[1] > van_height()
