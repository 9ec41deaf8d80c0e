"""How the way to the record is made safe: no password leaves this computer but to a server that proved who it is.

A host on this computer may be reached in clear. Every other one shows a certificate of its name, by an authority
that this computer or the address knows; what is weaker is refused before anything is sent.
"""

import ipaddress
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from db.errors import Invalid

SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""As libpq calls them, weakest first."""
CHECKED: Final = frozenset({"verify-ca", "verify-full"})
CERTIFICATE_FILES: Final = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
"""Parameters of an address that name a file."""
SYSTEM: Final = "system"
"""What ``sslrootcert`` says for the authorities that this computer trusts; the default."""
_UNPROVEN: Final = "Write sslmode=verify-full, or leave sslmode out; the owner turns TLS on at the server."

_CERTIFICATE: Final = "The certificate of the record's server"
_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    3: ("The list of revoked certificates is missing.", "Ask the owner for a new file for sslcrl."),
    9: (f"{_CERTIFICATE} is not valid yet.", "Look at this computer's clock, then ask the owner."),
    10: (f"{_CERTIFICATE} has expired.", "Ask the owner to renew it."),
    12: ("The list of revoked certificates is too old.", "Ask the owner for a new file for sslcrl."),
    23: (f"{_CERTIFICATE} was revoked.", "Do not go on, and tell the owner."),
    62: (f"{_CERTIFICATE} has another name.", "Use the name that it has, or ask the owner."),
    64: (f"{_CERTIFICATE} has another name.", "Use the name that it has, or ask the owner."),
}
"""By OpenSSL's number (x509_vfy.h)."""
_UNKNOWN: Final = (
    f"{_CERTIFICATE} is by an authority that is not known here.",
    "Name the authority's file with sslrootcert, or ask the owner.",
)


def is_on_this_computer(host: str | None) -> bool:
    """Whether what is sent to a host leaves this computer: not to a socket's folder, nor to a loopback address."""
    if not host or host.startswith("/") or host.rstrip(".").casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def mode_of(url: URL) -> str:
    """The ``sslmode`` of an address; empty when it says none."""
    return str(url.query.get("sslmode") or url.query.get("ssl") or "")


def refuse_unproven(url: URL, hosts: list[str]) -> None:
    """Refuse an address by which a password would go to a server that nobody checked.

    Raises:
        Invalid: one of the hosts is another computer, and the address says that it is not to be checked.
    """
    mode = mode_of(url)
    away = next((host for host in hosts if not is_on_this_computer(host)), None)
    if away is not None and mode and mode not in CHECKED:
        raise Invalid(f"sslmode={mode} sends the password to {away} without checking who that is.", _UNPROVEN)


def context_for(url: URL, host: str | None) -> ssl.SSLContext | None:
    """What checks the certificate of a host; None where the link may be, or is to be, in clear.

    Raises:
        Invalid: a file of certificates is not there or holds none, or the host would not be checked.
    """
    refuse_unproven(url, [host or ""])
    mode = mode_of(url)
    # Nobody speaks TLS in a socket's folder.
    if not host or host.startswith("/") or (is_on_this_computer(host) and mode not in {"require", *CHECKED}):
        return None
    authorities = str(url.query.get("sslrootcert") or "") or _users_own()
    context = _made(authorities)
    if mode == "require":
        # Only to this computer: nobody can stand between.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    elif mode == "verify-ca":
        context.check_hostname = False
    _take_own(context, str(url.query.get("sslcert") or ""), str(url.query.get("sslkey") or ""))
    _take_revoked(context, str(url.query.get("sslcrl") or ""))
    return context


def _users_own() -> str:
    """The file in which libpq, too, looks for authorities first."""
    try:
        path = Path.home() / ".postgresql" / "root.crt"
        return str(path) if path.is_file() else SYSTEM
    except (OSError, RuntimeError):
        return SYSTEM


def _made(authorities: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if authorities == SYSTEM else authorities)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("sslrootcert", authorities, error) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Python from 3.13 on asks for marks that the authorities of many trusts do not set; libpq does not.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _take_own(context: ssl.SSLContext, certificate: str, key: str) -> None:
    if not certificate:
        return
    if key and not Path(key).is_file():
        raise _unusable("sslkey", key, FileNotFoundError())
    try:
        # A key with a passphrase is refused: else OpenSSL would ask at a terminal that nobody sees.
        context.load_cert_chain(certificate, key or None, password=lambda: "")
    except (OSError, ssl.SSLError, ValueError) as error:
        raise _unusable("sslcert", certificate, error) from error


def _take_revoked(context: ssl.SSLContext, revoked: str) -> None:
    if not revoked:
        return
    try:
        context.load_verify_locations(cafile=revoked)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("sslcrl", revoked, error) from error
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF


def _unusable(name: str, path: str, error: Exception) -> Invalid:
    missing = isinstance(error, FileNotFoundError | NotADirectoryError)
    step = "Correct the address, or ask the owner for the file."
    if missing:
        return Invalid(f"The file that {name} names is not there: {path}", step)
    if isinstance(error, PermissionError):
        return Invalid(f"The file that {name} names may not be read: {path}", step)
    return Invalid(f"The file that {name} names holds nothing that can be used: {path}", step)


def about_certificate(error: ssl.SSLCertVerificationError) -> Invalid:
    """Why a certificate is not believed, and what to do."""
    return Invalid(*_REASONS.get(getattr(error, "verify_code", 0), _UNKNOWN))
