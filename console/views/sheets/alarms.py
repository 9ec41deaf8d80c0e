"""An alarm is put on the shelf: until when, and why."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from console.views.form.choice import Option
from console.views.sheets.fields import Choose, Note, Write
from console.views.sheets.sheet import Order, Sheet
from db.commands import ShelveAlarm
from db.domain.clocks import local_time
from db.raising import ToldAlarm

_SPANS: Final = {"15": "15 min", "30": "30 min", "60": "1 h", "120": "2 h", "240": "4 h", "720": "12 h"}
_FOR: Final = tuple(Option(value, words, str(place)) for place, (value, words) in enumerate(_SPANS.items(), 1))


def shelve(alarm: ToldAlarm, title: str, now: Callable[[], datetime]) -> Sheet:
    """Until when an alarm rests, and why; then it sounds again and is to be answered again."""
    fields = [
        Note("what", f"{title}. It is kept who let it rest, and why; then it sounds again."),
        Choose("for", "For", _FOR, "Choose for how long."),
        Write("reason", "Why", "such as the crew is at the door", "Say why it may rest."),
    ]

    def make(given: Mapping[str, str]) -> list[Order]:
        until = now() + timedelta(minutes=int(given["for"]))
        command = ShelveAlarm(told=alarm, until=until, reason=given["reason"])
        return [Order(command, f"{title} rests until {local_time(until, now())}")]

    return Sheet("Let an alarm rest", fields, make, "Let it rest")
