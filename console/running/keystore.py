"""Secrets in the system's own store: DPAPI on Windows, the Keychain, the Secret Service. Never in a file of ours.

A store may ask its owner to unlock it, and waits for that: call it in a thread.
"""

from typing import Any, Final

SERVICE: Final = "CRU console"
"""Under which this program's secrets are found in the store."""
_SOUND: Final = 1
"""Stores that keep a secret in the clear, or nothing at all, call themselves less than this."""


class NoStoreError(Exception):
    """This computer has no store of secrets, or it is locked. Without the words of the store."""


def recall(name: str) -> str | None:
    """A secret of this program; None where there is none.

    Raises:
        NoStoreError: nobody knows.
    """
    return _asked(lambda store: store.get_password(SERVICE, name))  # type: ignore[no-any-return] # a str or None


def remember(name: str, secret: str) -> None:
    """Keep a secret, instead of the one before.

    Raises:
        NoStoreError: it is not kept.
    """
    _asked(lambda store: store.set_password(SERVICE, name, secret))
    if recall(name) != secret:
        raise NoStoreError


def forget(name: str) -> None:
    """Take a secret away, if there is one.

    Raises:
        NoStoreError: it may still be there.
    """
    if recall(name) is not None:
        _asked(lambda store: store.delete_password(SERVICE, name))


def _asked(ask: Any) -> Any:  # noqa: ANN401 - of a library
    try:
        return ask(_store())
    except NoStoreError:
        raise
    except Exception:  # noqa: BLE001 - a store of the system raises what it likes
        raise NoStoreError from None


def _store() -> Any:  # noqa: ANN401 - of a library
    """The store that the system, or its owner, has chosen.

    Raises:
        NoStoreError: there is none that keeps a secret.
    """
    import keyring  # looks for stores, which takes a while

    store = keyring.get_keyring()
    # One that asks several asks the first that has an answer, and keeps in the first of them.
    first = next(iter(getattr(store, "backends", ())), store)
    if first.priority < _SOUND:
        raise NoStoreError
    return store
