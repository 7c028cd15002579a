"""What `DropoutMasks` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.live.numbers import decimals
from dlcourse.live.source import plain_source
from dlcourse.widgets.dropout import networks
from dlcourse.widgets.dropout.networks import PIXELS, UNITS
from dlcourse.widgets.dropout.numbers import DropoutResult
from dlcourse.widgets.dropout.state import DropoutState

__all__ = ["amount", "code", "code_results", "describe", "kept", "votes"]


def amount(state: DropoutState, value: float) -> str:
    """A score with two decimals, or a share in percent."""
    return f"{100 * value:.1f} %" if state.look == "shares" else decimals(value, 2)


def kept(state: DropoutState, result: DropoutResult) -> str:
    """How much the latest mask leaves, in a few words."""
    units, pixels = int(result.kept.sum()), int(result.kept_pixels.sum())
    if not state.drops:
        return f"all {UNITS} hidden units"
    text = f"{units} of {UNITS} hidden units"
    return f"{text} and {pixels} of {PIXELS} pixels" if state.p_pixels else text


def votes(result: DropoutResult) -> str:
    """Which digits the masks have answered, the most frequent first."""
    order = [digit for digit in np.argsort(-result.votes, kind="stable") if result.votes[digit]]
    return ", ".join(f"{result.votes[digit]}× {digit}" for digit in order)


def describe(state: DropoutState, result: DropoutResult) -> str:
    """The thinned network, the mean, the full network, and the spread."""
    missing = " (Give it: DropoutMasks(picture=x).)" if state.example == "yours" and state.picture is None else ""
    kind = "share" if state.look == "shares" else "score"
    digit, now = result.answer, float(result.latest[-1][result.answer])
    text = f"On {'your picture' if state.example == 'yours' else state.example}{missing}. "
    full = f"the full network's is {amount(state, float(result.full[digit]))}"
    if not state.drops:
        return f"{text}Nothing is dropped: {'choose after a bet.' if state.hides else f'for the {digit} {full}.'}"
    text += f"Mask {state.n} leaves {kept(state, result)}, and the {kind} of the {digit} is {amount(state, now)}. "
    if state.n > 1:
        text += f"Mean of {state.n} masks {amount(state, float(result.course[-1]))}, standard deviation {amount(state, result.spread)}; "
    if state.hides:
        return text + f"{'w' if state.n > 1 else 'W'}hat the full network says is covered until you have chosen."
    if state.n == 1:
        return f"{text}T{full[1:]}."
    gap = float(result.course[-1] - result.full[digit])
    away = f"{100 * abs(gap):.1f} points" if state.look == "shares" else decimals(abs(gap), 2)
    text += f"{full}, the mean is {away} {'below' if gap < 0 else 'above'} it. "
    return f"{text}The {state.n} masks answer {votes(result)}."


def code(state: DropoutState) -> str:
    """The functions that ran, and the masks."""
    functions = (networks.reader, networks.masks, networks.through)
    counts = np.array(state.shown).reshape(8, 8) * 16
    whole = np.array_equal(counts, np.round(counts))
    rows = ",\n".join("    " + str([round(v) if whole else float(v) for v in row]) for row in counts)
    shares = state.look == "shares"
    return (
        "import numpy as np\nimport dlcourse as dl\n\n\n"
        + "\n\n".join(plain_source(function) for function in functions)
        + "\n\nhidden, last = reader(0.5)\n"
        f"x = np.array([\n{rows},\n], np.float32).reshape(1, 64) / np.float32(16)\n"
        f"mask_pixels = masks({state.n}, 64, {state.p_pixels!r}, [{state.seed}, 0], {state.divided})\n"
        f"mask = masks({state.n}, 100, {state.p!r}, [{state.seed}, 1], {state.divided})\n"
        "units, scores = through(hidden, last, x, mask_pixels, mask)  # (n, 100), (n, 10)\n"
        "full = through(hidden, last, x, 1.0, 1.0)[1][0]\n"
        "votes = np.bincount(scores.argmax(axis=1), minlength=10)\n"
        + ("scores, full = dl.softmax(scores).data, dl.softmax(full).data\n" if shares else "")
        + "mean = scores.mean(axis=0, dtype=float)\n"
        "print('mean', mean.round(2), 'full', full.round(2), 'votes', votes)\n"
    )


def code_results(state: DropoutState, result: DropoutResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"mean": result.mean, "full": result.full, "votes": result.votes}
