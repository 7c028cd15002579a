"""A thousand thinned networks on one picture: what each says, their mean so far, and what the full network says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError, WrongTypeError
from dlcourse.widgets.dropout.networks import PIXELS, UNITS, masks, ours, through

__all__ = ["LATEST", "MOST", "DropoutResult", "asked", "own_picture", "points_drawn", "score_ends"]

MOST = 1000
"""So many masks at most."""
LATEST = 30
"""The answers of so many masks are drawn, the latest ones."""


@dataclass(frozen=True)
class DropoutResult:
    """What the masks say, so far; values are scores, or shares.

    Attributes
    ----------
    picture : array, shape (64,)
    kept_pixels, kept : arrays of bool, shapes (64,) and (100,)
        What the latest mask leaves.
    units : array, shape (100,)
        What the hidden units say, before the latest mask takes some away.
    latest : array, shape (L, 10)
        Values of the latest masks, at most 30; the last one is that of the mask that is shown.
    mean, full : arrays, shape (10,)
        Mean over the masks so far, and the full network.
    answer : int
        The digit that the full network gives the most.
    course : array, shape (n,)
        Mean value of that digit after 1, 2, … n masks.
    spread : float
        Standard deviation of its value from mask to mask.
    votes : array of int, shape (10,)
        For how many masks each digit has the largest value.
    """

    picture: Array
    kept_pixels: Array
    kept: Array
    units: Array
    latest: Array
    mean: Array
    full: Array
    answer: int
    course: Array
    spread: float
    votes: Array


@dataclass(frozen=True, eq=False)
class _Asked:
    kept_pixels: Array
    kept: Array
    units: Array
    scores: Array
    shares: Array
    full: Array
    votes: Array


@lru_cache(maxsize=16)
def _all_masks(picture: tuple[float, ...], p_pixels: float, p: float, divided: bool, seed: int) -> _Asked:
    """`MOST` masks on one picture: the first n of them are those of n masks."""
    hidden, last = ours()
    x = np.array([picture], np.float32)  # (1, 64)
    mask_pixels = masks(MOST, PIXELS, p_pixels, [seed, 0], divided)
    mask = masks(MOST, UNITS, p, [seed, 1], divided)
    units, scores = through(hidden, last, x, mask_pixels, mask)
    return _Asked(
        kept_pixels=mask_pixels > 0,
        kept=mask > 0,
        units=units,
        scores=scores.astype(float),
        shares=np.asarray(softmax(scores).data, float),
        full=through(hidden, last, x, 1.0, 1.0)[1][0].astype(float),
        votes=scores.argmax(axis=1),
    )


def asked(
    picture: tuple[float, ...], *, p_pixels: float, p: float, divided: bool, seed: int, n: int, shares: bool
) -> DropoutResult:
    """Ask n thinned networks, and the full one.

    Parameters
    ----------
    picture : tuple of 64 floats, 0 to 1
    p_pixels, p : float
        Fractions of the pixels and of the hidden units that are ignored.
    divided : bool
        What is kept is divided by 1 − p.
    seed : int
    n : int, 1 to `MOST`
    shares : bool
        Compare shares, the softmax of the scores, in place of scores.
    """
    drawn = _all_masks(picture, p_pixels, p, divided, seed)
    values = (drawn.shares if shares else drawn.scores)[:n]  # (n, 10)
    answer = int(drawn.full.argmax())
    return DropoutResult(
        picture=np.array(picture),
        kept_pixels=drawn.kept_pixels[n - 1],
        kept=drawn.kept[n - 1],
        units=drawn.units[n - 1],
        latest=values[-LATEST:],
        mean=values.mean(axis=0),
        full=np.asarray(softmax(drawn.full).data, float) if shares else drawn.full,
        answer=answer,
        course=np.cumsum(values[:, answer]) / np.arange(1, n + 1),
        spread=float(values[:, answer].std()),
        votes=np.bincount(drawn.votes[:n], minlength=10),
    )


@lru_cache(maxsize=64)
def score_ends(
    picture: tuple[float, ...], p_pixels: float, p: float, divided: bool, seed: int
) -> tuple[float, float, float]:
    """How far scores go, so that axes hold whatever n is: the largest of any mask or of the full network, whatever its
    sign, and the lowest and the highest of the full network's answer, 0, and all that the mean of the masks goes through."""
    drawn = _all_masks(picture, p_pixels, p, divided, seed)
    far = float(max(np.abs(drawn.scores).max(), np.abs(drawn.full).max()))
    answer = int(drawn.full.argmax())
    course = np.cumsum(drawn.scores[:, answer]) / np.arange(1, MOST + 1)
    values = np.append(course, [drawn.full[answer], 0.0])
    return far, float(values.min()), float(values.max())


def points_drawn(n: int) -> Array:
    """After which masks the course of the mean is drawn: evenly on an axis of powers of ten, and the last one."""
    return np.unique(np.append(np.geomspace(1, MOST, 80).round().astype(int).clip(max=n), n))


def own_picture(picture: Any) -> tuple[float, ...]:
    """A learner's own picture as 64 numbers from 0 to 1.

    Raises
    ------
    WrongTypeError
        If it is not made of numbers.
    ShapeError
        If it is not one picture of 8 × 8.
    DataError
        If a value is below 0, above 1, or no number.
    """
    try:
        values = np.asarray(picture, float)
    except (TypeError, ValueError):
        raise WrongTypeError("DropoutMasks: the picture should be an array of numbers, shape (8, 8).") from None
    if values.shape not in ((8, 8), (8, 8, 1), (PIXELS,)):
        raise ShapeError(
            f"DropoutMasks: a picture has shape (H, W) = (8, 8) or (H, W, C) = (8, 8, 1), not {values.shape}. "
            "Is it a whole batch? digits.x[0] is one picture."
        )
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        raise DataError("DropoutMasks: the picture has values below 0, above 1, or that are no numbers.")
    return tuple(map(float, values.ravel()))
