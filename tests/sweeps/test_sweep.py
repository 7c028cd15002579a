"""Sweeps: the same numbers everywhere, nothing lost, nothing twice."""

import io
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import joblib
import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DataError, FileFormatError
from dlcourse.progress import progress_bar
from dlcourse.sweeps.log import fingerprint
from dlcourse.sweeps.strategies import rungs

SPACE = {"lr": dl.spaces.log_uniform(0.001, 1), "units": dl.spaces.integers(2, 8)}


def rng():
    return np.random.default_rng(7)


def noisy(settings, rng):
    """A score that depends on the settings and on the run's own generator."""
    return settings["lr"] * settings["units"] + rng.normal()


def train(settings, rng):
    """A small network on real data, a score after each epoch."""
    part, unseen = dl.data.iris().split(0.6, 0.4, rng=rng)
    model = dl.Sequential(
        dl.Dense(4, settings["units"], activation=dl.tanh, rng=rng), dl.Dense(settings["units"], 3, rng=rng)
    )
    optimizer = dl.SGD(model.parameters(), lr=settings["lr"])
    while True:
        dl.fit(
            model, part, loss=dl.cross_entropy, optimizer=optimizer, epochs=1, batch_size=10, rng=rng, progress=False
        )
        yield dl.accuracy(model, unseen)


def scores(result):
    return [run.outcome.scores for run in result.runs]


def settings(result):
    return [run.settings for run in result.runs]


def test_two_processes_give_the_numbers_of_one():
    one = dl.sweep(train, SPACE, budget=6, epochs=3, rng=rng(), jobs=1)
    two = dl.sweep(train, SPACE, budget=6, epochs=3, rng=rng(), jobs=2)
    assert settings(one) == settings(two) and scores(one) == scores(two)
    assert len({tuple(each) for each in scores(one)}) > 3  # they differ among themselves
    assert [run.number for run in two.runs] == list(range(6)) and one.epochs == 18


def test_a_larger_budget_begins_with_the_runs_of_the_smaller():
    few, many = (dl.sweep(noisy, SPACE, budget=budget, rng=rng(), jobs=1) for budget in (3, 8))
    assert settings(many)[:3] == settings(few) and scores(many)[:3] == scores(few)
    other = dl.sweep(noisy, SPACE, budget=3, rng=np.random.default_rng(8), jobs=1)
    assert scores(other) != scores(few)


def test_one_generator_gives_two_sweeps_different_runs():
    shared = rng()
    first, second = (dl.sweep(noisy, SPACE, budget=3, rng=shared, jobs=1) for _ in range(2))
    assert not set(map(str, settings(first))) & set(map(str, settings(second)))


def test_draws_lie_in_their_space_and_are_spread_as_it_says():
    draws = np.random.default_rng(0)
    rates = np.array([dl.spaces.log_uniform(0.0001, 1).draw(draws) for _ in range(4000)])
    assert rates.min() >= 0.0001 and rates.max() <= 1
    assert np.allclose(np.histogram(np.log10(rates), bins=4, range=(-4, 0))[0] / 4000, 0.25, atol=0.03)
    even = np.array([dl.spaces.uniform(-1, 3).draw(draws) for _ in range(4000)])
    assert np.allclose(np.histogram(even, bins=4, range=(-1, 3))[0] / 4000, 0.25, atol=0.03)
    whole = [dl.spaces.integers(-1, 2).draw(draws) for _ in range(400)]
    assert set(whole) == {-1, 0, 1, 2} and all(type(value) is int for value in whole)
    assert {dl.spaces.choice("a", "b").draw(draws) for _ in range(40)} == {"a", "b"}


def test_a_grid_tries_every_level_with_every_other():
    space = {"lr": dl.spaces.log_uniform(0.01, 1), "f": dl.spaces.choice("a", "b"), "n": dl.spaces.integers(1, 9)}
    tried = settings(dl.sweep(lambda s, rng: 0.0, space, budget=20, strategy="grid", rng=rng(), jobs=1))
    assert len(tried) == 18 and len({str(each) for each in tried}) == 18
    assert {round(each["lr"], 9) for each in tried} == {0.01, 0.1, 1.0} and {each["n"] for each in tried} == {1, 5, 9}
    listed = {"lr": dl.spaces.grid(0.1, 0.2), "f": dl.spaces.choice("a", "b")}
    assert len(dl.sweep(lambda s, rng: 0.0, listed, budget=50, strategy="grid", rng=rng(), jobs=1)) == 4


@pytest.mark.parametrize(
    "budget, epochs, eta", [(27, 27, 3), (16, 8, 2), (10, 9, 3), (5, 100, 4), (1, 4, 3), (9, 1, 3)]
)
def test_halving_gives_the_last_run_all_epochs_and_the_first_round_all_runs(budget, epochs, eta):
    plan = rungs(budget, epochs, eta)
    assert plan[0][0] == budget and plan[-1][1] == epochs
    assert all(a >= b and s <= t for (a, s), (b, t) in zip(plan, plan[1:], strict=False))


def test_halving_keeps_the_best_of_each_round_and_begins_them_anew():
    full = dl.sweep(train, SPACE, budget=9, epochs=9, rng=rng(), jobs=1)
    halved = dl.sweep(train, SPACE, budget=9, epochs=9, strategy="halving", rng=rng(), jobs=1)
    assert settings(full) == settings(halved)
    for long, short in zip(scores(full), scores(halved), strict=True):
        assert long[: len(short)] == short
    assert sorted(run.epochs for run in halved.runs) == [1] * 6 + [3] * 2 + [9]
    assert halved.epochs == 9 + 3 * 3 + 9 and full.epochs == 81
    first = [each[0] for each in scores(full)]
    went_on = [run.number for run in halved.runs if run.epochs > 1]
    assert sorted(first)[-3:] == sorted(first[number] for number in went_on)
    assert halved.best.epochs == 9


def test_the_direction_says_which_is_best():
    high, low = (
        dl.sweep(noisy, SPACE, budget=5, rng=rng(), direction=way, jobs=1).best for way in ("maximize", "minimize")
    )
    assert high.score > low.score


def faulty(settings, rng):
    kinds = {"raises": lambda: 1 / 0, "nan": lambda: math.nan, "infinite": lambda: math.inf, "nothing": lambda: None,
             "words": lambda: "0.9", "several": lambda: [0.1, 0.2], "exit": lambda: exit(3), "fine": lambda: 1.0}  # fmt: skip
    return kinds[settings["kind"]]()


def test_a_run_that_fails_is_kept_with_its_message_and_the_others_go_on():
    kinds = ("raises", "nan", "infinite", "nothing", "words", "several", "exit", "fine")
    space = {"kind": dl.spaces.choice(*kinds)}
    result = dl.sweep(faulty, space, budget=8, strategy="grid", rng=rng(), jobs=1)
    said = {run.settings["kind"]: run.message for run in result.runs}
    assert said == {
        "raises": "ZeroDivisionError: division by zero",
        "nan": "Its score is nan.",
        "infinite": "Its score is inf.",
        "nothing": "A score is a number, not None. Did it forget its return?",
        "words": "A score is a number, not '0.9'.",
        "several": "A score is a number, not [0.1, 0.2]. To give a score after each epoch, yield them one by one.",
        "exit": "SystemExit: 3",
        "fine": "",
    }
    assert result.best.settings == {"kind": "fine"} and len(result.ranked()) == 1
    assert "ZeroDivisionError" in result.table() and "7 without a score" in repr(result)


def test_a_function_that_yields_nothing_says_so():
    result = dl.sweep(lambda s, rng: (each for each in ()), SPACE, budget=1, rng=rng(), jobs=1)
    assert result.runs[0].message == "It ended without a score: nothing was yielded."
    with pytest.raises(DataError, match="nothing was yielded"):
        _ = result.best


def dying(settings, rng):
    if settings["a"] > 0.7:
        os._exit(1)
    return settings["a"]


def test_a_process_that_dies_costs_only_its_run():
    result = dl.sweep(dying, {"a": dl.spaces.uniform(0, 1)}, budget=10, rng=rng(), jobs=2)
    doomed = [run.number for run in result.runs if run.settings["a"] > 0.7]
    assert 0 < len(doomed) < 6
    assert [run.number for run in result.runs if "ended before the run did" in run.message] == doomed
    assert all(run.score == run.settings["a"] for run in result.runs if run.number not in doomed)


CALLS = []
STOP_AT = [0]


def counted(settings, rng):
    """Notes its calls, and stops by hand in one of them."""
    CALLS.append(settings)
    if len(CALLS) == STOP_AT[0]:
        raise KeyboardInterrupt
    return noisy(settings, rng)


def test_an_interrupted_sweep_goes_on_from_its_log(tmp_path):
    whole, log = dl.sweep(noisy, SPACE, budget=6, rng=rng(), jobs=1), tmp_path / "runs.jsonl"
    CALLS.clear()
    STOP_AT[0] = 4
    stopped = dl.sweep(counted, SPACE, budget=6, rng=rng(), jobs=1, log=log)
    assert stopped.interrupted and scores(stopped) == scores(whole)[:3]
    with log.open("a") as file:
        file.write('{"run": 3, "sett')  # the program was killed while it wrote
    CALLS.clear()
    STOP_AT[0] = 0
    resumed = dl.sweep(counted, SPACE, budget=6, rng=rng(), jobs=1, log=log)
    assert len(CALLS) == 3 and scores(resumed) == scores(whole) and not resumed.interrupted
    again = dl.sweep(counted, SPACE, budget=6, rng=rng(), jobs=1, log=log)
    assert len(CALLS) == 3 and scores(again) == scores(whole)  # nothing was left to do
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["run"] for line in lines[1:]] == list(range(6))


def test_a_function_that_was_rewritten_does_not_go_on_from_its_old_log(tmp_path):
    program = """
def run(settings, rng):
    kinds = {{"a", "b", "c", "d"}}  # {comment}
    return {score} if "b" in {{"a", "b", "c", "d"}} else 0.0
"""
    log = tmp_path / "runs.jsonl"

    def written(**parts):
        names = {}
        exec(program.format(**parts), names)
        return names["run"]

    first = dl.sweep(written(score="0.1", comment=""), SPACE, budget=1, rng=rng(), jobs=1, log=log)
    again = dl.sweep(written(score="0.1", comment="a comment"), SPACE, budget=1, rng=rng(), jobs=1, log=log)
    assert scores(first) == scores(again)
    with pytest.raises(ArgumentError, match="another run.*has been rewritten since, and its old scores"):
        dl.sweep(written(score="0.2", comment=""), SPACE, budget=1, rng=rng(), jobs=1, log=log)


def test_a_fingerprint_is_the_same_in_every_process_and_sees_through_wrappings():
    assert fingerprint(partial(noisy, rng=None)) == fingerprint(noisy) != fingerprint(wait)
    assert "0x" not in fingerprint(partial(max, 1))
    code = (
        "from dlcourse.sweeps.log import fingerprint; print(fingerprint(lambda s, r: s in {'a', 'b', 'c', 'd', 'e'}))"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(said) == 1


def test_a_run_can_be_made_again_to_keep_its_model():
    result = dl.sweep(noisy, SPACE, budget=5, rng=rng(), jobs=1)
    best = result.best
    assert noisy(best.settings, best.rng()) == best.score == noisy(best.settings, best.rng())
    assert noisy(best.settings, result.runs[best.number - 1].rng()) != best.score


def test_bars_of_what_runs_inside_are_not_shown(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    kinds = []

    def run(settings, rng):
        with progress_bar(3) as bar:
            kinds.append(type(bar).__name__)
        return 0.0

    dl.sweep(run, SPACE, budget=2, rng=rng(), jobs=1)
    with progress_bar(1) as bar:
        kinds.append(type(bar).__name__)
    assert kinds == ["Silent", "Silent", "_Terminal"]
    assert sys.stderr.getvalue().count("2/2") >= 1


def test_a_failed_run_and_a_halving_come_back_from_their_logs(tmp_path):
    space = {"kind": dl.spaces.choice("nan", "raises", "fine")}
    first, second = (
        dl.sweep(faulty, space, budget=3, strategy="grid", rng=rng(), jobs=1, log=tmp_path / "a") for _ in range(2)
    )
    assert [run.message for run in first.runs] == [run.message for run in second.runs]
    ways = {"budget": 9, "epochs": 9, "strategy": "halving", "jobs": 1, "log": tmp_path / "b"}
    first, second = (dl.sweep(train, SPACE, rng=rng(), **ways) for _ in range(2))
    assert scores(first) == scores(second) and first.epochs == second.epochs


def test_a_log_of_another_sweep_and_another_file_are_left_alone(tmp_path):
    log = tmp_path / "runs.jsonl"
    dl.sweep(noisy, SPACE, budget=2, rng=rng(), jobs=1, log=log)
    before = log.read_bytes()
    for changed, what in (
        ({"rng": np.random.default_rng(8)}, "rng"),
        ({"space": {"lr": SPACE["lr"]}}, "space"),
        ({"strategy": "grid"}, "strategy"),
        ({"run": on_cluster}, "run"),
    ):
        with pytest.raises(ArgumentError, match=f"another {what}"):
            dl.sweep(**({"run": noisy, "space": SPACE, "budget": 2, "rng": rng(), "jobs": 1, "log": log} | changed))
    for text in ("no log\n", "{}\n", '{"sweep": 1}\n', "[]\n", "\n"):
        (tmp_path / "other").write_text(text)
        with pytest.raises(FileFormatError, match="no log of a sweep"):
            dl.sweep(noisy, SPACE, budget=2, rng=rng(), jobs=1, log=tmp_path / "other")
        assert (tmp_path / "other").read_text() == text
    log.write_bytes(before.replace(b'"scores"', b'"notes"'))
    with pytest.raises(FileFormatError, match="its line 2 is no record"):
        dl.sweep(noisy, SPACE, budget=2, rng=rng(), jobs=1, log=log)


def test_which_knob_matters_is_measured():
    space = {name: dl.spaces.uniform(0, 1) for name in ("counts", "idle")} | {"kind": dl.spaces.choice("a", "b")}
    result = dl.sweep(lambda s, rng: s["counts"], space, budget=200, rng=rng(), jobs=1)
    shares = result.importance()
    assert shares["counts"] > 0.9 and shares["idle"] < 0.05 and shares["kind"] < 0.05
    both = dl.sweep(lambda s, rng: s["counts"] + (s["kind"] == "a"), space, budget=200, rng=rng(), jobs=1).importance()
    assert 0.15 < both["counts"] < 0.35 < 0.65 < both["kind"] < 0.85  # variances 1/12 and 1/4


def test_the_table_and_the_picture_show_every_run():
    space = SPACE | {"f": dl.spaces.choice(dl.relu, dl.tanh)}
    result = dl.sweep(
        lambda s, rng: 1 / 0 if s["units"] == 2 else noisy(s, rng),
        space,
        budget=30,
        rng=np.random.default_rng(1),
        jobs=1,
    )
    failed = 30 - len(result.ranked())
    lines = result.table().splitlines()
    assert len(lines) == 31 and lines[0].split() == ["run", "lr", "units", "f", "score", "epochs", "seconds"]
    assert lines[1].split()[0] == str(result.best.number) and failed > 0
    *panels, coordinates = result.plot()
    assert [axes.get_xlabel() for axes in panels] == list(space)
    for axes, name in zip(panels, space, strict=True):
        points, best, crosses = axes.lines
        at = [("relu", "tanh").index(run.settings[name].__name__) if name == "f" else run.settings[name] for run in result.ranked()]  # fmt: skip
        assert list(points.get_xdata()) == at
        assert list(points.get_ydata()) == [run.score for run in result.ranked()]
        assert list(best.get_xdata()) == at[:1] and len(crosses.get_xdata()) == failed
        assert axes.get_xscale() == ("log" if name == "lr" else "linear")
    runs = [line for line in coordinates.lines if len(line.get_xdata()) == 4]
    assert len(runs) == len(result.ranked())
    assert runs[-1].get_ydata()[-1] == 1 and runs[-1].get_linewidth() > 2  # the best, on top
    texts = {text.get_text() for text in coordinates.texts}
    assert {f"{result.best.score:.3g}", "relu", "tanh"} <= texts


def test_a_picture_of_one_run_and_of_none_can_be_drawn():
    for run in (lambda s, rng: 1.0, lambda s, rng: math.nan):
        dl.sweep(run, SPACE, budget=1, rng=rng(), jobs=1).plot()


def wait(settings, rng):
    time.sleep(0.5)
    return settings["lr"]


def test_two_cores_make_twice_as_many_runs():
    dl.sweep(noisy, SPACE, budget=4, rng=rng(), jobs=2)  # the processes are there
    started = time.perf_counter()
    dl.sweep(wait, SPACE, budget=24, rng=rng(), jobs=2)
    assert time.perf_counter() - started < 0.6 * 24 * 0.5


def on_cluster(settings, rng):
    time.sleep(0.2)
    return settings["lr"] + rng.normal()


def test_on_a_cluster_a_worker_is_killed_and_all_runs_arrive_once():
    from dask.distributed import Client, LocalCluster

    serial = dl.sweep(on_cluster, SPACE, budget=12, rng=rng(), jobs=1)
    where = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(processes=True, **where) as cluster, Client(cluster) as client:
        victim, other = client.run(os.getpid).values()
        killer = threading.Timer(0.7, os.kill, (victim, signal.SIGKILL))
        killer.start()
        with joblib.parallel_config(backend="dask"):
            result = dl.sweep(on_cluster, SPACE, budget=12, rng=rng())
        killer.join()
        assert victim not in client.run(os.getpid).values() and victim != other
    assert [run.number for run in result.runs] == list(range(12))
    assert scores(result) == scores(serial) and settings(result) == settings(serial)
