"""The versions of the screening tool, for whoever reviews and signs one: each question, and where it is from."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout

from console.live.desk import Desk
from console.look.buttons import ActionButton
from console.look.guard import guarded
from console.look.key_table import LISTS
from console.look.keyboard import Hands, bind_chords
from console.look.own_window import OwnWindow
from console.look.panel import Panel
from console.look.style import px
from console.views.detail.rich import plain, strong, toned
from db.domain.clocks import local
from db.domain.reference import (
    NewsBand,
    ObservationLimit,
    ReferenceData,
    ScreeningItem,
    ScreeningTool,
    unsigned_words,
)

_TITLE = "Screening tool: versions"


@guarded
class ToolPage(OwnWindow):
    """Reads what the console has of the record; drafts under review first, then what is asked, then what was."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_TITLE, 1000, 680)
        self._desk = desk
        self.panel = Panel(_TITLE, "", self)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName(_TITLE)
        # Words of a version are written by others: nothing in them may open anything.
        self.text.setOpenLinks(False)
        self.refresh_button = ActionButton("Refresh", LISTS.key("refresh"), "quiet", self)
        self.panel.heading.add_right(self.refresh_button)
        self.panel.add(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(6), px(6), px(6), px(6))
        column.addWidget(self.panel)
        self.refresh_button.clicked.connect(self.refresh)
        desk.store.reference_changed.connect(self.refresh)
        hands = Hands(LISTS, {"refresh": self.refresh, "copy": self.copy, "close": self.close})
        bind_chords(hands, self, Qt.ShortcutContext.WindowShortcut)

    def refresh(self) -> None:
        """Show them as they are now; the place in the text stays."""
        bar = self.text.verticalScrollBar()
        place = bar.value()
        # Made anew as a whole, which loses the place.
        self.text.setHtml("".join(_page(self._desk.store.reference)))
        bar.setValue(place)

    def copy(self) -> None:
        """Put what is chosen on the clipboard, or the whole text where nothing is."""
        chosen = self.text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(chosen or self.text.toPlainText())

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is opened; the keyboard scrolls the text."""
        super().showEvent(event)
        self.refresh()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: colours are part of the text."""
        # Before it was read there is nothing to write anew.
        if event.type() == QEvent.Type.StyleChange and self.text.toPlainText():
            self.refresh()
        super().changeEvent(event)


def _page(reference: ReferenceData) -> Iterator[str]:
    drafts = reference.under_review
    there = sorted((tool for tool in reference.tools.values() if tool not in drafts), key=lambda one: -one.version)
    # What somebody has to read and sign stands first.
    yield from (_version(tool, "under review: a draft, asked of nobody", reference) for tool in drafts)
    yield from (
        _version(tool, _life(tool, is_asked=tool is reference.current_tool), reference)
        for tool in there
        if tool not in drafts
    )


def _life(tool: ScreeningTool, *, is_asked: bool) -> str:
    since = f" since {local(tool.in_force_from):%d %b %Y}" if tool.in_force_from else ""
    if is_asked:
        return f"in force{since}"
    return f"retired {local(tool.retired_at):%d %b %Y}" if tool.retired_at else f"to come into force{since}"


def _version(tool: ScreeningTool, life: str, reference: ReferenceData) -> str:
    name = f"Version {tool.version}" + (f": {tool.title}" if tool.title else "")
    by = f"author: {reference.who(tool.author or tool.signed_by)}" + (
        f", {tool.dated:%d %b %Y}" if tool.dated else ""
    )
    signed = [f"Approved by {one.name}, {one.role}, {one.on:%d %b %Y}." for one in tool.approvals]
    notice = unsigned_words(tool)
    head = [f"<h2>{plain(name)}</h2><p>{plain(life)} · {toned(by, 'dim')}"]
    head += [f"<br>{toned(notice, 'warn')}" if notice else "", *(f"<br>{plain(one)}" for one in signed), "</p>"]
    return "".join([*head, *_sections(tool), _measured(tool), _words(tool)])


def _words(tool: ScreeningTool) -> str:
    """What the reader looks for, by question: last, because it is long."""
    lines = [
        f"{plain(one.text)}: {toned(', '.join(one.watch_words), 'dim')}" for one in tool.items if one.watch_words
    ]
    return f"<h3>Words that call for a second look</h3><p>{'<br>'.join(lines)}</p>" if lines else ""


def _sections(tool: ScreeningTool) -> Iterator[str]:
    branches = {one.key: one.when or one.title for one in tool.branches}
    section = None
    for number, item in enumerate(tool.items, 1):
        if item.section != section:
            section = item.section
            yield f"<h3>{plain(section)}</h3>"
        yield _item(number, item, branches)


def _item(number: int, item: ScreeningItem, branches: Mapping[str, str]) -> str:
    marks = [
        *(["asked by itself"] if item.alone else []),
        *(["nobody may let it on"] if item.no_override else []),
        *([f"only {branches.get(item.branch, item.branch)}"] if item.branch else []),
    ]
    told = (
        ("Asked", f"“{item.spoken}”" if item.spoken else "no spoken question yet"),
        ("Why", item.rationale or "not said"),
        ("Source", item.source or "not said"),
        ("Owner", item.owner or "to be named"),
        ("Review", f"{item.review_on:%d %b %Y}" if item.review_on else "no date yet"),
    )
    lines = [f"{toned(name + ':', 'dim')} {plain(text)}" for name, text in told if text]
    rule = f" · {toned(' · '.join(marks), 'warn')}" if marks else ""
    return f"<p>{number}. {strong(item.text)}{rule}<br>{'<br>'.join(lines)}</p>"


def _measured(tool: ScreeningTool) -> str:
    limits = [f"{one.measure}: {_range(one)}" for one in tool.limits]
    bands = [f"{one.measure} {_range(one)}: {one.points}" for one in tool.bands]
    letters = [
        f"{strong(one.letter)} {plain(one.meaning)}: {plain(one.soon)} · {plain(one.goes_to)}<br>"
        + toned(one.meanwhile, "dim")
        for one in tool.letters
    ]
    made = (
        f"<h3>Letters of the scale: how soon, never how likely</h3><p>{'<br>'.join(letters)}</p>"
        if letters
        else ""
    )
    made += f"<h3>Limits of observations</h3><p>{plain('; '.join(limits))}</p>" if limits else ""
    return made + (f"<h3>NEWS2 points</h3><p>{plain('; '.join(bands))}</p>" if bands else "")


def _range(one: ObservationLimit | NewsBand) -> str:
    if one.low is None or one.high is None:
        return f"at most {one.high:g}" if one.high is not None else f"at least {one.low or 0:g}"
    return f"{one.low:g} to {one.high:g}"
