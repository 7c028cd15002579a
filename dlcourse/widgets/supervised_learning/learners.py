"""Four learners and four sources of points behind FitAFunction; its Code shows the very functions that stand here.

A learner is a function `fit(x, y)` that takes the examples, x and y of shape (N,), and returns a function `predict`, from
new inputs of shape (M,) to answers of shape (M,). That is all a learner is, so anybody's own joins the list.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError

__all__ = [
    "MODELS", "SOURCES", "UNSEEN_FROM", "Fit", "Predict", "always_the_mean", "best_line", "call", "jump", "learned", "learner",
    "nearest_neighbour", "network", "petals", "polynomial", "table", "tumours", "wave",
]  # fmt: skip

Predict = Callable[[Array], Array]
Fit = Callable[[Array, Array], Predict]
Generator = np.random.Generator

UNSEEN_FROM = 60
"""Of each source the first 60 points may be seen; all after them stay unseen."""

# Learners


def nearest_neighbour(x: Array, y: Array) -> Predict:
    def predict(new: Array) -> Array:
        distance = np.abs(new[:, None] - x)  # (M, N)
        return y[distance.argmin(axis=1)]

    return predict


def best_line(x: Array, y: Array) -> Predict:
    dx, dy = x - x.mean(), y - y.mean()
    w = (dx * dy).sum() / max((dx * dx).sum(), 1e-12)
    b = y.mean() - w * x.mean()
    return lambda new: w * new + b


def polynomial(degree: int, x: Array, y: Array) -> Predict:
    middle, half = (x.max() + x.min()) / 2, max((x.max() - x.min()) / 2, 1e-9)

    def powers(x: Array) -> Array:  # 1, x, x², … of x brought to −1 … 1: (N, degree + 1)
        return np.vander((x - middle) / half, degree + 1, increasing=True)

    c = np.linalg.lstsq(powers(x), y, rcond=None)[0]
    return lambda new: powers(new) @ c


def network(width: int, steps: int, x: Array, y: Array) -> Predict:
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Dense(1, width, activation=dl.tanh, rng=rng), dl.Dense(width, 1, rng=rng))
    optimizer = dl.Adam(model.parameters(), 0.03)
    wide, high = max(x.std(), 1e-9), max(y.std(), 1e-9)

    def scaled(x: Array) -> Array:
        return ((x - x_mean) / wide)[:, None].astype(np.float32)  # (N, 1)

    x_mean, y_mean = x.mean(), y.mean()
    inputs, truth = scaled(x), ((y - y_mean) / high)[:, None].astype(np.float32)
    for _ in range(steps):
        optimizer.zero_grad()
        dl.squared_error(model(inputs), truth).backward()
        optimizer.step()
    return lambda new: y_mean + high * model(scaled(new)).numpy()[:, 0].astype(float)


def always_the_mean(x: Array, y: Array) -> Predict:
    return lambda new: np.full(len(new), y.mean())


LEARNERS: dict[str, Callable[..., Predict]] = {
    "nearest neighbour": nearest_neighbour, "line": best_line, "polynomial": polynomial, "network": network,
    "yours": always_the_mean,
}  # fmt: skip
MODELS = tuple(name for name in LEARNERS if name != "yours")
"""The learners in every list; the mean stands in for the learner's own until there is one."""


def learner(name: str, settings: tuple[int, ...]) -> Fit:
    """One of these learners: of the polynomial the settings are the degree, of the network neurons and steps."""
    return partial(LEARNERS[name], *settings) if settings else LEARNERS[name]


# Sources of points


def wave(rng: Generator) -> tuple[Array, Array]:
    x = rng.uniform(-1, 1, 260)
    return x, np.sin(4 * x) + 0.25 * rng.normal(size=260)


def jump(rng: Generator) -> tuple[Array, Array]:
    x = rng.uniform(-1, 1, 260)
    return x, np.where(x > 0.15, 0.8, -0.8) + 0.25 * rng.normal(size=260)


def petals(rng: Generator) -> tuple[Array, Array]:
    flowers = dl.data.iris().x[rng.permutation(150)].astype(float)
    return flowers[:, 2], flowers[:, 3]  # length and width of a petal in cm


def tumours(rng: Generator) -> tuple[Array, Array]:
    nuclei = dl.data.breast_cancer().x[rng.permutation(569)].astype(float)
    return nuclei[:, 0], nuclei[:, 3]  # mean radius and mean area of the cell nuclei


SOURCES: dict[str, Callable[[Generator], tuple[Array, Array]]] = {
    "wave": wave, "jump": jump, "petals": petals, "tumours": tumours,
}  # fmt: skip


@lru_cache(maxsize=32)
def table(source: str, seed: int) -> tuple[Array, Array]:
    """All points of a source, shuffled with this seed: x and y, each of shape (N,), read-only."""
    x, y = SOURCES[source](np.random.default_rng(seed))
    for array in (x, y):
        array.setflags(write=False)
    return x, y


# Calling a learner


def call(fit: Fit, x: Array, y: Array) -> Predict:
    """`fit(x, y)` on copies of the examples; the predict that comes back says in words what is wrong with its answers."""
    predict = fit(np.array(x), np.array(y))
    name = getattr(fit, "__name__", "fit").replace("<lambda>", "fit")
    if not callable(predict):
        raise WrongTypeError(
            f"{name}(x, y) should return a function predict(x), and it returned {type(predict).__name__}. "
            "Is the last line of it `return predict`?"
        )

    def checked(new: Array) -> Array:
        given = np.array(new)
        answer = predict(given)
        answer = np.asarray(getattr(answer, "data", answer), float) if not isinstance(answer, np.ndarray) else answer
        if answer.shape != new.shape:
            raise ShapeError(
                f"{name}: predict got x of shape {new.shape} and answered with shape {answer.shape}. One answer for "
                "each x is needed."
            )
        if not np.isfinite(answer).all():
            raise DataError(f"{name}: predict answered with NaN or an infinite number for {len(x)} examples.")
        return answer.astype(float)

    return checked


@lru_cache(maxsize=128)
def learned(name: str, settings: tuple[int, ...], seen: tuple[tuple[float, float], ...]) -> Predict:
    """What one of these learners makes of the examples x, y; kept, as the same ones are asked for often."""
    x, y = np.array(seen).T
    return call(learner(name, settings), x, y)
