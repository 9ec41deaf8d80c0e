"""Several fixes of one request, each for itself: a bad one costs itself only, and a panic in it is a panic."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from db.gateway.fix import BadPayload, Fix, Report

P = TypeVar("P")


def collect(
    device_ids: Sequence[str],
    parts: Iterable[P],
    read: Callable[[P], Fix],
    pressed: Callable[[P], datetime | None],
) -> Report:
    """Read what can be read.

    Args:
        device_ids: names of the device, likeliest first.
        parts: what came in, one for each fix.
        read: makes a fix of one, or raises :class:`BadPayload`.
        pressed: when the panic button was pressed according to one; None if it was not.
    """
    fixes, panics, unused = [], [], []
    for part in parts:
        try:
            fixes.append(read(part))
        except BadPayload as bad:
            unused.append(bad.sentence)
            moment = pressed(part)
            if moment is not None:
                panics.append(moment)
    return Report(tuple(device_ids), tuple(fixes), tuple(panics), tuple(unused))
