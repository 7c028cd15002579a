"""More healthy runs: a third of all, held back while the thresholds were chosen."""

from __future__ import annotations

import numpy as np

import dlcourse as dl

from .faults import normalized, sgd
from .healthy import HEALTHY, healthy
from .more_faults import Residual, ear, tones
from .patients import (
    BCE,
    CE,
    SE,
    Data,
    circles,
    column,
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

__all__ = ["HEALTHY"]


@healthy
def tones_heard():
    return given(ear(), tones())


@healthy
def tones_in_a_loop_with_momentum():
    m = ear()
    return stepping(m, tones(), loop(m, CE, sgd(m, 0.02, momentum=0.9)))


@healthy
def residual_on_diabetes():
    return given(m := Residual(10, 16, 1), table("diabetes"), SE, dl.Adam(m.parameters(), 0.003))


@healthy
def residual_on_digits():
    return given(m := Residual(64, 24, 10), digits(), CE, sgd(m, 0.05))


@healthy
def a_good_split_of_tumours():
    d = table("breast_cancer", scaled=False)
    t, v = dl.data.standardize(d[:400], d[400:])
    return fitted(mlp(30, 16, 2), t, epochs=8, validation=v) | {"validation": v}


@healthy
def a_good_split_of_wine():
    d = table("wine", scaled=False)
    t, v = dl.data.standardize(d[:120], d[120:])
    return fitted(mlp(13, 8, 3), t, epochs=10, validation=v) | {"validation": v}


@healthy
def a_good_split_of_iris():
    d = table("iris", scaled=False)
    t, v = dl.data.standardize(d[:100], d[100:])
    return given(mlp(4, 8, 3), t, validation=v)


@healthy
def a_good_split_of_diabetes():
    d = table("diabetes", scaled=False)
    t, v = dl.data.standardize(d[:300], d[300:])
    s, mean = t.y.std(), t.y.mean()
    return given(mlp(10, 8, 1), Data(t.x, (t.y - mean) / s), SE, validation=Data(v.x, (v.y - mean) / s))


@healthy
def synthetic_split():
    d = plane(700)
    return given(mlp(5, 16, 1), d[:300], SE, validation=d[300:])


@healthy
def moons_with_validation():
    return fitted(mlp(2, 16, 2), moons(), epochs=15) | {"validation": moons(150, seed=21)}


@healthy
def exclusive_or_on_four_points():
    return given(m := mlp(2, 4, 1, act=dl.tanh), column(dl.data.xor()), BCE, sgd(m, 0.5))


@healthy
def twenty_points():
    d = sine(20)
    return given(mlp(1, 8, 1, act=dl.tanh), d, SE)


@healthy
def leaky():
    return given(mlp(64, 32, 10, act=dl.leaky_relu), digits())


@healthy
def sigmoid_in_one_layer():
    return given(mlp(64, 32, 10, act=dl.sigmoid), digits())


@healthy
def gelu_and_adadelta():
    return given(m := mlp(13, 24, 3, act=dl.gelu), table("wine"), CE, dl.Adadelta(m.parameters(), 1.0))


@healthy
def softsign_and_adagrad():
    return given(m := mlp(2, 16, 2, act=dl.softsign), circles(), CE, dl.Adagrad(m.parameters(), 0.1))


@healthy
def label_smoothing():
    return given(mlp(64, 32, 10), digits(), lambda p, y: CE(p, y, smoothing=0.1))


@healthy
def bce_on_ten_questions():
    d = digits()
    return given(mlp(64, 32, 10), Data(d.x, (d.y[:, None] == np.arange(10)).astype(np.float32)), BCE)


@healthy
def squared_error_on_one_hot():
    d = table("iris")
    return given(mlp(4, 8, 3), Data(d.x, (d.y[:, None] == np.arange(3)).astype(np.float32)), SE)


@healthy
def hinge_from_zero_and_one():
    d = circles()
    return given(mlp(2, 16, 1), Data(d.x, d.y), dl.hinge)


@healthy
def own_binary_cross_entropy():
    def own(z, t):
        return (dl.maximum(z, 0.0) - z * t + dl.log(1 + dl.exp(-dl.absolute(z)))).mean()

    return given(mlp(30, 16, 1), column(table("breast_cancer")), own)


@healthy
def probabilities_and_a_loss_for_them():
    def own(p, y):
        return -dl.log(p[np.arange(len(y)), y] + 1e-7).mean()

    return given(mlp(13, 16, 3, last=dl.softmax), table("wine"), own)


@healthy
def counts_with_squared_error():
    r = rng(0)
    x = r.normal(size=(400, 4)).astype(np.float32)
    y = r.poisson(np.exp(1 + 0.5 * x[:, 0]))[:, None].astype(np.float32)
    return given(mlp(4, 16, 1), Data(x, y), SE)


@healthy
def poisson_loss():
    r = rng(0)
    x = r.normal(size=(400, 4)).astype(np.float32)
    y = r.poisson(np.exp(1 + 0.5 * x[:, 0]))[:, None].astype(np.float32)
    return given(mlp(4, 16, 1), Data(x, y), lambda p, t: (dl.exp(p) - t * p).mean())


@healthy
def many_outputs_for_pixels():
    d = digits()
    noisy_x = d.x + 0.2 * rng().normal(size=d.x.shape).astype(np.float32)
    return given(m := mlp(64, 32, 64, last=dl.sigmoid), Data(noisy_x, d.x), SE, dl.Adam(m.parameters(), 0.005))


@healthy
def predicting_the_next_value():
    r = rng(0)
    t = np.cumsum(r.uniform(0.1, 0.3, 600))
    wave = np.sin(t) + 0.05 * r.normal(size=600)
    x = np.stack([wave[i : i + 16] for i in range(580)])[..., None].astype(np.float32)
    return given(recurrent(dl.LSTM, 1, 16, 1), Data(x, wave[16:596, None].astype(np.float32)), SE)


@healthy
def sequences_with_embeddings():
    r = rng(0)
    x = r.integers(0, 6, (300, 8))
    y = (np.sum(x == 2, axis=1) > 1).astype(int)
    m = dl.Sequential(dl.Embedding(6, 8, rng=r), dl.GRU(8, 12, rng=r), dl.Dense(12, 2, rng=r))
    return given(m, Data(x, y))


@healthy
def convolution_with_batch_norm():
    r = rng()
    m = dl.Sequential(
        dl.Conv2D(1, 6, 3, rng=r), dl.BatchNorm(6), dl.relu, dl.MaxPool2D(2), dl.Flatten(), dl.Dense(54, 10, rng=r)
    )
    return given(m, digits(300, image=True))


@healthy
def global_average():
    r = rng()
    m = dl.Sequential(
        dl.Conv2D(1, 12, 3, activation=dl.relu, rng=r),
        dl.Conv2D(12, 12, 3, activation=dl.relu, rng=r),
        dl.GlobalAvgPool2D(),
        dl.Dense(12, 10, rng=r),
    )
    return given(m, digits(200, image=True), CE, dl.Adam(m.parameters(), 0.01))


@healthy
def trained_with_batch_norm_and_validation():
    v = digits_later()
    return fitted(normalized(64, 32, 10), digits(), epochs=6, validation=v, drop_last=True) | {"validation": v}


@healthy
def trained_recurrent():
    return fitted(recurrent(), sequences(), epochs=8) | {"validation": sequences(150, seed=16)}


@healthy
def with_early_stopping():
    v = digits_later()
    return fitted(mlp(64, 32, 10), digits(), epochs=30, validation=v, callbacks=[dl.EarlyStopping(patience=3)]) | {
        "validation": v
    }


@healthy
def trained_with_l1():
    return fitted(mlp(30, 16, 2), table("breast_cancer"), epochs=10, regularizer=dl.L1(1e-3))


@healthy
def clipped_in_a_loop():
    m = recurrent(dl.SimpleRNN, 2, 16)
    return stepping(m, sequences(200, 30), loop(m, CE, dl.Adam(m.parameters(), 0.005, clip_norm=1.0)))


@healthy
def weak_signal():
    r = rng(2)
    x = r.normal(size=(500, 6)).astype(np.float32)
    return given(mlp(6, 16, 1), Data(x, (0.6 * x[:, :1] + r.normal(size=(500, 1))).astype(np.float32)), SE)


@healthy
def constant_corners_standardized():
    d = digits()
    return given(mlp(64, 32, 10), Data(standard(d.x), d.y))


@healthy
def features_of_ten_and_of_a_tenth():
    d = plane()
    return given(m := mlp(5, 16, 1), Data(d.x * [10, 1, 1, 0.5, 0.3], d.y), SE, dl.Adam(m.parameters(), 0.01))


@healthy
def answers_far_from_zero_with_adam():
    d = sine()
    return given(m := mlp(1, 32, 1, act=dl.tanh), Data(d.x, 5 + 2 * d.y), SE, dl.Adam(m.parameters(), 0.02))


@healthy
def five_percent_wrong_labels():
    d, r = moons(400), rng(8)
    y = np.where(r.random(400) < 0.05, 1 - d.y, d.y)
    return given(mlp(2, 16, 2), Data(d.x, y))


@healthy
def seven_to_one():
    d = circles(600)
    keep = np.concatenate([np.flatnonzero(d.y == 0), np.flatnonzero(d.y == 1)[:45]])
    return given(mlp(2, 16, 2), d[rng().permutation(keep)])


@healthy
def twice_the_same_examples_within_training():
    d = table("iris")
    return given(
        mlp(4, 8, 3), Data(np.concatenate([d.x[:100]] * 2), np.concatenate([d.y[:100]] * 2)), validation=d[100:]
    )


@healthy
def frozen_random_features():
    m = mlp(64, 128, 10)
    o = dl.Adam(m[1].parameters(), 0.01)
    for p in m[0].parameters():
        p.requires_grad = False
    return given(m, digits(), CE, o)


@healthy
def shuffled_batches_in_a_loop():
    m = mlp(13, 16, 3)
    return stepping(m, table("wine").batches(16, rng=rng()), loop(m, CE, dl.Adam(m.parameters(), 0.01)))


@healthy
def a_step_decay_late():
    m = mlp(2, 16, 2)
    return fitted(m, moons(), optimizer=dl.Adam(m.parameters(), dl.schedules.step_decay(0.02, every=50)), epochs=20)


@healthy
def a_huge_batch():
    return given(m := mlp(64, 32, 10), digits().batches(300, rng=rng()), CE, dl.Adam(m.parameters(), 0.01))


@healthy
def parity_of_three_signs():
    r = rng(0)
    x = r.normal(size=(500, 3)).astype(np.float32)
    return given(mlp(3, 32, 32, 2), Data(x, ((x > 0).sum(1) % 2)))


@healthy
def adding_two_marked_numbers():
    r = rng(0)
    x = np.zeros((500, 8, 2), np.float32)
    x[:, :, 0] = r.uniform(0, 1, (500, 8))
    i, j = r.integers(0, 4, 500), r.integers(4, 8, 500)
    x[np.arange(500), i, 1] = x[np.arange(500), j, 1] = 1
    y = x[np.arange(500), i, 0] + x[np.arange(500), j, 0]
    return given(recurrent(dl.GRU, 2, 16, 1), Data(x, y[:, None]), SE)


@healthy
def first_and_last_alike():
    r = rng(0)
    x = r.choice([-1.0, 1.0], (500, 6, 1)).astype(np.float32)
    return given(recurrent(dl.LSTM, 1, 16), Data(x, (x[:, 0, 0] == x[:, -1, 0]).astype(int)))


@healthy
def largest_before_smallest():
    r = rng(0)
    x = r.normal(size=(500, 8, 1)).astype(np.float32)
    return given(recurrent(dl.GRU, 1, 24), Data(x, (x[..., 0].argmax(1) < x[..., 0].argmin(1)).astype(int)))


@healthy
def a_product():
    r = rng(0)
    x = r.normal(size=(400, 6)).astype(np.float32)
    return given(mlp(6, 32, 32, 1), Data(x, x[:, :1] * x[:, 1:2]), SE)


@healthy
def text_predicted_letter_by_letter():
    text = "the quick brown fox jumps over the lazy dog and runs away from the bear " * 6
    d = dl.data.next_characters(text, 10)
    r = rng()
    size = int(max(d.x.max(), d.y.max())) + 1
    sequence = d.y.ndim == 2
    m = dl.Sequential(
        dl.Embedding(size, 12, rng=r), dl.GRU(12, 24, return_sequences=sequence, rng=r), dl.Dense(24, size, rng=r)
    )
    return given(m, d)


@healthy
def sunspots_a_year_ahead():
    years, counts = dl.data.sunspots()
    counts = np.asarray(counts, np.float32) / 100
    x = np.stack([counts[i : i + 12] for i in range(len(counts) - 12)])
    n = min(len(x), 500)
    return given(mlp(12, 16, 1), Data(x[:n], counts[12 : 12 + n, None]), SE) if len(years) else {}


@healthy
def half_dropped_on_circles():
    r = rng(4)
    return given(
        dl.Sequential(dl.Dense(2, 16, rng=r), dl.Dropout(0.5, rng=r), dl.tanh, dl.Dense(16, 2, rng=r)), circles()
    )


@healthy
def one_layer_on_spirals():
    return given(mlp(2, 16, 2, act=dl.silu), dl.data.spirals(300, rng=rng(2)))


@healthy
def an_attention_layer():
    class Attention(dl.Module):
        def __init__(self):
            r = rng()
            self.q, self.k, self.v, self.out = (
                dl.Dense(2, 8, rng=r),
                dl.Dense(2, 8, rng=r),
                dl.Dense(2, 8, rng=r),
                dl.Dense(8, 2, rng=r),
            )

        def forward(self, x):
            q, k, v = self.q(x), self.k(x), self.v(x)
            weights = dl.softmax(q @ k.transpose(0, 2, 1) * 8**-0.5)
            return self.out((weights @ v).mean(axis=1))

    return given(Attention(), sequences())


@healthy
def two_mixed_minibatches():
    return given(mlp(13, 16, 3), table("wine").batches(90, rng=rng()))


@healthy
def two_minibatches_of_six():
    return given(mlp(2, 16, 2), moons(12).batches(6, rng=rng()))


def patches(n=400, side=8, seed=3):
    """Which of two photographs is a piece from?"""
    r, pieces = rng(seed), []
    for which in ("china", "flower"):
        photograph = dl.data.photograph(which)
        for _ in range(n // 2):
            i, j = r.integers(0, photograph.shape[0] - side), r.integers(0, photograph.shape[1] - side)
            pieces.append(photograph[i : i + side, j : j + side])
    order = r.permutation(n)
    return Data(np.array(pieces)[order], (order >= n // 2).astype(int))


@healthy
def photographs_whose_running_averages_come_after():
    r = rng()
    m = dl.Sequential(
        dl.Conv2D(3, 8, 3, rng=r), dl.BatchNorm(8), dl.relu, dl.MaxPool2D(2), dl.Flatten(), dl.Dense(72, 2, rng=r)
    )
    batches = patches().batches(25, rng=rng(), drop_last=True)
    return stepping(m, batches, loop(m, CE, sgd(m, 0.05, momentum=0.9)))
