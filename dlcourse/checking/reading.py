"""Read the code of an answer: its source where Python still has it, the names it takes from outside, what it never uses."""

from __future__ import annotations

import ast
import dis
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from dlcourse.checking.quiet import QUIET
from dlcourse.checking.running import code_of

__all__ = ["Source", "early_return", "outside_data", "read", "remember", "unused"]

# An answer that uses these does more than calculate, and is not run again with changes.
_TOUCHES = {"open", "input", "exec", "eval", "exit", "quit", "os", "sys", "subprocess", "shutil", "Path", "requests", "global", "setattr"}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """An answer as a tree: the function and the learner's own functions that it calls, with the lines of their file."""

    tree: ast.Module
    name: str
    space: dict[str, Any]
    files: dict[str, str]

    def function(self) -> Callable[..., Any]:
        """Make the function of the tree as it is now."""
        space: dict[str, Any] = {name: QUIET if value is np else value for name, value in self.space.items()}
        exec(compile(self.tree, self.files[self.name], "exec"), space)
        made: Callable[..., Any] = space[self.name]
        return made

    def line(self, owner: str, number: int) -> str:
        """Where to look: the number of a line and its text, and the function where it is another than the answer."""
        text = linecache.getline(self.files[owner], number).strip()
        inside = f" of {owner}" if owner != self.name else ""
        return f"in line {number}{inside}: {text}" if text else f"in line {number}{inside}"


def remember(filename: str, code: str) -> None:
    """Let Python find the source of code that stands in no file."""
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)


def read(function: object) -> Source | None:
    """The source of an answer, or None where it is not to be had or not to be run again."""
    own = _function(function)
    if own is None:
        return None
    try:
        trees = [(each, _tree(each)) for each in [own, *_helpers(own)]]
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return None
    if trees[0][1] is None:
        return None
    body: list[ast.stmt] = [tree for _, tree in reversed(trees) if tree is not None]
    if any(_touches(node) for tree in body for node in ast.walk(tree)):
        return None
    space = dict(own.__globals__)
    for each, _ in trees:
        space.update(_closure(each))
    definition = trees[0][1]
    files = {tree.name: each.__code__.co_filename for each, tree in trees if tree is not None}
    return Source(ast.Module(body, []), definition.name, space, files)


def early_return(source: Source) -> int | None:
    """The line of a return that ends a loop in its first round, whatever happens there, or None."""
    for loop in (node for tree in source.tree.body for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)):
        last = loop.body[-1]
        goes_on = any(isinstance(node, ast.Continue) for node in ast.walk(loop))
        if isinstance(last, ast.Return) and not goes_on:
            return last.lineno
    return None


def _function(function: object) -> FunctionType | None:
    code = code_of(function)
    while function is not None and not isinstance(function, FunctionType):
        function = getattr(function, "func", None) or getattr(function, "__wrapped__", None)
    return function if isinstance(function, FunctionType) and function.__code__ is code else None


def _closure(function: FunctionType) -> dict[str, Any]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if _filled(cell)}


def _filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


def _tree(function: FunctionType) -> ast.FunctionDef | None:
    """The definition, with line numbers as in its file; a lambda becomes a function with one return."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    definition: ast.FunctionDef | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__ and definition is None:
            definition = node
            definition.decorator_list = []
        if isinstance(node, ast.Lambda) and function.__name__ == "<lambda>" and _is(node, function.__code__):
            result = ast.Return(node.body)
            definition = ast.FunctionDef("answer", node.args, [result], [], None)
            definition = ast.copy_location(definition, node)
            ast.copy_location(result, node.body)
    if definition is not None:
        if "type_params" in definition._fields:  # Python 3.12 insists on it
            setattr(definition, "type_params", getattr(definition, "type_params", []))  # noqa: B010
        ast.fix_missing_locations(definition)
    return definition


def _is(node: ast.Lambda, code: CodeType) -> bool:
    """Whether a lambda of the source is the one that was compiled to this code."""
    made = compile(ast.Expression(node), "<lambda>", "eval").co_consts
    return any(
        isinstance(c, CodeType) and c.co_code == code.co_code and c.co_varnames == code.co_varnames for c in made
    )


def _helpers(function: FunctionType) -> Iterator[FunctionType]:
    """The learner's own functions that the answer calls, each once."""
    known, waiting = {function}, [function]
    while waiting:
        current = waiting.pop()
        for name in _names(current.__code__):
            other = current.__globals__.get(name)
            if isinstance(other, FunctionType) and other.__globals__ is function.__globals__ and other not in known:
                known.add(other)
                waiting.append(other)
                yield other


def _touches(node: ast.AST) -> bool:
    """Whether running this again could do more than calculate."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        return any(name.split(".")[0] in _TOUCHES for name in names)
    return isinstance(node, ast.Global) or (isinstance(node, ast.Name) and node.id in _TOUCHES)


def _names(code: CodeType) -> set[str]:
    """All global names that a function loads, also in its comprehensions."""
    own = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return own.union(*(_names(c) for c in code.co_consts if isinstance(c, CodeType)))


def outside_data(function: object) -> list[str]:
    """Names of numbers, arrays and lists that an answer takes from outside, and not from its arguments."""
    own = _function(function)
    if own is None:
        return []
    space = {**own.__globals__, **_closure(own)}
    names = _names(own.__code__) | set(own.__code__.co_freevars)
    return sorted(name for name in names if name in space and not _is_tool(space[name]))


def _is_tool(value: object) -> bool:
    return isinstance(value, (ModuleType, type)) or callable(value)


def unused(function: object, names: Iterable[str]) -> list[str]:
    """Those arguments that the code of an answer never looks at. `names` are their names, in the order of the stub."""
    code = code_of(function)
    if code is None:
        return []
    own = code.co_varnames[: code.co_argcount]
    if own and own[0] == "self":
        own = own[1:]
    loaded = set(_loads(code))
    return [theirs for theirs, name in zip(names, own, strict=False) if name not in loaded]


def _loads(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname.startswith(("LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_CLOSURE")):
            yield from step.argval if isinstance(step.argval, tuple) else (step.argval,)
        elif step.opname in ("STORE_FAST_LOAD_FAST",):
            yield step.argval[1]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _loads(constant)
