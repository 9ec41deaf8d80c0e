"""What harms if done by mistake is asked first, and done by the same key once more."""

from collections.abc import Callable, Hashable

from console.look.panel import MessageBar


class OnceMore:
    """Asks in the message of a window. A second key counts for the same thing only, while the question is read."""

    def __init__(self, message: MessageBar) -> None:
        self._message = message
        self._what: Hashable = None
        self._words = ""

    def is_meant(self, what: Hashable, question: str, then: str, still: Callable[[], bool] = lambda: True) -> bool:
        """Whether it was asked already; else ask it now.

        Args:
            what: which row and which change, by id: names may be alike.
            question: in words.
            then: what the key does once more.
            still: whether it can still be done; once it cannot, the question goes.
        """
        if self._what == what and self._is_read():
            self.let_go()
            return True
        self._message.say("warn", question, then, so=still)
        self._what, self._words = what, self._message.text()
        return False

    def let_go(self) -> None:
        """Something else is chosen: neither the question nor its answer stays."""
        if self._is_read():
            self._message.clear()
        self._what, self._words = None, ""

    def _is_read(self) -> bool:
        # Put away, or another sentence in its place: then nobody knows any more what the key would do.
        return bool(self._words) and not self._message.isHidden() and self._message.text() == self._words
