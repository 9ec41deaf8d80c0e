"""Before anybody leaves the desk: what would be lost is said first, and the second try goes through."""

from collections.abc import Callable, Hashable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

from console.live.actions import Actions
from console.views.desk.beside import Beside
from console.views.desk.messages import DeskMessages
from console.views.detail import DetailPane
from console.views.form.sheet import FormSheet

AGAIN_WITHIN_MS: Final = 8000
"""Milliseconds in which a second try leaves all the same."""


class Leaving(QObject):
    """Asks once, whichever way somebody leaves: by the window's frame, or to let somebody else sign in."""

    def __init__(
        self,
        actions: Actions,
        forms: FormSheet,
        message: DeskMessages,
        parent: QObject,
        typed_in: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Ask nothing yet.

        Args:
            actions: what waits for the record.
            forms: referrals that are not saved.
            message: where it is said.
            parent: owner.
            typed_in: the titles of windows in which something is typed.
        """
        super().__init__(parent)
        self._typed_in = typed_in
        self._actions = actions
        self._forms = forms
        self._message = message
        self._said = ""
        self._asked_of: frozenset[Hashable] = frozenset()
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._forget)

    @property
    def is_asked(self) -> bool:
        """Whether a second try, now, would go through."""
        return bool(self._said)

    def may_leave(self, again: str) -> bool:
        """Whether nothing would be lost, or it was said just now that it would.

        Args:
            again: what to do to leave all the same, as a sentence.
        """
        lost = self._lost()
        # Less than was said is no news; more is asked about anew, also within the time for a second try.
        if lost <= self._asked_of:
            return True
        self._asked_of = lost
        self._said = self._words()
        self._message.say("late", self._said, again, so=lambda: bool(self._lost()))
        self._over.start(AGAIN_WITHIN_MS)
        return False

    def _lost(self) -> frozenset[Hashable]:
        """What would be lost now, by its names."""
        drafts = {("draft", at) for at in range(self._forms.draft_count())}
        return frozenset({*(one.command.command_id for one in self._actions.pending), *drafts, *self._typed_in()})

    def _words(self) -> str:
        waiting, drafts = self._actions.pending, self._forms.draft_count()
        parts = [
            _not_sent(len(waiting), self._actions.stay()) if waiting else "",
            not_saved(drafts, self._forms.stay_count()) if drafts else "",
            _typed_under(list(self._typed_in())),
        ]
        sentence = " and ".join(part for part in parts if part) + "."
        return sentence[0].upper() + sentence[1:]

    def _forget(self) -> None:
        # From now on "again" would only be asked once more.
        self._message.take_back(self._said)
        self._said, self._asked_of = "", frozenset()


def typed_in(detail: DetailPane, beside: Beside) -> list[str]:
    """What the places are called in which something is typed that the record does not have."""
    held = (("Note", detail.note), ("Selected referral", detail.sheets))
    return [*(title for title, one in held if one.holds_typed()), *beside.unsaved()]


def not_saved(count: int, stay: int = 0) -> str:
    """How many drafts there are, in words, and how many of them are here again at the next sign-in."""
    many = "1 referral is typed but not saved" if count == 1 else f"{count} referrals are typed but not saved"
    return many + _waits(count, stay)


def _typed_under(titles: Sequence[str]) -> str:
    return f"something is typed under {' and '.join(titles)}" if titles else ""


def _not_sent(count: int, stay: int) -> str:
    """How many have no answer, and how many of them go on at the next sign-in."""
    many = f"{count} action{' is' if count == 1 else 's are'} not answered by the record"
    return many + _waits(count, stay)


def _waits(count: int, stay: int) -> str:
    if not stay:
        return ""
    which = ("it waits" if count == 1 else "they wait") if stay == count else f"{stay} of them will wait"
    return f"; {which} on this computer until you sign in again"
