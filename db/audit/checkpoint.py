"""A checkpoint: how the sealed record stood at a moment, as a signed note (C2SP tlog-checkpoint). Pure.

Its lines are the origin, how many leaves there are, the root of their tree, and three of our own: which checkpoint
it is, when it was made, and up to when all that was written is in it::

    cru-audit/0f8b...
    1207
    nM6s...=
    number 31
    time 2026-11-26T19:03:00.000000Z
    complete 2026-11-26T19:02:00.000000Z

    — cru-audit 3b9a...
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from db.errors import Invalid

ORIGIN: Final = "cru-audit/"
"""Before the name of the record, which it drew at its birth."""
_SIGNED: Final = "\N{EM DASH} "
_LONGEST: Final = 4000
_UNREADABLE = Invalid("That is no checkpoint of a record.", "Take it as the console, or the report, wrote it.")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed.

    Attributes:
        origin: which record it is of.
        size: how many leaves are sealed.
        root: of their tree, 32 bytes.
        number: counts up from 1, without gaps.
        at: when it was made, by the record's clock, UTC.
        complete_to: what was written before it is all in the tree, UTC; None where that is not known yet.
    """

    origin: str
    size: int
    root: bytes
    number: int
    at: datetime
    complete_to: datetime | None = None

    @property
    def tree(self) -> tuple[int, bytes]:
        """The tree, as size and root."""
        return self.size, self.root

    def body(self) -> str:
        """The lines that are signed."""
        root = base64.b64encode(self.root).decode()
        lines = [self.origin, str(self.size), root, f"number {self.number}", f"time {_said(self.at)}"]
        if self.complete_to is not None:
            lines.append(f"complete {_said(self.complete_to)}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose signature a note carries, and what it is.

    Attributes:
        name: of the key.
        key_id: four bytes that tell keys of one name apart.
        signed: Ed25519 over the body, 64 bytes.
    """

    name: str
    key_id: bytes
    signed: bytes

    def line(self) -> str:
        """As it stands below the body."""
        return f"{_SIGNED}{self.name} {base64.b64encode(self.key_id + self.signed).decode()}\n"


def note_of(checkpoint: Checkpoint, signature: Signature) -> str:
    """A checkpoint as it is kept and printed."""
    return f"{checkpoint.body()}\n{signature.line()}"


def read_note(note: str) -> tuple[Checkpoint, tuple[Signature, ...]]:
    """Read a checkpoint. Nothing is said of whether the signatures are good.

    Raises:
        Invalid: it is none.
    """
    body, blank, below = note.partition("\n\n")
    if not blank or len(note) > _LONGEST:
        raise _UNREADABLE
    try:
        origin, size, root, *more = body.split("\n")
        told = dict(line.split(" ", 1) for line in more if " " in line)
        at, number = _moment(told["time"]), int(told["number"])
        complete = _moment(told["complete"]) if "complete" in told else None
        made = Checkpoint(origin, int(size), base64.b64decode(root, validate=True), number, at, complete)
        signatures = tuple(_signature(line) for line in below.splitlines() if line.startswith(_SIGNED))
    except (KeyError, ValueError, binascii.Error) as error:
        raise _UNREADABLE from error
    # Written again it must be the same to the letter: what is signed is text.
    if made.body() != f"{body}\n" or not signatures:
        raise _UNREADABLE
    return made, signatures


def _said(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(said: str) -> datetime:
    return datetime.strptime(said, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _signature(line: str) -> Signature:
    name, said = line.removeprefix(_SIGNED).split(" ")
    raw = base64.b64decode(said, validate=True)
    return Signature(name, raw[:4], raw[4:])
