"""What of a job that is over nobody put down: told beside the job, while somebody still knows it."""

from PySide6.QtWidgets import QWidget

from console.views.detail.rich import RichLabel, toned
from console.views.detail.sections import DetailSection
from console.views.detail.view import View
from db.domain.roles import may_dispatch
from db.domain.to_finish import unfinished


class UnfinishedSection(DetailSection):
    """The same list as the one that is handed over with the room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Still to enter", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show it; nothing where nothing is missing."""
        missing = unfinished(view.now_is.facts)
        self.setVisible(bool(missing) and may_dispatch(view.desk.me.role))
        lines = [toned(f"◆ {one.words}", "warn") for one in missing]
        if any(one.step for one in missing):
            lines.append(toned("A shift lead enters a time that somebody still knows: Amend a time.", "dim"))
        self._words.show_markup("<br>".join(lines))
