"""What was typed into a sheet that was put away, kept until a sheet about the same is opened again."""

from collections.abc import Hashable, Mapping

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from console.views.sheets.pick_list import PickList
from console.views.vans.sheets import VanSheet
from console.views.vans.ticks import TickList

Values = Mapping[str, object]


class KeptFields:
    """The fields that somebody changed, by what the sheet is about.

    The sheet itself is made anew: who is busy and how the shift stands is then as it is now.
    """

    def __init__(self) -> None:
        self._typed: dict[Hashable, Values] = {}
        self._found: Values = {}

    def __bool__(self) -> bool:
        """Whether anything is kept."""
        return bool(self._typed)

    def begin(self, sheet: VanSheet) -> None:
        """A sheet is opened: put in what was typed before."""
        self._found = _values(sheet)
        for name, value in self._typed.pop(key_of(sheet), {}).items():
            if name in sheet.fields:
                _put(sheet.fields[name], value)

    def typed(self, sheet: VanSheet) -> Values:
        """What somebody changed in the open sheet."""
        return {name: value for name, value in _values(sheet).items() if value != self._found.get(name)}

    def keep(self, key: Hashable, typed: Values) -> None:
        """A sheet was put away, or refused when it was out of sight."""
        if typed:
            self._typed[key] = typed


def key_of(sheet: VanSheet) -> Hashable:
    """What two sheets have in common of which one goes on where the other was left."""
    return type(sheet), sheet.about


def _values(sheet: VanSheet) -> Values:
    return {name: _value(field) for name, field in sheet.fields.items()}


def _value(field: QWidget) -> object:
    match field:
        case QLineEdit():
            return field.text()
        case TickList():
            return field.ticked()
        case PickList() | QSpinBox():
            return field.value()
        case QCheckBox():
            return field.isChecked()
    return None


def _put(field: QWidget, value: object) -> None:
    match field, value:
        case QLineEdit(), str():
            field.setText(value)
        case TickList(), tuple():
            field.tick(value)
        case PickList(), str():
            field.set_value(value)
        case QSpinBox(), int():
            field.setValue(value)
        case QCheckBox(), bool():
            field.setChecked(value)
