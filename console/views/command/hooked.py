"""The command line as part of a desk."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from console.views.command.doing import Doing
from console.views.command.line import CommandLine
from console.views.command.words_page import WordsPage

if TYPE_CHECKING:
    from console.views.desk.page import DeskPage


def hook(page: "DeskPage", does: Mapping[str, Callable[[], object]]) -> tuple[CommandLine, WordsPage]:
    """Put it, and the list of all words and keys, over a page.

    Args:
        page: the desk.
        does: what the keys of everywhere do, by the acts of the table.
    """
    line = CommandLine(page.desk, page.etas, page.geography, page.board.selected, page)
    doing = Doing(page, does)
    line.opens.connect(doing.carry)
    line.refused.connect(doing.say_refused)
    line.lost_keyboard.connect(page.focus_board)
    page.privacy.cover(line)
    words = WordsPage(page.desk, does, page)
    words.begun.connect(line.open)
    return line, words
