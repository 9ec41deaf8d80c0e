"""The web engine under the map: its profile, its page, and the order in which they go."""

import logging

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from console.look.guard import guarded
from console.map.scheme import SCHEME, Interceptor, SchemeHandler

_log = logging.getLogger(__name__)

_LEVELS = {
    QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel: logging.DEBUG,
    QWebEnginePage.JavaScriptConsoleMessageLevel.WarningMessageLevel: logging.WARNING,
    QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel: logging.ERROR,
}
_OFF = (
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.WebGLEnabled,
    QWebEngineSettings.WebAttribute.ScreenCaptureEnabled,
)


@guarded
class MapPage(QWebEnginePage):
    """A page that stays on its own scheme, opens no windows, and logs what its scripts say."""

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        """Refuse to leave the map."""
        del kind, is_main_frame
        return QUrl(url).scheme() == SCHEME.decode()

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        """Pass the page's own messages to the log."""
        _log.log(_LEVELS.get(level, logging.WARNING), "%s (%s:%d)", message, source.rpartition("/")[2], line)


def build(view: QWebEngineView, handler: SchemeHandler, interceptor: Interceptor, owner: QWidget) -> MapPage:
    """A page, shown in a view of the owner, on a profile that keeps nothing on disk.

    The owner's children go in the order they came, and a page must go before its profile: hence the order here.
    """
    profile = QWebEngineProfile()
    profile.installUrlSchemeHandler(SCHEME, handler)
    profile.setUrlRequestInterceptor(interceptor)
    page = MapPage(profile, owner)
    _settle(page)
    view.setPage(page)
    QObject.setParent(profile, owner)
    return page


def let_go(page: MapPage) -> None:
    """Delete the page, and then its profile."""
    profile = page.profile()
    page.deleteLater()
    profile.deleteLater()


def _settle(page: MapPage) -> None:
    settings = page.settings()
    for attribute in _OFF:
        settings.setAttribute(attribute, False)
    settings.setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
    page.setAudioMuted(True)
