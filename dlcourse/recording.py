"""no_grad, the switch that says whether operations remember how their results were computed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from dlcourse.meanwhile import Meanwhile

__all__ = ["is_recording", "no_grad"]

F = TypeVar("F", bound=Callable[..., Any])


class no_grad(Meanwhile):  # read as `with no_grad():`
    """Compute without remembering: results have no parents, and `backward` is not possible through them.

    It holds for the thread and task that runs the block. As a decorator, `@no_grad()`, it holds while the function runs.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, 2.0])
    >>> with no_grad():
    ...     print((w * 2).requires_grad)
    False
    """

    def __call__(self, function: F) -> F:
        @wraps(function)
        def without_remembering(*inputs: Any, **settings: Any) -> Any:
            with no_grad():
                return function(*inputs, **settings)

        return without_remembering  # type: ignore[return-value]


_begun = no_grad.begun.get


def is_recording() -> bool:
    """Whether results remember how they were computed."""
    begun = _begun()
    if not begun:
        return True
    latest = begun[-1]()  # asked by every operation, so the usual cases come first
    return not (latest is not None and latest._is_owned()) and not no_grad.running()
