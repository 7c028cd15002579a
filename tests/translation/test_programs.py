"""The generated programs as text: they compile, cover every layer, and say each difference on its line."""

from __future__ import annotations

import ast
from functools import partial

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.layers import convolution, dense, dropout, module, normalization, recurrent
from dlcourse.translation import conventions, plan, programs
from dlcourse.translation.activations import ACTIVATIONS
from tests.interop.random_models import random_model

TARGETS = list(programs.TARGETS)
EVERY_TARGET = pytest.mark.parametrize("to", TARGETS)


def one_of_each(rng):
    """Models that hold every layer, with the shape of one example."""
    return [
        (dl.Sequential(dl.Dense(3, 2, rng=rng), dl.BatchNorm(2), dl.LayerNorm(2), dl.Dropout(0.25, rng=rng)), (3,)),
        (
            dl.Sequential(
                dl.Conv2D(2, 3, 3, stride=2, padding="same", rng=rng), dl.MaxPool2D(2, stride=1), dl.AvgPool2D(2),
                dl.Flatten(), dl.Dense(3, 2, rng=rng),
            ),
            (6, 6, 2),
        ),
        (dl.Sequential(dl.Conv2D(1, 2, 3, rng=rng), dl.GlobalAvgPool2D()), (6, 6, 1)),
        (dl.Sequential(dl.Embedding(5, 3, rng=rng), dl.SimpleRNN(3, 2, return_sequences=True, rng=rng), dl.LSTM(2, 4, return_sequences=True, rng=rng), dl.Conv1D(4, 2, 3, padding="same", rng=rng), dl.GRU(2, 3, rng=rng)), (7,)),
    ]  # fmt: skip


def all_layers():
    rooms = (convolution, dense, dropout, module, normalization, recurrent)
    every = [getattr(room, name) for room in rooms for name in room.__all__]
    return {
        kind
        for kind in every
        if isinstance(kind, type) and issubclass(kind, dl.Module) and kind not in (dl.Module, dl.Sequential)
    }


def test_every_layer_of_the_library_has_a_row_in_every_target():
    assert set(plan.LAYERS) == all_layers()
    for target in (programs.pytorch, programs.keras, programs.jax):
        assert set(target.LAYERS) == all_layers()


def test_every_layer_with_weights_comes_back_from_every_library():
    rng = np.random.default_rng(0)
    with_weights = {type(layer) for model, _ in one_of_each(rng) for layer in model if layer.parameters()}
    assert with_weights == all_layers() - {
        dl.Dropout, dl.Flatten, dl.MaxPool2D, dl.AvgPool2D, dl.GlobalAvgPool2D
    }  # fmt: skip
    for names in conventions.NAMES.values():
        assert set(names) == with_weights


def test_every_activation_of_the_library_has_a_row():
    named = {getattr(dl.activations, name) for name in dl.activations.__all__ if name != "ZOO"}
    assert set(ACTIVATIONS) == named


@EVERY_TARGET
def test_every_layer_and_activation_is_a_program_that_compiles(to):
    rng = np.random.default_rng(0)
    for model, shape in one_of_each(rng):
        ast.parse(dl.translate(model, to, input_shape=shape))
    for activation in ACTIVATIONS:
        ast.parse(dl.translate(dl.Sequential(dl.Dense(3, 2, activation=activation, rng=rng)), to))


@EVERY_TARGET
@pytest.mark.parametrize("seed", range(30))
def test_a_random_model_is_a_program_that_reads_every_array_of_its_file(seed, to):
    model, _ = random_model(seed)
    text = dl.translate(model, to)
    ast.parse(text)
    arrays = [*model.named_parameters(), *model.named_buffers()]
    for name in arrays:
        assert f'"{name}"' in text or f'f"{name.rpartition(".")[0]}.{{name}}"' in text, name


@EVERY_TARGET
def test_lines_are_short_and_double_quoted(to):
    for seed in range(30):
        for line in dl.translate(random_model(seed)[0], to).splitlines():
            assert len(line) <= 120 and not line.endswith(" "), line
            if "#" not in line and '"""' not in line:
                assert "'" not in line, line


@EVERY_TARGET
def test_each_layer_has_lines_of_its_own(to):
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(3, 2, activation=dl.tanh, rng=rng), dl.Sequential(dl.LayerNorm(2), dl.relu))
    places = {place for place, _ in programs.program(model, to)}
    assert places == {None, "0", "1.0", "1.1"}
    text = "\n".join(line for _, line in programs.program(model, to)) + "\n"
    assert text == dl.translate(model, to)


def lines_of(model, to, place, **settings):
    return "\n".join(line.strip() for where, line in programs.program(model, to, **settings) if where == place)


def test_the_differences_are_said_on_their_lines():
    rng = np.random.default_rng(0)
    rows, images, _, symbols = one_of_each(rng)
    assert "(K, M) -> (M, K)" in lines_of(*rows[:1], "pytorch", "0")
    assert "momentum=0.1" in lines_of(rows[0], "pytorch", "1")
    assert "momentum=1 - 0.1" in lines_of(rows[0], "keras", "1")
    assert "nn.Dropout(0.25)" in lines_of(rows[0], "pytorch", "3")
    assert "bernoulli(now, 1 - 0.25" in lines_of(rows[0], "jax", "3")

    model, shape = images
    conv = lines_of(model, "pytorch", "0", input_shape=shape)
    assert "F.pad(x, (0, 1, 0, 1))" in conv and "movedim(-1, 1)" in conv and ".permute(3, 2, 0, 1)" in conv
    assert ".reshape(1, 1, 3, 2).permute(3, 2, 0, 1).flatten(1)" in lines_of(model, "pytorch", "4", input_shape=shape)
    assert 'padding="same"' in lines_of(model, "keras", "0", input_shape=shape)

    model, shape = symbols
    assert "i, f, g, o" in lines_of(model, "pytorch", "2", input_shape=shape)
    assert "i, f, c, o" in lines_of(model, "keras", "2", input_shape=shape)
    assert "r, z, n -> Keras' z, r, h" in lines_of(model, "keras", "4", input_shape=shape)
    for to in TARGETS:
        assert "after the product" in dl.translate(model, to, input_shape=shape) or to == "pytorch"
    assert "inside the reset gate's product" in lines_of(model, "pytorch", "4", input_shape=shape)


@pytest.mark.parametrize(
    ("activation", "lines"),
    [
        (dl.gelu, ('approximate="tanh"', "approximate=True", "approximate=True")),
        (dl.hard_sigmoid, ("F.hardsigmoid(x)", "ops.hard_sigmoid(x)", "jax.nn.hard_sigmoid(x)")),
        (dl.leaky_relu, ("x, 0.01", "x, 0.01", "x, 0.01")),
        (partial(dl.leaky_relu, slope=np.float32(0.25)), ("x, 0.25", "x, 0.25", "x, 0.25")),
        (partial(dl.elu, alpha=0.5), ("x, 0.5", "x, 0.5", "x, 0.5")),
        (partial(dl.softmax, axis=1), ("dim=1", "axis=1", "axis=1")),
    ],
)
def test_activations_go_with_their_settings(activation, lines):
    model = dl.Sequential(dl.Dense(3, 2, rng=np.random.default_rng(0)), activation)
    for to, part in zip(TARGETS, lines, strict=True):
        assert part in lines_of(model, to, "1")


def test_the_shape_of_the_last_batch_is_enough():
    model = dl.Sequential(dl.Flatten(), dl.Dense(12, 2, rng=np.random.default_rng(0)))
    model(np.zeros((5, 2, 6), np.float32))
    assert "keras.Input((2, 6))" in dl.translate(model, "keras")


def test_a_model_of_one_layer_has_names_without_a_place():
    text = dl.translate(dl.Dense(3, 2, rng=np.random.default_rng(0)), "jax")
    assert 'x @ weights["weight"] + weights["bias"]' in text


def test_a_flatten_that_no_dense_layer_follows_keeps_the_order():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Conv2D(1, 2, 3, rng=rng), dl.Flatten(), dl.LayerNorm(32))
    text = dl.translate(model, "pytorch", input_shape=(6, 6, 1))
    assert text.index("movedim(1, -1)") < text.index("reshape(len(x), -1)")
    assert 'model.layer2.weight.copy_(stored["2.scale"])' in text


def test_translating_changes_nothing_in_the_model():
    model, _ = random_model(3)
    model.train()
    kept = {name: array.copy() for name, array in model.named_buffers().items()}
    state = [layer.rng.bit_generator.state for layer in model.modules() if isinstance(layer, dl.Dropout)]
    for to in TARGETS:
        dl.translate(model, to)
    assert model.training
    assert [layer.rng.bit_generator.state for layer in model.modules() if isinstance(layer, dl.Dropout)] == state
    for name, array in model.named_buffers().items():
        np.testing.assert_array_equal(array, kept[name])
