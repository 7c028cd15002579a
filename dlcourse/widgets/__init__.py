"""Widgets: one module a lesson, from state to result, picture, sentence and code.

`dlcourse.widgets.ALL` is the tuple of all of them, and each can be imported from here by its name:
``from dlcourse.widgets import NeuronExplorer``. Matplotlib and Jupyter load when the first one is asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .widget import Widget

    ALL: tuple[type[Widget], ...]

_MACHINERY = {"widget", "style", "lettering", "picture", "play", "progress", "shell"}


def _lessons() -> list[str]:
    """Names of the modules that may hold widgets."""
    names = sorted(item.name for item in pkgutil.iter_modules(__path__))
    return [name for name in names if name not in _MACHINERY and not name.startswith("_")]


def _discover() -> tuple[type[Widget], ...]:
    """The widget classes of all lesson modules, by module and name."""
    from .widget import Widget

    found: list[type[Widget]] = []
    for module in _lessons():
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
    for module in _lessons():
        # Read, not imported: one lesson's widget loads no other lesson's.
        if re.search(rf"^class {name}\(", (Path(__file__).parent / f"{module}.py").read_text("utf-8"), re.MULTILINE):
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"dlcourse.widgets has no {name!r}. There are: {', '.join(w.__name__ for w in _discover())}.")
