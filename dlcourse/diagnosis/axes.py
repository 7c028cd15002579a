"""Examples of a batch that get into each other's way: in the model, in the loss, or in what is left in training mode."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.graph import ordered
from dlcourse.diagnosis.outputs import loss_at, shares
from dlcourse.errors import ShapeError
from dlcourse.layers.modes import evaluating
from dlcourse.recording import no_grad
from dlcourse.tensor import Tensor

__all__ = ["mixing", "training_mode", "wrong_axis"]


def wrong_axis(exam: Exam) -> str:
    """Examples of a batch that get into each other's way: in the model, or in the loss."""
    tests: list[Callable[[Exam], str]] = [_shapes, _pairs_of_all, _columns_of_shares, _dealt_anew, _mixes]
    return next((seen for test in tests if (seen := test(exam))), "")


def _shapes(exam: Exam) -> str:
    first, (x, y) = exam.first, exam.patient.batches[0]
    errors = [first.error] if first.stage == "loss" else []
    if exam.patient.step is not None:
        _ = exam.steps
        errors.append(exam.step_error)
    for error in errors:
        if _compares(error) and first.output is not None and first.output.size == y.size:
            return f"The library refuses it: {error}"
    if first.output is not None and (first.output.ndim == 0 or len(first.output) != len(x)):
        return f"{len(x)} examples went in, and the output has shape {first.output.shape}: the axis of the examples was averaged, or moved, away."
    return ""


def _compares(error: Exception | None) -> bool:
    """Whether shapes were refused, other than that of a loss that is no single number."""
    return isinstance(error, ShapeError) and "the loss should be one number" not in str(error)


def _graph(exam: Exam) -> list[Tensor]:
    if exam.patient.step is None and exam.patient.optimizer is None:
        return []
    return [t for loss in (exam.steps[0].losses if exam.steps else []) for t in ordered(loss)]


def _pairs_of_all(exam: Exam) -> str:
    """(N,) against (N, 1) in the loss of the learner's own step."""
    number = len(exam.patient.batches[0][0])
    for t in _graph(exam):
        shapes = {p.shape for p in t.parents}
        if t.shape == (number, number) and number > 1 and shapes == {(number,), (number, 1)}:
            return f"In {t.op}, shapes ({number},) and ({number}, 1) become ({number}, {number}): every prediction is compared with every answer, not with its own."
    return ""


def _columns_of_shares(exam: Exam) -> str:
    """Softmax down the batch."""
    for t in _graph(exam):
        data = t.data
        if (
            data.ndim == 2
            and min(data.shape) > 1
            and data.min() >= 0
            and np.allclose(data.sum(axis=0), 1, atol=1e-4)
            and np.ptp(data) > 1e-6
            and not np.allclose(data.sum(axis=1), 1, atol=1e-3)
        ):
            return f"The result of {t.op} has shape {data.shape}, and its columns sum to 1 instead of its rows: the examples of a batch share one probability among them."
    return ""


def _dealt_anew(exam: Exam) -> str:
    """A loss that does not notice when the answers are dealt out anew, or whose classes are compared across the batch."""
    p = exam.patient
    if exam.first.output is None or exam.first.stage == "loss" or len(p.x) < 8:
        return ""
    n = min(64, len(p.x))
    rng = np.random.default_rng(0)
    y = p.y[:n]
    if len(np.unique(y)) < 2:
        return ""
    outputs = rng.normal(size=(n, *exam.outputs.shape[1:]))
    if shares(exam.outputs):
        outputs = np.exp(outputs) / np.exp(outputs).sum(axis=-1, keepdims=True)
    elif exam.outputs.min() >= 0:
        outputs = np.abs(outputs) / 5
    here = loss_at(exam, outputs, y)
    if not np.isfinite(here):
        return ""
    if loss_at(exam, 0.5 * outputs, y) == here:
        return ""  # nor does it know the outputs
    anew = [loss_at(exam, outputs, y[rng.permutation(n)]) for _ in range(4)]
    if all(abs(other - here) <= 1e-5 * max(abs(here), 1e-9) for other in anew):
        return f"The loss does not know which answer belongs to which example: it is {here:.4g}, and after the answers were dealt out anew it is {anew[0]:.4g}."
    if outputs.ndim == 2 and outputs.shape[1] > 1 and not shares(exam.outputs):
        moved = [loss_at(exam, outputs + 2.0 * (np.arange(outputs.shape[1]) == k), y) for k in range(outputs.shape[1])]
        if all(abs(other - here) <= 1e-5 * abs(here) for other in moved):
            return f"Adding 2 to one class's score for all examples leaves the loss at {here:.4g}: the scores are compared down the batch, not across the classes."
    return ""


def mixing(exam: Exam) -> tuple[float, float]:
    """How much outputs change with the rest of the batch, while predicting: as it is, and with all modules told to predict."""
    p = exam.patient
    n = min(8, len(p.x) // 3)
    if n < 1:
        return 0.0, 0.0
    company, others = (np.concatenate([p.x[:n], p.x[i * n : (i + 1) * n]]) for i in (1, 2))

    def change(silent: bool) -> float:
        for module in p.modules if silent else ():
            module.training = False
        one, two = trials.outputs_on(p, company), trials.outputs_on(p, others)
        if one.shape != two.shape or len(one) != 2 * n:
            return 0.0
        return float(np.abs(one[:n] - two[:n]).max() / (np.abs(one).mean() + 1e-9))

    return p.measured(lambda: change(False)), p.measured(lambda: change(True))


def _mixes(exam: Exam) -> str:
    if exam.first.stage == "forward" or exam.first.output is None or _noise(exam) > 1e-6:
        return ""
    alone, silent = mixing(exam)
    if alone < 1e-3 or silent < 1e-3 or _standardizes(exam):
        return ""
    return f"While predicting, the same examples get other outputs in other company: they change by {alone:.0%} of their size when the rest of the batch is another one."


def _noise(exam: Exam) -> float:
    """How much the outputs of the same examples change from one call to the next while predicting."""
    p = exam.patient

    def run() -> float:
        one, two = trials.outputs_on(p, p.x[:32]), trials.outputs_on(p, p.x[:32])
        return float(np.abs(one - two).max() / (np.abs(one).mean() + 1e-9)) if one.shape == two.shape else 0.0

    return p.measured(run)


def _standardizes(exam: Exam) -> bool:
    """Whether a result in the graph has mean 0 and variance 1 over the batch, in every column, while predicting."""
    p = exam.patient

    def run() -> bool:
        with evaluating(p.model), np.errstate(all="ignore"):
            loss = trials.loss_tensor(p, p.x[:32], p.y[:32])[1]
        for t in ordered(loss) if loss.requires_grad else []:
            rows = t.data.reshape(-1, t.shape[-1]) if t.ndim >= 2 else t.data.reshape(-1, 1)
            if (
                rows.shape[1] > 1
                and len(rows) >= 16
                and np.abs(rows.mean(axis=0)).max() < 1e-3
                and np.abs(rows.std(axis=0) - 1).max() < 0.005
            ):
                return True
        return False

    return p.measured(run)


def training_mode(exam: Exam) -> str:
    """Outputs that are drawn by lot while predicting, or that depend on the rest of the batch by its statistics."""
    p = exam.patient
    if exam.first.stage == "forward" or exam.first.output is None:
        return ""
    noise = _noise(exam)
    if noise > 1e-6:
        return f"While predicting, the same 32 examples were given twice, and the outputs differ by up to {noise:.0%} of their size: something is still drawn by lot, as in training."
    if len(p.x) >= 6:
        alone, silent = mixing(exam)
        if alone > 1e-3 and (silent < 1e-3 or _standardizes(exam)):
            return f"While predicting, an example's output depends on the rest of its batch, by {alone:.0%} of its size: the statistics of the batch are still used, as in training."
    return _judged_while_training(exam)


def _judged_while_training(exam: Exam) -> str:
    """A history whose validation loss is that of the training mode."""
    p = exam.patient
    noted = p.noted("validation_loss")
    if not noted or p.validation is None or not p.modules:
        return ""
    x, y = p.validation

    def judged() -> list[float]:
        values = []
        with no_grad(), np.errstate(all="ignore"):
            for _ in range(20):
                for module in p.modules:
                    module.training = True
                values.append(float(trials.loss_tensor(p, x, y)[1].item()))
        return values

    training, quiet = p.measured(judged), p.measured(lambda: trials.loss_on(p, x, y))
    middle, spread, last = float(np.mean(training)), float(np.std(training)), float(noted[-1])
    apart = abs(middle - quiet)
    if np.isclose(np.asarray(noted, float), quiet, rtol=1e-3).any():
        return ""  # it was judged as it should be, though perhaps not at the end
    if apart > 2 * spread + 0.05 * abs(quiet) and abs(last - middle) < max(0.25 * apart, min(2 * spread, 0.5 * apart)):
        return f"The last validation loss in the history is {last:.3g}. While predicting the model has {quiet:.3g} on these examples, while training {middle:.3g}: it was judged in training mode."
    return ""
