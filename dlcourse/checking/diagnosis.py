"""What is wrong with an answer, and where: the lesson's own table first, then what all exercises share.

Each way of looking speaks for itself: the known wrong answers (numbers), the answer's own text with one change
(`trying.repaired`), the numbers beside the right ones (`slips`), the solution with one change (`trying.broken`), names
from outside. Inputs on which the answer raised are left out everywhere, and mentioned at the end.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from dlcourse.checking import conditions, slips
from dlcourse.checking.comparing import Pair, differences, parts_of, same, shown
from dlcourse.checking.reading import early_return, outside_data, read, unused
from dlcourse.checking.running import Outcome, Run, code_of, run
from dlcourse.checking.task import Task
from dlcourse.checking.trying import Slip, broken, repaired
from dlcourse.errors import counted, joined

__all__ = ["verdict"]

# Where the exercise looks at the value itself, these are still worth finding in the text.
_BESIDE_A_LOOK = ("degrees", "return", "brackets", "assign", "maximum", "arguments")
_TO_FIND_THE_LINE = 500
"""So many of the likeliest changes are tried where the mistake is known already: nine lines of ten are found, in a third of the time."""


@dataclass(frozen=True)
class Evidence:
    """All that is known of one answer: its outcomes, measured values and the right ones, and on which cases it is off."""

    task: Task
    answer: Callable[..., Any]
    ran: Run
    given: dict[int, Any]
    expected: list[Any]
    off: list[int]

    @property
    def failed(self) -> list[int]:
        """The cases on which the answer raised."""
        return [i for i, outcome in enumerate(self.ran.outcomes) if outcome.error]

    @property
    def patience(self) -> float:
        """How many seconds of work a changed answer may take: several times what the answer took."""
        return min(max(0.04, 4 * self.ran.seconds), 0.25)

    @property
    def first(self) -> int:
        """The case that a message quotes."""
        return self.off[0]

    def call(self, i: int) -> str:
        """Case i as one would write it."""
        return self.task.call(self.task.inputs()[i])


def verdict(task: Task, answer: Callable[..., Any], ran: Run) -> tuple[bool, str]:
    """Say whether an answer that came back is right, and what to tell the learner."""
    cases = task.inputs()
    changed = next((o.changed for o in ran.outcomes if o.changed is not None), None)
    if changed is not None:
        return False, _changed(task, changed)
    good = {i: outcome.value for i, outcome in enumerate(ran.outcomes) if not outcome.error}
    looked = next(filter(None, (task.looked_at(value, cases[i]) for i, value in good.items())), "")
    given = {i: task.measured(value, cases[i]) for i, value in good.items()}
    expected = [] if looked and task.goal is not None else task.expected()
    off = [] if looked else [i for i in given if not same(given[i], expected[i])]
    evidence = Evidence(task, answer, ran, given, expected, off)
    if looked or off:
        said = (
            _join(looked, _found(evidence, _repair(evidence, () if cases[0] else _BESIDE_A_LOOK)))
            if looked
            else _explained(evidence)
        )
        return False, _join(_order_of_arguments(evidence), said, _early_return(evidence, said), _besides(evidence))
    if ran.stuck is not None:
        return False, ""
    if evidence.failed:
        return False, _join(_order_of_arguments(evidence), _raised(evidence))
    overall = task.together([good[i] for i in range(len(cases))], cases) if task.together else ""
    if overall:
        return False, overall
    if all(outcome.idle for outcome in ran.outcomes):
        return False, _IDLE
    where = f", on all {counted(len(cases), 'input')}" if len(cases) > 1 else ""
    return True, f"right{where}. {task.praise}".strip()


_NOT_ASKED = (
    "rng was never asked: chance comes from rng.permutation(…), rng.choice(…) and the like, not from np.random."
)
_IDLE = (
    "what comes back looks right, and rng was never asked. Numbers from np.random differ from run to run; "
    "rng.permutation(…), rng.choice(…) or rng.normal(…) give the same ones whenever the seed is the same."
)


def _join(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))


def _changed(task: Task, index: int) -> str:
    name = task.argument_names[index]
    return (
        f"your function changed its argument {name}. Whoever called it finds other numbers in {name} afterwards. "
        f"Writing {name}[…] = … or {name} += … works in place; make a new array: {name} = {name} + …, or start with {name}.copy()."
    )


def _early_return(evidence: Evidence, said: str) -> str:
    """A return that ends a loop in its first round is said, whatever else is known, unless it was said already."""
    source = read(evidence.answer)
    line = early_return(source) if source and not re.search("return (stands )?inside", said) else None
    if source is None or line is None:
        return ""
    where = source.line(source.name, line)
    told = "A return stands inside the loop, so the first round ends it. Does it belong behind the loop?"
    return told if where in said else f"{told}\n  {where}"


# --- errors ------------------------------------------------------------------------------------------------------------


def _raised(evidence: Evidence) -> str:
    """Nothing is known but errors: on all cases, or on those that are left."""
    i = evidence.failed[0]
    outcome = evidence.ran.outcomes[i]
    rest = len(evidence.given)
    right = "" if not rest else "The other input is right." if rest == 1 else f"The other {rest} inputs are right."
    said = _join(
        f"{evidence.call(i)} raised {outcome.error}",
        outcome.advice,
        right and f"{right} {_only_where(evidence)}".strip(),
    )
    return _join(said, _found(evidence, _outside(evidence) or _repair(evidence)))


def _besides(evidence: Evidence) -> str:
    """What there is to say of the cases that raised, after all else."""
    if not evidence.failed:
        return ""
    i = evidence.failed[0]
    outcome = evidence.ran.outcomes[i]
    which = f"input {i + 1} of {len(evidence.ran.outcomes)}"
    return _join(f"Besides, {which}, {evidence.call(i)}, raised {outcome.error}", outcome.advice)


# --- wrong numbers -----------------------------------------------------------------------------------------------------


def _explained(evidence: Evidence) -> str:
    """The answer came back with other values: the best that can be said of them."""
    known = _known(evidence)
    if known:
        slip = _repair(evidence, most=_TO_FIND_THE_LINE)
        written = slip.said if slip and slip.kind == "brackets" and "parenthes" not in known else ""
        return _join(known, written, f"  {slip.where}" if slip and slip.where else "")
    if isinstance(evidence.expected[evidence.first], dict):  # what must hold, not what must come out
        return _join(_default(evidence), _found(evidence, _repair(evidence)))
    results = [(evidence.given[i], evidence.expected[i]) for i in evidence.off]
    structure = slips.structure_slip(results, evidence.task.parts)
    pairs = _pairs(evidence)
    about = [pair for pair in pairs if pairs and pair.part == pairs[0].part]
    kind = next(filter(None, map(slips.kind_slip, about)), "") if not structure else ""
    seen = structure or kind or slips.number_slip(about)
    meant = _outside(evidence) or _repair(evidence)
    if not (meant or structure or kind or _early_return(evidence, "")):  # else nothing need be guessed
        meant = _break(evidence)
    if seen or meant:
        said = _join(_right_parts(evidence) + seen if seen else "", _found(evidence, meant))
        said = said if seen else _right_parts(evidence) + said
        return _join(said, f"Seen with {evidence.call(evidence.first)}")
    return _default(evidence)


def _known(evidence: Evidence) -> str:
    """The hint of a wrong answer in the lesson's table that gives the same numbers wherever the answer gave any."""
    i = evidence.first
    for wrong in evidence.task.wrong:
        if not wrong.hint:
            continue
        theirs = evidence.task.given_by(wrong.code)
        if all(same(value, theirs[k]) for k, value in evidence.given.items()):
            return wrong.hint.format(
                call=evidence.call(i), yours=shown(evidence.given[i]), expected=shown(evidence.expected[i])
            )
    return ""


def _pairs(evidence: Evidence) -> list[Pair]:
    task, cases = evidence.task, evidence.task.inputs()
    names = task.argument_names
    return [
        pair
        for i in evidence.off
        for pair in differences(evidence.given[i], evidence.expected[i], task.parts, cases[i], names)
    ]


def _right_parts(evidence: Evidence) -> str:
    """Of several values: which are right on every input?"""
    parts = evidence.task.parts
    split = {i: parts_of(value, parts) for i, value in evidence.given.items()} if len(parts) > 1 else {}
    if not split or any(ps is None for ps in split.values()):
        return ""
    right = [
        name
        for p, name in enumerate(parts)
        if all(same(ps[p], evidence.expected[i][p]) for i, ps in split.items() if ps)
    ]
    return f"{' and '.join(right)} {'is' if len(right) == 1 else 'are'} right. " if right else ""


def _found(evidence: Evidence, slip: Slip | None) -> str:
    return "" if slip is None else _join(slip.said, f"  {slip.where}" if slip.where else "")


def _repair(evidence: Evidence, kinds: Sequence[str] = (), most: int | None = None) -> Slip | None:
    """One change in the answer's own text that makes it right on every case."""
    task = evidence.task
    if task.goal is not None or evidence.ran.seconds > 0.5 or (not task.inputs()[0] and not kinds):
        return None
    source = read(evidence.answer)
    if source is None:
        return None
    cases, expected = task.inputs(), evidence.expected or task.expected()

    def fits(i: int, outcome: Outcome) -> bool:
        return not outcome.error and outcome.changed is None and task.agrees(outcome.value, expected[i], cases[i])

    order = sorted(range(len(cases)), key=lambda i: i not in evidence.off and i not in evidence.failed)
    expected, cases = [expected[i] for i in order], [cases[i] for i in order]
    return repaired(source, cases, fits, evidence.patience, kinds, most)


def _break(evidence: Evidence) -> Slip | None:
    """One change in a right answer that gives the learner's numbers, in all parts or in the first one that is wrong."""
    task = evidence.task
    if task.goal is not None or not task.inputs()[0]:
        return None
    order = [*evidence.off, *(i for i in evidence.given if i not in evidence.off)]

    def fits(k: int, outcome: Outcome) -> bool:
        return not outcome.error and same(evidence.given[order[k]], outcome.value)

    slip = _as_if(evidence, broken(task.variants(), order, fits, evidence.patience))
    part = _first_wrong_part(evidence)
    if slip is not None or part is None:
        return slip

    def fits_part(k: int, outcome: Outcome) -> bool:
        if outcome.error:
            return False
        theirs = parts_of(outcome.value, task.parts)
        yours = parts_of(evidence.given[order[k]], task.parts)
        return bool(theirs and yours and same(yours[part], theirs[part]))

    return _as_if(evidence, broken(task.variants(), order, fits_part, evidence.patience))


def _as_if(evidence: Evidence, slip: Slip | None) -> Slip | None:
    """A slip in a right answer, told as one that gives the same numbers where the learner's text has no such words."""
    source = read(evidence.answer)
    words = re.findall("`(.+?)…?`", slip.said) if slip else []
    if slip is None or source is None or not words or slip.said.endswith("` is missing."):
        return slip
    told = words[-1] if "missing" in slip.said else words[0]
    own = told in ast.unparse(source.tree)
    return slip if own else Slip(f"The same numbers come from this slip: {slip.said}", slip.where)


def _first_wrong_part(evidence: Evidence) -> int | None:
    parts = evidence.task.parts
    for i in evidence.off if len(parts) > 1 else ():
        own = parts_of(evidence.given[i], parts)
        if own is None:
            return None
        return next((p for p in range(len(parts)) if not same(own[p], evidence.expected[i][p])), None)
    return None


# --- the answer's own names --------------------------------------------------------------------------------------------


def _outside(evidence: Evidence) -> Slip | None:
    """A name from outside that stands where an argument belongs: with the argument in its place the answer is right."""
    task, answer = evidence.task, evidence.answer
    if task.goal is not None or not isinstance(answer, FunctionType):
        return None
    cases, expected = task.inputs(), evidence.expected or task.expected()
    for name in outside_data(answer):
        for k, argument in enumerate(task.argument_names):

            def fits(i: int, outcome: Outcome) -> bool:
                return not outcome.error and task.agrees(outcome.value, expected[i], cases[i])

            ran = run(_with_argument(answer, name, k), cases, 0.5, until=lambda i, outcome: not fits(i, outcome))
            if len(ran.outcomes) == len(cases) and fits(len(cases) - 1, ran.outcomes[-1]):
                own = answer.__code__.co_varnames[k] if k < answer.__code__.co_argcount else argument
                return Slip(
                    f"Your function reads {name} from outside, and that is one array of the notebook whatever it is called with. "
                    f"Use its argument {own}."
                )
    return None


def _with_argument(answer: FunctionType, name: str, k: int) -> Callable[..., Any]:
    """The answer with an argument put in the place of a name from outside."""

    def function(*args: Any) -> Any:
        space = {**answer.__globals__, name: args[k]}
        if name in answer.__code__.co_freevars:
            return None
        return FunctionType(answer.__code__, space, answer.__name__, answer.__defaults__, answer.__closure__)(*args)

    return function


def _order_of_arguments(evidence: Evidence) -> str:
    """The names of the stub in another order."""
    code, expected = code_of(evidence.answer), evidence.task.argument_names
    own = code.co_varnames[: code.co_argcount] if code else ()
    if sorted(own) == sorted(expected) and own != expected:
        return f"The arguments come in the order {joined(expected)}, and yours are {joined(own)}: keep the first line of the stub."
    return ""


def _only_where(evidence: Evidence) -> str:
    task = evidence.task
    right = [i in evidence.given and i not in evidence.off for i in range(len(evidence.ran.outcomes))]
    where = conditions.right_only_where(task.argument_names, task.inputs(), right)
    return f"It is right only where {where}." if where else ""


def _default(evidence: Evidence) -> str:
    """Nothing explains it: say what was seen."""
    task, i = evidence.task, evidence.first
    given, expected, call = evidence.given[i], evidence.expected[i], evidence.call(i)
    nudge = f'ex.hint("{task.name}") gives a nudge.'
    pairs = _pairs(evidence)
    faint = slips.faint_slip([pair for pair in pairs if pair.part == pairs[0].part])
    idle = _NOT_ASKED if all(outcome.idle for outcome in evidence.ran.outcomes if not outcome.error) else ""
    more = _join(idle, faint, _names(evidence))
    if isinstance(given, dict) and isinstance(expected, dict):
        missing = [str(key) for key, value in expected.items() if not same(given.get(key), value)]
        return _join(f"not yet. With {call} this does not hold: {'; '.join(missing)}. {nudge}", more)
    where = (
        f"{len(evidence.off)} of {counted(len(evidence.given), 'input')} {'gives' if len(evidence.off) == 1 else 'give'} other numbers. "
        if len(evidence.given) > 1
        else ""
    )
    only = "" if faint else _only_where(evidence)
    said = (
        f"not yet. {where}{only}{' ' if only else ''}{call} gives {shown(given)}, expected {shown(expected)}. {nudge}"
    )
    right = _right_parts(evidence)
    return _join(f"{right}The rest is {said}" if right else said, more)


def _names(evidence: Evidence) -> str:
    outside = outside_data(evidence.answer)
    idle = unused(evidence.answer, evidence.task.argument_names)
    needed = set(evidence.task.argument_names) - set(
        unused(evidence.task.made(evidence.task.solution), evidence.task.argument_names)
    )
    idle = [name for name in idle if name in needed]
    return _join(
        f"Your function reads {joined(outside)} from outside. All that it needs comes in through its arguments."
        if outside
        else "",
        f"Your function never looks at {joined(idle)}." if idle else "",
    )
