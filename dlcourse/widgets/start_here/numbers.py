"""What the network sees of a pad, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.activations import softmax
from dlcourse.arrays import Array
from dlcourse.live.own import ten_scores
from dlcourse.widgets.start_here.ink import Strokes, distance, ink_from_image, ink_from_strokes, picture_from_ink

__all__ = ["DigitPadResult", "ask", "read_pad"]


@dataclass(frozen=True)
class DigitPadResult:
    """What the network sees and says."""

    ink: Array
    """bool (32, 32)"""
    picture: Array
    """float32 (8, 8, 1)"""
    probabilities: Array | None
    """(10,), None for an empty pad or where there is no network"""
    logits: bool
    """Whether the network gave logits (and not probabilities)."""


def read_pad(
    model: Callable[..., Any] | None, under: Array | None, strokes: Strokes, thickness: float
) -> DigitPadResult:
    """Ink strokes, over an image or on an empty pad, and ask the model, if there is one and there is ink."""
    if under is None:
        ink = ink_from_strokes(strokes, thickness=thickness)
    else:  # drawn over an image that has its size and place already
        ink = ink_from_image(under)
        lines = [np.asarray(stroke, float) for stroke in strokes]
        if lines:
            ink = ink | (distance(lines) <= 2.0 * thickness)
    picture = picture_from_ink(ink)
    if model is None or not ink.any():
        return DigitPadResult(ink=ink, picture=picture, probabilities=None, logits=True)
    probabilities, logits = ask(model, picture)
    return DigitPadResult(ink=ink, picture=picture, probabilities=probabilities, logits=logits)


def ask(model: Callable[..., Any], picture: Array) -> tuple[Array, bool]:
    """What the model says of one picture: probabilities (10,), and whether they come from logits."""
    values = ten_scores(model, "DigitPad", picture[None])
    if (values >= 0).all() and abs(float(values.sum()) - 1) < 1e-5:
        return values[0], False
    return np.asarray(softmax(values).numpy())[0], True
