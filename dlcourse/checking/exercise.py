"""An exercise and a lesson's exercises, as notebooks use them: check, hint, solution.

The solution is the measure: a check calls the learner's function and the solution with the same inputs. The lesson's
table of wrong answers is the first diagnosis: when the learner's numbers equal those of a known wrong answer on every
input, its hint is the one that helps. What the table does not know is looked at by `diagnosis`, which all lessons share.
"""

from __future__ import annotations

import dis
import inspect
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checking.advice import tidy
from dlcourse.checking.comparing import shown
from dlcourse.checking.diagnosis import verdict
from dlcourse.checking.running import Case, Run, code_of, run
from dlcourse.checking.task import Task, Wrong, change, changes, rest
from dlcourse.checking.varying import Varies
from dlcourse.errors import ArgumentError, a_kind, check_whole, closest, counted, joined
from dlcourse.learner.store import note
from dlcourse.streams import say

__all__ = ["Case", "Exercise", "Lesson", "Varies", "Wrong", "change", "changes", "cleaned", "rest"]


@dataclass(frozen=True, kw_only=True)
class Exercise(Task):
    """One exercise that answers can be shown to. What it is made of stands at `Task`."""

    def examine(self, answer: object) -> tuple[bool, str]:
        """Say whether an answer is right, and what to tell the learner."""
        refused = self._not_a_function(answer)
        if refused or not callable(answer):
            return False, refused
        if _instructions(answer) == _instructions(self.function(self.stub)):
            return False, self.untouched()
        ran = run(self._by_position(answer), self.inputs(), self.seconds)
        if ran.stuck is not None:
            return False, self._stuck(answer, ran)
        if all(outcome.value is None and not outcome.error for outcome in ran.outcomes):
            return False, self._nothing_returned(answer, any(outcome.printed for outcome in ran.outcomes))
        return self._verdict(answer, ran)

    def _stuck(self, answer: Callable[..., Any], ran: Run) -> str:
        """What to say of an answer that was stopped: first what the calls before have told, if they were wrong."""
        call = self.call(self.inputs()[len(ran.outcomes)])
        stopped = (
            f"{call} had not come back after {self.seconds:g} seconds, so it was stopped{ran.stuck}\n"
            "Does a loop wait for something that never changes?"
        )
        said = self._verdict(answer, ran)[1] if self.goal is None else ""
        return f"{said}\nBesides, {stopped}" if said else stopped

    def _verdict(self, answer: Callable[..., Any], ran: Run) -> tuple[bool, str]:
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return verdict(self, answer, ran)
        except Exception as error:  # an answer may be an object that cannot even be compared or written down
            return False, (
                f"not yet, and what came back cannot be looked at ({type(error).__name__}). "
                f'ex.hint("{self.name}") gives a nudge.'
            )

    def untouched(self) -> str:
        """What is said of the stub as the learner finds it."""
        return f'not attempted yet. ex.hint("{self.name}") gives a nudge.'

    def _not_a_function(self, answer: object) -> str:
        own, names = self.function_name, list(self.argument_names)
        if not callable(answer):
            return (
                f"a function is expected, and this is {a_kind(answer)}: {shown(answer)}. "
                f'Pass the function itself, with no parentheses behind its name: ex.check("{self.name}", {own}).'
            )
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):
            return ""
        if _binds(signature, *names) or _binds(signature, **dict.fromkeys(names)):
            return ""
        takes = joined(signature.parameters) or "nothing"
        return f"{own} is called with {counted(len(names), 'argument')} ({joined(names) or 'none'}), and yours takes {takes}. Keep the first line of the stub."

    def _by_position(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """The answer as a function of values in their order, also where it takes some of them by name only."""
        try:
            signature = inspect.signature(answer)
        except (TypeError, ValueError):
            return answer
        if _binds(signature, *self.argument_names):
            return answer

        def by_name(*values: Any) -> Any:
            return answer(**dict(zip(self.argument_names, values, strict=True)))

        by_name.__wrapped__ = answer  # type: ignore[attr-defined]
        return by_name

    def _nothing_returned(self, answer: Callable[..., Any], printed: bool) -> str:
        if printed:
            return f"{self.function_name} prints something and gives back None. print shows a number, return hands it over: end with return."
        if _does_nothing(answer):
            return self.untouched()
        return f"{self.function_name} computes something and gives back None. Is the return missing?"


def _binds(signature: inspect.Signature, *args: Any, **kwargs: Any) -> bool:
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _instructions(function: object) -> list[tuple[str, str]] | None:
    """What the code of a function does, without names of files, line numbers and docstring."""
    code = code_of(function)
    if code is None:
        return None
    return [(step.opname, step.argrepr) for step in dis.get_instructions(code) if step.opname != "NOP"]


def _does_nothing(function: Callable[..., Any]) -> bool:
    """Whether the body is empty: pass, ..., return, return None, or a docstring."""

    def nothing() -> None:
        return None

    return _instructions(function) == _instructions(nothing)


class Lesson:
    """The exercises of one lesson, as notebooks see them: check, hint, solution."""

    def __init__(self, exercises: Iterable[Exercise]) -> None:
        self._originals = {exercise.name: exercise for exercise in exercises}
        self.exercises = self._originals
        self._given: dict[str, int] = {}

    def vary(self, seed: int) -> None:
        """Give these exercises other numbers, the same ones for the same seed; what was checked before stays noted.

        Raises
        ------
        WrongTypeError, ArgumentError
            If the seed is no whole number from 0 on.
        """
        self.exercises = self.with_seed(seed)

    def with_seed(self, seed: int | None) -> dict[str, Exercise]:
        """These exercises by their names, with the numbers of a seed; None for those of the course."""
        if seed is None:
            return self._originals
        seed = check_whole("vary", "seed", seed, least=0)
        return {name: exercise.varied(str(seed)) for name, exercise in self._originals.items()}

    def _find(self, name: object) -> Exercise:
        """The exercise of that name; capitals, spaces and the function's own name do not matter."""
        exercise = self._meant(name)
        if exercise is None:
            near = closest(name, self.exercises) if isinstance(name, str) else ""
            did = f' Did you mean "{near}"?' if near else ""
            raise ArgumentError(
                f"There is no exercise {shown(name)} in this lesson. There are: {joined(self.exercises)}.{did}"
            )
        return exercise

    def _meant(self, name: object) -> Exercise | None:
        if callable(name) and not isinstance(name, type):
            name = getattr(name, "__name__", "")
        if not isinstance(name, str):
            return None
        plain = _plain(name)
        by_name = {_plain(e.name): e for e in self.exercises.values()}
        return by_name.get(plain) or {_plain(e.function_name): e for e in self.exercises.values()}.get(plain)

    def check(self, name: object = None, answer: object = None) -> None:
        """Print whether `answer`, a function, solves the exercise, and if not, what was seen.

        The two may come in any order, and where one says which the other is, it is enough.

        Raises
        ------
        ArgumentError
            If the lesson has no exercise of that name.
        """
        if name is None and answer is None and len(self.exercises) != 1:
            raise ArgumentError(f"check: which exercise? There are: {joined(self.exercises)}. {self._example()}")
        if isinstance(answer, str) and callable(name):  # check(neuron, "neuron")
            name, answer = answer, name
        elif answer is None and callable(name):  # check(neuron)
            answer = name
        exercise = self._find(name if name is not None else next(iter(self.exercises)))
        if answer is None and isinstance(name, str):  # check("neuron")
            answer = sys._getframe(1).f_globals.get(exercise.function_name)
        right, said = exercise.examine(answer)
        if said != exercise.untouched():
            note(lambda record: record.checked(self._module(), exercise.name, right))
        say(f"{exercise.name}: {cleaned(said)}")

    def _example(self) -> str:
        first = next(iter(self.exercises.values()))
        return f'For example: ex.check("{first.name}", {first.function_name}).'

    def hint(self, name: object = None) -> None:
        """Print the next hint: the first is a nudge, the last nearly the answer."""
        exercise = self._one(name)
        given = self._given.get(exercise.name, 0)
        self._given[exercise.name] = given + 1
        note(lambda record: record.nudged(self._module(), exercise.name))
        number = min(given, len(exercise.hints) - 1)
        say(f"{exercise.name}, hint {number + 1} of {len(exercise.hints)}: {exercise.hints[number]}")
        if given >= len(exercise.hints) - 1:
            say(f'That was the last one. ex.solution("{exercise.name}") shows an answer.')

    def solution(self, name: object = None) -> None:
        """Print an answer that is right."""
        exercise = self._one(name)
        note(lambda record: record.shown(self._module(), exercise.name))
        say(exercise.solution)

    def _module(self) -> str:
        """The last part of the name of the module that these exercises are written in, which is their lesson's name."""
        every = [name for name, module in sys.modules.items() if getattr(module, "EXERCISES", None) is self]
        return min(every, default="", key=len).rpartition(".")[2]

    def _one(self, name: object) -> Exercise:
        if name is None and len(self.exercises) == 1:
            return next(iter(self.exercises.values()))
        if name is None:
            raise ArgumentError(f"Which exercise? There are: {joined(self.exercises)}.")
        return self._find(name)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def cleaned(text: str) -> str:
    """What is printed: each line without addresses, none endless."""
    return "\n".join(tidy(line, 600) for line in text.split("\n"))
