"""The local record: a Postgres of our own that consoles on one computer share."""

from db.server.address import ServerAddress
from db.server.embedded import EmbeddedServer
from db.server.health import Health

__all__ = ["EmbeddedServer", "Health", "ServerAddress"]
