"""What `Clinic` says, and the code that computes the same numbers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from dlcourse.live.source import plain_source
from dlcourse.widgets.it_doesnt_work_why import exams
from dlcourse.widgets.it_doesnt_work_why.numbers import WHY, ClinicResult, Outcome
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS, Chart, Report
from dlcourse.widgets.it_doesnt_work_why.sheets import cause_of
from dlcourse.widgets.it_doesnt_work_why.state import ClinicState

__all__ = ["chart_of", "code", "code_results", "describe", "heading", "outlook"]


def share(value: float) -> str:
    """A share in percent; below nothing it is nothing.

    Examples
    --------
    >>> share(0.934), share(-2.0)
    ('93 %', '0 %')
    """
    return f"{max(value, 0.0):.0%}".replace("%", " %")


def chart_of(state: ClinicState, result: ClinicResult) -> Chart | None:
    """The chart that is looked at: that of a treatment, of a test, or none."""
    if result.treated is not None and result.sick is not None:
        level = exams.expected_loss(result.patient)
        return Chart(
            "lines", "epoch", ("treated", "before"), (result.treated.course[1], result.sick.course[1]), level=level
        )
    return result.report.chart if result.report is not None else None


def sizes(result: ClinicResult) -> str:
    """The numbers of units from input to output, such as 64 → 32 → 10; equal ones in a row are counted."""
    matrices = [p.shape for p in result.patient.parameters() if p.ndim == 2]
    if not matrices:
        return ""
    runs = [(width, len(list(same))) for width, same in groupby([shape[1] for shape in matrices[:-1]])]
    hidden = [f"{number} × {width}" if number > 2 else " → ".join([str(width)] * number) for width, number in runs]
    return " → ".join([str(matrices[0][0]), *hidden, str(matrices[-1][1])])


def heading(state: ClinicState, result: ClinicResult) -> str:
    """Who it is."""
    who = "Your network" if state.yours else f"Patient {state.number}: {result.patient.title}"
    return f"{who}, {sizes(result)}"


def does(result: ClinicResult) -> str:
    """What the shares count."""
    return "is right about" if result.patient.classes else "explains"


def outlook(state: ClinicState, result: ClinicResult) -> str:
    """How it does, and how one does that is well."""
    if result.waits:
        return "treated, and trained anew …" if state.treated else "in training …"
    if result.sick is None or result.well is None:
        return "examined as it is now; each test begins anew"
    now = f"{does(result)} {share(result.sick.right)} of unseen data (well: {share(result.well.right)})"
    if state.suspected:
        return f"not treated yet: {state.suspected}"
    if result.treated is not None:
        return f"treated: {share(result.treated.right)} of unseen data, was {share(result.sick.right)} (well: {share(result.well.right)})"
    return f"{now}, {share(result.sick.told)} of validation"


def describe(state: ClinicState, result: ClinicResult) -> str:
    """The complaint, the test or the treatment that is looked at, and in the end what a doctor would have done."""
    text = f"{heading(state, result)}. "
    if result.waits:
        text += f"Treated for “{state.treated}”, and trained anew …" if state.treated else "In training … "
        if state.treated:
            return text
    elif result.sick is None or result.well is None:
        text += "Choose a test and order it. " if result.report is None else ""
    elif result.treated is None:
        text += (
            f"Trained to the end, it {does(result)} {share(result.sick.told)} of the validation data and "
            f"{share(result.sick.right)} of unseen data; one that is well, {share(result.well.right)}. "
        )
    if result.treated is not None and result.well is not None:
        return text + treatment(state, result, result.treated)
    after = f" Diagnosis: “{state.suspected}”, not treated yet." if state.suspected else ""
    if result.report is not None:
        test = result.report.test
        return f"{text}{test.capitalize()} ({TESTS[test].minutes} min): {result.report.text}{after}"
    cost = TESTS[state.test].minutes
    return (
        f"{text}“{state.test.capitalize()}” costs {cost} min and is not ordered yet. "
        f"Spent so far: {result.minutes} min.{after}"
    )


def treatment(state: ClinicState, result: ClinicResult, treated: Outcome) -> str:
    """What a treatment has done; once the cause is found, what a doctor would have ordered first."""
    assert result.well is not None and result.sick is not None
    text = (
        f"Treated for “{state.treated}”: {share(treated.told)} on validation and {share(treated.right)} on unseen data, "
        f"where it was {share(result.sick.told)} and {share(result.sick.right)}. "
    )
    if state.treated != cause_of(state.number):
        better = treated.right > result.sick.right + 0.05
        return text + ("It is better, and something is still wrong." if better else "That was not it.")
    text += f"That was it. {WHY[state.treated]} You spent {result.minutes} min. "
    return text + first_choice(result.doctor)


def first_choice(doctor: Report | None) -> str:
    """Which test a doctor would have ordered first, and what it shows."""
    if doctor is None:
        return ""
    return f"A doctor would have ordered “{doctor.test}” first ({TESTS[doctor.test].minutes} min). {doctor.text}"


def code(state: ClinicState) -> str:
    """The functions that ran, and the patient that they were run on."""
    lines = "import numpy as np\nimport dlcourse as dl\n"
    if state.yours:
        lines += "from dlcourse.widgets.it_doesnt_work_why.own import examined\n\n"
        settings = "model, data, loss=loss, optimizer=optimizer, validation=validation"
        comes = f"examined({settings})   # your own"
    else:
        lines += "from dlcourse.widgets.it_doesnt_work_why.patients import admit   # whoever comes, fresh\n\n"
        comes = f"admit({state.number}{f', {state.treated!r}' if state.treated else ''})"
    if state.shown:
        test = TESTS[state.test]
        functions, call = (*test.helpers, test.run), test.call
    else:
        functions = (exams.trained, exams.score)
        call = "course = trained(patient)\ntold, right = (score(patient, part) for part in (patient.validation, patient.unseen))"
    lines += "\n\n".join(plain_source(function) for function in functions)
    lines += f"\n\npatient = {comes}\n"
    if state.shown and "same_patient" in call:
        lines += f"same_patient = {comes}\n"
    indented = "\n".join(f"    {line}" for line in call.split("\n"))
    return lines + f"with np.errstate(all='ignore'):\n{indented}\n"


def code_results(state: ClinicState, result: ClinicResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    if result.report is not None:
        return result.report.measured
    shown = result.treated or result.sick
    return {"told": shown.told, "right": shown.right, "course": shown.course} if shown is not None else {}
