"""The optimizers that race, as `dlcourse` has them: which class with which settings, and a learner's own step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse import optimizers
from dlcourse.arrays import Array
from dlcourse.calls import call_user_function
from dlcourse.errors import ShapeError, WrongTypeError, brief
from dlcourse.tensor import Parameter

__all__ = ["KNOBS", "KEPT", "RULES", "Knobs", "OwnStep", "call_of", "checked_step", "made", "signs"]

RULES = ("SGD", "momentum", "Nesterov", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW", "Nadam")
KNOBS: dict[str, tuple[str, ...]] = {
    "SGD": ("lr",),
    "momentum": ("lr", "momentum"),
    "Nesterov": ("lr", "momentum"),
    "Adagrad": ("lr",),
    "Adadelta": ("lr", "rho"),
    "RMSprop": ("lr", "rho"),
    "Adam": ("lr", "momentum", "rho"),
    "AdamW": ("lr", "momentum", "rho", "decay"),
    "Nadam": ("lr", "momentum", "rho"),
    "yours": (),
}
"""What can be set of each."""
KEPT: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "momentum": (("velocity", "velocity", False),),
    "Nesterov": (("velocity", "velocity", False),),
    "Adagrad": (("squares", "√ sum of g²", True),),
    "Adadelta": (("squares", "√ mean of g²", True), ("changes", "√ mean of d²", True)),
    "RMSprop": (("squares", "√ mean of g²", True),),
    "Adam": (("mean", "m, mean of g", False), ("squares", "√s, s mean of g²", True)),
}
KEPT |= {"AdamW": KEPT["Adam"], "Nadam": KEPT["Adam"]}
"""What each keeps from step to step: the library's name, the name in the picture, and whether its root is shown."""


@dataclass(frozen=True)
class Knobs:
    """Settings of an optimizer; each uses those that `KNOBS` says.

    Attributes
    ----------
    lr : float
    momentum : float in [0, 1)
        μ, or β₁ of Adam.
    rho : float in [0, 1)
        ρ, or β₂ of Adam.
    decay : float
        λ of AdamW.
    """

    lr: float
    momentum: float
    rho: float
    decay: float


def call_of(rule: str, knobs: Knobs) -> tuple[str, dict[str, Any]]:
    """The library's class, and the settings that it is made with."""
    lr = {"lr": float(knobs.lr)}
    if rule in ("SGD", "Adagrad"):
        return rule, lr
    if rule == "momentum":
        return "SGD", lr | {"momentum": float(knobs.momentum)}
    if rule == "Nesterov":  # which without momentum is plain descent
        look_ahead = {"momentum": float(knobs.momentum), "nesterov": True} if knobs.momentum else {}
        return "SGD", lr | look_ahead
    if rule in ("Adadelta", "RMSprop"):
        return rule, lr | {"rho": float(knobs.rho)}
    betas = {"betas": (float(knobs.momentum), float(knobs.rho))}
    decay = {"weight_decay": float(knobs.decay), "biases": True} if rule == "AdamW" else {}
    return rule, lr | betas | decay


def made(rule: str, knobs: Knobs, w: Parameter) -> optimizers.Optimizer:
    """The optimizer of this name for the two weights w."""
    kind, settings = call_of(rule, knobs)
    optimizer: optimizers.Optimizer = getattr(optimizers, kind)([w], **settings)
    return optimizer


def signs(w: Array, gradient: Array, state: dict[str, Any]) -> Array:
    """The step of “yours” if the learner gives none: always 0.05, whichever way is down."""
    return w - 0.05 * np.sign(gradient)


@dataclass(frozen=True, eq=False)
class OwnStep:
    """A learner's own optimizer: step(w, gradient, state) returns the new weights, and may keep what it likes in state."""

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """Its name in *Code*."""
        name = str(getattr(self.function, "__name__", "step"))
        return "step" if name == "<lambda>" else name

    def __call__(self, w: Array, gradient: Array, state: dict[str, Any]) -> Array:
        """The weights after one step, shape (2,); what the learner's function changes in place is a copy."""
        with np.errstate(all="ignore"):
            after = call_user_function(
                "OptimizerRace", "a step is called as step(w, gradient, state).", self.function, w.copy(), gradient.copy(), state,
            )  # fmt: skip
        try:
            new = np.array(getattr(after, "data", after), float)
        except (TypeError, ValueError):
            new = np.zeros(0)
        if new.shape != (2,):
            raise ShapeError(
                f"OptimizerRace: your step should return the new weights, an array of shape (2,), not {brief(after)}. "
                "Does it end with return w - …?"
            )
        return new


def checked_step(step: Any) -> OwnStep:
    """A learner's own step, wrapped and tried once.

    Raises
    ------
    WrongTypeError
        If it is not a function.
    """
    if isinstance(step, OwnStep):
        return step
    if not callable(step):
        raise WrongTypeError(
            f"OptimizerRace: step should be a function step(w, gradient, state) that returns the new weights, not {step!r}."
        )
    own = OwnStep(step)
    own(np.array([1.0, -1.0]), np.array([0.5, 2.0]), {})
    return own
