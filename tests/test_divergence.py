"""Nothing that is NaN or infinite enters the weights: every way to get there, every optimizer, by fit and in a loop of one's own."""

from __future__ import annotations

import functools
import inspect

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ArgumentError, DivergenceError, GradientError

RULES = {
    "SGD": lambda p, **s: dl.SGD(p, 0.1, **s), "momentum": lambda p, **s: dl.SGD(p, 0.1, momentum=0.9, **s),
    "nesterov": lambda p, **s: dl.SGD(p, 0.1, momentum=0.9, nesterov=True, **s), "Adagrad": lambda p, **s: dl.Adagrad(p, 0.1, **s),
    "Adadelta": lambda p, **s: dl.Adadelta(p, **s), "RMSprop": lambda p, **s: dl.RMSprop(p, 0.1, **s), "Adam": lambda p, **s: dl.Adam(p, 0.1, **s),
    "AdamW": lambda p, **s: dl.AdamW(p, 0.1, **s), "Nadam": lambda p, **s: dl.Nadam(p, 0.1, **s),
}  # fmt: skip
CLIPPING = {"none": {}, "by value": {"clip_value": 1.0}, "by norm": {"clip_norm": 1.0}}
# Finite losses with gradients that are not, where the difference is 0: here it always is.
STEEP = {
    "root": lambda p, y: dl.sqrt(dl.squared_error(0 * p, 0 * y)),
    "power": lambda p, y: (dl.absolute(0 * (p - y)) ** 0.5).mean(),
    "norm": lambda p, y: dl.sqrt(((0 * (p - y)) ** 2).sum()),
    "root within": lambda p, y: dl.sqrt(dl.absolute(0 * (p - y)) + 1 - 1).sum() + dl.squared_error(p, y),
    "cube root": lambda p, y: ((0 * (p - y)) ** 2).sum() ** (1 / 3),
    "a factor too large": lambda p, y: ((p - y) * 1e-30 * 1e38 * 1e30).sum() * 1e-38,
}  # fmt: skip


def exact(seed=0, averages=True):
    """A model, and data on which its prediction is the truth."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(8, 2)).astype(np.float32)
    layers = [dl.Dense(2, 3, rng=rng), dl.BatchNorm(3)] if averages else [dl.Dense(2, 3, rng=rng)]
    model = dl.Sequential(*layers, dl.Dense(3, 1, rng=rng))
    with dl.no_grad():
        y = model(x).data.copy()
    return model, dl.data.Dataset(x, y)


def whole(model, optimizer):
    arrays = [p.data for p in model.parameters()] + list(model.named_buffers().values())
    state = {k: np.asarray(v).tolist() for k, v in optimizer.state_dict().items()}
    return [array.tobytes() for array in arrays], repr(state)


@functools.cache
def steep_ones():
    """Those whose gradient really is NaN or infinite: an operation may have a finite one at such a point."""
    names = []
    for name, loss in STEEP.items():
        model, data = exact(averages=False)
        with np.errstate(all="ignore"):
            error = loss(model(data.x), data.y)
            error.backward()
        if np.isfinite(error.item()) and not all(np.isfinite(p.grad).all() for p in model.parameters()):
            names.append(name)
    return names


def test_there_are_steep_losses():
    assert {"root", "power", "norm"} <= set(steep_ones())


@pytest.mark.parametrize("clipping", CLIPPING)
@pytest.mark.parametrize("rule", RULES)
def test_fit_refuses_the_step_and_leaves_all_as_it_was(rule, clipping):
    for name in steep_ones():
        model, data = exact()
        optimizer = RULES[rule](model.parameters(), **CLIPPING[clipping])
        for p in model.parameters():  # a step that went well, so that there is a state to spoil
            p.grad = np.full_like(p.data, 1e-3)
        optimizer.step()
        model.named_buffers()["1.running_mean"][...] = 0.25
        before = whole(model, optimizer)
        with pytest.raises(DivergenceError, match=r"The weights from before this step are kept\.") as caught:
            dl.fit(
                model, data, loss=STEEP[name], optimizer=optimizer, epochs=1, batch_size=8, rng=np.random.default_rng(0)
            )
        assert whole(model, optimizer) == before, name
        assert "but its gradient is" in str(caught.value) and len(caught.value.history) == 0
        assert all(p.grad is None for p in model.parameters())


def test_the_operation_is_named():
    words = {"root": "sqrt", "norm": "sqrt", "power": "power"}
    for name, operation in words.items():
        model, data = exact()
        data = dl.data.Dataset(data.x, data.y)
        with pytest.raises(DivergenceError, match=f"it breaks in {operation}, whose input goes from 0 to 0"):
            dl.fit(model, data, loss=STEEP[name], optimizer=dl.SGD(model.parameters(), 0.1), epochs=1, batch_size=8,
                   rng=np.random.default_rng(0))  # fmt: skip


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("clipping", CLIPPING)
@pytest.mark.parametrize("rule", RULES)
def test_a_step_of_ones_own_is_refused_or_clipped(rule, clipping, bad):
    model, _ = exact()
    optimizer = RULES[rule](model.parameters(), **CLIPPING[clipping])
    for number in range(2):
        for p in model.parameters():
            p.grad = np.full_like(p.data, 1e-3)
        if number:
            model[2].weight.grad[0, 0] = bad
        before = whole(model, optimizer)
        if number and not (clipping == "by value" and np.isinf(bad)):
            with pytest.raises(DivergenceError, match="'weight' of shape \\(3, 1\\) is (NaN|infinite)"):
                optimizer.step()
            assert whole(model, optimizer) == before
        else:
            optimizer.step()
        assert all(np.isfinite(p.data).all() for p in model.parameters())
    optimizer.zero_grad()
    for p in model.parameters():
        p.grad = np.full_like(p.data, 1e-3)
    optimizer.step()  # and goes on


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("rule", RULES)
def test_a_gradient_that_is_huge_and_finite_is_clipped_by_its_true_length(rule, kind):
    huge = 1e30 if kind == np.float32 else 1e200  # its square is infinite
    w, v = (dl.Parameter(np.ones(3, kind)) for _ in range(2))
    clipped, plain = RULES[rule]([w], clip_norm=1.0), RULES[rule]([v])
    w.grad, v.grad = np.array([huge, 0, 0], kind), np.array([1, 0, 0], kind)
    clipped.step()
    plain.step()
    np.testing.assert_allclose(w.data, v.data, rtol=1e-6)
    unclipped = RULES[rule]([w])
    before = w.data.copy()
    with pytest.raises(DivergenceError, match="goes up to 1.0e"):
        unclipped.step()
    np.testing.assert_array_equal(w.data, before)


@pytest.mark.parametrize("rule", RULES)
def test_a_step_out_of_the_range_of_numbers_is_not_made(rule):
    w = dl.Parameter(np.ones(3, np.float32))
    optimizer = RULES[rule]([w])
    optimizer.lr = 1e39
    w.grad = np.array([1e10, 1, 0], np.float32)
    before = whole(dl_model := Holder(w), optimizer)
    with pytest.raises(DivergenceError):
        optimizer.step()
    assert whole(dl_model, optimizer) == before
    optimizer.lr = 1e16 if rule != "Adadelta" else 1.0  # far, but within it
    optimizer.step()
    assert np.isfinite(w.data).all() and optimizer.steps == 1


class Holder(dl.Module):
    def __init__(self, w):
        self.w = w


def test_a_loss_that_is_no_number_puts_the_averages_back_too():
    model, data = exact()
    before = whole(model, optimizer := dl.Adam(model.parameters(), 0.1))

    def loss(p, y):
        return dl.squared_error(p, y) * np.float32(np.inf)

    with pytest.raises(GradientError, match="the loss became (nan|inf) in epoch 1, step 1"), np.errstate(all="ignore"):
        dl.fit(model, data, loss=loss, optimizer=optimizer, epochs=1, batch_size=4, rng=np.random.default_rng(0))
    assert whole(model, optimizer) == before


# Losses that are no number before any step was made, and where that begins.
NO_NUMBER = {
    "divide, whose input goes from 0 to 0": lambda p, y: ((0 * p) / (0 * p)).mean(),
    "divide, whose input goes from 0 to 1": lambda p, y: (
        1 / dl.where(np.arange(4)[:, None] > 1, p * 0, p * 0 + 1)
    ).mean(),
    "log, whose input goes from 0 to 0": lambda p, y: dl.log(0 * p).mean(),
    "sqrt, whose input goes from -1 to -1": lambda p, y: dl.sqrt(0 * p - 1).mean() + dl.exp(p).mean(),
    "power, whose input goes from -1 to -1": lambda p, y: ((0 * p - 1) ** 0.5).mean(),
    "exp, whose input goes from 1e+03 to 1e+03": lambda p, y: dl.exp(0 * p + 1e3).mean() * 0,
}


@pytest.mark.parametrize("place", NO_NUMBER)
def test_before_any_step_the_rate_is_not_blamed_but_the_operation_is_named(place):
    model, data = exact(averages=False)
    with pytest.raises(DivergenceError) as caught, np.errstate(all="ignore"):
        dl.fit(model, data, loss=NO_NUMBER[place], optimizer=dl.SGD(model.parameters(), 0.1), epochs=1, batch_size=4,
               rng=np.random.default_rng(0))  # fmt: skip
    assert f"epoch 1, step 1: it begins in {place}. No step was made before" in str(caught.value)


def test_after_steps_the_rate_is_named():
    model, data = exact(averages=False)
    with (
        pytest.raises(DivergenceError, match=r"Usually the learning rate is too large \(it is 1e\+06"),
        np.errstate(all="ignore"),
    ):
        data = dl.data.Dataset(data.x, data.y + 1)
        dl.fit(model, data, loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), 1e6), epochs=9, batch_size=4,
               rng=np.random.default_rng(0))  # fmt: skip


def test_weights_that_were_spoiled_elsewhere_are_not_said_to_be_kept():
    model, data = exact(averages=False)
    model[0].weight.data[0, 0] = np.nan
    with pytest.raises(DivergenceError, match="were NaN or infinite before"):
        dl.fit(model, data, loss=dl.squared_error, optimizer=dl.SGD(model.parameters(), 0.1), epochs=1, batch_size=4,
               rng=np.random.default_rng(0))  # fmt: skip


def test_the_search_for_a_rate_ends_where_the_gradient_breaks():
    model, data = exact(averages=False)
    with pytest.raises(ArgumentError, match="gradient is NaN"):
        dl.find_lr(
            model, data, loss=STEEP["root"], optimizer=dl.SGD(model.parameters(), 0.1), batch_size=8,
            rng=np.random.default_rng(0),
        )  # fmt: skip
    calls = []

    def breaks_later(p, y):
        calls.append(1)
        return dl.squared_error(p, y + 1) if len(calls) < 15 else dl.sqrt(dl.absolute(p * 0)).sum()

    search = dl.find_lr(
        model,
        data,
        loss=breaks_later,
        optimizer=dl.SGD(model.parameters(), 0.1),
        batch_size=8,
        rng=np.random.default_rng(0),
    )
    assert len(search.lrs) == 15
    assert all(np.isfinite(p.data).all() and p.grad is None for p in model.parameters())


def test_every_rule_of_the_library_is_tried():
    tried = {type(make([dl.Parameter([1.0])])).__name__ for make in RULES.values()}
    optimizers = {
        name
        for name in dl.__all__
        if inspect.isclass(getattr(dl, name)) and issubclass(getattr(dl, name), dl.Optimizer)
    }
    assert optimizers - {"Optimizer"} == tried


def test_a_loss_that_raises_leaves_the_averages_as_they_were():
    model, data = exact()
    before = whole(model, optimizer := dl.Adam(model.parameters(), 0.1))
    for loss in (dl.cross_entropy, lambda p, y: 1 / 0, lambda p, y: None):
        with pytest.raises(Exception):  # noqa: B017  # whatever it is
            dl.fit(model, data, loss=loss, optimizer=optimizer, epochs=1, batch_size=4, rng=np.random.default_rng(0))
        assert whole(model, optimizer) == before
