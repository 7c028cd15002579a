"""Stochastic gradient descent: plain, with momentum, with Nesterov's momentum."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dlcourse.errors import ArgumentError, brief
from dlcourse.optimizers.flat import Flat
from dlcourse.optimizers.optimizer import Optimizer

__all__ = ["SGD", "check_share"]


def check_share(owner: str, name: str, value: Any) -> float:
    """Return `value` as a float from 0 to less than 1, or raise an error that names the setting."""
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share < 1:
        raise ArgumentError(
            f"{owner}: {name} is the share kept of the past, from 0 to less than 1, not {brief(value)}. "
            "At 1 the past would never fade."
        )
    return share


class SGD(Optimizer):
    """v ← μ v + g,  w ← w − lr · v; with μ = 0 this is w ← w − lr · g.

    Parameters
    ----------
    parameters : list of Parameter
    lr : float or schedule
    momentum : float in [0, 1)
        μ, the share of the velocity kept from step to step.
    nesterov : bool
        Step along g + μ v instead of v: look ahead to where the momentum leads.
    clip_value, clip_norm : float, optional
        See `Optimizer`.

    Raises
    ------
    ArgumentError
        If a setting is out of range, or nesterov=True without momentum.

    References
    ----------
    Polyak (1964), “Some methods of speeding up the convergence of iteration methods”.
    Sutskever, Martens, Dahl, Hinton (2013), “On the importance of initialization and momentum in deep learning”.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, -2.0])
    >>> (w * w).sum().backward()
    >>> SGD([w], lr=0.25).step()
    >>> w.data
    array([ 0.5, -1. ], dtype=float32)
    """

    state_names: ClassVar[tuple[str, ...]] = ("velocity",)

    def __init__(
        self, parameters: Any, lr: Any, momentum: float = 0.0, nesterov: bool = False, **clipping: Any
    ) -> None:
        super().__init__(parameters, lr, **clipping)
        self.momentum = check_share("SGD", "momentum", momentum)
        self.nesterov = bool(nesterov)
        if nesterov and not momentum:
            raise ArgumentError("SGD: nesterov=True changes how momentum is used, but momentum is 0. Try momentum=0.9.")

    def update(self, flat: Flat, lr: float) -> None:
        """Make v = μ v + g and move by −lr · v (Nesterov: by −lr · (g + μ v)); changes `flat.w`, shape (D,), in place."""
        (velocity,) = flat.state
        direction = flat.g
        if self.momentum:
            velocity *= self.momentum
            velocity += flat.g
            direction = velocity
            if self.nesterov:
                np.multiply(velocity, self.momentum, out=flat.scratch)
                flat.g += flat.scratch
                direction = flat.g
        flat.rate[...] = lr
        flat.w -= np.multiply(direction, flat.rate, flat.scratch)
