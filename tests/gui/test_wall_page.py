"""The wall as it is painted and as a table, and what it says of its age; without a record."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.live.store import Link, LinkState, Store
from console.look.keyboard import Hands
from console.look.style import colour
from console.look.wall_keys import WALL
from console.views.wall.canvas import WallCanvas, WallWords, spoken
from console.views.wall.page import WallPage
from db.domain.board import nobody_knows
from db.domain.records import Location
from db.domain.states import ReferralState
from db.domain.wall import Tile, Wall, WallRow
from db.errors import Unavailable
from tests.gui.desks import Runs, put_on, qt_loop, stage
from tests.unit.board_records import NOW, reference, referral

__all__ = ["qt_loop", "stage"]
WORDS = WallWords("Shire", "03:42", "live", True, "Tonight: room calm", "")
ROW = WallRow("P1", "Corby", "CRU2 on its way", 0.5, "29 min left", "there 03:56", "good")
TILE = Tile("2", "waiting, P1", "longest 31 min", "warn")


class Painted(WallCanvas):
    """A canvas that tells what it wrote, and in which role."""

    said: dict[str, str]

    def _text(self, painter: QPainter, box: QRectF, text: str, height: float, role: str, **more: Any) -> float:
        self.said[text] = role
        return super()._text(painter, box, text, height, role, **more)


def painted(stage: QWidget, wall: Wall, words: WallWords = WORDS) -> tuple[dict[str, str], Any]:
    """What was written, and the colour at a place, in the wall's own lengths."""
    canvas = Painted(Hands(WALL, {"table": int, "full": int}))
    canvas.said = {}
    # Twice as large as it is drawn for.
    put_on(stage, canvas, 2912, 1640)
    canvas.show_wall(wall, words)
    canvas.said.clear()
    image = canvas.grab().toImage()
    share = image.width() / 1456
    return canvas.said, lambda x, y: image.pixelColor(round(x * share), round(y * share))


def test_what_is_written_and_in_which_colour(stage: QWidget) -> None:
    said, _ = painted(stage, Wall((TILE,), (ROW,)))
    for words, role in (
        ("Shire", "text"),
        ("03:42", "text"),
        ("live", "good"),
        ("no names, no addresses on this wall", "text_dim"),
        ("2", "warn"),
        ("waiting, P1", "text"),
        ("longest 31 min", "text_dim"),
        ("Corby", "text"),
        ("CRU2 on its way", "text_dim"),
        ("29 min left", "good"),
        ("there 03:56", "text_dim"),
        ("Tonight: room calm", "text"),
        ("If this wall is older than 10 s it says so, in this place, in red.", "text_dim"),
    ):
        assert said.pop(words) == role, words
    assert said == {}


@pytest.mark.parametrize(
    ("tone", "below", "role"),
    [
        ("late", "EMERGENCY CRU1", "late"),
        ("warn", "EMERGENCY CRU1", "text_dim"),
        ("late", "longest 70 min", "text_dim"),
    ],
)
def test_an_emergency_is_red_also_below_its_figure(stage: QWidget, tone: Any, below: str, role: str) -> None:
    said, _ = painted(stage, Wall((replace(TILE, tone=tone, below=below),), ()))
    assert said[below] == role


def test_nobody_waits_more_wait_and_an_old_wall_says_so(stage: QWidget) -> None:
    empty, _ = painted(stage, Wall((), ()))
    assert "Nobody waits." in empty
    assert not any(words.startswith("and ") for words in empty)
    more, at = painted(
        stage, Wall((), (ROW,), 3), replace(WORDS, fresh=False, stale="NOT LIVE", link="last heard 03:40")
    )
    assert more["and 3 more"] == "text_dim"
    assert (more["NOT LIVE"], more["last heard 03:40"]) == ("late", "late")
    assert "Nobody waits." not in more
    assert not any(words.startswith("If this wall") for words in more)
    assert at(48, 82) == colour("late")


def test_what_is_drawn(stage: QWidget) -> None:
    _, at = painted(stage, Wall((TILE,), (ROW, replace(ROW, used=0.0), replace(ROW, used=1.0, tone="late"))))
    assert at(48, 82) == colour("good"), "the light beside the link"
    left, wide = 1456 * 0.365, 1456 * 0.31
    for place, (used, role) in enumerate(((0.5, "good"), (0.0, "good"), (1.0, "late"))):
        middle = 326 + place * 77 + 37
        assert at(left + 7, middle) == colour(role)
        edge = max(14.0, used * wide)
        assert at(left + edge - 8, middle) == colour(role)
        if used < 1:
            assert at(left + edge + 8, middle) == colour("track")
        # The frame of the priority, and the card that it lies on.
        assert at(48 + 31, 326 + place * 77 + 16) == colour(role)
        assert at(40, 326 + place * 77 + 36) == colour("panel")
        assert at(30 + 700, 326 + place * 77) == colour("line")
    assert at(15, 400) == colour("window")


@pytest.mark.parametrize(
    ("width", "height", "rows"),
    [(1456, 820, 5), (1456, 1640, 15), (728, 410, 5), (2912, 1640, 5), (0, 0, 3)],
)
def test_how_many_rows_fit(qtbot: Any, width: int, height: int, rows: int) -> None:
    canvas = WallCanvas(Hands(WALL, {"table": int, "full": int}))
    qtbot.addWidget(canvas)
    canvas.resize(width, height)
    assert canvas.rows_that_fit() == rows


def test_it_is_said_in_sentences() -> None:
    assert spoken(Wall((TILE,), (ROW,), 2), replace(WORDS, tonight="")) == (
        "Shire. 03:42. live. waiting, P1: 2, longest 31 min."
        " P1, Corby, CRU2 on its way, 29 min left, there 03:56. and 2 more"
    )
    assert "NOT LIVE" in spoken(Wall((), ()), replace(WORDS, stale="NOT LIVE"))
    assert "live" not in spoken(Wall((), ()), replace(WORDS, stale="NOT LIVE"))


# --- the page ---


class Shown:
    """A page over a mirror of one referral; a test says what the night came to, and what time it is."""

    def __init__(self, stage: QWidget, **changed: Any) -> None:
        self.store = Store(reference(), Link(LinkState.LIVE, NOW))
        # Of the second priority: of the first one who waits without a van is no calm room.
        first = changed.get("received", 0) > 5
        who = referral(
            location=Location("", "NN18 9ND"),
            state=ReferralState.ACCEPTED,
            **({} if first else {"priority": "P2"}) | changed,
        )
        self.store.put({"referral": [who]})
        self.figures: Any = {}
        self.desk: Any = SimpleNamespace(
            store=self.store,
            clock=SimpleNamespace(now=lambda: NOW),
            reads=SimpleNamespace(wall_figures=self._read),
            me=SimpleNamespace(service="Shire"),
        )
        self.page = WallPage(self.desk, nobody_knows)
        put_on(stage, self.page, 1456, 820)

    async def _read(self, _period: object) -> Any:
        if isinstance(self.figures, Exception):
            raise self.figures
        return SimpleNamespace(figures=self.figures)

    def words(self) -> WallWords:
        self.page.refresh()
        return self.page.canvas.words


def test_t_turns_it_into_a_table_and_back(qt_loop: Runs, stage: QWidget) -> None:
    page = Shown(stage, received=49).page
    QTest.keyClick(page.canvas, Qt.Key.Key_T)
    assert page.stack.currentWidget() is page.table
    lines = page.table.lines()
    assert len(lines) == len(page.shown.tiles) + 1
    assert lines[0][:2] == ["waiting, P1", "1"]
    assert (lines[-1][0], lines[-1][2]) == ("P1 Corby", "11 min left")
    # What is read anew leaves the row that somebody stands on.
    page.table.setCurrentCell(2, 0)
    page.refresh()
    assert page.table.currentRow() == 2
    QTest.keyClick(page.table, Qt.Key.Key_T)
    assert page.stack.currentWidget() is page.canvas


def test_how_old_it_is(qt_loop: Runs, stage: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, silent = Shown(stage), [0.0]
    monkeypatch.setattr(Store, "silence", property(lambda _store: silent[0]))
    for seconds, state, fresh in (
        (0, LinkState.LIVE, True),
        (10, LinkState.LIVE, True),
        (11, LinkState.LIVE, False),
        (5, LinkState.LOST, False),
    ):
        silent[0] = seconds
        shown.store.set_link(Link(state, NOW))
        words = shown.words()
        assert words.fresh is fresh
        assert (words.stale == "") is fresh
        assert words.link == ("live" if fresh else "last heard 03:42")
    assert shown.words().stale == "NOT LIVE: this is how it was 5 s ago."
    shown.store.is_read = False
    assert shown.words().stale == "NOT LIVE: nothing was read yet."


@pytest.mark.parametrize(
    ("received", "figures", "said"),
    [
        (5, {}, "Tonight: room calm"),
        (5, {"response": SimpleNamespace(n=0, short=lambda: "none")}, "Tonight: nobody met yet · room calm"),
        (70, {}, "Tonight: 1 late, or P1 without a van"),
        (
            5,
            {"response": SimpleNamespace(n=3, short=lambda: "38 min")},
            "Tonight: 3 people met · median 38 min (n 3) · room calm",
        ),
        (5, {"ems_given_back": SimpleNamespace(value=2.25)}, "Tonight: EMAS hours given back 2.2 · room calm"),
        (5, {"ems_given_back": SimpleNamespace(value=None)}, "Tonight: room calm"),
    ],
)
def test_what_the_night_came_to(
    qt_loop: Runs, stage: QWidget, received: float, figures: dict[str, Any], said: str
) -> None:
    shown = Shown(stage, received=received)
    shown.figures = figures
    qt_loop(shown.page._read())
    assert shown.page.canvas.words.tonight == said
    # Without the record what was read a minute ago stands.
    shown.figures = Unavailable("gone")
    qt_loop(shown.page._read())
    assert shown.words().tonight == said


def test_what_nobody_sees_is_not_worked_out(qt_loop: Runs, stage: QWidget) -> None:
    shown = Shown(stage)
    before = shown.page.shown
    assert len(before.rows) == 1
    shown.page.hide()
    shown.store.put({"referral": []}, gone={"referral": [row.id for row in shown.store.referrals()]})
    assert shown.page.shown is before
    shown.page.show()
    assert shown.page.shown.rows == ()
    assert shown.page.canvas.accessibleDescription().startswith("Shire. 03:42")


def test_it_beats_once_a_second_and_reads_the_night_once_a_minute(qt_loop: Runs, stage: QWidget) -> None:
    page = Shown(stage).page
    assert [(timer.isActive(), timer.interval()) for timer in (page._beat, page._slow)] == [
        (True, 1000),
        (True, 60_000),
    ]
    assert timedelta(milliseconds=page._beat.interval()) < timedelta(seconds=10)
    assert isinstance(colour("good"), QColor)
