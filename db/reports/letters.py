"""Letters that no font of a report has are told by their number: a PDF that cannot show one is refused."""

from collections.abc import Sequence

import typst

# As in the template: what it can show, this can.
_PROBE = b"""#set document(title: "Letters")
#set text(lang: "en", region: "GB", font: "Libertinus Serif")
#sys.inputs.letters"""


def lacking(text: str) -> frozenset[str]:
    """Those that cannot be shown."""
    return frozenset(_lacking(sorted({letter for letter in text if not letter.isascii()})))


def _lacking(letters: Sequence[str]) -> list[str]:
    if not letters or _are_shown(letters):
        return []
    if len(letters) == 1:
        return list(letters)
    half = len(letters) // 2
    return [*_lacking(letters[:half]), *_lacking(letters[half:])]


def _are_shown(letters: Sequence[str]) -> bool:
    # Each on a letter of its own, as a mark that is put over one needs it.
    shown = " ".join(f"a{letter}" for letter in letters)
    try:
        typst.compile(
            _PROBE, format="pdf", sys_inputs={"letters": shown}, ignore_system_fonts=True, pdf_standards="ua-1"
        )
    except typst.TypstError:
        return False
    return True


def by_number(letter: str) -> str:
    """``[U+4F60]``."""
    return f"[U+{ord(letter):04X}]"
