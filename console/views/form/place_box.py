"""One box for the location, with suggestions while it is typed."""

import re
from collections.abc import Sequence
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.look.guard import guarded
from console.look.hints import hint
from console.look.key_table import PLACE
from console.look.keyboard import Hands
from console.look.style import mark, px
from console.running.tasks import spawn
from console.views.form.fields import Labelled
from db.domain.intake import NOT_ON_MAP, Draft
from db.domain.place_words import address_of, postcode_in, suggestion

SUGGEST_AFTER_MS = 60
"""Milliseconds of rest after a letter, before it is asked what may be meant."""
STILL_LOADING = "Places are still loading: kept as text until then."
_STAYS = frozenset({Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason})
"""Another window, or a menu: whoever comes back goes on where they were."""
_WHICH = "Which place? Up or Down, then Enter."


class PlaceLike(Protocol):
    """A place that a finder knows. :class:`db.geo.search.places.Place` is one."""

    @property
    def title(self) -> str:
        """What to show first."""

    @property
    def detail(self) -> str:
        """Where that is."""

    @property
    def lat(self) -> float | None:
        """Degrees north; None when it is known by text only."""

    @property
    def lon(self) -> float | None:
        """Degrees east; None likewise."""

    @property
    def postcode(self) -> str | None:
        """The full postcode, where the place is one."""

    @property
    def warning(self) -> str | None:
        """A sentence when something needs a second look."""

    @property
    def sure(self) -> bool:
        """Whether it is what was typed beyond doubt, so that Enter may take it."""


class Finder(Protocol):
    """Finds places. :class:`console.live.geography.Geography` is one."""

    @property
    def places_ready(self) -> bool:
        """Whether the places are loaded: until then nothing is found, whatever there is."""

    async def find(self, text: str, near: tuple[float, float] | None = None) -> Sequence[PlaceLike]:
        """Places that a text may mean, likeliest first."""


@guarded
class _Line(QLineEdit):
    """A line whose arrows and Return go to the suggestions while there are any."""

    def __init__(self, box: "PlaceBox") -> None:
        super().__init__()
        self._box = box

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self._box.has_suggestions and self._box.hands.take(event)):
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Not by ``editingFinished``, which Qt does not emit where Return was pressed and nothing typed since.
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self._box.leave()


class PlaceBox(Labelled):
    """Text, postcode and coordinates of the location."""

    pointed = Signal(object)
    """Where the place is that is kept, or that the bar is on: latitude and longitude in degrees, or None."""

    def __init__(self, finder: Finder, parent: QWidget | None = None) -> None:
        self.hands = Hands(PLACE, {"take": self._take}, {"choose": self._choose})
        self.line = _Line(self)
        super().__init__("place", "Location", self.line, parent)
        self._finder = finder
        self._found: list[PlaceLike] = []
        self._kept = Draft()
        # The text that an earlier pin wrote. ``_anchor`` is that of the place that is kept, ``_asked`` what was
        # asked about.
        self._pinned = ""
        self._anchor = ""
        self._asked = ""
        self.popup = QFrame(self)
        mark(self.popup, role="panel")
        self.list = QListWidget()
        inside = QVBoxLayout(self.popup)
        inside.setContentsMargins(px(2), px(2), px(2), px(2))
        self.which = QLabel(_WHICH)
        mark(self.which, role="small", tone="warn")
        inside.addWidget(self.which)
        inside.addWidget(self.list)
        self.popup.hide()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("Suggested places")
        self.list.currentRowChanged.connect(self._tell_pointed)
        self.list.itemClicked.connect(lambda item: self._pick(self.list.row(item)))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SUGGEST_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        hint(self.line, "Postcode, street and town, village, site or grid reference")
        self.line.textEdited.connect(self._typed)

    def values(self) -> dict[str, Any]:
        """Text, postcode, coordinates and warning."""
        kept = self._kept
        return {
            "place": self.line.text(),
            "postcode": kept.postcode,
            "lat": kept.lat,
            "lon": kept.lon,
            "place_warning": kept.place_warning,
        }

    def show_draft(self, draft: Draft) -> None:
        """Show the location."""
        self._keep(draft.postcode, draft.lat, draft.lon, draft.place_warning)
        self._anchor = draft.place if draft.lat is not None else ""
        self._found, self._asked = [], ""
        # What was asked for the draft before must not be offered for this one.
        self._soon.stop()
        self.list.clear()
        self.popup.hide()
        self.line.setText(draft.place)

    def look_again(self) -> None:
        """Ask anew what is being typed may mean: the box is another one, the hand on the keys is the same."""
        if self.line.hasFocus() and self.line.text() and not self._anchor:
            self._soon.start()

    def set_from_map(self, lat: float, lon: float, place: PlaceLike | None) -> None:
        """Take a point that was chosen on the map; what was typed stays, what an earlier pin said does not."""
        typed = self.line.text().strip()
        if typed == self._pinned:
            typed = ""
        text = typed or (place.title if place else "Pin on the map")
        self._pinned = "" if typed else text
        self._keep(
            # A postcode that was typed is the caller's word; one that a pin finds is the nearest to it.
            (self._kept.postcode if typed else "") or (place.postcode if place else "") or "",
            lat,
            lon,
            (place.warning if place else "") or "",
        )
        self._anchor = text
        self.line.setText(text)
        self.popup.hide()
        self.edited.emit()

    def places_came(self) -> None:
        """What was typed while the places were loading is looked for now."""
        if self._finder.places_ready and self.line.text() and not (self._anchor or self._found):
            self._soon.start()

    def say(self, name: str, sentence: str, *, wrong: bool) -> None:
        """Put a sentence below the box, after the postcode; nobody knows what is not on a map that is unread."""
        if not self._finder.places_ready:
            sentence = sentence.replace(NOT_ON_MAP, STILL_LOADING)
        words = " · ".join(part for part in (self._kept.postcode, sentence) if part) if sentence else ""
        super().say(name, words, wrong=wrong)

    def _keep(self, postcode: str, lat: float | None, lon: float | None, warning: str) -> None:
        self._kept = Draft(postcode=postcode, lat=lat, lon=lon, place_warning=warning)
        self.remark(" · ".join(part for part in (postcode, "on map" if lat is not None else "") if part))
        self._tell_pointed()

    def _tell_pointed(self) -> None:
        row = self.list.currentRow()
        shown = self._found[row] if self.has_suggestions and 0 <= row < len(self._found) else self._kept
        known = shown.lat is not None and shown.lon is not None
        self.pointed.emit((shown.lat, shown.lon) if known else None)

    # --- typing ---

    def _typed(self, text: str) -> None:
        # Words added to a picked place refine it ("flat 3"); any other change means another place.
        if not (self._anchor and self._anchor in text):
            self._anchor = ""
            self._keep(postcode_in(text), None, None, "")
            self._soon.start()
        self.edited.emit()

    def _ask(self) -> None:
        text = " ".join(self.line.text().split())
        self._asked = text
        if text:
            spawn(self._find(text), "find a place", self)
        else:
            self._offer([])

    async def _find(self, text: str) -> None:
        found = list(await self._finder.find(text))
        # An answer that comes after more was typed, or after the form was cleared or closed, is for nobody.
        if shiboken6.isValid(self) and text == self._asked and not self._anchor:
            self._offer(found)

    def _offer(self, found: list[PlaceLike]) -> None:
        self._found = found
        self.list.clear()
        for place in found:
            item = QListWidgetItem(suggestion(place.title, place.detail, place.warning, asks=not found[0].sure))
            item.setSizeHint(QSize(0, self.list.fontMetrics().height() + px(10)))
            self.list.addItem(item)
        exact = self._exact()
        if exact is not None and not self.line.hasFocus():
            # The caller's postcode was complete before the answer came: it is that place.
            self._pick(exact)
            return
        self.which.setVisible(bool(found) and not found[0].sure)
        self.popup.setVisible(bool(found) and self.line.hasFocus())
        if exact is not None:
            self.list.setCurrentRow(exact)
        self._place_list()

    def _exact(self) -> int | None:
        meant = postcode_in(self.line.text())
        return next((n for n, one in enumerate(self._found) if meant and one.sure and one.postcode == meant), None)

    def _place_list(self) -> None:
        host = self.popup.parentWidget()
        if self.popup.isHidden() or host is None:
            return
        rows = min(8, self.list.count())
        corner = self.line.mapTo(host, QPoint(0, self.line.height() + 2))
        asked = self.which.sizeHint().height() + px(6) if not self.which.isHidden() else 0
        tall = rows * self.list.sizeHintForRow(0) + px(12) + asked
        self.popup.setGeometry(corner.x(), corner.y(), self.line.width(), tall)
        self.popup.raise_()

    def float_over(self, host: QWidget) -> None:
        """Show suggestions over ``host``, an ancestor of this box, so that nothing below moves."""
        self.popup.setParent(host)
        self.popup.hide()

    # --- picking ---

    @property
    def has_suggestions(self) -> bool:
        """Whether places are offered."""
        return not self.popup.isHidden()

    def _take(self) -> None:
        row = self.list.currentRow()
        if row >= 0 or self._found[0].sure:
            self._pick(max(0, row))
        else:
            # A doubtful first is nobody's choice: Enter takes only what somebody moved to.
            self.remark(_WHICH)

    def _choose(self, key: str) -> None:
        row = self.list.currentRow() + (1 if key == "Down" else -1)
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))

    def close_list(self) -> bool:
        """Put the suggestions away; whether there were any."""
        shown = not self.popup.isHidden()
        self.popup.hide()
        return shown

    def leave(self) -> None:
        """The keyboard went elsewhere: nothing lies over what is typed there."""
        # Tab takes what the bar is on: the exact postcode, or what the arrows chose; never a guess.
        if not self.popup.isHidden() and self.list.currentRow() >= 0:
            self._pick(self.list.currentRow())
        self.popup.hide()

    def _pick(self, row: int) -> None:
        place = self._found[row]
        text = address_of(self.line.text(), place.title, place.detail, place.postcode)
        self._keep(place.postcode or postcode_in(self.line.text()), place.lat, place.lon, place.warning or "")
        self._anchor = re.sub(r"\s+", " ", text).strip()
        self._asked = ""
        self.line.setText(self._anchor)
        self.popup.hide()
        self.edited.emit()
