"""What the page may say to the console, over QWebChannel. The page can call these slots and nothing else."""

from PySide6.QtCore import QObject, Signal, Slot


class Bridge(QObject):
    """The one object that the page can reach; each slot becomes a signal of the same meaning."""

    loaded = Signal()
    van_chosen = Signal(str)
    referral_chosen = Signal(str)
    ground_clicked = Signal(float, float)
    pin_dropped = Signal(float, float)
    view_moved = Signal(float, float, float)
    key_pressed = Signal(str)

    @Slot()
    def ready(self) -> None:
        """The page has started and takes batches."""
        self.loaded.emit()

    @Slot(str)
    def van(self, van_id: str) -> None:
        """A van was clicked."""
        self.van_chosen.emit(van_id)

    @Slot(str)
    def referral(self, referral_id: str) -> None:
        """A referral was clicked."""
        self.referral_chosen.emit(referral_id)

    @Slot(float, float)
    def ground(self, lat: float, lon: float) -> None:
        """The map itself was clicked."""
        self.ground_clicked.emit(lat, lon)

    @Slot(float, float)
    def pin(self, lat: float, lon: float) -> None:
        """The pin was dragged to a new place."""
        self.pin_dropped.emit(lat, lon)

    @Slot(float, float, float)
    def moved(self, lat: float, lon: float, zoom: float) -> None:
        """The view came to rest somewhere."""
        self.view_moved.emit(lat, lon, zoom)

    @Slot(str)
    def key(self, name: str) -> None:
        """A key or button of the map, by what it does, such as "lock" or "search"."""
        self.key_pressed.emit(name)
