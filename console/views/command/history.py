"""The lines of this session, in memory alone: they may hold what is nobody else's."""

from typing import Final

_KEPT: Final = 200


class LineHistory:
    """Goes back and on through what was sent; a line that was begun is come back to."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._at = 0
        self._begun = ""

    def add(self, line: str) -> None:
        """Keep a line that was sent."""
        self._lines = [*(one for one in self._lines if one != line), line][-_KEPT:]
        self._at = len(self._lines)
        self._begun = ""

    def older(self, typed: str) -> str | None:
        """The line before; None where there is none."""
        if self._at == 0:
            return None
        if self._at == len(self._lines):
            self._begun = typed
        self._at -= 1
        return self._lines[self._at]

    def newer(self, _typed: str) -> str | None:
        """The line after; at the end what was begun. None behind it."""
        if self._at >= len(self._lines):
            return None
        self._at += 1
        return self._lines[self._at] if self._at < len(self._lines) else self._begun
