"""What the windows of the room share: they point at the desk, and hide what is personal."""

from PySide6.QtCore import Signal

from console.look.guard import guarded
from console.look.own_window import OwnWindow
from console.look.tabbing import walk


@guarded
class RoomWindow(OwnWindow):
    """A window of its own beside the live desk."""

    wanted = Signal(object, object)
    """A referral or a van, by id, is to be shown on the desk; None for the other."""

    def set_private(self, private: bool) -> None:
        """Hide or show what is personal."""
        raise NotImplementedError

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the order seen."""
        return walk(self, forward=forward)
