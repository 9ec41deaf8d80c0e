"""A log that a flood does not fill: one line a kind and minute, and of a failure its type and place."""

import logging
import time
import traceback

from db.gateway.limits import OncePerMinute


class QuietFilter(logging.Filter):
    """Lets the same line through once a minute, with how often it was left out; for a handler.

    A failure is told in one line, by type and place: its words and values may be what a device sent.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines = OncePerMinute()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write it; what is written is one line."""
        line = record.getMessage().partition("\n")[0]
        if record.exc_info and record.exc_info[0] is not None:
            places = traceback.extract_tb(record.exc_info[2])
            place = f" at {places[-1].name}, line {places[-1].lineno}" if places else ""
            line = f"{line}: {record.exc_info[0].__name__}{place}"
        left_out = self._lines.take(f"{record.name} {line}", time.monotonic())
        if left_out is None:
            return False
        record.msg, record.args = f"{line} ({left_out} more since)" if left_out else line, ()
        record.exc_info = None
        return True
