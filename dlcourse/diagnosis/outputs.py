"""The output and the loss: whether they speak the same language, and whether the loss can tell one example from another."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import has_one_output, threshold_of_loss
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.graph import ordered
from dlcourse.diagnosis.neighbours import columns, distances
from dlcourse.errors import LabelError, ShapeError, WrongTypeError
from dlcourse.objective import loss_of
from dlcourse.tensor import Tensor

__all__ = ["aims_at", "loss_at", "loss_does_not_fit", "shares", "sigmoid_before_logits", "softmax_twice", "unreachable"]

FROM_LOGITS = {"cross_entropy", "binary_cross_entropy", "hinge", "kl_divergence"}


def loss_at(exam: Exam, outputs: Array, y: Array) -> float:
    """The learner's loss of any outputs; NaN where it cannot be computed."""
    p = exam.patient

    def run() -> float:
        with np.errstate(all="ignore"):
            try:
                kind = trials.kind_of(p)
                return float(loss_of(trials.OWNER, p.loss, Tensor(outputs.astype(kind)), y, kind).item())
            except Exception:  # a loss of a learner's own may raise anything
                return float("nan")

    return p.measured(run)


def shares(array: Array) -> bool:
    """Whether these are rows of probabilities."""
    return bool(
        array.ndim >= 2
        and array.shape[-1] > 1
        and array.min() >= -1e-6
        and np.allclose(array.sum(axis=-1), 1, atol=1e-3)
    )


def _refusals(exam: Exam) -> list[str]:
    if exam.patient.step is not None:
        _ = exam.steps
    errors = [exam.first.error, exam.step_error]
    return [str(error) for error in errors if isinstance(error, WrongTypeError)]


def _into_the_loss(exam: Exam) -> list[Array]:
    """What goes into a loss that takes logits, in the first step that was made."""
    graphs = (
        [exam.steps[0].losses]
        if (exam.patient.step is not None or exam.patient.optimizer is not None) and exam.steps
        else []
    )
    return [
        t.parents[0].data
        for losses in graphs
        for loss in losses
        for t in ordered(loss)
        if t.op in FROM_LOGITS and t.parents
    ]


def softmax_twice(exam: Exam) -> str:
    """Probabilities that a loss takes for logits."""
    for message in _refusals(exam):
        if "comes from softmax already" in message:
            return f"The library refuses it: {message}"
    output = exam.first.output
    for array in [*_into_the_loss(exam), *([] if output is None else [output])]:
        if not shares(array) or np.ptp(array) < 1e-9:
            continue
        y = exam.patient.batches[0][1]
        taken = array is not output or _ignores_a_shift(exam, array, y)
        if taken:
            best = np.log(1 + (array.shape[-1] - 1) * np.exp(-1.0))
            return (
                f"What goes into the loss are probabilities already: {array.shape[-1]} numbers from {array.min():.2g} to {array.max():.2g} that sum to 1 "
                f"in each row, and the loss applies softmax to them again. Even a perfect network could not get below {best:.2f}."
            )
    return ""


def _ignores_a_shift(exam: Exam, outputs: Array, y: Array) -> bool:
    """Whether a loss stays the same when a number is added to all outputs of a row, as with softmax inside."""
    here, moved = loss_at(exam, outputs, y), loss_at(exam, outputs + 3.0, y)
    other = loss_at(exam, outputs * 3.0, y)
    return bool(
        np.isfinite(here) and abs(here - moved) < 1e-4 * max(1e-3, abs(here)) and abs(here - other) > 1e-4 * abs(here)
    )


def sigmoid_before_logits(exam: Exam) -> str:
    """Numbers from 0 to 1 that a loss takes for logits."""
    for message in _refusals(exam):
        if "comes from sigmoid already" in message or "comes from hard_sigmoid already" in message:
            return f"The library refuses it: {message}"
    output = exam.first.output
    for array in [*_into_the_loss(exam), *([] if output is None else [output])]:
        y = exam.patient.batches[0][1]
        if array.min() < 0 or array.max() > 1 or shares(array) or np.ptp(array) == 0:
            continue
        takes_logits = array is not output or _takes_logits(exam, array, y)
        low, high = reach(exam)
        bounded = (low >= -1e-6 and high <= 1 + 1e-6) if output is not None and np.array_equal(array, output) else True
        if takes_logits and bounded and array.max() - array.min() < 1:
            return (
                f"What goes into the loss lies between {array.min():.2g} and {array.max():.2g}, and cannot leave 0 to 1, but the loss takes it for a logit: "
                "0, the surest “no” of a sigmoid, means “fifty-fifty” to it."
            )
    return ""


def _takes_logits(exam: Exam, outputs: Array, y: Array) -> bool:
    if has_one_output(outputs):
        if threshold_of_loss(exam.patient.loss, outputs, y) != 0.0:
            return False
        labels = exam.patient.labels
        return labels is not None
    return _ignores_a_shift(exam, outputs, y)


def reach(exam: Exam) -> tuple[float, float]:
    """The smallest and largest output that other weights can give; infinite where larger weights give larger outputs."""
    if "reach" not in exam.notes:
        exam.notes["reach"] = exam.patient.measured(lambda: _reached(exam))
    return exam.notes["reach"]


def _reached(exam: Exam) -> tuple[float, float]:
    p, rng = exam.patient, np.random.default_rng(0)
    first = {name: p.kept.numbers(q.data) for name, q in p.named.items()}
    ends = []
    for size in (10.0, 1000.0):
        low, high = np.inf, -np.inf
        for _ in range(6):
            for name, q in p.named.items():
                scale = size * (float(np.abs(first[name]).mean()) + 0.1)
                q._write(first[name] + np.float32(scale) * rng.standard_normal(q.shape, np.float32))
            out = trials.outputs_on(p, p.x[:64])
            out = out[np.isfinite(out)]
            if out.size:
                low, high = min(low, float(out.min())), max(high, float(out.max()))
        ends.append((low, high))
    (low, high), (lower, higher) = ends
    room = 0.05 * max(abs(low), abs(high), 1e-6)
    return (low if lower > low - room else -np.inf), (high if higher < high + room else np.inf)


def _span(low: float, high: float) -> str:
    """Where outputs stay, in words."""
    if np.isfinite(low) and np.isfinite(high):
        return f"stays between {low:.3g} and {high:.3g}"
    return f"is never below {low:.3g}" if np.isfinite(low) else f"is never above {high:.3g}"


def unreachable(exam: Exam) -> str:
    """Targets outside of what the last activation can give."""
    p, output = exam.patient, exam.first.output
    if output is None:
        return ""
    low, high = reach(exam)
    if not (np.isfinite(low) or np.isfinite(high)):
        return ""
    low, high = min(low, float(exam.outputs.min())), max(high, float(exam.outputs.max()))
    y = p.y
    if y.size == exam.outputs.size and y.dtype.kind in "iuf":
        as_output = y.reshape(exam.outputs.shape)[:256]
        if abs(loss_at(exam, as_output, p.y[:256])) < 1e-6:
            room = 0.02 * float(np.ptp(y) or 1)
            outside = (y < low - room) | (y > high + room)
            if outside.mean() > 0.02:
                return f"Whatever the weights are, the output {_span(low, high)}. The answers go from {y.min():.3g} to {y.max():.3g}: {outside.mean():.0%} of them are out of reach."
            return ""
    if (
        p.labels is not None
        and has_one_output(output)
        and low >= -1e-6
        and threshold_of_loss(p.loss, output, p.batches[0][1]) == 0.0
    ):
        return f"Whatever the weights are, the output {_span(low, high)}, and the loss takes what is below 0 for class 0: that class is out of reach."
    if (
        p.labels is not None
        and not has_one_output(output)
        and np.isfinite(low)
        and np.isfinite(high)
        and not shares(output)
        and high - low < 5
    ):
        sure = np.where(np.arange(output.shape[-1]) == p.labels.reshape(-1, 1)[:256], high, low)
        least = loss_at(exam, sure, p.y[:256])
        if least > 0.15 * exam.constant:
            return f"Whatever the weights are, the output {_span(low, high)}. With the best outputs in there the loss is still {least:.3g}; without any input it is {exam.constant:.3g}."
    return ""


def loss_does_not_fit(exam: Exam) -> str:
    """A loss for measured values on class numbers, a loss for classes on counts or on measured values."""
    p, error = exam.patient, exam.first.error
    y = p.y if p.y.ndim == 1 or p.y.shape[1:] == (1,) else None
    if exam.first.stage == "loss" and isinstance(error, (LabelError, ShapeError)):
        off = (
            y is not None
            and y.dtype.kind in "iu"
            and exam.first.output is not None
            and _counts_from_one(y, exam.first.output)
        )
        if isinstance(error, LabelError) and not off or "For classes use cross_entropy" in str(error):
            return f"The library refuses these answers: {error}"
        return ""
    if y is None or exam.first.output is None or not np.all(y == np.round(y)):
        return ""
    values = np.unique(y)
    if len(values) < 3 or len(values) > max(30, len(y) // 4) and exam.first.output.shape[-1] == 1:
        return ""
    alike, ratio = _neighbours(exam, y.reshape(-1).astype(float))
    if has_one_output(exam.first.output) and aims_at(exam, y):
        contiguous = values[0] in (0, 1) and np.all(np.diff(values) == 1)
        if contiguous and len(values) <= 30 and (alike > 0.7 or ratio > 0.8 and y.dtype.kind in "iu"):
            return (
                f"The loss measures how far the output is from the class number, {values[0]:g} to {values[-1]:g}, as if class {values[-1]:g} were "
                f"{len(values) - 1} times as far from class {values[0]:g} as class {values[1]:g} is. Neighbours in the data agree on the class in {alike:.0%} of cases."
            )
        return ""
    if exam.first.output.shape[-1] >= len(values) >= 8 and ratio < 0.75 and alike < 0.6:
        return (
            f"The answers are {len(values)} whole numbers from {values[0]:g} to {values[-1]:g} that behave like amounts: where neighbours in the data differ, they differ by "
            f"{ratio:.0%} of what any two do, and they agree in only {alike:.0%} of cases. To the loss a near miss is as wrong as a far one."
        )
    return ""


def _counts_from_one(y: Array, output: Array) -> bool:
    return bool(y.min() == 1 and y.max() == output.shape[-1] and output.shape[-1] > 1)


def aims_at(exam: Exam, y: Array) -> bool:
    """Whether the loss is least where the output is the answer itself, as for measured values."""
    y = y[:256]
    if y.size != exam.outputs[:256].size:
        return False
    outputs = y.reshape(len(y), *exam.outputs.shape[1:]).astype(float)
    here, above, below = (loss_at(exam, outputs + move, y) for move in (0.0, 0.2, -0.2))
    return bool(here < above and here < below)


def _neighbours(exam: Exam, y: Array) -> tuple[float, float]:
    """How often an example has its nearest neighbour's answer; how far apart those that differ are, against any two that do."""
    x = columns(exam.patient.x)
    apart = distances(x, x)
    np.fill_diagonal(apart, np.inf)
    nearest = y[apart.argmin(axis=1)]
    pairs = np.abs(y[:, None] - y[None])
    other = nearest != y
    ratio = float(np.abs(nearest - y)[other].mean() / pairs[pairs > 0].mean()) if other.sum() >= 5 else 1.0
    return float(1 - other.mean()), ratio
