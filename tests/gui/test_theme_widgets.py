from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from console.look import keys, paint, style
from console.look.over_table import nothing_label
from console.look.palette import PALETTES
from console.look.panel import ElidedLabel
from console.look.widgets import (
    ActionButton,
    Chip,
    Heading,
    Held,
    HoldingBar,
    KeyHint,
    MessageBar,
    Panel,
    PriorityBadge,
    TimeBar,
)


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    style.apply(qapp, "dark", 100)
    yield
    style.apply(qapp, "dark", 100)


@pytest.fixture
def stage(qtbot: QtBot) -> QWidget:
    """An open window to put widgets in: Qt's offscreen screen warns about windows with size limits."""
    window = QWidget()
    window.resize(800, 200)
    qtbot.addWidget(window)
    window.show()
    return window


def shown(stage: QWidget, widget: QWidget) -> None:
    widget.setParent(stage)
    widget.show()


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("theme", list(PALETTES))
def test_apply_dresses_open_widgets_at_once(qapp: QApplication, qtbot: QtBot, stage: QWidget, theme: str) -> None:
    label = QLabel("CRU")
    shown(stage, label)
    style.apply(qapp, theme, 100)
    assert style.current() is PALETTES[theme]  # type: ignore[index]  # a plain name stands for the literal
    assert label.palette().windowText().color() == QColor(style.current().text)


@pytest.mark.parametrize(("asked", "given"), [(50, 1.0), (100, 1.0), (125, 1.25), (150, 1.5), (400, 1.5)])
def test_fonts_scale_within_their_bounds(qapp: QApplication, asked: int, given: float) -> None:
    style.apply(qapp, "dark", asked)
    assert style.scale() == given
    assert qapp.font().pointSizeF() == pytest.approx(10 * given)
    assert style.px(24) == round(24 * given)


def test_painted_widgets_follow_theme_and_scale(qapp: QApplication, qtbot: QtBot, stage: QWidget) -> None:
    badge = PriorityBadge("P1", 0)
    shown(stage, badge)
    before = badge.sizeHint().width()
    style.apply(qapp, "light", 150)
    assert badge.sizeHint().width() > before
    assert PALETTES["light"].late in colours(picture(badge))


def test_priorities_differ_by_shape_as_well_as_colour(qtbot: QtBot) -> None:
    def outline(standing: int) -> list[bool]:
        badge = PriorityBadge("now", standing)
        qtbot.addWidget(badge)
        badge.resize(badge.sizeHint())
        image = picture(badge)
        ground = QColor(style.current().panel)
        corner = [(x, y) for x in range(12) for y in range(10)]
        return [image.pixelColor(x, y) != ground for x, y in corner]

    assert outline(0) != outline(1)
    assert outline(1) != outline(2)
    assert outline(0) != outline(2)
    assert outline(2) == outline(5)


def test_the_outlines_differ_also_in_one_colour_and_weight(qapp: QApplication) -> None:
    def drawn(standing: int) -> bytes:
        image = QImage(40, 28, QImage.Format.Format_Grayscale8)
        image.fill(0)
        painter = QPainter(image)
        painter.setPen(QColor("white"))
        paint._badge_outline(painter, QRectF(2, 2, 36, 24), standing)
        painter.end()
        return bytes(image.constBits())

    assert len({drawn(standing) for standing in (0, 1, 2)}) == 3
    assert drawn(2) == drawn(7)


def test_every_small_widget_says_what_it_shows(qtbot: QtBot) -> None:
    bar = TimeBar()
    bar.set_time(0.4, "warn", "25 min left of 60")
    named = {
        PriorityBadge("P1", 0): "Priority 1",
        PriorityBadge("", 0): "Priority not set",
        bar: "25 min left of 60",
        Chip("quiet arrival"): "quiet arrival",
        KeyHint("Ctrl+N", "new"): "Ctrl N new",
        Heading("Vans"): "Vans",
        Panel("Vans"): "Vans",
    }
    for widget, name in named.items():
        qtbot.addWidget(widget)
        assert widget.accessibleName() == name


def test_a_bar_past_its_time_is_striped(qtbot: QtBot) -> None:
    bar = TimeBar()
    qtbot.addWidget(bar)
    bar.resize(100, 8)
    bar.set_time(1.0, "late", "due now")
    full = colours(picture(bar).copy(20, 2, 40, 4))
    bar.set_time(1.3, "late", "18 min over")
    assert full == {style.current().late}
    assert style.current().track in colours(picture(bar).copy(20, 2, 40, 4))


def test_holding_bar_is_in_proportion_and_told_in_words(qtbot: QtBot) -> None:
    bar = HoldingBar()
    qtbot.addWidget(bar)
    assert bar.accessibleName() == "Who holds the patient: not known"
    bar.resize(600, 30)
    bar.set_held(
        [Held("EMAS 40 min", 2400, "ems"), Held("handing over", 0, "cru", True), Held("CRU", 800, "track")]
    )
    spans = [box for box, _ in bar.spans()]
    assert spans[0].left() == 0
    assert spans[-1].right() == pytest.approx(600)
    assert spans[0].width() > spans[2].width() > spans[1].width() >= 50
    assert bar.accessibleName() == "Who holds the patient: EMAS 40 min, then handing over, then CRU (next)"


def test_holding_bar_shares_evenly_what_has_no_length(qtbot: QtBot) -> None:
    bar = HoldingBar()
    qtbot.addWidget(bar)
    bar.resize(100, 30)
    bar.set_held([Held("EMAS", 0, "ems"), Held("CRU", -5, "track")])
    assert [box.width() for box, _ in bar.spans()] == [50, 50]


@pytest.mark.parametrize("percent", [100, 150])
def test_targets_are_large_enough(qapp: QApplication, qtbot: QtBot, stage: QWidget, percent: int) -> None:
    style.apply(qapp, "dark", percent)
    for widget in (ActionButton("Accept", "Return"), QCheckBox("no"), QRadioButton("yes"), Chip("pets")):
        shown(stage, widget)
        assert widget.sizeHint().height() >= 24
        assert widget.sizeHint().width() >= 24


def test_action_button_shows_its_key_and_works_from_the_keyboard(qtbot: QtBot, stage: QWidget) -> None:
    plain, keyed = ActionButton("Accept"), ActionButton("Accept", "Ctrl+Return", "primary")
    shown(stage, plain)
    shown(stage, keyed)
    assert keyed.sizeHint().width() > plain.sizeHint().width()
    assert keyed.accessibleDescription() == "Key: Ctrl Return"
    with qtbot.waitSignal(keyed.clicked, timeout=1000):
        qtbot.keyClick(keyed, Qt.Key.Key_Space)


def test_a_long_action_is_cut_and_told_by_the_tooltip(qtbot: QtBot, stage: QWidget) -> None:
    button = ActionButton("Refused: physical need found on scene", "R")
    shown(stage, button)
    button.resize(160, 30)
    picture(button)
    assert button.toolTip() == "Refused: physical need found on scene"
    button.resize(600, 30)
    picture(button)
    assert button.toolTip() == ""


@pytest.mark.parametrize("make", [lambda: ActionButton(""), ElidedLabel])
def test_what_a_tooltip_was_given_to_say_outlives_each_paint(
    qtbot: QtBot, stage: QWidget, make: Callable[[], ActionButton | ElidedLabel]
) -> None:
    words, told = "Copy the line for the hub", "0007: crew on the way, there at 03:56."
    widget = make()
    widget.setText(words)
    widget.setToolTip(told)
    shown(stage, widget)
    for width, whole in ((600, ""), (90, f"{words}\n"), (80, f"{words}\n"), (600, "")):
        widget.resize(width, 30)
        picture(widget)
        assert widget.toolTip() == whole + told
    widget.resize(90, 30)
    picture(widget)
    widget.setToolTip("0007: nobody is on the way.")
    picture(widget)
    assert widget.toolTip() == f"{words}\n0007: nobody is on the way."


def test_focus_is_seen_on_buttons(qtbot: QtBot, stage: QWidget) -> None:
    holder = QWidget()
    button = ActionButton("Accept", parent=holder)
    shown(stage, holder)
    button.clearFocus()
    plain = colours(picture(button))
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert style.current().focus not in plain
    assert style.current().focus in colours(picture(button))


def test_message_bar_speaks_and_goes_away(qtbot: QtBot, stage: QWidget) -> None:
    holder = QWidget()
    bar = MessageBar(holder)
    shown(stage, holder)
    assert not bar.isVisible()
    bar.say("late", "The link was lost at 03:42.", "What you type is kept.", "Try now")
    assert bar.isVisible()
    assert bar.text() == "The link was lost at 03:42. What you type is kept."
    assert bar.accessibleName() == f"Urgent: {bar.text()}"
    with qtbot.waitSignal(bar.action, timeout=1000):
        qtbot.mouseClick(bar.findChildren(ActionButton)[0], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(bar.dismissed, timeout=1000):
        qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert bar.text() == ""


def test_message_bar_never_takes_the_focus(qtbot: QtBot, stage: QWidget) -> None:
    holder = QWidget()
    typed, bar = ActionButton("typing", parent=holder), MessageBar(holder)
    shown(stage, holder)
    typed.setFocus()
    qtbot.waitUntil(typed.hasFocus)
    bar.say("warn", "CRU3 was taken by A. Shah.")
    assert typed.hasFocus()


def test_what_is_so_no_longer_goes_by_itself_and_what_happened_stays(qtbot: QtBot, stage: QWidget) -> None:
    bar, true = MessageBar(stage), {"so"}
    bar.say("warn", "No device is chosen.", so=lambda: "so" in true)
    bar.look()
    assert bar.text() == "No device is chosen."
    # Said again of something that holds: what was so before takes nothing of it away.
    bar.say("info", "The file is being read.", so=lambda: True)
    true.clear()
    bar.look()
    assert bar.text() == "The file is being read."
    bar.say("info", "Copied.")
    bar.look()
    assert not bar._look.isActive(), "nothing is looked at for what happened"
    bar.say("warn", "No device is chosen.", so=lambda: "so" in true)
    qtbot.waitUntil(bar.isHidden)
    assert not bar._look.isActive()
    assert bar.text() == ""


@pytest.mark.parametrize("percent", [100, 150])
def test_what_is_said_in_place_of_lines_keeps_its_distance_from_the_edge(
    stage: QWidget, qapp: QApplication, percent: int
) -> None:
    style.apply(qapp, "light", percent)
    label = nothing_label("Nothing was found.", stage)
    # Dressed before it has its place, as in a window that opens.
    label.show()
    label.resize(400, 90)
    image = label.grab().toImage()
    inked = [x for x in range(image.width()) for y in range(0, 90, 2) if image.pixel(x, y) != image.pixel(0, 0)]
    assert min(inked) >= style.px(12)


def test_heading_takes_a_note_and_a_widget_on_the_right(qtbot: QtBot, stage: QWidget) -> None:
    heading = Heading("Vans", "6 on shift")
    hint = KeyHint("Ctrl+N", "new")
    heading.add_right(hint)
    shown(stage, heading)
    heading.resize(500, heading.sizeHint().height())
    heading.set_note("fix 6 min old", "warn")
    assert heading.note() == "fix 6 min old"
    qtbot.waitUntil(lambda: hint.geometry().right() > 400)


@pytest.mark.parametrize(
    ("sequence", "cap", "spoken"),
    [
        ("Return", "⏎", "Return"),
        ("Ctrl+Return", "Ctrl ⏎", "Ctrl Return"),
        ("Ctrl++", "Ctrl +", "Ctrl Plus"),
        ("+", "+", "Plus"),
        ("F9", "F9", "F9"),
    ],
)
def test_keys_read_as_printed(sequence: str, cap: str, spoken: str) -> None:
    assert keys.cap(sequence) == cap
    assert keys.spoken(sequence) == spoken
