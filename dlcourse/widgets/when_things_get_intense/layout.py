"""Where the neurons of a network are, in a square of side 1."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array

__all__ = ["places"]


def places(sizes: tuple[int, ...]) -> list[Array]:
    """Where the neurons stand in a square of side 1: one array of shape (neurons, 2) per layer."""
    across = np.linspace(0.15, 0.85, len(sizes))
    tallest = max(sizes)
    gap = min(0.86 / max(tallest - 1, 1), 0.24)
    return [
        np.column_stack([np.full(size, x), 0.5 + gap * ((size - 1) / 2 - np.arange(size))])
        for x, size in zip(across, sizes, strict=True)
    ]
