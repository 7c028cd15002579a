"""Which settings a sweep tries: those of a grid, random ones, or random ones of which the worse are given up early."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dlcourse.errors import ArgumentError
from dlcourse.sweeps.runs import Run, Task
from dlcourse.sweeps.spaces import Space

__all__ = ["drawn", "on_a_grid", "planned", "rungs", "survivors"]


def planned(
    run: Callable[..., Any],
    space: Mapping[str, Space],
    *,
    budget: int,
    rng: np.random.Generator,
    strategy: str,
    epochs: int | None = None,
    eta: int = 3,
) -> tuple[list[Task], list[tuple[int, int | None]]]:
    """The runs of a sweep, and how many of them are made for how many epochs in each round; nothing is run yet.

    Parameters
    ----------
    run, space, budget, rng, strategy, epochs, eta
        As `sweep` takes them, already checked.

    Examples
    --------
    >>> import dlcourse as dl
    >>> space = {"units": dl.spaces.integers(1, 9)}
    >>> rng = np.random.default_rng(0)
    >>> tasks, rounds = planned(print, space, budget=9, rng=rng, strategy="halving", epochs=9)
    >>> len(tasks), rounds
    (9, [(9, 1), (3, 3), (1, 9)])
    """
    sequence: Any = rng.bit_generator.seed_seq
    chooser, *seeds = sequence.spawn(1 + budget)  # the first runs are the same whatever the budget
    settings = on_a_grid(space, budget) if strategy == "grid" else drawn(space, budget, np.random.default_rng(chooser))
    tasks = [Task(run, i, each, seed, epochs) for i, (each, seed) in enumerate(zip(settings, seeds, strict=False))]
    if strategy == "halving" and epochs is not None:
        return tasks, list(rungs(budget, epochs, eta))
    return tasks, [(len(tasks), epochs)]


def drawn(space: Mapping[str, Space], budget: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Random settings, each of its own; a larger budget begins with the same ones.

    Parameters
    ----------
    space : dict
    budget : int
    rng : numpy Generator

    Examples
    --------
    >>> import dlcourse as dl
    >>> drawn({"units": dl.spaces.integers(1, 9)}, 2, np.random.default_rng(0))
    [{'units': 8}, {'units': 6}]
    """
    return [{name: knob.draw(rng) for name, knob in space.items()} for _ in range(budget)]


def on_a_grid(space: Mapping[str, Space], budget: int) -> list[dict[str, Any]]:
    """Each level of each setting with each of the others: as many levels as the budget allows, the same for every range.

    Parameters
    ----------
    space : dict
    budget : int

    Raises
    ------
    ArgumentError
        If the options alone are more than the budget.

    Examples
    --------
    >>> import dlcourse as dl
    >>> space = {"lr": dl.spaces.log_uniform(0.01, 1), "units": dl.spaces.integers(2, 8)}
    >>> len(on_a_grid(space, 9)), on_a_grid(space, 9)[1]
    (9, {'lr': 0.01, 'units': 5})
    """
    best: list[list[Any]] | None = None
    for number in range(1, budget + 1):
        levels = [knob.levels(number) for knob in space.values()]
        if math.prod(map(len, levels)) > budget or (best is not None and levels == best):
            break
        best = levels
    if best is None:
        needed = math.prod(len(knob.levels(1)) for knob in space.values())
        raise ArgumentError(f"sweep: this grid has {needed} places, more than the budget of {budget} runs.")
    places = np.indices([len(values) for values in best]).reshape(len(best), -1).T
    return [{name: values[i] for name, values, i in zip(space, best, place, strict=True)} for place in places]


def rungs(budget: int, epochs: int, eta: int) -> list[tuple[int, int]]:
    """How many runs are made for how many epochs in each round of successive halving.

    Parameters
    ----------
    budget, epochs, eta : int
        Runs at the beginning, epochs at the end, and of how many one goes on.

    References
    ----------
    Jamieson, Talwalkar (2016), “Non-stochastic Best Arm Identification and Hyperparameter Optimization”.

    Examples
    --------
    >>> rungs(27, 27, 3)
    [(27, 1), (9, 3), (3, 9), (1, 27)]
    """
    last = 0
    while eta ** (last + 1) <= min(budget, epochs):
        last += 1
    return [(max(1, budget // eta**i), max(1, round(epochs / eta ** (last - i)))) for i in range(last + 1)]


def survivors(runs: list[Run], number: int, direction: str) -> list[int]:
    """The numbers of the best runs; one that failed never survives.

    Parameters
    ----------
    runs : list of Run
    number : int
    direction : str

    Examples
    --------
    >>> from dlcourse.sweeps.runs import Outcome
    >>> survivors([Run(0, {}, Outcome([0.5])), Run(1, {}, Outcome([0.75]))], 1, "maximize")
    [1]
    """
    sign = -1 if direction == "maximize" else 1
    scored = [run for run in runs if math.isfinite(run.score)]
    return [run.number for run in sorted(scored, key=lambda run: (sign * run.score, run.number))[:number]]
