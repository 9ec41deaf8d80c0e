"""What the room says about a referral while it works on it: who else is there, and the messages."""

from typing import Final

from PySide6.QtWidgets import QWidget

from console.live.presence import others_at
from console.live.talk import from_to, messages_about, seen_words, words_of
from console.look.key_table import EVERYWHERE
from console.look.keys import whole_cap
from console.views.detail.rich import RichLabel, plain, rows, strong, toned
from console.views.detail.sections import DetailSection
from console.views.detail.view import View
from db.domain.clocks import local_time

_MOST: Final = 5
"""Messages that are shown here; the others are in their window."""


class HereSection(DetailSection):
    """Who else looks at it or types in it, now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Here now", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show it; nothing where nobody else is there."""
        words = others_at(view.desk, view.referral.id)
        self.setVisible(bool(words))
        self._words.show_markup(toned(words, "link"))


class MessagesSection(DetailSection):
    """The messages about it, the newest first; those that wait for whoever is signed in stand out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Messages", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show them; nothing where there are none."""
        found = messages_about(view.desk, view.referral.id)
        self.setVisible(bool(found))
        waits = sum(one.waits_for(view.desk.me.login) for one in found)
        more = f" · {waits} not seen by you, {whole_cap(EVERYWHERE.key('messages'))}" if waits else ""
        self.set_title(f"Messages{more}")
        lines = []
        for one in found[:_MOST]:
            words = words_of(one, private=view.private)
            said = strong(f"● {words}") if one.waits_for(view.desk.me.login) else plain(words)
            beside = toned(f"{from_to(view.desk, one)} · {seen_words(view.desk, one)}", "dim")
            lines.append((plain(local_time(one.written_at, view.now)), f"{said}<br>{beside}"))
        self._words.show_markup(rows(lines))
