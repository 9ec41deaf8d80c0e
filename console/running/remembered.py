"""The sign-in that one person wants to be remembered on this computer: in the system's store of keys, or nowhere.

Only what was signed in with, so a password that is wrong is never kept. Called in a thread, as the store itself.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Final

from console.running import keystore
from db.addresses import Address, as_typed, read_url

NAME: Final = "sign-in"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What stands in the fields of the sign-in page. The password shows in no text of it."""

    server: str
    user: str
    password: str = field(repr=False)


def recall() -> Remembered | None:
    """Who is remembered; None for nobody.

    Raises:
        NoStoreError: this computer has no store of keys that is open.
    """
    said = keystore.recall(NAME)
    if said is None:
        return None
    try:
        return Remembered(**json.loads(said))
    except (TypeError, ValueError):
        return None  # another version's; the next one replaces it


def remember(url: Address) -> None:
    """Remember whoever signed in here, in place of whoever was before.

    Raises:
        NoStoreError: it is not remembered.
        Invalid: the address leads to another computer that nobody checked.
    """
    read_url(url.render_as_string(hide_password=False))
    one = Remembered(as_typed(url), url.username or "", str(url.password or ""))
    keystore.remember(NAME, json.dumps(asdict(one)))


def forget() -> None:
    """Remember nobody.

    Raises:
        NoStoreError: somebody may still be remembered.
    """
    keystore.forget(NAME)
