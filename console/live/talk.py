"""What the console knows of messages: all of them, those about a referral, those that wait."""

from uuid import UUID

from console.live.desk import Desk
from db.domain.messages import ROOM, Message, newest_first
from db.domain.texts import all_of, one_line, told


def messages(desk: Desk) -> list[Message]:
    """All that are mirrored, newest first."""
    return newest_first(desk.store.all_of(Message, "message"))


def messages_about(desk: Desk, referral_id: UUID) -> list[Message]:
    """Those about a referral, newest first."""
    return [one for one in messages(desk) if one.referral_id == referral_id]


def unseen(desk: Desk) -> list[Message]:
    """Those that wait for whoever is signed in, newest first."""
    return [one for one in messages(desk) if one.waits_for(desk.me.login)]


def from_to(desk: Desk, one: Message) -> str:
    """``R. Silva to the room``."""
    who = desk.store.reference.who
    return f"{told(who(one.written_by))} to {told(who(one.to_login)) if one.to_login else ROOM}"


def seen_words(desk: Desk, one: Message) -> str:
    """``seen by A. Shah``; whoever is to see it yet is said of one to a login."""
    who = desk.store.reference.who
    if one.seen_by:
        return f"seen by {all_of([told(who(login)) for login in one.seen_by])}"
    return "not seen yet"


def words_of(one: Message, *, private: bool) -> str:
    """What it says, on one line."""
    return "hidden" if private else told(one_line(one.words))
