"""Keeps on the disk what is typed and the record does not have, and puts it aside again at the next sign-in."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from console.live.desk import Desk
from console.live.typed_on_disk import TypedOnDisk, Written
from console.views.form.open_draft import OpenDraft

if TYPE_CHECKING:
    from uuid import UUID

LOOK_EVERY_MS: Final = 2000
"""Milliseconds from something typed until it stands on the disk."""


class TypedKeeper(QObject):
    """Looks at the drafts again and again: words are typed beside the form's fields, too."""

    def __init__(self, desk: Desk, drafts: Callable[[], Sequence[OpenDraft]], parent: QObject) -> None:
        """Keep nothing yet.

        Args:
            desk: whose.
            drafts: the draft on the screen, and those that were put aside.
            parent: owner.
        """
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self._disk: TypedOnDisk | None = None
        self._kept: dict[UUID, Mapping[str, Any]] = {}
        self.timer = QTimer(self, interval=LOOK_EVERY_MS)
        self.timer.timeout.connect(self.look)

    def attach(self, disk: TypedOnDisk, found: Sequence[Written]) -> list[OpenDraft]:
        """From now on what is typed stands on the disk.

        Args:
            disk: open.
            found: what earlier consoles left there.

        Returns:
            What of it is not in the record, oldest first.
        """
        self._disk = disk
        disk.before_close = self.look
        self.timer.start()
        back = []
        for said in found:
            try:
                draft = OpenDraft.again(said)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # it stays for the version of the program that wrote it
            if self._is_left(draft):
                back.append(draft)
                self._kept[draft.referral_id] = said
            else:
                disk.drop(draft.referral_id)
        return sorted(back, key=lambda one: one.opened)

    def holds(self, draft: OpenDraft) -> bool:
        """Whether it would be there again if the console ended now."""
        return self._disk is not None and _is_wanted(draft) and self._disk.takes(draft.referral_id)

    def look(self) -> None:
        """Bring to the disk what is typed since, and away from it what the record has."""
        if self._disk is None:
            return
        wanted = {one.referral_id: one for one in self._drafts() if _is_wanted(one)}
        for key in self._kept.keys() - wanted.keys():
            del self._kept[key]
            self._disk.drop(key)
        for key, draft in wanted.items():
            said = draft.written()
            if self._kept.get(key) != said:
                self._kept[key] = said
                self._disk.keep(key, said)

    def _is_left(self, draft: OpenDraft) -> bool:
        """Let a draft stand on the record of now. Whether there is anything left to save."""
        store = self._desk.store
        referral = store.referral(draft.referral_id)
        if referral is not None and draft.is_new:
            return False  # it came to the record after all, and the call goes on from there
        if referral is not None:
            draft.items = tuple(store.about_of(draft.referral_id))
            draft.follow_about(draft.items)
            if draft.version is not None and referral.version > draft.version:
                draft.rebase(referral, store.reference)
        return draft.is_touched


def _is_wanted(draft: OpenDraft) -> bool:
    """Whether it is typed and nowhere else: a call has its own way to the record, from its place on."""
    on_its_way = draft.is_new and (draft.call_version > 0 or draft.keep_id is not None or draft.call_lost)
    return draft.is_touched and not on_its_way
