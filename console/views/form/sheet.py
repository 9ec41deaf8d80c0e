"""The referral form as a sheet beside the live board: over the right of the desk, never modal."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QApplication, QWidget

from console.live.desk import Desk
from console.live.geography import Geography
from console.live.typed_on_disk import TypedOnDisk, Written
from console.look.style import px
from console.running.tasks import spawn
from db.errors import RecordError

if TYPE_CHECKING:
    from console.views.form.form import ReferralForm
    from console.views.form.open_draft import OpenDraft

WIDTH = 880
_LEAST = 810
_BESIDE = 640
"""Pixels, at 100 % text: what is left for the board and the map."""


class FormSheet(QWidget):
    """Holds the form, hidden until it is asked for, and made then: it takes as long as the board beside it."""

    saved = Signal(object)
    """The id of a referral that was saved."""
    put_aside = Signal(int)
    """How many drafts are put aside and out of sight."""
    left = Signal()
    """The keyboard was in the form and is free now."""
    refused_unseen = Signal(str, object)
    """The label of a draft whose save was refused after the form was closed, and the error."""
    picking = Signal(bool)
    """The person wants to point at a place on the map, or is done with it."""
    place_shown = Signal(object)
    """Where the place is that is being taken: latitude and longitude; None if there is none yet."""
    call_left = Signal(object, object)
    """A referral that is being taken and the :class:`Act` by which its call is left; the form is away by then."""
    gone = Signal()
    """The form is away."""
    typed_again = Signal(int)
    """How many drafts of an earlier console are put aside here now."""

    def __init__(self, desk: Desk, geography: Geography, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._geography = geography
        self._inside = QRect()
        self._typed: tuple[TypedOnDisk, Sequence[Written]] | None = None
        self.hide()

    @cached_property
    def form(self) -> "ReferralForm":
        """The form, made when it is first asked for; the program asks once the board is live."""
        from console.views.form.form import ReferralForm

        made = ReferralForm(self._desk, self._geography, self)
        made.saved.connect(self.saved)
        made.closed.connect(self._put_away)
        made.outbox.refused.connect(self._tell_unseen)
        made.drafts.changed.connect(self._count)
        made.ends.wanted.connect(self._leave_call)
        made.pick_on_map_requested.connect(lambda: self.picking.emit(True))
        made.place_pointed.connect(self._show_place)
        self._geography.loaded.connect(self._take_places)
        return made

    def prepare(self) -> None:
        """Make the form before it is asked for, so that nobody waits for it."""
        self.form.setGeometry(self.rect())
        self._put_back(self.form)

    def _take_places(self) -> None:
        self.form.page.place.places_came()
        # What was said of the place is said anew.
        self.form.page.left.emit()

    @property
    def _is_made(self) -> bool:
        return "form" in self.__dict__

    def _tell_unseen(self, draft: "OpenDraft", error: RecordError) -> None:
        if not self.isVisible():
            self.refused_unseen.emit(draft.label, error)

    def _show_place(self, place: object) -> None:
        if self.isVisible():
            self.place_shown.emit(place)

    def new(self) -> None:
        """Show an empty form."""
        self._appear()
        self.form.open_new()

    def edit(self, referral_id: UUID) -> None:
        """Show the form on a referral."""
        self._appear()
        self.form.open_edit(referral_id)
        self.form.focus_form()

    def screen_referral(self, referral_id: UUID) -> None:
        """Show the form at the screening of a referral."""
        self._appear()
        self.form.open_screening(referral_id)

    def take_up(self) -> None:
        """Show the draft that was put aside first, if there is one."""
        waiting = self.form.drafts.all() if self._is_made else ()
        if waiting:
            self._appear()
            self.form.open_parked(waiting[0])

    def draft_count(self) -> int:
        """How many referrals are typed and not saved."""
        if not self._is_made:
            return 0
        return len(self.form.drafts) + (1 if self.form.current.is_touched else 0)

    def stay_count(self) -> int:
        """How many of those would be here again, at the next sign-in, if the console ended now."""
        if not self._is_made:
            return 0
        return sum(map(self.form.typed.holds, (self.form.current, *self.form.drafts.all())))

    def take_typed(self, disk: TypedOnDisk, found: Sequence[Written]) -> None:
        """From now on what is typed stands on the disk; ``found`` of earlier consoles is put aside here again."""
        self._typed = disk, found
        if self._is_made:
            self._put_back(self.form)

    def _put_back(self, form: "ReferralForm") -> None:
        if self._typed is None:
            return
        (disk, found), self._typed = self._typed, None
        back = form.typed.attach(disk, found)
        for draft in back:
            form.drafts.add(draft)
        if back:
            self.typed_again.emit(len(back))

    def place_picked(self, lat: float, lon: float) -> None:
        """Take a point on the map as the location."""
        if self.isVisible():
            spawn(self._take_place(lat, lon), "name a place on the map", self)

    async def _take_place(self, lat: float, lon: float) -> None:
        self.form.set_location_from_map(lat, lon, await self._geography.nearest((lat, lon)))

    def place(self, inside: QRect) -> None:
        """Stand at the right of a rectangle, over the referral's panel and a part of the map."""
        self._inside = inside
        # In a narrow window it gives way, down to what its fields need, so that more of the map stays beside it.
        width = min(px(WIDTH), max(px(_LEAST), inside.width() - px(_BESIDE)), inside.width())
        self.setGeometry(inside.right() - width, inside.top(), width, inside.height())
        if self._is_made:
            self.form.setGeometry(self.rect())

    def _appear(self) -> None:
        # What is made in a widget that is shown stays hidden; only what is visible takes the focus that it gives.
        self.prepare()
        self.place(self._inside)
        self.show()
        self.raise_()
        self._count()

    def _leave_call(self, referral_id: UUID, act: object) -> None:
        self.form.park()
        self.call_left.emit(referral_id, act)

    def _put_away(self) -> None:
        self.picking.emit(False)
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.isAncestorOf(focus)
        self.hide()
        self.gone.emit()
        self._count()
        if had_keyboard:
            self.left.emit()

    def _count(self) -> None:
        self.put_aside.emit(0 if self.isVisible() else len(self.form.drafts))
