"""Healthy runs of many kinds: small, deep, recurrent, convolutional, regularized, scheduled, early and late, on clean and noisy data."""

from __future__ import annotations

import numpy as np

import dlcourse as dl

from .faults import broadcasting, normalized, sgd
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

HEALTHY: list[tuple[str, object]] = []


def healthy(make):
    HEALTHY.append((make.__name__, make))
    return make


@healthy
def small_on_moons():
    return given(mlp(2, 16, 2, act=dl.tanh), moons())


@healthy
def digits_with_sgd():
    return given(m := mlp(64, 32, 10), digits(), CE, sgd(m, 0.1))


@healthy
def slow_but_steady():
    return given(m := mlp(64, 32, 10), digits(), CE, sgd(m, 0.01))


@healthy
def trained_digits_with_validation():
    return fitted(mlp(64, 32, 10), digits(), validation=digits_later()) | {"validation": digits_later()}


@healthy
def a_convolution():
    return given(conv(), digits(400, image=True))


@healthy
def a_trained_convolution():
    v = digits_later(200, image=True)
    return fitted(conv(), digits(400, image=True), epochs=6, validation=v) | {"validation": v}


@healthy
def gru_on_sequences():
    return given(recurrent(), sequences())


@healthy
def lstm_on_longer_sequences():
    return given(recurrent(dl.LSTM, 2, 16), sequences(300, 25))


@healthy
def simple_rnn_in_a_loop():
    m = recurrent(dl.SimpleRNN)
    return stepping(m, sequences(), loop(m, CE, dl.Adam(m.parameters(), 0.01)))


@healthy
def deep_relu():
    return given(m := mlp(64, *[32] * 8, 10, initializer=dl.he_normal), digits(), CE, dl.Adam(m.parameters(), 0.003))


@healthy
def deep_with_batch_norm():
    return given(normalized(64, 32, 32, 32, 10), digits())


@healthy
def deep_with_layer_norm():
    r = rng()
    m = dl.Sequential(
        dl.Dense(13, 24, rng=r),
        dl.LayerNorm(24),
        dl.tanh,
        dl.Dense(24, 24, rng=r),
        dl.LayerNorm(24),
        dl.tanh,
        dl.Dense(24, 3, rng=r),
    )
    return given(m, table("wine"))


@healthy
def with_dropout():
    r = rng()
    return given(
        dl.Sequential(dl.Dense(64, 64, activation=dl.relu, rng=r), dl.Dropout(0.5, rng=r), dl.Dense(64, 10, rng=r)),
        digits(),
    )


@healthy
def trained_with_dropout_and_validation():
    r = rng()
    m = dl.Sequential(dl.Dense(64, 64, activation=dl.relu, rng=r), dl.Dropout(0.3, rng=r), dl.Dense(64, 10, rng=r))
    return fitted(m, digits(), validation=digits_later()) | {"validation": digits_later()}


@healthy
def softmax_regression_from_zero():
    return given(m := mlp(64, 10, initializer=lambda s, rng: np.zeros(s, np.float32)), digits(), CE, sgd(m, 0.5))


@healthy
def logistic_regression_on_tumours():
    return given(m := mlp(30, 1), column(table("breast_cancer")), BCE, sgd(m, 0.1))


@healthy
def linear_regression():
    r = rng()
    x = r.normal(size=(200, 4)).astype(np.float32)
    y = (x @ [[1.0], [-2.0], [0.5], [0.0]] + 0.1 * r.normal(size=(200, 1))).astype(np.float32)
    return given(m := mlp(4, 1), Data(x, y), SE, sgd(m, 0.05))


@healthy
def a_wave():
    return given(mlp(1, 32, 1, act=dl.tanh), sine(), SE)


@healthy
def a_trained_wave():
    return fitted(mlp(1, 32, 1, act=dl.tanh), sine(), loss=SE, epochs=60) | {"validation": sine(seed=9)}


@healthy
def diabetes_is_noisy():
    return given(mlp(10, 16, 1), table("diabetes"), SE)


@healthy
def noisy_measurements_with_huber():
    return given(mlp(5, 16, 1), plane(noise=2.0), dl.huber)


@healthy
def absolute_error_and_positive_outputs():
    d = plane()
    return given(mlp(5, 16, 1, last=dl.softplus), Data(d.x, np.abs(d.y)), dl.absolute_error)


@healthy
def overlapping_moons():
    return given(mlp(2, 16, 2), moons(400, 0.35))


@healthy
def a_tenth_of_the_labels_is_wrong():
    d, r = digits(), rng(3)
    y = d.y.copy()
    wrong = r.random(len(y)) < 0.08
    y[wrong] = r.integers(0, 10, wrong.sum())
    return given(mlp(64, 32, 10), Data(d.x, y))


@healthy
def four_to_one():
    d = digits(1000)
    return given(mlp(64, 16, 2), Data(d.x, (d.y > 7).astype(int)))


@healthy
def rare_but_weighed():
    d = digits(1500)
    y = (d.y == 3).astype(int)
    keep = (y == 0) | (np.cumsum(y) <= 70)
    return given(mlp(64, 16, 2), Data(d.x[keep], y[keep]), lambda p, t: CE(p, t, class_weights=[1.0, 15.0]))


@healthy
def with_weight_decay():
    m = mlp(64, 32, 10)
    return given(m, digits(), CE, dl.AdamW(m.parameters(), 0.01, weight_decay=0.01))


@healthy
def a_small_penalty_in_the_loss():
    m, penalty = mlp(2, 16, 2), dl.L2(1e-3)
    return given(m, moons(), lambda p, y: CE(p, y) + penalty(m))


@healthy
def a_small_regularizer_in_fit():
    return fitted(mlp(13, 16, 3), table("wine"), epochs=15, regularizer=dl.L2(1e-3))


@healthy
def a_warm_up():
    m = mlp(64, 32, 10)
    return given(m, digits(), CE, dl.Adam(m.parameters(), dl.schedules.warm_up(0.01, steps=100)))


@healthy
def a_cosine_at_its_end():
    m = mlp(64, 32, 10)
    o = dl.Adam(m.parameters(), dl.schedules.cosine(0.01, steps=190))
    return fitted(m, digits(), optimizer=o, epochs=10)


@healthy
def one_cycle():
    m = mlp(5, 16, 1)
    return given(m, plane(), SE, sgd(m, dl.schedules.one_cycle(0.05, steps=500)))


@healthy
def momentum_in_a_loop():
    m = mlp(64, 32, 10)
    return stepping(m, digits(), loop(m, CE, sgd(m, 0.05, momentum=0.9)))


@healthy
def a_loop_by_hand():
    m = mlp(2, 16, 1, act=dl.tanh)

    def step(x, y):
        m.zero_grad()
        loss = BCE(m(x), y)
        loss.backward()
        for p in m.parameters():
            p.data -= 0.5 * p.grad
        return loss

    return stepping(m, column(moons()), step, BCE)


@healthy
def gradients_added_up_on_purpose():
    m, count = mlp(64, 32, 10), [0]
    o = sgd(m, 0.1)

    def step(x, y):
        if count[0] % 2 == 0:
            o.zero_grad()
        (CE(m(x), y) / 2).backward()
        count[0] += 1
        if count[0] % 2 == 0:
            o.step()

    return stepping(m, digits(), step)


@healthy
def zero_grad_at_the_end():
    m = mlp(13, 16, 3)
    o = dl.Adam(m.parameters(), 0.01)

    def step(x, y):
        CE(m(x), y).backward()
        o.step()
        o.zero_grad()

    return stepping(m, table("wine"), step)


@healthy
def early_in_training():
    m = mlp(64, 32, 10)
    given_ = fitted(m, digits(), optimizer=sgd(m, 0.05), epochs=2, batch_size=16)
    return given_ | {"history": None}


@healthy
def three_epochs_with_their_history():
    return fitted(mlp(64, 32, 10), digits(), epochs=3, batch_size=16)


@healthy
def late_in_training():
    return fitted(mlp(2, 16, 2, act=dl.tanh), moons(), epochs=80)


@healthy
def two_outputs_and_a_hinge():
    d = moons()
    return given(m := mlp(2, 16, 1), Data(d.x, (2 * d.y - 1).reshape(-1, 1)), dl.hinge, sgd(m, 0.1))


@healthy
def sigmoid_with_squared_error():
    return given(mlp(2, 16, 1, act=dl.tanh, last=dl.sigmoid), column(moons()), SE)


@healthy
def tanh_output_within_its_range():
    d = sine(noise=0.02)
    return given(mlp(1, 32, 1, act=dl.tanh, last=dl.tanh), Data(d.x, 0.8 * d.y), SE)


@healthy
def three_outputs_measured():
    return given(mlp(5, 24, 3), plane(outputs=3), SE)


@healthy
def an_own_loss():
    def own(p, y):
        z = p - p.data.max(axis=1, keepdims=True)
        return (dl.log(dl.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()

    return given(mlp(4, 8, 3), table("iris"), own)


@healthy
def root_of_the_mean_square():
    return given(mlp(5, 16, 1), plane(), lambda p, y: dl.sqrt(SE(p, y) + 1e-6))


@healthy
def own_mean_square_with_matching_shapes():
    return given(mlp(5, 16, 1), plane(), broadcasting)


@healthy
def an_autoencoder():
    d = digits()
    return given(m := mlp(64, 24, 64), Data(d.x, d.x), SE, dl.Adam(m.parameters(), 0.003))


@healthy
def fine_tuned_head():
    m = mlp(64, 32, 10)
    given_ = fitted(m, digits(), epochs=10)
    m[1] = dl.Dense(32, 10, rng=rng(5))
    for p in m[0].parameters():
        p.requires_grad = False
    o = dl.Adam(m[1].parameters(), 0.01)
    return {"model": m, "data": digits(), "loss": CE, "optimizer": o} if given_ else {}


@healthy
def raw_wine_with_batch_norm_first():
    r = rng()
    return given(
        dl.Sequential(dl.BatchNorm(13), dl.Dense(13, 16, activation=dl.relu, rng=r), dl.Dense(16, 3, rng=r)),
        table("wine", scaled=False),
    )


@healthy
def whole_data_in_one_batch():
    return given(m := mlp(4, 8, 3), [(table("iris").x, table("iris").y)], CE, sgd(m, 0.3))


@healthy
def shuffled_minibatches():
    return given(mlp(64, 32, 10), digits().batches(32, rng=rng()))


@healthy
def minibatches_with_batch_norm_and_no_rest():
    return given(normalized(5, 16, 1), plane(193).batches(32, rng=rng(), drop_last=True), SE)


@healthy
def iris_in_its_order():
    d = table("iris")
    return given(mlp(4, 8, 3), d[np.argsort(d.y, kind="stable")])


@healthy
def spelled_names():
    words = dl.data.names()[:100]
    d = dl.data.spelled(words)
    r = rng()
    m = dl.Sequential(dl.GRU(d.x.shape[-1], 16, return_sequences=True, rng=r), dl.Dense(16, int(d.y.max()) + 1, rng=r))
    return given(m, d, lambda p, y: CE(p, np.maximum(y, 0), mask=y >= 0))


@healthy
def a_convolution_in_time():
    r = rng()
    t = np.arange(30) / 30
    speed = r.integers(0, 2, 300)
    x = (np.sin(2 * np.pi * (2 + 3 * speed)[:, None] * t + r.uniform(0, 6, (300, 1))) + 0.3 * r.normal(size=(300, 30)))[
        ..., None
    ]
    m = dl.Sequential(dl.Conv1D(1, 8, 5, activation=dl.relu, rng=r), dl.Flatten(), dl.Dense(8 * 26, 2, rng=r))
    return given(m, Data(x.astype(np.float32), speed))


@healthy
def a_plain_function_with_parameters():
    w, b = dl.Parameter(rng().normal(size=(5, 1)).astype(np.float32) * 0.3), dl.Parameter([0.0])

    def model(x):
        return x @ w + b

    r = rng(2)
    x = r.normal(size=(200, 5)).astype(np.float32)
    y = (x @ r.normal(size=(5, 1)) + 1).astype(np.float32)
    return {"model": model, "data": Data(x, y), "loss": SE, "optimizer": dl.SGD([w, b], 0.05)}


@healthy
def sixty_four_bits():
    d = table("wine")
    r = rng()
    m = mlp(13, 16, 3)
    for p in m.parameters():
        p.data = p.data.astype(np.float64)
    return given(m, Data(d.x.astype(np.float64), d.y)) if r else {}


@healthy
def without_an_optimizer():
    return {"model": mlp(2, 16, 2), "data": (moons().x, moons().y), "loss": CE}


@healthy
def scaled_by_the_training_part():
    d = table("breast_cancer", scaled=False)
    train, v = dl.data.standardize(d[:400], d[400:])
    return given(mlp(30, 16, 2), train, validation=v)


@healthy
def kl_of_soft_labels():
    d = table("iris")
    soft = np.full((len(d), 3), 0.05, np.float32)
    soft[np.arange(len(d)), d.y] = 0.9
    return given(mlp(4, 8, 3), Data(d.x, soft), dl.kl_divergence)


@healthy
def spirals_with_rmsprop():
    return given(
        m := mlp(2, 32, 32, 2, act=dl.tanh), dl.data.spirals(300, rng=rng()), CE, dl.RMSprop(m.parameters(), 0.003)
    )


@healthy
def exclusive_or():
    return given(mlp(2, 8, 2, act=dl.tanh), dl.data.xor(200, noise=0.2, rng=rng()))


@healthy
def standardized_wave_of_two():
    x = rng(1).normal(size=(250, 2))
    y = np.sin(2 * x[:, :1]) * x[:, 1:]
    return given(mlp(2, 32, 32, 1, act=dl.tanh), Data(standard(x), standard(y)), SE)


@healthy
def circles_with_elu():
    return given(m := mlp(2, 16, 2, act=dl.elu), circles(), CE, dl.Nadam(m.parameters(), 0.01))


if __name__ == "__main__":
    print(len(HEALTHY))
