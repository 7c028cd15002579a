"""diagnose finds each fault of the table first, nothing in a healthy run, and leaves everything as it was."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import tracemalloc
from collections import Counter

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.diagnosis import NAMES
from dlcourse.diagnosis.table import TABLE
from dlcourse.errors import ArgumentError, DataError, WrongTypeError

from .overlooked import FAULTS, HEALTHY
from .patients import CE, SE, Data, digits, given, loop, mlp, moons, plane, rng, stepping, table


def diagnosed(make):
    settings = {"seconds": 60.0} | (make() if callable(make) else make)  # other tests say how long it takes
    return dl.diagnose(settings.pop("model"), settings.pop("data"), **settings)


@pytest.mark.parametrize("name, where, make", FAULTS, ids=[f"{name}-{where}" for name, where, _ in FAULTS])
def test_the_fault_is_named_first(name, where, make):
    findings = diagnosed(make)
    assert findings.names[:1] == [name], str(findings)
    first = findings[0]
    told = ("The library refuses it: ", "Your step ", "The first step ends with ")
    assert any(letter.isdigit() for letter in first.seen) or first.seen.startswith(told), "no number"
    assert first.seen[-1] in ".?"
    if name != "a step fails":  # then there is nothing else that could be looked at
        assert not [one for one in findings.unseen if "Error" in one.why], findings.unseen


@pytest.mark.parametrize("where, make", HEALTHY, ids=[where for where, _ in HEALTHY])
def test_a_healthy_run_gets_no_finding(where, make):
    findings = diagnosed(make)
    assert not findings, str(findings)
    assert not [one for one in findings.unseen if "Error" in one.why], findings.unseen


def test_every_cause_has_three_situations_and_there_are_forty_healthy_runs():
    counted = Counter(name for name, _, _ in FAULTS)
    assert set(counted) <= set(NAMES)
    assert {name for name in NAMES if counted[name] < 3} <= {"parameters that never move"}
    assert len(HEALTHY) >= 40
    assert len({where for _, where, _ in FAULTS} | {where for where, _ in HEALTHY}) == len(FAULTS) + len(HEALTHY)


def test_the_same_code_gets_the_same_finding_by_fit_and_by_a_loop_of_ones_own():
    faulty = {
        "learning rate too high": lambda m: dl.SGD(m.parameters(), 50.0),
        "learning rate far too low": lambda m: dl.SGD(m.parameters(), 1e-5),
        "learning rate zero or negative": lambda m: dl.SGD(m.parameters(), 0.0),
        "optimizer holds other parameters than the model": lambda m: dl.SGD(m[0].parameters(), 0.1),
    }
    for name, make in faulty.items():
        m = mlp(64, 32, 10)
        assert diagnosed(given(m, digits(), CE, make(m))).names[:1] == [name]
        m = mlp(64, 32, 10)
        assert diagnosed(stepping(m, digits(), loop(m, CE, make(m)))).names[:1] == [name]


# What is left behind


def frozen(*things):
    """Everything in words: arrays as bytes, modes, states of generators."""
    return repr(things)


class Busy(dl.Module):
    """A model with whatever can change: parameters, averages, a generator, a counter, a list."""

    def __init__(self):
        r = rng()
        self.rng = rng(5)
        self.hidden, self.norm = dl.Dense(5, 8, activation=dl.relu, rng=r), dl.BatchNorm(8)
        self.drop, self.out = dl.Dropout(0.2, rng=rng(6)), dl.Dense(8, 1, rng=r)
        self.calls, self.means = 0, []

    def forward(self, x):
        self.calls += 1
        h = self.drop(self.norm(self.hidden(x)))
        self.means.append(float(h.data.mean()))
        return self.out(h)


COUNT = [0]
TOTAL = 0


def busy(after=10**9, error=ValueError):
    """A loop whose step changes all that it can reach, and fails after some calls."""
    model, data = Busy(), plane(120)
    optimizer = dl.Adam(model.parameters(), dl.schedules.warm_up(0.01, steps=20))
    batches = data.batches(16, rng=rng(9))
    losses, notes = [], {"best": 1.0}

    def step(x, y, kept=[]):  # noqa: B006
        global TOTAL
        TOTAL += 1
        COUNT[0] += 1
        optimizer.zero_grad()
        loss = SE(model(x + 0.0 * random.random() * np.random.random()), y)  # noqa: NPY002
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        kept.append(losses[-1])
        notes["best"] = min(notes["best"], losses[-1])
        x *= 0  # a careless step: it was given copies
        if len(losses) > after:
            raise error("on purpose")

    step(*next(iter(data.batches(16))))  # so that there are gradients, averages and a state

    def everything():
        state = optimizer.state_dict()
        parts = [p.data.tobytes() for p in model.parameters()] + [p.grad.tobytes() for p in model.parameters()]
        legacy = np.random.get_state()[1].tobytes()  # noqa: NPY002
        generators = [g.bit_generator.state for g in (model.rng, model.drop.rng, batches.rng)]
        return frozen(
            parts, [b.tobytes() for b in model.named_buffers().values()], model.calls, model.means, model.training, model.drop.training,
            generators, random.getstate(), legacy, {k: v.tobytes() if isinstance(v, np.ndarray) else v for k, v in state.items()},
            losses, step.__defaults__, notes, COUNT, TOTAL, data.x.tobytes(), data.y.tobytes(), [p.requires_grad for p in model.parameters()],
        )  # fmt: skip

    return model, batches, optimizer, step, everything


@pytest.mark.parametrize("own", [True, False])
def test_everything_is_as_before_bit_for_bit(own):
    model, batches, optimizer, step, everything = busy()
    before, arrays = everything(), [p.data for p in model.parameters()]
    chosen = rng(3)
    state = chosen.bit_generator.state
    dl.diagnose(
        model,
        batches,
        loss=SE,
        optimizer=optimizer,
        step=step if own else None,
        validation=plane(50, seed=8),
        rng=chosen,
    )
    assert everything() == before
    assert all(p.data is array for p, array in zip(model.parameters(), arrays, strict=True))
    assert chosen.bit_generator.state == state


def test_training_goes_on_as_if_nothing_had_been():
    ends = []
    for looked in (False, True):
        model, _, _, step, _ = busy()
        if looked:
            dl.diagnose(model, plane(120), loss=SE, step=step)
        for x, y in plane(120).batches(16, rng=rng(2)):
            step(x.copy(), y)
        ends.append([p.data.copy() for p in model.parameters()])
    for one, other in zip(*ends, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("after", [1, 2, 5, 30, 60])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_also_after_an_error_or_an_interrupt(after, error):
    model, batches, _, step, everything = busy(after, error)
    before = everything()
    if error is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            dl.diagnose(model, batches, loss=SE, step=step)
    else:
        dl.diagnose(model, batches, loss=SE, step=step)
    assert everything() == before
    assert dl.Tensor.backward.__qualname__ == "Tensor.backward" and dl.Optimizer.step.__qualname__ == "Optimizer.step"


IRIS = table("iris")
NUMBERLESS = np.where(np.arange(4) == 2, np.nan, IRIS.x[:1])


@pytest.mark.parametrize(
    "changed, told",
    [
        ({"data": (NUMBERLESS, IRIS.y[:1])}, ["NaN or infinity"]),
        ({"data": IRIS, "validation": (NUMBERLESS, IRIS.y[:1])}, ["NaN or infinity"]),
        ({"data": IRIS[:1]}, []),
        ({"data": IRIS[:2], "validation": IRIS[50:51]}, []),
        ({"data": [(IRIS.x[:9], IRIS.y[:9]), (IRIS.x[:9, :2], IRIS.y[:9])]}, ["a step fails"]),
        ({"data": [(IRIS.x[:9], IRIS.y[:9]), (IRIS.x[:0], IRIS.y[:0])]}, []),
        ({"data": (IRIS.x[:, 0], IRIS.y)}, ["a step fails"]),
        ({"data": IRIS, "loss": lambda p, y: p * p}, ["a step fails"]),
        ({"data": IRIS, "loss": lambda p, y: dl.Tensor(1.0)}, ["parameters that no gradient reaches"]),
        ({"data": IRIS, "model": lambda x: None}, ["a step fails"]),
        ({"data": IRIS, "step": lambda x: None}, ["a step fails"]),
        ({"data": Data(0 * IRIS.x, IRIS.y)}, ["constant features"]),
        ({"data": IRIS, "seconds": 1e-9}, []),
    ],
)
def test_what_cannot_be_trained_gets_a_finding_and_no_error(changed, told):
    m = mlp(4, 8, 3)
    before = frozen([p.data for p in m.parameters()], IRIS.x, IRIS.y)
    assert diagnosed({"model": m, "loss": CE} | changed).names[:1] == told
    assert frozen([p.data for p in m.parameters()], IRIS.x, IRIS.y) == before


def test_an_interrupt_in_the_loss_leaves_no_trace():
    model, batches, optimizer, _, everything = busy()
    before, calls = everything(), [0]

    def loss(p, y):
        calls[0] += 1
        if calls[0] == 40:
            raise KeyboardInterrupt
        return SE(p, y)

    with pytest.raises(KeyboardInterrupt):
        dl.diagnose(model, batches, loss=loss, optimizer=optimizer)
    assert everything() == before


# Time and memory


def slow(seconds, m=None):
    m = m or mlp(5, 8, 1)

    def model(x):
        time.sleep(seconds)
        return m(x)

    return model


@pytest.mark.parametrize("pause, seconds", [(0.02, 1.0), (0.2, 2.0)])
def test_it_takes_no_longer_than_it_may(pause, seconds):
    begin = time.perf_counter()
    findings = dl.diagnose(slow(pause), plane(), loss=SE, seconds=seconds)
    assert time.perf_counter() - begin < 1.2 * seconds + 0.3
    assert any("seconds were over" in one.why for one in findings.unseen)


@pytest.mark.parametrize("pause", [0.1, 0.4])
def test_nor_with_a_slow_step(pause):
    m = mlp(5, 8, 1)
    update = loop(m, SE, dl.Adam(m.parameters(), 0.01))

    def step(x, y):
        time.sleep(pause)
        update(x, y)

    begin = time.perf_counter()
    findings = dl.diagnose(m, plane(), loss=SE, step=step, seconds=1.5)
    assert time.perf_counter() - begin < 1.5 * 1.2 + pause
    assert not findings  # what was not seen is no fault
    assert {"learning rate too high", "learning rate far too low"} <= {one.name for one in findings.unseen}


def test_large_data_are_not_copied():
    x = np.tile(rng().normal(size=(2**10, 20)).astype(np.float32), (2**9, 1))
    m, o = mlp(20, 8, 2), None
    d = dl.data.Dataset(x, (x[:, 0] > 0).astype(int))
    o = dl.SGD(m.parameters(), 0.1)

    def step(a, b):
        assert not d.x.flags.writeable
        loop(m, CE, o)(a, b)

    tracemalloc.start()
    findings = dl.diagnose(m, d, loss=CE, step=step)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not findings and d.x.flags.writeable and peak < x.nbytes


def test_it_needs_no_more_memory_than_the_training_itself():
    """Twice the model's: what the model takes in training, and at most as much again."""
    d = digits(100)
    tracemalloc.start()
    m = mlp(64, 600, 600, 10)
    o = dl.Adam(m.parameters(), 0.001)
    loop(m, CE, o)(d.x[:32], d.y[:32])
    training = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    dl.diagnose(m, d, loss=CE, optimizer=o)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * training, peak / training


def test_the_library_loads_without_it():
    code = "import sys, dlcourse; assert not [m for m in sys.modules if m.startswith('dlcourse.diagnosis')]; dlcourse.diagnose"
    subprocess.run([sys.executable, "-c", code], check=True)


# How it reads


def test_the_note_reads_well():
    m = mlp(64, 32, 10)
    findings = diagnosed(given(m, digits(), CE, dl.SGD(m.parameters(), 0.0)))
    text = str(findings)
    assert text.startswith("One finding.\n\n1. learning rate zero or negative\n   Seen: ")
    for part in ("Why it matters: ", "What to do: ", "To see it yourself:", "Not looked at:"):
        assert part in text
    assert max(map(len, text.split("\n"))) <= 120
    html = findings._repr_html_()
    assert html.count("<li>") == len(findings) == 1 and "<pre>" in html and "learning rate zero or negative" in html
    assert repr(findings) == text and isinstance(findings, list)


def test_a_healthy_note():
    m = mlp(2, 16, 2)
    findings = diagnosed(given(m, moons()))
    assert findings == [] and not findings
    assert str(findings).startswith(f"Nothing found. {len(NAMES)} causes were looked for, and none of them showed.")


def test_it_says_what_it_could_not_look_at():
    findings = dl.diagnose(mlp(2, 16, 2), moons(), loss=CE)
    reasons = {one.name: one.why for one in findings.unseen}
    assert reasons["learning rate too high"] == "neither optimizer nor step was given"
    assert reasons["validation data leaked into training"] == "no validation data were given"
    assert reasons["batches sorted by class"] == "examples were given, not the minibatches that are made of them"


def test_every_row_of_the_table_says_all():
    for check in TABLE:
        assert check.why.endswith(".") and check.advice and check.code and "  " not in check.why + check.advice
        assert check.look.__doc__
        compile(check.code, check.name, "exec")


def test_what_is_refused():
    m = mlp(2, 16, 2)
    for wrong, kind, words in [
        ({"data": iter([1])}, WrongTypeError, "A generator deals them out only once"),
        ({"data": 5}, WrongTypeError, "data should be a dl.data.Dataset"),
        ({"data": [(1, 2, 3)]}, WrongTypeError, "a minibatch should be a pair"),
        ({"data": []}, DataError, "there are no minibatches with examples"),
        ({"loss": None}, WrongTypeError, "loss should be a function"),
        ({"step": 3}, WrongTypeError, "step should be a function"),
        ({"optimizer": dl.SGD}, WrongTypeError, "optimizer should be made first"),
        ({"validation": 3}, WrongTypeError, "validation should be a dl.data.Dataset"),
        ({"seconds": 0}, ArgumentError, "seconds should be more than 0"),
        ({"data": (np.zeros((0, 2)), np.zeros(0, int))}, DataError, "there are no examples"),
    ]:
        settings = {"data": moons(), "loss": CE} | wrong
        with pytest.raises(kind, match=words):
            dl.diagnose(m, settings.pop("data"), **settings)
