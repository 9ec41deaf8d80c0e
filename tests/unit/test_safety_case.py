"""The safety case is whole: no hazard disappears, each control has a test that is run, nobody scores unsigned."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety_case import (
    NOT_SCORED,
    ROOT,
    SAFETY,
    Hazard,
    fingerprint,
    found_tests,
    functions_of,
    hazards,
    kept_in_the_record,
    known_faults,
    known_tools,
    read_hazard,
    shipped_tools,
)
from tests.safety_report import REPORT, report

# Grows with the hazards. One that is dealt with stays, with what deals with it.
FIRST_COUNT = 91
FINGERPRINT_OF_VERSION_1 = "13fab5c6436521e265b016876eb3107cfef9ec2918f8c66f89bb31452aed887f"
DOCUMENTS = {
    "README.md",
    "plan.md",
    "case-report.md",
    "third-parties.md",
    "known-faults.md",
    "transferred.md",
    "decommission.md",
}


def mistakes(every: tuple[Hazard, ...]) -> list[str]:
    """What is wrong with hazards by themselves."""
    wrong = []
    for one in every:
        texts = (one.title, one.cause, one.effect, one.harm, one.transferred)
        wrong += [f"{one.id}: something is not said"] if not all(text.strip() for text in texts) else []
        wrong += [f"{one.id}: no control"] if not one.controls else []
        wrong += [f"{one.id}: a control that no test proves"] if not all(c.tests for c in one.controls) else []
        wrong += (
            [f"{one.id}: a control that is not said"] if not all(c.what and c.where for c in one.controls) else []
        )
        signed = bool(one.signature.strip() and one.signed_on.strip() and one.reviewers)
        wrong += [f"{one.id}: a score stands without a signature"] if one.is_scored and not signed else []
        wrong += (
            [f"{one.id}: half a score"] if one.is_scored and NOT_SCORED in {one.severity, one.likelihood} else []
        )
    return wrong


def test_no_hazard_disappears() -> None:
    ids = [one.id for one in hazards()]
    assert ids == [f"H-{number:03}" for number in range(1, len(ids) + 1)]
    assert len(ids) >= FIRST_COUNT
    files = [file.stem for file in sorted((SAFETY / "hazards").glob("*"))]
    assert files == ids, "a hazard's file is called after it, and nothing else lies there"


def test_hazards_say_what_they_must_and_no_score_stands_unsigned() -> None:
    assert mistakes(hazards()) == []


def test_each_named_test_is_there_is_run_and_carries_the_mark() -> None:
    tests = found_tests()
    named = {(test, one.id) for one in hazards() for test in one.tests}
    marked = {(node, hazard) for node, test in tests.items() for hazard in test.hazards}
    assert sorted(test for test, _ in named if test not in tests) == [], "named and not there"
    assert sorted(named - marked) == [], "named by a hazard, and without its mark"
    assert sorted(marked - named) == [], "marked, and named by no hazard"
    left_out = [node for node, test in tests.items() if test.hazards and test.left_out]
    assert left_out == [], "a usual run leaves it out: it proves nothing"


def test_each_control_is_where_it_is_said_to_be() -> None:
    record = kept_in_the_record()
    for one in hazards():
        for control in one.controls:
            if control.where.startswith("cru."):
                name = control.where.removeprefix("cru.").removesuffix("()")
                assert re.search(rf"\b{name}\b", record), f"{one.id}: {control.where}"
            else:
                assert (ROOT / control.where).is_file(), f"{one.id}: {control.where}"


def test_known_faults_are_listed_and_each_belongs_to_a_hazard() -> None:
    named = {(fault, one.id) for one in hazards() for fault in one.known_faults}
    told = {(fault, hazard) for fault, whose in known_faults().items() for hazard in whose}
    assert named == told
    assert all(known_faults().values()), "a fault that belongs to no hazard"


def test_the_case_has_its_documents_and_names_the_standards() -> None:
    assert {file.name for file in SAFETY.glob("*.md")} == DOCUMENTS
    plan = (SAFETY / "plan.md").read_text("utf-8")
    assert "DCB0129" in plan
    assert "DCB0160" in plan
    pages = " ".join(file.read_text("utf-8") for file in SAFETY.glob("*.md"))
    assert set(re.findall(r"\bH-\d{3}\b", pages)) <= {one.id for one in hazards()}
    told = " ".join(file.read_text("utf-8") for file in SAFETY.rglob("*.md")).lower()
    for claim in ("is safe to use", "is clinically safe", "risk is acceptable", "fully safe"):
        assert claim not in told, "nobody here may claim it"


def test_the_report_is_current() -> None:
    assert REPORT.read_text("utf-8") == report(), "python -m tests.safety_report makes it anew"


@pytest.mark.hazard("H-009")
def test_the_text_of_a_tool_does_not_change_without_a_version() -> None:
    known = known_tools()
    assert known[1] == FINGERPRINT_OF_VERSION_1
    for version, asked in shipped_tools().items():
        assert known.get(version) == fingerprint(asked), f"version {version}: another text is another version"


# --- the check itself notices ---

WHOLE = (SAFETY / "hazards" / "H-001.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('severity = "TBC"', 'severity = "3"', "without a signature"),
        ('likelihood = "TBC"', 'likelihood = "low"', "without a signature"),
        ('harm = "', 'harm = ""\nx = "', None),
        (
            'title = "A danger that is known at the referral is not seen and the person is accepted"',
            'title = " "',
            "not said",
        ),
        ('where = "cru.screening_lets_through()"', 'where = ""', "not said"),
    ],
)
def test_a_hazard_that_is_not_whole_is_found(old: str, new: str, says: str | None) -> None:
    assert old in WHOLE
    if says is None:
        with pytest.raises(TypeError):
            read_hazard(WHOLE.replace(old, new, 1))
        return
    assert any(says in wrong for wrong in mistakes((read_hazard(WHOLE.replace(old, new, 1)),)))


def test_a_signed_score_may_stand_and_half_a_one_not() -> None:
    signed = WHOLE.replace("reviewers = []", 'reviewers = ["A. Nurse"]')
    signed = signed.replace('signature = ""', 'signature = "C. Officer"').replace(
        'signed_on = ""', 'signed_on = "2027-01-01"'
    )
    half = signed.replace('severity = "TBC"', 'severity = "major"')
    assert mistakes((read_hazard(half),)) == ["H-001: half a score"]
    assert mistakes((read_hazard(half.replace('likelihood = "TBC"', 'likelihood = "low"')),)) == []


@pytest.mark.parametrize(
    ("source", "hazards_named", "left_out"),
    [
        ('@pytest.mark.hazard("H-9", "H-8")\ndef test_a(): ...', {"H-9", "H-8"}, False),
        ('@pytest.mark.hazard("H-9")\n@pytest.mark.skip\ndef test_a(): ...', {"H-9"}, True),
        (
            '@pytest.mark.hazard("H-9")\n@pytest.mark.skipif(True, reason="x")\nasync def test_a(): ...',
            {"H-9"},
            True,
        ),
        ('@pytest.mark.hazard("H-9")\n@pytest.mark.long\ndef test_a(): ...', {"H-9"}, True),
        ('pytestmark = pytest.mark.bench\n@pytest.mark.hazard("H-9")\ndef test_a(): ...', {"H-9"}, True),
        ('x = pytest.importorskip("y")\n@pytest.mark.hazard("H-9")\ndef test_a(): ...', {"H-9"}, True),
        ('class TestA:\n    @pytest.mark.hazard("H-9")\n    def test_a(self): ...', {"H-9"}, False),
        ("def test_a(): ...", set(), False),
    ],
)
def test_marks_are_read_from_the_source(source: str, hazards_named: set[str], left_out: bool) -> None:
    ((node, found),) = functions_of("tests/x.py", source)
    assert node in {"tests/x.py::test_a", "tests/x.py::TestA::test_a"}
    assert (set(found.hazards), found.left_out) == (hazards_named, left_out)


def test_a_skipped_proof_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = hazard: x\n")
    (tmp_path / "conftest.py").write_text("from tests.hazard_marks import pytest_runtest_makereport\n")
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.hazard('H-777')\ndef test_proof(): pytest.skip('not today')\n"
        "@pytest.mark.hazard('H-778')\n@pytest.mark.xfail\ndef test_doubtful(): assert False\n"
        "@pytest.mark.hazard('H-779')\ndef test_run(): pass\n"
        "def test_other(): pytest.skip('may be')\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(tmp_path),
            str(tmp_path),
        ],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 1 passed, 1 skipped" in done.stdout
    assert "H-777 and was skipped" in done.stdout
