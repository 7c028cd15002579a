"""What `ActivationZoo` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.activations import ZOO
from dlcourse.errors import counted
from dlcourse.live.numbers import minus, readable
from dlcourse.live.source import plain_source
from dlcourse.widgets.activations import numbers
from dlcourse.widgets.activations.numbers import Curve, ZooResult
from dlcourse.widgets.activations.state import ZooState

__all__ = ["amount", "code", "code_results", "describe", "spoken"]


def amount(value: float) -> str:
    """Three digits, or words where there is no number.

    Examples
    --------
    >>> amount(0.25), amount(0.0), amount(4.2e-9), amount(float("nan"))
    ('0.250', '0', '4.2·10⁻⁹', 'beyond all numbers')
    """
    if not np.isfinite(value):
        return "beyond all numbers"
    return "0" if value == 0 else readable(round(float(value), 5) if value > 0.5 else float(value))


def spoken(state: ZooState, name: str) -> str:
    """The activation's name, or whose it is."""
    if name != "yours":
        return name
    return "your function" if state.function else "identity (give yours: ActivationZoo(function=f))"


def describe(state: ZooState, result: ZooResult) -> str:
    """Value and slope at x, the steepest slope, and what the layers leave."""
    text = f"At x = {minus(f'{state.x:g}')}: " + "; ".join(
        f"{spoken(state, name)} {amount(curve.at)}, slope {amount(curve.slope_at)}"
        for name, curve in zip(state.names, result.chosen, strict=True)
    )
    text += f". Steepest between −{state.reach} and {state.reach}: "
    text += ", ".join(
        f"{spoken(state, name)} {amount(curve.slope.max())}"
        for name, curve in zip(state.names, result.chosen, strict=True)
    )
    if state.hides:
        return text + f". What will {counted(state.layers, 'layer')} leave of a gradient?"
    left = "; ".join(
        f"{spoken(state, name)} {amount(curve.signal[-1])} of the signal, {amount(curve.gradient[0])} of the gradient"
        for name, curve in zip(state.names, result.chosen, strict=True)
    )
    return (
        text
        + f". What {counted(state.layers, 'layer')} {'leaves' if state.layers == 1 else 'leave'}, weights stretching by {state.stretch:g}: {left}."
    )


def code(state: ZooState) -> str:
    """Value and slope at x, and the stack of layers, of each chosen activation."""
    names = []
    for name in state.names:
        if name in ZOO:
            names.append(f"dl.{ZOO[name].__name__}")
        elif state.function is None:
            names.append("dl.identity")
        else:
            names.append(getattr(state.function, "__name__", "f").replace("<lambda>", "f"))
    own = "" if state.activation != "yours" or state.function is None else f"# {names[0]} is your own function\n"
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"{plain_source(numbers.digits)}\n{plain_source(numbers.weights)}\n{plain_source(numbers.through)}\n{own}"
        f"stack = [{state.stretch!r} * weight for weight in weights({state.layers})]\n"
        "f, slope, signal, gradient = [], [], [], []\n"
        f"for activation in [{', '.join(names)}]:\n"
        f"    x = dl.Tensor(np.array([{float(state.x)!r}]), requires_grad=True)\n"
        "    y = activation(x)\n"
        "    y.backward(np.ones(1))\n"
        "    forward, back = through(activation, digits(), stack)\n"
        "    f.append(y.item())\n    slope.append(float(x.grad[0]))\n"
        "    signal.append(forward[-1])\n    gradient.append(back[0])\n"
        "print('f', f, 'slope', slope, 'left of signal', signal, 'of gradient', gradient)\n"
    )


def code_results(state: ZooState, result: ZooResult) -> dict[str, Any]:
    """What the code leaves behind."""

    def each(value: Any) -> list[float]:
        return [float(value(curve)) for curve in result.chosen]

    def forward(curve: Curve) -> float:
        return float(curve.signal[-1])

    return {
        "f": each(lambda curve: curve.at), "slope": each(lambda curve: curve.slope_at),
        "signal": each(forward), "gradient": each(lambda curve: curve.gradient[0]),
    }  # fmt: skip
