"""What `LossExplorer` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.live.numbers import decimals, readable
from dlcourse.live.source import plain_source
from dlcourse.widgets.losses import numbers
from dlcourse.widgets.losses.numbers import LossResult, Row, Walk
from dlcourse.widgets.losses.state import LossState

__all__ = ["amount", "code", "code_results", "describe", "spoken", "truths"]


def amount(value: float) -> str:
    """Three digits, with a true minus sign, or words where there is no number.

    Examples
    --------
    >>> amount(-0.99753), amount(0.0), amount(-404.4), amount(float("inf"))
    ('−0.998', '0', '−404', 'no number')
    """
    if not np.isfinite(value):
        return "no number"
    return "0" if abs(value) < 5e-13 else readable(float(value))


def truths(share: float) -> str:
    """What is so, in words."""
    if share in (0.0, 1.0):
        return "yes" if share else "no"
    return f"yes in {round(10 * share)} of 10"


def spoken(state: LossState, name: str) -> str:
    """The name of a loss, or whose it is."""
    if name != "yours":
        return name
    return "your loss" if state.function else "squared error (give yours: LossExplorer(function=f))"


def describe(state: LossState, result: LossResult) -> str:
    """Score, probability and truth, the chosen losses and their slopes, and where the steps have led."""
    p = result.chosen[0].row.probability
    text = f"A score of {decimals(state.x, 1)}, so p = {readable(p)}. The truth is {truths(state.truth)}. "
    if state.hides:
        values = "; ".join(f"{spoken(state, one.name)} {amount(one.row.value)}" for one in result.chosen)
        return text + values + ". The slopes stay covered until you have made your choice."
    text += "; ".join(
        f"{spoken(state, one.name)} {amount(one.row.value)}, {slope(state, one.row)}" for one in result.chosen
    )
    if not state.steps:
        return text + "."
    ends = "; ".join(f"{spoken(state, one.name)} {arrived(one)}" for one in result.chosen)
    return f"{text}. After {counted(state.steps, 'step')}: {ends}."


def slope(state: LossState, row: Row) -> str:
    """The slope that is drawn: at the score, or at the probability that all but hinge make of it."""
    if state.over == "score":
        return f"slope at the score {amount(row.at_score)}"
    return "no probability" if row.name == "hinge" else f"slope at the probability {amount(row.at_probability)}"


def arrived(one: Walk) -> str:
    """Where the steps have led, and after how many p has passed a half."""
    end = one.path[-1]
    if not np.isfinite(end):
        return "has left all numbers"
    text = f"score {decimals(round(float(end), 1) + 0.0, 1)}"
    return f"{text}, past 0 after {counted(one.crossed, 'step')}" if one.crossed else text


def code(state: LossState) -> str:
    """Value, slope and walk of each chosen loss."""
    functions, names = [], []
    for name in state.names:
        loss = state.loss_of(name)
        if name == "yours" and state.function is not None:
            names.append(getattr(loss, "__name__", "f").replace("<lambda>", "f"))
            functions.append(f"# {names[-1]} is your own loss\n")
        else:
            names.append(loss.__name__)
            functions.append(plain_source(loss))
    own = "\n".join(dict.fromkeys([*functions, plain_source(numbers.gradient), plain_source(numbers.walk)]))
    return (
        f"import numpy as np\nimport dlcourse as dl\n\n{own}\n"
        f"x, truth = np.array([{state.x!r}]), {state.truth!r}\n"
        "value, slope, end = [], [], []\n"
        f"for loss in [{', '.join(names)}]:\n"
        "    yes, no = (loss(dl.Tensor(x), np.array([t])).item() for t in (1.0, 0.0))\n"
        "    value.append(truth * yes + (1 - truth) * no)\n"
        "    slope.append((truth * gradient(loss, x, 1.0) + (1 - truth) * gradient(loss, x, 0.0))[0])\n"
        f"    end.append(walk(loss, x, truth, {state.steps})[-1, 0])\n"
        "print('values', value, 'slopes', slope, 'after the steps', end)\n"
    )


def code_results(state: LossState, result: LossResult) -> dict[str, Any]:
    """What the code leaves behind."""
    return {
        "value": [one.row.value for one in result.chosen], "slope": [one.row.at_score for one in result.chosen],
        "end": [float(one.path[-1]) for one in result.chosen],
    }  # fmt: skip
