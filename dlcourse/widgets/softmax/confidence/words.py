"""What `ReliabilityDiagram` says, and the code that computes the same numbers."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.live.numbers import decimals, grouped
from dlcourse.widgets.softmax.confidence import training
from dlcourse.widgets.softmax.confidence.numbers import SURE, ReliabilityResult
from dlcourse.widgets.softmax.confidence.state import ReliabilityState

__all__ = ["code", "code_results", "describe", "few"]


def few(mistakes: float) -> str:
    """A number of mistakes that may be less than one.

    Examples
    --------
    >>> few(0.637), few(28.6)
    ('0.6', '29')
    """
    return decimals(mistakes, 1) if mistakes < 9.95 else decimals(mistakes, 0)


def describe(state: ReliabilityState, result: ReliabilityResult) -> str:
    """Mistakes expected and made, of all answers and of the sure ones."""
    total = int(result.counts.sum())
    if state.own is None:
        text = f"After {counted(state.epochs, 'epoch')} the network reads {state.answers.learned[state.epoch - 1]:.0%} of the 180 digits it learns from. "
    else:
        text = "Your network. "
    if state.temperature != 1:
        text += f"Its scores are divided by {decimals(state.temperature, 2)}. "
    text += f"Asked about {grouped(total)} unseen ones, "
    if state.hides:
        return (
            f"{text}it is at least {SURE:.0%} sure of {grouped(result.sure)}. By its own word {few(result.sure_expects)} of these should be "
            "wrong. How many are?"
        )
    text += f"it expects {few(result.expects)} mistakes in 1 000 and makes {few(result.makes)}"
    if not result.sure:
        return f"{text}. Of none it is {SURE:.0%} sure."
    return (
        f"{text}. It is at least {SURE:.0%} sure of {grouped(result.sure)}; of these it expects {few(result.sure_expects)} to be wrong, "
        f"and {result.sure_makes} are. Log-loss {decimals(result.loss, 3)}."
    )


def code(state: ReliabilityState) -> str:
    """Training, confidence, and what came."""
    lines = ["import numpy as np", "import dlcourse as dl", ""]
    if state.own is None:
        lines += [inspect.getsource(part) for part in (training.split, training.start, training.train_on)]
        lines += [
            f"rng = np.random.default_rng({state.seed})",
            "train, validation, unseen = split(rng)",
            "model, optimizer = start(rng)",
            f"train_on(model, optimizer, train, {state.epochs}, rng)",
        ]
    else:
        lines += ["# model, unseen: your own"]
    lines += [
        f"p = dl.softmax(dl.predict(model, unseen) / np.float32({state.temperature!r})).data      # (N, K)",
        "confidence, right = p.max(axis=1), p.argmax(axis=1) == unseen.y",
        "expects, makes = 1000 * (1 - confidence).mean(dtype=float), 1000 * (1 - right.mean())",
        f"sure = confidence.astype(float) >= {SURE}",
        "sure_makes = (~right[sure]).sum()",
        "place = np.minimum((10 * confidence.astype(float)).astype(int), 9)                  # which of ten bins",
        "counts = np.bincount(place, minlength=10)",
        "in_bins = [right[place == b].mean() if counts[b] else np.nan for b in range(10)]",
        "print('expects', expects.round(), 'mistakes in 1000, makes', makes.round())",
    ]
    return "\n".join(lines) + "\n"


def code_results(state: ReliabilityState, result: ReliabilityResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {
        "expects": result.expects, "makes": result.makes, "sure_makes": result.sure_makes, "counts": result.counts,
        "in_bins": np.asarray(result.right),
    }  # fmt: skip
