"""Programs that are only tried write nothing to the terminal, and what NumPy cannot compute for them raises.

LAPACK writes a line of its own when it is given NaN, past Python, into whatever the kernel shows.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["QUIET", "silence"]

_NOT_FINITE = "SVD did not converge in Linear Least Squares"
"""What NumPy says when it has asked LAPACK for least squares of what is not finite."""


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


@contextlib.contextmanager
def silence(printed: io.StringIO) -> Iterator[None]:
    """Whatever runs meanwhile, and whoever wrote it: prints go to `printed`, warnings and lines of LAPACK nowhere.

    `lstsq`, and with it every fit of a polynomial, raises what NumPy would raise, before LAPACK is asked.
    """
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        _refusing(np.linalg),
        _refusing(sys.modules[inspect.unwrap(np.polyfit).__globals__["__name__"]]),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _refusing(module: Any) -> Iterator[None]:
    """A module of NumPy whose `lstsq` refuses what is not finite, as it does itself after LAPACK has complained."""
    function = module.lstsq

    def refusing(a: Any, b: Any, *args: Any, **settings: Any) -> Any:
        finite = True
        with contextlib.suppress(TypeError, ValueError):  # of these the function itself complains
            finite = bool(np.isfinite(a).all() and np.isfinite(b).all())
        if not finite:
            raise np.linalg.LinAlgError(_NOT_FINITE)
        return function(a, b, *args, **settings)

    module.lstsq = refusing
    try:
        yield
    finally:
        module.lstsq = function
