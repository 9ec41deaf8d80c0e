"""What the page still has to be told: a picture kept whole, sent as differences.

Every setter only notes the wish. ``take`` gives the one batch that brings the page from what it last heard to
what is wanted now, or None when nothing differs. ``forget`` makes the next batch whole again, for a new page.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from console.map.marks import ReferralMark, VanMark, on_map, referral_row, van_row
from console.running.faults import attempt

Batch = dict[str, Any]
M = TypeVar("M", VanMark, ReferralMark)


class MarkLayer(Generic[M]):
    """Marks of one kind by id: what is wanted, and what the page does not know yet.

    Args:
        row: turns a mark into the list that the page expects.
    """

    def __init__(self, row: Callable[[M], list[Any]]) -> None:
        self._row: Callable[[M], list[Any]] = row
        self._wanted: dict[str, M] = {}
        self._changed: set[str] = set()

    def replace(self, marks: Iterable[M]) -> None:
        """Want exactly these marks; those without a place on the map are left out."""
        fresh = {mark.id: mark for mark in marks if on_map(mark)}
        old = self._wanted
        self._changed.update(old.keys() - fresh.keys())
        self._changed.update(key for key, mark in fresh.items() if old.get(key) != mark)
        self._wanted = fresh

    def change(self, marks: Iterable[M], removed: Iterable[str] = ()) -> None:
        """Want these instead of what was known of them, and no longer the removed ones."""
        for mark in marks:
            if not on_map(mark):
                self._drop(mark.id)
            elif self._wanted.get(mark.id) != mark:
                self._wanted[mark.id] = mark
                self._changed.add(mark.id)
        for key in removed:
            self._drop(key)

    def _drop(self, key: str) -> None:
        if self._wanted.pop(key, None) is not None:
            self._changed.add(key)

    def get(self, key: str) -> M | None:
        """The wanted mark of that id."""
        return self._wanted.get(key)

    def all(self) -> list[M]:
        """Every wanted mark."""
        return list(self._wanted.values())

    def forget(self) -> None:
        """Take it that the page knows nothing."""
        # A new page has nothing to drop, so ids that are gone need not be told.
        self._changed = set(self._wanted)

    def take(self) -> Batch | None:
        """Rows to put and ids to drop, or None."""
        if not self._changed:
            return None
        # What came and went between two batches is dropped for nothing; the page knows no such id and does
        # nothing.
        wanted = [self._wanted[key] for key in self._changed if key in self._wanted]
        put = [row for mark in wanted if (row := attempt("a mark on the map", self._row, mark)) is not None]
        drop = [key for key in self._changed if key not in self._wanted]
        self._changed = set()
        return {"put": put, "drop": drop}


class MapSettings:
    """Named single values (theme, route, trails...), sent when they differ from what was sent last."""

    def __init__(self) -> None:
        self._wanted: dict[str, Any] = {}
        self._changed: set[str] = set()

    def put(self, name: str, value: Any) -> None:  # noqa: ANN401 any JSON value
        """Want the value; nothing is sent when it is the one already wanted."""
        if name not in self._wanted or self._wanted[name] != value:
            self._wanted[name] = value
            self._changed.add(name)

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 any JSON value
        """The wanted value."""
        return self._wanted.get(name, default)

    def forget(self) -> None:
        """Take it that the page knows nothing."""
        self._changed = set(self._wanted)

    def take(self) -> Batch:
        """The changed values by name."""
        batch = {name: self._wanted[name] for name in self._changed}
        self._changed = set()
        return batch


class Picture:
    """Everything that the page shows, and the batch that it still lacks."""

    def __init__(self) -> None:
        self.vans: MarkLayer[VanMark] = MarkLayer(van_row)
        self.referrals: MarkLayer[ReferralMark] = MarkLayer(referral_row)
        # By van: each trail is sent alone, when it has grown.
        self.trails = MapSettings()
        self.settings = MapSettings()
        self._moves: list[Batch] = []

    def move(self, **how: Any) -> None:  # noqa: ANN401 any JSON value
        """Ask for one movement of the view; movements are not repeated to a new page."""
        self._moves.append(how)

    def forget(self) -> None:
        """Take it that the page knows nothing."""
        for part in (self.vans, self.referrals, self.trails, self.settings):
            part.forget()

    def take(self) -> Batch | None:
        """One batch with all differences, or None when there is none."""
        parts: Batch = {
            "vans": self.vans.take(),
            "referrals": self.referrals.take(),
            "trails": self.trails.take(),
            "set": self.settings.take(),
            "moves": self._moves,
        }
        self._moves = []
        return {name: part for name, part in parts.items() if part} or None
