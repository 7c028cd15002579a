"""What a layer adds to a program, and the few lines that all targets write alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dlcourse.translation.activations import ACTIVATIONS
from dlcourse.translation.plan import Shape, Step

__all__ = ["Line", "Part", "activation", "example", "listed", "noted", "one_or_pair", "settings", "within"]

# The place of the layer a line belongs to, such as "2", or None; and the line.
Line = tuple[str | None, str]


@dataclass(frozen=True)
class Part:
    """Lines that make a layer, call it and give it its weights; and the names of helpers they need."""

    call: tuple[str, ...]
    make: tuple[str, ...] = ()
    load: tuple[str, ...] = ()
    helper: str = ""


def noted(line: str, note: str = "") -> str:
    """A line with a note behind it, unless it has one."""
    return f"{line}  # {note}" if note and "  # " not in line else line


def within(line: str, width: int = 120) -> list[str]:
    """The line; where it is too long, its note before it."""
    code, mark, note = line.partition("  # ")
    if len(line) <= width or not mark:
        return [line]
    return [f"{code[: len(code) - len(code.lstrip())]}# {note}", code]


def activation(step: Step, target: str) -> Part:
    """An activation is one line in every target."""
    template = getattr(ACTIVATIONS[step.layer], target)
    values = [repr(value) for value in step.settings.values()]
    return Part((f"x = {template.format(*values)}",))


def settings(**values: Any) -> str:
    """Settings as they stand in a call; those that are None are left out."""
    return "".join(f", {name}={value!r}" for name, value in values.items() if value is not None).replace("'", '"')


def one_or_pair(pair: tuple[int, ...], usual: int = 0) -> Any:
    """(3, 3) as it is, and nothing at all where both are the usual."""
    return None if set(pair) == {usual} else pair


def listed(shape: Shape, last: Any = None) -> str:
    """Sizes with commas: (3, 3, 8) as "3, 3, 8"."""
    return ", ".join(str(size) for size in (*shape, last) if size is not None)


def example(shape: Shape) -> str:
    """The shape of a batch: (8, 8, 1) as "(N, 8, 8, 1)"."""
    return f"({', '.join(['N', *map(str, shape)])})" if shape else "(N,)"
