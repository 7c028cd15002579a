"""The faults: each in at least three situations, with other data, another architecture, another loss.

A situation is a function that returns what `dl.diagnose` is given. Its row says which finding must come first.
"""

from __future__ import annotations

import numpy as np

import dlcourse as dl

from .patients import (
    BCE,
    CE,
    SE,
    Data,
    circles,
    column,
    conv,
    digits,
    digits_later,
    fitted,
    given,
    loop,
    mlp,
    moons,
    plane,
    recurrent,
    rng,
    sequences,
    sine,
    standard,
    stepping,
    table,
)  # fmt: skip

FAULTS: list[tuple[str, str, object]] = []


def fault(name):
    def note(make):
        FAULTS.append((name, make.__name__, make))
        return make

    return note


def sgd(model, lr, **more):
    return dl.SGD(model.parameters(), lr, **more)


# Learning rate


@fault("learning rate too high")
def high_sgd_on_digits():
    return given(m := mlp(64, 32, 10), digits(), CE, sgd(m, 50.0))


@fault("learning rate too high")
def high_adam_on_a_convolution():
    return given(m := conv(), digits(300, image=True), CE, dl.Adam(m.parameters(), 3.0))


@fault("learning rate too high")
def high_in_a_regression():
    return given(m := mlp(5, 24, 1, act=dl.tanh), plane(), SE, sgd(m, 2.0))


@fault("learning rate too high")
def high_in_a_loop():
    m = recurrent()
    return stepping(m, sequences(), loop(m, CE, sgd(m, 60.0)))


@fault("learning rate too high")
def high_rmsprop_on_wine():
    return given(m := mlp(13, 16, 3, act=dl.tanh), table("wine"), CE, dl.RMSprop(m.parameters(), 2.0))


@fault("learning rate far too low")
def low_sgd_on_moons():
    return given(m := mlp(2, 16, 2, act=dl.tanh), moons(), CE, sgd(m, 1e-5))


@fault("learning rate far too low")
def low_adam_on_digits():
    return given(m := mlp(64, 32, 10), digits(), CE, dl.Adam(m.parameters(), 1e-7))


@fault("learning rate far too low")
def low_in_a_loop_by_hand():
    m = mlp(5, 16, 1)

    def step(x, y):
        m.zero_grad()
        SE(m(x), y).backward()
        for p in m.parameters():
            p.data -= 1e-6 * p.grad

    return stepping(m, plane(), step, SE)


@fault("learning rate far too low")
def low_on_sequences():
    return given(m := recurrent(dl.LSTM, hidden=8), sequences(steps=6), CE, dl.Adam(m.parameters(), 3e-7))


@fault("learning rate zero or negative")
def zero_rate():
    return given(m := mlp(2, 16, 2), moons(), CE, sgd(m, 0.0))


@fault("learning rate zero or negative")
def negative_schedule():
    return given(m := mlp(5, 16, 1), plane(), SE, sgd(m, lambda step: 0.1 - 0.2 * (step + 1)))


@fault("learning rate zero or negative")
def zero_in_a_loop():
    m = conv()
    return stepping(m, digits(200, image=True), loop(m, CE, dl.Adam(m.parameters(), 0.0)))


@fault("learning rate zero or negative")
def zero_by_hand():
    m, lr = mlp(13, 8, 3), 1 // 10

    def step(x, y):
        m.zero_grad()
        CE(m(x), y).backward()
        for p in m.parameters():
            p.data -= lr * p.grad

    return stepping(m, table("wine"), step)


# Start


def biased(model, value, layers=(0,)):
    for i in layers:
        model[i].bias.data[...] = value
    return model


@fault("dead ReLUs")
def dead_by_bias():
    return given(biased(m := mlp(64, 32, 10), -20.0), digits(), CE, sgd(m, 0.1))


@fault("dead ReLUs")
def dead_in_a_convolution():
    return given(biased(m := conv(), -10.0), digits(200, image=True), CE, sgd(m, 0.1))


@fault("dead ReLUs")
def dead_second_layer_of_a_regression():
    return given(biased(m := mlp(5, 16, 16, 1), -15.0, (1,)), plane(), SE, sgd(m, 0.01))


@fault("dead ReLUs")
def dead_most_units():
    m = mlp(2, 20, 2)
    m[0].bias.data[:14] = -30
    return given(m, moons(), CE, sgd(m, 0.1))


def zeros(shape, rng):
    return np.zeros(shape, np.float32)


@fault("all weights equal at the start")
def all_zero():
    return given(m := mlp(64, 32, 10, initializer=zeros), digits(), CE, sgd(m, 0.1))


@fault("all weights equal at the start")
def all_the_same():
    return given(
        m := mlp(2, 8, 1, act=dl.tanh, initializer=lambda s, rng: np.full(s, 0.3, np.float32)),
        column(moons()),
        BCE,
        sgd(m, 0.1),
    )


@fault("all weights equal at the start")
def equal_in_a_convolution():
    return given(conv(initializer=lambda s, rng: np.full(s, 0.1, np.float32)), digits(200, image=True), CE)


@fault("all weights equal at the start")
def equal_in_a_regression():
    return given(mlp(5, 16, 1, act=dl.sigmoid, initializer=zeros), plane(), SE)


def wild(size):
    return lambda s, rng: (size * rng.normal(size=s)).astype(np.float32)


@fault("weights far too large at the start")
def large_normal():
    return given(m := mlp(64, 64, 10, initializer=wild(1.0)), digits(), CE, sgd(m, 0.01))


@fault("weights far too large at the start")
def large_in_a_tanh_network():
    return given(mlp(13, 32, 32, 3, act=dl.tanh, initializer=wild(3.0)), table("wine"), CE)


@fault("weights far too large at the start")
def large_in_a_regression():
    return given(m := mlp(5, 40, 1, initializer=wild(4.0)), plane(), SE, dl.Adam(m.parameters(), 0.001))


@fault("weights far too small at the start")
def small_in_depth():
    return given(m := mlp(64, 32, 32, 32, 10, act=dl.tanh, initializer=wild(0.001)), digits(), CE, sgd(m, 0.1))


@fault("weights far too small at the start")
def small_in_two_layers():
    return given(m := mlp(2, 16, 2, initializer=wild(1e-4)), circles(), CE, sgd(m, 0.1))


@fault("weights far too small at the start")
def small_in_a_regression():
    return given(m := mlp(5, 24, 24, 1, act=dl.tanh, initializer=wild(1e-3)), plane(), SE, sgd(m, 0.01))


# Gradients


@fault("vanishing gradient")
def vanishing_in_deep_sigmoid():
    return given(m := mlp(64, *[24] * 8, 10, act=dl.sigmoid), digits(), CE, sgd(m, 0.1))


@fault("vanishing gradient")
def vanishing_in_a_deep_regression():
    return given(m := mlp(5, *[16] * 10, 1, act=dl.sigmoid), plane(), SE, sgd(m, 0.01))


@fault("vanishing gradient")
def vanishing_in_time():
    r = rng(3)
    x = r.normal(size=(200, 60, 1)).astype(np.float32)
    m = recurrent(dl.SimpleRNN, 1, 12)
    return given(m, Data(x, (x[:, 0, 0] > 0).astype(int)), CE, sgd(m, 0.05))


@fault("exploding gradient")
def exploding_in_depth():
    return given(
        m := mlp(64, *[32] * 12, 10, initializer=lambda s, rng: dl.he_normal(s, rng=rng) * 2.2),
        digits(),
        CE,
        sgd(m, 0.01),
    )


@fault("exploding gradient")
def exploding_in_time():
    r = rng(0)
    m = recurrent(dl.SimpleRNN, 2, 16)
    d = sequences(200, 30)
    for p in m[0].parameters():
        if p.shape == (16, 16):
            p.data[...] = 1.8 * dl.orthogonal((16, 16), rng=r)
        elif p.ndim == 2:
            p.data *= 0.001
    return given(m, d, CE, sgd(m, 0.01))


@fault("exploding gradient")
def exploding_in_a_deep_regression():
    return given(
        m := mlp(5, *[16] * 15, 1, act=dl.identity, initializer=lambda s, rng: dl.glorot_uniform(s, rng=rng) * 2.2),
        plane(),
        SE,
        sgd(m, 1e-3),
    )


# Numbers that are none


@fault("NaN or infinity")
def root_of_a_negative():
    return given(mlp(5, 8, 1), plane(), lambda p, y: dl.sqrt(p - 100.0).mean())


@fault("NaN or infinity")
def logarithm_of_zero():
    m = mlp(2, 16, 1, last=dl.relu)
    return given(m, column(moons()), lambda p, y: -(dl.log(p) * y).mean(), sgd(m, 0.1))


@fault("NaN or infinity")
def nan_in_a_minibatch():
    d = plane(200)
    batches = [(d.x[i : i + 20].copy(), d.y[i : i + 20].copy()) for i in range(0, 200, 20)]
    batches[3][0][5, 2] = np.nan
    return given(mlp(5, 16, 1), batches, SE)


@fault("NaN or infinity")
def naive_softmax_overflows():
    m = mlp(64, 32, 10)
    m[1].weight.data *= 800

    def step(x, y):
        m.zero_grad()
        z = dl.exp(m(x))
        loss = -(dl.log(z[np.arange(len(y)), y] / z.sum(axis=1))).mean()
        loss.backward()
        for p in m.parameters():
            p.data -= 0.1 * p.grad

    return stepping(m, digits(), step)


@fault("NaN or infinity")
def a_weight_is_nan():
    m = conv()
    m[3].weight.data[5, 5] = np.inf
    return given(m, digits(200, image=True))


# Data


@fault("inputs not scaled")
def one_feature_a_thousand_times():
    d = plane()
    d.x[:, 2] *= 1000
    return given(m := mlp(5, 16, 1), d, SE, sgd(m, 0.01))


@fault("inputs not scaled")
def raw_tumours():
    return given(mlp(30, 16, 2), table("breast_cancer", scaled=False))


@fault("inputs not scaled")
def raw_pixels_in_a_convolution():
    d = digits(300, image=True)
    return given(conv(), Data(d.x * 255, d.y))


@fault("inputs not scaled")
def raw_wine():
    m = mlp(13, 16, 3, act=dl.tanh)
    return stepping(m, table("wine", scaled=False), loop(m, CE, sgd(m, 0.01)))


@fault("constant features")
def one_column_of_five():
    d = plane()
    d.x[:, 3] = 5
    return given(mlp(5, 16, 1), d, SE)


@fault("constant features")
def a_column_of_zeros():
    d = table("wine")
    d.x[:, 4] = 0
    return given(mlp(13, 16, 3), d)


@fault("constant features")
def half_of_the_digits():
    d = digits()
    d.x[:, 32:] = 0
    return given(mlp(64, 32, 10), d)


@fault("constant features")
def a_channel_of_sequences():
    d = sequences()
    d.x[:, :, 1] = 1
    return given(recurrent(), d)


def shuffled(d, seed=0):
    return Data(d.x, d.y[rng(seed).permutation(len(d))])


@fault("labels shuffled against inputs")
def shuffled_digits():
    return given(mlp(64, 32, 10), shuffled(digits()))


@fault("labels shuffled against inputs")
def shuffled_measurements():
    return given(mlp(5, 16, 1), shuffled(plane()), SE)


@fault("labels shuffled against inputs")
def shuffled_moons_after_training():
    return fitted(mlp(2, 16, 2), shuffled(moons()), epochs=5)


@fault("labels shuffled against inputs")
def shuffled_pictures_in_a_loop():
    m = conv()
    return stepping(m, shuffled(digits(200, image=True)), loop(m, CE, dl.Adam(m.parameters(), 0.01)))


def noisy(d, share, classes, seed=0):
    r = rng(seed)
    y = d.y.reshape(-1).copy()
    wrong = r.random(len(y)) < share
    y[wrong] = (y[wrong] + r.integers(1, classes, wrong.sum())) % classes
    return Data(d.x, y.reshape(d.y.shape))


@fault("label noise above a fifth")
def noisy_digits():
    return given(mlp(64, 32, 10), noisy(digits(), 0.35, 10))


@fault("label noise above a fifth")
def noisy_moons():
    return given(mlp(2, 16, 2), noisy(moons(400), 0.28, 2))


@fault("label noise above a fifth")
def noisy_wine():
    return given(mlp(13, 16, 3, act=dl.tanh), noisy(table("wine"), 0.35, 3))


@fault("label noise above a fifth")
def noisy_tumours():
    return given(mlp(30, 16, 2), noisy(table("breast_cancer"), 0.27, 2))


@fault("labels off by one")
def labels_from_one():
    d = table("iris")
    return given(mlp(4, 8, 3), Data(d.x, d.y + 1))


@fault("labels off by one")
def labels_from_one_with_room():
    d = digits()
    return given(mlp(64, 32, 11), Data(d.x, d.y + 1))


@fault("labels off by one")
def labels_from_one_in_a_loop():
    d, m = table("wine"), mlp(13, 8, 3)
    return stepping(m, Data(d.x, d.y + 1), loop(m, CE, sgd(m, 0.1)))


@fault("one class missing")
def no_sevens():
    d = digits()
    return given(mlp(64, 32, 10), d[d.y != 7])


@fault("one class missing")
def wine_of_two_kinds():
    d = table("wine")
    return given(mlp(13, 8, 3), d[d.y != 2])


@fault("one class missing")
def pictures_without_zero_and_three():
    d = digits(500, image=True)
    return given(conv(), d[(d.y != 4) & (d.y != 3)])


# Outputs and losses


@fault("softmax twice")
def softmax_in_the_layer():
    return given(mlp(64, 32, 10, last=dl.softmax), digits())


@fault("softmax twice")
def own_softmax_in_the_model():
    def own_softmax(z):
        e = dl.exp(z - z.data.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    return given(dl.Sequential(mlp(13, 16, 3), own_softmax), table("wine"))


@fault("softmax twice")
def own_softmax_in_the_loop():
    m = conv()
    o = dl.Adam(m.parameters(), 0.01)

    def step(x, y):
        o.zero_grad()
        e = dl.exp(m(x))
        CE(e / e.sum(axis=1, keepdims=True), y).backward()
        o.step()

    return stepping(m, digits(200, image=True), step)


@fault("softmax twice")
def softmax_before_an_own_loss():
    def own(p, y):
        z = p - p.data.max(axis=1, keepdims=True)
        return (dl.log(dl.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()

    return given(mlp(4, 8, 3, last=dl.softmax), table("iris"), own)


@fault("sigmoid before a loss from logits")
def sigmoid_in_the_layer():
    return given(mlp(2, 16, 1, last=dl.sigmoid), column(moons()), BCE)


@fault("sigmoid before a loss from logits")
def own_sigmoid_in_the_model():
    return given(dl.Sequential(mlp(30, 8, 1), lambda z: 1 / (1 + dl.exp(-z))), column(table("breast_cancer")), BCE)


@fault("sigmoid before a loss from logits")
def own_sigmoid_in_the_loop():
    m = mlp(2, 16, 1)
    o = sgd(m, 0.5)

    def step(x, y):
        o.zero_grad()
        BCE(1 / (1 + dl.exp(-m(x))), y).backward()
        o.step()

    return stepping(m, column(circles()), step, BCE)


@fault("activation on the output cannot reach the targets")
def relu_for_negatives():
    return given(mlp(5, 16, 1, last=dl.relu), plane(), SE)


@fault("activation on the output cannot reach the targets")
def tanh_for_degrees():
    d = sine()
    return given(mlp(1, 16, 1, act=dl.tanh, last=dl.tanh), Data(d.x, 21 + 3 * d.y), SE)


@fault("activation on the output cannot reach the targets")
def sigmoid_for_standardized():
    return given(mlp(10, 16, 1, last=dl.sigmoid), table("diabetes"), dl.absolute_error)


@fault("loss does not fit the targets")
def squared_error_on_class_numbers():
    return given(mlp(64, 32, 1), column(digits()), SE)


@fault("loss does not fit the targets")
def cross_entropy_on_counts():
    r = rng(0)
    x = r.normal(size=(400, 4)).astype(np.float32)
    y = np.minimum(r.poisson(np.exp(2.0 + 0.6 * x[:, 0])), 39)
    return given(mlp(4, 32, 40), Data(x, y), CE)


@fault("loss does not fit the targets")
def cross_entropy_on_measurements():
    d = plane()
    return given(mlp(5, 16, 4), Data(d.x, d.y[:, 0]), CE)


@fault("loss does not fit the targets")
def absolute_error_on_wine():
    return given(mlp(13, 16, 1), column(table("wine")), dl.absolute_error)


# Axes


def broadcasting(p, y):
    return ((p - y) ** 2).mean()


@fault("wrong axis")
def column_against_row():
    d = plane()
    return given(mlp(5, 16, 1), Data(d.x, d.y[:, 0]), broadcasting)


@fault("wrong axis")
def softmax_down_the_batch():
    def own(p, y):
        e = dl.exp(p - p.data.max(axis=0, keepdims=True))
        return -dl.log((e / e.sum(axis=0, keepdims=True))[np.arange(len(y)), y]).mean()

    return given(mlp(64, 32, 10), digits(), own)


@fault("wrong axis")
def mean_over_the_batch_in_the_model():
    return given(
        dl.Sequential(
            dl.Dense(5, 16, activation=dl.tanh, rng=rng()),
            lambda h: h - h.mean(axis=0, keepdims=True),
            dl.Dense(16, 1, rng=rng(1)),
        ),
        plane(),
        SE,
    )


@fault("wrong axis")
def broadcast_in_the_loop():
    d, m = sine(), mlp(1, 16, 1, act=dl.tanh)
    d = Data(d.x, d.y[:, 0])
    return stepping(m, d, loop(m, broadcasting, sgd(m, 0.01)), broadcasting)


@fault("wrong axis")
def softmax_layer_along_the_batch():
    return given(dl.Sequential(mlp(13, 16, 3), lambda z: dl.log(dl.softmax(z, axis=0) + 1e-9)), table("wine"))


# Loops


@fault("gradients not zeroed")
def forgotten_with_an_optimizer():
    m = mlp(64, 32, 10)
    o = sgd(m, 0.1)

    def step(x, y):
        CE(m(x), y).backward()
        o.step()

    return stepping(m, digits(), step)


@fault("gradients not zeroed")
def forgotten_by_hand():
    m = mlp(5, 16, 1, act=dl.tanh)

    def step(x, y):
        SE(m(x), y).backward()
        for p in m.parameters():
            p.data[...] -= 0.01 * p.grad

    return stepping(m, plane(), step, SE)


@fault("gradients not zeroed")
def forgotten_with_momentum():
    m = recurrent()
    o = dl.Adam(m.parameters(), 0.01)

    def step(x, y):
        loss = CE(m(x), y)
        loss.backward()
        o.step()
        return loss

    return stepping(m, sequences(), step, optimizer=o)


@fault("update in the wrong direction")
def plus_instead_of_minus():
    m = mlp(5, 16, 1)

    def step(x, y):
        m.zero_grad()
        SE(m(x), y).backward()
        for p in m.parameters():
            p.data += 0.01 * p.grad

    return stepping(m, plane(), step, SE)


@fault("update in the wrong direction")
def minus_the_loss():
    m = mlp(64, 32, 10)
    o = sgd(m, 0.1)

    def step(x, y):
        o.zero_grad()
        (-CE(m(x), y)).backward()
        o.step()

    return stepping(m, digits(), step)


@fault("update in the wrong direction")
def an_optimizer_of_ones_own():
    class Climber(dl.Optimizer):
        def update(self, flat, lr):
            flat.w += lr * flat.g

    return given(m := mlp(2, 16, 2), moons(), CE, Climber(m.parameters(), 0.1))


@fault("optimizer holds other parameters than the model")
def of_another_model():
    m = mlp(64, 32, 10)
    return given(m, digits(), CE, sgd(mlp(64, 32, 10, seed=1), 0.1))


@fault("optimizer holds other parameters than the model")
def a_layer_was_replaced():
    m = mlp(2, 16, 2)
    o = dl.Adam(m.parameters(), 0.01)
    m[1] = dl.Dense(16, 2, rng=rng(3))
    return given(m, moons(), CE, o)


@fault("optimizer holds other parameters than the model")
def only_the_last_in_a_loop():
    m = conv()
    return stepping(m, digits(200, image=True), loop(m, CE, sgd_of(m[3].parameters())))


def sgd_of(parameters):
    return dl.SGD(parameters, 0.1)


@fault("optimizer holds other parameters than the model")
def some_forgotten_by_hand():
    m = mlp(5, 16, 16, 1)

    def step(x, y):
        m.zero_grad()
        SE(m(x), y).backward()
        for layer in m.layers[1:]:
            for p in layer.parameters():
                p.data -= 0.01 * p.grad

    return stepping(m, plane(), step, SE)


class Detached(dl.Module):
    def __init__(self):
        self.hidden, self.out = dl.Dense(64, 32, activation=dl.relu, rng=rng()), dl.Dense(32, 10, rng=rng(1))

    def forward(self, x):
        return self.out(dl.Tensor(self.hidden(x).data))


class Unused(dl.Module):
    def __init__(self):
        r = rng()
        self.a, self.b, self.c = (
            dl.Dense(5, 16, activation=dl.tanh, rng=r),
            dl.Dense(16, 16, rng=r),
            dl.Dense(16, 1, rng=r),
        )

    def forward(self, x):
        return self.c(self.a(x))


@fault("parameters that no gradient reaches")
def detached_in_the_middle():
    return given(Detached(), digits())


@fault("parameters that no gradient reaches")
def a_layer_that_is_not_used():
    return given(Unused(), plane(), SE)


@fault("parameters that no gradient reaches")
def loss_from_numpy():
    m = mlp(2, 16, 2)
    return given(m, moons(), lambda p, y: CE(dl.Tensor(p.data), y))


def freeze(model, *names):
    for name, p in model.named_parameters().items():
        if not names or name in names:
            p.requires_grad = False
    return model


@fault("weights frozen")
def all_frozen():
    m = mlp(64, 32, 10)
    o = sgd(m, 0.1)
    freeze(m)
    return given(m, digits(), CE, o)


@fault("weights frozen")
def first_layer_frozen():
    m = mlp(64, 3, 32, 10, act=dl.tanh)
    o = dl.Adam(m.parameters(), 0.01)
    freeze(m, "0.weight", "0.bias")
    return given(m, digits(), CE, o)


@fault("weights frozen")
def frozen_in_a_regression():
    m = mlp(10, 1, 12, 1, act=dl.tanh)
    o = dl.Adam(m.parameters(), 0.01)
    freeze(m, "0.weight", "0.bias")
    return given(m, plane(k=10), SE, o)


# Modes


class OwnDropout(dl.Module):
    def __init__(self, r):
        self.rng = r

    def forward(self, x):
        return x * (self.rng.random(x.shape) > 0.5).astype(np.float32) * 2


@fault("dropout or batch normalization left in training mode")
def dropout_of_ones_own():
    return given(
        dl.Sequential(
            dl.Dense(64, 32, activation=dl.relu, rng=rng()), OwnDropout(rng(1)), dl.Dense(32, 10, rng=rng(2))
        ),
        digits(),
    )


@fault("dropout or batch normalization left in training mode")
def batch_norm_in_a_function():
    a, bn, b = dl.Dense(5, 16, activation=dl.relu, rng=rng()), dl.BatchNorm(16), dl.Dense(16, 1, rng=rng(1))

    def model(x):
        return b(bn(a(x)))

    parameters = [*a.parameters(), *bn.parameters(), *b.parameters()]
    return {"model": model, "data": plane(), "loss": SE, "optimizer": dl.Adam(parameters, 0.01)}


@fault("dropout or batch normalization left in training mode")
def always_dropping():
    class Always(dl.Module):
        def __init__(self):
            self.a, self.drop, self.b = (
                dl.Dense(13, 32, activation=dl.relu, rng=rng()),
                dl.Dropout(0.5, rng=rng(1)),
                dl.Dense(32, 3, rng=rng(2)),
            )

        def forward(self, x):
            self.drop.train()
            h = self.a(x)
            keep = (self.drop.rng.random(h.shape) > 0.5).astype(np.float32)
            return self.b(h * keep * 2)

    return given(Always(), table("wine"))


def normalized(*sizes):
    r, layers = rng(), []
    for a, b in zip(sizes[:-2], sizes[1:-1], strict=True):
        layers += [dl.Dense(a, b, rng=r), dl.BatchNorm(b), dl.relu]
    return dl.Sequential(*layers, dl.Dense(sizes[-2], sizes[-1], rng=r))


@fault("batches of one with batch normalization")
def minibatches_of_one():
    return given(normalized(64, 32, 10), digits(200).batches(1, rng=rng()))


@fault("batches of one with batch normalization")
def a_rest_of_one():
    d = plane(193)
    return given(normalized(5, 16, 1), d.batches(32, rng=rng()), SE)


@fault("batches of one with batch normalization")
def one_by_one_in_a_loop():
    m = normalized(2, 16, 2)
    o = sgd(m, 0.1)

    def step(x, y):
        for i in range(len(x)):
            o.zero_grad()
            CE(m(x[i : i + 1]), y[i : i + 1]).backward()
            o.step()

    return stepping(m, moons(), step)


def by_class(d):
    return d[np.argsort(d.y.reshape(-1), kind="stable")]


@fault("batches sorted by class")
def sorted_digits():
    return given(mlp(64, 32, 10), by_class(digits()).batches(32))


@fault("batches sorted by class")
def sorted_moons_as_a_list():
    d = by_class(moons())
    return given(mlp(2, 16, 2), [(d.x[i : i + 25], d.y[i : i + 25]) for i in range(0, 300, 25)])


@fault("batches sorted by class")
def sorted_measurements():
    return given(mlp(5, 16, 1), by_class(plane()).batches(32), SE)


@fault("batches sorted by class")
def sorted_wine_in_a_loop():
    m = mlp(13, 16, 3)
    return stepping(m, by_class(table("wine")).batches(16), loop(m, CE, sgd(m, 0.1)))


class Reseeding:
    def __init__(self, data):
        self.data = data

    def __iter__(self):
        for _ in range(10):
            chosen = np.random.default_rng(0).integers(0, len(self.data), 32)
            yield self.data.x[chosen], self.data.y[chosen]


@fault("the same batch every time")
def a_loader_that_reseeds():
    return given(mlp(64, 32, 10), Reseeding(digits()))


@fault("the same batch every time")
def a_list_of_one_and_the_same():
    d = plane()
    return given(mlp(5, 16, 1), [(d.x[:20], d.y[:20])] * 8, SE)


@fault("the same batch every time")
def a_step_that_ignores_its_batch():
    m, d = mlp(2, 16, 2), moons()
    o = dl.Adam(m.parameters(), 0.01)
    xb, yb = next(iter(d.batches(32, rng=rng())))

    def step(x, y):
        o.zero_grad()
        CE(m(xb), yb).backward()
        o.step()

    return stepping(m, d, step)


# Splits


@fault("validation data leaked into training")
def duplicates():
    d, v = digits(500), digits_later(200)
    v.x[:40], v.y[:40] = d.x[:40], d.y[:40]
    return given(mlp(64, 32, 10), d, validation=v)


@fault("validation data leaked into training")
def scaled_before_splitting():
    d = table("breast_cancer")
    return given(mlp(30, 16, 2), d[:400], validation=d[400:])


@fault("validation data leaked into training")
def validation_is_a_part_of_training():
    d = plane()
    return given(mlp(5, 16, 1), d, SE, validation=d[200:])


@fault("validation data leaked into training")
def squeezed_before_splitting():
    d = table("diabetes", scaled=False)
    x = d.x.astype(np.float32)
    keep = [0, 2, 3, 4, 5, 6, 7, 8, 9]
    x = (x - x.min(0)) / (x.max(0) - x.min(0))
    y = standard(d.y)
    return given(mlp(9, 16, 1), Data(x[:330][:, keep], y[:330]), SE, validation=Data(x[330:][:, keep], y[330:]))


@fault("training and validation from different distributions")
def brighter_pictures():
    v = digits_later(200, image=True)
    return given(conv(), digits(400, image=True), validation=Data(1 - v.x, v.y))


@fault("training and validation from different distributions")
def other_classes():
    d = digits(900)
    return given(mlp(64, 32, 10), d[:500], validation=d[500:][d.y[500:] < 4])


@fault("training and validation from different distributions")
def shifted_measurements():
    d, v = plane(), plane(150, seed=9)
    return given(mlp(5, 16, 1), d, SE, validation=Data(v.x + 1.5, v.y))


# Balance, size, results


@fault("classes out of balance")
def nearly_always_zero():
    d = digits(1500)
    y = (d.y == 7).astype(int)
    keep = (y == 0) | (np.cumsum(y) <= 60)
    return given(mlp(64, 16, 2), Data(d.x[keep], y[keep]))


@fault("classes out of balance")
def rare_in_a_single_output():
    d = circles(600)
    one = np.flatnonzero(d.y == 1)[:15]
    return given(mlp(2, 16, 1), column(d[np.concatenate([np.flatnonzero(d.y == 0), one])]), BCE)


@fault("classes out of balance")
def rare_in_sequences():
    r = rng(0)
    x = r.normal(size=(400, 10, 2)).astype(np.float32)
    return given(recurrent(), Data(x, (x[:, :, 0].sum(1) > 5.5).astype(int)))


@fault("too small to fit")
def a_line_for_rings():
    return given(m := mlp(2, 2), circles(), CE, sgd(m, 0.1))


@fault("too small to fit")
def one_unit_for_a_wave():
    return given(mlp(1, 1, 1, act=dl.tanh), sine(), SE)


@fault("too small to fit")
def one_unit_for_ten_digits():
    return given(mlp(64, 1, 10, act=dl.tanh), digits())


@fault("overfits")
def few_digits_by_heart():
    return fitted(mlp(64, 64, 10), digits(90), epochs=60) | {"validation": digits_later(300)}


@fault("overfits")
def a_wave_by_heart():
    d = sine(24, noise=0.7)
    m = mlp(1, 96, 96, 1)
    return fitted(m, d, loss=SE, optimizer=dl.Adam(m.parameters(), 0.003), epochs=500, batch_size=24) | {
        "validation": sine(200, noise=0.7, seed=8)
    }


@fault("overfits")
def noisy_moons_by_heart():
    v = moons(200, 0.4, seed=12)
    return fitted(mlp(2, 64, 64, 2), moons(60, 0.4), epochs=150, validation=v)


@fault("too much regularization")
def heavy_weight_decay():
    m = mlp(64, 32, 10)
    return given(m, digits(), CE, dl.AdamW(m.parameters(), 0.01, weight_decay=30.0))


@fault("too much regularization")
def a_penalty_in_the_loss():
    m = mlp(2, 16, 2)
    penalty = dl.L2(3.0)
    return given(m, moons(), lambda p, y: CE(p, y) + penalty(m))


@fault("too much regularization")
def a_regularizer_in_fit():
    return fitted(mlp(13, 16, 3), table("wine"), epochs=15, regularizer=dl.L2(5.0))


@fault("too much regularization")
def drowned_in_dropout():
    r = rng()
    m = dl.Sequential(dl.Dense(64, 32, activation=dl.relu, rng=r), dl.Dropout(0.97, rng=r), dl.Dense(32, 10, rng=r))
    return given(m, digits())


@fault("too few updates")
def three_epochs_of_one_step():
    m = mlp(64, 32, 10)
    return fitted(m, digits(300), optimizer=sgd(m, 0.1), epochs=4, batch_size=300)


@fault("too few updates")
def ended_after_one_epoch():
    m = mlp(5, 16, 1)
    return fitted(m, plane(), loss=SE, optimizer=sgd(m, 0.01), epochs=1, batch_size=64)


@fault("too few updates")
def ten_updates_of_a_convolution():
    m = conv()
    return fitted(m, digits(200, image=True), optimizer=dl.Adam(m.parameters(), 0.003), epochs=5, batch_size=100)


@fault("batch larger than the data")
def more_than_there_are():
    return given(mlp(2, 16, 2), moons(60).batches(128, rng=rng()))


@fault("batch larger than the data")
def far_more_pictures():
    return given(conv(), digits(100, image=True).batches(1000, rng=rng()))


@fault("batch larger than the data")
def more_measurements_than_there_are():
    m = mlp(5, 16, 1)
    d = plane(50).batches(64)
    return stepping(m, d, loop(m, SE, sgd(m, 0.01)), SE)
