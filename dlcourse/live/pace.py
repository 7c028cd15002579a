"""How many frames may be on the way: forty a second, and four that a view has not acknowledged.

Found by measuring: waiting for each acknowledgement costs a round trip per frame; waiting for none made 40 s of backlog
on a slow link. Each view of a widget has its own count, as one may come late and one may be slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["FRAME_SECONDS", "SILENCE_SECONDS", "WINDOW", "Pace"]

FRAME_SECONDS = 1 / 40
WINDOW = 4
SILENCE_SECONDS = 3.0
"""How long a view may keep the others waiting: one whose page was left says no farewell."""


@dataclass
class Viewer:
    """What is known of one view: the last frame that it acknowledged, and since when it owes too many."""

    acknowledged: int
    behind_since: float | None = None


class Pace:
    """Counts the frames that were sent, and those that each view has acknowledged.

    Parameters
    ----------
    clock : callable, optional
        Seconds that never run backwards.

    Examples
    --------
    >>> pace = Pace()
    >>> pace.join("left")
    >>> [pace.count() for _ in range(4)], pace.has_room()
    ([1, 2, 3, 4], False)
    >>> pace.acknowledge("left", 2)
    >>> pace.has_room()
    True
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.sent = 0
        self._clock = clock
        self._viewers: dict[str, Viewer] = {}
        self._last = float("-inf")

    @property
    def viewers(self) -> tuple[str, ...]:
        """The names of the views that are on the page."""
        return tuple(self._viewers)

    def join(self, view: str) -> None:
        """A view appeared: it owes nothing for the frames before it."""
        self._viewers[view] = Viewer(self.sent)

    def leave(self, view: str) -> None:
        """A view is gone, and owes nothing any more."""
        self._viewers.pop(view, None)

    def acknowledge(self, view: str, frame: int) -> None:
        """A view has painted a frame, and those before it; a frame that was never sent counts for nothing."""
        viewer = self._viewers.get(view)
        if viewer is not None and frame <= self.sent:
            viewer.acknowledged = max(viewer.acknowledged, frame)
            if self.sent - viewer.acknowledged < WINDOW:
                viewer.behind_since = None

    def count(self) -> int:
        """One more frame goes out; its number."""
        self.sent += 1
        self._last = self._clock()
        for viewer in self._viewers.values():
            if viewer.behind_since is None and self.sent - viewer.acknowledged >= WINDOW:
                viewer.behind_since = self._last
        return self.sent

    def has_room(self) -> bool:
        """Whether another frame may go out, as far as acknowledgements are concerned."""
        return self.room_in() == 0.0

    def room_in(self) -> float:
        """Seconds until a frame may go out with no further acknowledgement; infinite if all views owe too many.

        A view that stays behind while another one keeps up holds it back for a moment only.
        """
        behind = [viewer.behind_since for viewer in self._viewers.values() if viewer.behind_since is not None]
        if not behind:
            return 0.0
        if len(behind) == len(self._viewers):
            return float("inf")
        return max(0.0, max(behind) + SILENCE_SECONDS - self._clock())

    def due_in(self) -> float:
        """Seconds until forty frames a second allow the next one."""
        return max(0.0, self._last + FRAME_SECONDS - self._clock())
