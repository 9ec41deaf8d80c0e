"""What was signed: keys and checkpoints in the text forms of C2SP, and the tree of RFC 6962 over the leaves."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class CannotJudgeError(Exception):
    """What was given cannot be judged: a sentence says why."""


@dataclass(frozen=True)
class PublicKey:
    """A key of C2SP signed-note: ``name+id+base64``."""

    name: str
    key_id: bytes
    key: Ed25519PublicKey

    @classmethod
    def read(cls, said: str) -> "PublicKey":
        """From its text, or from a file that holds it. Raises CannotJudgeError."""
        try:
            if "+" not in said or Path(said).is_file():
                said = Path(said).read_text("utf-8")
            name, key_id, raw = said.strip().split("\n")[-1].split("+", 2)
            return cls(name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(base64.b64decode(raw)[1:]))
        except (ValueError, OSError) as error:
            raise CannotJudgeError("That is no public key. main.py admin keygen showed it.") from error

    def signed(self, note: "SignedNote") -> bool:
        """Whether a checkpoint carries a good signature of this key."""
        for key_id, signature in note.signatures:
            if key_id == self.key_id:
                try:
                    self.key.verify(signature, note.body.encode())
                except InvalidSignature:
                    continue
                return True
        return False


@dataclass(frozen=True)
class SignedNote:
    """A checkpoint (C2SP tlog-checkpoint): how many leaves, the root of their tree, when, complete up to when."""

    body: str
    origin: str
    size: int
    root: bytes
    number: int
    at: datetime
    complete_to: datetime | None
    signatures: tuple[tuple[bytes, bytes], ...]

    @classmethod
    def read(cls, said: str) -> "SignedNote":
        """From its text. Raises CannotJudgeError."""
        try:
            body, _, below = said.replace("\r\n", "\n").partition("\n\n")
            origin, size, root, *more = body.split("\n")
            told = dict(line.split(" ", 1) for line in more)
            raw = [base64.b64decode(line.split(" ")[-1]) for line in below.split("\n") if line]
            complete = datetime.fromisoformat(told["complete"]) if "complete" in told else None
            return cls(
                f"{body}\n", origin, int(size), base64.b64decode(root), int(told["number"]),
                datetime.fromisoformat(told["time"]), complete, tuple((one[:4], one[4:]) for one in raw),
            )  # fmt: skip
        except (ValueError, KeyError) as error:
            raise CannotJudgeError("That is no checkpoint of a record.") from error


def tree_root(stack: list[tuple[int, bytes]]) -> bytes:
    """The root of a tree, from its perfect parts (RFC 6962, 2.1)."""
    if not stack:
        return hashlib.sha256().digest()
    root = stack[-1][1]
    for _, left in stack[-2::-1]:
        root = hashlib.sha256(b"\x01" + left + root).digest()
    return root


def tree_add(stack: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Add a leaf at the end of a tree."""
    level, said = 0, hashlib.sha256(b"\x00" + leaf).digest()
    while stack and stack[-1][0] == level:
        level, said = level + 1, hashlib.sha256(b"\x01" + stack.pop()[1] + said).digest()
    stack.append((level, said))


def when(at: datetime) -> str:
    """A time in words that stand for themselves on any computer."""
    return f"{at.astimezone(UTC):%d %b %Y %H:%M:%S} UTC"
