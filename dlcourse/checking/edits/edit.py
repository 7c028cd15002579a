"""A change of a program's tree that can be made and taken back, and several of one kind made at once."""

from __future__ import annotations

import ast
import contextlib
import copy
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Edit", "Scope", "everywhere", "located", "numpy_call"]


@dataclass
class Edit:
    """One change: its kind, what stood there and what stands there now, and what to set for it.

    `sets` holds a node and the name of a field, or a list and a place in it, each with the new content. `tag` says which
    changes of this kind are alike, and `places` at how many places it is made.
    """

    kind: str
    old: ast.AST
    new: ast.AST
    line: int
    owner: str
    sets: list[tuple[Any, str | int, Any]] = field(default_factory=list)
    tag: str = ""
    places: int = 1

    @contextlib.contextmanager
    def applied(self) -> Iterator[None]:
        """The tree with this change in it; afterwards it is as it was."""
        before = [(holder, key, _get(holder, key)) for holder, key, _ in self.sets]
        for holder, key, value in self.sets:
            _set(holder, key, value)
        try:
            yield
        finally:
            for holder, key, value in reversed(before):
                _set(holder, key, value)


def _get(holder: Any, key: str | int) -> Any:
    return getattr(holder, key) if isinstance(key, str) else holder[key]


def _set(holder: Any, key: str | int, value: Any) -> None:
    if isinstance(key, str):
        setattr(holder, key, value)
    else:
        holder[key] = value


@dataclass(frozen=True)
class Scope:
    """The names that a function has, the indices that occur in it, and whether it measures angles."""

    names: tuple[str, ...]
    indices: tuple[ast.expr, ...]
    angles: bool

    @staticmethod
    def of(function: ast.FunctionDef) -> Scope:
        """Collect them from the function's tree."""
        arguments = [a.arg for a in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
        stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        indices = {
            ast.unparse(n.slice): copy.deepcopy(n.slice)  # a tree that held itself would have no end
            for n in ast.walk(function)
            if isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Constant)
        }
        angles = any(isinstance(n, ast.Attribute) and n.attr in _OF_ANGLES for n in ast.walk(function))
        return Scope(tuple(dict.fromkeys([*arguments, *stored])), tuple(indices.values()), angles)


_OF_ANGLES = {"sin", "cos", "tan", "radians", "degrees", "deg2rad", "rad2deg", "pi"}


def located(new: ast.AST, old: ast.AST) -> Any:
    """Give a new node, and all in it that has none, the place of the old one."""
    if not hasattr(new, "lineno"):
        ast.copy_location(new, old)
    return ast.fix_missing_locations(new)


def numpy_call(name: str, *args: ast.expr) -> ast.Call:
    """The call np.name(…)."""
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(args), [])


# Slips that one makes in two lines alike, as in the loops over rows and over columns.
_ALIKE = {
    "range", "transposed", "axis", "assign", "function", "order", "product", "keyword", "sign", "one", "number", "name", "minus",
    "maximum", "subscript", "index", "slice", "square", "whole", "compare", "close", "return", "call", "divisor", "exchange",
}  # fmt: skip

# And those of them that one makes in two of three lines alike.
_IN_PAIRS = {"range", "transposed", "axis", "assign", "order", "product", "keyword", "sign", "name", "maximum", "subscript", "index", "slice", "compare", "return", "exchange"}  # fmt: skip


def everywhere(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Alike changes made at all their places at once, and at two of them."""
    groups: dict[tuple[str, str, str], list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.kind in _ALIKE and edit.tag:
            groups[edit.owner, edit.kind, edit.tag].append(edit)
    for group in groups.values():
        if 2 <= len(group) <= 8:
            inside = {id(edit): {id(node) for node in ast.walk(edit.old)} for edit in group}
            yield from _several(group, inside)
            if 2 < len(group) <= 6 and group[0].kind in _IN_PAIRS:
                for pair in itertools.combinations(group, 2):
                    yield from _several(pair, inside)


def _several(group: Sequence[Edit], inside: dict[int, set[int]]) -> Iterator[Edit]:
    """All of them at once, if none is made inside of another; `inside` holds what each replaces."""
    if not any(id(b.old) in inside[id(a)] for a in group for b in group if a is not b):
        first = min(group, key=lambda edit: edit.line)
        sets = [each for edit in group for each in edit.sets]
        yield Edit(first.kind, first.old, first.new, first.line, first.owner, sets, first.tag, len(group))
