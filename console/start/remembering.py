"""Whether a sign-in is remembered: the owner's settings, this computer's store and the person each may say no."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from console.running import keystore, remembered
from console.running.aside import Aside, Overdue
from console.running.tasks import spawn
from db.errors import Invalid, NotAllowed, RecordError

if TYPE_CHECKING:
    from console.views.window.sign_in import ServerChoice, SignIn

log = logging.getLogger(__name__)
WITHIN: Final = 30.0
"""Seconds for the store of keys, which may ask somebody to unlock it."""


class Remembering:
    """For one run of the program. Whoever was signed in has left: from then on nobody is filled in any more."""

    def __init__(self, *, allowed: bool) -> None:
        """Look at nothing yet.

        Args:
            allowed: by the owner's settings.
        """
        self._allowed = allowed
        self._is_first = True
        self._is_kept = False
        self._store = Aside("remember a sign-in")

    def offer(self, page: "SignIn") -> None:
        """Offer it on the page, once it is known that this computer has a store; fill in who is remembered."""
        if self._allowed:
            page.forgotten.connect(self._forget)
            spawn(self._offer(page), "who is remembered", page)

    def signed_in(self, choice: "ServerChoice") -> None:
        """It was the right password: it is remembered, or forgotten, as the page says."""
        if self._allowed and choice.url is not None and choice.remembers is not None:
            work = partial(remembered.remember, choice.url) if choice.remembers else remembered.forget
            spawn(self._keep(work), "remember a sign-in, or forget it")

    def seated(self) -> None:
        """Somebody is signed in. Whoever comes next to this desk types: a lock is not to be got round."""
        self._is_first = False

    def refused(self, error: RecordError) -> None:
        """A password that is refused is not kept."""
        if isinstance(error, NotAllowed) and self._is_kept:
            self._forget()

    # --- inside ---

    async def _offer(self, page: "SignIn") -> None:
        try:
            one = await self._store.run(remembered.recall, WITHIN)
        except (keystore.NoStoreError, Overdue):
            return  # nothing is offered that would not be kept
        self._is_kept = one is not None
        page.offer(one if self._is_first else None)

    def _forget(self) -> None:
        spawn(self._keep(remembered.forget), "forget who is remembered")

    async def _keep(self, work: Callable[[], Any]) -> None:
        try:
            await self._store.run(work, WITHIN)
        except (keystore.NoStoreError, Overdue, Invalid) as error:
            log.warning("a sign-in was not remembered, or not forgotten: %s", type(error).__name__)
        else:
            self._is_kept = work is not remembered.forget
