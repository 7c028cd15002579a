"""A sweep on Ray, through joblib's own back end: the runs of one process, each of them once, whatever becomes of a worker."""

import math
import os
import threading

import joblib
import numpy as np
import pytest

import dlcourse as dl
from dlcourse.sweeps import workers

ray = pytest.importorskip("ray", reason="needs the extra interop")

SPACE = {"lr": dl.spaces.log_uniform(0.001, 1), "units": dl.spaces.integers(2, 8)}


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Two workers on this machine."""
    from ray.util.joblib import register_ray

    register_ray()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    yield
    ray.shutdown()


def rng():
    return np.random.default_rng(7)


def swept(run, **settings):
    """The same sweep here and on Ray."""
    settings = {"space": SPACE, "budget": 8} | settings
    here = dl.sweep(run, rng=rng(), jobs=1, progress=False, **settings)
    with joblib.parallel_config(backend="ray"):
        there = dl.sweep(run, rng=rng(), progress=False, **settings)
    return here, there


def told(result):
    """All that is the same wherever it ran."""
    return [(run.number, run.settings, run.outcome.scores, run.message) for run in result.runs]


def trained(settings, rng):
    """A small network on real data, a score after each epoch."""
    part, unseen = dl.data.iris().split(0.6, 0.4, rng=rng)
    hidden = dl.Dense(4, settings["units"], activation=dl.tanh, rng=rng)
    model = dl.Sequential(hidden, dl.Dense(settings["units"], 3, rng=rng))
    optimizer = dl.SGD(model.parameters(), lr=settings["lr"])
    while True:
        dl.fit(
            model, part, loss=dl.cross_entropy, optimizer=optimizer, epochs=1, batch_size=10, rng=rng, progress=False
        )
        yield dl.accuracy(model, unseen)


def test_the_runs_are_those_of_one_process(monkeypatch):
    monkeypatch.setattr(workers, "_alone", None)  # no worker dies, so no run is made by itself
    here, there = swept(trained, epochs=3)
    assert told(here) == told(there) and {run.epochs for run in there.runs} == {3}
    here, there = swept(trained, strategy="halving", epochs=9, budget=9)
    assert told(here) == told(there) and here.epochs == there.epochs


def faulty(settings, rng):
    return {"raises": lambda: 1 / 0, "nan": lambda: math.nan, "exit": lambda: exit(3), "fine": lambda: 1.0}[
        settings["kind"]
    ]()


def test_a_run_that_raises_and_one_without_a_number_are_kept_with_their_message():
    space = {"kind": dl.spaces.choice("raises", "nan", "exit", "fine")}
    here, there = swept(faulty, space=space, strategy="grid", budget=4)
    assert [run.message for run in there.runs] == [
        "ZeroDivisionError: division by zero",
        "Its score is nan.",
        "SystemExit: 3",
        "",
    ]
    assert str(told(here)) == str(told(there))  # NaN is not equal to itself


def plain(settings, rng):
    return settings["a"] + rng.normal()


def dying(settings, rng):
    """The same, but some runs end their process."""
    if settings["a"] > 0.7:
        os._exit(1)
    return plain(settings, rng)


def test_a_worker_that_dies_costs_only_its_run():
    settings = {"space": {"a": dl.spaces.uniform(0, 1)}, "budget": 6, "progress": False}
    here = dl.sweep(plain, rng=rng(), jobs=1, **settings)
    with joblib.parallel_config(backend="ray"):
        there = dl.sweep(dying, rng=rng(), **settings)
    doomed = [run.number for run in here.runs if run.settings["a"] > 0.7]
    assert 0 < len(doomed) < 4
    assert [run.number for run in there.runs if "ended before the run did" in run.message] == doomed
    assert [one for one in told(there) if one[0] not in doomed] == [one for one in told(here) if one[0] not in doomed]


def test_a_function_that_cannot_be_sent_is_told_so():
    lock = threading.Lock()
    with joblib.parallel_config(backend="ray"), pytest.raises(dl.errors.WrongTypeError, match="cannot be sent"):
        dl.sweep(lambda settings, rng: lock.locked(), SPACE, budget=2, rng=rng(), progress=False)
