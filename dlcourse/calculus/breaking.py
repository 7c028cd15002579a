"""Where a loss or its gradient breaks: the operation in which it becomes NaN or infinite."""

from __future__ import annotations

import numpy as np

from dlcourse.tensor import Tensor

__all__ = ["where_it_begins", "where_it_breaks"]

# Operations whose slope is infinite, or no number, at 0.
STEEP_AT_ZERO = {"sqrt", "log", "power", "divide"}


def where_it_breaks(loss: Tensor) -> str:
    """Return, as a piece of a sentence, the operation that made a gradient NaN or infinite, or "" if none did.

    Parameters
    ----------
    loss : Tensor, shape ()
        Gradients are computed once more and left at all tensors that it was computed from.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([0.0, 2.0])
    >>> where_it_breaks(dl.exp(w * 1e3).sum())
    'exp, whose input goes from 0 to 2e+03.'
    """
    with np.errstate(all="ignore"):
        loss.backward(keep_inner=True)
    visited, waiting = {loss}, [loss]
    while waiting:
        tensor = waiting.pop(0)
        parents = [parent for parent in tensor.parents if parent.requires_grad]
        for parent in parents:
            if _finite(tensor) and not _finite(parent):
                return _told(tensor.op, parent.data)
        waiting += [parent for parent in parents if parent not in visited]
        visited.update(parents)
    return ""


def where_it_begins(loss: Tensor) -> str:
    """Return, as a piece of a sentence, the first operation whose result is NaN or infinite and whose inputs are not, or "".

    Parameters
    ----------
    loss : Tensor, shape ()

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([0.0, 2.0])
    >>> where_it_begins((1 / w).sum())
    'divide, whose input goes from 0 to 2'
    """
    begun, waiting, visited = [], [loss], {loss}
    while waiting:
        tensor = waiting.pop()
        if np.isfinite(tensor.data).all():
            continue
        if tensor.parents and all(np.isfinite(parent.data).all() for parent in tensor.parents):
            begun.append(tensor)
        waiting += [parent for parent in tensor.parents if parent not in visited]
        visited.update(tensor.parents)
    if not begun:
        return ""
    first = max(begun, key=lambda tensor: tensor._born)  # the larger, the older
    return f"{first.op}, {_range(first.parents[first.op == 'divide'].data)}"


def _finite(tensor: Tensor) -> bool:
    return tensor.grad is not None and bool(np.isfinite(tensor.grad).all())


def _told(op: str, x: np.ndarray) -> str:
    least, most = float(x.min()), float(x.max())
    advice = (
        " Its slope is infinite at 0: add a small number inside, such as 1e-8."
        if least <= 0 <= most and op in STEEP_AT_ZERO
        else ""
    )
    return f"{op}, {_range(x)}.{advice}"


def _range(x: np.ndarray) -> str:
    return f"whose input goes from {float(x.min()) + 0.0:.3g} to {float(x.max()) + 0.0:.3g}"  # + 0.0: without the sign of −0
