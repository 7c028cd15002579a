"""Find the slip by trying: one change that makes an answer right, or one that makes the solution as wrong as the answer."""

from __future__ import annotations

import itertools
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dlcourse.checking.edits.edit import Edit
from dlcourse.checking.edits.lists import Lists
from dlcourse.checking.edits.ranking import ranked
from dlcourse.checking.reading import Source
from dlcourse.checking.running import Case, Outcome
from dlcourse.checking.sweeping import Program, attempt, sweep
from dlcourse.checking.variants import Variant, work_of
from dlcourse.checking.words import alike, slip_of

__all__ = ["Slip", "broken", "repaired"]

_SECONDS = 2.0  # of work, for all changes together
_STUCK = 8  # so many may have to be stopped


@dataclass(frozen=True)
class Slip:
    """What is wrong, in one sentence, and where, if the answer's own text is known."""

    said: str
    where: str = ""
    kind: str = ""


Fits = Callable[[int, Outcome], bool]


def repaired(
    source: Source,
    cases: Sequence[Case],
    fits: Fits,
    seconds: float,
    kinds: Sequence[str] = (),
    most: int | None = None,
) -> Slip | None:
    """The one change of an answer's own text with which it is right on every case, if there is one.

    Parameters
    ----------
    seconds : how long one changed answer may take
    kinds : of changes, where not all are to be tried
    most : how many of them are to be tried, the likeliest; None for all
    """
    edits = [edit for edit in ranked(source.tree.body) if not kinds or edit.kind in kinds][:most]
    edit = _first(_programs(source, edits, cases), len(cases), fits, seconds)
    if edit is None:
        return None
    said = alike(slip_of(edit.kind, edit.old, edit.new), edit.places)
    return Slip(said, source.line(edit.owner, edit.line), edit.kind)


def _programs(source: Source, edits: Sequence[Edit], cases: Sequence[Case]) -> Iterator[tuple[Edit, Program]]:
    """The changed answers, each once."""
    lists, known = Lists(source.tree), set()

    def program(function: Callable[..., Any]) -> Program:
        return lambda i: attempt(function, cases[i])

    for edit in edits:
        if edit.kind == "return behind":
            continue
        with edit.applied():
            try:
                function = source.function() if lists.harmless(edit) else None
            except Exception:  # not every change makes a program
                continue
        work = work_of(getattr(function, "__code__", None))
        if function is not None and (len(source.files) > 1 or work not in known):
            known.add(work)
            yield edit, program(function)


def broken(variants: Sequence[Variant], order: Sequence[int], fits: Fits, seconds: float) -> Slip | None:
    """The one change of a right answer that gives the learner's numbers on every case, if there is one.

    `order` holds the numbers of the cases, those first that tell most; `fits` counts in this order.
    """

    def program(variant: Variant) -> Program:
        return lambda k: variant.outcome(order[k])

    programs = ((each, program(each)) for each in variants if each.makes_a_program())
    variant = _first(programs, len(order), fits, seconds)
    return None if variant is None else Slip(variant.said)


T = TypeVar("T")


def _first(programs: Iterator[tuple[T, Program]], cases: int, fits: Fits, seconds: float) -> T | None:
    """The first program that fits on every case. None may take long, and all together not too long."""
    end, last, stuck = time.process_time() + _SECONDS, time.monotonic() + 4 * _SECONDS, 0
    while time.process_time() < end and time.monotonic() < last and stuck < _STUCK:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a change makes Python wonder about
            batch = list(itertools.islice(programs, 50))
        if not batch:
            return None
        place, more = sweep([program for _, program in batch], cases, fits, seconds)
        if place is not None:
            return batch[place][0]
        stuck += more
    return None
