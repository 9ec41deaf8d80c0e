"""Acts over a real record: answers that are lost on the way back, rows that somebody holds, and times."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from console.live.actions import Action, Actions, Pace, Progress, Why
from console.live.store import Link, LinkState
from console.views.status.bar import StatusBar
from console.views.status.pending import PendingPanel
from db import commands
from db.commands import AddNote, Command
from db.domain.states import AssignmentState
from db.errors import Unavailable
from tests.cluster import Record
from tests.gui.desks import Room, qt_loop, room, rooms

__all__ = ["qt_loop", "room", "rooms"]
QUICK = Pace(answer_within=6.0, first_pause=0.01, longest_pause=0.02)


class BadLink:
    """The way to the record, on which the next commands meet what is planned for them."""

    def __init__(self) -> None:
        self.plan: list[str] = []
        self.sent: list[Command] = []

    async def execute(self, engine: AsyncEngine, command: Command) -> None:
        self.sent.append(command)
        what = self.plan.pop(0) if self.plan else "ok"
        if what == "lost before":
            raise Unavailable("The record cannot be reached.")
        await commands.execute(engine, command)
        if what == "lost after":
            raise Unavailable("The record cannot be reached.")
        if what == "odd after":
            raise KeyError("nobody expected this")


def over(room: Room, link: BadLink, pace: Pace = QUICK) -> Actions:
    desk = room.desk
    return Actions(room.engine, desk.store, desk.clock, execute=link.execute, pace=pace)


def set_link(room: Room, state: LinkState) -> None:
    room.desk.store.set_link(Link(state, room.desk.clock.now()))


def notes(room: Room, referral_id: UUID) -> list[str]:
    return [event.words for event in room.run(room.desk.reads.events_of(referral_id)) if event.kind == "note"]


@pytest.mark.hazard("H-027")
@pytest.mark.parametrize("what", ["lost before", "lost after", "odd after"])
def test_what_got_lost_on_the_way_is_done_exactly_once(room: Room, what: str) -> None:
    who, link = room.take(), BadLink()
    actions = over(room, link)
    link.plan = [what]
    action = actions.submit(AddNote(referral_id=who, words="rang back"), "Note")
    assert action is not None
    room.until(lambda: not actions.pending)
    assert action.progress is Progress.DONE
    assert len(link.sent) == 2
    assert notes(room, who) == ["rang back"]


@pytest.mark.hazard("H-070")
@pytest.mark.parametrize(("what", "there"), [("lost before", []), ("lost after", ["rang back"])])
def test_taken_back_after_a_lost_answer_the_record_decides(room: Room, what: str, there: list[str]) -> None:
    who, link = room.take(), BadLink()
    actions = over(room, link, replace(QUICK, first_pause=60.0))
    link.plan = [what]
    told: list[Action] = []
    actions.withdrawn.connect(told.append)
    action = actions.submit(AddNote(referral_id=who, words="rang back"), "Note")
    assert action is not None
    room.until(lambda: action.progress is Progress.WAITING)
    assert action.why is Why.NO_ANSWER
    actions.withdraw(action)
    assert told == [action]
    assert "may have done it already" in str(action.error)
    assert notes(room, who) == there
    # Asked for again it is an act of its own: the person was told to look first.
    assert actions.submit(AddNote(referral_id=who, words="rang back"), "Note") is not None
    room.until(lambda: not actions.pending)
    assert notes(room, who) == [*there, "rang back"]


@pytest.mark.hazard("H-070")
def test_an_act_is_timed_by_when_it_was_asked_for(room: Room) -> None:
    who, van = room.take(), room.on_duty(0)
    room.accept(who)
    job = room.send(who, van)
    set_link(room, LinkState.LOST)
    actions = over(room, BadLink())
    step = commands.Step(assignment_id=job, to=AssignmentState.MOBILE)
    action = actions.submit(step, "CRU1 mobile")
    assert action is not None
    room.until(lambda: room.desk.clock.now() - action.asked_at > timedelta(seconds=1))
    set_link(room, LinkState.LIVE)
    room.until(lambda: room.desk.store.assignment(job).state is AssignmentState.MOBILE)
    assert room.desk.store.assignment(job).times[AssignmentState.MOBILE] == action.asked_at


def test_a_row_that_somebody_holds_is_said_and_holds_up_no_emergency(room: Room, record: Record) -> None:
    who, van = room.take(), room.on_duty(0)
    room.accept(who)
    job = room.send(who, van)
    bar = StatusBar(room.desk)
    actions = room.desk.actions
    panel = PendingPanel(actions, room.desk.clock.now)

    async def hold() -> asyncpg.Connection:
        holder = await asyncpg.connect(**record.kwargs("b.okafor"))
        await holder.execute("BEGIN")
        await holder.execute("SELECT 1 FROM cru.referral WHERE id = $1 FOR UPDATE", who)
        return holder

    async def let_go(holder: asyncpg.Connection) -> None:
        await holder.execute("ROLLBACK")
        await holder.close()

    holder = room.run(hold())
    step = actions.submit(commands.Step(assignment_id=job, to=AssignmentState.MOBILE), "CRU1 mobile")
    behind = actions.submit(AddNote(referral_id=who, words="rang back"), "Note")
    emergency = actions.submit(commands.RaiseEmergency(van_id=van), "Emergency CRU1")
    assert step is not None
    assert behind is not None
    assert emergency is not None
    room.until(lambda: emergency.progress is Progress.DONE, within=2.0)
    room.until(lambda: step.progress is Progress.WAITING, within=4.0)
    assert (step.why, behind.why) == (Why.HELD, Why.TURN)
    assert not step.may_be_done
    assert bar.pending.text() in {"1 held up ▸", "1 waiting ▸", "1 ▸"}  # shorter where there is little room
    assert [text.partition(" · ")[2] for text in panel.states()] == [
        "B. Okafor holds this just now, trying again",
        "waiting its turn",
    ]
    room.run(let_go(holder))
    room.until(lambda: not actions.pending)
    assert (step.progress, behind.progress) == (Progress.DONE, Progress.DONE)


OPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "ask", "take back", "lose", "regain", "turn"]),
        st.integers(0, 2),
        st.sampled_from(["ok", "ok", "lost before", "lost after", "odd after"]),
    ),
    min_size=4,
    max_size=14,
)


@pytest.fixture
def three(room: Room) -> list[UUID]:
    return [room.take() for _ in range(3)]


def carry_out(room: Room, three: list[UUID], ops: list[tuple[str, int, str]], run: int) -> list[Action]:
    link = BadLink()
    actions = over(room, link)
    asked: list[Action] = []
    for number, (what, place, fault) in enumerate(ops):
        if what == "ask":
            link.plan.append(fault)
            words = f"{run}: note {number}"
            action = actions.submit(AddNote(referral_id=three[place], words=words), "Note")
            assert action is not None
            asked.append(action)
        elif what == "take back" and asked:
            actions.withdraw(asked[place % len(asked)])
        elif what in {"lose", "regain"}:
            set_link(room, LinkState.LOST if what == "lose" else LinkState.LIVE)
        room.run(asyncio.sleep(0.002 * place))
    set_link(room, LinkState.LIVE)
    room.until(lambda: not actions.pending)
    return asked


def test_whatever_happens_the_record_has_what_was_done_in_its_order(
    room: Room, three: list[UUID], rooms: Callable[[str], Room]
) -> None:
    runs: list[int] = []

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(ops=OPS)
    def happens(ops: list[tuple[str, int, str]]) -> None:
        runs.append(len(runs))
        asked = carry_out(room, three, ops, runs[-1])
        for who in three:
            mine = [action for action in asked if action.command.referral_id == who]
            there = [words for words in notes(room, who) if words.startswith(f"{runs[-1]}: ")]
            done = [one.command.words for one in mine if one.progress is Progress.DONE]
            maybe = [one.command.words for one in mine if one.may_be_done or one.progress is Progress.DONE]
            assert [words for words in there if words in done] == done
            assert set(there) <= set(maybe)

    happens()
