"""What a typed message would do: to whom it goes, about what, and in which words."""

from collections.abc import Iterable

from console.live.desk import Desk
from console.views.command.plan import LinePlan
from console.views.sheets import Order
from db import commands
from db.domain.addressed import Addressed, addressed, at_a_desk
from db.domain.messages import ROOM, Presence
from db.domain.records import Referral
from db.domain.roles import Role
from db.domain.texts import all_of, one_of


class MessagePlanner:
    """Plans messages for one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def plan(self, typed: str, about: Referral | None, told: str) -> LinePlan:
        """What is typed as a message comes to.

        Args:
            typed: the words, with whom they are to before them.
            about: the referral that is meant; None for nothing in particular.
            told: that referral's name, to be read.
        """
        key = about.id if about is not None else None
        people = at_a_desk(self._desk.store.reference, self._desk.me.login)
        given = addressed(typed, people)
        logins = self._leads_here(people) if given.leads else given.logins
        problem = self._problem(given, logins, people)
        if problem:
            return LinePlan(problem=problem, referral=key)
        orders = tuple(
            Order(commands.SendMessage(words=given.words, to_login=to, referral_id=key), "Message")
            for to in logins or ("",)
        )
        to = all_of([people[login] for login in logins]) if logins else ROOM
        words = f"message to {to}{f' about {told}' if told else ''}: “{given.words}”"
        return LinePlan(words, orders, referral=key)

    def _problem(self, given: Addressed, logins: tuple[str, ...], people: dict[str, str]) -> str:
        if given.leads and not logins:
            leads = [people[login] for login in people if self._is_lead(login)]
            name = f" Name one: {one_of(leads)}." if leads else ""
            return f"No shift lead is at a desk now.{name}"
        if given.called and not logins:
            return f"Nobody at a desk is called {given.called}."
        if len(logins) > 1 and not given.leads:
            return f"To {one_of([people[login] for login in logins])}? Type more of the name."
        return "" if given.words else "A message needs words."

    def _is_lead(self, login: str) -> bool:
        return self._desk.store.reference.users[login].role == Role.SHIFT_LEAD.value

    def _leads_here(self, people: Iterable[str]) -> tuple[str, ...]:
        """Of some people, every shift lead whose console is there now."""
        there = {one.login for one in self._desk.store.all_of(Presence, "presence")}
        return tuple(login for login in people if login in there and self._is_lead(login))
