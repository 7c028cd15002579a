"""Where runs are made: one after the other here, or many at a time on cores or on a cluster, through joblib.

joblib's context `parallel_config(backend="dask")` sends them to a cluster without a change here. A Python that starts no
processes, as in a browser, makes one run after the other, with the same numbers.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

from dlcourse.errors import WrongTypeError
from dlcourse.surroundings import has_threads, needed
from dlcourse.sweeps.runs import Outcome, Task, measured

__all__ = ["arrivals"]

DIED = "The process that made it ended before the run did: was memory short, or did it call exit?"


def arrivals(tasks: list[Task], jobs: int) -> Iterator[tuple[Task, Outcome]]:
    """Make runs, and hand over each as soon as it is done, with what came of it.

    A process that dies costs only its run: the others are made again. A run that was lost is made once more, in a process
    of its own; if that dies too, so it is told.

    Parameters
    ----------
    tasks : list of Task
    jobs : int
        How many at a time; −1 for all cores, or all workers of a cluster.

    Raises
    ------
    WrongTypeError
        If the learner's function cannot be sent to another process.
    MissingPackageError
        If many are to be made at a time and joblib is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> tasks = [Task(lambda settings, rng: settings["lr"], 0, {"lr": 0.1}, np.random.SeedSequence(0))]
    >>> [outcome.score for _, outcome in arrivals(tasks, 1)]
    [0.1]
    """
    if jobs == 1 or not has_threads():
        for task in tasks:
            yield task, measured(task)
        return
    needed("sweep", "joblib", "joblib", "jobs=1 makes one run after the other; many at a time are made by")
    waiting = {task.key: task for task in tasks}
    lost = 0
    while waiting:
        try:
            for key, outcome in _together(list(waiting.values()), jobs):
                yield waiting.pop(key), outcome
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise WrongTypeError(
                f"sweep: run, or something that it uses, cannot be sent to another process ({error}). jobs=1 makes all runs here."
            ) from None
        except Exception:  # a worker died, and joblib gave up all that were under way
            lost += 1
            for task in list(waiting.values())[: _at_once(jobs)]:
                yield waiting.pop(task.key), _alone(task)


def _together(tasks: list[Task], jobs: int) -> Iterator[tuple[Any, Outcome]]:
    from joblib import Parallel, delayed, effective_n_jobs

    try:
        parallel = Parallel(n_jobs=jobs, batch_size=1, pre_dispatch="2 * n_jobs", return_as="generator_unordered")
    except ValueError:  # Ray hands over nothing before all are done: as many at a time as there are workers
        with Parallel(n_jobs=jobs, batch_size=1) as parallel:
            many = int(effective_n_jobs(jobs))
            for first in range(0, len(tasks), many):
                yield from parallel(delayed(_keyed)(task) for task in tasks[first : first + many])
    else:
        yield from parallel(delayed(_keyed)(task) for task in tasks)


def _keyed(task: Task) -> tuple[Any, Outcome]:
    return task.key, measured(task)


def _at_once(jobs: int) -> int:
    """How many runs may have been under way: those are in question when a process has died."""
    from joblib import effective_n_jobs

    return 2 * int(effective_n_jobs(jobs))


def _alone(task: Task) -> Outcome:
    """Make a run in a process where a crash hurts nobody else."""
    from joblib import Parallel, delayed

    try:
        return Parallel(n_jobs=2)([delayed(measured)(task)])[0]
    except Exception:
        return Outcome(message=DIED)
