"""The page of a view: each of its states as it is opened, then what each key, button and word typed changes."""

import difflib
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import shiboken6
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from console.look.widgets import MessageBar
from tests.gui.said.hands import called, keys_of, pressable, shortcuts_of, tell_signals
from tests.gui.said.opening import Happens, Opening
from tests.gui.said.painted import PLACES
from tests.gui.said.round import steps_of
from tests.gui.said.still import Still
from tests.gui.said.widgets import said
from tests.gui.walking import ancestors

WRITE: Final = "CRU_TESTS_SAID"
"""The variable that, set to ``write``, has pages written instead of compared."""
_PAGES = Path(__file__).parent / "pages"
_LONGEST: Final = 600
_MOST_SAID: Final = 40
"""Lines of what one press changed that are written down."""
Sits = Callable[[], Still]
"""Makes a new desk, and takes the one before away."""


def kept(view: str) -> Path:
    """Where the page of a view is kept."""
    return _PAGES / f"{view}.txt"


def difference(file: Path, page: str) -> str:
    """What differs from a kept page; empty for nothing. With other letters what is painted is not compared."""
    before, after = (file.read_text("utf-8") if file.exists() else "").splitlines(), page.splitlines()
    if before[:1] != after[:1]:
        before, after = ([line for line in lines[1:] if "~" not in line] for lines in (before, after))
    lines = difflib.unified_diff(before, after, "kept", "said", lineterm="", n=2)
    return "\n".join(line for _, line in zip(range(60), lines, strict=False))


def page_of(openings: Iterator[Opening], sits: Sits, until: Path | None = None) -> str:
    """All that is written down of a view; up to the first line that differs, if a kept page is given."""
    tried: set[str] = set()
    wholes: dict[str, list[str]] = {}
    told = (line for one in openings for line in _Said(one, sits, wholes, tried).lines())
    page = [f"letters {_letters()}"]
    known = until.read_text("utf-8").split("\n") if until is not None else []
    known = known if known[:1] == page else []
    for line in map(_readable, told):
        # What was copied may be several.
        own, begin = line.split("\n"), len(page)
        page += own
        if known and known[begin : len(page)] != own:
            break
    return "\n".join(page) + "\n"


def _readable(line: str) -> str:
    """A line that nobody would read to its end as far as somebody would; what is left out is told by its sum."""
    rest = line[_LONGEST:]
    return f"{line[:_LONGEST]}… {zlib.crc32(rest.encode()):08x}" if rest else line


def _letters() -> int:
    """How wide letters are here: where that differs, something else is left out where there is little room."""
    return QFontMetrics(QApplication.font()).horizontalAdvance(
        "The quick brown fox jumps over the lazy dog 0123456789"
    )


class _Said:
    """What one state of a view says, and what is changed in it."""

    def __init__(self, one: Opening, sits: Sits, wholes: dict[str, list[str]], tried: set[str]) -> None:
        self._one, self._sits, self._wholes, self._tried = one, sits, wholes, tried
        self._still: Still
        self._top: QWidget
        self._signals: list[str] = []

    def lines(self) -> Iterator[str]:
        """Each of them."""
        self._open()
        first = said(self._top)
        yield f"=== {self._one.name}"
        whole = self._wholes.setdefault(type(self._top).__name__, first)
        yield from first if whole is first else _changed(whole, first, len(first))
        yield from self._outside({})
        yield from self._then(first)
        if self._one.press:
            yield from self._pressed(first)
        yield from self._round()

    def _open(self) -> None:
        self._still = self._sits()
        self._top = self._one.open(self._still)
        self._still.settle()
        self._signals = []
        for one in (self._top, *ancestors(self._top)):
            self._signals = tell_signals(one, self._still.told, self._signals)
        self._still.begin(self._top)

    def _then(self, before: list[str]) -> Iterator[str]:
        for step in self._one.then:
            if not shiboken6.isValid(self._top):
                break
            where, seen = _focus(), self._around()
            told = self._do(partial(self._take, step))
            if told is False:
                continue
            after = self._say()
            yield f"--- {where}: {step if isinstance(step, str) else step[0]}"
            yield from told if isinstance(told, list) else ()
            yield from _changed(before, after)
            yield from self._outside(seen)
            before = after

    def _take(self, step: str | Happens) -> object:
        return self._still.press(*step.split(" ; ")) if isinstance(step, str) else step[1](self._still)

    def _pressed(self, first: list[str]) -> Iterator[str]:
        """Each button and key that was not tried in an earlier state."""
        if self._one.then:
            self._open()
        wanted = [
            *map(called, pressable(self._top)),
            *(f"{part} · {key}" for part, key, _ in keys_of(self._top)),
            *sorted(shortcuts_of(self._top)),
        ]
        before = first
        for name in dict.fromkeys(wanted):
            if name in self._tried:
                continue
            self._tried.add(name)
            if before is not first and not (self._one.in_a_row and self._is_there()):
                self._open()
                before = first
            self._still.close_others(self._top)
            seen = self._around()
            self._press(name)
            after = self._say()
            lines = [*_changed(before, after), *self._outside(seen)]
            if lines:
                yield f"--- press {name}"
                yield from lines
                before = after if after != first else [*after]

    def _round(self) -> Iterator[str]:
        """What is done to every view, the first time that one of its kind is there."""
        name = f"round {type(self._top).__name__}"
        if name in self._tried:
            return
        self._tried.add(name)
        self._open()
        before = self._say()
        for step, act in list(steps_of(self._still, self._top, self._tried)):
            if not self._is_there():
                self._open()
                before = self._say()
            seen = self._around()
            told = self._do(partial(act, self._still, self._top))
            after = self._say()
            lines = [*_changed(before, after), *(told if isinstance(told, list) else ()), *self._outside(seen)]
            if lines:
                yield f"--- {step}"
                yield from lines
            before = after

    def _is_there(self) -> bool:
        return shiboken6.isValid(self._top) and self._top.isVisible() and QApplication.activePopupWidget() is None

    def _press(self, name: str) -> None:
        button = next((one for one in pressable(self._top) if called(one) == name), None)
        if button is not None:
            self._do(button.click)
            return
        if name.startswith("shortcut "):
            shortcut = shortcuts_of(self._top).get(name)
            self._do(shortcut.activated.emit if shortcut is not None else lambda: None)
            return
        found = next(((key, at) for part, key, at in keys_of(self._top) if f"{part} · {key}" == name), None)
        if found is not None:
            found[1].setFocus()
            self._do(lambda: self._still.press(found[0]))

    def _do(self, act: Callable[[], object]) -> object:
        self._still.sent.clear()
        self._signals.clear()
        self._still.heard.clear()
        done = act()
        self._still.settle()
        return done

    def _say(self) -> list[str]:
        return said(self._top) if shiboken6.isValid(self._top) else ["gone"]

    def _outside(self, before: dict[str, str]) -> Iterator[str]:
        yield from (f"sent {one}" for one in self._still.sent)
        yield from (f"signal {one}" for one in self._signals)
        yield from (f"heard {one}" for one in self._still.heard)
        yield from (f"{name}: {value}" for name, value in self._around().items() if before.get(name, "") != value)

    def _around(self) -> dict[str, str]:
        """Where the keyboard is, what lies over the view, and what was copied."""
        menu = QApplication.activePopupWidget()
        bars = [one for top in QApplication.topLevelWidgets() for one in top.findChildren(MessageBar)]
        said_there = [one.text() for one in bars if one.isVisible() and not self._is_inside(one)]
        windows = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not menu]
        return {
            "keyboard": _focus(),
            "waits": ", ".join(self._still.waiting),
            "message": " / ".join(said_there),
            "copied": QApplication.clipboard().text()[:200],
            "popup": ", ".join(_offered(menu)),
            "windows": ", ".join(sorted(f"{type(one).__name__} {one.windowTitle()}".strip() for one in windows)),
        }

    def _is_inside(self, one: QWidget) -> bool:
        return shiboken6.isValid(self._top) and self._top.isAncestorOf(one)


def _offered(menu: QWidget | None) -> Iterator[str]:
    """What a menu offers, and what those in it do."""
    for action in menu.actions() if menu is not None else ():
        inner = action.menu()
        shut, ticked = "" if action.isEnabled() else " (shut)", " (ticked)" if action.isChecked() else ""
        words = action.text().replace("\t", " ") or "-"
        yield f"{words}{shut}{ticked}" + (f" [{', '.join(_offered(inner))}]" if isinstance(inner, QWidget) else "")


def _changed(before: list[str], after: list[str], most: int = _MOST_SAID) -> list[str]:
    lines = [
        f"{line[0]} {line[1:].strip()}"
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    # Where things stand after a step hangs on when a layout was made; where they stand at first does not.
    told = [line for line in lines if f"~ {PLACES} " not in line]
    return [*told[:most], *_rest(told[most:])]


def _rest(lines: list[str]) -> Iterator[str]:
    """What is too much to read, as a sum; what hangs on letters by itself."""
    for mark in ("", "~ "):
        left = [line for line in lines if ("~" in line) is bool(mark)]
        yield from [f"{mark}… {len(left)} more {_sum(left)}"] if left else []


def _sum(lines: list[str]) -> str:
    return f"{zlib.crc32(chr(10).join(lines).encode()):08x}"


def _focus() -> str:
    one = QApplication.focusWidget()
    if one is None:
        return "nobody"
    return f"{type(one).__name__}{f' #{one.objectName()}' if one.objectName() else ''}"
