"""Text with a little dress: escaped, coloured by tone, in rows. Nothing typed by people reaches Qt unescaped."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from console.look.palette import Tone
from console.look.style import current, mono, px
from db.domain.texts import paragraphs

_LONG: Final = re.compile(r"\S{30}(?=\S{8})")
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def plain(text: str) -> str:
    """What somebody typed, made harmless; line breaks stay, and a word too long for any line may be broken."""
    shown = escape(_LONG.sub(f"\\g<0>{_MAY_BREAK}", paragraphs(text)))
    return shown.replace("\n", "<br>")


def toned(text: str, tone: Tone) -> str:
    """Escaped text in the colour of a tone."""
    colours = current()
    ink = colours.text_dim if tone == "dim" else colours.tone(tone)
    return f'<span style="color:{ink}">{plain(text)}</span>'


def strong(text: str) -> str:
    """Escaped text in bold."""
    return f"<b>{plain(text)}</b>"


def rows(lines: Sequence[tuple[str, str]]) -> str:
    """A table of times and words. Both come as markup."""
    first = f"padding:1px {px(12)}px {px(3)}px 0; white-space:nowrap; font-family:'{mono().family()}'"
    second = f"padding:1px 0 {px(3)}px 0"
    made = "".join(
        f'<tr><td style="{first}">{left}</td><td style="{second}">{right}</td></tr>' for left, right in lines
    )
    return f'<table cellspacing="0" cellpadding="0">{made}</table>'


def _from_the_left(markup: str) -> str:
    """Qt turns a whole text round whose first letter is a Hebrew one, marks of direction or not."""
    return f'<div dir="ltr">{markup}</div>' if markup else ""


class RichLabel(QLabel):
    """A label for markup made here: wraps, and can be selected with the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        # A click into the text must not take the keyboard from the pane.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_markup(self, text: str) -> None:
        """Show markup, from the left whatever script it begins with."""
        self.setText(_from_the_left(text))
