"""The steps of a training: for every minibatch predict, measure the loss, go backward, step. And what to say when that fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.callbacks import Calls, Training
from dlcourse.errors import DivergenceError, ShapeError, WrongTypeError, brief
from dlcourse.layers.module import Module
from dlcourse.objective import check_leaves, loss_of, output_of
from dlcourse.regularizers import Regularizer
from dlcourse.tensor import Tensor

__all__ = ["Steps"]


class Steps:
    """The steps of a training, epoch by epoch.

    Parameters
    ----------
    training : Training
    loss, regularizer : callable
        As for `fit`.
    calls : Calls
    look : callable
        (outputs, answers) -> None, called with those of the first batch.
    """

    def __init__(
        self, training: Training, loss: Any, regularizer: Any, calls: Calls, look: Callable[[Array, Array], None]
    ) -> None:
        self.training, self.loss, self.regularizer, self.look = training, loss, regularizer, look
        self.calls = calls if calls.has("after_step") else None
        model, parameters = training.model, training.optimizer.parameters
        self.kind = parameters[0].dtype
        # A plain function shows no parameters: then what is learned is penalized.
        plain = isinstance(regularizer, Regularizer) and not isinstance(model, Module)
        self.penalized = parameters if plain else model
        self.averages = [
            (module, name)
            for module in (model.modules() if isinstance(model, Module) else ())
            for name in module.buffers
        ]

    def epoch(self, batches: Any, bar: Any) -> dict[str, float]:
        """Learn from every batch once; return the epoch's numbers by their names in `History`."""
        training, history = self.training, self.training.history
        error_sum, penalty_sum, examples, steps, rate = 0.0, 0.0, 0, 0, 0.0
        training.epoch += 1
        for x, y in batches:
            rate = training.optimizer.lr
            value, penalty = self._step(x, y, rate)
            error_sum += value * len(x)
            penalty_sum += penalty
            examples += len(x)
            steps += 1
            training.step += 1
            history.batch_losses.append(value)
            if self.calls is not None:
                self.calls("after_step", training)
            bar.advance()
        return {"loss": error_sum / examples, "regularization": penalty_sum / steps, "lr": rate}

    def _step(self, x: Array, y: Array, rate: float) -> tuple[float, float]:
        """One step; returns both parts of the loss. If it cannot be made, nothing but the history is changed."""
        before = [getattr(module, name).copy() for module, name in self.averages]
        self.training.optimizer.zero_grad()
        try:
            value, penalty, total = self._losses(x, y)
            if not math.isfinite(value + penalty):
                raise self._refused(*self._no_number(total, value, rate))
            total.backward()
            try:
                self.training.optimizer.step()
            except DivergenceError as refusal:
                raise self._refused(*self._broken(total, value, rate, refusal)) from None
        except BaseException:
            for (module, name), average in zip(self.averages, before, strict=True):
                getattr(module, name)[...] = average
            raise
        return value, penalty

    def _losses(self, x: Array, y: Array) -> tuple[float, float, Tensor]:
        """Both parts of the loss as numbers, and their sum as a tensor."""
        prediction = output_of("fit", self.training.model, x)
        if not self.training.step:
            self._look_at_the_first(prediction, y)
        error = loss_of("fit", self.loss, prediction, y, self.kind)
        if self.regularizer is None:
            return error.item(), 0.0, error
        extra = self._checked_penalty(self.regularizer(self.penalized))
        return error.item(), extra.item(), error + extra

    def _look_at_the_first(self, prediction: Tensor, y: Array) -> None:
        check_leaves(
            "fit", prediction, self.training.optimizer.parameters, "and the optimizer does not know it, so it would never be learned. Is it "
            "held by a plain function, or made after the optimizer? Give it to the optimizer too. To keep it fixed, set its requires_grad to False."
        )  # fmt: skip
        self.look(prediction.data, y)

    def _checked_penalty(self, penalty: Any) -> Tensor:
        if not isinstance(penalty, Tensor):
            raise WrongTypeError(
                f"fit: the regularizer should return a tensor, computed from the model's parameters, not {brief(penalty)}."
            )
        if penalty.size != 1:
            raise ShapeError(
                f"fit: the regularizer should return one number, not shape {penalty.shape}. Add its entries up, with .sum()."
            )
        return penalty

    def _when(self) -> str:
        return f"epoch {self.training.epoch}, step {self.training.step + 1}"

    def _no_number(self, total: Tensor, value: float, rate: float) -> tuple[str, str]:
        """What to say where the loss is NaN or infinite."""
        what = f"the loss became {value:g} in {self._when()}"
        if self.training.step or self.training.optimizer.steps:
            return f"{what}.", _usually(rate)
        from dlcourse.calculus.breaking import where_it_begins

        place = where_it_begins(total)
        return f"{what}{place and ': it begins in '}{place}.", (
            "No step was made before, so the learning rate is not the cause. Are the inputs unscaled, or does the loss divide by 0 "
            "or take its logarithm?"
        )

    def _broken(self, total: Tensor, value: float, rate: float, refusal: DivergenceError) -> tuple[str, str]:
        """What to say where the loss is finite and its gradient, or the step, is not."""
        optimizer = self.training.optimizer
        bad = [p.grad for p in optimizer.parameters if p.grad is not None and not np.isfinite(p.grad).all()]
        if not bad:
            return f"in {self._when()} the loss is {value:.4g}, and then: {refusal}", ""
        kind = "NaN" if any(np.isnan(g).any() for g in bad) else "infinite"
        from dlcourse.calculus.breaking import where_it_breaks

        place = where_it_breaks(total)
        if not place:
            return f"the loss is {value:.4g} in {self._when()}, but its gradient is {kind}.", _usually(rate)
        return f"the loss is {value:.4g} in {self._when()}, but its gradient is {kind}: it breaks in {place}", ""

    def _refused(self, what: str, advice: str) -> DivergenceError:
        """The error, with the history."""
        self.training.optimizer.zero_grad()
        weights = [p.data for p in self.training.optimizer.parameters]
        kept = "were NaN or infinite before this step"
        if all(np.isfinite(array).all() for array in weights):
            kept = "from before this step are kept"
        error = DivergenceError(" ".join(part for part in (f"fit: {what}", advice, f"The weights {kept}.") if part))
        error.add_note("What happened before is in this error's .history.")
        error.history = self.training.history  # type: ignore[attr-defined]
        return error


def _usually(rate: float) -> str:
    return f"Usually the learning rate is too large (it is {rate:g}; try a tenth), or the inputs are unscaled."
