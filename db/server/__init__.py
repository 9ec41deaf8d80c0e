"""The local record: a Postgres of our own that consoles on one computer share."""

from db.server.address import ServerAddress
from db.server.embedded import EmbeddedServer

__all__ = ["EmbeddedServer", "ServerAddress"]
