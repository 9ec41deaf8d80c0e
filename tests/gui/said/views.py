"""The table of what is written down."""

from collections.abc import Callable, Iterator, Mapping

from tests.gui.said.desk_views import PANELS
from tests.gui.said.opening import Opening
from tests.gui.said.still import Still
from tests.gui.said.time_views import TIMES
from tests.gui.said.whole_views import WHOLES
from tests.gui.said.window_views import WINDOWS

Sits = Callable[[], Still]
VIEWS: Mapping[str, Callable[[Sits], Iterator[Opening]]] = {**PANELS, **TIMES, **WINDOWS, **WHOLES}
