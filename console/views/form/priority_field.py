"""Priority: it follows the source and the scale until somebody chooses."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from console.views.form.choice import Option
from console.views.form.fields import ChoiceField
from db.domain.clocks import allowance_in_words, local_time
from db.domain.intake import Draft
from db.domain.reference import Priority


class PriorityField(ChoiceField):
    """One priority, what it means, and until when a crew must be there."""

    def __init__(self, priorities: Mapping[str, Priority], parent: QWidget | None = None) -> None:
        options = [Option(code, code, str(number)) for number, code in enumerate(priorities, start=1)]
        super().__init__("priority", "Priority", options, parent)
        self._priorities = priorities
        self._chosen = False
        self.row.edited.connect(self._choose)

    def values(self) -> dict[str, Any]:
        """The priority, and whether a person chose it."""
        found = super().values()
        return found | {"priority_chosen": self._chosen and bool(found["priority"])}

    def show_draft(self, draft: Draft) -> None:
        """Show the priority."""
        self._chosen = draft.priority_chosen
        super().show_draft(draft)

    def follow(self, priority: str, received: datetime, now: datetime) -> None:
        """Show the default, and what it means for a referral received then; both UTC."""
        self.row.choose((priority,))
        found = self._priorities.get(priority)
        self.remark(_meaning(found, received, now) if found else "")

    def _choose(self) -> None:
        self._chosen = True


def _meaning(priority: Priority, received: datetime, now: datetime) -> str:
    due = local_time(received + timedelta(minutes=priority.within_minutes), now)
    aim = f", aim {allowance_in_words(priority.aim_minutes)}" if priority.aim_minutes else ""
    within = allowance_in_words(priority.within_minutes)
    return f"{priority.meaning}. With the person by {due} ({within}{aim})."
