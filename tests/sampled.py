"""Which cases of a dear test are tried each time, and which on request."""

from collections.abc import Iterable
from typing import Any

import pytest


def some(cases: Iterable[Any], one_in: int) -> list[Any]:
    """The first of so many cases as they are, and those after it for ``-m long``.

    For cases that go the same way through the same code, where each asks the same of another row.
    """
    return [
        pytest.param(case, marks=() if number % one_in == 0 else pytest.mark.long, id=_name(case))
        for number, case in enumerate(cases)
    ]


def _name(case: object) -> str | None:
    return case if isinstance(case, str) else None
