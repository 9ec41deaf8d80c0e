"""How wide and high each panel is at first, and what a larger window is for: the map."""

from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget, QWidget

from console.look.guard import guarded
from console.look.style import scale
from console.views.desk.dock import SMALLEST, Dock
from console.views.desk.profiles import Profile

LEFT: Final = (0.27, 340, 512)
RIGHT: Final = (0.26, 330, 540)
"""Share of the width, and the least and the most of it in pixels at 100 % text."""
VANS: Final = (0.31, 124, 330)
TIMELINES: Final = (0.31, 150, 430)
"""The same of the height, below the referrals and below the map."""
_MAP: Final = 250
"""Pixels, at 100 % text, below which a map is none."""
_LOW: Final = 400
_NEARLY: Final = 12
"""Pixels that a column may be short of what it wants: the lines between the panels take some."""


class Plan(NamedTuple):
    """What lies behind something else because there is no room beside it.

    Attributes:
        narrow: map and timelines lie behind the referral.
        low: the vans lie behind the referrals, and the timelines behind the map.
    """

    narrow: bool = False
    low: bool = False


class Sides(NamedTuple):
    """Pixels of the columns at both sides of the map."""

    left: int
    right: int


def plan_for(width: int, height: int, text: float) -> Plan:
    """Which panels stand side by side.

    Args:
        width: of all panels, logical pixels.
        height: likewise.
        text: font scale, 1.0 for 100 %.
    """
    return Plan(width < (LEFT[1] + RIGHT[1] + _MAP) * text, height < _LOW * text)


def sides(width: int, text: float, chosen: Sides | None = None) -> Sides:
    """The columns beside the map: by share, or as somebody dragged them; the map keeps room in any case."""
    left, right = chosen or Sides(share(width, text, LEFT), share(width, text, RIGHT))
    room = width - SMALLEST[0]
    if left + right > room:
        left = max(SMALLEST[0], left * room // (left + right))
        right = max(SMALLEST[0], room - left)
    return Sides(left, right)


def share(whole: int, text: float, of: tuple[float, int, int]) -> int:
    """A share of a length within its bounds, which grow with the text."""
    part, least, most = of
    return round(min(max(whole * part, least * text), most * text))


@guarded
class Panels(QMainWindow):
    """Holds the docks, arranges them, and keeps the columns at the sides when it changes its size."""

    def __init__(self, parent: QWidget) -> None:
        # Before the base is made, which calls the event methods below.
        self._dock: dict[str, Dock] = {}
        self._is_own = self._is_restored = self._busy = False
        super().__init__(parent)
        # A QMainWindow is a window of its own unless it is told otherwise.
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setObjectName("docks")
        self._plan = Plan()
        self._fitted = 0
        # Widths that somebody dragged. ``_is_own`` says that panels were moved, ``_fitted`` for which width they
        # last fitted.
        self._chosen: Sides | None = None

    def hold(self, dock: dict[str, Dock]) -> None:
        """Take the panels, by their names, and put them where they stand at first."""
        self._dock = dock
        self.arrange()
        for each in dock.values():
            each.dockLocationChanged.connect(self._moved)
            each.topLevelChanged.connect(self._moved)
            each.tear_wanted.connect(lambda each=each: self._tear(each))

    # --- the first layout ---

    def arrange(self) -> None:
        """Referrals and vans left, map over timelines, the referral right; some behind others if narrow."""
        self._busy = True
        try:
            self._plan = plan_for(self.width(), self.height(), scale())
            self._put(self._plan)
        finally:
            self._busy = False
        self._chosen, self._is_own, self._is_restored = None, False, False
        self._fitted = 0
        self._fit()
        self._name_tabs()

    def take_profile(self, profile: Profile) -> None:
        """The first layout, with what a profile puts away or makes larger; from there on it is somebody's own."""
        self.arrange()
        for name in profile.hidden:
            self._dock[name].hide()
        if profile.timelines is not None and not (self._plan.narrow or self._plan.low):
            self._stack("map", "timelines", round(self.height() * profile.timelines))
        self._is_own = bool(profile.hidden)

    def _put(self, plan: Plan) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        across = Qt.Orientation.Horizontal
        for each in self._dock.values():
            each.setFloating(False)
            self.removeDockWidget(each)
        board, vans, plot, lanes, detail = (
            self._dock[name] for name in ("board", "vans", "map", "timelines", "detail")
        )
        self.addDockWidget(left, board)
        if not plan.narrow:
            self.splitDockWidget(board, plot, across)
        self.addDockWidget(right, detail)
        self._join(board, vans, together=plan.low)
        if plan.narrow:
            self._join(detail, plot, together=True)
        self._join(plot, lanes, together=plan.narrow or plan.low)
        for each in self._dock.values():
            each.show()
        for front in (board, detail):
            front.raise_()

    def _join(self, one: Dock, other: Dock, *, together: bool) -> None:
        """Put one behind another, or below it."""
        if together:
            self.tabifyDockWidget(one, other)
        else:
            self.splitDockWidget(one, other, Qt.Orientation.Vertical)

    # --- another size ---

    def _fit(self) -> None:
        """Give each column its width, and what is over to the map."""
        width, height, text = self.width(), self.height(), scale()
        # Before the window has a size there is nothing to share.
        if width < 2 * SMALLEST[0] or height < 2 * SMALLEST[1]:
            return
        if self._plan.narrow and not self._is_changed():
            left = share(width, text, LEFT)
            self._share_out({"board": left, "detail": width - left}, Qt.Orientation.Horizontal)
        elif not self._plan.narrow and self._stand_side_by_side() and not self._is_fitted():
            found = sides(width, text, self._chosen)
            middle = max(1, width - sum(found))
            lengths = {"board": found.left, "map": middle, "detail": found.right}
            self._share_out(lengths, Qt.Orientation.Horizontal)
            self._fitted = width if self.isVisible() else 0
        if self._chosen is None and not self._is_changed() and not self._plan.low:
            self._stack("board", "vans", share(height, text, VANS))
            if not self._plan.narrow:
                self._stack("map", "timelines", share(height, text, TIMELINES))

    def _stack(self, above: str, below: str, low: int) -> None:
        self._share_out({above: max(1, self.height() - low), below: low}, Qt.Orientation.Vertical)

    def _share_out(self, lengths: dict[str, int], way: Qt.Orientation) -> None:
        self.resizeDocks([self._dock[name] for name in lengths], list(lengths.values()), way)

    def _stand_side_by_side(self) -> bool:
        three = [self._dock[name] for name in ("board", "map", "detail")]
        if any(one.isFloating() or one.isHidden() for one in three):
            return False
        edges = [(one.x(), one.geometry().right()) for one in three]
        return not self.isVisible() or edges[0][1] <= edges[1][0] < edges[1][1] <= edges[2][0]

    def _grown(self) -> None:
        if self._busy or not self._dock or not self.isVisible():
            return
        self._name_tabs()
        if self._is_restored:
            # What was remembered has its widths only now: from here on they are somebody's choice.
            self._is_restored, self._chosen = False, self._widths()
        if not self._is_changed() and plan_for(self.width(), self.height(), scale()) != self._plan:
            self.arrange()
            # Panels that stood behind others have their places only after this, and take no widths before.
            QTimer.singleShot(0, self, self._fit)
        else:
            self._fit()

    def _is_fitted(self) -> bool:
        return self.width() == self._fitted and self._is_wide_enough()

    def _is_wide_enough(self) -> bool:
        """Whether the columns have room for the text as it is now: then another size of it moves nothing."""
        if not self._dock or plan_for(self.width(), self.height(), scale()) != self._plan:
            return False
        least = (LEFT[1] * scale(), RIGHT[1] * scale())
        return all(has + _NEARLY >= wants for has, wants in zip(self._widths(), least, strict=True))

    def _widths(self) -> Sides:
        return Sides(self._dock["board"].width(), self._dock["detail"].width())

    def _tear(self, dock: Dock) -> None:
        """Make a panel a window, or put it back where it was."""
        self._busy = True
        try:
            dock.setFloating(not dock.isFloating())
        finally:
            self._busy = False
        # Qt would put it back behind others; a layout of one's own it has to find again by itself.
        if not self._is_changed():
            self.arrange()

    def _is_changed(self) -> bool:
        return self._is_own or any(each.isFloating() for each in self._dock.values())

    def _moved(self, *_where: object) -> None:
        # Qt tells our own arranging by the same signals.
        self._is_own = self._is_own or not self._busy

    # --- what Qt calls ---

    def arrangement(self, version: int) -> QByteArray:
        """What to remember: nothing while the panels stand where the program puts them, whatever the size."""
        is_theirs = self._is_changed() or self._chosen is not None
        return self.saveState(version) if is_theirs else QByteArray()

    def take_arrangement(self, state: QByteArray, version: int) -> bool:
        """Put the panels where they were; False for what was never remembered."""
        self._busy = True
        try:
            found = not state.isEmpty() and self.restoreState(state, version)
        finally:
            self._busy = False
        if found:
            self._is_own = self._is_restored = True
            for each in self._dock.values():
                each.find_in_view()
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the columns at the sides."""
        super().resizeEvent(event)
        self._grown()

    def showEvent(self, event: QShowEvent) -> None:
        """The first size that counts."""
        super().showEvent(event)
        self._grown()
        # Qt gives the panels their places after this, and takes no other lengths before.
        QTimer.singleShot(0, self, self._grown)

    def event(self, event: QEvent) -> bool:
        """Name the tabs that Qt makes where panels lie behind each other."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.ChildPolished):
            self._name_tabs()
        return done

    def _name_tabs(self) -> None:
        for bar in self.findChildren(QTabBar):
            bar.setAccessibleName("Panels behind each other")
            if bar.count() == 0:
                bar.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text may need wider columns."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and not self._is_wide_enough():
            self._grown()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Somebody dragged the line between two panels: that is how wide they want them."""
        super().mouseReleaseEvent(event)
        # Qt has no signal for it: the line belongs to this window, which gets the mouse.
        self._chosen = self._widths()
