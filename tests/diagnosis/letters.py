"""Networks that read symbols, healthy and faulty: which letter of a name comes next, and the like. The same inputs have many answers."""

from __future__ import annotations

import functools

import numpy as np

import dlcourse as dl

from .faults import fault, sgd, shuffled
from .healthy import healthy
from .more_faults import FAULTS
from .more_healthy import HEALTHY
from .patients import CE, Data, fitted, given, loop, mlp, rng, stepping, table

__all__ = ["FAULTS", "HEALTHY"]


@functools.cache
def _read(k):
    """All places in the names: k letters (0 before the first), and the one that follows (0 at the end)."""
    rows = []
    for word in dl.data.names():
        letters = [0] * k + [ord(letter) - 96 for letter in word] + [0]
        rows += [letters[i : i + k + 1] for i in range(len(letters) - k)]
    return np.array(rows)


def windows(n, k, other=False):
    """k letters as whole numbers, (n, k), and the next; from other places of the names."""
    rows = _read(k)
    rows = rows[rng().permutation(len(rows))]
    rows = rows[-n:] if other else rows[:n]
    return Data(rows[:, :k].copy(), rows[:, k].copy())


def laid_out(d):
    """The same as rows of 0 and 1, (n, 27 k)."""
    return Data(np.eye(27, dtype=np.float32)[d.x].reshape(len(d), -1), d.y)


class Letters(dl.Module):
    """A network of one's own: a table of letters, a recurrent layer, scores."""

    def __init__(self, layer, hidden=24, symbols=27, sequence=False):
        r = rng()
        self.table = dl.Embedding(symbols, 8, rng=r)
        self.read = layer(8, hidden, return_sequences=sequence, rng=r)
        self.out = dl.Dense(hidden, symbols, rng=r)

    def forward(self, x):
        return self.out(self.read(self.table(x)))


@healthy
def three_letters_of_a_name():
    return given(mlp(81, 24, 27), laid_out(windows(1000, 3)))


@healthy
def five_letters_and_a_gru():
    return given(Letters(dl.GRU), windows(800, 5))


@healthy
def six_letters_in_a_loop_with_a_simple_rnn():
    m = Letters(dl.SimpleRNN)
    return stepping(m, windows(800, 6).batches(32, rng=rng()), loop(m, CE, dl.Adam(m.parameters(), 0.005)))


@healthy
def letters_one_by_one_in_an_lstm():
    x, y = windows(600, 6).x, windows(600, 6).y
    return given(
        dl.Sequential(dl.LSTM(27, 24, rng=rng()), dl.Dense(24, 27, rng=rng(1))),
        Data(np.eye(27, dtype=np.float32)[x], y),
    )


@healthy
def letters_as_ascii():
    d = windows(600, 4)
    return given(Letters(dl.SimpleRNN, symbols=128), Data(d.x + 96, d.y + 96))


@healthy
def a_mark_before_the_first_letter_that_never_comes_next():
    d = windows(600, 4)
    return given(Letters(dl.GRU, symbols=28), Data(np.where(d.x == 0, 27, d.x), d.y))


@healthy
def names_and_other_names():
    return fitted(mlp(81, 24, 27), laid_out(windows(1500, 3)), epochs=4) | {
        "validation": laid_out(windows(400, 3, other=True))
    }


@healthy
def bases_of_a_chain():
    r = rng(0)
    follows, chain = r.dirichlet([0.4] * 4, size=(4, 4)), [0, 1]
    for _ in range(700):
        chain.append(r.choice(4, p=follows[chain[-2], chain[-1]]))
    chain = np.array(chain)
    return given(Letters(dl.GRU, symbols=4), Data(np.stack([chain[i : i + 6] for i in range(650)]), chain[6:656]))


@fault("labels shuffled against inputs")
def shuffled_letters():
    return given(Letters(dl.SimpleRNN, 16), shuffled(windows(600, 4)))


@fault("learning rate too high")
def high_for_letters():
    return given(m := Letters(dl.LSTM, 12), windows(400, 4), CE, dl.Adam(m.parameters(), 2.0))


@fault("learning rate far too low")
def low_for_letters():
    return given(m := Letters(dl.GRU, 12), windows(400, 4), CE, sgd(m, 1e-5))


@fault("gradients not zeroed")
def not_zeroed_for_letters():
    m = Letters(dl.SimpleRNN)
    o = dl.Adam(m.parameters(), 0.01)

    def step(x, y):
        CE(m(x), y).backward()
        o.step()

    return stepping(m, windows(800, 5), step)


def by_heart(m, d, validation):
    """Trained for long, and shown without its history."""
    return fitted(m, d, epochs=60) | {"validation": validation, "history": None, "optimizer": None}


@fault("overfits")
def few_names_by_heart():
    return by_heart(mlp(81, 32, 27), laid_out(windows(100, 3)), laid_out(windows(500, 3, other=True)))


@fault("overfits")
def few_names_by_heart_in_a_gru():
    return by_heart(Letters(dl.GRU, 48), windows(120, 5), windows(500, 5, other=True))


@fault("validation data leaked into training")
def names_in_both():
    d, v = windows(800, 5), windows(300, 5, other=True)
    d.x[:120], d.y[:120] = v.x[:120], v.y[:120]
    return given(Letters(dl.GRU), d, validation=v)


@fault("optimizer holds other parameters than the model")
def of_an_older_network_in_a_loop():
    old, m = mlp(13, 16, 3), mlp(13, 16, 3, seed=1)
    return stepping(m, table("wine"), loop(m, CE, dl.Adam(old.parameters(), 0.01)))
