"""The state of `ReliabilityDiagram`: how long the network has trained, and the temperature of its softmax."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.live.widget import Widget, action, slider, state
from dlcourse.widgets.softmax.confidence.numbers import ReliabilityResult, best_temperature, compared, own_answers
from dlcourse.widgets.softmax.confidence.training import EPOCHS, Answers, answers

__all__ = ["ReliabilityState"]


@dataclass(frozen=True, eq=False)
class ReliabilityState(Widget):
    """Fields, controls and numbers; `ReliabilityDiagram` adds picture, words and hand."""

    epochs: int = slider(EPOCHS, 1, EPOCHS, label="epochs trained")
    temperature: float = slider(1.0, 0.2, 5.0, step=0.02, log=True, label="temperature τ")
    seed: int = state(0)
    model: Callable[..., Any] | None = state(None)
    validation: Any = state(None)
    unseen: Any = state(None)
    own: Answers | None = state(None)
    """What the learner's network said when the widget was made."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and self.own is None:
            object.__setattr__(self, "own", own_answers(self.model, self.validation, self.unseen))

    @property
    def answers(self) -> Answers:
        """Those of the learner's network, or of ours."""
        return answers(self.seed) if self.own is None else self.own

    @property
    def epoch(self) -> int:
        """Which of the answers count; a learner's own network has no others."""
        return self.epochs if self.own is None else 1

    def compute(self) -> ReliabilityResult:
        return compared(self.answers, epoch=self.epoch, temperature=self.temperature)

    def background(self) -> Hashable:
        return self.own is None, self.hides

    def absent_controls(self) -> Collection[str]:
        """Of a network that is given, nobody knows how long it has trained."""
        return () if self.own is None else ("epochs",)

    def can_step(self) -> bool:
        """Whether there is one more epoch."""
        return self.own is None and self.epochs < EPOCHS

    def step(self) -> Self:
        """One more epoch of training."""
        return self.replace(epochs=self.epochs + 1) if self.can_step() else self

    @action("Fit τ on validation")
    def fit(self) -> Self:
        """Take the temperature with the lowest loss on the validation part."""
        best = best_temperature(self.answers, self.epoch)
        return self if best == self.temperature else self.replace(temperature=best)
