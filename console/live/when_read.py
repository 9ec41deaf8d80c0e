"""What comes behind the board: begun once the mirror was first read, or the record cannot be reached."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from console.live.store import LinkState, Store


class WhenRead(QObject):
    """Does something once.

    Args:
        store: the mirror.
        do: what, in a turn of its own behind what else follows the first picture.
        parent: owner; with it gone nothing is done.
    """

    def __init__(self, store: Store, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._do = store, do
        for signal in (store.changed, store.link_changed):
            signal.connect(self._look)
        self._look()

    def _look(self) -> None:
        store = self._store
        if store.is_read or store.link.state is LinkState.LOST:
            for signal in (store.changed, store.link_changed):
                signal.disconnect(self._look)
            QTimer.singleShot(0, self, self._do)
