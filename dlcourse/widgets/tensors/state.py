"""The state of `TensorExplorer`: operation, pixel and guess."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.arrays import Array
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.tensors.guessing import Answer, answer_to
from dlcourse.widgets.tensors.numbers import TensorResult, checked, explore, photo
from dlcourse.widgets.tensors.operations import OPERATIONS

__all__ = ["TensorState"]


@dataclass(frozen=True, eq=False)
class TensorState(Widget):
    """Fields, controls and numbers; `TensorExplorer` adds picture, words and hand."""

    operation: str = choice("one row", tuple(OPERATIONS), label="operation")
    down: int = slider(60, 0, 99, label="% down")
    across: int = slider(50, 0, 99, label="% across")
    answers: tuple[Answer, ...] = state(())
    """What was answered, each to the name of an operation."""
    array: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.array is not None:
            object.__setattr__(self, "array", checked(self.array))
        if self.prediction and not self.answers:
            options = [str(option) for option in self.compute().options]
            if self.prediction in options:
                object.__setattr__(self, "answers", (self._answer(options.index(self.prediction)),))

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
        return self.chosen is not None

    @property
    def chosen(self) -> int | None:
        """Number of the option that was chosen for this operation."""
        return answer_to(self.operation, self.answers)

    def compute(self) -> TensorResult:
        return explore(self.x, self.operation, *self.place)

    def background(self) -> Hashable:
        return id(self.array)

    def answered(self, number: int) -> Self:
        """With the option of this number chosen, counted from 0; the first answer for an operation counts."""
        if self.guessed or not 0 <= number < len(self.compute().options):
            return self
        return self.replace(answers=(*self.answers, self._answer(number)))

    def _answer(self, number: int) -> Answer:
        result = self.compute()
        return Answer(self.operation, number, result.options[number] == result.answer)

    @action("Next operation")
    def next_operation(self) -> Self:
        """Go on to the next one in the list."""
        names = list(OPERATIONS)
        return self.replace(operation=names[(names.index(self.operation) + 1) % len(names)])
