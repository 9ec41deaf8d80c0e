"""The answer to nearly every request: 200 with nothing in it.

Its headers are always the same, so they are looked at once a second and not once a request, which was a sixth of
what a fix cost. The web server's own way answers everything else, and whatever is not as usual.
"""

from email.utils import formatdate
from functools import lru_cache
from time import time

import h11
from starlette.types import Scope, Send
from uvicorn.protocols.http.h11_impl import RequestResponseCycle

_CLOSE = (b"connection", b"close")
_END = h11.EndOfMessage()


def answered(scope: Scope, send: Send) -> bool:
    """Answer 200 at once, if everything is as usual.

    Args:
        scope: of ASGI.
        send: of ASGI; the web server's own, behind which its connection is found.

    Returns:
        Whether it was answered.
    """
    cycle = getattr(send, "__self__", None)
    if not isinstance(cycle, RequestResponseCycle) or cycle.disconnected or cycle.response_started:
        return False
    if (
        scope["method"] == "HEAD"
        or cycle.waiting_for_100_continue
        or cycle.flow.write_paused
        or _CLOSE in scope["headers"]
    ):
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(cycle.conn.send(_taken(int(time()))) or b"")
    cycle.conn.send(_END)
    cycle.message_event.set()
    if cycle.conn.our_state is h11.MUST_CLOSE or not cycle.keep_alive:
        cycle.conn.send(h11.ConnectionClosed())
        cycle.transport.close()
    cycle.on_response()
    return True


@lru_cache(maxsize=1)
def _taken(second: int) -> h11.Response:
    headers = [(b"date", formatdate(second, usegmt=True).encode()), (b"content-length", b"0")]
    return h11.Response(status_code=200, headers=headers, reason=b"OK")
