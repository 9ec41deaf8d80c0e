"""The sheets by which somebody named decides about what stands against the next step."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.look.guard import guarded
from console.views.sheets.fields import Write
from console.views.sheets.sheet import Order, Sheet
from db import commands
from db.domain.dangers import Danger
from db.domain.records import Referral

Standing = Callable[[], Sequence[Danger]]
"""What stands against the referral at the moment."""


@guarded
class Covering(Write):
    """Who decides, below what it is about: looked at anew each time the sheet is opened, and then it stays."""

    def __init__(self, begins: str, standing: Standing, wanted: Callable[[Danger], bool], label: str) -> None:
        super().__init__("clinician", label, missing="Type the name of who decides.")
        self._begins, self._standing, self._wanted = begins, standing, wanted
        self.covers: tuple[Danger, ...] = ()
        self._told = QLabel(self)
        self._told.setWordWrap(True)
        self._told.setTextFormat(Qt.TextFormat.PlainText)
        self._column.insertWidget(0, self._told)
        self._look()

    def _look(self) -> None:
        self.covers = tuple(one for one in self._standing() if self._wanted(one))
        self._told.setText(f"{self._begins} {'; '.join(one.words for one in self.covers)}.")

    def begin(self) -> None:
        """Begin with what stands there now: a danger that comes while somebody types is not covered.

        To be shown is not to be opened: a pane that is torn off or put back shows its sheet again.
        """
        self._look()


def let_on(referral: Referral, standing: Standing) -> Sheet:
    """A named clinician lets on what stands there when the sheet is opened, and nothing that comes later."""
    who = Covering("It lets on:", standing, lambda one: not one.hard, "Clinician's name")
    why = Write("reason", "Why it is safe to go on", missing="Type the clinician's reason.")
    return _decision(referral, "Decision by a clinician", who, why, commands.LetOn, "Let it on")


def looked_at(referral: Referral, standing: Standing) -> Sheet:
    """Words that the reader found were looked at by a named person."""
    who = Covering("The text", standing, lambda one: one.kind == "words", "Who looked")
    why = Write("reason", "No danger, because", missing="Say why it is no danger.")
    return _decision(referral, "Looked at", who, why, commands.LookedAt, "No danger")


def _decision(
    referral: Referral,
    name: str,
    who: Covering,
    why: Write,
    kind: "type[commands.LetOn | commands.LookedAt]",
    go: str,
) -> Sheet:
    title = f"{name}: {referral.reference}"

    def make(given: Mapping[str, str]) -> list[Order]:
        covers = tuple(one.what for one in who.covers)
        command = kind(
            referral_id=referral.id, clinician=given["clinician"], reason=given["reason"], covers=covers
        )
        return [Order(command, title)]

    return Sheet(title, [who, why], make, go)
