"""Locks the console: by a key, or when nobody touched it for long. What lies under the cover stays as it was."""

import hmac
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.look.guard import guarded
from console.running.ticks import Ticks
from console.views.desk.page import DeskPage
from console.views.lock.cover import LockCover, LockPage

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

WRONG: Final = "That is not the password of whoever is signed in."
AGAIN: Final = "Something is typed, or waits for the record: press it again within 8 seconds to leave it behind."
PAUSE_MS: Final = 1000
"""Milliseconds after a wrong password in which none is taken."""
_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # of a shortcut nothing else comes as far as the window
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


@guarded
class Lock(QObject):
    """One for a desk, for as long as somebody is signed in."""

    def __init__(
        self,
        window: QWidget,
        page: DeskPage,
        password: str,
        after_minutes: int = 0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin open.

        Args:
            window: of the desk.
            page: in it.
            password: that whoever is signed in typed; empty where there is none to be typed.
            after_minutes: without a touch, after which it locks by itself; 0 for never.
            now: seconds of this computer.
        """
        super().__init__(page)
        self._window, self._page, self._password = window, page, password
        self._after, self._now, self._touched_at = after_minutes * 60, now, now()
        self._covers: list[LockCover] = []
        self._active: QWidget | None = None
        self._focus: list[tuple[QWidget, QWidget]] = []
        self._watched: list[QWindow] = []
        self.page: LockPage | None = None
        self.hands_over = False
        """Somebody else takes the desk as it stands."""
        self._ticks = Ticks(page.desk.supervisor, PAUSE_MS, self)
        self._ticks.add("the lock", self.tick, "The console no longer locks by itself.")

    @property
    def is_locked(self) -> bool:
        """Whether the password has to be typed."""
        return self.page is not None

    def touched(self) -> float:
        """When somebody touched the console last, by its own clock of seconds."""
        return self._touched_at

    def tick(self) -> None:
        """Follow which windows there are, how long nobody touched them, and how many alarms wait."""
        for window in self._windows():
            self._watch(window)
        if self.page is not None:
            self._cover_new()
            self.page.tell(len(self._page.status.alarms.unanswered()))
        elif self._after and self._now() - self._touched_at >= self._after:
            self.lock()

    def lock(self) -> None:
        """LockCover every window; the keyboard goes to the password."""
        if self.page is not None:
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        windows, self._active = list(self._windows()), QApplication.activeWindow()
        self._focus = [(window, focus) for window in windows if (focus := window.focusWidget()) is not None]
        self._page.privacy.lock(True)
        who = self._page.desk.me.display_name
        does = {"unlock": self.unlock, "over": self.hand_over}
        self.page = LockPage(self._window, who, asks=bool(self._password), does=does)
        self._covers = [self.page]
        self._cover_new()
        self.page.tell(len(self._page.status.alarms.unanswered()))
        _to_the_front(self._window)

    def unlock(self) -> None:
        """Take the covers away, if the password is right; everything is where it was."""
        if self.page is None or not self.page.password.isEnabled():  # not so soon after a wrong one
            return
        typed = self.page.password.text()
        self.page.password.clear()
        if self._password and not hmac.compare_digest(typed.encode(), self._password.encode()):
            self._refuse(self.page)
            return
        self._uncover()
        self._page.privacy.lock(False)
        self._touched_at = self._now()
        self._give_back()

    def end(self) -> None:
        """Nobody is signed in any more: nothing is left to be covered."""
        self._ticks.stop()
        self._uncover()

    def _uncover(self) -> None:
        covers, self._covers, self.page = self._covers, [], None
        for cover in covers:
            if isValid(cover):
                cover.hide()
                cover.deleteLater()

    def _refuse(self, page: LockPage) -> None:
        page.message.say("late", WRONG)
        page.password.setEnabled(False)

        def again() -> None:
            if isValid(page):
                page.password.setEnabled(True)
                page.password.setFocus()

        QTimer.singleShot(PAUSE_MS, self, again)

    def hand_over(self) -> None:
        """Let somebody else sign in; what is not saved is said first."""
        if self.page is not None and not self._page.may_close():
            self.page.message.say("warn", AGAIN, so=lambda: self._page.leaving.is_asked)
            self.page.password.setFocus()
            return
        self.hands_over = True
        self._page.sign_out_wanted.emit()

    def _give_back(self) -> None:
        for window, focus in self._focus:
            # What the record took away meanwhile has no keyboard to give.
            if isValid(window) and isValid(focus) and focus.isVisible():
                focus.setFocus()
        self._focus = []
        if self._active is not None and isValid(self._active) and self._active.isVisible():
            _to_the_front(self._active)

    # --- windows ---

    def _windows(self) -> Iterator[QWidget]:
        """Every window that may show something about somebody; a wall shows nothing."""
        for one in QApplication.topLevelWidgets():
            if one.isVisible() and one.isWindow() and not getattr(one, "names_nobody", False):
                yield one

    def _cover_new(self) -> None:
        covered = {cover.parentWidget() for cover in self._covers if isValid(cover)}
        for window in self._windows():
            if window not in covered:
                self._covers.append(LockCover(window))

    def _watch(self, window: QWidget) -> None:
        handle = window.windowHandle()
        if handle is not None and handle not in self._watched:
            self._watched = [one for one in self._watched if isValid(one)] + [handle]
            # The windows alone, and not the program: every event of it would cost a call.
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch."""
        if event.type() in _TOUCHES:
            self._touched_at = self._now()
        return super().eventFilter(watched, event)


def _to_the_front(window: QWidget) -> None:
    window.raise_()
    window.activateWindow()
