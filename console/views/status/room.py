"""What gives way first where a line has no room for everything: shorter words before none, and an alarm never."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel

from console.look.palette import Tone
from console.look.style import px, text_font
from console.look.widgets import ActionButton, Chip

GAP: Final = 16


@dataclass(frozen=True, slots=True)
class Shorter:
    """One step: a part of the line by its name, and the fewer words it has then; none if it goes."""

    name: str
    words: str = ""


def fitted(
    room: int,
    whole: Mapping[str, str],
    steps: Sequence[Shorter],
    width: Callable[[str, str], int],
    gap: int,
) -> dict[str, str]:
    """The words that fit, by the name of the part; one that has no room is missing.

    Args:
        room: pixels for all parts and the gaps between them.
        whole: what each says where there is room.
        steps: what is given up, in this order, until the rest fits.
        width: pixels of a part, by its name, with certain words.
        gap: pixels between two parts.
    """
    said = dict(whole)
    for step in steps:
        if sum(width(name, words) + gap for name, words in said.items()) - gap <= room:
            break
        if step.name in said and step.words:
            said[step.name] = step.words
        else:
            said.pop(step.name, None)
    return said


class LineWords:
    """What each part of a line has to say, and what it says where there is room for less."""

    def __init__(self, parts: Mapping[str, QLabel | ActionButton | Chip]) -> None:
        self._parts = parts
        self._whole: dict[str, str] = {}
        self._tones: dict[str, Tone] = {}

    def want(self, name: str, words: str, tone: Tone = "neutral") -> bool:
        """Take what a part has to say, nothing for no words. Returns whether that is new."""
        new = (self._whole.get(name), self._tones.get(name)) != (words, tone)
        self._whole[name], self._tones[name] = words, tone
        return new

    def fit(self, names: Sequence[str], room: int, steps: Sequence[Shorter]) -> None:
        """Let the parts of one line say what fits in ``room`` pixels; see :func:`fitted`."""
        whole = {name: words for name in names if (words := self._whole.get(name, ""))}
        said = fitted(room, whole, steps, self._width, px(GAP))
        for name in names:
            self._say(name, said.get(name, ""))

    def _width(self, name: str, words: str) -> int:
        part = self._parts[name]
        # Before it is shown first it has neither the stylesheet's font nor its margins.
        part.ensurePolished()
        shown, font = (part.text, text_font(0.95)) if isinstance(part, Chip) else (part.text(), part.font())
        metrics = QFontMetrics(font)
        # Qt gives a button without words the room of four letters.
        empty = "XXXX" if isinstance(part, ActionButton) else ""
        spare = part.sizeHint().width() - metrics.horizontalAdvance(shown or empty)
        return spare + metrics.horizontalAdvance(words)

    def _say(self, name: str, words: str) -> None:
        part = self._parts[name]
        if isinstance(part, Chip):
            part.set_text(words, self._tones.get(name, "neutral"))
        else:
            part.setText(words)
        part.setVisible(bool(words))
