"""What an exercise consists of: stub, solution, cases, hints, wrong answers; and what its own code gives on the cases."""

from __future__ import annotations

import ast
import functools
import inspect
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

import dlcourse
from dlcourse.checking.comparing import same, shown
from dlcourse.checking.quiet import QUIET
from dlcourse.checking.reading import remember
from dlcourse.checking.running import Case, Outcome, run
from dlcourse.checking.sweeping import attempt
from dlcourse.checking.variants import Variant, variants
from dlcourse.checking.varying import Varies
from dlcourse.errors import ArgumentError, counted

__all__ = ["Task", "Wrong", "change", "changes", "rest"]


@dataclass(frozen=True)
class Wrong:
    """A known wrong answer and what it gets.

    Parameters
    ----------
    code : str
        The whole function, wrong in one way.
    hint : str
        Said when an answer gives the same numbers. May hold {call}, {yours} and {expected}, filled from the first input
        on which the answer differs.
    shows : str
        Instead of `hint`, for mistakes that another diagnosis recognizes: words that must appear.
    """

    code: str
    hint: str = ""
    shows: str = ""


def changes(solution: str, *replacements: tuple[str, str]) -> str:
    """The solution with some pieces replaced; each must occur exactly once."""
    for old, new in replacements:
        if solution.count(old) != 1:
            raise ArgumentError(
                f"A wrong answer: {old!r} occurs {counted(solution.count(old), 'time')} in the solution, not once."
            )
        solution = solution.replace(old, new)
    return solution


def rest(solution: str, start: str) -> str:
    """The part of a solution from these words to its end."""
    return solution[solution.index(start) :]


def change(solution: str, old: str, new: str, hint: str = "", *, shows: str = "") -> Wrong:
    """A wrong answer that differs from the solution in one place."""
    return Wrong(changes(solution, (old, new)), hint, shows)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One exercise, as its lesson writes it down.

    Parameters
    ----------
    name : str
        How `check`, `hint` and `solution` call it; stable.
    solution : str
        The text of the cell, solved. Only `np` and `dl` are imported.
    stub : str
        The text as the learner finds it. Left out where `blank_from` says it.
    blank_from, blank : str
        The stub is the solution up to these words, and then `blank`.
    others : tuple of str
        Right answers in other styles, as with a loop, without the first lines (def and docstring): what slips in them give
        is recognized as well.
    cases : list of tuples, or a function that makes it
        Inputs, the simplest first: it is the one that messages quote. A function where they are slow to load. A random
        generator among them must be drawn from by an answer; each call gets a fresh copy. They differ in all sizes.
    hints : tuple of str
        From the first nudge to almost the answer.
    wrong : tuple of Wrong
        At least four, each with a hint of its own.
    parts : tuple of str
        Names of the values that a tuple returns.
    measure : function, optional
        What is compared, when more than one answer is right: takes the returned value and the inputs that it was called
        with, gives what must agree.
    diagnose : function, optional
        Looks at a returned value and its inputs before all else; gives a hint, or "" if nothing is wrong that it knows.
    together : function, optional
        Looks at all returned values at once, and all cases, where each by itself is right: what never comes by chance?
    goal : optional
        What `measure` must give on every input, where running the solution beside the answer takes too long.
    praise : str
        What a right answer means, in one sentence.
    seconds : float
        How long all cases may take together.
    varies : Varies, optional
        A number that variants of the lesson have otherwise.
    number : tuple of str
        In a variant, which number it is.
    """

    name: str
    solution: str
    stub: str = ""
    blank_from: str = ""
    blank: str = "    return None\n"
    others: tuple[str, ...] = ()
    cases: list[Case] | Callable[[], list[Case]]
    hints: tuple[str, ...]
    wrong: tuple[Wrong, ...]
    parts: tuple[str, ...] = ()
    measure: Callable[..., Any] | None = None
    diagnose: Callable[..., str] | None = None
    together: Callable[[list[Any], list[Case]], str] | None = None
    goal: Any = None
    praise: str = ""
    seconds: float = 2.0
    varies: Varies | None = None
    number: tuple[str, ...] = ()
    _given: dict[str, list[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _variants: list[Variant] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if bool(self.stub) == bool(self.blank_from):
            raise ArgumentError(f"The exercise {self.name} needs a stub or blank_from, one of the two.")
        if self.blank_from:
            if self.solution.count(self.blank_from) != 1:
                n = counted(self.solution.count(self.blank_from), "time")
                raise ArgumentError(
                    f"The exercise {self.name}: {self.blank_from!r} occurs {n} in the solution, not once."
                )
            kept = self.solution[: self.solution.index(self.blank_from)]
            object.__setattr__(self, "stub", kept + self.blank)

    def varied(self, key: str) -> Self:
        """The same exercise with another number, always the same one for a key; itself where nothing varies.

        An answer with the original number is told so. A wrong answer whose place the number has is left out: its hint
        speaks of the original, and the slips of the new solution are looked for all the same.
        """
        if self.varies is None:
            return self
        varies, number = self.varies, self.varies.chosen(f"{key} {self.name}")
        put = functools.partial(varies.put, number=number)
        original = Wrong(self.solution, f"That is right where {varies.what} is {varies.given}. Here it is {number[0]}.")
        kept = [wrong for wrong in self.wrong if not varies.left(wrong.code, self.solution)]
        return replace(
            self,
            solution=put(self.solution),
            stub=put(self.stub),
            blank_from="",
            others=tuple(map(put, self.others)),
            cases=functools.partial(_other_cases, self, varies, number[0]),
            hints=tuple(map(put, self.hints)),
            parts=tuple(map(put, self.parts)),
            praise=put(self.praise),
            wrong=(original, *(Wrong(put(wrong.code), put(wrong.hint), put(wrong.shows)) for wrong in kept)),
            varies=None,
            number=number,
        )

    @property
    def function_name(self) -> str:
        """The name after the first `def` that is the exercise's own: the last one in the stub."""
        return [line for line in self.stub.splitlines() if line.startswith("def ")][-1][4:].split("(")[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """The solution, and the right answers in other styles."""
        head, told, _ = self.solution.split('"""', 2)
        return self.solution, *(f'{head}"""{told}"""\n{other.strip(chr(10))}\n' for other in self.others)

    @property
    def argument_names(self) -> tuple[str, ...]:
        """The names of the arguments, as the stub has them."""
        return tuple(inspect.signature(self.function(self.stub)).parameters)

    def function(self, code: str) -> Callable[..., Any]:
        """Run the text of a cell and return the function that it defines; Python knows its source."""
        remember(self._filename(code), code)
        return self._run(code, np)

    def made(self, code: str) -> Callable[..., Any]:
        """The same without the source, for texts that are only tried."""
        return self._run(code, QUIET)

    def variants(self) -> list[Variant]:
        """The right answers with one slip each."""
        if not self._variants:
            self._variants.extend(variants(self.texts, self._changed, self._outcome))
        return self._variants

    def _changed(self, tree: ast.Module) -> Callable[..., Any]:
        return self._run(tree, QUIET)

    def _outcome(self, function: Callable[..., Any], i: int) -> Outcome:
        case = self.inputs()[i]
        outcome = attempt(function, case)
        return outcome if outcome.error else Outcome(self.measured(outcome.value, case))

    def _run(self, code: str | ast.Module, numpy: Any) -> Callable[..., Any]:
        space: dict[str, Any] = {"np": numpy, "dl": dlcourse, "__name__": "answer"}
        exec(compile(code, self._filename(code) if isinstance(code, str) else "<variant>", "exec"), space)
        made: Callable[..., Any] = space[self.function_name]
        return made

    def _filename(self, code: str) -> str:
        return f"<{self.name} {zlib.crc32(code.encode()):08x}>"

    def inputs(self) -> list[Case]:
        """Return the cases, made on first use where they are slow to load."""
        return _made(self.cases) if callable(self.cases) else self.cases

    def measured(self, value: Any, case: Case) -> Any:
        """What is compared. A value that cannot be measured stands for itself, and equals nothing that was expected."""
        if self.measure is None or isinstance(value, Iterator):
            return value
        try:
            return self.measure(value, *case)
        except Exception:
            return value

    def expected(self) -> list[Any]:
        """What a right answer gives on all cases, measured."""
        return self.given_by(self.solution) if self.goal is None else [self.goal] * len(self.inputs())

    def given_by(self, code: str) -> list[Any]:
        """What a text of our own gives on all cases; where it raises, something that equals nothing."""
        if code not in self._given:
            cases = self.inputs()
            ran = run(self.made(code), cases, self.seconds)
            values = [object() if outcome.error else outcome.value for outcome in ran.outcomes]
            values += [object()] * (len(cases) - len(values))
            self._given[code] = [
                v if type(v) is object else self.measured(v, case) for v, case in zip(values, cases, strict=True)
            ]
        return self._given[code]

    def looked_at(self, value: Any, case: Case) -> str:
        """What the exercise's own diagnosis says of one value; nothing where it cannot look."""
        if self.diagnose is None or isinstance(value, Iterator):
            return ""
        try:
            return self.diagnose(value, *case)
        except Exception:
            return ""

    def call(self, case: Case) -> str:
        """The call as one would write it; where that is long, the long arguments by their names."""
        texts = [shown(value) for value in case]
        if sum(map(len, texts)) > 120:
            texts = [name if len(text) > 20 else text for name, text in zip(self.argument_names, texts, strict=True)]
        return f"{self.function_name}({', '.join(texts)})"

    def agrees(self, value: Any, expected: Any, case: Case) -> bool:
        """Whether a value is right on one case."""
        return same(self.measured(value, case), expected) and not self.looked_at(value, case)


def _other_cases(task: Task, varies: Varies, number: str) -> list[Case]:
    return task.inputs() if varies.inputs is None else [varies.inputs(case, number) for case in task.inputs()]


@functools.cache
def _made(cases: Callable[[], list[Case]]) -> list[Case]:
    return cases()
