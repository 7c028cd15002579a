"""Dropout: at every step, during training, ignore the output of a fraction p of neurons."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.errors import ArgumentError, WrongTypeError, brief
from dlcourse.initializers import check_rng
from dlcourse.layers.module import Module
from dlcourse.origin import pass_on
from dlcourse.tensor import Tensor

__all__ = ["Dropout"]


class Dropout(Module):
    """Set each entry to 0 with probability p while training, and multiply the others by 1 / (1 − p).

    The factor keeps the expected value, so that nothing needs to change at prediction time, when nothing is dropped.

    Parameters
    ----------
    p : float in [0, 1)
        Fraction that is ignored; 0.5 is a good default for hidden layers.
    rng : numpy Generator
        Source of the masks.

    Raises
    ------
    ArgumentError
        If p is not in [0, 1).
    WrongTypeError
        If p is not a number, or there is no rng.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), “Dropout”.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dropout(0.5, rng=np.random.default_rng(0))
    >>> sorted(set(layer(np.ones(100, np.float32)).data.tolist()))
    [0.0, 2.0]
    >>> layer.eval()(np.ones(3, np.float32)).data
    array([1., 1., 1.], dtype=float32)
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | None = None) -> None:
        try:
            self.p = float(p)
        except (TypeError, ValueError):
            raise WrongTypeError(f"Dropout: p should be a number from 0 to less than 1, not {brief(p)}.") from None
        if not 0 <= self.p < 1:
            extra = " At p = 1 nothing would be left to learn from." if self.p == 1 else ""
            raise ArgumentError(f"Dropout: p is the fraction that is ignored, from 0 to less than 1, not {p!r}.{extra}")
        self.rng = check_rng("Dropout", rng)

    def forward(self, x: Any) -> Tensor:
        """Return x with a fraction p of its entries at 0 while training, x itself while predicting; the shape stays."""
        x = x if isinstance(x, Tensor) else Tensor(x)
        if not self.training or self.p == 0:
            return x
        dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float32)
        kept = self.rng.random(x.shape, dtype=np.float32) >= self.p
        result = x * (kept.astype(dtype) * dtype.type(1 / (1 - self.p)))
        pass_on(result, (x,))
        return result

    def describe(self) -> str:
        """Name and sizes in one short line, for tables."""
        return f"Dropout({self.p:g})"
