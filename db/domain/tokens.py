"""The token by which a device is known: made once, shown once; the record keeps a digest."""

import hashlib
import secrets

_BYTES = 24


def new_token() -> str:
    """A token that nobody guesses, of characters that any address takes."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> str:
    """The digest that is kept of a token: SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
