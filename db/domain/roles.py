"""Who may do what. The server decides by its grants; the screen only follows."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The group a user belongs to. The value is also how people say it."""

    VIEWER = "viewer"
    DISPATCHER = "dispatcher"
    SHIFT_LEAD = "shift lead"
    GATEWAY = "gateway"
    SEALER = "sealer"
    OWNER = "owner"

    @property
    def group(self) -> str:
        """The name of the database role that carries the rights."""
        return "cru_" + self.value.replace(" ", "_")


LOGIN_ROLES: Final = tuple(role for role in Role if role is not Role.OWNER)
"""Those that are given to a login; whoever owns the record has it by that."""
PROGRAMS: Final = {Role.GATEWAY: "a gateway", Role.SEALER: "what seals the record"}
"""Those that are nobody's at a desk."""


def may_dispatch(role: Role) -> bool:
    """Whether the role takes, screens, allocates and hands over."""
    return role in {Role.DISPATCHER, Role.SHIFT_LEAD}


def may_lead(role: Role) -> bool:
    """Whether the role reopens, overrides, amends times and clears an emergency."""
    return role is Role.SHIFT_LEAD
