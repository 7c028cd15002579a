"""A shape as somebody types it: read as soon as it is one, and what is missing where it is none."""

from __future__ import annotations

from math import prod

from dlcourse.widgets.tensors.broadcast.numbers import LARGEST, LONGEST, MOST
from dlcourse.widgets.tensors.guessing import Shape

__all__ = ["LETTERS", "LONGEST_TEXT", "read"]

LETTERS = "0123456789,()[] .-+*:=abcdefghijklmnopqrstuvwxyz"
"""All that a field takes: also what is no part of a shape, so that it can be told."""
LONGEST_TEXT = 32


def read(text: str) -> tuple[Shape | None, str]:
    """The shape that a text says, and what is wrong with it; neither while the first number is still to come.

    Examples
    --------
    >>> read("5, 1, 2"), read("(6,"), read("()"), read("(")
    (((5, 1, 2), ''), ((6,), ''), ((), ''), (None, ''))
    >>> read("4 x 1")[1]
    '“4 x 1” is no shape: “4 x 1” is no whole number. Write sizes with commas between them, such as 4, 1.'
    """
    inner = text.strip()
    if inner in ("()", "[]"):
        return (), ""
    if inner[:1] in ("(", "["):
        inner = inner[1:].removesuffix(")").removesuffix("]")
    parts = [part.strip() for part in inner.split(",")]
    if parts[-1] == "":
        parts.pop()
    if not parts:
        return None, "" if "," not in text else f"“{text.strip()}” is no shape: no number stands before the comma."
    trouble = _trouble(parts)
    if trouble:
        return None, f"“{text.strip()}” is no shape: {trouble}"
    return tuple(int(part) for part in parts), ""


def _trouble(parts: list[str]) -> str:
    """What keeps these from being the sizes of a shape that can be shown."""
    for part in parts:
        if part == "":
            return "between two commas stands nothing. Each axis has a size."
        if part.startswith("-") and part[1:].isdigit():
            return f"a size is never negative; {part} asks for “as many as are left” in reshape, and only there."
        if not part.isdigit():
            return f"“{part}” is no whole number. Write sizes with commas between them, such as 4, 1."
        if int(part) == 0:
            return "an axis of size 0 has no numbers in it. NumPy takes it; here sizes begin at 1."
        if int(part) > LONGEST:
            return f"{part} is too long to be shown here; sizes go up to {LONGEST}."
    if len(parts) > MOST:
        return f"it has {len(parts)} axes, and {MOST} is the most that is shown here."
    total = prod(int(part) for part in parts)
    return f"{total:,} numbers are more than the {LARGEST:,} that are shown here." if total > LARGEST else ""
