"""Messages of the views, in the order in which each view sent them.

The kernel receives on two threads, and one message may overtake another. Views number their messages; one that is too
early waits for those before it, for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["GAP_SECONDS", "Inbox", "Message", "running_loop"]

Message = Mapping[str, Any]
GAP_SECONDS = 0.5
"""How long a message waits for one before it, which may be lost."""


class Inbox:
    """Hands on the messages of each view in order.

    Parameters
    ----------
    deliver : callable
        Takes one message. It raises nothing.

    Examples
    --------
    >>> inbox = Inbox(lambda message: print(message["do"]))
    >>> inbox.receive({"view": "a", "number": 2, "do": "second"})
    >>> inbox.receive({"view": "a", "number": 1, "do": "first"})
    first
    second
    """

    def __init__(self, deliver: Callable[[Message], None]) -> None:
        self._deliver = deliver
        self._early: dict[str, dict[int, Message]] = {}
        self._heard: dict[str, int] = {}
        self._gap: asyncio.TimerHandle | None = None

    def receive(self, message: Message) -> None:
        """Take one message, and hand on all those that are next; one without a number at once."""
        view, number = str(message.get("view")), message.get("number")
        if not isinstance(number, int):
            self._deliver(message)
            return
        self._early.setdefault(view, {})[number] = message
        self._hand_on(view)
        self._watch_gaps()

    def forget(self, view: str) -> None:
        """A view is gone: none of its messages is waited for."""
        self._early.pop(view, None)
        self._heard.pop(view, None)

    def close(self) -> None:
        """Stop waiting for anything."""
        if self._gap is not None:
            self._gap.cancel()
            self._gap = None
        self._early.clear()

    def _hand_on(self, view: str) -> None:
        """Hand on what is there up to the first gap; what comes later than its successors goes at once."""
        early = self._early[view]
        for number in sorted(early):
            heard = self._heard.get(view, 0)
            if number > heard + 1:
                break
            self._heard[view] = max(heard, number)
            self._deliver(early.pop(number))

    def _watch_gaps(self) -> None:
        """Where a message waits for one before it, wait for a moment only."""
        if self._gap is None and any(self._early.values()) and (loop := running_loop()) is not None:
            self._gap = loop.call_later(GAP_SECONDS, self._give_up)

    def _give_up(self) -> None:
        """A message was lost: those behind it, up to the next gap, have waited long enough."""
        self._gap = None
        for view, early in list(self._early.items()):
            if early:
                self._heard[view] = min(early) - 1
                self._hand_on(view)
        self._watch_gaps()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs at the moment, if any does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
