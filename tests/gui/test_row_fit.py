"""What of a row is cut when there is little room: never number, town, state or time, callsign or end of shift."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QWidget

from console.live.store import Link, LinkState, Store
from console.look import style
from console.look.style import px, text_font
from console.models.keyed import ITEM_ROLE
from console.models.referrals import GroupHead, ReferralModel
from console.models.vans import VanModel
from console.views.board.row import BoardDelegate, line_tone
from console.views.vans.row import VanDelegate, VanList
from db.domain.board import Face, board_row, face
from db.domain.party import Party
from db.domain.records import Location, Referral
from db.domain.situation import Facts
from db.domain.states import AssignmentState, HandoverState, ReferralState
from tests.gui.desks import put_on, stage
from tests.unit.board_records import NOW, ago, handover, job, position, reference, referral, shift, van

__all__ = ["stage"]
REFERENCE = reference()
AROUND = 14 + 38 + 10 + 12
"""Pixels of badge and margins at 100 %."""
PASTED = (
    "Flat 9, Rear of the Old Maltings\r\n\t114 Upper Bakehouse Hill\r\n\r\nWellingborough\r\nNorthants\r\nEngland"
)


@pytest.fixture(params=[100, 125, 150])
def percent(request: pytest.FixtureRequest, stage: QWidget, qapp: QApplication) -> Iterator[int]:
    style.apply(qapp, "dark", request.param)
    yield request.param
    style.apply(qapp, "dark", 100)


def faces() -> list[Face]:
    """Rows of every kind, in the towns with the longest names and with the longest callsigns."""
    made = []
    long, late = van("Northants Response 12"), AssignmentState.AT_RENDEZVOUS
    for text, received in product(
        (PASTED, "Market Harborough", "3 Kennel Terrace, Newport Pagnell"), (3, 58, 700)
    ):
        place = Location(text, "NN29 7XQ")
        waits = referral(7, received, location=place)
        crew = handover(waits.id)
        going = job(waits.id, long.id, late)
        there = job(waits.id, long.id, AssignmentState.WITH_PATIENT, with_patient=2)
        handing = handover(waits.id, HandoverState.STARTED, started=2)
        other = replace(crew, from_kind=Party.OTHER, from_party="The manager of the Wellingborough night shelter")
        held = replace(waits, hold_until=NOW + timedelta(hours=20), hold_reason="call_back")
        ended = replace(waits, state=ReferralState.CLOSED, outcome="home", times=waits.times | {"closed": ago(1)})
        calls = {long.id: long.callsign}
        made += [
            Facts(waits),
            Facts(waits, (), (crew,)),
            Facts(waits, (), (other,)),
            Facts(waits, (going,), (crew,), calls),
            Facts(waits, (going, job(waits.id, uuid4(), AssignmentState.MOBILE)), (crew,), calls),
            Facts(replace(waits, state=ReferralState.ATTENDING), (there,), (handing,), calls),
            Facts(replace(waits, state=ReferralState.RECEIVED), (), (crew,)),
            Facts(held, (), (crew,)),
            Facts(ended, (), (crew,)),
            Facts(replace(waits, entered_in_error_at=ago(1))),
        ]
    return [face(board_row(facts, REFERENCE), NOW) for facts in made]


def delegate_of(stage: QWidget) -> BoardDelegate:
    return BoardDelegate(ReferralModel(Store(REFERENCE, Link(LinkState.LIVE, NOW)), lambda: NOW), stage)


@pytest.mark.hazard("H-035")
@pytest.mark.parametrize("width", [340, 400, 470, 600])
def test_number_town_state_and_time_stay_whole(percent: int, stage: QWidget, width: int) -> None:
    delegate = delegate_of(stage)
    for one in faces():
        said = delegate.fitted(one, px(width) - px(AROUND))
        assert not said.cut, (one.title, one.lines, said)
        assert one.where.town in said.title
        assert said.title.startswith("0007 ")
        assert one.state in said.line
        assert "\n" not in said.title + said.street + said.line


@pytest.mark.parametrize("state", ["allocated", "acknowledged", "mobile", "on scene"])
def test_which_van_it_is_outlasts_who_waits(percent: int, stage: QWidget, state: str) -> None:
    """Also beside the longest words of a clock."""
    delegate, unit = delegate_of(stage), van("CRU6")
    waits = referral(9, 45, location=Location("Mill Lane, Wellingborough", "NN8 4AA"))
    crew, going = handover(waits.id), job(waits.id, unit.id, AssignmentState(state))
    row = face(board_row(Facts(waits, (going,), (crew,), {unit.id: "CRU6"}), REFERENCE), NOW)
    said = delegate.fitted(replace(row, below="late by 23 min"), px(340) - px(AROUND))
    assert f"CRU6 {state}" in said.line


@pytest.mark.hazard("H-056")
def test_nothing_of_a_row_lies_over_anything_else(percent: int, stage: QWidget) -> None:
    delegate = delegate_of(stage)
    bold, line = QFontMetricsF(text_font(bold=True)), QFontMetricsF(text_font(0.9))
    low = QFontMetricsF(text_font(0.9, bold=True))
    for one, width in product(faces(), range(200, 900, 35)):
        said = delegate.fitted(one, width)
        behind = f" {said.street}" if said.street else ""
        first = bold.horizontalAdvance(said.title) + line.horizontalAdvance(behind)
        assert first + bold.horizontalAdvance(one.right) <= max(width, bold.horizontalAdvance(one.right) + px(40))
        assert line.horizontalAdvance(said.line) + low.horizontalAdvance(one.below) <= max(
            width, low.horizontalAdvance(one.below) + px(40)
        )


def test_what_has_room_is_told_and_what_has_none_goes_in_order(stage: QWidget) -> None:
    delegate = delegate_of(stage)
    who = referral(7, location=Location("12 Orchard Close, Wellingborough", "NN8 4AA"))
    one = face(board_row(Facts(who, (), (handover(who.id),)), REFERENCE), NOW)
    seen = [delegate.fitted(one, width) for width in range(600, 60, -1)]
    titles = list(dict.fromkeys(said.title for said in seen if not said.cut))
    assert titles == ["0007 Wellingborough · NN8 4AA", "0007 Wellingborough · NN8", "0007 Wellingborough"]
    assert seen[0].street == "· 12 Orchard Close"
    assert seen[0].line == "EMAS 49 min · NO VAN"
    lines = list(dict.fromkeys(said.line for said in seen if "state" not in said.cut))
    assert lines == ["EMAS 49 min · NO VAN", "NO VAN"]
    assert seen[-1].cut == {"number", "town", "state"}


# --- vans ---


def vans(stage: QWidget, callsigns: tuple[str, ...], width: int, **of_shift: Any) -> tuple[VanList, VanDelegate]:
    store = Store(REFERENCE, Link(LinkState.LIVE, NOW))
    fleet = [van(callsign, base="St Mary's Hospital, Kettering") for callsign in callsigns]
    rest = {"shift": [shift(one.id, 900) for one in fleet], "position": [position(one.id, 5) for one in fleet]}
    store.put({"van": fleet, **rest})
    shown = VanList(VanModel(store, lambda: NOW), stage)
    delegate = VanDelegate(shown._vans, shown)
    shown.setItemDelegate(delegate)
    put_on(stage, shown, width, 300)
    shown.measure()
    return shown, delegate


ALIKE = (
    ("CRU NORTH 1", "CRU NORTH 2"),
    ("Northants Response 12", "Northants Response 13"),
    ("CRU1", "CRU2"),
)


@pytest.mark.parametrize("callsigns", ALIKE)
@pytest.mark.parametrize("width", [340, 470])
def test_callsigns_and_ends_of_shifts_stay_whole(
    percent: int, stage: QWidget, callsigns: tuple[str, ...], width: int
) -> None:
    shown, delegate = vans(stage, callsigns, px(width))
    room, wide = shown.viewport().width() - 2 * px(12), delegate._wide
    bold, small = QFontMetricsF(text_font(bold=True)), QFontMetricsF(text_font(0.9))
    for facts in shown._vans.all_facts():
        fix = small.horizontalAdvance(delegate._fix(facts)) + px(12)
        assert bold.horizontalAdvance(facts.van.callsign) <= wide.callsign
        assert wide.callsign + wide.status <= room
        left = room - fix - (0 if shown._two_lines else wide.callsign + wide.status)
        task = delegate.task(facts, left)
        assert task.endswith("ends 18:42")
        assert small.horizontalAdvance(task) <= left
    assert (shown.rowHeight(0) > 1.4 * QFontMetricsF(text_font()).height() + px(13)) == shown._two_lines


def test_there_are_two_lines_only_where_one_is_not_enough(stage: QWidget) -> None:
    shown, _ = vans(stage, ("Northants Response 12",), 340)
    low, _ = vans(stage, ("CRU1",), 470)
    assert shown._two_lines
    assert not low._two_lines
    assert shown.rowHeight(0) > low.rowHeight(0)


def drawn(stage: QWidget, state: QStyle.StateFlag, *rows: Referral, head: bool = False) -> QImage:
    """The row of the first, or the first head of a group, as a board draws it, 600 pixels wide."""
    store = Store(REFERENCE, Link(LinkState.LIVE, NOW))
    store.put({"referral": list(rows)})
    model = ReferralModel(store, lambda: NOW)
    heads = [n for n in range(model.rowCount()) if isinstance(model.index(n).data(ITEM_ROLE), GroupHead)]
    first = heads[0] if heads else -1
    option = QStyleOptionViewItem()
    option.rect.setRect(0, 0, 600, 60)
    option.state = state
    image = QImage(600, 62, QImage.Format.Format_RGB32)
    image.fill(QColor(style.current().panel))
    painter = QPainter(image)
    BoardDelegate(model, stage).paint(painter, option, model.index(first if head else model.row_of(rows[0].id)))
    painter.end()
    return image


def test_the_chosen_row_is_told_from_the_others_and_the_one_with_the_keyboard_from_both(stage: QWidget) -> None:
    who, flags = referral(7), QStyle.StateFlag
    plain, chosen, ringed = (
        drawn(stage, state, who) for state in (flags.State_None, flags.State_Selected, flags.State_HasFocus)
    )
    bar, ground = (QColor(colour).name() for colour in (style.current().link, style.current().selection))
    assert (chosen.pixelColor(1, 30).name(), plain.pixelColor(1, 30).name()) == (
        bar,
        plain.pixelColor(6, 30).name(),
    )
    assert (chosen.pixelColor(8, 5).name(), plain.pixelColor(8, 5).name() == ground) == (ground, False)
    assert ringed != plain
    assert ringed.pixelColor(8, 5) == plain.pixelColor(8, 5), "what has the keyboard is not chosen by that"
    line = QColor(style.current().line).name()
    assert line in {plain.pixelColor(300, y).name() for y in (59, 60, 61)}, "a line parts it from the next"


def test_a_row_has_the_badge_of_its_priority_and_the_head_of_a_group_has_none(stage: QWidget) -> None:
    who = referral(7, location=Location("12 Orchard Close, Wellingborough", "NN8 4AA"))

    def inks(image: QImage, left: int, right: int) -> set[str]:
        return {image.pixelColor(x, y).name() for x in range(left, right) for y in range(4, 56)}

    ended = referral(8, state=ReferralState.CLOSED, outcome="home", times={"closed": ago(1)})
    row, head = (drawn(stage, QStyle.StateFlag.State_None, who, ended, head=head) for head in (False, True))
    badge = QColor(style.current().late).name()
    assert badge in inks(row, 14, 52)
    assert badge not in inks(head, 14, 590)
    assert QColor(style.current().text).name() in inks(row, 62, 590)
    assert QColor(style.current().text_dim).name() in inks(head, 14, 590)


@pytest.mark.parametrize("said", ["behind the bandstand", "lay-by past the second bridge", "the flat above 12"])
def test_a_place_without_town_and_postcode_is_told_in_its_own_words(
    percent: int, stage: QWidget, said: str
) -> None:
    one = face(board_row(Facts(referral(7, location=Location(said, ""))), REFERENCE), NOW)
    delegate = delegate_of(stage)
    assert delegate.fitted(one, px(600)).street == f"· {said}"
    narrow = delegate.fitted(one, px(340) - px(AROUND))
    assert (narrow.title, narrow.cut) == ("0007", frozenset())
    assert narrow.street.startswith(f"· {said[:4]}")


def test_colour_on_the_second_line_is_for_nobody_sent_in_time_and_for_danger(qapp: QApplication) -> None:
    made = next(one for one in faces() if one.state == "NO VAN")
    for change, tone in (
        ({"urgency": "calm"}, "dim"),
        ({"urgency": "due soon"}, "warn"),
        ({"urgency": "will be late"}, "late"),
        ({"urgency": "late"}, "late"),
        ({"urgency": "late", "state": "mobile"}, "dim"),
        ({"urgency": "late", "state": "no van"}, "dim"),
        ({"urgency": "calm", "state": "▲ weapon"}, "late"),
    ):
        assert line_tone(replace(made, **change)) == tone, change
