"""An act as it stands on the disk, with what is to follow it, and read again by a program of another version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from console.live.asked import AskedAt
from console.live.one_act import Following
from db.commands.written import UnknownCommandError, read_again, written

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class KeptAct:
    """What somebody asked for, until the record answers.

    Attributes:
        acts: the command that waits, then those that follow once it is done; each with its label.
        keys: what the first is about; acts that share one keep their order.
        asked: when and where.
        number: in its box, in the order in which they were asked for.
    """

    acts: tuple[Following, ...]
    keys: frozenset[UUID]
    asked: AskedAt
    number: int

    @property
    def command_id(self) -> UUID:
        """The id of the command that waits."""
        return self.acts[0][0].command_id

    def said(self) -> dict[str, Any]:
        """As JSON has it.

        Raises:
            UnknownCommandError: a command that would not come back as it is.
        """
        return {
            "format": FORMAT,
            "number": self.number,
            "at": self.asked.at.isoformat(),
            "wall": self.asked.wall.isoformat(),
            "place": self.asked.place,
            "keys": sorted(str(key) for key in self.keys),
            "acts": [{"label": label, "command": written(command)} for command, label in self.acts],
        }


def read_kept(said: Mapping[str, Any]) -> KeptAct:
    """What stands on the disk.

    Raises:
        UnknownCommandError: another version of the program wrote it, and this one does not know all of it.
    """
    if said.get("format") != FORMAT:
        raise UnknownCommandError
    try:
        return KeptAct(
            acts=tuple((read_again(one["command"]), str(one["label"])) for one in said["acts"]),
            keys=frozenset(UUID(key) for key in said["keys"]),
            asked=AskedAt(_moment(said["at"]), _moment(said["wall"]), str(said["place"])),
            number=int(said["number"]),
        )
    except (KeyError, TypeError, ValueError):
        raise UnknownCommandError from None


def label_of(said: Mapping[str, Any]) -> str:
    """What was asked for, as people say it, of what this program cannot read."""
    try:
        return str(said["acts"][0]["label"])
    except (KeyError, IndexError, TypeError):
        return "something"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
