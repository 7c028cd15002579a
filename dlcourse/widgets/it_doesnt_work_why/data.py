"""What the patients of `Clinic` learn from: five sets of real examples, split in three, ready for a network or left raw."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array

__all__ = ["KINDS", "Kind", "Parts", "parts", "raw"]

READ = 3
"""So many letters are read before the next one is foretold."""


class Kind(NamedTuple):
    """One set of examples: what it is called, how many answers there are (1 where they are measured), and its parts."""

    title: str
    outputs: int
    train: int
    validation: int
    unseen: int
    names: tuple[str, ...]


KINDS = {
    "digits": Kind("handwritten digits", 10, 400, 200, 600, tuple("0123456789")),
    "wines": Kind("wines from three growers", 3, 80, 30, 68, ("grower A", "grower B", "grower C")),
    "tumours": Kind("breast tumours", 2, 200, 100, 269, ("malignant", "benign")),
    "diabetes": Kind("diabetes, one year on", 1, 220, 80, 142, ()),
    "names": Kind("the next letter of a name", 27, 2000, 600, 600, ("end", *"abcdefghijklmnopqrstuvwxyz")),
}


class Parts(NamedTuple):
    """Pairs (x, y): to learn from, to validate, and never seen by anybody before the end."""

    train: tuple[Array, Array]
    validation: tuple[Array, Array]
    unseen: tuple[Array, Array]


@lru_cache(maxsize=8)
def raw(kind: str) -> tuple[Array, Array]:
    """All examples as they were measured, (N, K), and their answers, (N,) or (N, 1), in an order drawn once."""
    if kind == "names":
        x, y = _letters()
    else:
        load = {"digits": "digits", "wines": "wine", "tumours": "breast_cancer", "diabetes": "diabetes"}[kind]
        data = getattr(dl.data, load)()
        x, y = data.x.reshape(len(data), -1).astype(np.float64), np.asarray(data.y)
        if kind == "diabetes":
            y = y.reshape(-1, 1).astype(np.float64)
    order = np.random.default_rng(22).permutation(len(x))
    return x[order], y[order]


def _letters() -> tuple[Array, Array]:
    """Three letters of a name as 81 numbers, and the letter that comes next."""
    spelled = dl.data.spelled(dl.data.names())
    number = spelled.x.argmax(axis=2)  # (names, T)
    rows, answers = [], []
    for read, follows in zip(number, spelled.y, strict=True):
        for t in range(READ - 1, len(read)):
            if follows[t] >= 0:
                rows.append(read[t - READ + 1 : t + 1])
                answers.append(follows[t])
    rng = np.random.default_rng(22)
    some = rng.choice(len(rows), 3200, replace=False)
    return np.eye(27)[np.array(rows)[some]].reshape(len(some), -1), np.array(answers)[some]


def parts(kind: str, *, scaled: bool = True, unfit: bool = False, few: bool = False) -> Parts:
    """Three parts, as numbers of float32.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    scaled : bool
        Whether each feature has mean 0 and deviation 1 over the training part, or all pixels together; measured answers
        always have.
    unfit : bool
        Prepared by hand, with a logarithm of 0 (tumours) or a division by the spread of pixels that never vary (digits).
    few : bool
        A twentieth of the examples to learn from.

    Returns
    -------
    Parts
    """
    x, y = raw(kind)
    sizes = KINDS[kind]
    ends = np.cumsum([sizes.train, sizes.validation, sizes.unseen])
    first = slice(0, sizes.train)
    with np.errstate(all="ignore"):
        if unfit and kind == "tumours":
            x = np.log(x)
        if scaled and kind != "names":
            every = None if kind == "digits" and not unfit else 0  # pixels have one scale
            spread = x[first].std(axis=every)
            x = (x - x[first].mean(axis=every)) / (spread if unfit else np.where(spread > 0, spread, 1.0))
    if KINDS[kind].outputs == 1:
        y = ((y - y[first].mean()) / y[first].std()).astype(np.float32)
    x = x.astype(np.float32)
    cut = [slice(a, b) for a, b in zip((0, *ends), ends, strict=False)]
    if few:
        cut[0] = slice(0, sizes.train // 20)
    return Parts(*((x[one], y[one]) for one in cut))
