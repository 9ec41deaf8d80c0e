"""Where the local record listens, and how to connect to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

# Imported where used: the guard process shares this package and does without SQLAlchemy's weight.
if TYPE_CHECKING:
    from sqlalchemy import URL


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server listens.

    Attributes:
        host: an IP address, or the absolute folder of a Unix socket.
        port: the TCP port, or the number in the socket's name.
        superuser: the login that owns the whole server.
        superuser_password: its password; kept out of ``repr``.
    """

    host: str
    port: int
    superuser: str = "postgres"
    superuser_password: str = field(default="", repr=False)

    @property
    def is_socket(self) -> bool:
        """Whether the server is reached by a Unix socket, not by TCP."""
        return self.host.startswith("/")

    def url(self, user: str, database: str, password: str) -> URL:
        """The SQLAlchemy URL (asyncpg driver) for one login on one database."""
        from sqlalchemy import URL

        driver = "postgresql+asyncpg"
        if self.is_socket:
            where = {"host": self.host, "port": str(self.port)}
            return URL.create(driver, user, password, database=database, query=where)
        return URL.create(driver, user, password, self.host, self.port, database)

    def superuser_url(self, database: str = "postgres") -> URL:
        """The SQLAlchemy URL of the superuser on one database."""
        return self.url(self.superuser, database, self.superuser_password)

    def same_login(self, url: URL) -> URL:
        """A URL's login on its database, at this address: for a server that came back elsewhere."""
        return self.url(url.username or "", url.database or "", url.password or "")

    def connect_kwargs(self, user: str, database: str, password: str) -> dict[str, str | int]:
        """Keyword arguments for ``asyncpg.connect`` for one login on one database."""
        return {
            "host": self.host,
            "port": self.port,
            "user": user,
            "database": database,
            "password": password,
        }

    def superuser_kwargs(self, database: str = "postgres") -> dict[str, str | int]:
        """Keyword arguments for ``asyncpg.connect`` as the superuser on one database."""
        return self.connect_kwargs(self.superuser, database, self.superuser_password)
