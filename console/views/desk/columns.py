"""How wide and high each panel is at first, and what a larger window is for: the map."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget, QWidget

from console.look.guard import guarded
from console.look.style import scale
from console.views.desk.dock import SMALLEST, Dock
from console.views.desk.profiles import PLAIN, Profile

LEFT: Final = (0.27, 340, 680)
RIGHT: Final = (0.26, 330, 640)
"""Share of the width, and the least and the most of it in pixels at 100 % text."""
VANS: Final = (0.31, 124, 330)
TIMELINES: Final = (0.31, 150, 640)
"""The same of the height, below the referrals and below the map."""
_MAP: Final = 320
"""Pixels, at 100 % text, below which a map is none."""
_LOW: Final = 400
_NEARLY: Final = 12
"""Pixels that a column may be short of what it wants: the lines between the panels take some."""
_COLUMNS: Final = (("board", "vans"), ("map", "timelines"), ("detail",))
"""What stands above each other, from left to right."""


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
        # For which width and size of text the columns were shared out last.
        self._fitted: tuple[int, float] | None = None
        super().__init__(parent)
        # A QMainWindow is a window of its own unless it is told otherwise.
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setObjectName("docks")
        self._plan = Plan()
        self._profile = PLAIN
        # Widths that somebody dragged, in pixels of 100 % text: larger text needs as much more.
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
        self.take_profile(PLAIN)

    def take_profile(self, profile: Profile) -> None:
        """The first layout, with what a profile puts away or makes larger."""
        self._profile, self._chosen = profile, None
        self._is_own = self._is_restored = False
        self._arrange(profile.hidden)

    def _arrange(self, hidden: Iterable[str]) -> None:
        """Put the panels where there is room for them, but for those that were put away."""
        away = [self._dock[name] for name in hidden]
        self._busy = True
        try:
            self._plan = plan_for(self.width(), self.height(), scale())
            self._put(self._plan)
            for each in away:
                each.hide()
        finally:
            self._busy = False
        self._fitted = None
        self._fit()
        self._name_tabs()
        # Panels that stood behind others have their places only after this, and take no lengths before.
        QTimer.singleShot(0, self, self._fit)

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
            left, right = self._shown("board", "vans"), self._shown("detail", "map", "timelines")
            wide = share(width, text, LEFT)
            self._share_out({left: wide, right: width - wide}, Qt.Orientation.Horizontal)
        elif not self._plan.narrow and not self._is_fitted() and self._stand_side_by_side():
            found = sides(width, text, self._dragged())
            one, middle, other = (self._shown(*column) for column in _COLUMNS)
            rest = width - (found.left if one else 0) - (found.right if other else 0)
            lengths = {one: found.left, middle: max(1, rest), other: found.right}
            self._share_out(lengths, Qt.Orientation.Horizontal)
            self._fitted = (width, text) if self.isVisible() else None
        if self._chosen is None and not self._is_changed() and not self._plan.low:
            self._stack("board", "vans", share(height, text, VANS))
            if not self._plan.narrow:
                low = self._profile.timelines
                self._stack("map", "timelines", round(height * low) if low else share(height, text, TIMELINES))

    def _shown(self, *names: str) -> str:
        """The first of these that was not put away; empty for none."""
        return next((name for name in names if not self._dock[name].isHidden()), "")

    def _away(self) -> list[str]:
        """Those that were put away."""
        return [name for name, each in self._dock.items() if each.isHidden()]

    def _stack(self, above: str, below: str, low: int) -> None:
        if self._shown(above) and self._shown(below):
            self._share_out({above: max(1, self.height() - low), below: low}, Qt.Orientation.Vertical)

    def _share_out(self, lengths: dict[str, int], way: Qt.Orientation) -> None:
        shown = {name: length for name, length in lengths.items() if name}
        self.resizeDocks([self._dock[name] for name in shown], list(shown.values()), way)

    def _stand_side_by_side(self) -> bool:
        shown = [self._dock[name] for column in _COLUMNS if (name := self._shown(*column))]
        if any(one.isFloating() for one in shown):
            return False
        return not self.isVisible() or all(a.geometry().right() <= b.x() for a, b in pairwise(shown))

    def _dragged(self) -> Sides | None:
        return self._chosen and Sides(*(round(wide * scale()) for wide in self._chosen))

    def _grown(self) -> None:
        """Share out anew what there is: the window has another size, or the text has."""
        if self._busy or not self._dock:
            return
        self._name_tabs()
        if self._is_restored and self.isVisible():
            # What was remembered has its widths only now: from here on they are somebody's choice.
            self._is_restored = False
            self._choose()
        if not self._is_changed() and plan_for(self.width(), self.height(), scale()) != self._plan:
            self._arrange(self._away())
        else:
            self._fit()

    def _is_fitted(self) -> bool:
        """Whether nothing changed by which the columns would be others, and they have the least that they need."""
        if self._fitted != (self.width(), scale()):
            return False
        least = (LEFT[1] * scale(), RIGHT[1] * scale())
        shown = (self._shown("board", "vans"), self._shown("detail"))
        return all(
            self._dock[name].width() + _NEARLY >= most for name, most in zip(shown, least, strict=True) if name
        )

    def _choose(self) -> None:
        """What the columns have now is how wide somebody wants them."""
        self._chosen = Sides(*(round(self._dock[name].width() / scale()) for name in ("board", "detail")))

    def _tear(self, dock: Dock) -> None:
        """Make a panel a window, or put it back where it was."""
        self._busy = True
        try:
            dock.setFloating(not dock.isFloating())
        finally:
            self._busy = False
        # Qt would put it back behind others; a layout of one's own it has to find again by itself.
        if not self._is_changed():
            self._arrange(self._away())

    def _is_changed(self) -> bool:
        return self._is_own or any(each.isFloating() for each in self._dock.values())

    def _moved(self, *_where: object) -> None:
        # Qt tells our own arranging by the same signals.
        self._is_own = self._is_own or not self._busy

    # --- what Qt calls ---

    def arrangement(self, version: int) -> QByteArray:
        """What to remember: nothing while the panels stand where the program puts them, whatever the size."""
        is_theirs = (
            self._is_changed()
            or self._chosen is not None
            or bool(self._away())
            or self._profile.timelines is not None
        )
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
                each.in_view.find()
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
        # Only this window's own: to look further down makes Python objects of animations that Qt is about to
        # delete, and that ends the program ("bad_typeid").
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setAccessibleName("Panels behind each other")
            if bar.count() == 0:
                bar.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs wider columns, or panels behind each other; smaller text gives it back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and not self._is_fitted():
            self._grown()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Somebody dragged the line between two panels: that is how wide they want them."""
        super().mouseReleaseEvent(event)
        # Qt has no signal for it: the line belongs to this window, which gets the mouse.
        self._choose()
