"""The one pattern for an exercise: stub, check, hints, solution, wrong answers.

The solution is the measure: a check calls the learner's function and the solution with the same inputs. The bank of wrong
answers is the diagnosis: when the learner's numbers equal those of a known wrong answer on every input, its hint is the
one that helps. What the bank does not know is looked at by `comparing.slip`.
"""

from __future__ import annotations

import dis
import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

import dlcourse
from dlcourse.checking.comparing import differences, same, shown, slip
from dlcourse.checking.running import Outcome, Run, run
from dlcourse.errors import ArgumentError, joined
from dlcourse.streams import say

__all__ = ["Exercise", "Lesson", "Wrong", "change", "changes"]

Case = tuple[Any, ...]


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
                f"A wrong answer: {old!r} occurs {solution.count(old)} times in the solution, not once."
            )
        solution = solution.replace(old, new)
    return solution


def change(solution: str, old: str, new: str, hint: str = "", *, shows: str = "") -> Wrong:
    """A wrong answer that differs from the solution in one place."""
    return Wrong(changes(solution, (old, new)), hint, shows)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Parameters
    ----------
    name : str
        How `check`, `hint` and `solution` call it; stable.
    stub, solution : str
        The text of the cell as the learner finds it, and solved. Only `np` and `dl` are imported.
    cases : list of tuples, or a function that makes it
        Inputs, the simplest first: it is the one that messages quote. A function where they are slow to load. A random
        generator among them must be drawn from by an answer; each call gets a fresh copy.
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
    goal : optional
        What `measure` must give on every input, where running the solution beside the answer takes too long.
    praise : str
        What a right answer means, in one sentence.
    seconds : float
        How long all cases may take together.
    """

    name: str
    stub: str
    solution: str
    cases: list[Case] | Callable[[], list[Case]]
    hints: tuple[str, ...]
    wrong: tuple[Wrong, ...]
    parts: tuple[str, ...] = ()
    measure: Callable[..., Any] | None = None
    diagnose: Callable[..., str] | None = None
    goal: Any = None
    praise: str = ""
    seconds: float = 2.0

    @property
    def function_name(self) -> str:
        """The name after the first `def` that is the exercise's own: the last one in the stub."""
        return [line for line in self.stub.splitlines() if line.startswith("def ")][-1][4:].split("(")[0]

    def function(self, code: str) -> Callable[..., Any]:
        """Run the text of a cell and return the function that it defines."""
        space: dict[str, Any] = {"np": np, "dl": dlcourse, "__name__": "answer"}
        exec(compile(code, f"<{self.name}>", "exec"), space)
        found: Callable[..., Any] = space[self.function_name]
        return found

    def inputs(self) -> list[Case]:
        """Return the cases, made on first use where they are slow to load."""
        return _made(self.cases) if callable(self.cases) else self.cases

    def examine(self, answer: object) -> tuple[bool, str]:
        """Say whether an answer is right, and what to tell the learner."""
        refused = self._not_a_function(answer)
        if refused or not callable(answer):
            return False, refused
        if _instructions(answer) == _instructions(self.function(self.stub)):
            return False, self._untouched()
        ran = run(answer, self.inputs(), self.seconds)
        return self._verdict(answer, ran)

    def _untouched(self) -> str:
        return f'not attempted yet. ex.hint("{self.name}") gives a nudge.'

    def _not_a_function(self, answer: object) -> str:
        expected = inspect.signature(self.function(self.stub))
        own, names = self.function_name, list(expected.parameters)
        if not callable(answer):
            return (
                f"a function is expected, and this is a {type(answer).__name__}: {shown(answer)}. "
                f'Pass the function itself, with no parentheses behind its name: ex.check("{self.name}", {own}).'
            )
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):
            return ""
        try:
            signature.bind(*names)
        except TypeError:
            takes = joined(signature.parameters) or "nothing"
            return f"{own} is called with {len(names)} arguments ({joined(names) or 'none'}), and yours takes {takes}. Keep the first line of the stub."
        return ""

    def _verdict(self, answer: Callable[..., Any], ran: Run) -> tuple[bool, str]:
        if ran.stuck is not None:
            call = self._call(self.inputs()[len(ran.outcomes)])
            return False, (
                f"{call} had not come back after {self.seconds:g} seconds, so it was stopped{ran.stuck}\n"
                "Does a loop wait for something that never changes?"
            )
        values = [outcome.value for outcome in ran.outcomes]
        if all(outcome.value is None and not outcome.error for outcome in ran.outcomes):
            return False, self._untouched() if _does_nothing(answer) else self._nothing_returned()
        return self._compare(ran.outcomes, values)

    def _nothing_returned(self) -> str:
        return f"{self.function_name} computes something and gives back None. Is the return missing?"

    def _compare(self, outcomes: tuple[Outcome, ...], values: list[Any]) -> tuple[bool, str]:
        cases = self.inputs()
        for case, outcome in zip(cases, outcomes, strict=True):
            if outcome.changed is not None:
                return False, self._changed(outcome.changed)
            if outcome.error:
                return False, f"{self._call(case)} raised {outcome.error}"
        if self.diagnose is not None:
            said = next(filter(None, (self.diagnose(v, *case) for v, case in zip(values, cases, strict=True))), "")
            if said:
                return False, said
        got = [self._seen(value, case) for value, case in zip(values, cases, strict=True)]
        expected = self._measured(self.solution) if self.goal is None else [self.goal] * len(got)
        off = [i for i in range(len(got)) if not same(got[i], expected[i])]
        if off:
            return False, self._explain(got, expected, off)
        if all(outcome.idle for outcome in outcomes):
            return False, self._idle()
        many = len(got) > 1
        return True, f"right, on {'all ' if many else ''}{len(got)} input{'s' if many else ''}. {self.praise}".strip()

    def _idle(self) -> str:
        return (
            "what comes back looks right, and rng was never asked. Numbers from np.random differ from run to run; "
            "rng.permutation(…), rng.choice(…) or rng.normal(…) give the same ones whenever the seed is the same."
        )

    def _explain(self, got: list[Any], expected: list[Any], off: list[int]) -> str:
        first = off[0]
        words = {
            "call": self._call(self.inputs()[first]), "yours": shown(got[first]), "expected": shown(expected[first]),
        }  # fmt: skip
        for wrong in self.wrong:
            if wrong.hint and all(map(same, got, self._measured(wrong.code))):
                return wrong.hint.format(**words)
        pairs = [pair for i in off for pair in differences(got[i], expected[i], self.parts, _length(self.inputs()[i]))]
        said = slip([(got[i], expected[i]) for i in off], pairs)
        if said:
            return f"{said}\nSeen with {words['call']}"
        if isinstance(got[first], dict) and isinstance(expected[first], dict):
            missing = [str(key) for key, value in expected[first].items() if not same(got[first].get(key), value)]
            return f'not yet. With {words["call"]} this does not hold: {"; ".join(missing)}. ex.hint("{self.name}") gives a nudge.'
        where = f"{len(off)} of {len(got)} inputs give other numbers. " if len(got) > 1 else ""
        return f'not yet. {where}{words["call"]} gives {words["yours"]}, expected {words["expected"]}. ex.hint("{self.name}") gives a nudge.'

    def _changed(self, index: int) -> str:
        name = list(inspect.signature(self.function(self.stub)).parameters)[index]
        return (
            f"your function changed its argument {name}. Whoever called it finds other numbers in {name} afterwards. "
            f"Writing {name}[…] = … or {name} += … works in place; make a new array: {name} = {name} + …, or start with {name}.copy()."
        )

    def _seen(self, value: Any, case: Case) -> Any:
        """What is compared. A value that cannot be measured stands for itself, and equals nothing that was expected."""
        if self.measure is None:
            return value
        try:
            return self.measure(value, *case)
        except Exception:
            return value

    def _measured(self, code: str) -> list[Any]:
        """What a text of our own gives on all cases; a wrong answer that raises matches nothing."""
        cases = self.inputs()
        ran = run(self.function(code), cases, self.seconds)
        values = [object() if outcome.error else outcome.value for outcome in ran.outcomes]
        values += [object()] * (len(cases) - len(values))
        return [v if type(v) is object else self._seen(v, case) for v, case in zip(values, cases, strict=True)]

    def _call(self, case: Case) -> str:
        """The call as one would write it; where that is long, the long arguments by their names."""
        texts = [shown(value) for value in case]
        if sum(map(len, texts)) > 120:
            names = inspect.signature(self.function(self.stub)).parameters
            texts = [name if len(text) > 20 else text for name, text in zip(names, texts, strict=True)]
        return f"{self.function_name}({', '.join(texts)})"


@functools.cache
def _made(cases: Callable[[], list[Case]]) -> list[Case]:
    return cases()


def _length(case: Case) -> int:
    return len(case[0]) if case and isinstance(case[0], np.ndarray) and case[0].ndim else 1


def _instructions(function: object) -> list[tuple[str, str]] | None:
    """What the code of a function does, without names of files, line numbers and docstring."""
    if not hasattr(function, "__code__"):
        return None
    return [(step.opname, step.argrepr) for step in dis.get_instructions(function.__code__) if step.opname != "NOP"]


def _does_nothing(function: Callable[..., Any]) -> bool:
    """Whether the body is empty: pass, ..., return, return None, or a docstring."""

    def nothing() -> None:
        return None

    return _instructions(function) == _instructions(nothing)


class Lesson:
    """The exercises of one lesson, as notebooks see them: check, hint, solution."""

    def __init__(self, exercises: Iterable[Exercise]) -> None:
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self._given: dict[str, int] = {}

    def _find(self, name: object) -> Exercise:
        if not isinstance(name, str) or name not in self.exercises:
            raise ArgumentError(f"There is no exercise {name!r} in this lesson. There are: {joined(self.exercises)}.")
        return self.exercises[name]

    def check(self, name: str, answer: object) -> None:
        """Print whether `answer`, a function, solves the exercise, and if not, what was seen.

        Raises
        ------
        ArgumentError
            If the lesson has no exercise of that name.
        """
        exercise = self._find(name)
        say(f"{name}: {exercise.examine(answer)[1]}")

    def hint(self, name: str) -> None:
        """Print the next hint: the first is a nudge, the last nearly the answer."""
        exercise = self._find(name)
        given = self._given.get(name, 0)
        self._given[name] = given + 1
        number = min(given, len(exercise.hints) - 1)
        say(f"{name}, hint {number + 1} of {len(exercise.hints)}: {exercise.hints[number]}")
        if given >= len(exercise.hints) - 1:
            say(f'That was the last one. ex.solution("{name}") shows an answer.')

    def solution(self, name: str) -> None:
        """Print an answer that is right."""
        say(self._find(name).solution)
