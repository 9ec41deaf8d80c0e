"""A chart in its panel: drawn or as a table, with the sentence that it says below it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console.charts.chart import Chart, ChartMark
from console.charts.control import role_of
from console.charts.painting import ChartSource
from console.charts.twin import ChartTwin
from console.charts.view import ChartView
from console.look import paint
from console.look.guard import guarded
from console.look.layouts import nest
from console.look.lead_keys import CHART
from console.look.panel import Heading
from console.look.style import current, mark, px, text_font
from db.domain.spc_words import SpcIcon


@guarded
class SpcWord(QWidget):
    """What a series says: an arrow, a letter and a word in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: tuple[SpcIcon, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icons(self, icons: tuple[SpcIcon, ...]) -> None:
        """Show these; none takes no room."""
        self._icons = icons
        self.setAccessibleName(" and ".join(icon.words() for icon in icons))
        self.setVisible(bool(icons))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """An arrow and the words of each."""
        letters = QFontMetricsF(text_font(0.95, bold=True))
        wide = sum(letters.horizontalAdvance(icon.words()) + px(24) for icon in self._icons)
        return QSize(round(wide), round(letters.height()) + px(2))

    def minimumSizeHint(self) -> QSize:
        """All of it."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A sign and a word for each."""
        colours = current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font, left = text_font(0.95, bold=True), 0.0
            for icon in self._icons:
                ink = colours.role(role_of(icon))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(ink))
                sign = QRectF(left + px(2), self.height() / 2 - px(5), px(10), px(10))
                _draw_arrow(painter, sign, icon.letter)
                wide = QFontMetricsF(font).horizontalAdvance(icon.words()) + px(4)
                paint.write(painter, QRectF(left + px(17), 0, wide, self.height()), icon.words(), font, ink)
                left += wide + px(20)


def _draw_arrow(painter: QPainter, box: QRectF, letter: str) -> None:
    if letter == "H":
        corners = [box.bottomLeft(), QPointF(box.center().x(), box.top()), box.bottomRight()]
    elif letter == "L":
        corners = [box.topLeft(), QPointF(box.center().x(), box.bottom()), box.topRight()]
    else:
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        return
    painter.drawPolygon(QPolygonF(corners))


@guarded
class ChartCard(QWidget):
    """A heading, the chart or its table, and what it says."""

    opened = Signal(object, str)
    """The ids of the referrals that are wanted, a tuple, and the words of what they stand behind."""

    def __init__(self, name: str, least: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading = Heading(name, "", self)
        self.view = ChartView(name, least, self)
        self.twin = ChartTwin(name, self)
        self.word = SpcWord(self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        mark(self.said, role="dim")
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.word.show_icons(())
        self.view.opened.connect(self._open_mark)
        self.view.table_wanted.connect(self.turn)
        self.twin.opened.connect(lambda found: self.opened.emit(*found))
        self.twin.chart_wanted.connect(self.turn)
        self.setAccessibleName(name)

    def _lay_out(self) -> None:
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.twin)
        below = QHBoxLayout()
        below.setContentsMargins(px(12), 0, px(12), px(8))
        below.setSpacing(px(8))
        below.addWidget(self.word, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.stack, 1)
        nest(column, below)

    @property
    def chart(self) -> Chart:
        """What is shown."""
        return self.view.chart

    def show_chart(self, source: ChartSource, icons: tuple[SpcIcon, ...] = ()) -> None:
        """Show a chart and what it says."""
        self.view.show_chart(source)
        self.twin.show_chart(self.chart)
        self.word.show_icons(icons)
        self.said.setText(self.chart.sentence)

    def turn(self) -> None:
        """As a table, or drawn."""
        drawn = self.stack.currentWidget() is self.view
        shown: QWidget = self.twin if drawn else self.view
        self.stack.setCurrentWidget(shown)
        shown.setFocus()

    def focus(self) -> None:
        """Give the keyboard to what is shown."""
        (self.view if self.stack.currentWidget() is self.view else self.twin).setFocus()

    def copy(self) -> None:
        """Its table on the clipboard, drawn or not."""
        self.twin.copy_all()

    def _open_mark(self, marked: ChartMark) -> None:
        self.opened.emit(marked.ids, marked.words)


TABLE_HINT = f"{CHART.key('table')} shows the table"
