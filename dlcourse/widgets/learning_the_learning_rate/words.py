"""What `RateFinder` says, and the code that computes the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.live.numbers import two_digits
from dlcourse.live.source import plain_source, returned
from dlcourse.widgets.learning_the_learning_rate import numbers
from dlcourse.widgets.learning_the_learning_rate.numbers import BUDGET, OPTIMIZERS, RATES, SCHEDULES, FinderResult
from dlcourse.widgets.learning_the_learning_rate.state import FinderState

__all__ = ["code", "code_results", "describe"]


def describe(state: FinderState, result: FinderResult) -> str:
    """The curve, the chosen rate on it, what the training leaves, and what all rates leave."""
    text = (
        f"{state.optimizer[0].upper()}{state.optimizer[1:]}, {state.length} steps of the finder: the curve falls most steeply around {two_digits(result.suggestion)} "
        f"and is lowest at {two_digits(result.lowest)}. You chose {state.chosen:g}"
    )
    text += "" if state.schedule == "constant" else f", with the schedule {state.schedule}"
    if state.hides:
        return text + ". What it leaves is covered."
    text += f". {training(state, result)}"
    if not len(result.left):
        return text
    good = RATES[result.left <= 1.5 * result.left.min()]
    near = f"from {two_digits(good[0])} to {two_digits(good[-1])} it is at most half as much again"
    return text + (
        f" Of {len(RATES)} rates {two_digits(RATES[result.best])} leaves least, {two_digits(result.left.min())}; "
        f"{near if len(good) > 1 else 'no other comes near it'}."
    )


def training(state: FinderState, result: FinderResult) -> str:
    """How far the training at the chosen rate has come."""
    if not state.at:
        return "Play trains with it."
    if not state.ended:
        return f"After {state.at} of {BUDGET} updates the loss is about {two_digits(numbers.smoothed(result.run.losses[: state.at])[-1])}."
    if state.at < BUDGET:
        return f"After {state.at} of {BUDGET} updates it has blown up."
    return f"After {BUDGET} updates it leaves {two_digits(result.run.left)} of {two_digits(result.first)}."


def code(state: FinderState) -> str:
    """The functions that ran, the finder, and the training at the chosen rate."""
    make = OPTIMIZERS[state.optimizer]
    lines = "from copy import deepcopy\nfrom itertools import chain, islice, repeat\nimport numpy as np\nimport dlcourse as dl\n\n"
    functions: list[Callable[..., Any]] = [make, numbers.searched, numbers.trained]
    if state.own is None:
        functions = [numbers.digits, numbers.network, *functions]
    lines += "\n\n".join(plain_source(function) for function in functions)
    if state.own is None:
        lines += "\n\nmodel, data, loss = network(), digits(), dl.cross_entropy\n"
    else:
        lines += f"\n\n# model and data are your own\nloss = {'dl.cross_entropy' if state.loss is None else 'loss'}\n"
    lines += f"curve = searched(model, data, loss, {make.__name__}, {state.length})\nsuggestion = curve.suggestion\n"
    if state.ended:
        rate = returned(SCHEDULES[state.schedule], lr=state.chosen, steps=BUDGET)
        lines += f"losses, left = trained(model, data, loss, {make.__name__}, {rate}, {BUDGET})\n"
    return lines + f"print(suggestion{', left' if state.ended else ''})\n"


def code_results(state: FinderState, result: FinderResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    left = {"left": result.run.left} if state.ended else {}
    return {"suggestion": result.suggestion} | left
