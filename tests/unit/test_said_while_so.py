"""A passing sentence about how things stand goes when they stand otherwise: each says how that is told."""

import ast
from collections.abc import Iterator

from tests.unit.test_house_rules import PRODUCT, ROOT, saying

SEVERITIES = {"info", "good", "warn", "late"}
HAPPENED = {
    "console/views/files/maker.py": {"The report was given up.", "{files} written."},
    "console/views/form/calls.py": {"{draft.label}: {who} took this call over."},
    "console/views/form/form.py": {"{draft.label}: {error.sentence}"},
    "console/views/lock/lock.py": {"WRONG"},
    "console/views/rota/device_sheets.py": {"Copied."},
    "console/views/rota/printing.py": {"The page is written.", "The page was not written: {error.strerror}."},
    "console/start/seat.py": {"This computer can make no sound."},
}
"""What happened, which stays true. What the record refused is of this kind, too, and said in the error's words."""
ALWAYS_SO = {
    "console/views/lead/window.py": {"found.definition()"},
    "console/views/lock/cover.py": {"NOT_ASKED"},
    "console/views/person/page.py": {"Only a shift lead gives out a record."},
    "console/views/replay/window.py": {"Replay: this is the past."},
}
TAKEN_AWAY = {
    "console/views/lead/window.py": {"No referral was received in this time."},
    "console/views/window/sign_in.py": {"Connecting to {where}…"},
}
"""By whoever said it, with the next thing that it does: nothing else ends it."""


def without_end(tree: ast.AST) -> Iterator[str]:
    """The sentences that are said with a severity and with nothing that tells whether they still hold."""
    for node in ast.walk(tree):
        is_said = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say"
        if not is_said or len(node.args) < 2:
            continue
        severity, sentence = node.args[:2]
        if not isinstance(severity, ast.Constant) or severity.value not in SEVERITIES:
            continue
        told = ast.unparse(sentence)[isinstance(sentence, ast.JoinedStr) :].strip("'\"")
        refused = severity.value == "late" and told.endswith(("error.sentence", "error.sentence}", "said"))
        if not refused and told != "told.sentence" and not any(one.arg == "so" for one in node.keywords):
            yield told


def test_what_is_said_of_how_things_stand_says_whether_they_still_do() -> None:
    found: dict[str, set[str]] = {}
    for file in saying((one for one in PRODUCT if one.is_relative_to(ROOT / "console")), ".say("):
        if said := set(without_end(ast.parse(file.read_text("utf-8")))):
            found[file.relative_to(ROOT).as_posix()] = said
    allowed: dict[str, set[str]] = {}
    for some in (HAPPENED, ALWAYS_SO, TAKEN_AWAY):
        for name, words in some.items():
            allowed.setdefault(name, set()).update(words)
    assert found == allowed


def test_what_has_no_end_is_found() -> None:
    said = """
bar.say("info", "Nothing is chosen.")
bar.say("warn", f"{name} is away.", "Wait.")
bar.say("late", error.sentence, error.next_step)
bar.say("info", "That is held.", so=lambda: held)
note.say("words")
"""
    assert list(without_end(ast.parse(said))) == ["Nothing is chosen.", "{name} is away."]
