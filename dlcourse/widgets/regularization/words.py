"""What `Regularize` says, and the code that computes the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import readable, with_power
from dlcourse.live.source import plain_source
from dlcourse.widgets.regularization import numbers
from dlcourse.widgets.regularization.numbers import RegularizeResult
from dlcourse.widgets.regularization.state import RegularizeState

__all__ = ["caption", "code", "code_results", "counted_zeros", "describe", "error", "slide", "strength"]

SLIDE = (
    "Very simple. Might not predict well.",
    "Just right?",
    "Overfitting. Rote memorization.",
)
"""What the slide says below its three pictures."""


def slide(result: RegularizeResult) -> str:
    """Which of the slide's three pictures this is: judged by the lowest error of any degree without a penalty."""
    if result.unseen_error <= 1.5 * result.lowest:
        return SLIDE[1]
    return SLIDE[0] if result.seen_error > result.unseen_error / 3 else SLIDE[2]


def error(value: float) -> str:
    """An error; what rounding leaves of none is none.

    Examples
    --------
    >>> error(6.8e-23), error(0.0899), error(38_113_000.0)
    ('0', '0.090', '3.8·10⁷')
    """
    return "0" if value < 1e-12 else readable(value)


def strength(value: float) -> str:
    """λ with two digits.

    Examples
    --------
    >>> strength(0.00251189), strength(10.0), strength(1e-05)
    ('0.0025', '10', '10⁻⁵')
    """
    return "10⁻⁵" if value < 1.01e-5 else with_power(value, 2)


def counted_zeros(result: RegularizeResult) -> str:
    """How many weights are exactly 0."""
    none = "none" if not result.zeros else str(result.zeros)
    return f"of {counted(len(result.weights), 'weight')} {none} {'is' if result.zeros < 2 else 'are'} exactly 0"


def describe(state: RegularizeState, result: RegularizeResult) -> str:
    """Degree and penalty, both errors, the weights, and where the error on unseen points is lowest."""
    second = f", λ₂ = {strength(state.second)}" if state.penalty == "L1+L2" else ""
    penalty = (
        "without a penalty"
        if state.penalty == "none"
        else f"with {state.penalty}, {state.lam} = {strength(state.strength)}{second}"
    )
    of = "" if state.basis == numbers.BASES[0] else f" in {state.basis}"
    return (
        f"{slide(result)} Degree {state.degree}{of} {penalty}: error {error(result.seen_error)} on {len(result.seen[0])} seen "
        f"points, {error(result.unseen_error)} on {len(result.unseen[0])} unseen ones. {counted_zeros(result).capitalize()}. "
        f"{caption(state, result)}"
    )


def caption(state: RegularizeState, result: RegularizeResult) -> str:
    """What the picture does not write itself: the largest weight, and where the error on unseen points is lowest."""
    largest = f"The largest weight is {readable(float(abs(result.weights).max()))}."
    if state.against == "λ" and state.penalty == "none":
        return f"{largest} Without a penalty λ changes nothing."
    place = result.curves.at[result.best]
    where = f"degree {place:.0f}" if state.against == "degree" else f"{state.lam} = {strength(place)}"
    return f"{largest} Lowest error on unseen points: {error(float(result.curves.unseen[result.best]))}, at {where}."


def code(state: RegularizeState) -> str:
    """The points, the swings, the weights and both errors."""
    table = state.table
    solvers: list[Callable[..., Any]] = (
        [numbers.fitted_with_l1] if state.parts[0] else [numbers.decomposed, numbers.fitted]
    )
    functions: list[Callable[..., Any]] = [numbers.swings, *solvers]
    lines = ["import numpy as np", ""]
    if state.data == "yours" and state.own is not None:
        lines += [
            f"x = np.array({table.x.tolist()!r})", f"y = np.array({table.y.tolist()!r})",
            "unseen = np.arange(len(x)) % 3 == 2",
        ]  # fmt: skip
    else:
        functions.insert(0, numbers.noisy_wave)
    lines += [part for function in functions for part in (plain_source(function), "")]
    if state.data == "wave" or state.own is None:
        lines += [
            f"x, y = noisy_wave({float(state.noise)!r}, {state.seed})",
            f"x, y = (np.r_[one[:{state.examples}], one[{numbers.UNSEEN_FROM}:]] for one in (x, y))",
            f"unseen = np.arange(len(x)) >= {state.examples}",
        ]
    one, two = state.parts
    fit = (
        f"fitted_with_l1(h[~unseen], y[~unseen], {one!r}, {two!r})"
        if one
        else f"fitted(decomposed(h[~unseen]), y[~unseen], {two!r})"
    )
    lines += [
        f"h = swings(x, {state.degree}, {state.basis!r})",
        f"w = {fit}",
        "b = y[~unseen].mean() - h[~unseen].mean(axis=0) @ w",
        "squares = (h @ w + b - y) ** 2",
        "seen_error, unseen_error = squares[~unseen].mean(), squares[unseen].mean()",
        "print('error on seen points', seen_error, 'on unseen ones', unseen_error)",
        "print('weights that are exactly 0:', (w == 0).sum())",
    ]
    return "\n".join(lines) + "\n"


def code_results(state: RegularizeState, result: RegularizeResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"w": result.weights, "seen_error": result.seen_error, "unseen_error": result.unseen_error}
