"""Stored text in any script, with any hidden sign in it, moves nothing beside it: on no panel, in no window."""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFont, QImage, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QWidget

from console.map.marks import referral_row, van_row
from console.timeline.canvas import LaneCanvas
from console.views.detail.rich import RichLabel, plain, strong
from db import rows
from db.domain.board import board_row, face
from db.domain.intake import draft_of
from db.domain.records import ApproachPlan, Location, Patient
from db.domain.situation import Facts
from db.domain.texts import FSI, LRI, PDI, bare
from tests.e2e.windows import START, Seated, clock, qt_loop, rooms, seated
from tests.unit.board_records import NOW, handover, reference, referral

__all__ = ["clock", "qt_loop", "rooms", "seated"]
HEBREW, ARABIC = "אבישי בן־דוד", "شارع الملك ١٢"
HOSTILE = (
    HEBREW,
    ARABIC,
    f"\u202e{HEBREW}",
    "\u202eNN1 4LP\u2066",
    f"{PDI}{PDI}{HEBREW}{FSI}",
    f"{HEBREW} 12\n{ARABIC}\r\n\tNorthampton\u2028NN1 4LP",
    "\u200f\u200b\u2060tiny\ufeff\u061c",
    "n\u0300\u0301\u0302\u0303\u0304\u0305" * 20,
    "😀👩🏽\u200d🚒" * 9,
    "w" * 900,
)
HIDDEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2067\ufeff\u061c\x00\x07\x1b")


def is_safe(text: str) -> bool:
    """Whether nothing hidden is in it and what runs leftward stands between marks that keep it there."""
    depth = 0
    for char in text:
        depth += (char in (FSI, LRI)) - (char == PDI)
        if depth < 0 or (not depth and unicodedata.bidirectional(char) in {"R", "AL", "AN"}) or char in HIDDEN:
            return False
    return depth == 0


def painted_at(text: str, words: str) -> float:
    """Pixels from the left at which some words of a line are painted."""
    layout = QTextLayout(text, QFont())
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e6)
    layout.endLayout()
    at = line.cursorToX(text.index(words))
    return float(at[0] if isinstance(at, tuple) else at)


@pytest.mark.parametrize("odd", HOSTILE)
def test_a_board_row_is_painted_in_its_order(qapp: QApplication, odd: str) -> None:
    who = referral(44, location=Location(f"{odd}, Corby", "NN17 1QB"), ems_callsign=odd)
    link = handover(who.id)
    shown = face(board_row(Facts(who, (), (link,)), reference()), NOW)
    assert is_safe(shown.title)
    places = [painted_at(shown.title, words) for words in ("0044", shown.where.town, "NN17 1QB")]
    assert places == sorted(places)
    said = shown.spoken("P1")
    assert is_safe(said)
    places = [painted_at(said, words) for words in ("P1", "0044", "NN17 1QB", "NO VAN", "left of 60")]
    assert places == sorted(places)


def left_ink(label: RichLabel) -> int:
    """The first column that something is painted in."""
    label.resize(600, 60)
    picture = label.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    ground = picture.pixel(599, 59)
    columns = (x for x in range(600) if any(picture.pixel(x, y) != ground for y in range(60)))
    return next(columns, 600)


@pytest.mark.parametrize("odd", [HEBREW, ARABIC])
def test_the_pane_begins_at_the_left_whatever_it_begins_with(qapp: QApplication, odd: str) -> None:
    for markup in (strong(odd), plain(f"{odd}: she says that it is too much."), f"{plain(odd)}<br>{plain('yes')}"):
        label = RichLabel()
        label.show_markup(markup)
        assert left_ink(label) < 20


def test_a_word_without_an_end_does_not_widen_the_pane(qapp: QApplication) -> None:
    label = RichLabel()
    label.show_markup(plain("w" * 900))
    assert label.minimumSizeHint().width() < 600


@pytest.mark.parametrize("odd", HOSTILE)
def test_what_was_typed_is_what_the_form_shows(odd: str) -> None:
    who = referral(
        location=Location(odd, "", access_note=odd),
        caller=odd,
        patient=Patient(odd),
    )
    draft = draft_of(who)
    for text in (draft.place, draft.access_note, draft.caller, draft.name):
        assert text == bare(odd)
        assert not {FSI, LRI, PDI} & set(text)


# --- the whole desk ---


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a widget shows, says and hints."""
    yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QAbstractItemView) and isinstance(model := widget.model(), QAbstractItemModel):
        for row in range(model.rowCount()):
            for role in (
                Qt.ItemDataRole.DisplayRole,
                Qt.ItemDataRole.AccessibleTextRole,
                Qt.ItemDataRole.ToolTipRole,
            ):
                yield str(model.index(row, 0).data(role) or "")
    if isinstance(widget, LaneCanvas):
        for lane in widget._lanes:
            yield from (lane.title, lane.subtitle, *(one.label for one in lane.segments))


def unsafe(desk: Seated) -> list[str]:
    picture = desk.page.map.view._picture
    drawn = [*map(referral_row, picture.referrals._wanted.values()), *map(van_row, picture.vans._wanted.values())]
    on_map = [value for row in drawn for value in row if isinstance(value, str)]
    every = [text for widget in desk.window.findChildren(QWidget) for text in texts_of(widget)]
    copied = [QApplication.clipboard().text()]
    # The pane may break a word that is too long for any line.
    return [text for text in [*every, *on_map, *copied] if not is_safe(text.replace("\u200b", ""))]


@pytest.mark.hazard("H-056")
def test_no_panel_shows_a_text_that_could_turn_round_its_neighbours(seated: Callable[[str], Seated]) -> None:
    desk = seated("a.shah")
    room, page = desk.room, desk.page
    hostile = [odd for odd in HOSTILE if len(odd) <= 200 and "\x00" not in odd]
    for odd in hostile:
        taken = room.take(
            priority="P1",
            received_at=START - timedelta(minutes=20),
            location=Location(odd, "NN1 4LP", 52.24, -0.89, odd),
            caller=odd,
            ems_callsign=odd,
            ems_incident=odd,
            waiting_party=odd,
            patient=Patient(odd),
            narrative=f"{odd}\nShe says it is too much.",
            plan=ApproachPlan((odd,), odd, "female", odd, odd, odd, odd, odd),
            legal_status=odd,
            police=odd,
        )
        room.accept(taken)
        page.select_referral(taken)
        page.detail.open_allocate()
        page._ticks.tick()
        assert not unsafe(desk), odd
    names = {desk.desk.store.referral(one.id).patient.name for one in desk.desk.store.referrals()}
    assert f"{FSI}{HEBREW}{PDI}" in names


def test_rows_are_read_without_what_nobody_sees() -> None:
    assert rows._text(f"\u202e{HEBREW}\u200b") == f"{FSI}{HEBREW}{PDI}"
    assert rows._text("plain words\nand more") == "plain words\nand more"
    assert rows._text(None) is None
