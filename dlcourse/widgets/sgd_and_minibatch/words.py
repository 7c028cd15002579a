"""What `MinibatchFan` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.live.numbers import signed, three_digits
from dlcourse.widgets.sgd_and_minibatch.numbers import ARROWS, STAGES, FanResult
from dlcourse.widgets.sgd_and_minibatch.state import FanState
from dlcourse.widgets.sgd_and_minibatch.training import EXAMPLES

__all__ = ["code", "code_results", "describe"]


def describe(state: FanState, result: FanResult) -> str:
    """The noise of this batch size, and what was fitted to all of them unless it is covered."""
    where = f"network {state.stage}" if state.data is None else "your network"
    how = "with" if state.replacement else "without"
    finite = "" if state.replacement else f", times (N − B)/(N − 1) to the power {signed(result.finite)}"
    end = "" if state.b < state.n or state.replacement else " The batch is everything: there is no noise left."
    head = (
        f"Batch size {state.b} of {state.n} examples, {where}, drawn {how} replacement: the noise is {result.noise:.2f} times the "
        f"true gradient, which is {three_digits(result.gradients.length)} long. In the two directions of the picture the tips "
        f"lie {result.on_paper:.2f} from its tip; the noise counts all {result.gradients.weights}. "
        f"{result.uphill} of {ARROWS} updates go{'es' * (result.uphill == 1)} uphill.{end} "
    )
    if state.hides:
        return head + "The noise of other batch sizes is still covered."
    return head + f"Fitted to the measured noise of all sizes: B to the power {signed(result.slope)}{finite}."


def code(state: FanState) -> str:
    """The network, its true gradient, and the gradients of 60 minibatches."""
    own = "# model and data are your own\n"
    ours = (
        f"data = dl.data.digits()[:{EXAMPLES}]\nrng = np.random.default_rng(0)\n"
        "model = dl.Sequential(dl.Flatten(), dl.Dense(64, 16, activation=dl.tanh, rng=rng), dl.Dense(16, 10, rng=rng))\n"
        "optimizer, rng = dl.SGD(model.parameters(), 0.3), np.random.default_rng(1)\n"
        f"for _ in range({STAGES[state.stage]}):  # epochs\n"
        "    for x, y in data.batches(32, rng=rng):\n"
        "        optimizer.zero_grad()\n        dl.cross_entropy(model(x), y).backward()\n        optimizer.step()\n"
    )
    draw = f"rng.integers(0, len(data), {state.b})" if state.replacement else f"rng.permutation(len(data))[:{state.b}]"
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        + (ours if state.data is None else own)
        + "\ndef gradient(chosen):\n    model.zero_grad()\n"
        "    dl.cross_entropy(model(data.x[chosen]), data.y[chosen]).backward()\n"
        "    return np.concatenate([p.grad.ravel() for p in model.parameters()])\n\n"
        "true = gradient(np.arange(len(data)))\n"
        f"rng = np.random.default_rng({state.seed})\n"
        f"minibatches = [gradient({draw}) for _ in range({ARROWS})]\n"
        "along = np.array([g @ true / (true @ true) for g in minibatches])\n"
        "uphill = int((along < 0).sum())\nprint(uphill, 'of', len(along), 'updates go uphill')\n"
    )


def code_results(state: FanState, result: FanResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"uphill": result.uphill}
