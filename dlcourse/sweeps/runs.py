"""One run of a sweep: calling the learner's function, here or in another process, and what came of it."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from dlcourse.errors import brief
from dlcourse.progress import unseen

__all__ = ["Outcome", "Run", "Task", "measured"]


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes
    ----------
    scores : list of float
        One, or one per epoch where the function yields them.
    seconds : float
        How long it took.
    message : str
        Why it has no score, or "".

    Examples
    --------
    >>> Outcome(scores=[0.5, 0.75]).score
    0.75
    """

    scores: list[float] = field(default_factory=list)
    seconds: float = 0.0
    message: str = ""

    @property
    def score(self) -> float:
        """The last score; NaN if the run failed."""
        return self.scores[-1] if self.scores and not self.message else math.nan


@dataclass(frozen=True)
class Run:
    """A run of a sweep.

    Attributes
    ----------
    number : int
        From 0, in the order in which the settings were chosen.
    settings : dict
        A value for each name of the space.
    outcome : Outcome
    seed : SeedSequence
        Of the generator that it was given.

    Examples
    --------
    >>> run = Run(0, {"lr": 0.1}, Outcome(scores=[0.5, 0.75]))
    >>> run.score, run.epochs
    (0.75, 2)
    """

    number: int
    settings: dict[str, Any]
    outcome: Outcome
    seed: np.random.SeedSequence = field(default_factory=np.random.SeedSequence, repr=False)

    def rng(self) -> np.random.Generator:
        """A generator as the run was given it, to make the same run again and keep its model."""
        return np.random.default_rng(self.seed)

    @property
    def score(self) -> float:
        """The last score; NaN if the run failed."""
        return self.outcome.score

    @property
    def epochs(self) -> int:
        """How many scores it gave: 1, or one per epoch."""
        return len(self.outcome.scores)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.outcome.seconds

    @property
    def message(self) -> str:
        """Why it has no score, or ""."""
        return self.outcome.message


@dataclass(frozen=True)
class Task:
    """A run that is still to be made.

    Attributes
    ----------
    run : callable
        The learner's function.
    number : int
        Of the run.
    settings : dict
    seed : SeedSequence
        Every time the run is made, it begins with a new generator of this seed.
    epochs : int or None
        After how many scores to end it; None leaves that to the function.

    Examples
    --------
    >>> Task(lambda settings, rng: settings["lr"], 0, {"lr": 0.1}, np.random.SeedSequence(0)).key
    (0, None)
    """

    run: Callable[..., Any]
    number: int
    settings: dict[str, Any]
    seed: np.random.SeedSequence
    epochs: int | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        """Which run, and how many of its epochs."""
        return self.number, self.epochs


def measured(task: Task) -> Outcome:
    """Make a run, with one thread of linear algebra, so that the numbers are the same wherever it is made.

    Parameters
    ----------
    task : Task

    Examples
    --------
    >>> def train(settings, rng):
    ...     for epoch in range(10):
    ...         yield epoch * settings["lr"]
    >>> measured(Task(train, 0, {"lr": 0.5}, np.random.SeedSequence(0), epochs=3)).scores
    [0.0, 0.5, 1.0]
    """
    scores: list[float] = []
    started, message = time.perf_counter(), ""
    try:
        with threadpool_limits(1), unseen():
            answer = task.run(dict(task.settings), np.random.default_rng(task.seed))
            yields = inspect.isgenerator(answer)
            answers: Any = islice(answer, task.epochs) if yields else [answer]
            for score in answers:
                message = _no_number(score, "yield" if yields else "return")
                if message:
                    break
                scores.append(float(score))
    except (Exception, SystemExit) as error:  # whatever a learner's function raises is what came of this run
        message = f"{type(error).__name__}: {error}"
    if not message and not scores:
        message = "It ended without a score: nothing was yielded."
    elif not message and not math.isfinite(scores[-1]):
        message = f"Its score is {scores[-1]}."
    return Outcome(scores, time.perf_counter() - started, message)


def _no_number(score: Any, gives: str) -> str:
    """Why this is no score, or ""."""
    try:
        if not isinstance(score, (str, bytes)):
            float(score)
            return ""
    except (TypeError, ValueError):
        pass
    hint = ""
    if score is None:
        hint = " Did it forget its return?" if gives == "return" else " Write “yield score”."
    elif gives == "return" and isinstance(score, (list, tuple)):
        hint = " To give a score after each epoch, yield them one by one."
    return f"A score is a number, not {brief(score)}.{hint}"
