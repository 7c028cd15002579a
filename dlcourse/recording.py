"""no_grad, the switch that says whether operations remember how their results were computed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from dlcourse.errors import WrongTypeError, brief
from dlcourse.meanwhile import Meanwhile

__all__ = ["is_recording", "no_grad"]

F = TypeVar("F", bound=Callable[..., Any])


class _Switch(type):
    """Class of `no_grad`, so that the forgotten parentheses of `with no_grad:` get a message."""

    def __enter__(cls) -> NoReturn:
        name = cls.__name__
        raise WrongTypeError(
            f"{name}: its parentheses are missing. Write “with dl.{name}():” instead of “with dl.{name}:”."
        )

    def __exit__(cls, *error: object) -> None:
        """Python asks for this one before it enters."""


class no_grad(Meanwhile, metaclass=_Switch):  # read as `with no_grad():`
    """Compute without remembering: results have no parents, and `backward` is not possible through them.

    It holds for the lines in the block and what they call, in this thread and this task; others go on recording. Written
    ``@no_grad()`` above a function, it holds while that function runs.

    Raises
    ------
    WrongTypeError
        If the parentheses are forgotten, or the function below is a generator.

    Examples
    --------
    >>> import dlcourse as dl
    >>> w = dl.Parameter([1.0, 2.0])
    >>> with no_grad():
    ...     print((w * 2).requires_grad)
    False
    """

    def __init__(self, *wrong: Any) -> None:
        if wrong:
            raise WrongTypeError(
                f"no_grad: it takes nothing, and {brief(wrong[0])} was given. Write “with dl.no_grad():”, or “@dl.no_grad()” "
                "with its parentheses above a function."
            )

    def __call__(self, function: F) -> F:
        """Return the function, computing without remembering."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise WrongTypeError(
                f"no_grad: {function.__name__} yields, and between two values it would switch off whatever uses it. Put “with "
                "dl.no_grad():” around those of its lines that compute, and the yield outside."
            )

        @wraps(function)
        def without_remembering(*inputs: Any, **settings: Any) -> Any:
            with no_grad():
                return function(*inputs, **settings)

        @wraps(function)
        async def without_remembering_later(*inputs: Any, **settings: Any) -> Any:
            with no_grad():
                return await function(*inputs, **settings)

        return without_remembering_later if inspect.iscoroutinefunction(function) else without_remembering  # type: ignore[return-value]


begun = no_grad.begun.get
"""The blocks that were begun in this thread or task: none nearly always, and asking is all that an operation pays then."""


def is_recording() -> bool:
    """Whether results remember how they were computed."""
    blocks = begun()
    if not blocks:
        return True
    latest = blocks[-1]()  # asked by every operation, so the usual cases come first
    return not (latest is not None and latest._is_owned()) and not no_grad.running()
