"""What stands against the next step, what was decided about it, and that nobody has signed the questions."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from console.views.detail.rich import RichLabel, plain, strong, toned
from console.views.detail.sections import DetailSection
from console.views.detail.view import View
from db.domain.care import DIED
from db.domain.clocks import local_time
from db.domain.dangers import Danger, Dangers, Decision
from db.domain.roles import may_dispatch

_SAYS = frozenset({"words"})
_LOUD = frozenset({"yes", "scale", "flag", "words", DIED})
_TO_ASK = frozenset({"unscreened", "unanswered"})
"""What nobody lets on because it was not asked, and not because it is so."""


class DangerSection(DetailSection):
    """Shown while something stands against the next step, or was let on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Danger", parent)
        self._words = RichLabel(self)
        self._column.addWidget(self._words)

    def show_view(self, view: View) -> None:
        """Show what the record says, or nothing where nothing stands and nothing was decided."""
        dangers = view.now_is.facts.dangers
        lines = list(_lines(dangers, view)) if dangers is not None and view.referral.is_open else []
        self.setVisible(bool(lines) and may_dispatch(view.desk.me.role))
        stops = bool(dangers and dangers.seen_to)
        self.set_title("Stands against the next step" if stops else "Let on")
        self._words.show_markup("<br>".join(lines))


def _lines(dangers: Dangers, view: View) -> Iterator[str]:
    for one in dangers.seen_to:
        yield toned(f"▲ {_told(one, private=view.private)}", "late" if one.kind in _LOUD else "warn")
    if dangers.died is not None:
        yield strong("Nobody calls them meanwhile.") + (
            " End it. Not so: take it back there. Not them: say so in More actions. Or a clinician decides."
        )
    hard = {one.kind for one in dangers.seen_to if one.hard}
    if hard - _TO_ASK:
        yield strong("Nobody may let this on: 999, or back to EMAS.")
    elif hard:
        yield "Ask every question first."
    elif dangers.in_danger:
        yield "Screen again, 999 / back to EMAS, or a clinician decides."
    for decision in dangers.decided:
        yield _decided(decision, view)


def _told(one: Danger, *, private: bool) -> str:
    return "something was said: ask again" if private and one.kind in _SAYS else one.words


def _decided(one: Decision, view: View) -> str:
    what = "Let on by" if one.kind == "let on" else "Looked at by"
    why = "" if view.private else f": {plain(one.reason)}"
    by = plain(view.desk.store.reference.who(one.by))
    return f"{what} {strong(one.clinician)}{why} " + toned(f"{local_time(one.at, view.now)}, kept by {by}", "dim")
