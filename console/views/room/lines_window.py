"""What the windows share that list what was read, with sheets over the list: reading, leaving, what is typed."""

from PySide6.QtGui import QShowEvent

from console.live.again import Again
from console.live.desk import Desk
from console.look.guard import guarded
from console.look.panel import MessageBar
from console.views.room.window import RoomWindow
from console.views.sheets import SheetHost


@guarded
class LinesWindow(RoomWindow):
    """Reads when it is opened; what is shown stays until the record has answered."""

    def __init__(self, desk: Desk, title: str, width: int, height: int) -> None:
        """Dress and place it; see :class:`console.look.own_window.OwnWindow`."""
        super().__init__(title, width, height)
        self._desk = desk
        self._again = Again(desk.store, self.refresh, self)
        self._private = False
        self.message = MessageBar(self)
        self.sheets = SheetHost(self, desk)
        self.sheets.refused_unseen.connect(self.say_unseen)

    def refresh(self) -> None:
        """Begin to read it again."""
        raise NotImplementedError

    def show_lines(self) -> None:
        """Show what was read."""
        raise NotImplementedError

    async def read(self) -> None:
        """Read what is shown, and keep it.

        Raises:
            RecordError: the record does not answer.
        """
        raise NotImplementedError

    async def read_and_show(self) -> None:
        """Read and show it, or say why that could not be."""
        if await self._again.tried(self.read, self.message):
            self.show_lines()

    def holds_typed(self) -> bool:
        """What a sheet was filled in with."""
        return self.sheets.holds_typed()

    def set_private(self, private: bool) -> None:
        """Hide or show what was said and written."""
        self._private = private
        self.show_lines()

    def leave(self) -> None:
        """Close the sheet; without one, the window."""
        if self.sheets.current is not None:
            self.sheets.close()
        else:
            self.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened, and begin in the list."""
        super().showEvent(event)
        self.refresh()
        self.setFocus()
