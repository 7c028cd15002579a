"""The state of `TensorExplorer`: operation, pixel and guess."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.tensors.numbers import OPERATIONS, TensorResult, checked, explore, photo

__all__ = ["TensorState"]


@dataclass(frozen=True, eq=False)
class TensorState(Widget):
    """Fields, controls and numbers; `TensorExplorer` adds picture, words and hand."""

    operation: str = choice("one row", tuple(OPERATIONS), label="operation")
    down: int = slider(60, 0, 99, label="% down")
    across: int = slider(50, 0, 99, label="% across")
    guess: tuple[str, int] = state(("", 0))
    """The operation for which an answer was given, and the answer's number, counted from 0."""
    array: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.array is not None:
            object.__setattr__(self, "array", checked(self.array))
        if self.prediction and self.guess == ("", 0):
            options = [str(option) for option in self.compute().options]
            if self.prediction in options:
                object.__setattr__(self, "guess", (self.operation, options.index(self.prediction)))

    @property
    def x(self) -> Array:
        """The array that is explored."""
        return photo() if self.array is None else self.array

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the chosen pixel."""
        h, w = self.x.shape[:2]
        return self.down * h // 100, self.across * w // 100

    @property
    def guessed(self) -> bool:
        """Whether the shape of this operation has been guessed."""
        return self.guess[0] == self.operation

    @property
    def chosen(self) -> int | None:
        """Number of the option that was chosen for this operation."""
        return self.guess[1] if self.guessed else None

    def compute(self) -> TensorResult:
        return explore(self.x, self.operation, *self.place)

    def background(self) -> Hashable:
        return id(self.array)

    def answered(self, number: int) -> Self:
        """With the option of this number chosen, counted from 0; the first answer for an operation counts."""
        if self.guessed or not 0 <= number < len(self.compute().options):
            return self
        return self.replace(guess=(self.operation, number))

    @action("Next operation")
    def next_operation(self) -> Self:
        """Go on to the next one in the list."""
        names = list(OPERATIONS)
        return self.replace(operation=names[(names.index(self.operation) + 1) % len(names)])
