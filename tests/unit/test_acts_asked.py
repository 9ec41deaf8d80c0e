"""What waits for a person's word: who waits behind it, who does not, and what the word does."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from console.live.acts import Pace, Queue
from console.live.one_act import Progress, QueuedAct, Safety, Why
from db import commands
from db.commands import Command
from db.domain.states import AssignmentState

NIGHT = datetime(2026, 11, 22, 3, 42, tzinfo=UTC)
REFERRAL, OTHER, VAN = UUID(int=1), UUID(int=2), UUID(int=3)
ASKS = "asked for at 03:02"


class Held:
    """A queue in which some acts are old."""

    def __init__(self) -> None:
        self.old: set[QueuedAct] = set()
        self.queue: Queue[QueuedAct] = Queue(
            Pace(answer_within=6.0), question=lambda act: ASKS if act in self.old else ""
        )

    def act(self, command: Command, *keys: UUID, old: bool = False) -> QueuedAct:
        act = QueuedAct(command, type(command).__name__, frozenset(keys), NIGHT)
        if old:
            self.old.add(act)
        return act

    def ask(self, command: Command, *keys: UUID, old: bool = False) -> QueuedAct:
        act = self.act(command, *keys, old=old)
        assert self.queue.ask(act)
        return act

    def note(self, words: str, key: UUID = REFERRAL, *, old: bool = False) -> QueuedAct:
        return self.ask(commands.AddNote(referral_id=key, words=words), key, old=old)

    def begun(self) -> list[QueuedAct]:
        return self.queue.begin(0.0)


@pytest.mark.hazard("H-070")
def test_what_came_after_it_about_the_same_waits_and_about_another_does_not() -> None:
    held = Held()
    old, after, other = held.note("a", old=True), held.note("b"), held.note("c", OTHER)
    assert held.begun() == [other]
    assert (old.progress, old.why, old.waits_for) == (Progress.WAITING, Why.WORD, "waiting for your word")
    assert (after.why, after.question) == (Why.TURN, "")
    held.queue.vouch(old)
    assert held.begun() == [old]
    held.queue.answer(old, 1, None, 0.0)
    assert held.begun() == [after]


def test_let_go_it_holds_up_nobody() -> None:
    held = Held()
    old, after = held.note("a", old=True), held.note("b")
    held.begun()
    held.queue.take_back(old)
    assert held.begun() == [after]
    assert old.is_withdrawn


def test_every_old_one_asks_and_the_word_for_one_is_not_for_the_next() -> None:
    held = Held()
    first, second = held.note("a", old=True), held.note("b", old=True)
    assert held.begun() == []
    assert (first.question, second.question) == (ASKS, ASKS)
    held.queue.vouch(second)
    assert held.begun() == []
    assert (first.why, second.why) == (Why.WORD, Why.TURN)
    held.queue.vouch(first)
    assert held.begun() == [first]


@pytest.mark.hazard("H-070")
def test_help_for_a_crew_waits_for_no_word() -> None:
    held = Held()
    clear = held.ask(commands.ClearEmergency(van_id=VAN), VAN, old=True)
    help_now = held.ask(commands.RaiseEmergency(van_id=VAN), VAN)
    assert held.begun() == [help_now]
    assert clear.why is Why.WORD
    # A look is no step, either.
    held.note("a", old=True)
    look = held.ask(commands.OpenRecord(referral_id=REFERRAL), REFERRAL)
    assert held.begun() == [look]
    # Nor behind what itself waits for that word only: a step of the van, for what is asked about.
    third = Held()
    third.note("a", old=True)
    step = third.ask(commands.Step(assignment_id=OTHER, to=AssignmentState.MOBILE), REFERRAL, VAN)
    help_too = third.ask(commands.RaiseEmergency(van_id=VAN), VAN)
    looked = third.ask(commands.OpenRecord(referral_id=REFERRAL), REFERRAL)
    assert third.begun() == [help_too, looked]
    assert step.why is Why.TURN
    # But for what is on its way, as ever.
    behind = Held()
    sent = behind.ask(commands.ClearEmergency(van_id=VAN), VAN)
    behind.ask(commands.RaiseEmergency(van_id=VAN), VAN)
    assert behind.begun() == [sent]


def test_asked_for_again_it_goes_now_and_the_old_one_is_gone() -> None:
    held = Held()
    old = held.ask(commands.RaiseEmergency(van_id=VAN), VAN, old=True)
    held.begun()
    again = held.ask(commands.RaiseEmergency(van_id=VAN), VAN)
    assert held.begun() == [again]
    assert (old.progress, list(held.queue.ended())) == (Progress.WITHDRAWN, [old])
    assert str(old.error) == "It was asked for again before it was done."
    assert not held.queue.ask(held.act(commands.RaiseEmergency(van_id=VAN), VAN))  # one that goes is enough


def test_once_asked_it_stays_asked_and_once_vouched_nobody_asks_again() -> None:
    held = Held()
    old = held.note("a", old=True)
    held.begun()
    held.old.clear()  # a clock was set
    assert held.begun() == []
    held.queue.vouch(old)
    held.old.add(old)
    assert held.begun() == [old]


def test_while_the_link_is_lost_nobody_is_asked() -> None:
    held = Held()
    old = held.note("a", old=True)
    held.queue.set_link(lost=True)
    held.begun()
    assert (old.why, old.question) == (Why.LINK, "")
    held.queue.set_link(lost=False)
    held.begun()
    assert old.why is Why.WORD


def test_what_waited_before_goes_before_what_is_asked_now() -> None:
    held = Held()
    new = held.note("now")
    before = [held.act(commands.AddNote(referral_id=REFERRAL, words=words), REFERRAL) for words in "ab"]
    twin = held.act(commands.AddNote(referral_id=REFERRAL, words="now"), REFERRAL)
    held.queue.put_back([*before, twin])
    assert held.queue.pending == (*before, new)
    assert twin.is_withdrawn
    assert held.begun() == [before[0]]


@pytest.mark.parametrize("safety", Safety)
@pytest.mark.hazard("H-026")
def test_it_is_said_to_wait_once_it_is_safe_or_cannot_be(safety: Safety) -> None:
    held = Held()
    held.queue.set_link(lost=True)
    act = held.act(commands.Accept(referral_id=REFERRAL), REFERRAL)
    act.safety = safety
    held.queue.ask(act)
    held.begun()
    assert act.progress is (Progress.SENDING if safety is Safety.WANTED else Progress.WAITING)
    assert (act.waits, act.command.at) == (True, NIGHT)
    held.queue.take_back(act)
    assert act.is_withdrawn is (safety is not Safety.WANTED)


@pytest.mark.parametrize(
    ("safety", "says"),
    [
        (
            Safety.DISK,
            "The console was closed; it waits on this computer. It goes on when you sign in here again.",
        ),
        (Safety.MEMORY, "The console was closed before it was done."),
    ],
)
def test_what_stands_on_the_disk_is_left_there_and_said_to_be(safety: Safety, says: str) -> None:
    held = Held()
    held.queue.set_link(lost=True)
    act = held.note("a")
    act.safety = safety
    held.queue.close()
    assert str(act.error) == says
    assert act.left_behind is (safety is Safety.DISK)
