"""The hidden layer before the last one: what its neurons say, and which networks have one."""

from __future__ import annotations

from typing import Any

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.errors import WrongTypeError, brief
from dlcourse.live.own import ten_scores

__all__ = ["check", "hidden"]


def hidden(model: Any, x: Array) -> Array:
    return np.asarray(dl.predict(model[:-1], x))  # (N, K), what the neurons before the last layer say


def check(model: Any, owner: str) -> None:
    """Raise an error unless a network takes pictures, gives ten scores, and has hidden neurons before a last dense layer.

    Raises
    ------
    WrongTypeError
        If it is not a Sequential that ends in a dense layer without an activation.
    ShapeError
        If it does not give ten numbers for a picture.
    DataError
        If one of its scores is not finite.
    """
    ten_scores(model, owner)
    layers = list(model) if isinstance(model, dl.Sequential) else []
    ends_well = layers and isinstance(layers[-1], dl.Dense) and layers[-1].activation is None
    if not ends_well or all(isinstance(layer, dl.Flatten) for layer in layers[:-1]):
        raise WrongTypeError(
            f"{owner}: the neurons before the last layer are looked at, so the model should be a dl.Sequential that has hidden "
            f"layers and ends in a dl.Dense(…, 10) without an activation, not {brief(model)}."
        )
