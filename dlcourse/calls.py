"""Calls that Python refuses: a setting that does not exist, an argument that is missing. What to say then.

Python's own message names the library's internals, such as `Optimizer.__init__()`, and know nothing of learning rates.
A call that is right costs nothing here: all the work is done after Python has refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from dlcourse.errors import WrongTypeError, closest, counted, joined

__all__ = ["call_user_function", "explain", "explained", "explains_its_settings", "is_signature_error"]

F = TypeVar("F", bound=Callable[..., Any])

# What other libraries call a setting, and what it is called here.
ELSEWHERE = {
    "learning_rate": "lr",
    "dim": "axis",
    "seed": "rng",
    "random_state": "rng",
    "kernel_size": "kernel",
    "label_smoothing": "smoothing",
    "units": "outputs",
}


def is_signature_error(error: TypeError) -> bool:
    """Whether the call itself was refused, and nothing of the called function ran: call this where it was called."""
    return error.__traceback__ is None or error.__traceback__.tb_next is None


def explained(function: F) -> F:
    """Make a function say in the course's words what is wrong with a call of it.

    Examples
    --------
    >>> @explained
    ... def train(model, *, lr): ...
    >>> train("model", learning_rate=0.1)
    Traceback (most recent call last):
    dlcourse.errors.WrongTypeError: train: there is no setting 'learning_rate'. Did you mean 'lr'?
    """

    @wraps(function)
    def call(*inputs: Any, **settings: Any) -> Any:
        try:
            return function(*inputs, **settings)
        except TypeError as error:
            if not is_signature_error(error):
                raise
            name = type(inputs[0]).__name__ if function.__name__ == "__init__" else function.__name__
            raise WrongTypeError(explain(name, function, inputs, settings)) from None

    return call  # type: ignore[return-value]


def explains_its_settings(kind: type) -> None:
    """Do the same for the constructor of a class, if it has one of its own."""
    if "__init__" in vars(kind):
        kind.__init__ = explained(vars(kind)["__init__"])  # type: ignore[misc]


def call_user_function(owner: str, usage: str, function: Callable[..., Any], *inputs: Any, **settings: Any) -> Any:
    """Call a function that the learner passed; if it takes other arguments, say how it is used.

    Examples
    --------
    >>> call_user_function("fit", "The loss is called as loss(prediction, truth).", lambda prediction: 0.0, 1, 2)
    Traceback (most recent call last):
    dlcourse.errors.WrongTypeError: fit: The loss is called as loss(prediction, truth). The function given takes (prediction).
    """
    try:
        return function(*inputs, **settings)
    except TypeError as error:
        try:
            takes = f"({joined(inspect.signature(function).parameters)})"
        except (TypeError, ValueError):  # written in C: Python cannot say what it takes
            takes = ""
        if not takes or not is_signature_error(error):
            raise
        raise WrongTypeError(f"{owner}: {usage} The function given takes {takes}.") from None


def explain(name: str, function: Callable[..., Any], inputs: tuple[Any, ...], settings: dict[str, Any]) -> str:
    """What is wrong with this call."""
    places, named, needed = _taken(function, inputs)
    strangers = [key for key in settings if key not in places + named]
    if strangers:
        return f"{name}: there is no setting {strangers[0]!r}. {_meant(strangers[0], places + named)}"
    given = inputs[1:] if _is_method(function) else inputs
    if len(given) > len(places) and not _takes_any_number(function):
        taken = f"({joined(places)})" if places else "nothing"
        by_name = f" By name: {joined(named)}." if named else ""
        return f"{name}: {counted(len(given), 'value')} came by position, and it takes {taken} that way.{by_name}"
    filled = places[: len(given)]
    for key in settings:
        if key in filled:
            return f"{name}: {key} came twice, by position and by name."
    missing = [key for key in needed if key not in settings and key not in filled]
    hint = " rng=np.random.default_rng(0) makes one. Same seed, same numbers." if missing == ["rng"] else ""
    return f"{name}: {joined(missing)} {'is' if len(missing) == 1 else 'are'} missing.{hint or f' It takes {joined(places + named)}.'}"


def _meant(stranger: str, known: list[str]) -> str:
    elsewhere = ELSEWHERE.get(stranger, "")
    meant = elsewhere if elsewhere in known else closest(stranger, known)
    if meant:
        return f"Did you mean {meant!r}?"
    return f"It has {joined(known)}." if known else "It has none."


def _takes_any_number(function: Callable[..., Any]) -> bool:
    return any(p.kind is p.VAR_POSITIONAL for p in inspect.signature(function).parameters.values())


def _is_method(function: Callable[..., Any]) -> bool:
    return next(iter(inspect.signature(function).parameters), "") == "self"


def _taken(function: Callable[..., Any], inputs: tuple[Any, ...]) -> tuple[list[str], list[str], list[str]]:
    """Names that a function takes by position, by name only, and those it cannot do without.

    A constructor that passes settings on, to that of its base class, takes those too.
    """
    chain = [function]
    if function.__name__ == "__init__":
        chain = [vars(kind)["__init__"] for kind in type(inputs[0]).__mro__[:-1] if "__init__" in vars(kind)]
    places: list[str] = []
    named: list[str] = []
    needed: list[str] = []
    for level in chain:
        parameters = list(inspect.signature(level).parameters.values())
        for parameter in parameters:
            if parameter.name == "self" or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            by_name = parameter.kind is parameter.KEYWORD_ONLY or level is not chain[0]
            if parameter.name not in places + named:
                (named if by_name else places).append(parameter.name)
                if parameter.default is parameter.empty and (
                    level is chain[0] or parameter.kind is parameter.KEYWORD_ONLY
                ):
                    needed.append(parameter.name)
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            break
    return places, named, needed
