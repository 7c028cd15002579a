"""One digit in a network, in numbers: what the units of its first layer say, and what one of them adds up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import DataError, ShapeError
from dlcourse.layers.convolution import AvgPool2D
from dlcourse.live.own import as_it_is_now
from dlcourse.metrics import predict
from dlcourse.widgets.fully_connected import networks, units
from dlcourse.widgets.fully_connected.units import SIDE, Linked

__all__ = ["OwnDigit", "Wired", "WiringResult", "own_digit", "own_network", "ready", "wire"]


@dataclass(frozen=True, eq=False)
class Wired:
    """A network for digits, and its first layer with weights."""

    model: Any
    number: int
    """Of the layer in the network."""
    layer: Any
    order: Array
    """The order in which the layer sees the 64 pixels."""
    shape: tuple[int, ...]
    """Sheets, rows and columns of its units."""


def _wired(model: Any) -> Wired:
    number, layer, order = units.find_layer(model)
    zeros = np.zeros((1, SIDE, SIDE, 1), np.float32)
    return Wired(model, number, layer, order, units.look(layer, model[:number](zeros)).shape)


@lru_cache(maxsize=6)
def ready(kind: str, shuffled: bool) -> Wired:
    """One of the three networks, taught with digits as they are or with shuffled ones."""
    return _wired(networks.trained(kind, shuffled))


def own_network(model: Any) -> Wired:
    """The learner's network as it is now, or an error that says what is wrong with it.

    A cell further down may go on training the learner's own, so it is copied.
    """
    return _wired(as_it_is_now(model, owner="Wiring"))


@lru_cache(maxsize=8)
def share_right(network: Wired, shuffled: bool) -> float:
    """Share of the unseen digits that the network reads."""
    data = networks.unseen(shuffled)
    return float((predict(network.model, data.x).argmax(axis=1) == data.y).mean())


@dataclass(frozen=True, eq=False)
class OwnDigit:
    """The learner's picture, ready: (8, 8), from 0 to 1."""

    pixels: Array


def own_digit(image: Any) -> OwnDigit:
    """The learner's picture, or an error that says what is wrong with it.

    Raises
    ------
    ShapeError
        If it is not a square of 8, 16, 24 … pixels.
    DataError
        If its entries are not numbers from 0 to 1.
    """
    array = np.asarray(image)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.shape[0] % SIDE or not array.size:
        raise ShapeError(f"Wiring: image should have shape (8, 8), or (16, 16) and so on, not {np.shape(image)}.")
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
        raise DataError("Wiring: image should be finite numbers from 0, paper, to 1, ink.")
    small = AvgPool2D(len(array) // SIDE)(array.astype(np.float32)[None, :, :, None])
    return OwnDigit(np.asarray(small.data[0, :, :, 0]))


@dataclass(frozen=True)
class WiringResult:
    """One digit, the units of the first layer, and the unit that is looked at."""

    digit: Array
    """As it was written, (8, 8)."""
    image: Array
    """As the network gets it, (8, 8)."""
    pixels: Array
    """The linked pixels, (K,), in reading order of `image`."""
    unit: tuple[int, int, int]
    """Sheet, row and column in `says`."""
    links: Linked
    says: Array
    """What all units say, (S, R, C)."""
    total: float
    """Products and bias of the unit, added up."""
    output: float
    formula: str
    computed: int
    counted: int
    """Parameters of the layer: by the formula, and counted one by one."""
    answer: int
    right: float
    """Share of the unseen digits that the network reads."""
    right_as_written: float | None
    """The same share for digits as they were written, while pixels are shuffled."""


def wire(
    network: Wired, digit: Array, *, shuffled: bool, unit: tuple[int, int, int], as_written: Wired | None = None
) -> WiringResult:
    """Let a network read a digit, and look at one unit of its first layer.

    Parameters
    ----------
    network : Wired
    digit : array, shape (8, 8)
    shuffled : bool
        Whether its pixels are put into the new order.
    unit : (int, int, int)
        Sheet, row and column.
    as_written : Wired, optional
        Such a network that reads the digits as they were written, to be compared with.
    """
    x = digit[None, :, :, None]
    x = networks.mix(x) if shuffled else x
    layer = network.layer
    given = network.model[: network.number](x)
    says = units.look(layer, given)
    links = units.linked(layer, unit, says.shape)
    before = says[0, unit[1] - 1] if len(links.before) else np.zeros(0)
    formula, computed = units.formula(layer)
    return WiringResult(
        digit=digit,
        image=x[0, :, :, 0],
        pixels=network.order[links.pixels],
        unit=unit,
        links=links,
        says=says,
        total=units.total(links, np.asarray(given.data).ravel(), before),
        output=float(says[unit]),
        formula=formula,
        computed=computed,
        counted=sum(parameter.size for parameter in layer.parameters()),
        answer=int(predict(network.model, x)[0].argmax()),
        right=share_right(network, shuffled),
        right_as_written=None if as_written is None else share_right(as_written, False),
    )
