"""NumPy for programs that are only tried: what it cannot compute raises, and nothing is written to the terminal.

LAPACK writes a line of its own when it is given NaN, past Python, into whatever the kernel shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["QUIET"]


class _Quiet:
    """A module with some of its names replaced."""

    def __init__(self, module: Any, **own: Any) -> None:
        self.__dict__.update(own, _module=module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_module"], name)


def _finite(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(a: Any, *args: Any, **settings: Any) -> Any:
        if not all(np.all(np.isfinite(part)) for part in (a, *args[:1]) if isinstance(part, np.ndarray)):
            raise np.linalg.LinAlgError("NaN or infinity stands in the numbers.")
        return function(a, *args, **settings)

    return call


QUIET = _Quiet(
    np,
    linalg=_Quiet(np.linalg, lstsq=_finite(np.linalg.lstsq), svd=_finite(np.linalg.svd), pinv=_finite(np.linalg.pinv)),
)
