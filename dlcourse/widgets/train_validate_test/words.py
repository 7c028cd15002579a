"""What `PeekCounter` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.errors import counted
from dlcourse.widgets.train_validate_test.numbers import DEALS, LARGEST, MODELS, PARTS, SEES, STEPS, TRAIN, PeekResult
from dlcourse.widgets.train_validate_test.state import PeekState

__all__ = ["code", "code_results", "describe"]


def describe(state: PeekState, result: PeekResult) -> str:
    """What the parts say of the best model so far; tomorrow's word only when it is shown."""
    at = state.peeks - 1
    here = {part: result.scores[part][state.deal, at] for part in PARTS}
    mean = {part: result.scores[part][:, at].mean() for part in PARTS}
    nothing = " The labels are coin flips: nothing can be learned." if state.coin_flips else ""
    text = (
        f"Deal {state.deal + 1}, {counted(state.peeks, 'model')} tried.{nothing} The best on {state.look} is right on {here[state.look]:.1%} of "
        f"its {state.examples} examples, and on {here[state.other]:.1%} of {state.other}, which had no say. "
        f"Over {DEALS} deals: {state.look} {mean[state.look]:.1%}, {state.other} {mean[state.other]:.1%}"
    )
    if not state.tomorrow:
        return text + ". What will tomorrow's data say?"
    gap = result.scores[state.look][:, at] - result.scores["tomorrow"][:, at]
    return text + (
        f", tomorrow's {result.fresh} examples {mean['tomorrow']:.1%}. The part that chose is too {'hopeful' if gap.mean() >= 0 else 'cautious'} by "
        f"{100 * abs(gap.mean()):.1f} points, give or take {100 * gap.std():.1f} from deal to deal."
    )


def code(state: PeekState) -> str:
    """One deal from shuffling to the best model, and its shares."""
    start = {"validation": 0, "test": LARGEST}
    data = "dl.data.breast_cancer()" if state.data is None else "data  # your own data set"
    coin = "y = rng.integers(0, 2, len(y))  # coin flips\n" if state.coin_flips else ""
    lines = (
        "import numpy as np\nimport dlcourse as dl\n\n"
        f"data = {data}\nrng = np.random.default_rng({state.deal})\n"
        f"order = rng.permutation(len(data))\nx, y = data.x[order], data.y[order]\n{coin}"
        f"mean, spread = x[:{TRAIN}].mean(axis=0), x[:{TRAIN}].std(axis=0)  # from the training part only\n"
        "x = (x - mean) / np.where(spread > 0, spread, 1)\n"
        f"sees = (rng.random((x.shape[1], {MODELS})).argsort(axis=0) < {SEES}).astype(np.float32)\n"
        f"weight = dl.Parameter(np.zeros((x.shape[1], {MODELS}), np.float32))  # a column is a model\n"
        f"bias = dl.Parameter(np.zeros({MODELS}, np.float32))\n"
        f"optimizer = dl.SGD([weight, bias], lr={float(MODELS)})\n"
        f"for _ in range({STEPS}):\n"
        "    optimizer.zero_grad()\n"
        f"    logits = dl.matmul(x[:{TRAIN}], weight * sees) + bias\n"
        f"    dl.binary_cross_entropy(logits, np.repeat(y[:{TRAIN}, None], {MODELS}, axis=1)).backward()\n"
        "    optimizer.step()\n"
        f"says_yes = x[{TRAIN}:] @ (weight.data * sees) + bias.data > 0\n"
        f"right = (says_yes == (y[{TRAIN}:, None] == 1)).T\n\n"
    )
    for part in PARTS[:2]:
        lines += f"{part} = right[:, {start[part]}:{start[part] + state.examples}].mean(axis=1)\n"
    lines += f"best = {state.look}[:{state.peeks}].argmax()  # the first {state.peeks} models are looked at\n"
    if state.tomorrow:
        lines += f"tomorrow = right[:, {2 * LARGEST}:].mean(axis=1)\n"
    lines += "".join(f"{part}_score = {part}[best]\n" for part in state.shown)
    return lines + f"print('model', best, {', '.join(f'{part}_score' for part in state.shown)})\n"


def code_results(state: PeekState, result: PeekResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    at = state.peeks - 1
    scores = {f"{part}_score": result.scores[part][state.deal, at] for part in state.shown}
    return {"best": result.best[state.deal, at], **scores}
