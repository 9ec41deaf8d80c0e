"""Whom a message of the desk may be to, and whom a typed one is to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.domain.reference import ReferenceData
from db.domain.roles import Role
from db.domain.texts import folded

_AT_A_DESK: Final = frozenset({Role.DISPATCHER.value, Role.SHIFT_LEAD.value})


def at_a_desk(reference: ReferenceData, but: str) -> dict[str, str]:
    """Who may be written to, by the login: their names, in the order of these; without somebody themselves."""
    there = [one for one in reference.users.values() if one.role in _AT_A_DESK and not one.disabled]
    return {
        one.login: one.display_name for one in sorted(there, key=lambda one: one.display_name) if one.login != but
    }


LEADS: Final = frozenset({"lead", "leads"})
"""What a message to the shift leads who are at a desk is addressed with."""
ROOMS: Final = frozenset({"room", "everyone", "everybody"})
"""The same, of one to everybody."""
TO_THE_ROOM: Final = "@room"
"""A message to everybody, where that is to be said."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """What is typed as ``@okafor sister is there``.

    Attributes:
        called: as it was typed, without the sign; empty for the room.
        logins: whom that fits: one where it is clear, none where nobody is called so.
        words: the message itself.
        leads: it is to the shift leads, whoever they are.
    """

    called: str
    logins: tuple[str, ...]
    words: str
    leads: bool = False


def addressed(typed: str, people: Mapping[str, str]) -> Addressed:
    """Whom a typed message is to, behind an ``@``: a login, the beginning of it or of a name, or the leads.

    Args:
        typed: the message, with whom it is to before it.
        people: who may be written to: their names, by login.
    """
    first, _, rest = typed.strip().partition(" ")
    called = folded(first.removeprefix("@"))
    if not first.startswith("@") or not called:
        return Addressed("", (), typed.strip())
    if called in ROOMS | LEADS:
        return Addressed("", (), rest.strip(), leads=called in LEADS)
    whole = [login for login in people if folded(login) == called]
    fits = [
        login
        for login, name in people.items()
        if any(folded(word).startswith(called) for word in (login, *login.split("."), *name.split()))
    ]
    return Addressed(first[1:], tuple(whole or fits), rest.strip())
