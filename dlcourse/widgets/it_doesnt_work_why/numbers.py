"""What `Clinic` works out: results of tests, what a training comes to, and what a doctor would have ordered first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Generic, ParamSpec, TypeVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis.table import TABLE
from dlcourse.widgets.it_doesnt_work_why.exams import score, trained
from dlcourse.widgets.it_doesnt_work_why.own import Given, fresh
from dlcourse.widgets.it_doesnt_work_why.patients import Patient, admit
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS, Report, report
from dlcourse.widgets.it_doesnt_work_why.sheets import NAMES, cause_of

__all__ = ["WHY", "ClinicResult", "Once", "Outcome", "doctors_choice", "maker", "outcome", "result_of"]

P = ParamSpec("P")
R = TypeVar("R")

WHY = {check.name: check.why for check in TABLE if check.name in NAMES}
"""Why each cause is a problem, as `dl.diagnose` says it."""


class Once(Generic[P, R]):
    """A function that runs once for the same arguments, and says for which it has run.

    Examples
    --------
    >>> square = Once(lambda n: n * n)
    >>> square.knows(3), square(3), square.knows(3)
    (False, 9, True)
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self._function, self._results = function, dict[object, R]()
        self.__doc__ = function.__doc__

    def __call__(self, *arguments: P.args, **settings: P.kwargs) -> R:
        if not self.knows(*arguments, **settings):
            self._results[arguments, *settings.items()] = self._function(*arguments, **settings)
        return self._results[arguments, *settings.items()]

    def knows(self, *arguments: P.args, **settings: P.kwargs) -> bool:
        """Whether it has run for these."""
        return (arguments, *settings.items()) in self._results


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a whole training comes to.

    Attributes
    ----------
    told, right : float
        On the validation data, which the owner looks at, and on unseen data: the share of right classes, or of the spread
        of measured answers that is explained.
    course : array, shape (2, epochs)
        Loss on training and validation data.
    """

    told: float
    right: float
    course: Array


@dataclass(frozen=True, kw_only=True)
class ClinicResult:
    """Everything that picture and sentence tell of a patient.

    Attributes
    ----------
    number : int
        Of the patient; 0 for a learner's own.
    patient : Patient
        Fresh.
    treated_for : str
        A treatment that is looked at, or "".
    report : Report or None
        Of the test that is looked at.
    reports : dict of str to Report
        Of all tests that were ordered; empty as long as the cause is not found.
    doctor : Report or None
        Of the test that a doctor would have ordered first; once the cause is found.
    minutes : int
        What the tests have cost.
    waits : bool
        For a frame that may not wait: what comes of trainings is left out.
    """

    number: int
    patient: Patient
    treated_for: str
    report: Report | None
    reports: dict[str, Report]
    doctor: Report | None
    minutes: int
    waits: bool = False

    @property
    def sick(self) -> Outcome | None:
        """What the training comes to as it was written; nobody has trained a learner's own."""
        return self._outcome("")

    @property
    def well(self) -> Outcome | None:
        """The same without the fault."""
        return self._outcome(cause_of(self.number)) if self.number else None

    @property
    def treated(self) -> Outcome | None:
        """The same after the treatment."""
        return self._outcome(self.treated_for) if self.treated_for else None

    def _outcome(self, treated_for: str) -> Outcome | None:
        return outcome(self.number, treated_for) if self.number and not self.waits else None


def maker(number: int, own: Given | None) -> Callable[[], Patient]:
    """A function that returns the patient, fresh."""
    return partial(admit, number) if own is None else partial(fresh, own)


@lru_cache(maxsize=512)
def result_of(test: str, number: int, own: Given | None) -> Report:
    """The result of a test, measured once."""
    return report(test, maker(number, own), (lambda: outcome(number, "").course) if own is None else None)


@Once
def outcome(number: int, treated_for: str) -> Outcome:
    """Train a patient from beginning to end, perhaps after a treatment."""
    patient = admit(number, treated_for)
    with np.errstate(all="ignore"):
        course = trained(patient)
        return Outcome(score(patient, patient.validation), score(patient, patient.unseen), course)


@Once
def doctors_choice(number: int) -> Report | None:
    """The cheapest test whose result is not as it should be; of two that cost the same, the one that is listed first."""
    return next((one for test in TESTS if (one := result_of(test, number, None)).off), None)
