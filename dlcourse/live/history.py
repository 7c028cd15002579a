"""The state of a live widget: where it began, where it is, and what steps have left behind."""

from __future__ import annotations

import dataclasses
from collections import deque

from dlcourse.live.bets import place
from dlcourse.live.widget import Predict, Widget

__all__ = ["LENGTH", "History"]

LENGTH = 500
"""How many steps can be taken back."""


class History:
    """A widget's first state, the present one, and those that can be stepped back to.

    Parameters
    ----------
    widget : Widget
        The first state.
    predict : Predict, optional
        Nothing moves before one of its choices is made.
    """

    def __init__(self, widget: Widget, predict: Predict | None = None) -> None:
        self.first = self.state = widget
        self.predict = predict
        self._past: deque[Widget] = deque(maxlen=LENGTH)

    def __len__(self) -> int:
        """How many steps can be taken back."""
        return len(self._past)

    @property
    def is_locked(self) -> bool:
        """Whether a question still waits for its answer."""
        return self.predict is not None and not self.state.prediction

    def move(self, state: Widget) -> None:
        """Go on with another state, which cannot be taken back."""
        self.state = state

    def step(self) -> bool:
        """One step forward; whether anything changed."""
        following = self.state.step()
        if following is self.state:
            return False
        self._past.append(self.state)
        self.state = following
        return True

    def back(self) -> bool:
        """One step back, to the very same state; whether there was one."""
        if not self._past:
            return False
        self.state = self._past.pop()
        return True

    def reset(self) -> None:
        """Back to the first state."""
        self.forget()
        self.state = self.first

    def answer(self, choice: str) -> bool:
        """Answer the question, now and for the first state; whether this was one of its choices.

        Where the question shows some settings, the present state goes there; the first one stays as it was asked about.
        """
        if self.predict is None or choice not in self.predict.choices:
            return False
        place(self.predict, choice)
        self.first = dataclasses.replace(self.first, prediction=choice)
        self.state = self.predict.settled(self.state, choice)
        return True

    def forget(self) -> None:
        """Keep nothing to step back to."""
        self._past.clear()
