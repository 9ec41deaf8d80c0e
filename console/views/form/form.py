"""The form for a new referral, for correcting one, and for screening again."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from console.live.desk import Desk
from console.live.store import Link
from console.look.guard import guarded
from console.look.key_table import FORM, IN_FORM
from console.look.keyboard import Hands, bind_chords
from console.look.style import mark
from console.look.tabbing import walk
from console.look.widgets import MessageBar
from console.views.form import limits, offering
from console.views.form.call_ends import CallEnds
from console.views.form.calls import OpenCalls
from console.views.form.conflicts import Conflicts
from console.views.form.declining import told_to
from console.views.form.following import Following
from console.views.form.footer import Footer
from console.views.form.header import FormHeader
from console.views.form.kept_typed import TypedKeeper
from console.views.form.likely import LikelySame
from console.views.form.open_draft import OpenDraft
from console.views.form.page import FormPage
from console.views.form.parked import ParkedDrafts
from console.views.form.place_box import Finder, PlaceLike
from console.views.form.scroller import Scroller
from console.views.form.submission import Ending, Sender
from console.views.form.under_way import sending_words, vouch, withdraw
from db.domain import intake
from db.domain.intake import Problem
from db.errors import RecordError


@guarded
class ReferralForm(QWidget):
    """One open draft at a time, over drafts that are put aside. Keys: see the table. Nothing in it is modal."""

    saved = Signal(object)
    """The id of a referral that the record has now as it was typed."""
    parked = Signal()
    """The draft was put aside."""
    closed = Signal()
    """The form has nothing to show: hide it."""
    pick_on_map_requested = Signal()
    """The person wants to point at the place; answer with ``set_location_from_map``."""
    place_pointed = Signal(object)
    """Where the place is that is being taken: latitude and longitude, or None."""

    def __init__(self, desk: Desk, finder: Finder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._finder = finder
        self._tried, self._refusal = False, list[Problem]()
        self.drafts = ParkedDrafts(self)
        self.calls = OpenCalls(desk, self, self)
        self.following = Following(desk, self)
        self.ends = CallEnds(desk, self, self)
        self.outbox = Sender(desk, self)
        self._current = OpenDraft(desk.clock.now())
        self.typed = TypedKeeper(desk, lambda: (self._current, *self.drafts.all()), self)
        self._header = FormHeader()
        self.message = MessageBar()
        self.conflicts = Conflicts()
        self.likely = LikelySame(desk, self.message)
        self.footer = Footer(desk.store.reference.reasons.get("decline", ()), lambda: told_to(self._current, desk))
        self._scroll = Scroller()
        self._make_page()
        self._lay_out()
        self._connect()
        self._hands = self._bind()
        self._show(self._current)

    # --- made of ---

    def _make_page(self) -> None:
        self.page = FormPage(self._desk.store.reference, self._finder, self._desk.clock.now)
        self._scroll.show_page(self.page)
        self.page.edited.connect(self._edited)
        self.page.left.connect(self._judge)
        self.page.place.pointed.connect(self.place_pointed)
        self.page.pick_on_map.clicked.connect(self.pick_on_map_requested)

    def _lay_out(self) -> None:
        mark(self, role="panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Referral form")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._scroll, 1)
        for below in (self.likely, self.conflicts, self.message, self.footer):
            column.addWidget(below)

    def _connect(self) -> None:
        store, actions = self._desk.store, self._desk.actions
        store.changed.connect(self.following.take)
        store.link_changed.connect(self._tell_progress)
        store.reference_changed.connect(self._follow_reference)
        actions.changed.connect(self._tell_progress)
        self.calls.ended.connect(self.closed)
        self.outbox.finished.connect(self._finished)
        self.outbox.refused.connect(self._refused)
        self.drafts.changed.connect(self._list_drafts)
        self._header.opened.connect(self.open_parked)
        self._header.hung_up.connect(self.ends.hung_up)
        self._header.no_referral.connect(self.ends.no_referral)
        self.conflicts.take_theirs.connect(self.following.give_way)
        self.likely.shown.connect(self._leave_for)
        self.likely.answered.connect(self._send)
        self.likely.joined.connect(lambda other: self._send(Ending(joins=other)))
        self.footer.save.connect(lambda: self._send(Ending()))
        self.footer.accept.connect(lambda: self._send(Ending(accept=True)))
        self.footer.decline.connect(lambda reason, said: self._send(Ending(decline=reason, next=said)))
        self.footer.give_back.connect(self._give_back)
        self.footer.park.connect(self.park)
        self.footer.withdraw.connect(lambda: withdraw(self._current, self._desk))
        self.footer.vouch.connect(lambda: vouch(self._current, self._desk))

    def _bind(self) -> Hands:
        hands = Hands(
            FORM,
            {
                "save": self.footer.save.emit,
                "accept": self._accept,
                "decline": self.footer.open_reasons,
                "give back": self._give_back,
                "withdraw": self.footer.withdraw.emit,
                "vouch": self.footer.vouch.emit,
                "theirs": lambda: self.following.give_way(self.conflicts.first()),
                "pick": self.pick_on_map_requested.emit,
                "parked": self._open_oldest,
                "hung up": self.ends.hung_up,
                "no referral": self.ends.no_referral,
                "take told": lambda: self.page.needs.take(),
                "not told": lambda: self.page.needs.leave(),
                **self.likely.hands(),
            },
            {"section": lambda key: self.go_to(int(key[-1]))},
        )
        bind_chords(hands, self, Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return Hands(IN_FORM, {"go": self.footer.decline_chosen, "leave": self.leave})

    # --- opening ---

    def open_new(self) -> None:
        """A blank form. A draft that is on the screen is put aside first."""
        self._put_aside()
        self._show(OpenDraft(self._desk.clock.now()))

    def open_edit(self, referral_id: UUID) -> bool:
        """Correct a referral; an edit that was put aside is taken up again. False: it is not in the mirror."""
        return self._open_known(referral_id)

    def open_screening(self, referral_id: UUID) -> bool:
        """Screen a referral, or screen it again: every question is put anew. False: it is not in the mirror."""
        opened = self._open_known(referral_id)
        if opened and self._current.draft.answers == self._current.saved_answers:
            self._current.ask_anew()
            self.show_page()
        if opened:
            self.go_to(5)
        return opened

    def open_parked(self, draft: OpenDraft) -> None:
        """Take up a draft that was put aside, with the focus where it was."""
        if draft is self._current:
            return
        self._put_aside()
        self.drafts.remove(draft)
        self._show(draft)

    def _open_known(self, referral_id: UUID) -> bool:
        if self.calls.go_on(referral_id):
            return True
        for draft in (self._current, *self.drafts.all()):
            if draft.referral_id == referral_id and not draft.is_new:
                self.open_parked(draft)
                return True
        referral = self._desk.store.referral(referral_id)
        if referral is None:
            return False
        self._put_aside()
        screening = self._desk.store.screening_of(referral_id)
        told = self._desk.store.about_of(referral_id)
        self._show(OpenDraft(self._desk.clock.now(), referral, screening, told))
        return True

    def _open_oldest(self) -> None:
        if self.drafts.all():
            self.open_parked(self.drafts.all()[0])

    # --- closing ---

    def park(self) -> None:
        """Put the draft aside, if anything was typed, and close."""
        was_touched = self._put_aside()
        self._show(OpenDraft(self._desk.clock.now()))
        if was_touched:
            self.parked.emit()
        self.closed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window by accident loses nothing."""
        self.park()
        super().closeEvent(event)

    def _leave_for(self, referral_id: UUID) -> None:
        self.park()
        self.saved.emit(referral_id)

    def _put_aside(self) -> bool:
        self._current.focus = self._focused_name() or self._current.focus
        if self._current.is_touched:
            self.calls.put_aside(self._current)
            self.drafts.add(self._current)
        return self._current.is_touched

    def leave(self) -> None:
        """Close what lies over the form, or put the form aside with what was typed."""
        if not (self.page.place.close_list() or self.footer.close_reasons()):
            self.park()

    # --- the draft on the screen ---

    @property
    def current(self) -> OpenDraft:
        """The draft on the screen."""
        return self._current

    def _show(self, draft: OpenDraft, *, focus: bool = True) -> None:
        self._current, self._tried, self._refusal = draft, False, []
        self.message.clear()
        self.footer.begin(draft.declining)
        self.show_page()
        self._scroll.verticalScrollBar().setValue(0)
        if focus:
            self.focus_form()

    def show_page(self) -> None:
        """Show the current draft, and nothing of any other."""
        referral = self._desk.store.referral(self._current.referral_id)
        self.page.set_received(lambda: referral.received_at if referral else self._current.begun)
        self.page.show_draft(self._current.draft)
        self.page.lock_times(self._current.base)
        self.page.needs.begin(self._current.not_so)
        self.renew()
        self._tell_progress()

    def focus_form(self) -> None:
        """Give the focus to where the person was, or to the location."""
        if not self._scroll.focus_on(self._current.focus):
            self.go_to(1)

    def go_to(self, section: int) -> None:
        """Jump to section 1 to 7."""
        self._scroll.focus_on(self.page.start_of(section))

    def set_location_from_map(self, lat: float, lon: float, place: PlaceLike | None = None) -> None:
        """Take the point that was chosen on the map; WGS 84 degrees. ``place`` says what is there."""
        self.page.place.set_from_map(lat, lon, place)
        self.focus_form()

    def _edited(self) -> None:
        if self._current.sending:  # a place that is found late changes nothing that is on its way
            return
        self._refusal = []
        self._current.take(self.page.draft(), self._desk.clock.now())
        self.calls.typed(self._current, at_the_place=self._focused_name() == "place")
        self.renew()

    def tell_clock(self) -> None:
        """Let the clock of the call go on."""
        self._header.set_title(self._current.title, self.calls.note(self._current, self._desk.clock.now()))

    def renew(self) -> None:
        """Say of the current draft what is true now."""
        reference = self._desk.store.reference
        self.tell_clock()
        self._judge()
        self.likely.follow(self._current)
        self.conflicts.set_differences(self._current.differences(reference))
        self._offer()

    def _offer(self) -> None:
        offering.offer(self.footer, self._current, self._desk)
        self._header.offer_ends(self.ends.may_ask(self._current))

    def _judge(self) -> list[Problem]:
        reference, now = self._desk.store.reference, self._desk.clock.now()
        found = limits.problems(self._current.draft, reference, now) + self._refusal
        self.page.tell(found, tried=self._tried)
        self._found = found
        return found

    def _accept(self) -> None:
        if self.footer.offers.accept:
            self._send(Ending(accept=True))
        elif self.footer.offers.save:
            verdict, step = self.footer.verdict(), "Ctrl ⏎ saves without accepting."
            self.message.say(
                "warn", f"Not accepted. {verdict}.", step, so=lambda: self.footer.verdict() == verdict
            )

    def _give_back(self) -> None:
        reason = intake.return_reason(self._current.draft, self._desk.store.reference.current_tool)
        if self.footer.offers.give_back and reason:
            self.footer.declining.decide_for(reason)

    def _send(self, ending: Ending) -> None:
        if not self.footer.offers.save:
            return
        self._edited()
        self._tried = True
        self.renew()
        # What becomes notes of another referral needs nothing that a referral needs.
        blocking = next((one for one in self._judge() if one.blocks and not ending.joins), None)
        if blocking is not None:
            self.message.say("warn", blocking.sentence, so=lambda: blocking in self._found)
            self._scroll.focus_on(blocking.field)
        elif self.likely.may_go(self._current, ending) and self.outbox.send(self._current, ending):
            self.message.clear()
            self._current.focus = self._focused_name()
            self.renew()
            self._tell_progress()

    def _has_focus(self) -> bool:
        """Whether the person is still here, and not at another panel by now."""
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _focused_name(self) -> str:
        focus = self.focusWidget()
        return focus.objectName() if focus else ""

    def _finished(self, draft: OpenDraft) -> None:
        was_shown = self.forget(draft)
        self.saved.emit(draft.joins or draft.referral_id)
        if was_shown:
            self.closed.emit()

    def forget(self, draft: OpenDraft) -> bool:
        """Have it no more; whether it was on the screen."""
        self.drafts.remove(draft)
        was_shown = draft is self._current
        if was_shown:
            self._show(OpenDraft(self._desk.clock.now()), focus=self._has_focus())  # who went on stays there
        return was_shown

    def _refused(self, draft: OpenDraft, error: RecordError) -> None:
        self.following.rebase(draft)  # what others changed while it was on its way
        if draft is not self._current:
            self.message.say("warn", f"{draft.label}: {error.sentence}", error.next_step)
            self._list_drafts()
            return
        self._tell_progress()
        self._refusal = [Problem(limits.field_of(error.field), error.sentence)]
        self.renew()
        self.message.say("late", error.sentence, f"{error.next_step} What you typed is still here.".strip())
        if self._has_focus() and not self._scroll.focus_on(self._refusal[0].field):
            self.focus_form()

    def _tell_progress(self, _link: Link | None = None) -> None:
        sending = self._current.sending
        if sending and self._has_focus():
            self.setFocus()  # a page that is locked would drop the focus, and the keys with it
        self.page.setEnabled(not sending)
        told = sending_words(self._current, self._desk)
        self.footer.set_progress(told.words, may_withdraw=told.may_withdraw, asks=told.asks)
        self._offer()

    # --- the world outside ---

    def _follow_reference(self) -> None:
        self._edited()  # what is typed has to be in the draft: its fields go now
        here, self._current.focus = self._has_focus(), self._focused_name()
        self._make_page()
        self.show_page()
        if here:
            self.focus_form()
            self.page.place.look_again()

    def _list_drafts(self) -> None:
        self._header.set_drafts(self.drafts.all())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field wants goes no further than the form."""
        self._hands.take(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in the form."""
        return walk(self, forward=forward)
