"""The state of `Gates`: which cell, how far its gate is open, how far the text is read, and which number one looks at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Self

from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.recurrent.gates.numbers import GatesResult, opened
from dlcourse.widgets.recurrent.memory import UNITS
from dlcourse.widgets.recurrent.numbers import check_word

__all__ = ["LETTERS_READ", "GatesState"]

LETTERS_READ = 30


@dataclass(frozen=True, eq=False)
class GatesState(Widget):
    """Fields, controls and numbers; `Gates` adds picture, words and hand."""

    cell: str = choice("LSTM", ("LSTM", "GRU"), label="cell")
    keep: float = slider(1.0, -2.0, 8.0, step=0.25, label="bias of the keeping gate")
    read: int = slider(1, 1, LETTERS_READ, label="letters read")
    unit: int = slider(1, 1, UNITS, label="number of the memory")
    word: str = state("recurrent")
    seed: int = state(0)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_word(self.word)

    @property
    def text(self) -> str:
        """What is read: the word, again and again."""
        return (self.word * (LETTERS_READ // len(self.word) + 1))[:LETTERS_READ]

    def compute(self) -> GatesResult:
        return opened(self.cell, self.text, self.keep, self.seed)

    def background(self) -> Hashable:
        return self.cell, self.hides

    def can_step(self) -> bool:
        """Whether there is a next letter."""
        return not self.hides and self.read < LETTERS_READ

    def step(self) -> Self:
        """The next letter is read."""
        return self.replace(read=self.read + 1) if self.can_step() else self

    @action("New weights")
    def new_weights(self) -> Self:
        """Other random weights."""
        return self.replace(seed=self.seed + 1)
