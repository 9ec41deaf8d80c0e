"""The sheet for a row of a list that a shift lead keeps: its fields are what the list says of its columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from console.views.rota.fleet_sheets import listed
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, SaveListed
from db.domain.kept_lists import KeptList, ListColumn, Value
from db.domain.texts import told
from db.errors import Invalid

Choices = Callable[[ListColumn], Sequence[tuple[str, str]]]


def shown(column: ListColumn, value: Value, choices: Sequence[tuple[str, str]] = ()) -> str:
    """A value as the table and the sheet show it."""
    if value is None:
        return ""
    if column.sort == "yes or no":
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(told, value))
    if isinstance(value, float):
        return f"{value:g}" if abs(value) >= 1000 else f"{value:.6f}".rstrip("0").rstrip(".")
    return told(dict(choices).get(str(value), str(value)))


@dataclass(frozen=True, slots=True)
class _Field:
    column: ListColumn
    widget: QWidget

    def value(self) -> Value:
        """What stands in it, as the record keeps it.

        Raises:
            Invalid: it is needed and empty, or no number.
        """
        if isinstance(self.widget, QCheckBox):
            return self.widget.isChecked()
        typed = self.widget.value() if isinstance(self.widget, PickList) else _line(self.widget)
        if not typed and self.column.needed:
            raise Invalid(f"{self.column.label}: nothing is there.", "Type it, or choose one.")
        if self.column.sort == "words with commas":
            return list(listed(typed))
        if self.column.sort in _NUMBERS:
            return self._number(typed)
        return typed if typed or not self.column.nothing else None

    def _number(self, typed: str) -> Value:
        if not typed:
            return None
        kind = int if self.column.sort == "number" else float
        try:
            return kind(typed.replace(",", "."))
        except ValueError as error:
            raise Invalid(
                f'{self.column.label}: "{typed}" is no {_NUMBERS[self.column.sort]}.', "Type it in digits."
            ) from error


_NUMBERS: Final = {"number": "whole number", "degrees": "number of degrees"}


def _line(widget: QWidget) -> str:
    return widget.text().strip() if isinstance(widget, QLineEdit) else ""


class ListSheet(VanSheet):
    """A new row, or another wording of one. What tells a row from the others stays as it is."""

    def __init__(
        self,
        subject: Subject,
        kept: KeptList,
        before: Mapping[str, Value],
        choices: Choices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kept.one, "Save", subject, parent)
        self.kept = kept
        self.before = before
        # A new row has none of these yet: what was typed for one is gone on with in the next.
        self.about = (kept.table, *(before.get(name) for name in kept.key))
        columns = [one for one in kept.columns if not before or not one.fixed]
        self.asked = {one.name: self._field(one, choices(one)) for one in columns}
        self.setFocusProxy(next(iter(self.asked.values())).widget)

    def _field(self, column: ListColumn, choices: Sequence[tuple[str, str]]) -> _Field:
        value = self.before.get(column.name)
        if column.sort == "yes or no":
            box = QCheckBox("yes", self)
            box.setChecked(bool(value))
            widget: QWidget = box
        elif column.sort == "choice":
            picks = PickList(column.label, [Row(code, told(label)) for code, label in choices], self)
            picks.set_value(str(value) if value is not None else "")
            widget = picks
        else:
            widget = QLineEdit(shown(column, value), self)
        words = f"{column.label}, with commas between" if column.sort == "words with commas" else column.label
        self.field(words, widget)
        return _Field(column, widget)

    def command(self) -> tuple[Command, str]:
        """The row as it is to be."""
        values = {name: one.value() for name, one in self.asked.items()}
        # A number that the record needs and nobody typed: where it stood, or for a new one the end of the list.
        if values.get("rank", 0) is None:
            del values["rank"]
        if self.before and all(self.before[name] == value for name, value in values.items()):
            raise Invalid("Nothing is different.", "Change something, or close this.")
        command = SaveListed(table=self.kept.table, values=values, before=self.before)
        return command, f"{self.kept.one.capitalize()} saved"
