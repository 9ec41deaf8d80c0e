"""The safety case report, from the hazard files: ``python -m tests.safety_report`` writes it anew.

It also puts down the fingerprint of a screening tool's version that is new. One that is known is never changed
here: a text that changed is another version.
"""

from collections.abc import Iterable, Iterator

from tests.safety_case import (
    SAFETY,
    TOOLS,
    Hazard,
    fingerprint,
    hazards,
    known_tools,
    shipped_tools,
)
from tests.screen_words import table

REPORT = SAFETY / "case-report.md"
_HEAD = """# Clinical safety case report

Made by `python -m tests.safety_report` from the files beside it; a test holds that it is current. It says what is
known and what proves it. **It does not say that the program is safe**, and nobody of those who wrote the program
has scored a hazard: severity, likelihood and the decision whether to go on belong to the clinical safety officers
of the manufacturer (DCB0129) and of the trust (DCB0160).
"""

_TOOLS_HEAD = """# What each version of the screening tool asks. A version that went out in a release never
# changes: another text is another version, and python -m tests.safety_report adds its line. Versions 2 and 3
# are signed by nobody and no release holds them; until one does, their lines follow their text, in the same
# commit. A record never changes the text of a version that it has: whoever tries one keeps the words of then."""


def report() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_state(), "", *_hazards(), "", *_controls(), "", *_tools(), "", *_words(), ""])


def _state() -> Iterator[str]:
    every = hazards()
    scored = [one for one in every if one.is_scored]
    controls = sum(len(one.controls) for one in every)
    tests = {test for one in every for test in one.tests}
    yield "## Where it stands"
    yield ""
    yield f"- Hazards: {len(every)}, of which scored and signed: {len(scored)}."
    yield f"- Controls: {controls}, proven by {len(tests)} tests that run with every change."
    faulty = sum(bool(one.known_faults) for one in every)
    yield f"- Hazards with a known fault: {faulty} (see [known faults](known-faults.md))."
    yield f"- Hazards reviewed: {sum(bool(one.reviewers) for one in every)}."


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    titles = [*heads]
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"


def _hazards() -> Iterator[str]:
    yield "## Hazards"
    yield ""
    yield from _table(
        ("hazard", "what may happen", "harm", "severity", "likelihood", "controls", "known faults", "signed by"),
        (
            (
                f"[{one.id}](hazards/{one.id}.md)",
                one.title,
                one.harm,
                one.severity,
                one.likelihood,
                len(one.controls),
                ", ".join(one.known_faults) or "–",
                one.signature or "nobody yet",
            )
            for one in hazards()
        ),
    )


def _controls() -> Iterator[str]:
    yield "## Controls, where they are, and what proves each"
    for one in hazards():
        yield ""
        yield f"### {one.id} {one.title}"
        yield ""
        yield f"{one.cause} {one.effect}"
        yield ""
        yield from _proofs(one)
        yield f"- Transferred to the trust: {one.transferred}"


def _proofs(one: Hazard) -> Iterator[str]:
    for control in one.controls:
        yield f"- {control.what} (`{control.where}`)"
        yield from (f"  - `{test}`" for test in control.tests)


def _tools() -> Iterator[str]:
    yield "## Screening tools"
    yield ""
    yield "The fingerprint of what each shipped version asks. No version counts as approved before a trust's"
    yield "clinical lead has signed it in the record."
    yield ""
    known = known_tools()
    yield from _table(("version", "sha256"), ((version, f"`{known[version]}`") for version in sorted(known)))


def _words() -> Iterator[str]:
    yield "## Words"
    yield ""
    yield from _table(
        ("version of the table of words", "since", "reviewed by people with lived experience"),
        ((one["number"], one["since"], one["reviewed_by"] or "nobody yet") for one in table()["version"]),
    )


def tools_file() -> str:
    """The fingerprints, those of new versions added."""
    known = {version: fingerprint(asked) for version, asked in shipped_tools().items()} | known_tools()
    lines = [_TOOLS_HEAD]
    for version in sorted(known):
        lines += ["", "[[tool]]", f"version = {version}", f'sha256 = "{known[version]}"']
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    TOOLS.write_text(tools_file(), "utf-8")
    REPORT.write_text(report(), "utf-8")
