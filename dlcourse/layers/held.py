"""What a module holds: parameters and other modules, and what would be learned if it were held differently."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from dlcourse.errors import WrongTypeError
from dlcourse.tensor import Parameter, Tensor

__all__ = ["Held"]


class Held:
    """Parameters and modules within a module, each once, with their names, however deep in lists and dictionaries.

    Attributes
    ----------
    parameters, modules : list of (str, object)
    """

    def __init__(self, module: Any, kind: type) -> None:
        self.module, self.kind = module, kind
        self.parameters: list[tuple[str, Parameter]] = []
        self.modules: list[tuple[str, Any]] = []
        self.doubtful: list[tuple[str, Any]] = []
        self._known = {id(module)}
        self._search(module.members(), "")

    def _search(self, members: Mapping[Any, Any], prefix: str) -> None:
        for name, value in members.items():
            if type(value) in PLAIN:
                continue
            place = f"{prefix}{name}"
            if isinstance(value, Parameter):
                if self._is_new(value):
                    self.parameters.append((place, value))
            elif isinstance(value, self.kind):
                if self._is_new(value):
                    self.modules.append((place, value))
                    self._search(value.members(), f"{place}.")  # type: ignore[attr-defined]
            elif isinstance(value, dict):
                self._search(value, f"{place}.")
            elif isinstance(value, (list, tuple)):
                self._search(dict(enumerate(value)), f"{place}.")
            else:
                self.doubtful.append((place, value))

    def _is_new(self, value: Any) -> bool:
        new = id(value) not in self._known
        self._known.add(id(value))
        return new

    def check(self) -> None:
        """Raise an error if something is held that a learner must think is learned, and is not.

        Raises
        ------
        WrongTypeError
            It says what it is, and how to hold it.
        """
        for place, value in self.doubtful:
            if _asks_for_a_gradient(value):
                raise WrongTypeError(
                    f"{type(self.module).__name__}: {place} is a Tensor that asks for a gradient, and only a Parameter is learned and saved. "
                    "Make it one: dl.Parameter(...). If it should stay as it is, leave requires_grad out."
                )
            if any(self._is_missed(part) for part in _inside(value)):
                what = type(value).__name__
                advice = f"Write class {what}(dl.Module)." if hasattr(value, "__dict__") else "Hold them in a list."
                if isinstance(value, (MethodType, partial)):
                    advice = "Hold the layer itself as an attribute, and call it in forward."
                raise WrongTypeError(
                    f"{type(self.module).__name__}: {place} is a {what} that holds parameters or layers, where they are not looked for: they would "
                    f"not be learned. {advice}"
                )

    def _is_missed(self, part: Any) -> bool:
        learnable = isinstance(part, self.kind) or _asks_for_a_gradient(part)
        return learnable and id(part) not in self._known


# Most of what layers hold, and nothing to look into.
PLAIN = frozenset({int, bool, float, str, type(None), FunctionType, type})


def _asks_for_a_gradient(value: Any) -> bool:
    """Whether it is a leaf, a parameter or one that should be."""
    return isinstance(value, Tensor) and value.requires_grad and not value.parents


def _inside(value: Any) -> list[Any]:
    """What an object holds that is neither a module nor a list."""
    if isinstance(value, (set, frozenset, deque)):
        return list(value)
    if isinstance(value, np.ndarray):
        return value.ravel().tolist() if value.dtype == object else []
    if isinstance(value, MethodType):
        return [value.__self__]
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    return list(vars(value).values()) if callable(value) and hasattr(value, "__dict__") else []
