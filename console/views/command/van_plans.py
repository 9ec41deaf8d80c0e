"""What a typed line would do with vans that it names alone: the same as the keys of their rows."""

from typing import cast

from console.live.desk import Desk
from console.live.joins import van_facts
from console.views.command.plan import LinePlan
from console.views.sheets import Order
from console.views.vans.orders import direct_on
from db import commands
from db.domain.command_reading import CommandMeaning, Other, World, said
from db.domain.command_verbs import Verb
from db.domain.fleet import VanAction, VanFacts, legal_actions, status_words
from db.domain.records import Van
from db.domain.texts import all_of


class VanPlanner:
    """Plans for the vans of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def plan(self, reading: CommandMeaning, verb: Verb, world: World) -> LinePlan:
        """What a reading about vans comes to now."""
        action = cast("VanAction", verb.van)
        if not reading.vans:
            return LinePlan(
                problem=f"Which van? “{verb.words}” and its callsign.", others=self._legal_vans(action, verb)
            )
        vans = [van for key in reading.vans if (van := self._desk.store.van(key)) is not None]
        for van in vans:
            if action not in legal_actions(self.facts(van), self._desk.me.role):
                return LinePlan(
                    problem=f"{van.callsign} is {status_words(self.facts(van))}: no “{verb.words}” now."
                )
        orders = tuple(order for van in vans if (order := direct_on(van, action, self._desk.store.job_of(van.id))))
        names = all_of([van.callsign for van in vans])
        if orders:
            careful = f"An emergency of {names} goes to everybody." if action is VanAction.EMERGENCY else ""
            return LinePlan(said(reading, world), orders, careful=careful)
        if action is VanAction.OUT and reading.reason:
            outs = [commands.TakeOutOfService(van_id=van.id, reason=reading.reason) for van in vans]
            made = (Order(one, f"{van.callsign} out of service") for one, van in zip(outs, vans, strict=True))
            return LinePlan(said(reading, world), tuple(made))
        if len(vans) > 1:
            return LinePlan(problem=f"“{verb.words}” asks for more: one van at a time.")
        return LinePlan(
            said(reading, world), van=vans[0].id, action=action, missing="" if reading.at else "the rest"
        )

    def _legal_vans(self, action: VanAction, verb: Verb) -> tuple[Other, ...]:
        role = self._desk.me.role
        legal = [van for van in self._desk.store.vans() if action in legal_actions(self.facts(van), role)]
        return tuple(Other(f"{verb.words} {van.callsign}", van.callsign) for van in legal)

    def facts(self, van: Van) -> VanFacts:
        """Everything about a van that its actions go by."""
        return van_facts(self._desk.store, van.id) or VanFacts(van)
