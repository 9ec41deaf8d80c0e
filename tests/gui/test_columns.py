"""How the panels share a window, what a torn-off one is, and where windows stand when their screen is another."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.look import style
from console.look.screens import first_geometry, into_view
from console.views.desk.columns import TIMELINES, Panels, Plan, Sides, plan_for, share, sides
from console.views.desk.dock import Dock
from console.views.desk.profiles import PROFILES
from tests.e2e.windows import Clock, Seated, clock, qt_loop, rooms, seated
from tests.gui.desks import put_on, stage
from tests.gui.map_tools import ENGINE_NOISE

__all__ = ["clock", "qt_loop", "rooms", "seated", "stage"]
pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)
Opens = Callable[[str], Seated]
DESK = QRect(0, 0, 1920, 1040)
BESIDE = QRect(1920, 0, 1280, 984)
NAMES = ("board", "vans", "map", "timelines", "detail")


@pytest.mark.parametrize("text", [1.0, 1.25, 1.5])
def test_what_a_larger_window_has_more_is_the_maps(text: float) -> None:
    before = None
    for width in range(1300, 4000, 90):
        left, right = sides(width, text)
        assert 320 * text <= right <= max(340 * text, min(660 * text, width / 3))
        middle = width - left - right
        assert before is None or middle > before
        before = middle
    assert width - left - right > 0.48 * width


def test_somebodys_own_columns_stay_until_there_is_no_room_for_them() -> None:
    assert sides(2400, 1.0, Sides(400, 700)) == (400, 700)
    assert sides(1300, 1.5, Sides(400, 700)) == (385, 675)
    for width in (720, 801, 930):
        left, right = sides(width, 1.0, Sides(600, 600))
        assert min(left, right, width - left - right) >= 240


@pytest.mark.parametrize(
    ("width", "height", "text", "plan"),
    [
        (1360, 700, 1.0, Plan()),
        (1500, 640, 1.5, Plan()),
        (1400, 640, 1.5, Plan(narrow=True)),
        (1000, 640, 1.0, Plan()),
        (948, 520, 1.0, Plan(narrow=True)),
        (1360, 640, 2.0, Plan(narrow=True, low=True)),
        (1300, 390, 1.0, Plan(low=True)),
        (630, 300, 1.0, Plan(narrow=True, low=True)),
    ],
)
def test_small_screens_put_panels_behind_each_other(width: int, height: int, text: float, plan: Plan) -> None:
    assert plan_for(width, height, text) == plan


@pytest.mark.parametrize("screen", [DESK, BESIDE, QRect(0, 0, 853, 480), QRect(-2560, 30, 2560, 1370)])
def test_the_first_window_lies_inside_its_screen(screen: QRect) -> None:
    found = first_geometry(screen)
    assert screen.contains(found.adjusted(0, -24, 0, 0))
    assert found.width() * found.height() > 0.8 * screen.width() * screen.height()
    assert into_view(found, [screen]) == found


@pytest.mark.parametrize(
    ("window", "screens", "is_moved"),
    [
        (QRect(300, 200, 800, 600), [DESK], False),
        (QRect(-200, 200, 800, 600), [DESK], False),
        (QRect(1900, 200, 800, 600), [DESK, BESIDE], False),
        (QRect(2100, 200, 800, 600), [DESK], True),
        (QRect(300, -300, 800, 600), [DESK], True),
        (QRect(300, 1035, 800, 600), [DESK], False),
        (QRect(300, 1300, 800, 600), [DESK], True),
        (QRect(0, 40, 2560, 1400), [DESK], True),
        (QRect(-5000, 40, 700, 500), [DESK, BESIDE], True),
    ],
)
def test_a_window_without_a_screen_comes_back_and_others_stay(
    window: QRect, screens: list[QRect], is_moved: bool
) -> None:
    found = into_view(window, screens)
    assert (found != window) is is_moved
    if is_moved:
        assert any(screen.contains(found) for screen in screens)
    assert into_view(found, screens) == found


def test_no_screen_at_all_moves_nothing() -> None:
    assert into_view(QRect(9, 9, 90, 90), []) == QRect(9, 9, 90, 90)


@pytest.fixture
def panels(stage: QWidget, qapp: QApplication) -> Iterator[Panels]:
    """Five bare panels, as wide as a desk."""
    yield five(stage, 1400, 800)
    style.apply(qapp, "dark", 100)


def five(stage: QWidget, width: int, height: int) -> Panels:
    made = Panels(stage)
    put_on(stage, made, width, height)
    made.hold({name: Dock(name, name, QWidget(), lambda: None, made) for name in NAMES})
    return made


def settled() -> None:
    for _ in range(3):
        QApplication.processEvents()


def widths(panels: Panels) -> dict[str, int]:
    QApplication.processEvents()
    return {name: panels._dock[name].width() for name in ("board", "map", "detail")}


def test_what_was_never_remembered_changes_nothing_and_what_is_moved_then_is_ones_own(panels: Panels) -> None:
    assert not panels.take_arrangement(QByteArray(), 1)
    assert panels.arrangement(1).isEmpty()
    panels._dock["vans"].dockLocationChanged.emit(panels.dockWidgetArea(panels._dock["vans"]))
    assert not panels.arrangement(1).isEmpty()


def test_a_map_that_lay_behind_the_referral_has_the_room_of_a_larger_screen(panels: Panels) -> None:
    """As when a small screen with large text is put beside a large one: one change of the size, and no second."""
    panels.resize(900, 700)
    widths(panels)
    assert panels._dock["map"].visibleRegion().isEmpty()
    panels.resize(2500, 1400)
    QApplication.processEvents()
    found = widths(panels)
    assert found["map"] > 1100
    assert found["detail"] <= 660


CHANGES: list[list[tuple[int, int, int, str]]] = [
    [(2560, 1400, 100, "dispatcher"), (2560, 1400, 150, "dispatcher")],
    [(2560, 1400, 150, "dispatcher"), (2560, 1400, 110, "dispatcher")],
    [(1500, 700, 100, "dispatcher"), (1500, 700, 125, "dispatcher")],
    # Tab bars that come and go at once: this ended the whole program when they were looked for in depth.
    [(2560, 1400, 100, "dispatcher"), (800, 380, 100, "dispatcher")],
    [(1300, 700, 100, "dispatcher"), (1300, 700, 150, "dispatcher"), (1300, 700, 100, "dispatcher")],
    [(900, 700, 120, "dispatcher"), (2500, 1400, 120, "dispatcher"), (2500, 1400, 100, "dispatcher")],
    [(1920, 1000, 100, "lead"), (2560, 1400, 100, "lead")],
    [(800, 700, 100, "call taker"), (1920, 1000, 100, "call taker"), (1920, 1000, 140, "call taker")],
    [(1920, 1000, 150, "lead"), (800, 380, 150, "lead"), (1700, 1000, 100, "lead")],
]
"""Width, height, text and profile, one after the other."""


@pytest.mark.parametrize("steps", CHANGES)
def test_however_a_desk_came_to_its_room_it_is_shared_out_as_if_it_had_begun_so(
    panels: Panels, stage: QWidget, qapp: QApplication, steps: list[tuple[int, int, int, str]]
) -> None:
    """Text, screen and profile change what room is needed; each does at once what opening the desk so would do."""
    profile = ""
    for width, height, text, name in steps:
        style.apply(qapp, "dark", text)
        panels.resize(width, height)
        if name != profile:
            panels.take_profile(PROFILES[f"layout {name}"])
        profile = name
        settled()
    fresh = five(stage, width, height)
    fresh.take_profile(PROFILES[f"layout {profile}"])
    settled()
    for name, dock in fresh._dock.items():
        mine = panels._dock[name]
        assert mine.isHidden() == dock.isHidden(), name
        assert mine.visibleRegion().isEmpty() == dock.visibleRegion().isEmpty(), name
        if not dock.visibleRegion().isEmpty():
            found, wanted = mine.geometry(), dock.geometry()
            assert found.getRect() == pytest.approx(wanted.getRect(), abs=12), name


def test_a_desk_that_opens_on_a_large_screen_never_shows_the_small_ones_tabs(stage: QWidget) -> None:
    """It is made before it has a size, and was first painted as for 640 x 480."""
    made = Panels(stage)
    made.hold({name: Dock(name, name, QWidget(), lambda: None, made) for name in NAMES})
    made.resize(1920, 1000)
    assert not any(made.tabifiedDockWidgets(dock) for dock in made._dock.values())
    made.show()
    assert widths(made) == pytest.approx({"board": 510, "map": 900, "detail": 495}, abs=12)


def test_what_somebody_dragged_or_put_away_stays_and_grows_with_the_text(
    panels: Panels, qapp: QApplication
) -> None:
    panels.resize(2400, 1300)
    panels._dock["vans"].toggleViewAction().trigger()
    widths(panels)
    panels.resizeDocks([panels._dock["board"], panels._dock["detail"]], [360, 600], Qt.Orientation.Horizontal)
    had = widths(panels)
    QTest.mouseRelease(panels, Qt.MouseButton.LeftButton)
    for text, width in ((150, 2400), (150, 2300), (100, 2300)):
        style.apply(qapp, "dark", text)
        panels.resize(width, 1300)
        found = widths(panels)
        assert [found[name] for name in ("board", "detail")] == pytest.approx(
            [had[name] * text / 100 for name in ("board", "detail")], abs=6
        )
    for width in (700, 2400):
        panels.resize(width, 1300)
        assert widths(panels)
        assert panels._dock["vans"].isHidden()
    assert not panels.arrangement(1).isEmpty()


def test_a_layout_that_was_remembered_keeps_its_columns_when_the_window_grows(panels: Panels) -> None:
    before = widths(panels)
    panels.resizeDocks([panels._dock["board"], panels._dock["detail"]], [300, 500], Qt.Orientation.Horizontal)
    chosen = widths(panels)
    assert chosen != before
    panels._moved()
    kept = panels.arrangement(1)
    panels.arrange()
    assert widths(panels) == before
    assert panels.take_arrangement(kept, 1)
    panels.resize(1401, 800)
    found = widths(panels)
    assert abs(found["detail"] - chosen["detail"]) < 9, "as Qt shares it out"
    panels.resize(1701, 800)
    # To a pixel or two.
    assert widths(panels) == {
        name: pytest.approx(wide + 300 * (name == "map"), abs=2) for name, wide in found.items()
    }


def settle(seat: Seated) -> None:
    for _ in range(6):
        QApplication.processEvents()


def test_a_torn_off_panel_has_a_name_and_closing_it_puts_it_back(seated: Opens, clock: Clock) -> None:
    seat = seated("a.shah")
    referral = seat.room.take()
    seat.page.select_referral(referral)
    settle(seat)
    stood = {name: dock.geometry() for name, dock in seat.page.dock.items()}
    for dock in seat.page.dock.values():
        dock.tear_or_put_back()
        assert dock.isFloating()
        assert dock.isWindow()
        title = dock.windowTitle()
        assert title == f"{dock.name} – CRU console"
        assert seat.desk.store.referral(referral).reference not in title
        dock.close()
        assert not dock.isFloating()
        assert dock.isVisible()
        assert dock.windowTitle() == dock.name
        assert not seat.page.docks.tabifiedDockWidgets(dock)
        seat.room.until(
            lambda: stood == {name: dock.geometry() for name, dock in seat.page.dock.items()}, within=3
        )


def test_its_key_tears_a_panel_off_and_brings_it_back(seated: Opens, clock: Clock) -> None:
    seat = seated("a.shah")
    seat.sit()
    seat.press("Shift+F4")
    assert [name for name, dock in seat.page.dock.items() if dock.isFloating()] == ["map"]
    seat.press("Shift+F4")
    assert not seat.page.dock["map"].isFloating()


def test_a_torn_off_panel_has_every_key_of_everywhere_and_keeps_no_keyboard(seated: Opens, clock: Clock) -> None:
    """Pressed in the panel itself: what goes on in the desk's window has the keyboard there."""
    seat = seated("l.lead")
    page, referral = seat.page, seat.room.take()
    seat.sit()
    page.select_referral(referral)
    for name, key_of in (("map", "Shift+F4"), ("vans", "Shift+F3"), ("detail", "Shift+F6")):
        dock = page.dock[name]
        dock.tear_or_put_back()
        for key, where in (("F2", page.board.list), ("Ctrl+F", page.board.filter), ("Ctrl+N", page.forms)):
            dock.activateWindow()
            dock.setFocus()
            seat.room.until(dock.isActiveWindow)
            QTest.keySequence(dock, key)
            seat.room.until(page.window().isActiveWindow)
            seat.room.until(
                lambda where=where: where is seat.focused() or where.isAncestorOf(seat.focused()), within=5
            )
            if where is page.forms:
                page.forms.form.leave()
        dock.activateWindow()
        seat.room.until(dock.isActiveWindow)
        QTest.keySequence(dock, key_of)
        seat.room.until(lambda dock=dock: not dock.isFloating())


def test_each_window_is_found_when_its_screen_is_gone(seated: Opens, clock: Clock, qapp: QApplication) -> None:
    seat = seated("a.shah")
    dock = seat.page.dock["vans"]
    dock.tear_or_put_back()
    seat.page.beside.open_log()
    # A window beside the desk, one that was put away with what is typed in it, and the desk itself.
    log = next(iter(seat.page.beside.lists.values()))
    seat.page.beside.open_messages()
    away = list(seat.page.beside.lists.values())[-1]
    away.hide()
    for window in (dock, log, away, seat.page.window()):
        window.move(QPoint(9000, 9000))
    qapp.screenRemoved.emit(qapp.primaryScreen())
    seen = qapp.primaryScreen().availableGeometry()
    for window in (dock, log, away, seat.page.window()):
        seat.room.until(lambda window=window: seen.intersects(window.geometry()), within=3)


def test_a_layout_of_ones_own_is_remembered_and_the_programs_is_not(seated: Opens, clock: Clock) -> None:
    seat = seated("a.shah")
    settle(seat)
    assert seat.page.docks.arrangement(1).isEmpty()
    seat.page.dock["map"].tear_or_put_back()
    kept = seat.page.docks.arrangement(1)
    assert not kept.isEmpty()
    seat.page.first_layout()
    assert not seat.page.dock["map"].isFloating()
    assert seat.page.docks.take_arrangement(kept, 1)
    assert seat.page.dock["map"].isFloating()


def test_the_pane_keeps_its_width_when_the_window_grows(seated: Opens, clock: Clock) -> None:
    seat = seated("a.shah")
    seat.window.resize(2560, 1440)
    settle(seat)
    dock = seat.page.dock
    assert dock["detail"].width() <= 660
    assert dock["map"].width() > 1200
    seat.window.resize(1366, 768)
    settle(seat)
    assert dock["map"].width() > 600
    assert dock["detail"].width() >= 330


def test_a_wide_screen_is_shared_out_and_a_small_map_lies_behind() -> None:
    """Rows and steps have room for whole words before the map is wider than its county; lanes grow in height."""
    for width, text in ((2544, 1.0), (1908, 1.0), (3828, 1.5), (3828, 1.0)):
        left, right = sides(width, text)
        middle = width - left - right
        assert left >= right > 0.16 * width
        assert middle > 0.46 * width
    assert sides(2544, 1.0).left > 1.25 * sides(1908, 1.0).left
    assert share(2000, 1.0, TIMELINES) > share(1300, 1.0, TIMELINES) > share(900, 1.0, TIMELINES)
    for width in range(700, 1400, 20):
        if not plan_for(width, 640, 1.0).narrow:
            assert width - sum(sides(width, 1.0)) >= 310, width
