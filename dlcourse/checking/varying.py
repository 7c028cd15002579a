"""What of an exercise may be another number: neighbours who have different ones compare ideas and not digits."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Varies"]


@dataclass(frozen=True, kw_only=True)
class Varies:
    """One number of an exercise that a variant has otherwise.

    Parameters
    ----------
    what : str
        What the number is, as in "the factor before the mean".
    given : str
        As the exercise has it.
    others : sequence of tuples of str
        The numbers that a variant may have, each with whatever else the text needs of it, as half of it. The first one is
        the number as it is told to the learner.
    pieces : tuple of pairs of str
        A piece of text, and what takes its place, with {0}, {1} … for the entries of the tuple. Replaced in the solution,
        its docstring, the stub, the hints and the wrong answers, wherever it occurs.
    inputs : callable, optional
        (case, number) -> case, where the inputs hold the number as well.
    """

    what: str
    given: str
    others: Sequence[tuple[str, ...]]
    pieces: tuple[tuple[str, str], ...]
    inputs: Callable[[tuple[Any, ...], str], tuple[Any, ...]] | None = None

    def chosen(self, key: str) -> tuple[str, ...]:
        """One of the others, always the same for a key.

        Examples
        --------
        >>> varies = Varies(what="the factor", given="1", others=(("3",), ("5",)), pieces=(("a mean", "{0} · a mean"),))
        >>> varies.chosen("7 gradient") == varies.chosen("7 gradient")
        True
        """
        return self.others[zlib.crc32(f"{key} {self.what}".encode()) % len(self.others)]

    def put(self, text: str, number: tuple[str, ...]) -> str:
        """A text with another number.

        Examples
        --------
        >>> varies = Varies(what="the factor", given="1", others=(("3",), ("5",)), pieces=(("a mean", "{0} · a mean"),))
        >>> varies.put("error = a mean", ("3",))
        'error = 3 · a mean'
        """
        for old, new in self.pieces:
            for i, entry in enumerate(number):
                new = new.replace(f"{{{i}}}", entry)
            text = text.replace(old, new)
        return text

    def left(self, code: str, solution: str) -> bool:
        """Whether a piece that the solution has is missing in a code: its hint may not be true of another number."""
        return any(old in solution and old not in code for old, _ in self.pieces)
