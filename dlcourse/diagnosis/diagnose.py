"""diagnose: what is wrong with a training, measured."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.calls import explained
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.findings import Finding, Findings, Unseen
from dlcourse.diagnosis.least import count_from_least
from dlcourse.diagnosis.patient import OutOfTime, Patient
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.diagnosis.table import NAMES, TABLE, Check
from dlcourse.errors import WrongTypeError, brief, check_positive
from dlcourse.initializers import check_rng
from dlcourse.meanwhile import restored
from dlcourse.metrics import check_model
from dlcourse.optimizers.optimizer import Optimizer

__all__ = ["diagnose"]


@explained
def diagnose(
    model: Any,
    data: Any,
    *,
    loss: Callable[[Any, Any], Any],
    optimizer: Any = None,
    step: Callable[[Any, Any], Any] | None = None,
    validation: Any = None,
    history: Any = None,
    seconds: float = 10.0,
    rng: np.random.Generator | None = None,
) -> Findings:
    """Say what is wrong with a training, the most likely cause first; nothing, where it is healthy.

    Everything that it says is measured: on a few minibatches, in short trainings, in simple predictions. What is changed
    meanwhile is put back bit for bit, also after an error or an interrupt: the model and the optimizer with all that they
    hold, the generators, the data, and whatever `loss` and `step` lead to: what they close over, their defaults, the object
    of a method, and the names of their module that they read or set. What only exists outside of Python's objects cannot be
    put back: files that a step writes, lines that it prints, and the position of an iterator that it draws from.

    Parameters
    ----------
    model : Module or callable
    data : Dataset, (x, y), or minibatches
        Minibatches are `train.batches(32, rng=rng)`, a list of pairs, or anything that can be looped over again.
    loss : callable
        (prediction, truth) -> scalar tensor.
    optimizer : Optimizer, optional
    step : callable, optional
        (x, y) -> anything: your own training step, where you wrote the loop yourself. It is watched and called some
        hundred times.
    validation : Dataset or (x, y), optional
    history : History, optional
        Of a training that has ended.
    seconds : float
        How long it may take. What there was no time for is said at the end.
    rng : numpy Generator, optional
        Chooses the sample that is looked at, and is as before afterwards. The same choice every time without it.

    Returns
    -------
    Findings
        A list of `Finding`: name, what was seen, why it matters, what to do, code that shows it. `print` it.

    Raises
    ------
    WrongTypeError
        If an argument is of the wrong kind.
    DataError
        If there are no examples.
    ShapeError
        If there is not one answer for each example.

    References
    ----------
    Karpathy (2019), “A Recipe for Training Neural Networks”. Schoop, Huang, Hartmann (2021), “UMLAUT: Debugging Deep
    Learning Programs using Program Structure and Model Behavior”. Ben Braiek, Khomh (2022), “Testing Feedforward Neural
    Networks Training Programs”. Northcutt, Jiang, Chuang (2021), “Confident Learning”.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> rng = np.random.default_rng(0)
    >>> moons = dl.data.moons(200, rng=rng)
    >>> model = dl.Sequential(dl.Dense(2, 16, activation=dl.tanh, rng=rng), dl.Dense(16, 2, rng=rng))
    >>> dl.diagnose(model, moons, loss=dl.cross_entropy, optimizer=dl.SGD(model.parameters(), lr=1e-6)).names
    ['learning rate far too low']
    """
    check_model("diagnose", model)
    for name, given in (("loss", loss), ("step", step)):
        if not callable(given) and not (given is None and name == "step"):
            raise WrongTypeError(f"diagnose: {name} should be a function, not {brief(given)}.")
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise WrongTypeError(
            f"diagnose: optimizer should be made first, such as dl.Adam(model.parameters(), 1e-3), not {brief(optimizer)}."
        )
    seconds = check_positive("diagnose", "seconds", seconds)
    generator = np.random.default_rng(0) if rng is None else check_rng("diagnose", rng)
    begin, state = time.perf_counter(), generator.bit_generator.state
    return restored(
        lambda: _diagnosed(
            Patient(model, data, loss=loss, optimizer=optimizer, step=step, validation=validation, history=history,
                    seconds=seconds, rng=generator),
            begin,
        ),
        lambda: setattr(generator.bit_generator, "state", state),
    )  # fmt: skip


def _diagnosed(patient: Patient, begin: float) -> Findings:
    exam = Exam(patient)
    try:
        least = count_from_least(exam)
    except OutOfTime:
        least = 0.0
    found: list[Finding] = []
    unseen: list[Unseen] = []
    for check in TABLE:
        names = {finding.name for finding in found}
        if (check.alone and found) or names.intersection(check.unless) or check.name in names:
            continue
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what is wrong is told in the note
                seen = check.look(exam)
        except (Skipped, OutOfTime) as reason:
            why = str(reason) or f"the {patient.seconds:g} seconds were over"
            unseen.append(Unseen(check.name, why))
            continue
        except (
            Exception
        ) as error:  # whatever a model, a loss or a step of a learner's own may raise, where it was not expected
            unseen.append(Unseen(check.name, f"{type(error).__name__}: {brief(str(error))}"))
            continue
        if seen:
            found.append(_finding(check, seen, least))
            if check.ends:
                break
    return Findings(found, unseen=unseen, looked_at=len(NAMES), seconds=time.perf_counter() - begin)


def _finding(check: Check, seen: str, least: float) -> Finding:
    if least < 0 and "loss" in seen:
        seen += f" Losses are counted from {least:.3g}, the least that this one can come to here."
    return Finding(check.name, seen, check.why, check.advice, check.code)
