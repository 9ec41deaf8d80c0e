"""Where the record is: a URL as people and libpq write it, and the same in the words of the drivers."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import unquote, urlencode

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.errors import Invalid
from db.tls import CERTIFICATE_FILES, SSL_MODES, refuse_unproven

Address: TypeAlias = URL
"""What the screen calls it, which knows no driver."""
_PORT = 5432
_WHERE = frozenset({"host", "port"})
_NO_ADDRESS = Invalid("That is no server address.", "Type it as host:port/database.")
_SESSION_ATTRIBUTES = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
_KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "host": (),
        "port": (),
        "sslmode": SSL_MODES,
        "ssl": SSL_MODES,
        "target_session_attrs": _SESSION_ATTRIBUTES,
        **dict.fromkeys(CERTIFICATE_FILES, ()),
    }
)
"""Each parameter of an address, and what it may say; nothing for what cannot be listed."""
# libpq takes several hosts where a URL has one; SQLAlchemy's own reader takes them in the query only.
_MANY = re.compile(r"^(?P<before>[^/]*//(?:[^@/]*@)?)(?P<hosts>[^/?#@]*,[^/?#@]*)(?P<after>[/?#].*|)$")


def read_url(text: str) -> URL:
    """Read a URL such as ``postgresql://a.shah@db1:5432,db2:5432/cru?sslmode=verify-full``.

    Raises:
        Invalid: it is no such URL; the sentence never repeats it, since it may hold a password. Or it says what is
            not known, or sends the password to another computer without a check.
    """
    url = _parsed(text)
    _refuse_unknown(url)
    refuse_unproven(url, [host for host, _ in _hosts(url)])
    return url


def _parsed(text: str) -> URL:
    try:
        url = make_url(_several_hosts_in_the_query(text.strip()))
        _hosts(url)
    except (ArgumentError, ValueError) as error:
        raise Invalid(
            "The address of the record cannot be read.",
            'It looks like "postgresql://user@host:5432/database?sslmode=verify-full".',
        ) from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise Invalid("The record is a PostgreSQL database.", 'Its address begins with "postgresql://".')
    return url


def _refuse_unknown(url: URL) -> None:
    """A parameter that nothing follows would be believed to do something, such as a misspelt ``sslmode``."""
    for name, said in url.query.items():
        if name not in _KNOWN:
            near = get_close_matches(name.casefold(), _KNOWN, n=1)
            step = f'Perhaps "{near[0]}" is meant.' if near else f"Known are {', '.join(_KNOWN)}."
            raise Invalid(f'The address says "{name[:40]}", which is not known here.', step)
        if not isinstance(said, str) and name not in _WHERE:
            raise Invalid(f'The address says "{name}" more than once.', "Leave one.")
        if _KNOWN[name] and said not in _KNOWN[name]:
            raise Invalid(
                f'The address says "{name}" with a word that is not known.',
                f"It is one of {', '.join(_KNOWN[name])}.",
            )
    if {"ssl", "sslmode"} <= url.query.keys():
        raise Invalid('The address says "sslmode" and "ssl", which are the same.', "Leave one.")


def _several_hosts_in_the_query(text: str) -> str:
    found = _MANY.match(text)
    if found is None:
        return text
    after = found["after"] or "/"
    joiner = "&" if "?" in after else "?"
    return f"{found['before']}{after}{joiner}{urlencode({'host': unquote(found['hosts'])})}"


def server_of(url: URL) -> str:
    """The hosts as people type them, ``db1:5432,db2:5433``; empty when there is none but a socket's folder."""
    named = [(host, port) for host, port in _hosts(url) if not host.startswith("/")]
    return ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in named)


def each_host(url: URL) -> list[URL]:
    """The same URL once for each of its hosts, in the order given; the URL itself when it names none."""
    rest = {name: value for name, value in url.query.items() if name not in _WHERE}
    return [
        url.set(query=rest | ({"host": host, "port": str(port)} if host.startswith("/") else {}))._replace(
            host=None if host.startswith("/") else host, port=None if host.startswith("/") else port
        )
        for host, port in _hosts(url)
    ] or [url]


def connect_arguments(url: URL) -> dict[str, Any]:
    """A URL's parts as ``asyncpg.connect`` takes them, but for how the link is made safe (:mod:`db.tls`)."""
    given: dict[str, Any] = {"user": url.username, "password": url.password, "database": url.database}
    hosts = _hosts(url)
    if len(hosts) > 1:
        given |= {"host": [host for host, _ in hosts], "port": [port for _, port in hosts]}
    elif hosts:
        given |= {"host": hosts[0][0], "port": hosts[0][1]}
    if "target_session_attrs" in url.query:
        given["target_session_attrs"] = url.query["target_session_attrs"]
    return given


def as_typed(url: URL | None) -> str:
    """The server as people type it, ``db1:5432/cru``, or a whole address where only that can say it."""
    if url is None:
        return ""
    server = server_of(url)
    if server or "host" not in url.query:
        return f"{server}/{url.database or ''}"
    # A socket's folder can only be said in a whole address.
    where = {name: value for name, value in url.query.items() if name in _WHERE}
    return URL.create("postgresql", database=url.database, query=where).render_as_string()


def read_typed(server: str, user: str, password: str, configured: URL | None = None) -> URL:
    """A URL from what was typed: ``host:port/database``, or a whole ``postgresql://`` address.

    Args:
        server: one host, or several with commas between: ``db1:5432,db2:5433/cru``.
        user: login.
        password: as typed.
        configured: the address of the settings; its ``sslmode``, certificates and the like are kept, unless
            others are typed.

    Raises:
        Invalid: it is no such address, or a part is missing.
    """
    text = server.strip()
    if not text or not user.strip():
        raise Invalid("The server or the user name is missing.", "Fill in both.")
    try:
        url = _parsed(text if "://" in text else f"postgresql://{text}")
    except Invalid as error:
        raise _NO_ADDRESS from error
    _refuse_unknown(url)
    if not url.host and "host" not in url.query:
        raise _NO_ADDRESS
    kept = {name: value for name, value in configured.query.items() if name not in _WHERE} if configured else {}
    url = url.set(username=user.strip(), password=password, database=url.database or "cru")
    if {"ssl", "sslmode"} & url.query.keys():
        kept = {name: value for name, value in kept.items() if name not in {"ssl", "sslmode"}}
    url = url.set(query=kept | dict(url.query))
    # What was kept of the settings' address meets other hosts here.
    refuse_unproven(url, [host for host, _ in _hosts(url)])
    return url


def _hosts(url: URL) -> list[tuple[str, int]]:
    # In the query it was decoded already: a folder of sockets, or a card, as in %2Frun%2Fpg or fe80::1%25eth0.
    said = url.query.get("host") or unquote(url.host or "")
    if not said:
        return []
    names = _split(said)
    ports = _split(url.query.get("port") or (str(url.port) if url.port else ""))
    found = [_host_and_port(name) for name in names]
    if len(ports) not in {0, 1, len(found)}:
        raise ArgumentError("number of hosts and ports don't match")
    # As libpq does it: one port is that of every host, and a host that names its own keeps it.
    spread = (ports * len(found) if len(ports) == 1 else ports) or [""] * len(found)
    return [(host, port or int(other or _PORT)) for (host, port), other in zip(found, spread, strict=True)]


def _split(said: str | Iterable[str]) -> list[str]:
    parts = [said] if isinstance(said, str) else said
    return [one.strip() for part in parts for one in part.split(",") if one.strip()]


def _host_and_port(text: str) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[(?P<host>[^]]+)\](?::(?P<port>\d+))?", text)
    if bracketed:
        return bracketed["host"], int(bracketed["port"]) if bracketed["port"] else None
    host, colon, port = text.partition(":")
    if text.startswith("/") or not colon or ":" in port:
        return text, None  # a socket's folder, a plain name, or a bare IPv6 address
    return host, int(port)
