"""Sum over paths = backpropagation = finite difference, and what each of them costs."""

import itertools

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.calculus import links, paths, work
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError


def network(sizes, activation=dl.tanh, seed=0, joined=False, bias=True):
    """A network in float64, with weights large enough for slopes that differ."""
    rng = np.random.default_rng(seed)
    layers = []
    for number, (k, m) in enumerate(itertools.pairwise(sizes)):
        last = number == len(sizes) - 2
        layers.append(dl.Dense(k, m, activation=activation if joined and not last else None, bias=bias, rng=rng))
        if not joined and not last:
            layers.append(activation)
    model = dl.Sequential(*layers)
    for parameter in model.parameters():
        parameter.data = rng.normal(size=parameter.shape)
    return model


def dense(model):
    return [layer for layer in model if isinstance(layer, dl.Dense)]


def backward(model, x, output):
    model.zero_grad()
    model(np.asarray(x)[None])[0, output].backward()


def central(model, x, weight, output, h=1e-5):
    layer, j, i = weight
    array = dense(model)[layer].weight.data
    start, outputs = array[j, i], []
    for sign in (1, -1):
        array[j, i] = start + sign * h
        outputs.append(model(np.asarray(x)[None]).data[0, output])
    array[j, i] = start
    return (outputs[0] - outputs[1]) / (2 * h)


NETWORKS = [
    ((4, 2, 1), dl.sigmoid, False),
    ((4, 3, 2), dl.tanh, True),
    ((2, 3, 4, 2), dl.sigmoid, False),
    ((3, 4, 4, 4, 2), dl.tanh, False),
    ((2, 3, 3, 3, 3, 3), dl.softplus, True),
    ((3, 5, 4, 2), dl.relu, False),
    ((3, 2), dl.tanh, False),
]


@pytest.mark.parametrize(("sizes", "activation", "joined"), NETWORKS)
@pytest.mark.parametrize("seed", range(3))
def test_the_sum_over_paths_is_what_backward_finds_for_every_weight_and_output(sizes, activation, joined, seed):
    model = network(sizes, activation, seed, joined)
    x = np.random.default_rng(seed + 100).normal(size=sizes[0])
    for output in range(sizes[-1]):
        backward(model, x, output)
        for layer, part in enumerate(dense(model)):
            expected = np.zeros(part.weight.shape) if part.weight.grad is None else part.weight.grad
            sums = [
                [paths(model, x, weight=(layer, j, i), output=output).total for i in range(part.outputs)]
                for j in range(part.inputs)
            ]
            np.testing.assert_allclose(sums, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(("sizes", "activation", "joined"), NETWORKS)
@pytest.mark.parametrize("seed", range(3))
def test_and_what_a_central_difference_measures(sizes, activation, joined, seed):
    model = network(sizes, activation, seed, joined)
    x = np.random.default_rng(seed + 100).normal(size=sizes[0])
    for layer, part in enumerate(dense(model)):
        places = list(itertools.product([layer], range(part.inputs), range(part.outputs)))
        exact = np.array([paths(model, x, weight=place).total for place in places])
        measured = np.array([central(model, x, place, 0) for place in places])
        np.testing.assert_allclose(measured, exact, rtol=1e-7, atol=1e-7 * np.abs(exact).max())


def test_each_path_is_the_product_of_what_it_meets():
    model = network((2, 3, 2), dl.tanh)
    first, last = dense(model)
    x = np.array([0.5, -1.0])
    ways = paths(model, x, weight=(0, 1, 2), output=1)
    z = x @ first.weight.data + first.bias.data
    assert ways.neurons.tolist() == [[2, 1]]
    np.testing.assert_allclose(ways.factors, [[-1.0, 1 - np.tanh(z[2]) ** 2, last.weight.data[2, 1], 1.0]], rtol=1e-14)
    assert ways.total == pytest.approx(ways.delta * x[1], rel=1e-14)


def test_delta_is_the_gradient_of_the_bias():
    model = network((3, 4, 4, 2), dl.sigmoid)
    x = np.array([1.0, -0.5, 2.0])
    backward(model, x, 1)
    for layer, part in enumerate(dense(model)):
        for i in range(part.outputs):
            assert paths(model, x, weight=(layer, 0, i), output=1).delta == pytest.approx(part.bias.grad[i], rel=1e-12)


def test_paths_are_all_there_and_all_different():
    ways = paths(network((2, 3, 4, 5, 2)), [1.0, 1.0], weight=(0, 0, 1), output=1)
    assert len(ways) == 4 * 5 == len({tuple(row) for row in ways.neurons})
    assert (ways.neurons[:, 0] == 1).all() and (ways.neurons[:, -1] == 1).all()
    assert ways.factors.shape == (20, 8)


def test_a_weight_of_the_last_layer_has_one_path_or_none():
    model = network((2, 3, 2))
    assert len(paths(model, [1.0, 1.0], weight=(1, 2, 0), output=0)) == 1
    none = paths(model, [1.0, 1.0], weight=(1, 2, 0), output=1)
    assert len(none) == 0 and none.total == none.delta == 0


def test_a_silent_relu_is_on_the_list_with_nothing_to_give():
    model = network((1, 2, 2, 1), dl.relu)
    first = dense(model)[0]
    first.bias.data[:] = -10
    ways = paths(model, [0.1], weight=(0, 0, 0))
    assert len(ways) == 2 and ways.total == 0


def test_own_activations_and_models_without_bias_or_in_float32():
    def square(z):
        return z * z

    model = network((2, 3, 1), square, bias=False)
    backward(model, [1.0, 2.0], 0)
    assert paths(model, [1.0, 2.0], weight=(0, 1, 2)).total == pytest.approx(model[0].weight.grad[1, 2], rel=1e-12)
    plain = dl.Sequential(dl.Flatten(), dl.Dense(2, 3, activation=dl.tanh, rng=np.random.default_rng(0)), dl.relu)
    assert paths(plain, dl.Tensor([1.0, 2.0]), weight=(0, 0, 0)).factors.dtype == np.float64
    assert links(plain, [1.0, 2.0])[0].activation(dl.Tensor([-1.0])).item() == 0


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: paths(dl.tanh, [1.0, 2.0], weight=(0, 0, 0)), WrongTypeError, "Sequential of dense"),
        (lambda m: paths(dl.Sequential(dl.tanh), [1.0], weight=(0, 0, 0)), WrongTypeError, "not the function tanh"),
        (lambda m: paths(dl.Sequential(dl.Flatten()), [1.0], weight=(0, 0, 0)), WrongTypeError, "no dense layer"),
        (lambda m: paths(dl.Sequential(*m, dl.softmax), [1.0, 2.0], weight=(0, 0, 0)), WrongTypeError, "mixes the neurons"),
        (lambda m: paths(m, [1.0, 2.0, 3.0], weight=(0, 0, 0)), ShapeError, r"shape \(K,\) = \(3,\)"),
        (lambda m: paths(m, [[1.0, 2.0]], weight=(0, 0, 0)), ShapeError, r"\(K,\) = \(2,\)"),
        (lambda m: paths(m, [1.0, np.nan], weight=(0, 0, 0)), DataError, "finite"),
        (lambda m: paths(m, [1.0, 2.0], weight=(5, 0, 0)), ArgumentError, "layer should be 0 to 2, not 5"),
        (lambda m: paths(m, [1.0, 2.0], weight=(0, 2, 0)), ArgumentError, "j, the input should be 0 to 1"),
        (lambda m: paths(m, [1.0, 2.0], weight=(0, 0, -1)), ArgumentError, "0 or more"),
        (lambda m: paths(m, [1.0, 2.0], weight=3), WrongTypeError, r"\(layer, j, i\)"),
        (lambda m: paths(m, [1.0, 2.0], weight=(0, 0, 0), output=9), ArgumentError, "output should be 0 to 1"),
        (lambda m: paths(m, [1.0, 2.0], weight=(0, 0, 0), most=3), ArgumentError, "4 paths lead"),
        (lambda m: work((3,)), ArgumentError, "inputs, hidden layers, outputs"),
        (lambda m: work((3, 0, 1)), ArgumentError, "1 or more"),
    ],
)  # fmt: skip
def test_mistakes_get_a_sentence(call, error, words):
    with pytest.raises(error, match=words):
        call(network((2, 3, 4, 2)))


class Counted(float):
    """A number that counts how often it is multiplied."""

    times = 0

    def __mul__(self, other):
        Counted.times += 1
        return Counted(float(self) * float(other))

    def __add__(self, other):
        return Counted(float(self) + float(other))

    __radd__ = __add__


@pytest.mark.parametrize("sizes", [(4, 2, 1), (2, 1), (3, 4, 4, 2), (2, 3, 3, 3, 3), (4, 5, 2, 3, 4, 2)])
def test_work_is_what_counting_numbers_count(sizes):
    model = network(sizes)
    x = np.ones(sizes[0])
    chain = links(model, x)
    ways = paths(model, x, weight=(0, 0, 0), output=0)
    hidden = len(sizes) - 2

    Counted.times = 0
    for row in ways.factors:
        first, *rest = row[: 2 * hidden + 1]  # the slope 1 of the output is not a factor
        product = Counted(first)
        for factor in rest:
            product = product * factor
    assert (len(ways), Counted.times) == (work(sizes).paths, work(sizes).by_paths)

    Counted.times = 0
    delta = [Counted(1.0)] + [Counted(0.0)] * (sizes[-1] - 1)
    gradients = []
    for layer in range(len(chain) - 1, -1, -1):
        gradients.insert(0, np.array([[d * a for d in delta] for a in chain[layer].inputs], float))
        if layer:
            blame = [sum((d * w for d, w in zip(delta, row, strict=True)), Counted(0)) for row in chain[layer].weight]
            delta = [b * slope for b, slope in zip(blame, chain[layer - 1].slopes, strict=True)]
    assert Counted.times == work(sizes).by_backward
    backward(model, x, 0)
    for part, expected in zip(dense(model), gradients, strict=True):
        np.testing.assert_allclose(part.weight.grad, expected, rtol=1e-12, atol=1e-14)


def test_paths_multiply_and_the_work_of_backpropagation_adds_up():
    deep = [work((4, *[10] * depth, 1)) for depth in range(1, 11)]
    assert [one.paths for one in deep] == [10 ** (depth - 1) for depth in range(1, 11)]
    steps = np.diff([one.by_backward for one in deep])
    assert (steps == steps[0]).all()
