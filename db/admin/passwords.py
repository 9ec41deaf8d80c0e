"""Passwords: asked, read or made, and turned into what the server keeps before they leave this computer."""

import base64
import getpass
import hashlib
import hmac
import secrets
import sys
import unicodedata
from pathlib import Path

from db.admin.common_passwords import is_common
from db.errors import Invalid

SHORTEST = 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# What the server itself takes; more would be asked of every sign-in.
_ROUNDS = 4096


def made() -> str:
    """A new password of four groups of five letters and digits, none of which look alike (99 bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def read_from(file: Path, login: str) -> str:
    """The first line of a file, as the password of a login; ``-`` is the standard input.

    Raises:
        Invalid: it cannot be read, or the password will not do.
    """
    try:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The password file {file} cannot be read.", "Check its name and rights.") from error
    return checked(text.splitlines()[0] if text else "", login)


def asked(login: str) -> str:
    """Ask twice, without showing it.

    Raises:
        Invalid: there is nobody to ask, the two differ, or the password will not do.
    """
    if not sys.stdin.isatty():
        raise Invalid("There is no terminal to ask for a password.", "Give --password-file FILE or --generate.")
    first = getpass.getpass(f"Password for {login}: ")
    if first != getpass.getpass("The same again: "):
        raise Invalid("The two passwords differ.", "Try again.")
    return checked(first, login)


def checked(password: str, login: str) -> str:
    """The password, if it is long enough, can be typed, and is none that anybody would try first.

    The one rule for every password that a person chooses here. What somebody sets by other ways is looked at by
    ``admin check`` (:mod:`db.admin.weak_logins`).

    Raises:
        Invalid: it is not.
    """
    if len(password) < SHORTEST:
        raise Invalid("The password is too short.", f"Use {SHORTEST} characters or more; three words do.")
    if not password.isprintable():
        raise Invalid("The password holds a character that cannot be typed.", "Choose another.")
    if is_common(password, login):
        raise Invalid("That password is one of those tried first.", "Use three words that do not belong together.")
    return password


def verifier(password: str, salt: bytes | None = None, rounds: int = _ROUNDS) -> str:
    """What PostgreSQL keeps of a password (SCRAM-SHA-256), so that its log never sees the password itself."""
    salt = secrets.token_bytes(16) if salt is None else salt
    # The main step of SASLprep: a client does the same with what is typed at sign-in.
    prepared = unicodedata.normalize("NFKC", password).encode()
    salted = hashlib.pbkdf2_hmac("sha256", prepared, salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    coded = [base64.b64encode(part).decode("ascii") for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${rounds}:{coded[0]}${coded[1]}:{coded[2]}"
