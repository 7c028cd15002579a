"""Files of weights: in and out exactly, and never something else."""

from __future__ import annotations

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import FileFormatError


def network(seed=0, hidden=4):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(2, hidden, activation=dl.tanh, rng=rng), dl.Dense(hidden, 2, rng=rng))


def test_in_and_out_exactly(tmp_path):
    a, b = network(0), network(1)
    dl.save(a, tmp_path / "w.safetensors")
    dl.load(b, tmp_path / "w.safetensors")
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    assert [f.name for f in tmp_path.iterdir()] == ["w.safetensors"]


@pytest.mark.parametrize("make", [dl.Adam, lambda p: dl.SGD(p, 0.1, momentum=0.9), dl.Adadelta])
def test_training_resumed_from_a_file_equals_one_go(tmp_path, make):
    data = dl.data.moons(60, rng=np.random.default_rng(5))

    def train(model, optimizer, rng, epochs):
        dl.fit(model, data, loss=dl.cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=7, rng=rng)

    whole, rng = network(), np.random.default_rng(2)
    train(whole, make(whole.parameters()), rng, 5)

    first, rng = network(), np.random.default_rng(2)
    optimizer = make(first.parameters())
    train(first, optimizer, rng, 2)
    dl.save(first, tmp_path / "w", optimizer=optimizer, rng=rng)
    second, rng = network(9), np.random.default_rng(99)
    optimizer = make(second.parameters())
    dl.load(second, tmp_path / "w", optimizer=optimizer, rng=rng)
    train(second, optimizer, rng, 3)
    for p, q in zip(whole.parameters(), second.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


@pytest.mark.parametrize("stop", [1, 4, 9, 17])
@pytest.mark.parametrize("rule", [dl.Adam, dl.AdamW, dl.Nadam, dl.RMSprop, dl.Adagrad, dl.Adadelta, dl.SGD])
def test_training_interrupted_at_any_step_goes_on_from_the_file(tmp_path, rule, stop):
    """In a loop of one's own, in the midst of an epoch of 9 batches, with dropout, running averages and a schedule."""
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    batches = [batch for rng in map(np.random.default_rng, (1, 2)) for batch in data.batches(7, rng=rng)]
    schedule = dl.schedules.cosine(0.05, steps=18)

    def made(seed, rng):
        draw = np.random.default_rng(seed)
        layers = dl.Dense(2, 4, rng=draw), dl.BatchNorm(4), dl.Dropout(0.5, rng=rng), dl.Dense(4, 2, rng=draw)
        model = dl.Sequential(*layers)
        return model, rule(model.parameters(), schedule)

    def train(model, optimizer, part):
        for x, y in part:
            optimizer.zero_grad()
            dl.cross_entropy(model(x), y).backward()
            optimizer.step()

    whole, optimizer = made(0, np.random.default_rng(3))
    train(whole, optimizer, batches)

    rng = np.random.default_rng(3)
    first, optimizer = made(0, rng)
    train(first, optimizer, batches[:stop])
    dl.save(first, tmp_path / "w", optimizer=optimizer, rng=rng)
    rng = np.random.default_rng(99)
    second, optimizer = made(8, rng)
    dl.load(second, tmp_path / "w", optimizer=optimizer, rng=rng)
    train(second, optimizer, batches[stop:])
    for name, array in (whole.named_parameters() | whole.named_buffers()).items():
        mine = (second.named_parameters() | second.named_buffers())[name]
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(array), err_msg=name)


def normalized(seed):
    rng = np.random.default_rng(seed)
    return dl.Sequential(dl.Dense(2, 4, rng=rng), dl.BatchNorm(4), dl.Dense(4, 2, rng=rng))


def test_running_averages_are_saved_with_the_weights(tmp_path):
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    model, other = normalized(0), normalized(1)
    optimizer = dl.Adam(model.parameters(), 0.01)
    dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=optimizer, epochs=2, batch_size=10, rng=np.random.default_rng(0)
    )
    assert list(model.named_buffers()) == ["1.running_mean", "1.running_variance"]
    dl.save(model, tmp_path / "w")
    dl.load(other, tmp_path / "w")
    np.testing.assert_array_equal(dl.predict(model, data), dl.predict(other, data))


def test_early_stopping_goes_back_to_the_running_averages_too():
    data = dl.data.moons(60, rng=np.random.default_rng(5))
    model = normalized(0)
    stopping = dl.EarlyStopping(3)
    history = dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=dl.Adam(model.parameters(), 0.5), epochs=50, batch_size=10,
        validation=data, callbacks=[stopping], rng=np.random.default_rng(0),
    )  # fmt: skip
    assert len(history) < 50
    loss = dl.cross_entropy(dl.predict(model, data), data.y).item()
    assert loss == pytest.approx(min(history.validation_loss), rel=1e-5)


@pytest.mark.parametrize("cut", [0, 5, 100, -1])
def test_a_truncated_file_is_refused_and_nothing_changed(tmp_path, cut):
    path = tmp_path / "w"
    dl.save(network(), path)
    path.write_bytes(path.read_bytes()[:cut])
    model = network(1)
    before = [p.data.copy() for p in model.parameters()]
    with pytest.raises(FileFormatError, match="load: 'w' is no complete safetensors file"):
        dl.load(model, path)
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, old)


def test_a_generator_of_another_kind_is_refused_and_nothing_changed(tmp_path):
    saved, path = network(), tmp_path / "w"
    optimizer = dl.SGD(saved.parameters(), 0.1)
    optimizer.steps = 7
    dl.save(saved, path, optimizer=optimizer, rng=np.random.Generator(np.random.MT19937(0)))
    model = network(1)
    before = [p.data.copy() for p in model.parameters()]
    optimizer = dl.SGD(model.parameters(), 0.1)
    with pytest.raises(FileFormatError, match="another kind of generator"):
        dl.load(model, path, optimizer=optimizer, rng=np.random.default_rng(0))
    assert optimizer.steps == 0
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, old)
