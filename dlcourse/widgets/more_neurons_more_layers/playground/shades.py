"""The colours of the Playground's maps: bytes, looked up, as nothing else is quick enough for each frame."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.colors import to_rgb

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.widgets.more_neurons_more_layers.playground.data import FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import GRID, plane, scaled

__all__ = ["CLASS_COLOURS", "LEVELS", "class_shades", "input_map", "shades", "small_maps", "tinted"]

COARSE = 8
"""The map of a neuron shows every eighth point of the plane: 12 of 96, four pixels each."""
LEVELS = 10
"""Shades on each side of the middle; more make the PNG larger and nobody sees them."""
BEHIND = 0.62
"""How strong colours are behind points."""
CLASS_COLOURS = ("ORANGE", "BLUE", "GREEN", "PURPLE")


def shades(*, behind: bool = False) -> Array:
    """Bytes of the diverging map, shape (2 · LEVELS + 1, 4), softened towards the page, more so behind points."""
    return _shades(style.is_dark(), BEHIND if behind else 0.8)


@lru_cache(maxsize=8)
def _shades(dark: bool, strength: float) -> Array:
    colours = style.diverging()(np.linspace(0, 1, 2 * LEVELS + 1))
    return np.asarray(np.round(255 * (strength * colours + (1 - strength) * _paper())), np.uint8)


def class_shades() -> Array:
    """Bytes from the page to each class's colour, shape (4, LEVELS + 1, 4)."""
    return _class_shades(style.is_dark())


@lru_cache(maxsize=2)
def _class_shades(dark: bool) -> Array:
    share = np.linspace(0.1, BEHIND, LEVELS + 1)[:, None]
    colours = [np.array([*to_rgb(style.colour(name)), 1.0]) for name in CLASS_COLOURS]
    return np.asarray(np.round(255 * np.stack([share * c + (1 - share) * _paper() for c in colours])), np.uint8)


def _paper() -> Array:
    return np.array([*to_rgb(style.paper()), 1.0])


def tinted(values: Array, palette: Array) -> Array:
    """Colours of values from −1 to 1."""
    level = np.rint(np.clip(values, -1, 1) * LEVELS).astype(np.intp)
    return np.asarray(palette[level + LEVELS])


def small_maps(maps: Array) -> list[Array]:
    """The maps of one layer, (GRID², M), each scaled to its largest value, as M small pictures."""
    small = maps.reshape(GRID, GRID, -1)[::COARSE, ::COARSE]
    small = small / np.maximum(np.abs(small).max(axis=(0, 1)), 1e-12)
    coloured = tinted(small, shades())
    return [coloured[:, :, j] for j in range(coloured.shape[2])]


def input_map(feature: int, used: bool) -> Array:
    """The map of an input, pale where it is not used."""
    return _input_map(feature, used, style.is_dark())


@lru_cache(maxsize=32)
def _input_map(feature: int, used: bool, dark: bool) -> Array:
    values = list(FEATURES.values())[feature][1](plane())
    picture = tinted(scaled(values).reshape(GRID, GRID)[::COARSE, ::COARSE], shades())
    return picture if used else np.asarray(0.28 * picture + 0.72 * 255 * _paper(), np.uint8)
