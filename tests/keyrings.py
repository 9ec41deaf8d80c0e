"""Stores of keys for tests, registered as any other one is: by ``keyring`` itself. None is the tester's own.

``PYTHON_KEYRING_BACKEND=tests.keyrings.FileKeyring`` and ``CRU_TEST_KEYRING=FILE`` give one to another process.
"""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

FILE = "CRU_TEST_KEYRING"
"""The environment variable that names its file."""


class FileKeyring(KeyringBackend):
    """Keeps what it is given in a file, as the store of a desktop would: it outlives the program."""

    priority = 5  # type: ignore[assignment] # a class property in the library

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        self.file = file or Path(os.environ.get(FILE, os.devnull))

    def said(self) -> dict[str, str]:
        """All that is kept, by service and name."""
        return dict(json.loads(self.file.read_text())) if self.file.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.said().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.file.write_text(json.dumps(self.said() | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        said = self.said()
        if said.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError
        self.file.write_text(json.dumps(said))


class ClearKeyring(FileKeyring):
    """Says of itself that it keeps everything in the clear."""

    priority = 0.5  # type: ignore[assignment] # as above


class LockedKeyring(FileKeyring):
    """Nobody unlocks it, and it fails in words of its own."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"org.freedesktop.Secret.Error.IsLocked {service} {username}")

    set_password = get_password  # type: ignore[assignment] # it fails alike


class ForgetfulKeyring(FileKeyring):
    """Takes everything, and keeps nothing."""

    def set_password(self, *_said: str) -> None:
        self.file.write_text("{}")
