"""A program as it stands in a picture: narrow, with the lines of one layer lit, and as many of the others as have room."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from functools import lru_cache

from dlcourse.translation.parts import Line
from dlcourse.widgets.beyond.numbers import is_of

__all__ = ["GAP", "ROOM", "WIDTH", "Shown", "kept", "listing", "shown", "wrapped"]

ROOM = {False: 35, True: 26}
"""Lines that have room, in a wide picture with three programs and in a narrow one with one."""
WIDTH = {False: 35, True: 47}
"""Letters in a line of a program."""

Shown = tuple[str, int | None, bool]
"""A line, the layer it belongs to, and whether it is lit."""

GAP: Shown = ("…", None, False)
"""Stands for lines that are left out."""


def listing(program: Sequence[Line], layer: int, room: int, width: int) -> list[Shown]:
    """The lines of a program from where the network begins.

    Parameters
    ----------
    program : sequence of (place, line)
    layer : int
        The one that is lit. Its lines are whole, with their notes above them where they are long.
    room : int
        So many lines at most. Where there are more, those of the other layers are left out first, then the frame.
    width : int
        Letters in a line.
    """
    lines = [shown(line, layer, width) for line in program[_begin(program) :] if '"""' not in line[1]]
    keeps: tuple[Callable[[Shown], bool], ...] = (
        lambda line: True,
        lambda line: line[2] or line[1] is None,
        lambda line: line[2],
    )
    left: list[Shown] = []
    for keep in keeps:
        left = kept(lines, keep)
        if len(left) <= room:
            return left
    return [*left[: room - 1], GAP]


def shown(line: Line, layer: int, width: int) -> list[Shown]:
    """The pieces of a line, with whose it is; none of an empty one."""
    place, code = line
    owner, lit = None if place is None else int(place.split(".")[0] or 0), is_of(place, layer)
    return [(piece, owner, lit) for piece in _wrapped(code, width, lit)] if code.strip() else []


@lru_cache(maxsize=1024)
def _wrapped(code: str, width: int, noted: bool) -> tuple[str, ...]:
    return tuple(wrapped(code, width, noted=noted))


def _begin(program: Sequence[Line]) -> int:
    """Behind imports and helpers."""
    return next(i for i, (_, line) in enumerate(program) if line.startswith(("class Network", "def network")))


def kept(lines: Sequence[list[Shown]], keep: Callable[[Shown], bool], *, after_gap: bool = False) -> list[Shown]:
    """The lines that are kept, and one "…" for those in a row that are not."""
    left: list[Shown] = [GAP] if after_gap else []
    for pieces in lines:
        if pieces and keep(pieces[0]):
            left += pieces
        elif pieces and (not left or left[-1] != GAP):
            left.append(GAP)
    return left[after_gap:]


def wrapped(line: str, width: int, *, noted: bool = True) -> list[str]:
    """A line with half its indent, broken where it is too long; a note that has no room stands above, or is left out.

    Examples
    --------
    >>> wrapped("        x = self.layer1(x)  # as here", 30)
    ['    # as here', '    x = self.layer1(x)']
    >>> wrapped("    x = self.layer1(self.layer2(x))", 24)
    ['  x = self.layer1(', '      self.layer2(x))']
    """
    start = len(line) - len(line.lstrip())
    indent = " " * (start // 2)
    code, mark, note = ("", "  # ", line.lstrip(" #")) if line[start] == "#" else line[start:].partition("  # ")
    whole = f"{indent}{code}{mark}{note}"
    if code and len(whole) <= width:
        return [whole]
    above = _note(f"{indent}# {note}", indent + "# ", width) if noted and note else []
    return [*above, *(_broken(indent + code, indent + "    ", width) if code else [])]


def _note(text: str, before: str, width: int) -> list[str]:
    pieces = textwrap.wrap(text.strip("# "), width - len(before))
    return [before + piece for piece in pieces]


def _broken(code: str, before: str, width: int) -> list[str]:
    """Pieces of at most this width, the later ones behind `before`; texts in quotation marks stay whole."""
    pieces = []
    while len(code) > width:
        at = _cut(code, len(before), width)
        pieces.append(code[:at].rstrip())
        code = before + code[at:].lstrip()
    return [*pieces, code]


def _cut(code: str, indent: int, width: int) -> int:
    """Where to break a line: outside of brackets if that can be, else behind the one that the rest of them fits behind."""
    good, possible = _places(code, indent, width)
    room = width - indent
    fits = [place for place in good if len(code[place[1] :].lstrip()) <= room]
    places = fits or good
    if not places:
        return possible[-1] if possible else width
    depth = min(depth for depth, _ in places)
    at = [i for found_depth, i in places if found_depth == depth]
    return at[0] if fits and depth and code[at[0] - 1] == "(" else at[-1]


def _places(code: str, indent: int, width: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Good places to break a line, each behind how many brackets it lies; and all possible ones."""
    good: list[tuple[int, int]] = []
    possible: list[int] = []
    depth, quoted = 0, False
    start = len(code) - len(code.lstrip())
    for i, letter in enumerate(code[: width + 1]):
        quoted ^= letter == '"'
        if quoted:
            continue
        depth += (letter in "([{") - (letter in ")]}")
        if i <= max(indent, start):
            continue
        possible += [i] * (letter in " .") + [i + 1] * (letter in "([" and i < width)
        if i < start + 0.2 * (width - start):
            continue
        if (
            letter == " "
            and code[i - 1] not in "=+-*/@"
            and not (depth == 0 and code[i + 1] == "=")
            or letter == "."
            and code[i - 1] in ")]"
        ):
            good.append((depth, i))
        elif letter == "(" and i < width:
            good.append((depth, i + 1))
    return good, possible
