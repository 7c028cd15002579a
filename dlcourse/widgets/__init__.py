"""Widgets: one module a lesson, from state to result, picture, sentence and code.

`dlcourse.widgets.ALL` is the tuple of all of them, and each can be imported from here by its name:
``from dlcourse.widgets import NeuronExplorer``. Matplotlib and Jupyter load when the first one is asked for.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .widget import Widget

    ALL: tuple[type[Widget], ...]

_MACHINERY = {"widget", "style", "lettering", "numerals", "picture", "play", "progress", "shell", "sprites"}
_PARTS = {"Pointer": "widget", "Predict": "widget", "Widget": "widget", "picture_png": "picture"}
"""What one needs for a widget of one's own, and the module that has it."""


def _lessons() -> list[str]:
    """Names of the modules that may hold widgets."""
    names = sorted(item.name for item in pkgutil.iter_modules(__path__))
    return [name for name in names if name not in _MACHINERY and not name.startswith("_")]


@functools.cache
def _homes() -> dict[str, str]:
    """The module of each widget, by module and name. Read, not imported: one lesson's widget loads no other lesson's."""
    found: dict[str, str] = {}
    for module in _lessons():
        text = (Path(__file__).parent / f"{module}.py").read_text("utf-8")
        found |= dict.fromkeys(sorted(re.findall(r"^class ([A-Z]\w*)\(Widget\):", text, re.MULTILINE)), module)
    return found


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return [*_homes(), *_PARTS, "ALL"]
    if name.startswith("_"):
        raise AttributeError(name)
    if name == "ALL":
        return tuple(__getattr__(widget) for widget in _homes())
    if name in {item.name for item in pkgutil.iter_modules(__path__)}:  # `from dlcourse.widgets import style`
        return importlib.import_module(f"{__name__}.{name}")
    home = (_PARTS | _homes()).get(name)
    if home is None:
        raise AttributeError(f"dlcourse.widgets has no {name!r}. There are: {', '.join(_homes())}.")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_homes(), *_PARTS, "ALL"])
