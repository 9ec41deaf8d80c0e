"""The key that signs checkpoints: Ed25519, as C2SP signed-note writes it. It never lies in the database."""

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from db.audit.checkpoint import Checkpoint, Signature
from db.errors import Invalid

NAME: Final = "cru-audit"
_ED25519: Final = b"\x01"
_PRIVATE: Final = "PRIVATE+KEY+"


class SealingKey:
    """A private key with its name."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.name = name
        self._public = private.public_key().public_bytes_raw()
        self.key_id = hashlib.sha256(name.encode() + b"\n" + _ED25519 + self._public).digest()[:4]

    @classmethod
    def drawn(cls, name: str = NAME) -> Self:
        """A new one."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, path: Path) -> Self:
        """From the file that :meth:`write` made.

        Raises:
            Invalid: there is none, or it holds no key.
        """
        try:
            name, key_id, raw = path.read_text("utf-8").split("\n", 1)[0].removeprefix(_PRIVATE).split("+", 2)
            read = base64.b64decode(raw, validate=True)
            made = cls(name, Ed25519PrivateKey.from_private_bytes(read.removeprefix(_ED25519)))
        except OSError as error:
            raise Invalid(f"The key {path} cannot be read.", "Make one: main.py admin keygen FILE") from error
        except (ValueError, binascii.Error) as error:
            raise cls._none(path) from error
        if made.key_id.hex() != key_id:
            raise cls._none(path)
        return made

    @staticmethod
    def _none(path: Path) -> Invalid:
        return Invalid(f"{path.name} holds no key of the audit.", "Make one: main.py admin keygen FILE")

    def write(self, path: Path) -> None:
        """Write a new file that only its owner may read. Raises OSError; FileExistsError where one is there."""
        raw = base64.b64encode(_ED25519 + self._private.private_bytes_raw()).decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{raw}\n")

    @property
    def public(self) -> str:
        """What checks its signatures, for everybody to know."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self._public).decode()}"

    def sign(self, checkpoint: Checkpoint) -> Signature:
        """Sign a checkpoint."""
        return Signature(self.name, self.key_id, self._private.sign(checkpoint.body().encode()))

    def signed(self, checkpoint: Checkpoint, signature: Signature) -> bool:
        """Whether a signature is of this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self._public).verify(signature.signed, checkpoint.body().encode())
        except InvalidSignature:
            return False
        return signature.key_id == self.key_id
