"""Whole numbers are numbers: every operation, loss and layer gives for them what it gives for the same numbers as floats.

And nothing gets wider than necessary: bytes, Python numbers and NumPy's single numbers beside float32 stay float32.
"""

from __future__ import annotations

import inspect
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.errors import ShapeError, WrongTypeError
from tests.cases import every
from tests.operation_rows import ROWS

WHOLE = [np.bool_, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
NARROW = np.bool_, np.int8, np.uint8, np.int16, np.uint16  # float32 holds each of these
# Operations that only move entries, and one that says its type.
KEEP = {"reshape", "transpose", "broadcast_to", "index", "concatenate", "stack", "pad", "astype"}
# Rows whose functions bring float64 along.
WIDE = {"input needs none", "another delta", "with a zero", "a wider type", "to another shape"}

whole_types = pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)


def whole_like(x, kind, seed=0, most=2**20):
    """Whole numbers in the shape of x, both ends of their type among them where there is room."""
    rng = np.random.default_rng(seed)
    if kind is np.bool_:
        return rng.integers(0, 2, x.shape).astype(bool)
    ends = np.iinfo(kind)
    # Larger ones have fewer digits in float32 than in float64.
    low, high = max(ends.min, -most), min(ends.max, most)
    numbers = np.asarray(rng.integers(low, high + 1, x.shape), kind)
    if numbers.size > 2:
        numbers.flat[0], numbers.flat[-1] = low, high
    return numbers


def assert_same_numbers(result, expected):
    with np.errstate(over="ignore"):
        expected = np.asarray(expected).astype(result.dtype)
    finite = np.abs(expected[np.isfinite(expected)])
    np.testing.assert_allclose(result, expected, rtol=2e-5, atol=2e-6 * finite.max(initial=0))


@whole_types
@every("row", ROWS)
def test_every_operation_computes_whole_numbers_as_the_same_floats(row, kind):
    inputs = [whole_like(x, kind, i) for i, x in enumerate(row.inputs)]
    with np.errstate(all="ignore"):
        result = row.function(*map(dl.Tensor, inputs))
        expected = row.function(*[dl.Tensor(x.astype(np.float64)) for x in inputs])
    assert_same_numbers(result.data, expected.data)
    if row.operation not in KEEP and row.covers not in WIDE:
        assert result.dtype == (np.float32 if kind in NARROW else np.float64)


@whole_types
def test_what_only_moves_entries_keeps_whole_numbers_whole(kind):
    x = dl.Tensor(whole_like(np.zeros((2, 3)), kind))
    moved = [
        x.reshape(3, 2), x.T, dl.broadcast_to(x, shape=(2, 2, 3)), x[0], x[x > 0], dl.concatenate(x, x),
        dl.stack(x, x), dl.pad(x, widths=((1, 0), (0, 0)), value=1), dl.Flatten()(x),
    ]  # fmt: skip
    assert {part.dtype for part in moved} == {np.dtype(kind)}
    padded = dl.pad(x, widths=((0, 0), (1, 0)), value=0.5)
    assert padded.dtype.kind == "f" and padded.data[0, 0] == 0.5
    assert dl.pad(x, widths=((0, 0), (1, 0)), value=-300).data[0, 0] == -300


@pytest.mark.parametrize("kind", WHOLE[1:], ids=lambda kind: kind.__name__)
def test_sums_and_products_of_whole_numbers_are_exact_where_a_float_can_be(kind):
    ends = np.iinfo(kind)
    a = np.array([ends.max, ends.min, 3], kind) if ends.bits < 64 else np.array([2**52, 2**51, 3], kind)
    b = np.array([2, 1, 2], kind)
    for operation, exact in (
        (dl.add, [int(x) + int(y) for x, y in zip(a, b, strict=True)]),
        (dl.subtract, [int(x) - int(y) for x, y in zip(a, b, strict=True)]),
        (dl.multiply, [int(x) * int(y) for x, y in zip(a, b, strict=True)]),
    ):
        assert operation(a, b).data.tolist() == exact
    assert (-dl.Tensor(a)).data.tolist() == [-int(x) for x in a]
    assert abs(dl.Tensor(a)).data.tolist() == [abs(int(x)) for x in a]
    assert dl.sum(a).item() == sum(map(int, a))


ONE = [dl.exp, dl.sqrt, dl.absolute, dl.negative, dl.mean, dl.sum, dl.max, *dl.activations.ZOO.values()]
TWO = [dl.add, dl.subtract, dl.multiply, dl.divide, dl.power, dl.maximum, dl.minimum]
SINGLE = [3, True, 3.0, np.int8(3), np.uint8(200), np.int64(3), np.float16(3), np.float64(3), np.bool_(True)]


@pytest.mark.parametrize("number", SINGLE, ids=repr)
def test_single_numbers_are_float32_whoever_made_them(number):
    for f in ONE:
        for x in (number, [number, number]):
            y = f(x)
            assert y.dtype == np.float32
            assert_same_numbers(y.data, f(np.asarray(x, np.float64)).data)
    for f in TWO:
        for a, b in ((number, 2), (2, number), (number, number), ([number], number)):
            y = f(a, b)
            assert y.dtype == np.float32
            assert_same_numbers(y.data, f(np.asarray(a, np.float64), np.asarray(b, np.float64)).data)


def test_powers_of_single_numbers_are_floats_too():
    assert np.isnan(dl.power(-8.0, 0.5).item()) and dl.power(0.0, -1).item() == np.inf
    assert dl.power(2, -1).item() == 0.5 and (dl.Tensor(np.array([4])) ** -1).item() == 0.25
    assert (2 ** dl.Tensor(np.array([-1]))).item() == 0.5


@pytest.mark.parametrize("number", SINGLE, ids=repr)
@pytest.mark.parametrize("f", TWO, ids=lambda f: f.__name__)
def test_beside_an_array_single_numbers_and_lists_take_its_type(f, number):
    for kind in (np.float32, np.float64):
        x = dl.Tensor(np.array([1.5, 2.5], kind), requires_grad=True)
        for a, b in ((x, number), (number, x), (x, [number, number]), ([number], x)):
            x.zero_grad()
            y = f(a, b)
            y.sum().backward()
            assert y.dtype == x.grad.dtype == kind


def test_a_list_loses_no_digits_beside_float64():
    x = np.array([1.0, 2.0])
    assert dl.multiply(x, [0.1, 0.1]).data.tolist() == [0.1, 0.2]
    w = dl.Tensor(x, requires_grad=True)
    (w * 1.0).backward([0.1, 0.1])
    assert w.grad.tolist() == [0.1, 0.1]


SETTINGS = {
    "slope": 0.3,
    "alpha": 0.7,
    "low": -0.5,
    "high": 0.5,
    "delta": 0.5,
    "eps": 1e-3,
    "strength": 0.1,
    "smoothing": 0.1,
}


@pytest.mark.parametrize("name", sorted(dl.OPERATIONS))
def test_settings_that_numpy_computed_widen_nothing(name):
    kernel = dl.OPERATIONS[name].kernel
    settings = {key: np.float64(SETTINGS[key]) for key in inspect.signature(kernel).parameters if key in SETTINGS}
    if not settings:
        return
    x = np.array([[0.2, 1.5], [-2.0, 0.4]], np.float32)
    inputs = {
        "normalize": (x, np.ones(2, np.float32), np.zeros(2, np.float32)),
        "huber": (x, x + 1),
        "cross_entropy": (x, [0, 1]),
    }.get(name, (x,))
    if name == "normalize":
        settings["axis"] = 0
    w = dl.Tensor(inputs[0], requires_grad=True)
    y = dl.OPERATIONS[name](w, *inputs[1:], **settings)
    y.backward(np.ones(y.shape))
    assert y.dtype == w.grad.dtype == np.float32


def varied(row, i, kind):
    """The inputs of a row, one of them in another type."""
    inputs = [x.astype(np.float32) for x in row.inputs]
    inputs[i] = whole_like(inputs[i], kind, most=5) if kind in WHOLE else inputs[i].astype(kind)
    return inputs


PAIRS = [(row, i) for row in ROWS for i in range(len(row.inputs)) if len(row.inputs) > 1 and row.covers not in WIDE]


@every("row, i", PAIRS)
def test_beside_float32_no_whole_numbers_make_anything_wider(row, i):
    for kind in (np.bool_, np.uint8, np.int64):
        inputs = varied(row, i, kind)
        with np.errstate(all="ignore"):
            result = row.function(*map(dl.Tensor, inputs))
            expected = row.function(*[dl.Tensor(x.astype(np.float64)) for x in inputs])
        assert result.dtype == np.float32
        assert_same_numbers(result.data, expected.data)


@every("row, i", PAIRS)
def test_beside_float64_everything_is_computed_in_float64_and_each_input_gets_a_gradient_of_its_type(row, i):
    inputs = [dl.Tensor(x, requires_grad=True) for x in varied(row, i, np.float64)]
    wide = [dl.Tensor(x.data.astype(np.float64), requires_grad=True) for x in inputs]
    result, expected = row.function(*inputs), row.function(*wide)
    assert result.dtype == np.float64
    np.testing.assert_allclose(result.data, expected.data, rtol=1e-12)
    for y in (result, expected):
        y.backward(np.random.default_rng(1).normal(size=y.shape))
    for x, w in zip(inputs, wide, strict=True):
        assert x.grad.dtype == x.dtype
        np.testing.assert_allclose(x.grad, w.grad, rtol=1e-5, atol=1e-6 * np.abs(w.grad).max(initial=1.0))


def test_arrays_of_another_byte_order_and_of_half_precision_are_numbers_too():
    x = np.array([1.5, -2.0])
    for kind in (">f8", ">f4", ">i4", "f2"):
        np.testing.assert_allclose(dl.relu(x.astype(kind)).data, np.maximum(x.astype(kind), 0))


def test_what_is_no_number_is_refused_by_every_operation_alike():
    for wrong in (np.array(["a", "b"]), np.array([1j]), np.array([None, 1]), np.datetime64("2020-01-01")):
        for f in (dl.exp, dl.relu, dl.sum, dl.softmax):
            with pytest.raises(WrongTypeError, match="A tensor holds numbers"):
                f(wrong)


# Losses: logits or predictions, truth, and the right value.
LOSSES = [
    (dl.cross_entropy, [[3, 1, 0]], [0], 0.16984602),
    (dl.cross_entropy, [[200, 100], [0, 100]], [1, 1], 50.0),
    (dl.binary_cross_entropy, [0, 0], [0, 1], 0.69314718),
    (dl.binary_cross_entropy, [100, 0, 1], [0, 1, 1], (100 + 0.69314718 + 0.31326169) / 3),
    (dl.hinge, [0, 1, 1], [1, 1, 1], 1 / 3),
    (dl.hinge, [100, 3], [0, 1], 50.5),
    (dl.kl_divergence, [[0, 0]], [[1, 0]], 0.69314718),
    (dl.squared_error, [[100, 0]], [[0, 100]], 20000.0),
    (dl.absolute_error, [[100, 0]], [[0, 100]], 200.0),
    (dl.huber, [[100, 0]], [[0, 100]], 199.0),
]


@whole_types
@pytest.mark.parametrize("loss, prediction, truth, value", LOSSES, ids=lambda v: getattr(v, "__name__", str(v)))
def test_losses_of_whole_numbers(loss, prediction, truth, value, kind):
    if np.max(prediction) > (1 if kind is np.bool_ else np.iinfo(kind).max):
        return
    labels = np.array(truth, kind)
    assert loss(np.array(prediction, kind), labels).item() == pytest.approx(value, rel=1e-6)
    assert loss(dl.Tensor(np.array(prediction, kind)), truth).item() == pytest.approx(value, rel=1e-6)
    assert loss(np.array(prediction, np.float32), labels).dtype == np.float32
    assert loss(prediction, labels).item() == pytest.approx(value, rel=1e-6)


def rng():
    return np.random.default_rng(0)


class Scaled(dl.Module):
    """A learner's own layer: what comes in, times a weight, beside a constant that NumPy made."""

    def __init__(self):
        self.weight = dl.Parameter([2.0])

    def forward(self, x):
        return x * self.weight / np.sqrt(4) + np.float64(1.0) * np.int64(2)


# Every layer, and the shape of a batch for it.
LAYERS = {
    "Dense": (lambda: dl.Dense(3, 2, rng=rng()), (4, 3)),
    "Dense, relu": (lambda: dl.Dense(3, 2, activation=dl.relu, rng=rng()), (4, 3)),
    "Dense, a function": (
        lambda: dl.Dense(3, 2, activation=lambda z: dl.where(z > 0, 1.0, 0.0) * z, rng=rng()),
        (4, 3),
    ),
    "Conv2D": (lambda: dl.Conv2D(1, 2, 3, activation=dl.tanh, rng=rng()), (2, 5, 5, 1)),
    "Conv1D": (lambda: dl.Conv1D(2, 3, 3, padding="same", rng=rng()), (2, 5, 2)),
    "MaxPool2D": (lambda: dl.MaxPool2D(2), (2, 4, 4, 2)),
    "AvgPool2D": (lambda: dl.AvgPool2D(2), (2, 4, 4, 2)),
    "GlobalAvgPool2D": (lambda: dl.GlobalAvgPool2D(), (2, 4, 4, 2)),
    "BatchNorm": (lambda: dl.BatchNorm(3), (6, 3)),
    "BatchNorm, predicting": (lambda: dl.BatchNorm(3).eval(), (6, 3)),
    "LayerNorm": (lambda: dl.LayerNorm(3), (6, 3)),
    "SimpleRNN": (lambda: dl.SimpleRNN(2, 3, return_sequences=True, rng=rng()), (2, 4, 2)),
    "GRU": (lambda: dl.GRU(2, 3, rng=rng()), (2, 4, 2)),
    "LSTM": (lambda: dl.LSTM(2, 3, rng=rng()), (2, 4, 2)),
    "Dropout": (lambda: dl.Dropout(0.5, rng=rng()), (4, 3)),
    "Dropout, predicting": (lambda: dl.Dropout(0.5, rng=rng()).eval(), (4, 3)),
    "Flatten": (lambda: dl.Flatten(), (2, 3, 1)),
    "own": (lambda: Scaled(), (4, 1)),
    "Sequential": (lambda: dl.Sequential(dl.Dense(3, 2, rng=rng()), dl.tanh, dl.Dense(2, 1, rng=rng())), (4, 3)),
}
WITHOUT_WEIGHTS = {"MaxPool2D", "AvgPool2D", "GlobalAvgPool2D", "Dropout", "Dropout, predicting", "Flatten"}
every_layer = pytest.mark.parametrize("name", list(LAYERS))


def test_every_layer_has_a_row():
    layers = {name for name in dl.__all__ if inspect.isclass(kind := getattr(dl, name)) and issubclass(kind, dl.Module)}
    assert {name.split(",")[0] for name in LAYERS} >= layers - {"Module", "Embedding"}


@whole_types
@every_layer
def test_every_layer_takes_whole_numbers(name, kind):
    make, shape = LAYERS[name]
    x = whole_like(np.zeros(shape), kind)
    exact = make()(x.astype(np.float32)).data
    for given in (x, dl.Tensor(x), x.tolist()):
        y = make()(given)
        assert_same_numbers(y.data.astype(np.float64), exact)
        if name not in WITHOUT_WEIGHTS:
            assert y.dtype == np.float32


@every_layer
def test_every_layer_takes_floats_of_another_type_inside_a_graph(name):
    make, shape = LAYERS[name]
    numbers = np.random.default_rng(1).normal(size=shape)
    gradients = []
    for kind in (np.float32, np.float64):
        layer, x = make(), dl.Tensor(numbers.astype(kind), requires_grad=True)
        y = layer(x)
        (y * y).sum().backward()
        assert y.dtype == np.float32 or name in {*WITHOUT_WEIGHTS, "own"}
        assert x.grad.dtype == kind
        assert all(p.grad.dtype == np.float32 for p in layer.parameters())
        gradients.append([x.grad, *(p.grad for p in layer.parameters())])
    for narrow, wide in zip(*gradients, strict=True):
        np.testing.assert_allclose(wide, narrow, rtol=1e-4, atol=1e-5)


@every_layer
def test_every_layer_computes_in_float64_once_its_parameters_do(name):
    make, shape = LAYERS[name]
    layer = make()
    for p in layer.parameters():
        p.data = p.data.astype(np.float64)
    assert layer(np.zeros(shape, np.float64)).dtype == np.float64
    if name not in WITHOUT_WEIGHTS:
        assert layer(np.zeros(shape, np.float32)).dtype == np.float64


@pytest.mark.parametrize("kind", [dl.SimpleRNN, dl.GRU, dl.LSTM])
def test_a_state_of_another_type_is_cast_too(kind):
    layer, x = kind(2, 3, rng=rng()), np.ones((1, 4, 2), np.float32)
    start = dl.Tensor(np.full((1, 3), 0.25), requires_grad=True)
    pair = isinstance(layer, dl.LSTM)
    y = layer(x, (start, np.ones((1, 3), int)) if pair else start)
    y.sum().backward()
    assert y.dtype == np.float32 and start.grad.dtype == np.float64


def test_weights_that_were_set_by_hand_as_whole_numbers_cut_nothing_off():
    layer = dl.Dense(2, 1, rng=rng())
    layer.weight.data, layer.bias.data = np.array([[1], [2]]), np.array([1])
    assert layer([[0.5, 0.25]]).data.tolist() == [[2.0]]
    assert layer(np.array([[1, 1]])).data.tolist() == [[4.0]]


# What a learner puts between two layers.
BETWEEN = {
    "/ np.sqrt(4)": lambda h: h / np.sqrt(4),
    "* np.int64(2)": lambda h: h * np.int64(2),
    "np.float64 on the left": lambda h: np.float64(0.5) * h,
    "+ np.zeros(4)": lambda h: h + np.zeros(4),
    "+ noise": lambda h: h + np.random.default_rng(0).normal(size=h.shape),
    "an int mask": lambda h: h * np.array([1, 0, 1, 1]),
    "a bool mask": lambda h: h * (h > 0),
    "an own ReLU": lambda h: dl.where(h > 0, 1.0, 0.0) * h,
    "an own leaky ReLU": lambda h: dl.where(h > 0, h, 0.1 * h),
    "maximum": lambda h: dl.maximum(h, 0),
    "maximum with zeros": lambda h: dl.maximum(h, np.zeros(h.shape)),
    "a positional encoding": lambda h: h + np.sin(np.arange(4) / 10.0),
    "joined with float64": lambda h: dl.concatenate(h, np.ones((len(h), 4)), axis=1)[:, :4],
    "stacked with a list": lambda h: dl.stack(h, np.zeros(h.shape), axis=0).sum(axis=0),
    "a product with float64": lambda h: h @ np.eye(4),
    "a power": lambda h: h ** np.int64(2),
    "astype": lambda h: h.astype(np.float64),
    "standardized by NumPy": lambda h: (h - h.data.mean(dtype=np.float64)) / (h.data.std(dtype=np.float64) + 1.0),
}


@pytest.mark.parametrize("name", list(BETWEEN))
def test_constants_between_layers_are_welcome(name):
    model = dl.Sequential(dl.Dense(3, 4, rng=rng()), BETWEEN[name], dl.Dense(4, 2, rng=rng()))
    x, y = np.random.default_rng(2).normal(size=(6, 3)).astype(np.float32), np.array([0, 1, 1, 0, 1, 0])
    loss = dl.cross_entropy(model(x), y)
    loss.backward()
    assert loss.dtype == np.float32
    assert all(p.grad.dtype == np.float32 and np.isfinite(p.grad).all() for p in model.parameters())
    single = {"/ np.sqrt(4)", "* np.int64(2)", "np.float64 on the left", "an int mask", "a bool mask", "an own ReLU",
              "an own leaky ReLU", "maximum", "a power", "standardized by NumPy"}  # fmt: skip
    between = BETWEEN[name](model[0](x))
    assert between.dtype == (np.float32 if name in single else np.float64)


def test_a_penalty_of_whole_numbers():
    for penalty, value in ((dl.L2(0.5), 0.25 * 2 * 200**2), (dl.L1(0.5), 0.5 * 400), (dl.L1L2(0.5, 0.5), 20200.0)):
        assert penalty([dl.Tensor(np.array([[200, 200]], np.uint8))]).item() == value


@whole_types
def test_data_of_whole_numbers(kind):
    column = dl.data.Dataset(np.array([[0], [1], [1]], kind), [0, 1, 1])
    (scaled,) = dl.data.standardize(column)
    assert scaled.x.dtype == np.float32
    np.testing.assert_allclose(scaled.x[:, 0], [-np.sqrt(2), np.sqrt(0.5), np.sqrt(0.5)], rtol=1e-6)
    high = min(200, np.iinfo(kind).max) if kind is not np.bool_ else 1
    images = np.full((3, 4, 4, 1), high, kind)
    assert (dl.AvgPool2D(2)(images).data == high).all() and (dl.GlobalAvgPool2D()(images).data == high).all()
    moved = dl.data.augment(images, rotate=20, noise=0.25, rng=rng())
    exact = dl.data.augment(images.astype(np.float32), rotate=20, noise=0.25, rng=rng())
    np.testing.assert_array_equal(moved, exact)
    assert moved.dtype == np.float32 and dl.data.augment(images[:0], rotate=20, noise=0.25, rng=rng()).shape == (
        0,
        4,
        4,
        1,
    )


def test_statistics_of_ten_million_rows_keep_their_digits():
    x = np.full((10_000_000, 1), 3.1, np.float32)
    x[::2] = 1.1
    data = dl.data.Dataset(x, np.zeros(len(x), np.int8))
    (scaled,) = dl.data.standardize(data)
    np.testing.assert_allclose(scaled.x[:2, 0], [-1, 1], rtol=1e-5)
    two = np.tile(x, (1, 2))
    np.testing.assert_allclose(dl.BatchNorm(2)(two).data[:2], [[-1, -1], [1, 1]], rtol=1e-4)
    for axis in (0, None):
        np.testing.assert_allclose(dl.mean(two, axis=axis).data, 2.1, rtol=1e-5)
        np.testing.assert_allclose(dl.sum(two, axis=axis).data, 2.1 * two.size / (2 if axis == 0 else 1), rtol=1e-5)


def test_fans_of_shapes_that_numpy_counted():
    assert dl.initializers.fans(tuple(np.array([3, 3, 200, 100], np.uint8))) == (1800, 900)


@whole_types
def test_derivatives_at_whole_numbers(kind):
    x = np.array([1, 0, 1], kind)
    np.testing.assert_allclose(dl.gradient(lambda x: (x * x).sum(), x)[0], [2, 0, 2])
    np.testing.assert_allclose(dl.jacobian(dl.exp, x), np.diag(np.exp(x.astype(float))))
    np.testing.assert_allclose(dl.hessian(lambda x: (x * x * x).sum(), x), np.diag([6.0, 0, 6]), atol=1e-6)
    assert dl.gradcheck(dl.tanh, x) < 1e-6


def test_truth_values_can_be_computed_with():
    x = dl.Tensor([-2.0, 0.0, 3.0])
    assert ((x > 0) - (x < 0)).data.tolist() == [-1.0, 0.0, 1.0]
    assert ((x > 0) + (x < 0)).data.tolist() == [1.0, 0.0, 1.0]
    assert (-(x > 0)).data.tolist() == [0.0, 0.0, -1.0]
    assert ((x > 0) ** 2).data.tolist() == [0.0, 0.0, 1.0]
    assert (x > 0).mean().item() == pytest.approx(1 / 3)


def test_affine_of_whole_numbers_with_a_bias_of_floats():
    y = dl.affine(np.array([[1, 2]]), np.array([[1, 2, 3], [4, 5, 6]]), np.array([0.5, 0.5, 0.5]))
    assert y.data.tolist() == [[9.5, 12.5, 15.5]]
    assert dl.affine(np.array([[200, 100]], np.uint8), np.array([[2], [1]], np.uint8), np.zeros(1, int)).item() == 500


INSIDE = {
    "a list": lambda w: [w, 1.0],
    "a tuple": lambda w: (1.0, w),
    "rows": lambda w: [[w, 0.0], [0.0, 1.0]],
    "a row of tuples": lambda w: [(0.0, w)],
    "deeper": lambda w: [[[1.0, [w]]]],
}


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("row", {row.operation: row for row in ROWS}.values(), ids=lambda row: row.operation)
def test_no_operation_takes_a_tensor_in_a_list_and_forgets_its_gradient(row, inside):
    for i in range(len(row.inputs)):
        inputs = [x if j != i else INSIDE[inside](dl.Parameter(2.0)) for j, x in enumerate(row.inputs)]
        with pytest.raises((WrongTypeError, ShapeError), match="its graph would be lost|came in one list"):
            dl.OPERATIONS[row.operation](*inputs)


def test_lists_and_tables_that_hold_tensors_make_no_tensor_and_no_data_set():
    for holds in INSIDE.values():
        for make in (
            dl.Tensor,
            dl.Parameter,
            lambda x: dl.data.Dataset(x, [0, 1]),
            lambda y: dl.data.Dataset([0, 1], y),
        ):
            with pytest.raises(WrongTypeError, match="its graph would be lost"):
                make(holds(dl.Parameter(2.0)))


@pytest.mark.parametrize(
    "numbers", [[10**20, 1], [Fraction(1, 2)], [Decimal("0.5")], np.array([1, 2.5], object)], ids=repr
)
def test_numbers_that_are_python_objects_are_called_numbers(numbers):
    with pytest.raises(WrongTypeError, match="these are numbers, but as Python objects"):
        dl.Tensor(numbers)
    assert np.isfinite(dl.Tensor(np.asarray(numbers, dtype=float)).data).all()


@every("row", ROWS)
def test_half_precision_is_computed_with_the_digits_and_the_range_of_float32(row):
    half = [np.asarray(x, np.float16) if x.dtype.kind == "f" else x for x in row.inputs]
    single = [x.astype(np.float32) if x.dtype == np.float16 else x for x in half]
    if row.operation in KEEP:
        return
    w, v = ([dl.Tensor(x, requires_grad=x.dtype.kind == "f") for x in arrays] for arrays in (half, single))
    y, right = row.function(*w), row.function(*v)
    assert row.covers in WIDE or y.dtype == np.float32
    np.testing.assert_array_equal(y.data, right.data)
    y.backward(np.ones(y.shape))
    right.backward(np.ones(y.shape))
    for a, b in zip(w, v, strict=True):
        if b.grad is not None:
            assert a.grad.dtype == np.float16
            np.testing.assert_allclose(a.grad, b.grad, rtol=2e-3, atol=5e-3)


def test_what_only_moves_entries_keeps_half_precision():
    h = dl.Tensor(np.ones((2, 3), np.float16))
    moved = [h.reshape(-1), h.T, h[0], dl.concatenate(h, h), dl.stack(h, h), dl.broadcast_to(h, shape=(4, 2, 3))]
    assert {y.dtype.name for y in [*moved, dl.pad(h, widths=((1, 1), (0, 0)))]} == {"float16"}


def test_sums_on_the_way_leave_the_range_of_half_precision():
    def halves(*shape, of=100.0):
        return np.full(shape, of, np.float16)

    right = {
        1.0: lambda: dl.softmax(np.zeros((1, 70000), np.float16)).sum(),
        100.0: lambda: dl.avg_pool2d(halves(1, 32, 32, 1), size=32, stride=32).sum(),
        7e6: lambda: dl.Tensor(halves(70000)).sum(),
        90000.0: lambda: dl.squared_error(halves(1, of=300.0), halves(1, of=0.0)),
        np.sqrt(1.5): lambda: dl.LayerNorm(3)(np.array([[300, 0, -300]], np.float16))[0, 0],
        -np.log(70000): lambda: dl.log_softmax(np.zeros((1, 70000), np.float16))[0, 0],
    }
    for value, compute in right.items():
        assert compute().item() == pytest.approx(value, rel=1e-3)
