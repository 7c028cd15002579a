"""How long a gradient is, and what to say of one that is NaN, infinite or beyond all measure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dlcourse.errors import DivergenceError
from dlcourse.optimizers.flat import Flat
from dlcourse.tensor import Tensor

__all__ = ["check_gradients", "length"]


def length(flats: Sequence[Flat]) -> float:
    """Return the length of a gradient, also where its square is too large for a number."""
    most = max(float(np.abs(flat.g).max()) for flat in flats)
    if not math.isfinite(most):
        return most
    return most * math.sqrt(sum(float(np.square(flat.g / most).sum()) for flat in flats))


def check_gradients(owner: str, flats: Sequence[Flat]) -> None:
    """Raise an error if the square of a gradient is not a number.

    Raises
    ------
    DivergenceError
        It says which gradient is NaN, infinite or far too large.
    """
    if all(math.isfinite(np.vdot(flat.g, flat.g)) for flat in flats):
        return
    parameters = [p for flat in flats for p in flat.parameters if p.grad is not None]
    bad = [p for p in parameters if not math.isfinite(_greatest(p))]
    p = bad[0] if bad else max(parameters, key=_greatest)
    what = "is NaN" if math.isnan(_greatest(p)) else "is infinite" if bad else f"goes up to {_greatest(p):.1e}"
    which = f"{p.name!r} of shape {p.shape}" if p.name else f"of shape {p.shape}"
    raise DivergenceError(
        f"{owner}: the gradient of the parameter {which} {what}, so no step was made. Did the loss take the root, the "
        "logarithm or a power of 0, or divide by it? Or has it flown apart, with a learning rate that is too large?"
    )


def _greatest(p: Tensor) -> float:
    return 0.0 if p.grad is None else float(np.abs(p.grad).max(initial=0))
