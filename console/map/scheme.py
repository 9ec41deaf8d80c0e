"""The map's own URL scheme: the page, Leaflet, our scripts and the tiles, and nothing from outside.

GET only, for our own pages only. Reads happen in worker threads; a tile that is in memory is answered at once.
"""

import contextlib
import logging
import os
from collections import deque
from functools import cache

import shiboken6
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QFile,
    QIODevice,
    QObject,
    QRunnable,
    QThreadPool,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from console.look.guard import guarded
from console.map.sources import NotServedError, Reply, Sources
from console.map.tiles import PackError

_log = logging.getLogger(__name__)

SCHEME = b"cru"
HOST = "map"
_CHANNEL_JS = ":/qtwebchannel/qwebchannel.js"
_FLAGS = "QTWEBENGINE_CHROMIUM_FLAGS"
_SWEEPS = "--js-flags=--expose-gc"
_REMEMBERED = 200
"""Requests kept by the interceptor: to be looked at, and bounded since a window stays open for days."""


def prepare_engine() -> None:
    """Make ``cru:`` known to the engine, and let its page sweep. Call once, before the QApplication is made."""
    # The engine warns of a second registration, and one process may come here more than once.
    if QWebEngineUrlScheme.schemeByName(SCHEME).name() == SCHEME:
        return
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flags = QWebEngineUrlScheme.Flag
    # The page's workers fetch their tiles, which Chromium refuses on a scheme without both.
    scheme.setFlags(flags.CorsEnabled | flags.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(scheme)
    # Read by Qt when the first page is made; an owner's own flags stay.
    os.environ[_FLAGS] = f"{os.environ.get(_FLAGS, '')} {_SWEEPS}".strip()


def _channel_script() -> bytes:
    import PySide6.QtWebChannel  # noqa: F401 loads the library that carries the script

    script = QFile(_CHANNEL_JS)
    if not script.open(QIODevice.OpenModeFlag.ReadOnly):
        raise NotServedError(_CHANNEL_JS)
    return bytes(script.readAll().data())


@cache
def _readers() -> QThreadPool:
    pool = QThreadPool(QCoreApplication.instance())
    pool.setMaxThreadCount(3)
    return pool


class _Mailbox(QObject):
    """Carries an answer from a worker thread to the GUI thread."""

    answered = Signal(int, object)


@guarded
class _Read(QRunnable):
    """One read in a worker thread."""

    def __init__(self, sources: Sources, path: str, number: int, mailbox: _Mailbox) -> None:
        super().__init__()
        self._sources = sources
        self._path = path
        self._number = number
        self._mailbox = mailbox

    def run(self) -> None:
        """Read, and post the answer; None stands for nothing there."""
        answer: Reply | None = None
        try:
            answer = self._sources.read(self._path)
        except NotServedError:
            _log.info("map asked for %s, which is not there", self._path)
        except PackError as error:
            _log.warning("%s", error)
        except Exception:  # noqa: BLE001 a request left without an answer would hang the page
            _log.exception("map could not be given %s", self._path)
        with contextlib.suppress(RuntimeError):  # the map was closed while this was read
            self._mailbox.answered.emit(self._number, answer)


@guarded
class SchemeHandler(QWebEngineUrlSchemeHandler):
    """Answers ``cru://map/...`` for one map view.

    Args:
        sources: what is served.
        parent: the owner.
    """

    def __init__(self, sources: Sources, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._waiting: dict[int, QWebEngineUrlRequestJob] = {}
        self._count = 0
        # The application owns the mailbox: a slow read may outlive this view, and nobody waits for it.
        self._mailbox = _Mailbox(QCoreApplication.instance())
        self._mailbox.answered.connect(self._on_answer)

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer from memory, or have a worker thread read."""
        if not _is_ours(job):
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        path = job.requestUrl().path()
        if path == "/qwebchannel.js":
            _send(job, Reply(b"text/javascript", _channel_script()))
            return
        held = self._sources.cached(path)
        if held:
            _send(job, held)
        else:
            self._start_read(job, path)

    def close(self) -> None:
        """Let go of the pack; reads under way find nothing, and their answers nobody."""
        self._waiting.clear()
        self._sources.close()

    def _start_read(self, job: QWebEngineUrlRequestJob, path: str) -> None:
        self._count += 1
        self._waiting[self._count] = job
        _readers().start(_Read(self._sources, path, self._count, self._mailbox))

    @Slot(int, object)
    def _on_answer(self, number: int, answer: Reply | None) -> None:
        job = self._waiting.pop(number, None)
        # The engine deletes the job of a request that the page no longer wants, such as a tile that was dragged
        # away.
        if job is None or not shiboken6.isValid(job):
            return
        if answer is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
        else:
            _send(job, answer)


def _is_ours(job: QWebEngineUrlRequestJob) -> bool:
    """GET, to our host, from our own page or typed by the program itself (which has no initiator)."""
    initiator = job.initiator()
    from_us = initiator.isEmpty() or (initiator.scheme() == SCHEME.decode() and initiator.host() == HOST)
    return job.requestMethod() == b"GET" and job.requestUrl().host() == HOST and from_us


def _send(job: QWebEngineUrlRequestJob, reply: Reply) -> None:
    # Owned by the job: the engine goes on reading from it after this has returned.
    body = QBuffer(job)
    body.setData(QByteArray(reply.body))
    body.open(QIODevice.OpenModeFlag.ReadOnly)
    job.reply(QByteArray(reply.kind), body)


@guarded
class Interceptor(QWebEngineUrlRequestInterceptor):
    """Lets requests to our scheme pass, and to one configured origin; blocks and remembers all others.

    Args:
        origin: scheme, host and port of the tile server; empty for none.
        parent: the owner.
    """

    def __init__(self, origin: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._origin = QUrl(origin)
        self.allowed_outside: deque[str] = deque(maxlen=_REMEMBERED)
        self.blocked: deque[str] = deque(maxlen=_REMEMBERED)

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Judge one request."""
        url = info.requestUrl()
        if url.scheme() == SCHEME.decode() or url.scheme() == "data":
            return
        if self._is_tile_server(url) and info.requestMethod() == b"GET":
            self.allowed_outside.append(url.toString())
            return
        info.block(True)
        self.blocked.append(url.toString())
        _log.warning("the map blocked a request to %s", url.host() or url.scheme())

    def _is_tile_server(self, url: QUrl) -> bool:
        ours = self._origin
        if ours.isEmpty():
            return False
        # An address may name its port or leave it out: both are the same place.
        default = 443 if ours.scheme() == "https" else 80
        same_place = url.host() == ours.host() and url.port(default) == ours.port(default)
        return url.scheme() == ours.scheme() and same_place
