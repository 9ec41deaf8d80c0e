"""The handover of the room on paper, or kept as a PDF: one or two pages, readable in black and white."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from db.domain.shift_handover import TITLES

_POINTS = 9
_MARGIN_MM = 12
_SQUARE = 84
"""Pixels of a screen, an inch being 96: what a telephone reads."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line on paper.

    Attributes:
        kind: under which title it stands.
        signed: by whom and when, or empty.
    """

    kind: str
    words: str
    is_risk: bool = False
    signed: str = ""


def as_html(
    heading: str, told: Sequence[str], lines: Iterable[PrintedLine], notes: str, checkpoint: str = ""
) -> str:
    """The page: heading, who and when, the lines under their titles, the notes, and the last checkpoint."""
    parts = [f"<h2>{escape(heading)}</h2>", f"<p>{escape(' · '.join(told))}</p>"]
    for kind, some in groupby(lines, key=lambda one: one.kind):
        parts.append(f"<h4>{escape(TITLES[kind])}</h4><table width='100%' cellspacing='0' cellpadding='2'>")
        parts += [_row(one) for one in some]
        parts.append("</table>")
    if notes.strip():
        parts.append(f"<h4>Notes</h4><p>{escape(notes).replace(chr(10), '<br>')}</p>")
    if checkpoint:
        # As it is written, to the letter: whoever keeps the page can prove what stood in the record by then.
        said = escape(checkpoint.rstrip())
        square = f"<td><img width='{_SQUARE}' src='{_as_square(checkpoint)}'></td>"
        cells = f"{square}<td><pre style='white-space: pre-wrap'>{said}</pre></td>"
        parts.append(f"<h4>How the record was sealed</h4><table cellspacing='0'><tr>{cells}</tr></table>")
    return "".join(parts)


def _as_square(checkpoint: str) -> str:
    """A checkpoint as a QR code, so that nobody need type it: an image in a link."""
    # Its library loads with the first page that is printed.
    import segno

    return str(segno.make_qr(checkpoint, error="m").png_data_uri(scale=2))


def _row(line: PrintedLine) -> str:
    # A box to tick by hand where nobody has signed it on the screen.
    box = "" if not line.is_risk else "☑" if line.signed else "☐"
    cells = f"<td width='4%'>{box}</td><td>{escape(line.words)}</td><td width='24%'>{escape(line.signed)}</td>"
    return f"<tr>{cells}</tr>"


def as_document(html: str) -> QTextDocument:
    """The page, laid out in the ink of paper whatever the theme."""
    document = QTextDocument()
    document.setDefaultStyleSheet(
        "* { color: #000000; } h2 { font-size: 13pt; } h4 { font-size: 10pt; margin-top: 6pt; }"
        f" p, td {{ font-size: {_POINTS}pt; }} pre {{ font-size: {_POINTS - 3}pt; }}"
    )
    document.setHtml(f"<body style='color:#000000'>{html}</body>")
    return document


def on_a4(printer: QPrinter) -> QPrinter:
    """A printer with the page that control rooms have."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    return printer


def ask_and_print(html: str, parent: QWidget) -> QPrintDialog:
    """Ask for a printer, or a PDF file, beside the live board, and print there."""
    # The dialogue holds neither the printer nor the document, and is gone before a job may be.
    printer, document = on_a4(QPrinter()), as_document(html)
    dialogue = QPrintDialog(printer, parent)
    dialogue.setWindowTitle("Print the handover of the room")
    dialogue.accepted.connect(lambda: document.print_(printer))
    QDialog.open(dialogue)  # its own, without a receiver, is hidden by another one of Qt's
    return dialogue
