"""A line of the inbox is seen to where everybody works: what it is about is shown, and its sheet opened."""

from collections.abc import Callable
from uuid import UUID

from console.views.detail.orders import direct
from console.views.detail.pane import DetailPane
from db.domain.inbox import InboxItem
from db.domain.next_steps import Act


def see_to(
    item: InboxItem,
    detail: DetailPane | None,
    show: Callable[[UUID | None, UUID | None], object],
    open_room: Callable[[], object],
    open_messages: Callable[[], object] = lambda: None,
    open_person: Callable[[UUID | None], object] = lambda _: None,
) -> None:
    """Show what a line is about and open what has to be asked; what would be sent at once is only shown.

    Args:
        item: the line.
        detail: where referrals are seen to; nothing is opened in it while a form covers it.
        show: shows a referral or a van.
        open_room: opens the handover of the room.
        open_messages: opens the messages.
        open_person: opens the whole record of a referral's person.
    """
    if item.is_room:
        open_room()
        return
    if item.message_id is not None:
        open_messages()
        return
    if item.is_record:
        open_person(item.referral_id)
        return
    if item.referral_id is None and item.van_id is None:
        return
    show(item.referral_id, item.van_id)
    if detail is not None and item.act is not None and item.referral_id is not None:
        open_sheet(detail, item.referral_id, item.act)


def open_sheet(detail: DetailPane, referral_id: UUID, act: Act) -> None:
    """Open what has to be asked for a step, if the pane shows the referral and it may be taken."""
    view = detail.view() if detail.isEnabled() else None
    if view is None or view.referral.id != referral_id:
        return
    step = next((one for one in view.steps() if one.act is act), None)
    if step is not None and direct(view.referral, step) is None:
        detail.do(step)
