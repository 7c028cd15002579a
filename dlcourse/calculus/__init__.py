"""Tools that look at derivatives: checks and matrices of them, and the sum over paths, which loads when asked for."""

import importlib
from typing import TYPE_CHECKING, Any

from dlcourse.calculus.derivatives import gradcheck, gradient, hessian, hessian_vector_product, jacobian
from dlcourse.errors import UnknownNameError, closest

if TYPE_CHECKING:
    from dlcourse.calculus.sum_over_paths import Link, PathSum, Work, links, paths, work

__all__ = [
    "Link",
    "PathSum",
    "Work",
    "gradcheck",
    "gradient",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "links",
    "paths",
    "work",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("dlcourse.calculus.sum_over_paths"), name)
    if name.startswith("_"):
        raise AttributeError(name)
    meant = closest(name, __all__)
    hint = f"Did you mean {meant!r}?" if meant else "dir(dl.calculus) lists what there is."
    raise UnknownNameError(f"dl.calculus has no {name!r}. {hint}")
