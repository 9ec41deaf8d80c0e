"""A line of the inbox is seen to where everybody works: what it is about is shown, and its sheet opened."""

from collections.abc import Callable
from uuid import UUID

from console.views.detail.orders import direct
from console.views.detail.pane import DetailPane
from db.domain.inbox import InboxItem


def see_to(
    item: InboxItem,
    detail: DetailPane | None,
    show: Callable[[UUID | None, UUID | None], object],
    open_room: Callable[[], object],
    open_messages: Callable[[], object] = lambda: None,
) -> None:
    """Show what a line is about and open what has to be asked; what would be sent at once is only shown.

    Args:
        item: the line.
        detail: where referrals are seen to; nothing is opened in it while a form covers it.
        show: shows a referral or a van.
        open_room: opens the handover of the room.
        open_messages: opens the messages.
    """
    if item.is_room:
        open_room()
        return
    if item.message_id is not None:
        open_messages()
        return
    if item.referral_id is None and item.van_id is None:
        return
    show(item.referral_id, item.van_id)
    view = detail.view() if detail is not None and detail.isEnabled() else None
    if detail is None or view is None or item.act is None or view.referral.id != item.referral_id:
        return
    step = next((one for one in view.steps() if one.act is item.act), None)
    if step is not None and direct(view.referral, step) is None:
        detail.do(step)
