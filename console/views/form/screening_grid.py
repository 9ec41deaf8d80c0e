"""The questions of the gate in two columns: one key an answer, and on to the next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from console.look.guard import guarded
from console.look.key_table import QUESTIONS
from console.look.keyboard import Hands, name_of
from console.look.style import current, px, text_font
from db.domain.branches import asked_items
from db.domain.reference import ScreeningItem, ScreeningTool
from db.domain.screening import How

ANSWER_KEYS: Final[Mapping[str, str]] = {"Y": "yes", "N": "no", "?": "not known", "K": "not known"}
_CELLS: Final = (("yes", "yes"), ("no", "no"), ("not known", "?"))
_COLUMN_FROM: Final = 330
"""Pixels, at 100 % text, that a column needs; two stand side by side where there is room for both."""


@dataclass(frozen=True, slots=True)
class _QuestionRow:
    """A heading or a question, and where it is drawn."""

    heading: str
    item: ScreeningItem | None
    box: QRect = field(default_factory=QRect)


@guarded
class ScreeningGrid(QFrame):
    """Paints the questions and takes the keys. It holds no answers of its own: it asks for them to be changed."""

    answered = Signal(str, str)
    """A question's key, and the answer (empty to take it back)."""
    rest_no = Signal(str)
    """A section whose open questions a person says are all *no*, pressed for the second time."""
    asked_rest = Signal(str)
    """The section for which that key was pressed for the first time; empty when it was let go."""
    moved = Signal(QRect)
    """Where the question is that comes next, to be scrolled to."""
    asks = Signal()
    """Another question may have the hand, however it came there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tool: ScreeningTool | None = None
        self._answers: Mapping[str, str] = {}
        self._lit: Mapping[str, str] = {}
        # By the words and the room for them: most questions say what they said at the last key.
        self._heights: dict[tuple[str, int], int] = {}
        self._how: Mapping[str, str] = {}
        self._titles: Mapping[str, str] = {}
        self._asked: tuple[ScreeningItem, ...] = ()
        self._rows: list[_QuestionRow] = []
        self._at = 0
        self._asking = ""
        self._hands = self._bind()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_tool(self, tool: ScreeningTool) -> None:
        """Ask the questions of this tool."""
        self._tool = tool
        self._asked = asked_items(tool, {}, (), unmeasured=False)
        self._titles = {one.key: one.title for one in tool.branches}
        self._at = 0
        self._lay_out(self.width())
        self._renew()

    def set_answers(
        self,
        answers: Mapping[str, str],
        how: Mapping[str, str] | None = None,
        lit: Mapping[str, str] | None = None,
        *,
        unmeasured: bool = False,
        branches: Collection[str] = (),
    ) -> None:
        """Show these answers.

        Args:
            answers: by item key.
            how: how each came about, by item key.
            lit: words of the narrative that call for a second look, by item key.
            unmeasured: the observations could not be measured, so that other questions are asked.
            branches: those that are open; their questions follow the answer that opened them.
        """
        # The hand stays on its question when others come or go above it.
        here, before = self.question, self._asked
        self._answers, self._how, self._lit = dict(answers), dict(how or {}), dict(lit or {})
        if self._tool is not None:
            self._asked = asked_items(self._tool, self._answers, branches, unmeasured=unmeasured)
        if self._asked != before:
            self._at = next((n for n, item in enumerate(self._asked) if item is here), 0)
            self._lay_out(self.width())
            self.updateGeometry()
        self._renew()

    def begin(self) -> None:
        """Go to the first open question that has to be asked."""
        self._at = next((n for n, item in enumerate(self._asked) if item.key not in self._answers), 0)
        self._let_go()
        self._renew()

    @property
    def question(self) -> ScreeningItem | None:
        """The question that the next key answers."""
        return self._asked[self._at] if self._asked else None

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answers and moves; any other key lets go of a question about the rest, and is the form's."""
        if self._asked and self._hands.owns(event):
            self._hands.take(event)
            return
        if name_of(event):
            self._let_go()
        event.ignore()

    def _bind(self) -> Hands:
        return Hands(
            QUESTIONS,
            {"take back": self._take_back, "rest": self.ask_or_say_rest},
            {"answer": lambda key: self._answer(ANSWER_KEYS[key]), "move": self._walk},
        )

    def _take_back(self) -> None:
        self._let_go()
        self._tell("")

    def _walk(self, key: str) -> None:
        self._let_go()
        if key in {"Left", "Right"}:
            self._cross()
        else:
            last = len(self._asked) - 1
            self._move({"Home": 0, "End": last, "Up": self._at - 1, "Down": self._at + 1}[key])

    def _answer(self, answer: str) -> None:
        self._let_go()
        self._tell(answer)
        self._move(self._at + 1)

    def _tell(self, answer: str) -> None:
        if self.question:
            self.answered.emit(self.question.key, answer)

    def _move(self, to: int) -> None:
        self._at = max(0, min(len(self._asked) - 1, to))
        self._renew()
        self.moved.emit(self._box_of(self._at))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def _cross(self) -> None:
        """Go to the question beside this one in the other column."""
        here = self._box_of(self._at)
        others = [n for n in range(len(self._asked)) if self._box_of(n).left() != here.left()]
        if others:
            # The nearest by height: the columns do not begin with the same sections.
            self._move(min(others, key=lambda n: abs(self._box_of(n).top() - here.top())))

    def ask_or_say_rest(self) -> None:
        """Ask whether the rest of the section is *no*; asked for the second time, say so."""
        section = self.question.section if self.question else ""
        # Twice, and read aloud in between: one key for many answers is how a question goes unasked.
        if self._asking == section:
            self._let_go()
            self.rest_no.emit(section)
            # On to what is still open: what has to be asked alone was not answered by this.
            self.begin()
            self._move(self._at)
        else:
            self._asking = section
            self.asked_rest.emit(section)

    def _let_go(self) -> None:
        if self._asking:
            self._asking = ""
            self.asked_rest.emit("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A question about the rest is not left open."""
        self._let_go()
        super().focusOutEvent(event)
        self.update()

    # --- pointer ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on an answer gives it."""
        at = event.position().toPoint()
        self._let_go()
        for number in range(len(self._asked)):
            if not self._box_of(number).contains(at):
                continue
            self._at = number
            for (answer, _), cell in zip(_CELLS, self._cells(self._box_of(number)), strict=True):
                if cell.contains(at):
                    self._tell(answer)
            self._renew()

    def point_of(self, key: str, answer: str) -> QPoint:
        """Where an answer to a question is drawn, for pointers."""
        number = next(n for n, item in enumerate(self._asked) if item.key == key)
        place = [name for name, _ in _CELLS].index(answer)
        return self._cells(self._box_of(number))[place].center()

    # --- places ---

    def sizeHint(self) -> QSize:
        """As wide as the place allows, as high as the longer column is there."""
        tall = max((row.box.bottom() for row in self._rows), default=px(24)) + px(4)
        return QSize(px(_COLUMN_FROM), tall)

    def minimumSizeHint(self) -> QSize:
        """One narrow column."""
        return QSize(px(240), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the columns out anew: two where there is room, else one."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._heights.clear()
            self._lay_out(self.width())
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font scale."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._heights.clear()
            self._lay_out(self.width())
            self.updateGeometry()
        super().changeEvent(event)

    def _lay_out(self, width: int) -> None:
        self._rows = self._placed(width)

    def _placed(self, width: int) -> list[_QuestionRow]:
        # Worked out apart from what is shown, so that the two can be compared.
        rows = self._plain_rows()
        gap = px(18)
        two = width >= 2 * px(_COLUMN_FROM) + gap
        wide = (width - gap) // 2 if two else width
        heights = [self._height(row, wide) for row in rows]
        half = sum(heights) / 2 if two else float("inf")
        placed: list[_QuestionRow] = []
        x = y = 0
        passed = 0
        for row, height in zip(rows, heights, strict=True):
            if not x and passed >= half:
                x, y = wide + gap, 0
            placed.append(replace(row, box=QRect(x, y, wide, height)))
            y += height
            passed += height
        return placed

    def _plain_rows(self) -> list[_QuestionRow]:
        rows: list[_QuestionRow] = []
        section = None
        for item in self._asked:
            if self._heading(item) != section:
                section = self._heading(item)
                rows.append(_QuestionRow(section, None))
            rows.append(_QuestionRow("", item))
        return rows

    def _heading(self, item: ScreeningItem) -> str:
        """What a question stands under: its branch, where that was opened, else its section."""
        title = self._titles.get(item.branch, "")
        return title or item.section

    def _height(self, row: _QuestionRow, wide: int) -> int:
        metrics = QFontMetrics(text_font())
        if row.item is None:
            return metrics.height() + px(12)
        room = wide - self._cells_width() - px(16)
        said = self._words(row.item), room
        if said not in self._heights:
            self._heights[said] = max(px(28), self._text_box(row.item, room).height() + px(8))
        return self._heights[said]

    def _text_box(self, item: ScreeningItem, room: int) -> QRect:
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        space = QRect(0, 0, max(1, room), 9999)
        return QFontMetrics(text_font()).boundingRect(space, int(flags), self._words(item))

    def _words(self, item: ScreeningItem) -> str:
        said = f"{item.text} ▲ “{self._lit[item.key]}”" if item.key in self._lit else item.text
        how = self._how_words(item)
        return f"{said} · {how}" if how else said

    def _how_words(self, item: ScreeningItem) -> str:
        """How the answer came about, where that is worth a word; and what is asked by itself, while it is open."""
        if item.key not in self._answers:
            return "ask by itself" if item.alone else ""
        how = self._how.get(item.key, How.ASKED)
        # A group's answer is told by its dashed cell, and one that was asked needs no word.
        return "" if how == How.GROUP or (how == How.ASKED and not item.alone) else str(how)

    def _cell_width(self) -> int:
        return int(max(px(34), QFontMetrics(text_font(bold=True)).horizontalAdvance("yes") + px(12)))

    def _cells_width(self) -> int:
        return len(_CELLS) * (self._cell_width() + px(3))

    def _cells(self, box: QRect) -> list[QRect]:
        wide, gap, tall = self._cell_width(), px(3), px(24)
        left = box.right() - self._cells_width()
        top = box.top() + (box.height() - tall) // 2
        return [QRect(left + n * (wide + gap), top, wide, tall) for n in range(len(_CELLS))]

    def _box_of(self, number: int) -> QRect:
        # Questions are counted without the headings between them.
        boxes = [row.box for row in self._rows if row.item is not None]
        return boxes[number] if number < len(boxes) else QRect()

    def _renew(self) -> None:
        item = self.question
        self.asks.emit()
        if item:
            place = f"Question {self._at + 1} of {len(self._asked)}"
            answer = self._answers.get(item.key, "not answered")
            second = f". The narrative says {self._lit[item.key]}" if item.key in self._lit else ""
            how = self._how_words(item)
            came = f", {how}" if how else ""
            spoken = f". Ask: {item.spoken}" if item.spoken else ""
            self.setAccessibleName(f"{place}, {item.section}: {item.text}: {answer}{came}{second}{spoken}")
        self.setAccessibleDescription("Y yes, N no, question mark not known, arrows move")
        # Words of the narrative and how an answer came about stand behind a question and may take another line.
        if self._rows and self._placed(self.width()) != self._rows:
            self._lay_out(self.width())
            self.updateGeometry()
        self.update()

    # --- brush ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The headings, and each question with its answers."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row in self._rows:
                if row.item is None:
                    self._paint_heading(painter, row)
                else:
                    self._paint_question(painter, row.item, row.box)

    def _paint_heading(self, painter: QPainter, row: _QuestionRow) -> None:
        colours = current()
        painter.setFont(text_font(0.85, bold=True))
        painter.setPen(QColor(colours.text_dim))
        painter.drawText(row.box.adjusted(px(8), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.heading.upper())

    def _paint_question(self, painter: QPainter, item: ScreeningItem, box: QRect) -> None:
        colours, here = current(), self.question is item
        if here and self.hasFocus():
            painter.fillRect(box, QColor(colours.selection))
            painter.fillRect(QRect(box.left(), box.top(), px(3), box.height()), QColor(colours.focus))
        answer = self._answers.get(item.key)
        painter.setFont(text_font())
        # A *yes* has been heard: there is nothing left to ask again.
        painter.setPen(QColor(colours.warn if item.key in self._lit and answer != "yes" else colours.text))
        room = box.adjusted(px(8), 0, -self._cells_width() - px(8), 0)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(room, flags, self._words(item))
        for (value, words), cell in zip(_CELLS, self._cells(box), strict=True):
            self._paint_cell(
                painter, cell, words, value, on=answer == value, soft=self._how.get(item.key) == How.GROUP
            )

    def _paint_cell(self, painter: QPainter, cell: QRect, words: str, value: str, *, on: bool, soft: bool) -> None:
        colours = current()
        fills = {"yes": colours.danger, "no": colours.button_hover, "not known": colours.warn}
        inks = {"yes": colours.on_danger, "no": colours.text, "not known": colours.window}
        box = QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5)
        # Dashed: answered together with others, after the section was read aloud.
        style = Qt.PenStyle.DashLine if on and soft and value == "no" else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colours.text if on else colours.line), 1.6 if on else 1, style))
        painter.setBrush(QColor(fills[value]) if on else QColor(colours.panel))
        painter.drawRoundedRect(box, px(4), px(4))
        painter.setFont(text_font(0.95, bold=on))
        painter.setPen(QColor(inks[value]) if on else QColor(colours.text_dim))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, words)
