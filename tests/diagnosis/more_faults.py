"""More faults: a third of all situations, held back while the thresholds were chosen."""

from __future__ import annotations

import numpy as np

import dlcourse as dl

from .faults import (
    FAULTS,
    by_class,
    fault,
    freeze,
    noisy,
    normalized,
    sgd,
    shuffled,
    wild,
    zeros,
)  # fmt: skip
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
    stepping,
    table,
)  # fmt: skip

__all__ = ["FAULTS"]


def tones(n=300, seed=0):
    """Two pitches in noise, (N, 30, 1)."""
    r = rng(seed)
    which, t = r.integers(0, 2, n), np.arange(30) / 30
    x = np.sin(2 * np.pi * (2 + 3 * which)[:, None] * t + r.uniform(0, 6, (n, 1))) + 0.3 * r.normal(size=(n, 30))
    return Data(x[..., None].astype(np.float32), which)


def ear(seed=0, outputs=2):
    r = rng(seed)
    return dl.Sequential(dl.Conv1D(1, 8, 5, activation=dl.relu, rng=r), dl.Flatten(), dl.Dense(8 * 26, outputs, rng=r))


class Residual(dl.Module):
    """A network of one's own with a way around its layers."""

    def __init__(self, inputs, width, outputs, seed=0):
        r = rng(seed)
        self.first = dl.Dense(inputs, width, activation=dl.tanh, rng=r)
        self.blocks = [dl.Dense(width, width, activation=dl.relu, rng=r) for _ in range(3)]
        self.last = dl.Dense(width, outputs, rng=r)

    def forward(self, x):
        h = self.first(x)
        for block in self.blocks:
            h = h + block(h)
        return self.last(h)


@fault("learning rate too high")
def high_momentum_with_spirals():
    return given(m := mlp(2, 32, 32, 2), dl.data.spirals(300, rng=rng()), CE, sgd(m, 8.0, momentum=0.9))


@fault("learning rate too high")
def high_in_a_residual_network():
    m = Residual(10, 16, 1)
    return given(m, table("diabetes"), SE, dl.Adam(m.parameters(), 5.0))


@fault("learning rate too high")
def high_by_hand_in_tones():
    m = ear()

    def step(x, y):
        m.zero_grad()
        loss = CE(m(x), y)
        loss.backward()
        for p in m.parameters():
            p.data -= 20.0 * p.grad
        return loss

    return stepping(m, tones(), step)


@fault("learning rate far too low")
def low_huber():
    m = Residual(10, 16, 1)
    return given(m, table("diabetes"), dl.huber, sgd(m, 1e-7))


@fault("learning rate far too low")
def low_adagrad_in_tones():
    m = ear()
    return stepping(m, tones(), loop(m, CE, dl.Adagrad(m.parameters(), 1e-6)))


@fault("learning rate zero or negative")
def a_schedule_that_is_zero():
    return given(m := mlp(4, 8, 3), table("iris"), CE, dl.Adam(m.parameters(), lambda step: 0.0))


@fault("dead ReLUs")
def dead_by_shifted_inputs():
    d = digits()
    m = mlp(64, 32, 32, 10)
    m[0].weight.data[...] = -np.abs(m[0].weight.data)
    return given(m, d, CE, sgd(m, 0.05))


@fault("dead ReLUs")
def dead_in_a_plain_function_layer():
    r = rng()
    m = dl.Sequential(dl.Dense(13, 24, rng=r), dl.relu, dl.Dense(24, 3, rng=r))
    m[0].bias.data[...] = -40
    return given(m, table("wine"), CE, dl.Adam(m.parameters(), 0.01))


@fault("dead ReLUs")
def dead_ears():
    m = ear()
    m[0].bias.data[...] = -25
    return stepping(m, tones(), loop(m, CE, sgd(m, 0.05)))


@fault("all weights equal at the start")
def zeros_in_a_recurrent_network():
    r = rng()
    m = dl.Sequential(dl.GRU(2, 8, initializer=zeros, rng=r), dl.Dense(8, 2, initializer=zeros, rng=r))
    return given(m, sequences(), CE)


@fault("all weights equal at the start")
def ones_in_tones():
    r = rng()
    ones = {"initializer": lambda s, rng: np.full(s, 0.02, np.float32), "rng": r}
    return given(
        dl.Sequential(dl.Conv1D(1, 8, 5, activation=dl.relu, **ones), dl.Flatten(), dl.Dense(208, 2, **ones)), tones()
    )


@fault("all weights equal at the start")
def zeros_for_a_wave():
    return given(mlp(1, 32, 1, initializer=zeros), sine(), SE)


@fault("weights far too large at the start")
def uniform_to_two():
    return given(
        mlp(30, 32, 2, initializer=lambda s, rng: rng.uniform(-2, 2, s).astype(np.float32)), table("breast_cancer")
    )


@fault("weights far too large at the start")
def large_in_a_convolution():
    return given(conv(initializer=wild(2.0)), digits(200, image=True))


@fault("weights far too small at the start")
def small_in_a_convolution():
    return given(m := conv(initializer=wild(1e-4)), digits(200, image=True), CE, sgd(m, 0.1))


@fault("vanishing gradient")
def vanishing_in_wine():
    return given(m := mlp(13, *[12] * 9, 3, act=dl.sigmoid), table("wine"), CE, sgd(m, 0.05, momentum=0.9))


@fault("exploding gradient")
def exploding_in_a_tall_network():
    return given(
        m := mlp(30, *[24] * 14, 2, initializer=lambda s, rng: 2 * dl.he_normal(s, rng=rng)),
        table("breast_cancer"),
        CE,
        sgd(m, 1e-3),
    )


@fault("NaN or infinity")
def division_by_zero():
    return given(mlp(5, 16, 1), plane(), lambda p, y: (dl.absolute(p - y) / np.round(np.abs(y))).mean())


@fault("NaN or infinity")
def infinite_answers():
    d = sine()
    y = d.y.copy()
    y[17] = np.inf
    return given(mlp(1, 8, 1), (d.x, y), SE)


@fault("NaN or infinity")
def own_cross_entropy_of_certainties():
    m = mlp(64, 32, 10, last=dl.relu)

    def step(x, y):
        m.zero_grad()
        p = m(x)
        loss = -dl.log(p[np.arange(len(y)), y] / p.sum(axis=1)).mean()
        loss.backward()
        for q in m.parameters():
            q.data -= 0.1 * q.grad

    return stepping(m, digits(), step)


@fault("inputs not scaled")
def grams_and_kilometres():
    d = circles()
    return given(mlp(2, 16, 1), Data(d.x * [1000, 0.01], d.y.reshape(-1, 1)), BCE)


@fault("inputs not scaled")
def bytes_without_division():
    d = digits()
    return stepping(m := mlp(64, 32, 10), Data((d.x * 255).astype(np.uint8), d.y), loop(m, CE, sgd(m, 0.1)))


@fault("inputs not scaled")
def one_channel_of_a_sequence():
    d = sequences()
    d.x[:, :, 1] *= 2000
    return given(recurrent(), d)


@fault("constant features")
def a_year_that_never_changes():
    d = table("diabetes")
    x = np.concatenate([d.x, np.full((len(d), 1), 1.7, np.float32)], axis=1)
    return given(mlp(11, 16, 1), Data(x, d.y), SE)


@fault("constant features")
def several_of_iris():
    d = table("iris")
    d.x[:, [0, 1]] = -0.5
    return given(mlp(4, 8, 3), d)


@fault("labels shuffled against inputs")
def shuffled_tumours_in_one_output():
    return given(mlp(30, 16, 1), shuffled(column(table("breast_cancer"))), BCE)


@fault("labels shuffled against inputs")
def shuffled_tones():
    return given(ear(), shuffled(tones(400)))


@fault("labels shuffled against inputs")
def shuffled_diabetes_with_huber():
    return given(Residual(10, 16, 1), shuffled(table("diabetes"), 3), dl.huber)


@fault("label noise above a fifth")
def noisy_pictures():
    return given(conv(), noisy(digits(500, image=True), 0.4, 10))


@fault("label noise above a fifth")
def noisy_iris():
    return given(mlp(4, 8, 3), noisy(table("iris"), 0.3, 3, seed=2))


@fault("label noise above a fifth")
def noisy_circles_with_hinge():
    d = noisy(circles(400), 0.3, 2)
    return given(mlp(2, 16, 1), Data(d.x, (2 * d.y - 1).reshape(-1, 1)), dl.hinge)


@fault("labels off by one")
def pictures_from_one():
    d = digits(300, image=True)
    return given(conv(), Data(d.x, d.y + 1))


@fault("one class missing")
def iris_of_two_kinds_in_a_loop():
    d = table("iris")
    m = mlp(4, 8, 3)
    return stepping(m, d[d.y != 1], loop(m, CE, sgd(m, 0.1)))


@fault("softmax twice")
def softmax_as_a_layer():
    return given(dl.Sequential(mlp(30, 16, 2), dl.softmax), table("breast_cancer"))


@fault("softmax twice")
def softmax_in_the_loop_by_the_library():
    m = mlp(13, 16, 3)
    return stepping(m, table("wine"), loop(m, lambda p, y: CE(dl.softmax(p), y), sgd(m, 0.1)))


@fault("sigmoid before a loss from logits")
def sigmoid_before_a_hinge():
    d = moons()
    return given(mlp(2, 16, 1, last=dl.sigmoid), Data(d.x, d.y.reshape(-1, 1)), dl.hinge)


@fault("sigmoid before a loss from logits")
def sigmoid_before_an_own_loss():
    def own(z, t):
        return (dl.maximum(z, 0.0) - z * t + dl.log(1 + dl.exp(-dl.absolute(z)))).mean()

    return given(mlp(30, 16, 1, last=dl.sigmoid), column(table("breast_cancer")), own)


@fault("activation on the output cannot reach the targets")
def tanh_for_standardized_diabetes():
    return given(mlp(10, 16, 1, last=dl.tanh), table("diabetes"), dl.huber)


@fault("activation on the output cannot reach the targets")
def relu_for_a_wave_in_a_loop():
    m = mlp(1, 24, 1, act=dl.tanh, last=dl.relu)
    m[1].bias.data[...] = 0.5
    return stepping(m, sine(), loop(m, SE, sgd(m, 0.02)), SE)


@fault("loss does not fit the targets")
def squared_error_on_iris():
    return given(mlp(4, 8, 1), column(table("iris")), SE)


@fault("loss does not fit the targets")
def cross_entropy_on_ages():
    r = rng(1)
    x = r.normal(size=(500, 3)).astype(np.float32)
    y = np.clip(np.round(40 + 12 * x[:, 0] + 6 * x[:, 1] + 2 * r.normal(size=500)), 0, 89).astype(int)
    return given(mlp(3, 32, 90), Data(x, y), CE)


@fault("wrong axis")
def row_against_column_in_diabetes():
    d = table("diabetes")
    return given(Residual(10, 16, 1), Data(d.x, d.y[:, 0]), lambda p, y: dl.absolute(p - y).mean())


@fault("wrong axis")
def the_mean_of_the_batch():
    m = dl.Sequential(
        dl.Dense(64, 32, activation=dl.relu, rng=rng()),
        lambda h: h.mean(axis=0, keepdims=True) + 0 * h,
        dl.Dense(32, 10, rng=rng(1)),
    )
    return given(m, digits())


@fault("wrong axis")
def library_loss_of_a_column_and_a_row():
    d = plane()
    return given(mlp(5, 16, 1), Data(d.x, d.y[:, 0]), SE)


@fault("gradients not zeroed")
def zeroed_only_once():
    m, first = ear(), [True]
    o = dl.Adam(m.parameters(), 0.003)

    def step(x, y):
        if first[0]:
            o.zero_grad()
            first[0] = False
        CE(m(x), y).backward()
        o.step()

    return stepping(m, tones(), step)


@fault("gradients not zeroed")
def zeroed_for_one_layer_only():
    m = mlp(13, 16, 3)
    o = sgd(m, 0.1)

    def step(x, y):
        m[0].zero_grad()
        CE(m(x), y).backward()
        o.step()

    return stepping(m, table("wine"), step)


@fault("update in the wrong direction")
def plus_in_tones():
    m = ear()

    def step(x, y):
        m.zero_grad()
        CE(m(x), y).backward()
        for p in m.parameters():
            p.data[...] = p.data + 0.05 * p.grad

    return stepping(m, tones(), step)


@fault("update in the wrong direction")
def the_log_likelihood_is_minimized():
    return given(m := mlp(4, 8, 3), table("iris"), lambda p, y: -CE(p, y), sgd(m, 0.1))


@fault("optimizer holds other parameters than the model")
def of_a_copy():
    import copy

    m = recurrent()
    return given(m, sequences(), CE, dl.Adam(copy.deepcopy(m).parameters(), 0.01))


@fault("parameters that no gradient reaches")
def decided_by_argmax():
    class Hard(dl.Module):
        def __init__(self):
            r = rng()
            self.gate, self.a, self.b = dl.Dense(13, 2, rng=r), dl.Dense(13, 3, rng=r), dl.Dense(13, 3, rng=r)

        def forward(self, x):
            first = (self.gate(x).data.argmax(axis=1) == 0).astype(np.float32)[:, None]
            return self.a(x) * first + self.b(x) * (1 - first)

    return given(Hard(), table("wine"))


@fault("weights frozen")
def frozen_but_for_biases():
    m = mlp(64, 32, 10)
    o = dl.Adam(m.parameters(), 0.01)
    freeze(m, "0.weight", "1.weight")
    return given(m, digits(), CE, o)


@fault("weights frozen")
def everything_in_a_loop():
    m = recurrent()
    o = dl.Adam(m.parameters(), 0.01)
    freeze(m)
    return stepping(m, sequences(), loop(m, CE, o))


@fault("dropout or batch normalization left in training mode")
def own_noise_in_tones():
    r = rng(4)
    a, b = dl.Conv1D(1, 8, 5, activation=dl.relu, rng=rng()), dl.Dense(208, 2, rng=rng(1))
    return given(dl.Sequential(a, dl.Flatten(), lambda h: h * (r.random(h.shape) > 0.3).astype(np.float32), b), tones())


@fault("dropout or batch normalization left in training mode")
def dropout_in_a_plain_function():
    a, drop, b = (
        dl.Dense(10, 24, activation=dl.relu, rng=rng()),
        dl.Dropout(0.4, rng=rng(1)),
        dl.Dense(24, 1, rng=rng(2)),
    )

    def model(x):
        return b(drop(a(x)))

    return {
        "model": model,
        "data": table("diabetes"),
        "loss": SE,
        "optimizer": dl.Adam([*a.parameters(), *b.parameters()], 0.01),
    }


@fault("batches of one with batch normalization")
def a_list_with_a_last_one():
    d = digits(97)
    return given(normalized(64, 24, 10), [(d.x[i : i + 16], d.y[i : i + 16]) for i in range(0, 97, 16)])


@fault("batches sorted by class")
def sorted_tones():
    d = by_class(tones())
    return given(ear(), d.batches(20))


@fault("the same batch every time")
def a_step_with_a_fixed_slice():
    m, d = mlp(10, 16, 1), table("diabetes")
    o = sgd(m, 0.01)

    def step(x, y):
        o.zero_grad()
        SE(m(d.x[:32]), d.y[:32]).backward()
        o.step()

    return stepping(m, d, step, SE)


@fault("validation data leaked into training")
def pictures_in_both():
    d = digits(500, image=True)
    return given(conv(), d[:450], validation=d[400:])


@fault("validation data leaked into training")
def nearly_the_same():
    d = digits(400)
    return given(
        mlp(64, 32, 10),
        d,
        validation=Data(d.x[:100] + 0.002 * rng().normal(size=(100, 64)).astype(np.float32), d.y[:100]),
    )


@fault("validation data leaked into training")
def wine_scaled_before_splitting():
    d = table("wine")
    return given(mlp(13, 16, 3), d[:130], validation=d[130:])


@fault("training and validation from different distributions")
def noisier_digits():
    v = digits_later(200)
    return given(
        mlp(64, 32, 10), digits(400), validation=Data(v.x + 0.4 * rng().normal(size=v.x.shape).astype(np.float32), v.y)
    )


@fault("training and validation from different distributions")
def sorted_split_of_iris():
    d = by_class(table("iris", scaled=False))
    t, v = dl.data.standardize(d[:110], d[110:])
    return given(mlp(4, 8, 3), t, validation=v)


@fault("training and validation from different distributions")
def another_range():
    d = sine(400)
    left = d.x[:, 0] < 0.3
    return given(mlp(1, 32, 1, act=dl.tanh), d[left], SE, validation=d[~left])


@fault("learning rate too high")
def high_and_ended():
    m = mlp(64, 32, 10)
    return fitted(m, digits(), optimizer=sgd(m, 8.0), epochs=5)


@fault("dropout or batch normalization left in training mode")
def judged_with_dropout_on():
    r = rng()
    m = dl.Sequential(dl.Dense(64, 64, activation=dl.relu, rng=r), dl.Dropout(0.6, rng=r), dl.Dense(64, 10, rng=r))
    v = digits_later()
    given_ = fitted(m, digits(), epochs=10)
    m.train()
    with dl.no_grad():
        given_["history"].validation_loss = [float(CE(m(v.x), v.y).item()) for _ in range(10)]
    return given_ | {"validation": v}


@fault("validation data leaked into training")
def scaled_with_the_test_data():
    d = table("breast_cancer")
    return given(mlp(30, 16, 2), d[:340], validation=d[340:455])


@fault("a step fails")
def a_layer_that_does_not_fit():
    return given(dl.Sequential(dl.Dense(64, 32, rng=rng()), dl.Dense(16, 10, rng=rng())), digits())


@fault("a step fails")
def an_error_of_ones_own():
    m = mlp(2, 8, 2)

    def step(x, y):
        raise KeyError("weights")

    return stepping(m, moons(), step)


@fault("a step fails")
def a_convolution_without_channels():
    return given(conv(), Data(digits(100, image=True).x[..., 0], digits(100).y))


@fault("classes out of balance")
def tumours_nearly_all_benign():
    d = table("breast_cancer")
    good, bad = np.flatnonzero(d.y == 1), np.flatnonzero(d.y == 0)[:14]
    return given(mlp(30, 16, 2), d[rng().permutation(np.concatenate([good, bad]))])


@fault("too small to fit")
def a_line_for_a_wave():
    return given(m := mlp(1, 1), sine(), SE, sgd(m, 0.05))


@fault("too small to fit")
def one_unit_for_spirals():
    return given(mlp(2, 1, 2, act=dl.tanh), dl.data.spirals(300, rng=rng()))


@fault("too small to fit")
def a_line_for_exclusive_or():
    m = mlp(2, 1)
    return stepping(m, column(dl.data.xor(200, noise=0.2, rng=rng())), loop(m, BCE, sgd(m, 0.3)), BCE)


@fault("overfits")
def few_pictures_by_heart():
    v = digits_later(300, image=True)
    return fitted(conv(), digits(60, image=True)[:], epochs=80, validation=v) | {"validation": v}


@fault("overfits")
def diabetes_by_heart():
    d = table("diabetes")
    return fitted(m := mlp(10, 64, 64, 1), d[:80], loss=SE, optimizer=dl.Adam(m.parameters(), 0.005), epochs=200) | {
        "validation": d[200:]
    }


@fault("overfits")
def the_history_tells():
    return fitted(mlp(2, 64, 64, 2), moons(60, 0.4, seed=3), epochs=200, validation=moons(200, 0.4, seed=13))


@fault("too much regularization")
def l1_of_ten():
    return fitted(mlp(64, 32, 10), digits(300), epochs=12, regularizer=dl.L1(0.5))


@fault("too much regularization")
def heavy_penalty_in_a_regression():
    m = mlp(5, 16, 1)
    penalty = dl.L2(50.0)
    return stepping(
        m, plane(), loop(m, own := (lambda p, y: SE(p, y) + penalty(m)), dl.Adam(m.parameters(), 0.01)), own
    )


@fault("too much regularization")
def three_dropouts():
    r = rng()
    m = dl.Sequential(
        *[
            f
            for i in range(3)
            for f in (dl.Dense([30, 32, 32][i], 32, activation=dl.relu, rng=r), dl.Dropout(0.9, rng=r))
        ],
        dl.Dense(32, 2, rng=r),
    )
    return given(m, table("breast_cancer"))


@fault("too few updates")
def two_epochs_of_large_batches():
    m = Residual(64, 24, 10)
    return fitted(m, digits(), optimizer=sgd(m, 0.02), epochs=3, batch_size=128)


@fault("batch larger than the data")
def whole_wine_and_more():
    return given(mlp(13, 16, 3), table("wine").batches(512, rng=rng()))


@fault("optimizer holds other parameters than the model")
def by_hand_on_copies():
    m = mlp(5, 16, 1)
    copies = [dl.Parameter(p.data.copy()) for p in m.parameters()]

    def step(x, y):
        for p in copies:
            p.zero_grad()
        SE(m(x), y).backward()
        for p in copies:
            if p.grad is not None:
                p.data -= 0.01 * p.grad

    return stepping(m, plane(), step, SE)


@fault("optimizer holds other parameters than the model")
def by_hand_on_an_older_network():
    old, m = Residual(10, 16, 1), Residual(10, 16, 1, seed=1)

    def step(x, y):
        m.zero_grad()
        SE(m(x), y).backward()
        for p in old.parameters():
            p.data -= 0.01 * p.grad

    return stepping(m, table("diabetes"), step, SE)


@fault("learning rate zero or negative")
def zero_by_hand_beside_a_network_that_rests():
    m, other, lr = mlp(2, 16, 2), mlp(2, 8, 2, seed=1), 1 // 3

    def step(x, y):
        m.zero_grad()
        CE(m(x) + 0.1 * other(x).data, y).backward()
        for p in m.parameters():
            p.data -= lr * p.grad

    return stepping(m, moons(), step)


@fault("batches sorted by class")
def two_minibatches_of_wine():
    return given(mlp(13, 16, 3), by_class(table("wine")).batches(90))


@fault("batches sorted by class")
def two_minibatches_of_measurements():
    m = Residual(10, 16, 1)
    return stepping(m, by_class(table("diabetes")).batches(221), loop(m, SE, sgd(m, 0.02)), SE)


@fault("weights frozen")
def two_units_frozen_before_many():
    m = mlp(64, 2, 24, 10)
    o = dl.Adam(m.parameters(), 0.01)
    freeze(m, "0.weight", "0.bias")
    return given(m, digits(), CE, o)
