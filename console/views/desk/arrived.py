"""A message that has just come in is said on the desk, quietly and without its words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from console.live.desk import Desk
from console.live.store import Delta
from console.live.talk import from_to, unseen
from console.look.key_table import EVERYWHERE
from console.look.keys import cap

if TYPE_CHECKING:
    from uuid import UUID


class Arrived(QObject):
    """Says each message once that comes while somebody is signed in; those that waited are said as a number."""

    def __init__(self, desk: Desk, say: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._say = desk, say
        self._known: set[UUID] | None = None
        desk.store.changed.connect(self._look)

    def _look(self, delta: Delta) -> None:
        if self._known is not None and not delta.put.get("message"):
            return
        waiting = {one.id: one for one in unseen(self._desk)}
        before, self._known = self._known, set(waiting) | (self._known or set())
        new = [waiting[key] for key in waiting if before is None or key not in before]
        if not new:
            return
        key = cap(EVERYWHERE.key("messages"))
        words = (
            f"Message: {from_to(self._desk, new[0])}." if len(new) == 1 else f"{len(new)} messages wait for you."
        )
        self._say(f"{words} {key}")
