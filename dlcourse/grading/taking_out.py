"""Take one function out of a notebook, with what it needs: imports, helpers and constants, and what those need.

Nothing is run here. What a name stands for is what it would stand for after all cells were run from top to bottom: its last
definition counts, and of a number that is built up in several lines, all of these.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlcourse.grading.cells import Cell

__all__ = ["Piece", "Taken", "is_stub", "lessons_imported", "pieces_of", "seed_of", "take_out", "written_in_vain"]

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_EXERCISES = "dlcourse.exercises"


@dataclass(frozen=True)
class Piece:
    """One statement at the top of a cell that gives something a name.

    Attributes
    ----------
    cell, number : int
        Which of the cells, and which of its statements, from 0.
    statement : ast.stmt
    gives, needs : frozenset of str
        The names that it defines, and those that it takes from elsewhere, when it runs or later.
    """

    cell: int
    number: int
    statement: ast.stmt
    gives: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True)
class Taken:
    """A function with what it needs.

    Attributes
    ----------
    name : str
        Of the function, in the notebook.
    pieces : tuple of Piece
        In the order of the notebook.
    root : Piece
        The one that defines the function.
    """

    name: str
    pieces: tuple[Piece, ...]
    root: Piece


def lessons_imported(cells: Sequence[Cell]) -> list[str]:
    """The lessons whose exercises a notebook imports, by the names of their modules, each once.

    A cell that is no Python is read as text.
    """
    names: list[str] = []
    for cell in cells:
        if cell.tree is None:
            names += re.findall(rf"^\s*from\s+{re.escape(_EXERCISES)}\s+import\s+(\w+)", cell.text, re.MULTILINE)
            continue
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.ImportFrom) and node.module == _EXERCISES:
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.Import):
                names += [
                    alias.name.rpartition(".")[2] for alias in node.names if alias.name.startswith(f"{_EXERCISES}.")
                ]
    return list(dict.fromkeys(names))


def seed_of(cells: Sequence[Cell]) -> int | None:
    """The seed of a copy with other numbers (`dlcourse variants`), which its import cell names; None for the course's own."""
    for cell in cells:
        for node in ast.walk(cell.tree) if cell.tree is not None else ():
            if isinstance(node, ast.Call) and _is_vary(node.func):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and type(first.value) is int and first.value >= 0:
                    return first.value
    return None


def _is_vary(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "vary"
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "EXERCISES"
    )


def pieces_of(cells: Sequence[Cell]) -> list[Piece]:
    """Every statement that gives something a name, in the order of the notebook."""
    return [
        Piece(place, number, statement, gives, _needs(statement))
        for place, cell in enumerate(cells)
        if cell.tree is not None
        for number, statement in enumerate(cell.tree.body)
        if (gives := frozenset(_gives(statement)))
    ]


def take_out(exercise: str, function: str, cells: Sequence[Cell], pieces: Sequence[Piece]) -> Taken | None:
    """The function that answers an exercise, or None if there is none.

    Parameters
    ----------
    exercise, function : str
        The name of the exercise, and of its function in the lesson.
    """
    name = _checked(exercise, cells)
    if name is None or not any(name in piece.gives for piece in pieces):
        name = function
    own = [piece for piece in pieces if name in piece.gives]
    return Taken(name, _with_needs(own[-1], pieces), own[-1]) if own else None


def written_in_vain(function: str, cells: Sequence[Cell]) -> Cell | None:
    """The last cell that defines the function and is no Python, if there is one."""
    start = re.compile(rf"^\s*(async\s+)?def\s+{re.escape(function)}\b", re.MULTILINE)
    return next((cell for cell in reversed(cells) if cell.tree is None and start.search(cell.text)), None)


def is_stub(taken: Taken, stub: str) -> bool:
    """Whether the function is what the learner was given: of comments, spaces and the docstring nothing is asked."""
    given = [node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)]
    try:
        return bool(given) and _bare(taken.root.statement) == _bare(given[-1])
    except RecursionError:  # nothing that a stub has in it
        return False


def _bare(statement: ast.stmt) -> str:
    if not isinstance(statement, ast.FunctionDef):
        return ""
    first = statement.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    body = statement.body[1:] if told else statement.body
    return "\n".join(map(ast.dump, [statement.args, *body]))


def _checked(exercise: str, cells: Sequence[Cell]) -> str | None:
    """The name of the function that the notebook's last check of the exercise is given."""
    name = None
    for cell in cells:
        for node in ast.walk(cell.tree) if cell.tree is not None else ():
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "check":
                text = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                names = [arg.id for arg in node.args if isinstance(arg, ast.Name)]
                name = names[0] if text == [exercise] and names else name
    return name


def _with_needs(root: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A piece with all that it needs, and what that needs, in the order of the notebook."""
    needed, asked, waiting = {id(root): root}, set(root.gives), list(root.needs)
    stars = [piece for piece in pieces if "*" in piece.gives]
    while waiting:
        name = waiting.pop()
        if name in asked:
            continue
        asked.add(name)
        for piece in _meaning(name, pieces):
            needed[id(piece)] = piece
            waiting += piece.needs
    return tuple(piece for piece in pieces if id(piece) in needed or piece in stars)


def _meaning(name: str, pieces: Sequence[Piece]) -> list[Piece]:
    """What gives a name its last meaning: from the last statement that starts anew to the end."""
    own = [piece for piece in pieces if name in piece.gives]
    anew = [
        place for place, piece in enumerate(own) if isinstance(piece.statement, _DEFINES) or name not in piece.needs
    ]
    return own[anew[-1] if anew else 0 :]


def _gives(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement defines. Loops and blocks of `with` are work, and define nothing here."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
    elif isinstance(statement, _ASSIGNS):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (
                node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )
    elif isinstance(statement, (ast.If, ast.Try)):  # try: import … except ImportError: …
        handlers = statement.handlers if isinstance(statement, ast.Try) else []
        for part in (*statement.body, *statement.orelse, *(inner for handler in handlers for inner in handler.body)):
            yield from _gives(part)


def _needs(statement: ast.stmt) -> frozenset[str]:
    """The global names that a statement reads, in the functions that it defines as well."""
    names: set[str] = set()
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        names.add(statement.target.id)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            waiting = [symtable.symtable(ast.unparse(statement), "answer", "exec")]
    except (SyntaxError, ValueError, RecursionError):  # Python would not run it either
        return frozenset(names)
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        outermost = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (outermost or symbol.is_global())
        }
    return frozenset(names)
