"""The state of `Clinic`: which patient, which tests were ordered, the diagnosis, and what it was treated for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import dlcourse as dl
from dlcourse.live.widget import Widget, action, choice, slider, state
from dlcourse.widgets.it_doesnt_work_why.numbers import ClinicResult, doctors_choice, maker, outcome, result_of
from dlcourse.widgets.it_doesnt_work_why.own import Given, given
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS
from dlcourse.widgets.it_doesnt_work_why.sheets import NAMES, cause_of

__all__ = ["LAST", "NOT_YET", "ClinicState"]

LAST = 200
"""So many patients can come."""
NOT_YET = "?"
"""As long as there is no diagnosis."""


@dataclass(frozen=True, eq=False)
class ClinicState(Widget):
    """Fields, controls and numbers; `Clinic` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"model": "who"}

    number: int = slider(1, 1, LAST, label="patient")
    test: str = choice("look at the data", tuple(TESTS), label="test")
    diagnosis: str = choice(NOT_YET, (NOT_YET, *sorted(NAMES, key=str.lower)), label="diagnosis")
    who: str = choice("waiting room", ("waiting room", "yours"), label="from", advanced=True)
    ordered: tuple[str, ...] = state(())
    treated: str = state("")
    """What it was treated for last, as long as that is looked at."""
    tried: tuple[str, ...] = state(())
    """All that it was treated for."""
    model: Any = state(None)
    data: Any = state(None)
    loss: Callable[..., Any] = state(dl.cross_entropy)
    optimizer: Any = state(None)
    validation: Any = state(None)
    own: Given | None = state(None)
    """The learner's own, as it was when the widget was made."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and self.own is None:
            own = given(self.model, self.data, self.loss, self.optimizer, self.validation)
            object.__setattr__(self, "own", own)

    @property
    def yours(self) -> bool:
        """Whether the learner's own network is examined."""
        return self.who == "yours" and self.own is not None

    @property
    def shown(self) -> bool:
        """Whether the result of the chosen test is looked at."""
        return self.test in self.ordered and not self.treated and not self.hides

    @property
    def solved(self) -> bool:
        """Whether the cause has been found."""
        return not self.yours and cause_of(self.number) in self.tried

    @property
    def suspected(self) -> str:
        """A diagnosis that it was not treated for yet, or nothing."""
        return "" if self.yours or self.diagnosis in (NOT_YET, self.treated) else self.diagnosis

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; another patient has had no test, and another test is looked at."""

        def is_new(name: str) -> bool:
            return bool(changes.get(name, getattr(self, name)) != getattr(self, name))

        if is_new("number") or (is_new("who") and self.own is not None):
            changes = {"ordered": (), "treated": "", "tried": (), "diagnosis": NOT_YET, **changes}
        elif is_new("test") or is_new("diagnosis"):
            changes = {"treated": "", **changes}
        return super().replace(**changes)

    def compute(self) -> ClinicResult:
        own = self.own if self.yours else None
        number = self.number if own is None else 0
        waits = self.hurried and self.takes_long()
        told = self.solved and not waits
        reports = {test: result_of(test, number, own) for test in self.ordered} if told else {}
        return ClinicResult(
            number=number,
            patient=maker(number, own)(),
            treated_for=self.treated,
            report=result_of(self.test, number, own) if self.shown else None,
            reports=reports,
            doctor=doctors_choice(number) if told else None,
            minutes=sum(TESTS[test].minutes for test in self.ordered),
            waits=waits,
        )

    def takes_long(self) -> bool:
        """Whether something has to be trained first, or a doctor to be asked."""
        trainings = {"", cause_of(self.number), self.treated}
        is_known = all(outcome.knows(self.number, treated_for) for treated_for in trainings)
        return not self.yours and not (is_known and (doctors_choice.knows(self.number) or not self.solved))

    def background(self) -> Hashable:
        """Each chart has its own axes; as long as there is none, they are the same for everybody."""
        waits = self.hurried and self.takes_long()
        drawn = self.shown or (self.treated and not waits)
        return (self.number, self.yours, self.test, self.treated) if drawn else ()

    def idle_controls(self) -> Collection[str]:
        """A test is ordered once, and treatment needs a diagnosis; there is nothing of yours unless you gave it."""
        idle = ["order"] if self.test in self.ordered and not self.treated else []
        idle += [] if self.suspected else ["treat"]
        return idle + (["who"] if self.own is None else [])

    def absent_controls(self) -> Collection[str]:
        """Your own network has no number, and its cause is nobody's secret: `dl.diagnose` looks for it."""
        return ("number", "diagnosis", "treat", "next_patient") if self.yours else ()

    def choose(self, row: int) -> Self:
        """With another test looked at, counted from 0, or the nearest there is."""
        return self.replace(test=tuple(TESTS)[min(max(row, 0), len(TESTS) - 1)])

    @action("Order the test")
    def order(self) -> Self:
        """The chosen test, paid for once."""
        if "order" in self.idle_controls():
            return self
        ordered = self.ordered if self.test in self.ordered else (*self.ordered, self.test)
        return self.replace(ordered=ordered, treated="")

    @action("Treat for it")
    def treat(self) -> Self:
        """Change what the diagnosis says is wrong, and train again."""
        if self.yours or "treat" in self.idle_controls():
            return self
        return self.replace(treated=self.diagnosis, tried=(*self.tried, self.diagnosis))

    @action("Next patient")
    def next_patient(self) -> Self:
        """Whoever is waiting."""
        return self if self.yours else self.replace(number=self.number % LAST + 1)
