"""Widgets: one module a lesson, from state to result, picture, sentence and code.

`dlcourse.widgets.ALL` is the tuple of all of them, and each can be imported from here by its name:
``from dlcourse.widgets import NeuronExplorer``. Matplotlib and Jupyter load when the first one is asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .widget import Widget

    ALL: tuple[type[Widget], ...]

_MACHINERY = {"widget", "style", "lettering", "picture", "play", "progress", "shell"}


def _discover() -> tuple[type[Widget], ...]:
    """The widget classes of all lesson modules, by module and name."""
    from .widget import Widget

    found: list[type[Widget]] = []
    for module in sorted(item.name for item in pkgutil.iter_modules(__path__)):
        if module in _MACHINERY or module.startswith("_"):
            continue
        names = vars(importlib.import_module(f"{__name__}.{module}"))
        found += [
            value
            for _, value in sorted(names.items())
            if isinstance(value, type)
            and issubclass(value, Widget)
            and value.__module__ == f"{__name__}.{module}"
            and not value.__name__.startswith("_")
        ]
    return tuple(found)


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name == "ALL":
        return _discover()
    if name in {item.name for item in pkgutil.iter_modules(__path__)}:  # `from dlcourse.widgets import style`
        return importlib.import_module(f"{__name__}.{name}")
    if name in {"Pointer", "Predict", "Widget"}:
        return getattr(importlib.import_module(".widget", __name__), name)
    if name == "picture_png":
        return importlib.import_module(".picture", __name__).picture_png
    for widget in _discover():
        if widget.__name__ == name:
            return widget
    raise AttributeError(f"dlcourse.widgets has no {name!r}. There are: {', '.join(w.__name__ for w in _discover())}.")
