"""What a field asks for while nothing is typed in it: slanted and quieter than what people type."""

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from console.look.style import mark


def hint(edit: QLineEdit | QPlainTextEdit | QTextEdit, words: str) -> None:
    """Show these words in an empty field; as often as they change."""
    edit.setPlaceholderText(words)
    if edit.property(_EMPTY) is None:
        edit.textChanged.connect(lambda *_typed: _tell(edit))
    _tell(edit)


_EMPTY = "empty"


def _tell(edit: QLineEdit | QPlainTextEdit | QTextEdit) -> None:
    text = edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText()
    mark(edit, empty="no" if text else "yes")
