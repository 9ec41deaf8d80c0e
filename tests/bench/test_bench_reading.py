"""How long a narrative takes to be read for danger. In processor time: others on the machine do not count."""

import time

import pytest

from db.domain.screening import findings
from tests.bench.table import ms, row
from tests.unit.shipped_tools import tool_of
from tests.unit.test_narratives import ALL

pytestmark = pytest.mark.bench
LENGTH = 4000
SAID = " ".join(one.text for one in ALL)


def _seconds(version: int, text: str) -> float:
    begun = time.process_time()
    findings(tool_of(version), text)
    return time.process_time() - begun


@pytest.mark.parametrize("version", [2, 3])
def test_a_long_narrative_is_read_between_two_keys(version: int) -> None:
    parts = [SAID[at : at + LENGTH] for at in range(0, 20 * LENGTH, LENGTH)]
    _seconds(version, parts[0])
    each = sorted(min(_seconds(version, part) for _ in range(3)) for part in parts)
    shortest = _seconds(version, "She has taken something.")
    row(f"4,000 characters read, version {version}", ms(each[-1]), "20 ms", f"one sentence {ms(shortest)}")
    assert each[-1] <= 0.02
