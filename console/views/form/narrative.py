"""The narrative, with words that do not fit the screening underlined and named."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from console.look.guard import guarded
from console.look.style import current
from console.views.form.fields import WordsField
from db.domain.screening import SecondLook


@guarded
class NarrativeField(WordsField):
    """What the caller tells, as they tell it."""

    _looks: tuple[SecondLook, ...] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("narrative", "What has happened, in their words", 5, parent=parent)

    def set_looks(self, looks: Sequence[SecondLook], answers: Mapping[str, str]) -> None:
        """Underline words, and name the questions they touch.

        Args:
            looks: places in the narrative; those past its end are left out.
            answers: to say whether the question was answered *no* or not yet asked.
        """
        self._looks = tuple(looks)
        self._mark()
        named: dict[str, str] = {}
        for look in looks:
            state = "answered no — look again" if look.item.key in answers else "to be asked"
            named.setdefault(look.item.key, f"“{look.word}”: {look.item.text} ({state})")
        self.say(self.name, " · ".join(named.values()), wrong=False)

    def changeEvent(self, event: QEvent) -> None:
        """Mark them in the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._looks:
            self._mark()

    def _mark(self) -> None:
        end = len(self.words.toPlainText())
        self.words.setExtraSelections([self._underline(look) for look in self._looks if look.end <= end])

    def _underline(self, look: SecondLook) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.words.document())
        cursor.setPosition(look.start)
        cursor.setPosition(look.end, QTextCursor.MoveMode.KeepAnchor)
        shape = QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        shape.setUnderlineColor(QColor(current().warn))
        shape.setForeground(QColor(current().warn))
        shape.setFontWeight(600)
        marked = QTextEdit.ExtraSelection()
        marked.cursor = cursor
        marked.format = shape
        return marked
