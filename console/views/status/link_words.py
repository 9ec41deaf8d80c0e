"""What the status bar says of the link, and in which tone."""

from datetime import datetime, timedelta

from console.live.live_watch import LATE_AFTER
from console.live.store import LinkState, Store
from console.live.unread import is_unread
from console.look.palette import Tone
from db.domain.clocks import age_in_words, local_time


def link_words(store: Store, now: datetime) -> tuple[str, Tone]:
    """The words of the chip and its tone, from what is known at this moment.

    Args:
        store: the mirror, which knows when it last heard of itself.
        now: the record's clock.
    """
    link = store.link
    if link.state is LinkState.CONNECTING:
        return "◌ connecting…", "warn"
    if link.state is LinkState.LOST and is_unread(store):
        return f"▲ no link for {age_in_words(now - link.since)} — nothing was read yet", "late"
    if link.state is LinkState.LOST:
        as_of = local_time(link.since, now, seconds=True)
        return f"▲ link lost {age_in_words(now - link.since)} — showing the board as of {as_of}", "late"
    if store.silence > LATE_AFTER:
        return f"◌ nothing heard for {age_in_words(timedelta(seconds=store.silence))}", "warn"
    trip = f" {max(1, round(link.round_trip * 1000))} ms" if link.round_trip else ""
    mode = " · each second" if link.by_beat else ""
    return f"● live{trip}{mode}", "good"


def short_link_words(store: Store, now: datetime) -> str:
    """The same where there is little room: without how fast it is, and with the moment alone."""
    link = store.link
    if link.state is LinkState.LOST and is_unread(store):
        return "▲ no link yet"
    if link.state is LinkState.LOST:
        return f"▲ link lost, as of {local_time(link.since, now, seconds=True)}"
    if link.state is LinkState.CONNECTING:
        return "◌ connecting…"
    return (
        f"◌ nothing for {age_in_words(timedelta(seconds=store.silence))}"
        if store.silence > LATE_AFTER
        else "● live"
    )


def unreadable_words(count: int) -> str:
    """How many rows of the record cannot be shown; empty for none."""
    if count == 0:
        return ""
    return "▲ 1 record cannot be shown" if count == 1 else f"▲ {count} records cannot be shown"


def link_tip(store: Store) -> str:
    """What hovering over it tells beside."""
    if store.link.by_beat:
        return "The record's notices do not come through. What others do is seen once a second."
    return store.link.sentence
