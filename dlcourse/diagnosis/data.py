"""The examples and their answers: scales, constants, labels."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.decision import class_numbers
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.neighbours import Guess, columns
from dlcourse.diagnosis.repeats import answers_are_symbols, undecided
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.errors import counted, joined
from dlcourse.objective import loss_of
from dlcourse.tensor import Tensor

__all__ = [
    "constant_features", "missing_class", "off_by_one", "out_of_balance", "shuffled", "noisy_labels", "unscaled",
]  # fmt: skip

UNEQUAL = 150.0  # times: the largest feature against the smallest
LARGE = 60.0  # where all features have one scale
TINY = 2e-3
SELDOM = 0.05  # of the examples
NOISY = 0.14
SKILLED = 3.3  # standard errors above chance
RARE = 3  # examples of a class
UNDECIDED = 0.15  # of the examples: then inputs alone do not say the answer, noise or not


def unscaled(exam: Exam) -> str:
    """What goes into the first weights: one feature far larger than another, or all far from 1."""
    feeds = next((node.feeds for node in exam.first.graph if node.feeds is not None), None)
    if feeds is None:
        feeds = exam.patient.batches[0][0]
    if feeds.dtype.kind not in "fiu" or feeds.ndim < 2:
        return ""
    if (
        feeds.dtype.kind in "iu"
        and feeds.dtype.itemsize > 1
        and any("embedding" in node.op for node in exam.first.graph)
    ):
        return ""
    x = exam.patient.x
    rows = (
        x
        if x.ndim >= 2 and x.shape[1:] == feeds.shape[1:] and np.array_equal(exam.patient.batches[0][0], feeds)
        else feeds
    )
    flat = np.abs(rows.reshape(-1, rows.shape[-1]).astype(np.float64))
    if not np.isfinite(flat).all():
        return ""
    # A feature that is hardly ever anything but 0, as the corner of a picture is, does not say how large it may be.
    most = flat.max(axis=0) * ((flat > 0).mean(axis=0) > SELDOM)
    used = most[most > 0]
    if used.size == 0:
        return ""
    if used.max() > UNEQUAL * used.min():
        i, j = int(most.argmax()), int(np.where(most > 0, most, np.inf).argmin())
        return f"Feature {i} goes up to {most[i]:.4g}, feature {j} to {most[j]:.4g}: {most[i] / most[j]:,.0f} times as much, where the first weights take them."
    typical = float(np.sqrt(np.mean(np.square(flat))))
    if typical > LARGE or typical < TINY:
        return f"The numbers that the first weights take have a root mean square of {typical:.3g} and go up to {most.max():.4g}; initial weights are made for numbers around 1."
    return ""


def constant_features(exam: Exam) -> str:
    """Features that are the same for all examples."""
    x = exam.patient.all_x if len(exam.patient.all_x) <= 5000 else exam.patient.x
    if x.ndim < 2 or len(x) < 8 or x.dtype.kind not in "fiu":
        return ""
    if x.dtype.kind in "iu" and x.dtype.itemsize > 1:  # numbers of symbols
        return ""
    rows = x.reshape(-1, x.shape[-1])
    fixed = (rows == rows[:1]).all(axis=0)
    if not fixed.any():
        return ""
    values, number, features = rows[0][fixed], int(fixed.sum()), len(fixed)
    dark = np.ptp(values) == 0 and values[0] == rows.min() or np.all(values == 0)
    switches = bool(np.isin(rows, (0, 1)).all())
    if features > 1 and dark and (features >= 40 or switches) and number < 0.4 * features:
        return ""  # the corners of pictures are always dark, and some symbols do not occur
    which = joined(np.flatnonzero(fixed)[:5].tolist()) + (", …" if number > 5 else "")
    return f"{counted(number, 'feature')} of {features} {'is' if number == 1 else 'are'} one and the same number in all {len(x)} examples: {which} (value {values[0]:.3g})."


def _width(exam: Exam) -> int:
    output = exam.first.output
    return 0 if output is None or output.ndim < 2 else int(output.shape[-1])


def _class_answers(exam: Exam) -> Array | None:
    """Class numbers as they stand in y, where the loss takes one label for a row of scores."""
    y = exam.patient.all_y
    width = _width(exam)
    if y.dtype.kind not in "iu" or y.ndim != 1 or width < 2 or exam.first.output is None or exam.first.output.ndim != 2:
        return None
    return y


def off_by_one(exam: Exam) -> str:
    """Labels that begin at 1 where 0 is meant."""
    y, width = _class_answers(exam), _width(exam)
    if y is None or y.min() < 1:
        return ""
    if y.max() == width and y.min() == 1:
        return (
            f"The labels go from 1 to {y.max()}, and the model has {width} outputs, for the classes 0 to {width - 1}."
        )
    if y.min() == 1 and y.max() == width - 1 and len(np.unique(y)) == width - 1:
        return f"The labels go from 1 to {y.max()}, and the model has {width} outputs: class 0 never occurs, as if the labels were counted from 1."
    return ""


def missing_class(exam: Exam) -> str:
    """An output whose class never occurs."""
    y, width = _class_answers(exam), _width(exam)
    if y is None or y.min() < 0 or y.max() >= width:
        return ""
    counts = np.bincount(y)
    if counts[counts > 0].min() <= RARE or answers_are_symbols(exam):
        return ""  # where some classes are that rare, others may be missing by chance; and some symbols never come next
    missing = sorted(set(range(width)) - set(np.unique(y).tolist()))
    p = exam.patient
    if p.validation is not None and p.validation[1].ndim == 1 and p.validation[1].dtype.kind in "iu":
        unknown = sorted(set(np.unique(p.validation[1]).tolist()) - set(np.unique(y).tolist()))
        if unknown and len(y) >= 10 * width:
            return f"The validation data has examples of {'class' if len(unknown) == 1 else 'the classes'} {joined(unknown)}; among {len(y)} training examples there is none."
    if not missing or len(y) < 8 * width or len(missing) > width / 2:
        return ""
    return f"The model has {width} outputs, and among {len(y)} examples there is none of {'class' if len(missing) == 1 else 'the classes'} {joined(missing)}."


def out_of_balance(exam: Exam) -> str:
    """One class that is nearly always right."""
    p = exam.patient
    labels = class_numbers(p.all_y) if p.labels is not None else None
    if labels is None or len(labels) < 30:
        return ""
    values, counts = np.unique(labels, return_counts=True)
    share = float(counts.max() / counts.sum())
    if share < 0.9 or _weighs_against(exam, share):
        return ""
    if len(values) == 1:
        return f"All {len(labels)} examples have the answer {values[0]}: there is nothing to tell apart."
    return f"“Always {values[counts.argmax()]}” is right for {share:.1%} of {len(labels)} examples; the rarest class has {counts.min()}."


def _weighs_against(exam: Exam, share: float) -> bool:
    """Whether the loss gives the rare classes more weight: how hard examples of the common class pull, all together."""
    p = exam.patient
    labels = p.labels
    if labels is None:
        return False
    common = labels.reshape(-1) == np.bincount(labels.reshape(-1)).argmax()

    def pulls() -> float:
        kind = trials.kind_of(p)
        out = Tensor(np.zeros((len(labels), *exam.outputs.shape[1:]), kind), requires_grad=True)
        loss_of(trials.OWNER, p.loss, out, p.y, kind).backward()
        size = np.abs(np.asarray(out.grad)).reshape(len(labels), -1).sum(axis=1)
        return float(size[common].sum() / size.sum()) if size.sum() > 0 else share

    try:
        return p.measured(pulls) < 0.8
    except Exception:  # a loss of a learner's own may want other outputs
        return False


def skill(exam: Exam) -> tuple[float, float, str]:
    """How well the best simple predictor does on what it has not seen, by what chance would, in standard errors; who that is."""
    targets, best = exam.targets, (0.0, -np.inf, "")
    for guess in exam.guesses:
        scores, truth = guess.scores, targets
        score = related(scores, truth)
        right = (
            float((scores.argmax(axis=1) == truth.argmax(axis=1)).mean())
            if exam.classes
            else correlation(scores, truth)
        )
        best = max(best, (right, score, guess.name), key=lambda item: item[1])
    return best


def related(scores: Array, truth: Array) -> float:
    """How well scores go with answers, in standard deviations of what they would by chance, if the answers were dealt out anew.

    With columns that go together, as the lengths and widths of a flower do, chance does more than with as many that do not.
    """
    scores, truth = scores - scores.mean(axis=0), truth - truth.mean(axis=0)
    chance = float(np.sum((scores.T @ scores) * (truth.T @ truth))) / max(1, len(truth) - 1)
    return float(np.sum(scores * truth) / np.sqrt(chance)) if chance > 0 else 0.0


def correlation(scores: Array, truth: Array) -> float:
    """Of all columns together, about their means."""
    scores, truth = scores - scores.mean(axis=0), truth - truth.mean(axis=0)
    size = float(np.sqrt(np.sum(scores**2) * np.sum(truth**2)))
    return float(np.sum(scores * truth)) / size if size > 0 else 0.0


def _can_compare(exam: Exam) -> None:
    p = exam.patient
    if len(p.x) < 60:
        raise Skipped(f"{len(p.x)} examples are too few")
    if exam.classes == 1 or (p.labels is None and (p.y.dtype.kind != "f" or p.y.ndim > 2)):
        raise Skipped("the answers are neither one class nor measured values for each example")


def shuffled(exam: Exam) -> str:
    """Answers that have nothing to do with the examples."""
    _can_compare(exam)
    if not columns(exam.patient.x).any():
        raise Skipped("all examples are the same")
    others = len(exam.targets) * (1 - exam.targets.mean(axis=0).max()) if exam.classes else len(exam.targets)
    if others < 25:
        raise Skipped(f"{round(others)} examples of all classes but the commonest are too few")
    if any(related(guess.scores, exam.targets) > SKILLED for guess in exam.guesses):
        return ""
    if any(model_skill(exam, out) > 3.0 for out in exam.lengths()):
        return ""
    right, _, _ = skill(exam)
    said = f"{right:.0%} right" if exam.classes else f"a correlation of {right:.2f}"
    chance = f"; always the commonest class gives {exam.targets.mean(axis=0).max():.0%}" if exam.classes else ""
    return f"Examples say nothing about answers: on what they have not seen, the best of {len(exam.guesses)} simple predictors has {said}{chance}, and this model, trained for up to 600 steps, is no better than chance either."


def model_skill(exam: Exam, outputs: Array) -> float:
    """The same for the model, trained on 70 % and asked about the others."""
    p, (_, unseen) = exam.patient, exam.halves
    out = outputs[unseen].astype(np.float64)
    if len(out) < 10 or not np.isfinite(out).all():
        return 0.0
    out = out.reshape(len(out), -1)
    truth = exam.targets[unseen]
    if out.shape[1] != truth.shape[1]:
        if out.shape[1] == 1 and exam.classes == 2:
            truth = truth[:, 1:]
        elif p.labels is not None and out.shape[1] >= exam.classes:
            out = out[:, np.unique(p.labels)]
        else:
            return 0.0
    return related(out - out.mean(axis=1, keepdims=True) if out.shape[1] > 1 and exam.classes else out, truth)


def noisy_labels(exam: Exam) -> str:
    """Labels that are wrong also where there is no doubt."""
    _can_compare(exam)
    if not exam.classes:
        raise Skipped("the answers are no classes")
    if any(contradicted(exam, guess) < NOISY for guess in exam.guesses):
        return ""
    error, who = sure_error(exam)
    chance = float(np.sqrt(error * (1 - error) / max(1, len(exam.patient.x) // 3)))
    if error - chance < 0.1:
        return ""
    if (doubtful := undecided(exam)) > UNDECIDED:
        raise Skipped(f"{doubtful:.0%} of the examples have inputs that occur with another answer, too")
    if answers_are_symbols(exam):
        raise Skipped("the answers are symbols of which the inputs are made, and several may come next")
    if any(_sure_of(exam, out) < NOISY for out in exam.lengths()):
        return ""
    return f"Where {who} is surest, in a third of the examples, {error:.0%} of the labels say otherwise. Classes that only overlap are clear there: about {error * exam.classes / max(1, exam.classes - 1):.0%} of all labels may be drawn by lot."


def _sure_of(exam: Exam, outputs: Array) -> float:
    """The same for the model itself, trained on 70 % for a while and asked about the others."""
    p, (_, unseen) = exam.patient, exam.halves
    out, labels = outputs[unseen], np.asarray(p.labels)[unseen].reshape(-1)
    if out.ndim != 2 or len(out) < 90:
        return 1.0
    if out.shape[1] == 1:
        margin = np.abs(out[:, 0] - np.median(out))
    else:
        order = np.sort(out, axis=1)
        margin = order[:, -1] - order[:, -2]
    surest = np.argsort(-margin, kind="stable")[: len(out) // 3]
    return 1 - float(exam.right(out, p.y[unseen], labels)[surest].mean())


def contradicted(exam: Exam, guess: Guess) -> float:
    """The share of labels that a simple predictor contradicts, among the third where it is surest."""
    truth, order = exam.targets.argmax(axis=1), np.sort(guess.scores, axis=1)
    surest = np.argsort(order[:, -2] - order[:, -1], kind="stable")[: len(truth) // 3]
    return float((guess.scores.argmax(axis=1)[surest] != truth[surest]).mean())


def sure_error(exam: Exam) -> tuple[float, str]:
    """The least of these shares, and whose it is."""
    return min((contradicted(exam, guess), guess.name) for guess in exam.guesses)
