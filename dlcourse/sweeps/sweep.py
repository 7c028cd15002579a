"""`sweep`: a budget of runs, each with other settings, on all cores or on a cluster."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dlcourse.calls import explained
from dlcourse.errors import ArgumentError, WrongTypeError, brief, check_whole, closest, joined
from dlcourse.initializers import check_rng
from dlcourse.progress import Silent, progress_bar
from dlcourse.sweeps.log import Log, fingerprint
from dlcourse.sweeps.result import SweepResult
from dlcourse.sweeps.runs import Outcome, Run, Task
from dlcourse.sweeps.spaces import Space, label
from dlcourse.sweeps.strategies import planned, survivors
from dlcourse.sweeps.workers import arrivals

__all__ = ["sweep"]

STRATEGIES = ("random", "grid", "halving")
DIRECTIONS = ("maximize", "minimize")


@explained
def sweep(
    run: Callable[..., Any],
    space: Mapping[str, Space],
    *,
    budget: int,
    rng: np.random.Generator,
    strategy: str = "random",
    direction: str = "maximize",
    epochs: int | None = None,
    eta: int = 3,
    log: str | os.PathLike[str] | None = None,
    jobs: int = -1,
    progress: bool = True,
) -> SweepResult:
    """Call a function with many settings, and keep what came of each: for choosing a learning rate, a width, an activation.

    The same `rng` gives the same settings and the same scores on one core, on many, and on a cluster. A run that raises an
    error or whose score is not a number is kept with its message, and the others go on.

    Parameters
    ----------
    run : callable
        (settings, rng) -> a score. `settings` is a dict with a value for each name of the space; `rng` is a generator of this
        run's own, for initial weights, minibatches and the like. A function that yields a score after each epoch lets
        "halving" end it early.
    space : dict
        What each setting may be, by its name, such as ``{"lr": dl.spaces.log_uniform(0.001, 1)}``.
    budget : int
        The number of runs; for "halving" of those that are begun.
    rng : numpy Generator
        Draws the settings, and gives each run a generator of its own.
    strategy : "random", "grid" or "halving"
        Settings at random; each level with each other; or at random, but only one of `eta` goes on for `eta` times as many
        epochs, again and again.
    direction : "maximize" or "minimize"
        Whether a higher or a lower score is better.
    epochs : int, optional
        After how many scores a run that yields them is ended; for "halving" what the last one gets, and needed there.
    eta : int
        Of how many runs one goes on in "halving", 2 or more. It begins anew from its own rng, so nothing has to be kept.
    log : path, optional
        A file to which each run is added when it is done, a line of JSON each. Called again with the same arguments and a
        new `rng` of the same seed, an interrupted sweep goes on from it; not if `run` itself has been rewritten since.
    jobs : int
        How many runs at a time: −1 for one on each core, 1 for one after the other, without other processes. In a browser it
        is always one.
    progress : bool
        Whether to show a bar.

    Returns
    -------
    SweepResult
        Stopping by hand (Ctrl-C, Interrupt) returns it too, with the runs that were done.

    Raises
    ------
    ArgumentError
        If a setting is out of range, a grid does not fit into the budget, or `log` belongs to another sweep.
    WrongTypeError
        If an argument is of the wrong kind, or `run` does not take (settings, rng), or cannot be sent to another process.
    FileFormatError, FileAccessError
        If `log` cannot be read or written.

    Notes
    -----
    Runs are made by joblib. On a cluster: ``with joblib.parallel_config(backend="dask"): dl.sweep(...)``. The same with
    "ray" after ``ray.util.joblib.register_ray()``; Ray hands over as many runs at once as it has workers.

    References
    ----------
    Bergstra, Bengio (2012), “Random Search for Hyper-Parameter Optimization”.
    Jamieson, Talwalkar (2016), “Non-stochastic Best Arm Identification and Hyperparameter Optimization”.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> def run(settings, rng):
    ...     train, unseen = dl.data.moons(100, rng=rng), dl.data.moons(100, rng=rng)
    ...     model = dl.Sequential(dl.Dense(2, settings["units"], activation=dl.tanh, rng=rng), dl.Dense(settings["units"], 2, rng=rng))
    ...     dl.fit(model, train, loss=dl.cross_entropy, optimizer=dl.SGD(model.parameters(), lr=settings["lr"]), epochs=5,
    ...            batch_size=10, rng=rng)
    ...     return dl.accuracy(model, unseen)
    >>> space = {"lr": dl.spaces.log_uniform(0.001, 1), "units": dl.spaces.integers(2, 32)}
    >>> result = dl.sweep(run, space, budget=6, rng=np.random.default_rng(0), jobs=1)
    >>> len(result), result.best.score > 0.8
    (6, True)
    """
    spaces = _check(run, space, strategy, direction, jobs)
    budget, eta = check_whole("sweep", "budget", budget), check_whole("sweep", "eta", eta, least=2)
    epochs = None if epochs is None else check_whole("sweep", "epochs", epochs)
    if strategy == "halving" and (epochs is None or not _yields(run)):
        raise ArgumentError(
            'sweep: strategy="halving" needs epochs=..., how many the last run gets, and a run that says “yield score” after each '
            "epoch, not “return score” at its end."
        )
    head: dict[str, Any] = {
        "run": fingerprint(run),
        "space": {name: repr(knob) for name, knob in spaces.items()},
        "strategy": strategy,
    }
    head |= _seed_of(rng)
    if strategy == "halving":
        head |= {"epochs": epochs, "eta": eta, "direction": direction}
    tasks, plan = planned(run, spaces, budget=budget, rng=rng, strategy=strategy, epochs=epochs, eta=eta)
    book = _Book(None if log is None else Log(log, head), jobs)
    with progress_bar(sum(number for number, _ in plan), show=progress) as bar:
        interrupted = book.fill(tasks, plan, direction, bar)
    return SweepResult(
        list(book.runs.values()), spaces, direction=direction, epochs=book.epochs, interrupted=interrupted
    )


class _Book:
    """The runs that are done, each with what came of its longest."""

    def __init__(self, log: Log | None, jobs: int) -> None:
        self.log, self.jobs = log, jobs
        self.runs: dict[int, Run] = {}
        self.epochs = 0

    def fill(self, tasks: list[Task], plan: list[tuple[int, int | None]], direction: str, bar: Silent) -> bool:
        """Make the runs, round after round; says whether it was stopped by hand."""
        going = list(range(len(tasks)))
        try:
            for i, (most, epochs) in enumerate(plan):
                if i:
                    going = survivors([self.runs[each] for each in going], most, direction)
                if i and epochs == plan[i - 1][1]:
                    continue  # these were just made
                self._make([replace(tasks[number], epochs=epochs) for number in going], bar)
        except KeyboardInterrupt:
            return True
        finally:
            self.runs = dict(sorted(self.runs.items()))
        return False

    def _make(self, tasks: list[Task], bar: Silent) -> None:
        missing = []
        for task in tasks:
            outcome = None if self.log is None else self.log.outcome_of(task)
            if outcome is None:
                missing.append(task)
            else:
                self._note(task, outcome, bar)
        for task, outcome in arrivals(missing, self.jobs):
            if self.log is not None:
                self.log.add(task, outcome)
            self._note(task, outcome, bar)

    def _note(self, task: Task, outcome: Outcome, bar: Silent) -> None:
        self.runs[task.number] = Run(task.number, task.settings, outcome, task.seed)
        self.epochs += len(outcome.scores)
        bar.say(outcome.message or f"run {task.number}: {outcome.score:.4g}")
        bar.advance()


def _check(run: Any, space: Any, strategy: Any, direction: Any, jobs: Any) -> dict[str, Space]:
    if not callable(run):
        raise WrongTypeError(f"sweep: run should be a function from (settings, rng) to a score, not {brief(run)}.")
    try:
        inspect.signature(run).bind({}, None)
    except TypeError:
        raise WrongTypeError(
            f"sweep: run is called as run(settings, rng). The function given takes ({joined(inspect.signature(run).parameters)})."
        ) from None
    except ValueError:  # written in C: Python cannot say what it takes
        pass
    for name, value, known in (("strategy", strategy, STRATEGIES), ("direction", direction, DIRECTIONS)):
        if value not in known:
            meant = closest(str(value), known)
            hint = f"Did you mean {meant!r}?" if meant else f"There are {joined(map(repr, known))}."
            raise ArgumentError(f"sweep: there is no {name} {brief(value)}. {hint}")
    if jobs != -1:
        check_whole("sweep", "jobs", jobs, why="−1 means one on each core.")
    if not isinstance(space, Mapping) or not space:
        raise WrongTypeError(
            f'sweep: space should be a dict from names to spaces, such as {{"lr": dl.spaces.log_uniform(0.001, 1)}}, not {brief(space)}.'
        )
    for name, knob in space.items():
        if not isinstance(knob, Space):
            advice = (
                f"dl.spaces.choice({', '.join(map(label, knob))})"
                if isinstance(knob, (list, tuple)) and knob
                else "dl.spaces.uniform(low, high)"
            )
            raise WrongTypeError(f"sweep: {name!r} should be a space, such as {advice}, not {brief(knob)}.")
    return {str(name): knob for name, knob in space.items()}


def _yields(run: Any) -> bool:
    return inspect.isgeneratorfunction(run) or inspect.isgeneratorfunction(getattr(run, "__call__", None))  # noqa: B004


def _seed_of(rng: Any) -> dict[str, Any]:
    """What tells one generator from another: its seed, and how often it has been divided."""
    seed = getattr(check_rng("sweep", rng).bit_generator, "seed_seq", None)
    if not isinstance(seed, np.random.SeedSequence):
        raise WrongTypeError(
            "sweep: rng should be made by np.random.default_rng(seed): this one cannot be divided into one for each run."
        )
    parts = [str(seed.entropy), *map(int, seed.spawn_key), int(seed.n_children_spawned)]
    return {"rng": parts}
