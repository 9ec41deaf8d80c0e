"""Small sheets beside the fleet: a van, and somebody who works here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from console.live.reality import Insistence, bare
from console.look.hints import hint as show_hint
from console.look.number_box import NumberBox
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.sheets import Subject, VanSheet
from db.commands import Command, SaveStaff, SaveVan
from db.domain.records import StaffMember, Van
from db.domain.texts import told
from db.errors import Invalid

_LIVERIES: Final = ("unmarked", "marked")
_SEATS: Final = 5
_OF_A_VAN: Final = ("callsign", "registration", "base", "livery", "seats", "equipment")
_OF_SOMEBODY: Final = ("name", "profession", "gender", "languages", "registered")


def listed(typed: str) -> tuple[str, ...]:
    """``Polish, Lithuanian`` as two; a name without a comma is one."""
    return tuple(dict.fromkeys(part.strip() for part in typed.replace(";", ",").split(",") if part.strip()))


def _shown(what: Van | StaffMember, names: Sequence[str]) -> dict[str, object]:
    """What the sheet was opened with, so that nobody's change meanwhile is undone by it."""
    return {name: getattr(what, name) for name in names}


class VanFormSheet(VanSheet):
    """What a van is called, where it stands, and what it has aboard."""

    def __init__(
        self,
        subject: Subject,
        van: Van | None,
        bases: Sequence[str],
        aboard: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("what it is" if van else "of the service", "Save", subject, parent)
        self.van = van
        self.about = van.id if van else "new"
        self.callsign = QLineEdit(told(van.callsign) if van else "", self)
        self.registration = QLineEdit(told(van.registration) if van else "", self)
        self.base = PickList("Base", [Row(name, told(name)) for name in bases], self)
        self.livery = PickList("Livery", [Row(one, one) for one in _LIVERIES], self)
        self.seats = NumberBox(0, 100, van.seats if van else _SEATS, self)
        self.equipment = QLineEdit(", ".join(map(told, van.equipment)) if van else "", self)
        show_hint(self.equipment, ", ".join(map(told, aboard)) or "such as wheelchair ramp")
        self.base.set_value(van.base if van else next(iter(bases), ""))
        self.livery.set_value(van.livery if van else _LIVERIES[0])
        self.field("Callsign", self.callsign)
        self.field("Registration", self.registration)
        self.field("Base", self.base)
        self.field("Livery", self.livery)
        self.field("Seats", self.seats)
        self.field("Equipment, with commas between", self.equipment)
        self.setFocusProxy(self.callsign)

    def command(self) -> tuple[Command, str]:
        """The van as it is to be."""
        callsign, base = self.callsign.text().strip(), self.base.value()
        if not callsign:
            raise Invalid("A van needs a callsign.", "Type it.")
        if not base:
            raise Invalid("A van stands somewhere between jobs.", "Choose its base.")
        command = SaveVan(
            callsign=callsign,
            registration=self.registration.text().strip(),
            base=base,
            livery=self.livery.value() or _LIVERIES[0],
            seats=self.seats.value(),
            equipment=listed(self.equipment.text()),
            is_new=self.van is None,
        )
        if self.van is not None:
            command = replace(command, van_id=self.van.id, before=_shown(self.van, _OF_A_VAN))
        return command, f"{callsign} saved"


class StaffSheet(VanSheet):
    """Who somebody is, for crews and for who asks for whom."""

    def __init__(self, subject: Subject, who: StaffMember | None, parent: QWidget | None = None) -> None:
        super().__init__("who it is", "Save", subject, parent)
        self.who = who
        self.about = who.id if who else "new"
        self._insistence = Insistence()
        self.name = QLineEdit(told(who.name) if who else "", self)
        self.profession = QLineEdit(told(who.profession) if who else "", self)
        self.gender = QLineEdit(told(who.gender) if who else "", self)
        self.languages = QLineEdit(", ".join(map(told, who.languages)) if who else "English", self)
        self.registered = QCheckBox("on a professional register", self)
        self.registered.setChecked(who.registered if who else False)
        self.field("Name", self.name)
        self.field("Profession", self.profession)
        self.field("Registered clinician", self.registered)
        self.field("Gender", self.gender)
        self.field("Languages, with commas between", self.languages)
        self.setFocusProxy(self.name)

    def command(self) -> tuple[Command, str]:
        """They as they are to be known; the same again is asked for a name that is there already."""
        name = self.name.text().strip()
        if not name or not self.profession.text().strip():
            raise Invalid("A name and a profession are needed.", "Type both.")
        command = SaveStaff(
            name=name,
            profession=self.profession.text().strip(),
            gender=self.gender.text().strip(),
            languages=listed(self.languages.text()),
            registered=self.registered.isChecked(),
            is_new=self.who is None,
        )
        if self.who is not None:
            command = replace(command, staff_id=self.who.id, before=_shown(self.who, _OF_SOMEBODY))
        asked = self._insistence.insists(bare(command))
        self._insistence.ask(bare(command))
        return replace(command, insisted="the name is there already" if asked else ""), f"{name} saved"
