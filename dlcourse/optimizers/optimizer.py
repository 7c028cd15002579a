"""Optimizer: what all of them share. A rule (sgd.py, adaptive.py) sees only flat arrays (flat.py): the weights, the
gradient, what it keeps from step to step, and room to compute in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.calls import call_user_function, explains_its_settings
from dlcourse.comparison import ParameterList
from dlcourse.errors import ArgumentError, DivergenceError, UnfinishedError, WrongTypeError, brief, check_positive
from dlcourse.meanwhile import restored
from dlcourse.optimizers.flat import Flat
from dlcourse.optimizers.gradients import check_gradients, length
from dlcourse.optimizers.resuming import Resumable
from dlcourse.streams import printable
from dlcourse.tensor import Parameter, Tensor

__all__ = ["Optimizer"]

# Averages of gradients that stay zero decay towards zero without ever reaching it, and such tiny numbers ("denormals")
# make arithmetic several times slower. Now and then, what is below TINY becomes zero.
TINY = 1e-30
SWEEP_EVERY = 100
UPHILL = "A negative rate would walk uphill."
# A rate times the square of a gradient beyond this may carry a weight out of the range of numbers: such a step can be undone.
FAR = 1e15


class Optimizer(Resumable):
    """Base of all optimizers. A subclass writes one rule, `update`.

    Parameters
    ----------
    parameters : list of Parameter
        Usually `model.parameters()`.
    lr : float or callable
        The learning rate (the slides' “step”), or a schedule: a function from the number of steps made to a rate.
    clip_value : float, optional
        Each entry of the gradient is held between −clip_value and clip_value.
    clip_norm : float, optional
        A gradient longer than this, all parameters together, is shortened to this length.

    Attributes
    ----------
    steps : int
        Number of steps made.

    Raises
    ------
    WrongTypeError
        If `parameters` are not parameters.
    ArgumentError
        If there are none, one is there twice, or a setting is out of range.

    References
    ----------
    For clip_norm: Pascanu, Mikolov, Bengio (2013), “On the difficulty of training recurrent neural networks”, algorithm 1.

    Examples
    --------
    A rule of one's own sees flat arrays:

    >>> import dlcourse as dl
    >>> class Signs(Optimizer):
    ...     def update(self, flat, lr):
    ...         flat.w -= lr * np.sign(flat.g)
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> Signs([w], lr=0.5).step()
    >>> w.data
    array([ 0.5, -1.5], dtype=float32)
    """

    # Names of what the rule keeps from step to step, one flat array each.
    state_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        explains_its_settings(cls)

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float | Callable[[int], float],
        *,
        clip_value: float | None = None,
        clip_norm: float | None = None,
    ) -> None:
        self.owner = type(self).__name__
        self.lr = lr  # the setter takes schedules too
        self.clip_value = None if clip_value is None else check_positive(self.owner, "clip_value", clip_value)
        self.clip_norm = None if clip_norm is None else check_positive(self.owner, "clip_norm", clip_norm)
        self.steps = 0
        self.parameters = self._check(parameters)
        types = dict.fromkeys(p.dtype for p in self.parameters)
        self.flats = [Flat([p for p in self.parameters if p.dtype == kind], len(self.state_names)) for kind in types]

    def _check(self, parameters: Any) -> ParameterList[Tensor]:
        if hasattr(parameters, "parameters"):
            raise WrongTypeError(f"{self.owner}: pass the list model.parameters(), not the model itself.")
        if isinstance(parameters, Tensor):
            raise WrongTypeError(f"{self.owner}: pass a list of parameters, [w], not a single one.")
        if not isinstance(parameters, Iterable):
            call = " model.parameters() with its parentheses gives it." if callable(parameters) else ""
            raise WrongTypeError(f"{self.owner}: pass a list of parameters, not {brief(parameters)}.{call}")
        chosen = ParameterList(parameters.values() if isinstance(parameters, dict) else parameters)
        for p in chosen:
            if not isinstance(p, Tensor):
                raise WrongTypeError(f"{self.owner}: a parameter is a dl.Parameter, not {brief(p)}.")
            if p.parents:
                raise ArgumentError(
                    f"{self.owner}: a tensor of shape {p.shape} was computed, by {p.op}, and never gets a gradient of its own. Pass the "
                    "parameters that it was computed from."
                )
            if not p.requires_grad:
                what = (
                    "is frozen: its requires_grad is False. Leave it out, [p for p in model.parameters() if p.requires_grad], or freeze "
                    "it after the optimizer was made."
                    if isinstance(p, Parameter)
                    else "has requires_grad=False, so it never gets a gradient. Make it a dl.Parameter, or leave it out of the list."
                )
                raise ArgumentError(f"{self.owner}: {repr(p.name) if p.name else 'a tensor'} of shape {p.shape} {what}")
        if not chosen:
            raise ArgumentError(
                f"{self.owner}: there are no parameters to learn. Does the model hold its layers as attributes, self.layer = ...?"
            )
        if len(set(chosen)) < len(chosen):
            raise ArgumentError(
                f"{self.owner}: a parameter is in the list twice; it would be stepped twice. model.parameters() has each once."
            )
        return chosen

    @property
    def lr(self) -> float:
        """Learning rate of the next step. May be set to a number or to a schedule; `scale_lr` keeps a schedule that is there.

        Raises
        ------
        ArgumentError
            If it is negative or no number.
        """
        if not callable(self._lr):
            return self._lr
        rate = call_user_function(self.owner, "a schedule is called as lr(step).", self._lr, self.steps)
        name = f"lr after {self.steps} steps, from the schedule,"
        return check_positive(self.owner, name, rate, zero=True, why=UPHILL) * self._lr_factor

    @lr.setter
    def lr(self, value: float | Callable[[int], float]) -> None:
        self._lr = value if callable(value) else check_positive(self.owner, "lr", value, zero=True, why=UPHILL)
        self._lr_factor = 1.0

    def scale_lr(self, factor: float) -> None:
        """Multiply the rate from now on; a schedule goes on, and what it says is multiplied.

        Parameters
        ----------
        factor : float

        Raises
        ------
        ArgumentError
            If the factor is negative or infinite.

        Examples
        --------
        >>> import dlcourse as dl
        >>> optimizer = dl.SGD([dl.Parameter([1.0])], lr=dl.schedules.step_decay(1.0, every=10))
        >>> optimizer.scale_lr(0.5)
        >>> optimizer.lr
        0.5
        """
        factor = check_positive(self.owner, "factor", factor, zero=True)
        if callable(self._lr):
            self._lr_factor *= factor
        else:
            self._lr *= factor

    def update(self, flat: Flat, lr: float) -> None:
        """Change `flat.w` in place, from `flat.g` and `flat.state`. Subclasses define it.

        Parameters
        ----------
        flat : Flat
            Weights, gradient and what is kept, each of shape (D,).
        lr : float
            The rate of this step.

        Raises
        ------
        UnfinishedError
            If a subclass does not.
        """
        raise UnfinishedError(f"{type(self).__name__} does not define update(self, flat, lr) yet.")

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters:
            p._grad = None

    def step(self) -> None:
        """Move every parameter once, by its gradient.

        Raises
        ------
        GradientError
            If a parameter has no gradient.
        DivergenceError
            If a gradient is NaN or infinite, or the step would make a weight so. Weights and state are then as before the step.
        ShapeError
            If a gradient has another shape than its parameter, or a parameter another shape than before.
        """
        lr = self.lr
        frozen: list[tuple[Array, Array]] = []
        for flat in self.flats:
            frozen += flat.gather(self.owner, self.parameters)
        if self.clip_value is not None or self.clip_norm is not None:
            self._clip()
        square = 0.0
        for flat in self.flats:
            square += float(np.vdot(flat.g, flat.g))  # NaN if any of it is; and vdot overflows without a warning
        far = not lr * (1 + square) < FAR
        if far:
            check_gradients(self.owner, self.flats)
        if far or frozen:
            self._step_back_if_needed(lr, frozen)
        else:
            self._update_all(lr)
        for flat in self.flats:
            flat.scatter()
        if self.steps % SWEEP_EVERY == 0:
            self._sweep()

    def _update_all(self, lr: float) -> None:
        self.steps += 1
        for flat in self.flats:
            self.update(flat, lr)
            if flat.w is not flat.place:  # the rule has computed new weights instead of changing these
                flat.place[...] = flat.w
                flat.w = flat.place

    def _step_back_if_needed(self, lr: float, frozen: list[tuple[Array, Array]]) -> None:
        """Apply the rule, but put frozen weights back; if any weight becomes NaN or infinite, put all back and raise an error."""
        before = [(array, array.copy()) for flat in self.flats for array in (flat.w, *flat.state)]
        with np.errstate(over="ignore", invalid="ignore"):
            restored(lambda: self._update_all(lr), lambda: _put_back(frozen))
        if all(np.isfinite(array).all() for array, _ in before):
            return
        _put_back(before)
        self.steps -= 1
        raise DivergenceError(
            f"{self.owner}: this step, with a rate of {lr:.3g}, would make weights infinite, so it was not made. Try a much smaller "
            "learning rate."
        )

    def _clip(self) -> None:
        if self.clip_value is not None:
            for flat in self.flats:
                np.clip(flat.g, -self.clip_value, self.clip_value, out=flat.g)
        if self.clip_norm is not None:
            norm = sum(float(np.vdot(flat.g, flat.g)) for flat in self.flats) ** 0.5
            if norm == math.inf:  # its square does not fit in float32, the length may
                norm = length(self.flats)
            if self.clip_norm < norm < math.inf:
                for flat in self.flats:
                    flat.g *= self.clip_norm / norm

    def _sweep(self) -> None:
        for flat in self.flats:
            for average in flat.state:
                average[np.abs(average) < TINY] = 0

    def describe(self) -> str:
        """Name and settings in one short line."""
        settings = {
            k: v for k, v in vars(self).items() if isinstance(v, (float, bool, tuple)) and not k.startswith("_")
        }
        return f"{self.owner}(lr={self.lr:g}{''.join(f', {k}={v}' for k, v in settings.items())})"

    def __repr__(self) -> str:
        number = sum(p.size for p in self.parameters)
        return printable(
            f"<{self.describe()}: {number:,} parameters in {len(self.parameters)} arrays, {self.steps} steps made>"
        )


def _put_back(pairs: list[tuple[Array, Array]]) -> None:
    for array, kept in pairs:
        array[...] = kept


explains_its_settings(Optimizer)  # __init_subclass__ sees its subclasses only
