"""The generated programs run for real: the same outputs, gradients and training step as here."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.translation import plan
from dlcourse.translation.activations import ACTIVATIONS
from tests.interop.random_models import random_model

torch = pytest.importorskip("torch", reason="needs the extra interop")
pytest.importorskip("keras", reason="needs the extra interop")
pytest.importorskip("jax", reason="needs the extra interop")

from tests.interop.libraries import LIBRARIES  # noqa: E402

SEEDS = range(45)
TARGETS = pytest.mark.parametrize("target", LIBRARIES)
torch.set_num_threads(1)


def distance(a, b, scale=1.0):
    """The largest difference, relative to the largest number and to the scale."""
    assert a.shape == b.shape
    return float(np.abs(a - b).max() / max(scale, np.abs(b).max()))


@pytest.fixture
def start(tmp_path):
    """Start a program with the weights of a model."""
    return lambda model, target: LIBRARIES[target](model, tmp_path / "weights.safetensors", tmp_path)


def stepped(model, x, g, lr):
    """A copy of the model after one step of plain gradient descent."""
    model = copy.deepcopy(model)
    (model(x) * g).sum().backward()
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.data[...] -= lr * parameter.grad
    return model


def moves(model, after):
    """How far each parameter has moved."""
    before = model.named_parameters()
    return {name: parameter.data - before[name].data for name, parameter in after.named_parameters().items()}


@TARGETS
@pytest.mark.parametrize("seed", SEEDS)
def test_the_outputs_are_the_same(seed, target, start, record_property):
    model, x = random_model(seed)
    model.eval()
    difference = distance(start(model, target).outputs(x, False), model(x).data)
    record_property("output", difference)
    assert difference < 1e-5


@TARGETS
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_and_a_training_step_are_the_same(seed, target, start, record_property):
    model, x = random_model(seed, p=0.0)  # no two libraries drop the same neurons
    y = copy.deepcopy(model)(x).data
    difference = distance(start(model, target).outputs(x, True), y)
    record_property("output", difference)
    assert difference < 1e-5

    g = np.random.default_rng(seed).normal(size=y.shape).astype(np.float32)
    for lr in (1.0, 0.05):  # a step of 1 is the gradient itself
        program, back, expected = start(model, target), copy.deepcopy(model), stepped(model, x, g, lr)
        program.bring_back(program.step(x, g, lr), back)
        ours, theirs = moves(model, expected), moves(model, back)
        scale = max(float(np.abs(move).max()) for move in ours.values()) if lr == 1 else 1.0
        difference = max(float(np.abs(theirs[name] - ours[name]).max()) / scale for name in ours)
        record_property("gradient" if lr == 1 else "step", difference)
        assert difference < 1e-4
        for name, average in expected.named_buffers().items():
            if target != "keras" or "variance" not in name:  # Keras divides by n, as the program says
                assert distance(back.named_buffers()[name], average) < 1e-4, name
    difference = distance(program.outputs(x, True), expected(x).data)
    record_property("after", difference)
    assert difference < 1e-4


def test_the_random_models_are_drawn_from_all_layers_and_activations():
    drawn = set()
    for seed in SEEDS:
        for step in plan.plan("test", random_model(seed)[0], None):
            drawn.add(type(step.layer) if isinstance(step.layer, dl.Module) else step.layer)
    assert drawn == {*plan.LAYERS, *ACTIVATIONS}


@TARGETS
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.__name__)
def test_an_activation_is_the_same_far_out_too(activation, target, start):
    model = dl.Sequential(dl.Dense(1, 1, rng=np.random.default_rng(0)), activation)
    model[0].weight.data[...] = 1
    x = np.array([[-1000], [-30], [-3.5], [-1.5], [-0.1], [0.1], [1.5], [3.5], [21], [1000]], np.float32)
    # Each number by itself: beside the 1000, no difference at 1 would count.
    np.testing.assert_allclose(start(model, target).outputs(x, False), model(x).data, rtol=1e-5, atol=1e-6)


@TARGETS
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_a_convolution_has_the_same_places(kernel, stride, dilation, padding, target, start):
    rng = np.random.default_rng(kernel)
    settings = {"stride": stride, "dilation": dilation, "padding": padding, "rng": rng}
    images, sequences = rng.normal(size=(2, 9, 8, 2)), rng.normal(size=(2, 10, 2))
    for layer, x in ((dl.Conv2D(2, 3, kernel, **settings), images), (dl.Conv1D(2, 3, kernel, **settings), sequences)):
        model, x = dl.Sequential(layer), x.astype(np.float32)
        expected = model(x).data
        assert distance(start(model, target).outputs(x, False), expected) < 1e-5


@TARGETS
def test_dropout_drops_the_same_share(target, start):
    model = dl.Sequential(dl.Dense(1, 1, rng=np.random.default_rng(0)), dl.Dropout(0.2, rng=np.random.default_rng(0)))
    model[0].weight.data[...], model[0].bias.data[...] = 0, 1
    x = np.zeros((10_000, 1), np.float32)
    for dropped in (model(x).data, start(model, target).outputs(x, True)):
        assert abs((dropped == 0).mean() - 0.2) < 0.02
        np.testing.assert_allclose(dropped[dropped > 0], 1.25, rtol=1e-6)


@TARGETS
def test_a_file_with_an_optimizer_in_it_is_read_too(target, start, tmp_path):
    model, x = dl.Sequential(dl.Dense(2, 1, rng=np.random.default_rng(0))), np.ones((3, 2), np.float32)
    program = start(model, target)
    dl.save(model, tmp_path / "both.safetensors", optimizer=dl.Adam(model.parameters(), 0.1))
    program.load(str(tmp_path / "both.safetensors"))
    assert distance(program.outputs(x, False), model(x).data) < 1e-5
    assert target != "jax" or set(program.weights) == {"0.weight", "0.bias"}


def test_models_that_pytorch_and_keras_make_themselves_come_back(tmp_path):
    """Written as a user of those libraries would: PyTorch with channels first, default names in Keras."""
    import keras
    import safetensors.numpy
    import safetensors.torch

    x = np.random.default_rng(0).normal(size=(4, 6, 6, 2)).astype(np.float32)
    rng = np.random.default_rng(1)
    layers = dl.Conv2D(2, 3, 3, padding="same", rng=rng), dl.MaxPool2D(2), dl.Flatten(), dl.Dense(27, 5, rng=rng)
    ours, path = dl.Sequential(*layers), tmp_path / "theirs.safetensors"
    nn = torch.nn
    theirs = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 5))
    safetensors.torch.save_file(theirs.state_dict(), path)
    dl.load_from(ours, path, "pytorch", input_shape=(6, 6, 2))
    expected = theirs(torch.as_tensor(x).permute(0, 3, 1, 2)).detach().numpy()
    assert distance(ours(x).data, expected) < 1e-5

    parts = [keras.layers.Conv2D(3, 3, padding="same"), keras.layers.MaxPooling2D(2), keras.layers.Flatten()]
    theirs = keras.Sequential([keras.Input((6, 6, 2)), *parts, keras.layers.Dense(5)])
    arrays = {variable.path: np.ascontiguousarray(variable) for variable in theirs.variables}
    safetensors.numpy.save_file(arrays, path)
    names = [path.rpartition("/")[0] for path in arrays if path.endswith("kernel")]
    dl.load_from(ours, path, "keras", names=names)
    assert distance(ours(x).data, theirs(x).detach().numpy()) < 1e-5
