"""Before anything was read, what is empty says nothing about the record: nobody knows whether somebody waits."""

from console.live.store import LinkState, Store


def is_unread(store: Store) -> bool:
    """Whether nothing was read yet, because it is being read or because it cannot be reached."""
    return not store.is_read and store.link.state is not LinkState.LIVE


def unread_words(store: Store, what: str) -> str:
    """What stands in place of ``what`` then, such as "board"; empty once it was read."""
    if not is_unread(store):
        return ""
    if store.link.state is LinkState.CONNECTING:
        return f"Reading the {what}…"
    return f"The {what} could not be read yet; the console tries again."
