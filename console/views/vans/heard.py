"""The sheet for a word from a crew that did not come by radio, or not from the crew."""

from PySide6.QtWidgets import QLineEdit, QWidget

from console.look.hints import hint as show_hint
from console.views.sheets.pick_list import PickList
from console.views.sheets.row_layout import Row
from console.views.vans.sheets import Subject, VanSheet
from db import commands
from db.commands.base import Command
from db.domain.fleet import VanFacts
from db.domain.read_back import CHANNELS
from db.errors import Conflict, Invalid


class HeardSheet(VanSheet):
    """How the crew was heard, by whom where it was not the crew, and what else was said."""

    def __init__(self, subject: Subject, facts: VanFacts, parent: QWidget | None = None) -> None:
        super().__init__("crew well", "All is well", subject, parent)
        self._job = facts.job.id if facts.job is not None else None
        self.channel = PickList("Heard by", [Row(one, one) for one in CHANNELS], self)
        self.said_by, self.words = QLineEdit(self), QLineEdit(self)
        show_hint(self.said_by, "the crew itself")
        self.field("Heard by", self.channel)
        self.field("Said by somebody else", self.said_by)
        self.field("What else", self.words)
        self.setFocusProxy(self.channel)

    def command(self) -> tuple[Command, str]:
        """The word as it was heard."""
        channel = self.channel.value()
        if not channel:
            raise Invalid("A word has a way in which it came.", "Choose one.")
        if self._job is None:
            raise Conflict("That crew is not with anybody now.", "Look at the van again.")
        said = commands.CrewWell(
            assignment_id=self._job, channel=channel, said_by=self.said_by.text(), words=self.words.text()
        )
        return said, f"{self.subject.callsign} crew well"
