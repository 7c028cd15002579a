"""The code that *Code* shows is the code that ran: the source of a function, as one would type it into a cell.

What a widget computes by a function of its own, it shows by one of these three, and nothing is written twice. Code is
written anew at every move of a slider, so what was asked for lately is kept: values are of kinds that can be hashed.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

__all__ = ["inlined", "plain_source", "returned"]

Cut = tuple[int, int, str]
"""From one byte of the source to another, and what stands there instead."""


def plain_source(function: Callable[..., Any]) -> str:
    """A function without its types and its docstring. Of a `partial`, the function inside.

    Examples
    --------
    >>> def double(x: float, times: int) -> float:
    ...     return x * 2**times
    >>> print(plain_source(double), end="")
    def double(x, times):
        return x * 2**times
    """
    return _plain(function.func if isinstance(function, partial) else function)


@lru_cache(maxsize=64)
def _plain(function: Callable[..., Any]) -> str:
    source = _Source(function)
    return source.text(0, len(source.code), [*source.types(), *source.docstring()])


@lru_cache(maxsize=256, typed=True)
def inlined(function: Callable[..., Any], result: str, **values: Any) -> str:
    """The body of a function as lines of a script: its arguments are these values, and `result` is what it returns.

    Examples
    --------
    >>> def line(n, noise, rng):
    ...     x = np.arange(n)
    ...     return x, 2 * x + noise * rng.normal(size=n)
    >>> print(inlined(line, "x, y", n=20, noise=0.1), end="")
    x = np.arange(20)
    x, y = x, 2 * x + 0.1 * rng.normal(size=20)
    """
    source = _Source(function)
    cuts = [*source.names(values), *source.docstring()]
    *_, last = source.tree.body
    if isinstance(last, ast.Return) and last.value is not None:
        start, end = source.at(last.lineno, last.col_offset), source.span(last.value)[0]
        if source.text(*source.span(last.value), cuts) == result:
            cuts.append((start, source.span(last)[1], ""))  # it returns what has these names already
        else:
            cuts.append((start, end, f"{result} = "))
    first = source.at(source.tree.body[0].lineno, 0)
    return textwrap.dedent(source.text(first, len(source.code), cuts)).strip() + "\n"


@lru_cache(maxsize=256, typed=True)
def returned(function: Callable[..., Any], **values: Any) -> str:
    """What a function of one line returns, with these values for its arguments.

    Examples
    --------
    >>> def square(x, offset):
    ...     return (x - offset) ** 2
    >>> returned(square, offset=3)
    '(x - 3) ** 2'
    """
    source = _Source(function)
    last = source.tree.body[-1]
    assert isinstance(last, ast.Return) and last.value is not None
    return source.text(*source.span(last.value), [*source.names(values)])


class _Source:
    """A function's source, its tree, and places in it; as bytes, as that is how a tree counts columns."""

    def __init__(self, function: Callable[..., Any]) -> None:
        text = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(text).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self.code, self.tree = text.encode(), tree
        self.starts = [0]
        for line in self.code.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def span(self, node: Any) -> tuple[int, int]:
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, start: int, end: int, cuts: list[Cut]) -> str:
        """The source from one byte to another, with what the cuts put in."""
        pieces, here = [], start
        for left, right, new in sorted(cuts):
            if start <= left and right <= end:
                pieces += [self.code[here:left], new.encode()]
                here = right
        return b"".join([*pieces, self.code[here:end]]).decode()

    def types(self) -> Iterator[Cut]:
        """Without the annotations of arguments and results."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.arg) and node.annotation is not None:
                start = self.span(node)[0] + len(node.arg.encode())
                yield start, self.span(node.annotation)[1], ""
            elif isinstance(node, ast.FunctionDef) and node.returns is not None:
                start, end = self.span(node.returns)
                yield self.code.rindex(b")", 0, start) + 1, end, ""

    def docstring(self) -> Iterator[Cut]:
        """Without the docstring, where there is one."""
        if ast.get_docstring(self.tree) is not None:
            first, second = self.tree.body[:2]
            yield self.at(first.lineno, 0), self.at(second.lineno, 0), ""

    def names(self, values: dict[str, Any]) -> Iterator[Cut]:
        """With values for names."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and node.id in values:
                yield *self.span(node), repr(values[node.id])
