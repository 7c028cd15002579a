"""Right answers with one slip each, and what they give: the answers that learners give, before they do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from dlcourse.checking.edits.edit import Edit
from dlcourse.checking.edits.lists import Lists
from dlcourse.checking.edits.ranking import likelihood, ranked
from dlcourse.checking.running import Outcome
from dlcourse.checking.sweeping import FAILED
from dlcourse.checking.words import alike, slip_of

__all__ = ["Variant", "variants", "work_of"]

# A line that moves is the same line in both texts: what is wrong with it is told by where it stood.
_MOVED_BACK = {
    "inside": "behind",
    "behind": "inside",
    "reset": "anew",
    "anew": "reset",
    "return behind": "return behind",
}


@dataclass(eq=False)
class Variant:
    """A right answer with one change. What it gives on a case is kept, for the next answer that is compared with it."""

    text: Text
    edit: Edit
    _function: Callable[..., Any] | None = None
    _tried: bool = False
    _outcomes: dict[int, Outcome] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The sentence that names the slip."""
        edit = self.edit
        if edit.kind in _MOVED_BACK:
            return alike(slip_of(_MOVED_BACK[edit.kind], edit.old, edit.new), edit.places)
        return alike(slip_of(edit.kind, edit.new, edit.old), edit.places)

    def makes_a_program(self) -> bool:
        """Whether Python takes it, and no other variant is the same."""
        if not self._tried:
            self._tried = True
            self._function = self.text.function(self.edit)
        return self._function is not None

    def outcome(self, i: int) -> Outcome:
        """What it gives on case i, measured as the exercise does it."""
        if i not in self._outcomes:
            assert self._function is not None
            self._outcomes[i] = FAILED  # and so it stays where it has to be stopped
            self._outcomes[i] = self.text.outcome(self._function, i)
        return self._outcomes[i]


@dataclass(eq=False)
class Text:
    """A right answer whose changes are tried: its tree, and how a tree becomes a function and a case an outcome."""

    tree: ast.Module
    made: Callable[[ast.Module], Callable[..., Any]]
    outcome: Callable[[Callable[..., Any], int], Outcome]
    known: set[Any]
    lists: Lists

    def function(self, edit: Edit) -> Callable[..., Any] | None:
        """The function with this change, or None where it is no program, or one that another change has made."""
        with edit.applied():
            try:
                function = self.made(self.tree) if self.lists.harmless(edit) else None
            except Exception:  # not every change makes a program
                return None
        key = work_of(getattr(function, "__code__", None))
        if function is None or key in self.known:
            return None
        self.known.add(key)
        return function


def work_of(code: CodeType | None) -> Any:
    """What a code does, wherever it stands: equal for programs that do the same step by step."""
    if code is None:
        return None
    constants = tuple(work_of(c) if isinstance(c, CodeType) else (type(c), c) for c in code.co_consts)
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars


def variants(
    codes: Sequence[str],
    made: Callable[[ast.Module], Callable[..., Any]],
    outcome: Callable[[Callable[..., Any], int], Outcome],
) -> list[Variant]:
    """All that differ from one of several right answers by one slip, the likelier slips first."""
    known: set[Any] = set()
    every: list[Variant] = []
    for code in codes:
        tree = ast.parse(code)
        text = Text(tree, made, outcome, known, Lists(tree))
        edits = ranked(tree.body, unfinished=True)
        every += [Variant(text, edit) for edit in edits if edit.kind != "return"]
    return sorted(every, key=lambda each: likelihood(each.edit))
