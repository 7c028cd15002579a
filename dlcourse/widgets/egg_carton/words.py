"""What `EggCarton` says, and the code that computes the same numbers."""

from __future__ import annotations

import math
from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import from_log, grouped, plus_minus, share_from_log
from dlcourse.widgets.egg_carton import balls
from dlcourse.widgets.egg_carton.numbers import EggResult, bends_down, log10
from dlcourse.widgets.egg_carton.state import EggState

__all__ = ["caption", "code", "code_results", "describe"]


def caption(state: EggState, result: EggResult) -> str:
    """The carton, its saddles, and how many balls are in a deepest well; the rest stands in the table of the picture."""
    if state.hides:
        return describe(state, result)
    sample, dropped = result.sample, grouped(len(result.heights))
    saddles = (sample.size - sample.minima - sample.maxima) / sample.size
    return (
        f"{_carton(state)}Of its critical points {share_from_log(log10(saddles))} are saddles. "
        f"Of {dropped} balls, {_when(state)}, {_arrived(result)}."
    )


def _carton(state: EggState) -> str:
    wells = "all wells equally deep" if state.equal else f"a deep well catches {100 * state.q:.0f} % of each axis"
    return f"A carton in {grouped(state.d)} dimension{'s' * (state.d > 1)}, {wells}. "


def _arrived(result: EggResult) -> str:
    return f"{grouped(result.arrived)} {'is' if result.arrived == 1 else 'are'} in a deepest well"


def describe(state: EggState, result: EggResult) -> str:
    """The carton; its critical points and its balls, unless they are covered."""
    head, dropped = _carton(state), grouped(len(result.heights))
    if state.hides:
        return head + f"{dropped} balls hang over it; the rest is covered."
    sample = result.sample
    saddles = (sample.size - sample.minima - sample.maxima) / sample.size
    mean, spread = float(result.heights.mean()), float(result.heights.std())
    makes = (
        f"That makes {from_log(result.count)} minima"
        if result.count > -math.inf
        else f"Of {grouped(sample.size)} that were looked at, none is one of the minima"
    )
    return (
        f"{head}Of its critical points {share_from_log(result.minima)} are minima (2⁻ᵈ: {share_from_log(result.minima_formula)}), "
        f"{share_from_log(log10(saddles))} are saddles. {makes} (2ᵈ: {from_log(result.count_formula)}). "
        f"Axes that bend down: {plus_minus(sample.mean, sample.deviation)} (formula {plus_minus(*result.index_formula)}). "
        f"Of {dropped} balls, {_when(state)}, {_arrived(result)}"
        f" (qᵈ: {share_from_log(result.deepest_formula)}{_pooled(state, result)}). Their height is {plus_minus(mean, spread)} "
        f"(at rest: {plus_minus(*result.rest_formula)}), where 1 is the average."
    )  # fmt: skip


def _when(state: EggState) -> str:
    if state.rest:
        return "at rest"
    return f"after {counted(state.steps, 'update')}" if state.steps else "before they roll"


def _pooled(state: EggState, result: EggResult) -> str:
    if state.d <= balls.COUNTED or state.equal:
        return ""
    return f", from the axes of these balls: {share_from_log(result.deepest)}"


def code(state: EggState) -> str:
    """The carton, its balls, and a sample of its critical points."""
    roll = (
        f"deep = np.abs((w + 0.5) % 2 - 1) < {state.q!r}              # the basin of the deep well\n"
        "w = np.where(deep, np.float32(0.5), np.float32(1.5))   # at rest\n"
        if state.rest
        else f"for _ in range({state.steps}):                                # gradient descent, step 1 / largest curvature\n"
        "    places = dl.Tensor(w, requires_grad=True)\n"
        "    height(places).sum().backward()\n"
        f"    w = w - {balls.pace(state.q)!r} * places.grad\n"
    )
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"d, tilt = {state.d}, {balls.axis(state.q).tilt!r}\n\n"
        "def height(w):                                    # of each axis: 0 the deepest well, 1 the average\n"
        "    return (dl.cos(2 * np.pi * w) - tilt * dl.sin(np.pi * w) + (1 + tilt)) * (1 / (1 + tilt))\n\n"
        f"w = 2 * np.random.default_rng({state.seed}).random(({balls.number_of_balls(state.d)}, d), dtype=np.float32)\n"
        f"{roll}"
        "heights = height(dl.Tensor(w)).data.mean(axis=1, dtype=float)\n\n"
        f"bends_down = np.array({list(bends_down(state.q))})   # deep well, shallow well, top, top\n"
        f"kinds = np.random.default_rng([{state.seed}, 1]).integers(0, 4, (d, {balls.sample_size(state.d)}), dtype=np.uint8)\n"
        "index = bends_down[kinds].sum(axis=0)\n"
        "minima, mean, deviation = int((index == 0).sum()), index.mean(), index.std()\n"
    )  # fmt: skip


def code_results(state: EggState, result: EggResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    sample = result.sample
    return {
        "heights": result.heights,
        "minima": sample.minima,
        "mean": sample.mean,
        "deviation": sample.deviation,
    }
