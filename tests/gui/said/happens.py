"""What happens by itself, whoever sits there."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from console.live.store import Link, LinkState
from db.clock import ClockReading
from db.domain.states import DutyStatus, ReferralState
from tests.gui.said.opening import Happens
from tests.gui.said.reference import id_of
from tests.gui.said.still import Still
from tests.unit.board_records import NOW, ago


def _lost(still: Still) -> None:
    still.desk.store.set_link(Link(LinkState.LOST, ago(3), 0.0, "Nothing has been heard from the record."))


def _back(still: Still) -> None:
    still.desk.store.set_link(Link(LinkState.LIVE, NOW, 0.0))


def _after(still: Still, *, seconds: float) -> None:
    still.desk.clock.set(ClockReading(NOW + timedelta(seconds=seconds), 0.0))
    still.tick()


def _turns(still: Still) -> None:
    still.turn()


def _moves_on(still: Still) -> None:
    store = still.desk.store
    store.put({"referral": [replace(store.referral(id_of("received")), state=ReferralState.ACCEPTED, version=4)]})
    store.put({"van": [replace(store.van(id_of("CRU1")), duty_status=DutyStatus.OUT_OF_SERVICE, version=4)]})


def _goes(still: Still) -> None:
    still.desk.store.put({}, gone={"referral": [id_of("on_way"), id_of("closed")], "van": [id_of("CRU2")]})


def _after_loss(still: Still) -> None:
    store = still.desk.store
    changed = [replace(store.referral(id_of(name)), version=9) for name in ("no_van", "held")]
    store.put({"referral": changed}, unreadable={"referral": [id_of("sent")]}, after_loss=True)


def _told(still: Still) -> None:
    store = still.desk.store
    store.events_changed.emit(frozenset({id_of("on_way")}))
    store.set_reference(replace(store.reference, service="Elsewhere", wishes=()))


def _hidden(still: Still) -> None:
    still.hide(private=True)


def _shown(still: Still) -> None:
    still.hide(private=False)


def rest(still: Still) -> None:
    """Hands rest."""
    still.rest()


def _refusing(still: Still) -> None:
    still.refuses = True


NIGHT: tuple[Happens, ...] = (
    ("the link is lost", _lost),
    ("it is back", _back),
    ("what changed meanwhile", _after_loss),
    ("somebody moves on", _moves_on),
    ("somebody goes", _goes),
    ("told anew", _told),
    ("hands rest", rest),
    ("a second passes", partial(_after, seconds=1)),
    ("the next minute begins", partial(_after, seconds=44)),
    ("time passes", partial(_after, seconds=660)),
    ("what is done again and again", _turns),
    ("names are hidden", _hidden),
    ("names are shown", _shown),
)
REFUSED: Happens = ("from now on all is refused", _refusing)
