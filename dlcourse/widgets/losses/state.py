"""The state of `LossExplorer`: a score, the truth, the losses that are looked at, and how many steps are gone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from dlcourse.live.widget import Widget, choice, slider, state
from dlcourse.widgets.losses import numbers
from dlcourse.widgets.losses.numbers import LOSSES, SCORES, SHARES, STEPS, Loss, LossResult, Walk

__all__ = ["LossState"]


@dataclass(frozen=True, eq=False)
class LossState(Widget):
    """Fields, controls and numbers; `LossExplorer` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"function": "loss"}

    x: float = slider(-6.0, -8.0, 8.0, step=0.1, label="score")
    truth: float = slider(1.0, 0.0, 1.0, step=0.1, label="truth")
    loss: str = choice("cross-entropy", (*LOSSES, "yours"), label="loss")
    beside: str = choice("squared error", ("none", *LOSSES), label="beside it")
    over: str = choice("score", ("score", "probability"), label="drawn over the")
    steps: int = slider(0, 0, STEPS, label="steps")
    function: Callable[[Any, Any], Any] | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None:
            numbers.check(self.function)
        object.__setattr__(self, "x", float(SCORES[np.argmin(np.abs(SCORES - self.x))]))
        object.__setattr__(self, "truth", float(SHARES[np.argmin(np.abs(SHARES - self.truth))]))

    @property
    def names(self) -> tuple[str, ...]:
        """The one or two chosen ones."""
        return (self.loss,) if self.beside in ("none", self.loss) else (self.loss, self.beside)

    def loss_of(self, name: str) -> Loss:
        """The loss of that name."""
        return self.function or LOSSES["squared error"] if name == "yours" else LOSSES[name]

    @property
    def all_names(self) -> tuple[str, ...]:
        """The losses that the table has."""
        return (*LOSSES, "yours") if "yours" in self.names else tuple(LOSSES)

    def compute(self) -> LossResult:
        rows = tuple(numbers.row(name, self.loss_of(name), self.x, self.truth) for name in self.all_names)
        of = {row.name: row for row in rows}
        return LossResult(rows=rows, chosen=tuple(self.walked(of[name]) for name in self.names))

    def walked(self, row: numbers.Row) -> Walk:
        """The curves of a loss, and its walk from the marked score."""
        loss = self.loss_of(row.name)
        values, slopes = (numbers.mixed(pair, self.truth) for pair in numbers.curves(loss))
        across = SCORES
        if self.over == "probability":
            across = numbers.shares(row.name, SCORES)
            slopes = slopes / (across * (1 - across))
        path = numbers.walks(loss)[: self.steps + 1, round(10 * self.truth), round(10 * (self.x + 8))]
        side = path > 0 if self.truth > 0.5 else path < 0
        crossed = int(np.argmax(side)) if side.any() and self.truth != 0.5 else None
        return Walk(
            name=row.name, row=row, across=across, values=values, slopes=slopes, path=path, crossed=crossed,
        )  # fmt: skip

    def background(self) -> Hashable:
        return (self.names, self.over, self.hides)

    def can_step(self) -> bool:
        """Whether a step is left."""
        return self.steps < STEPS

    def step(self) -> Self:
        """One step down the slope."""
        return self.replace(steps=self.steps + 1) if self.can_step() else self
