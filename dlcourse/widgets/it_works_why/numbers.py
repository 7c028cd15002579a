"""Maps of a picture: what each pixel is worth to a network. And how alike two of them are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.widgets.start_here.ink import ink_from_image, picture_from_ink

__all__ = ["MAPS", "Map", "WhyResult", "cover_map", "covered", "gradient_map", "likeness", "map_of", "picture_of", "rank", "shares", "shares_of"]  # fmt: skip

MAPS = ("cover", "gradient", "gradient × pixel")


@dataclass(frozen=True)
class Map:
    """What one network says of a picture, and where it gets that from.

    Attributes
    ----------
    shares, under_cover : arrays, shape (10,)
        Softmax of its scores, of the picture and of the picture with the cover on it.
    worth : array, shape (8, 8)
        For each pixel how far the score of its answer falls when it is covered, the slope of that score, or slope times pixel.
    reads : float
        Share of the 360 digits, with the chosen specks, that it reads.
    """

    shares: Array
    under_cover: Array
    worth: Array
    reads: float


@dataclass(frozen=True)
class WhyResult:
    """A picture, float32 (8, 8, 1), the maps of two networks, and the rank correlation of what is shown of them."""

    picture: Array
    maps: tuple[Map, Map]
    alike: float


def covered(picture: Array, i: int, j: int, size: int) -> Array:
    picture = picture.copy()  # (8, 8, 1)
    first_row, first_column = max(i - (size - 1) // 2, 0), max(j - (size - 1) // 2, 0)
    picture[first_row : i + size // 2 + 1, first_column : j + size // 2 + 1] = 0.0
    return picture


def cover_map(model: Any, picture: Array, size: int) -> Array:
    pictures = np.stack([covered(picture, i, j, size) for i in range(8) for j in range(8)])
    scores = np.asarray(dl.predict(model, np.concatenate([picture[None], pictures])))  # (1 + 64, 10)
    answer = scores[0].argmax()
    changed = (pictures != picture).any(axis=(1, 2, 3))  # else a rounding in the last digit would count as a fall
    return np.where(changed, scores[0, answer] - scores[1:, answer], 0.0).reshape(8, 8)


def gradient_map(model: Any, picture: Array) -> Array:
    x = dl.Tensor(picture[None], requires_grad=True)
    scores = model(x)  # (1, 10)
    scores[0, int(scores.data.argmax())].backward()
    return np.asarray(x.grad)[0, :, :, 0]


def rank(values: Array) -> Array:
    """Places from 1 to n in order of size, equal ones at their mean place."""
    _, which, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[which.ravel()])


def likeness(one: Array, other: Array) -> float:
    """Rank correlation of two maps (Spearman), 0 where one of them is all the same."""
    a, b = (rank(values) - (values.size + 1) / 2 for values in (one, other))
    norm = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / norm) if norm > 0 else 0.0


def map_of(model: Callable[..., Any], how: str, picture: Array, size: int) -> Array:
    """The map of that name, (8, 8)."""
    if how == "cover":
        return cover_map(model, picture, size)
    if isinstance(model, dl.Module):
        model.zero_grad()
    slopes = gradient_map(model, picture)
    return slopes if how == "gradient" else slopes * picture[:, :, 0]


def shares(model: Callable[..., Any], pictures: Array) -> Array:
    """Softmax of what a network says, (N, 10)."""
    return shares_of(np.asarray(dl.predict(model, pictures)))


def shares_of(scores: Array) -> Array:
    """Softmax of scores, (N, 10)."""
    return np.asarray(dl.softmax(scores).data)


def picture_of(image: Any) -> Array:
    """A learner's own picture as the networks see it, float32 (8, 8, 1) in 0…1: 8×8 as it is, a larger one as the pad of lesson 00 reads it."""
    values = np.asarray(image)
    if values.shape in ((8, 8), (8, 8, 1)) and np.isfinite(values).all() and 0 <= values.min() <= values.max() <= 1:
        return values.reshape(8, 8, 1).astype(np.float32)
    return picture_from_ink(ink_from_image(image))
