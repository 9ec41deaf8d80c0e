"""Drafts at the form follow the record: what others changed is taken over, or told where disputed."""

from typing import Protocol

from console.live.desk import Desk
from console.live.store import Delta
from console.views.form import offering
from console.views.form.call_ends import CallForm
from console.views.form.open_draft import OpenDraft


class FollowedForm(CallForm, Protocol):
    """What this asks of the form."""

    def show_page(self) -> None:
        """Show the draft on the screen anew."""
        ...

    def renew(self) -> None:
        """Say of it what is true now."""
        ...


class Following:
    """Of the draft on the screen, and of those that were put aside."""

    def __init__(self, desk: Desk, form: FollowedForm) -> None:
        self._desk, self._form = desk, form

    def take(self, delta: Delta) -> None:
        """The mirror changed."""
        form, store, touched = self._form, self._desk.store, delta.touched("referral")
        form.calls.follow(delta)
        for draft in (form.current, *form.drafts.all()):
            if draft.referral_id in touched:
                self.rebase(draft)
            if draft.follow_about(store.about_of(draft.referral_id)) and draft is form.current:
                form.show_page()
        if form.current.referral_id in touched:
            form.renew()

    def rebase(self, draft: OpenDraft) -> None:
        """Let an edit stand on what the record has by now, if somebody else changed it."""
        referral = self._desk.store.referral(draft.referral_id)
        if referral is None or draft.version is None or draft.sending or referral.version <= draft.version:
            return
        merged = draft.rebase(referral, self._desk.store.reference)
        if draft is self._form.current and (merged.taken or merged.disputed):
            self._form.show_page()
            self._form.message.say(*offering.merge(merged))

    def give_way(self, group: str) -> None:
        """Take what the other typed of one thing that both changed; an empty ``group`` for none."""
        draft = self._form.current
        if group and not draft.sending:
            draft.take_theirs(group)
            self._form.show_page()
