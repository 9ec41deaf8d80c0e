"""A line of text beside what it is taken for, while it is typed: nobody finds out after Enter."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from console.views.form.fields import LineField
from db.domain import nhs_number, phone
from db.domain.intake import Draft
from db.domain.typed_births import AS_SAID, read_birth

Today = Callable[[], date]


class ReadField(LineField):
    """A line that says below itself how it is read; ``read`` gives the words, empty for nothing typed."""

    def __init__(
        self, name: str, label: str, hint: str, read: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, label, hint, parent)
        self._read = read
        self._silent = False
        self.line.textChanged.connect(self.tell)

    def tell(self) -> None:
        """Say how the text is read."""
        self.remark("" if self._silent else self._read(self.line.text()))

    def be_silent(self, *, silent: bool) -> None:
        """Say nothing while the text is not sent."""
        self._silent = silent
        self.tell()

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Put a sentence below the line, behind what it is read as: the one does not hide the other."""
        reading = self._own_note
        both = sentence and reading and reading != AS_SAID
        super().say(name, f"{reading}. {sentence}" if both else sentence, wrong=wrong)


class BirthField(ReadField):
    """A date of birth, or what is said instead. An age that the record has keeps the day on which it was said."""

    def __init__(self, today: Today, parent: QWidget | None = None) -> None:
        self._today = today
        self._said_on: date | None = None
        super().__init__("born", "Date of birth, or age", "3/7/91 or about 40", self._reading, parent)
        self.line.textEdited.connect(self._say_anew)

    def _reading(self, text: str) -> str:
        return read_birth(text, self._today(), self._said_on).reading

    def _say_anew(self) -> None:
        self._said_on = None
        self.tell()

    def values(self) -> dict[str, Any]:
        """The text, and the day on which it was said where that is not today."""
        return {"born": self.line.text(), "born_on": self._said_on}

    def show_draft(self, draft: Draft) -> None:
        """Show the text."""
        self._said_on = draft.born_on
        super().show_draft(draft)


def call_back_field() -> ReadField:
    """The number to ring back on."""
    return ReadField("call_back", "Call-back number", "", lambda text: phone.understood(text).reading)


def nhs_number_field() -> ReadField:
    """The NHS number."""
    return ReadField("nhs_number", "NHS number", "ten digits", nhs_number.reading)
