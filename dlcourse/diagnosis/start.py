"""The weights at the start, and what becomes of signals and gradients on their way through the layers."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.diagnosis import trials
from dlcourse.diagnosis.exam import Exam
from dlcourse.diagnosis.first import alike
from dlcourse.diagnosis.graph import ordered
from dlcourse.diagnosis.skipping import Skipped
from dlcourse.errors import counted, joined
from dlcourse.tensor import Tensor
from dlcourse.vjps import parts_of

__all__ = ["all_equal", "dead_units", "exploding", "gains", "too_large", "too_small", "vanishing"]

RECURRENT = ("rnn", "gru", "lstm")
LARGE, SMALL, DEAD = 4.5, 0.03, 0.55
ALIKE = 0.9  # mean cosine between two examples
FITTED = 0.5  # of the loss that the same answer for all has


def _matrices(exam: Exam) -> dict[str, Tensor]:
    """Weights with more than one unit, but for tables of embeddings."""
    tables = {node.place for node in exam.first.graph if "embedding" in node.op}
    return {
        name: q
        for name, q in exam.patient.learned.items()
        if q.ndim >= 2 and name not in tables and np.isfinite(q.data).all()
    }


def gains(exam: Exam) -> dict[str, float]:
    """How much each layer of weights stretches what comes in: their deviation times the root of the number of inputs."""
    return {
        name: float(np.sqrt(np.mean(np.square(q.data, dtype=np.float64)) * (q.size / q.shape[-1])))
        for name, q in _matrices(exam).items()
    }


def all_equal(exam: Exam) -> str:
    """Units of a layer that are copies of each other, and stay so because their gradients are."""
    lengths = exam.first.lengths
    negligible = 1e-5 * max((length or 0.0 for length in lengths.values()), default=0.0)
    same = {name for name, length in lengths.items() if name in exam.first.alike or (length or 0.0) <= negligible}
    equal = [name for name, q in _matrices(exam).items() if q.shape[-1] > 1 and alike(q.data) and name in same]
    if not equal:
        return ""
    q = exam.patient.named[equal[0]]
    if not alike(q.data[..., [0, -1]]):  # several kinds, as many as there are gates
        return f"Each of the {q.shape[-1]} columns of {joined(equal[:3])} has another with equal weights and an equal gradient: after any number of steps they are still the same."
    values = f"all {float(q.data.flat[0]):.3g}" if np.ptp(q.data) == 0 else "column for column the same"
    return f"The {q.shape[-1]} columns of {joined(equal[:3])} have equal weights ({values}) and equal gradients: after any number of steps, units that are equal now still compute the same."


def _stretch(exam: Exam) -> float:
    """How large the outputs are against the answers that they aim at: scores against 1, measured values against theirs."""
    out = exam.outputs.astype(np.float64)
    spread = float(np.sqrt(np.mean(np.square(out - out.mean(axis=0)))))
    y = exam.patient.y
    if exam.patient.labels is None and y.dtype.kind == "f":
        return spread / max(float(y.std()), 1e-12)
    return spread


def too_large(exam: Exam) -> str:
    """Weights so large that the first outputs are wild, or every unit is saturated."""
    if not exam.patient.fresh:
        return ""
    large = {name: gain for name, gain in gains(exam).items() if gain > LARGE}
    if not large or (_stretch(exam) < 4 and _saturated(exam) < 0.5):
        return ""
    name = max(large, key=lambda n: large[n])
    return f"The weights of {name} are {large[name]:.1f} times as large as those that keep a signal's size (deviation {float(exam.patient.named[name].data.std()):.3g}). The loss at the start is {exam.loss_now:.3g}; the same answer for all gives {exam.constant:.3g}."


def _saturated(exam: Exam) -> float:
    """The share of outputs of tanh-like layers that sit at their ends."""
    shares = [0.0]
    for node in exam.first.graph:
        low, high = node.reach
        if (0.99 < high <= 1.0001 and -1.0001 <= low <= -0.99) and node.size > 0.9:
            shares.append(node.size)
    return max(shares)


def too_small(exam: Exam) -> str:
    """Weights so small that nothing of the input arrives at the output."""
    if not exam.patient.fresh:
        return ""
    all_gains = {name: gain for name, gain in gains(exam).items() if gain > 0}
    if not all_gains:
        return ""
    smallest = min(all_gains, key=lambda n: all_gains[n])
    last = list(all_gains)[-1]
    hidden = {name: gain for name, gain in all_gains.items() if name != last}
    product = float(np.exp(np.mean(np.log(list(all_gains.values())))))
    if _normalized(exam) or not (min(hidden.values(), default=1.0) < SMALL or (product < 0.15 and len(all_gains) >= 3)):
        return ""
    if _stretch(exam) > 0.02:
        return ""
    q = exam.patient.named[smallest]
    return f"The weights of {smallest} have a deviation of {float(q.data.std()):.2g}: what goes through comes out {all_gains[smallest]:.2g} times as large, and the outputs of different examples differ by {_stretch(exam):.2g} only."


def _normalized(exam: Exam) -> bool:
    return any("normalize" in node.op for node in exam.first.graph)


def dead_units(exam: Exam) -> str:
    """Units that are 0 for every example."""
    examples = sum(len(x) for x, _ in exam.patient.batches[: len(exam.wide)])
    if examples < 8:
        raise Skipped(f"{counted(examples, 'example')} are too few")
    worst, text = dead_share(exam)
    if worst < DEAD or (worst < 1 and exam.loss_now < FITTED * exam.constant):
        return ""  # the others were enough: whatever is wrong there, it is not that too few learn
    return text


def dead_share(exam: Exam) -> tuple[float, str]:
    """The largest share of units in a layer that are 0 for every example, and a sentence about it."""
    worst, text, feeds = 0.0, "", None
    for position, node in enumerate(exam.first.graph[:-1]):
        feeds = feeds if node.feeds is None else node.feeds
        together = np.logical_and.reduce(
            [graph[position].zero for graph in exam.wide if len(graph[position].zero) == len(node.zero)]
        )
        share = float(together.mean())
        if _all_alike(feeds) and share < 0.5 + 1 / np.sqrt(len(together)):
            continue  # to these units all examples are one, and of such units half are off by chance
        if len(together) < 2 or node.reach[0] < 0 or share <= worst or _before(exam, position) >= share:
            continue
        if node.op in (
            "reshape",
            "index",
            "transpose",
            "pad",
            "embedding",
            "max_pool2d",
            "avg_pool2d",
            "concatenate",
            "stack",
        ):
            continue
        worst = share
        place = f"the layer with {node.place}" if node.place else node.op
        text = f"In {place}, {int(together.sum())} of {len(together)} units are 0 for every one of {sum(len(x) for x, _ in exam.patient.batches[: len(exam.wide)])} examples, so no gradient goes through them."
    return worst, text


def _all_alike(feeds: Array | None) -> bool:
    """Whether examples point in nearly the same direction where they come into a layer, as deep in a network of ReLUs."""
    if feeds is None or feeds.ndim != 2 or len(feeds) < 2:
        return False
    size = np.linalg.norm(feeds, axis=1, keepdims=True)
    towards = (feeds / np.maximum(size, 1e-12)).mean(axis=0)
    return bool(towards @ towards > ALIKE)


def _before(exam: Exam, position: int) -> float:
    """The share of units that were 0 already in what went into an operation with weights."""
    feeds = exam.first.graph[position].feeds
    return 0.0 if feeds is None or feeds.ndim < 2 or np.any(feeds) else 1.0


def slopes(exam: Exam) -> list[tuple[str, float]]:
    """For each layer of weights the root mean square of the gradient that comes back to its output, the first first."""
    graph = [[g[i].pull for g in exam.wide] for i in range(len(exam.first.graph))]
    places = [(node.place, float(np.mean(graph[i]))) for i, node in enumerate(exam.first.graph) if node.place]
    return [(place, pull) for place, pull in places if np.isfinite(pull)]


def _through_time(exam: Exam) -> float | None:
    """For sequences: the gradient at the first step that is read against that at the last; None where there is no time."""
    x, y = exam.patient.batches[0]
    if exam.first.error is not None or not any(op in node.op for node in exam.first.graph for op in RECURRENT):
        return None

    def run() -> float | None:
        p = exam.patient
        for q in p.named.values():
            q.zero_grad()
        with np.errstate(all="ignore"):
            loss = trials.loss_tensor(p, x, y)[1]
            loss.backward(keep_inner=True)
            layer = next((t for t in ordered(loss) if any(op in t.op for op in RECURRENT) and t.parents), None)
            if layer is None or layer.parents[0].ndim != 3 or layer.parents[0].shape[1] < 8:
                return None
            # What it reads may be a constant, as symbols written as 0 and 1 are: then no gradient is left there.
            asked = (True, *[False] * (len(layer.parents) - 1))
            return _first_against_last(np.asarray(parts_of(layer.op, layer._vjps, asked, np.asarray(layer.grad))[0]))

    return exam.patient.measured(run)


def _first_against_last(gradient: Array) -> float | None:
    """Of gradients (N, T, F) the size at the first step against that at the last, among those that have any there."""
    square = np.mean(np.square(gradient, dtype=np.float64), axis=2)
    some = np.count_nonzero(square, axis=0)  # short sequences are filled up, and what fills them has none
    size = np.sqrt(square.sum(axis=0) / np.maximum(some, 1))
    return float(size[0] / size[-1]) if size[-1] > 0 else None


def _learns(exam: Exam) -> bool:
    """Whether the learner's own training gets anywhere in 60 steps."""
    p = exam.patient
    run = exam.reference if p.optimizer is None and p.step is None else exam.own
    return bool(not run.failed and run.end < 0.9 * min(run.start, exam.constant))


def vanishing(exam: Exam) -> str:
    """Gradients that are lost on the way back, in a training that does not get anywhere."""
    pulls = slopes(exam)
    ratio = pulls[0][1] / pulls[-1][1] if len(pulls) >= 3 and pulls[-1][1] > 0 else 1.0
    time = _through_time(exam)
    if not (ratio < 1e-3 or (time is not None and time < 1e-3)) or _learns(exam):
        return ""
    if ratio >= 1e-3 and exam.reference.end < 0.8 * exam.constant:
        return ""  # what stands at the end may be enough
    if ratio < 1e-3:
        return f"The gradient at the output of {pulls[-1][0]} has a size of {pulls[-1][1]:.2g}, at {pulls[0][0]} of {pulls[0][1]:.2g}: {ratio:.1g} of it arrive, through {len(pulls)} layers."
    return f"The gradient of the first step of a sequence is {time:.1g} of that of the last: what stands at the beginning cannot be learned."


def exploding(exam: Exam) -> str:
    """Gradients that grow on the way back."""
    pulls = slopes(exam)
    ratio = pulls[0][1] / pulls[-1][1] if len(pulls) >= 3 and pulls[-1][1] > 0 else 1.0
    time = _through_time(exam)
    if ratio > 200 and not _normalized(exam):
        return f"The gradient at the output of {pulls[-1][0]} has a size of {pulls[-1][1]:.2g}, at {pulls[0][0]} of {pulls[0][1]:.2g}: it grows {ratio:,.0f} times, through {len(pulls)} layers."
    if time is not None and time > 200:
        return f"The gradient of the first step of a sequence is {time:,.0f} times that of the last: it grows with every step back."
    return ""
