"""BatchRace: the same network trained with four batch sizes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.dataset import Dataset
from dlcourse.live import style
from dlcourse.live.layout import is_narrow
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider
from dlcourse.losses import cross_entropy
from dlcourse.optimizers import SGD
from dlcourse.recording import no_grad
from dlcourse.widgets.sgd_and_minibatch.training import EXAMPLES, examples, network, take_step

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["RUNNERS", "Artists", "BatchRace", "RaceResult", "run_race"]

RUNNERS = (1, 8, 64, 1024)
COLOURS = {1: "PURPLE", 8: "BLUE", 64: "GREEN", 1024: "ORANGE"}
EPOCHS = 8
CHECKPOINTS = 24
TOP, LINE = 2.5, 0.17
"""Highest place of a name in the picture, and the height of its line."""
RULES: dict[str, Callable[[int], float]] = {
    "the same for all: 0.1": lambda batch: 0.1,
    "growing with the root of B": lambda batch: 0.05 * float(np.sqrt(batch)),
}


@dataclass(frozen=True)
class RaceResult:
    """For each batch size: steps, examples and seconds of processor time at each checkpoint, and the training loss there.

    Seconds are steps times the cost of a step, which is measured in turn for all batch sizes: a machine is now quicker and now
    slower, and whoever ran at the wrong moment would lose a race that it wins.
    """

    steps: dict[int, Array]
    seconds: dict[int, Array]
    losses: dict[int, Array]
    start: float
    """The training loss before the first step, the same for all."""

    def axis(self, name: str, batch: int) -> Array:
        """Steps, examples or seconds at the checkpoints."""
        if name == "seconds":
            return self.seconds[batch]
        return self.steps[batch] * (batch if name == "examples" else 1)


def run_race(data: Dataset, lr: Callable[[int], float]) -> RaceResult:
    """Train the same network from the same start with each batch size, eight epochs long.

    Parameters
    ----------
    data : Dataset
    lr : callable
        From batch size to learning rate.
    """
    runs = {batch: _run(data, batch, lr(batch)) for batch in RUNNERS}
    costs = _costs(data)
    with no_grad():
        start = cross_entropy(network()(data.x), data.y).item()
    return RaceResult(
        steps={batch: steps for batch, (steps, _) in runs.items()},
        seconds={batch: steps * costs[batch] for batch, (steps, _) in runs.items()},
        losses={batch: losses for batch, (_, losses) in runs.items()},
        start=start,
    )


def _run(data: Dataset, batch: int, lr: float) -> tuple[Array, Array]:
    """Steps and losses at the checkpoints of one batch size."""
    model, rng = network(), np.random.default_rng(2)
    optimizer = SGD(model.parameters(), lr)
    losses: list[float] = []
    done, total = 0, EPOCHS * len(data) // batch
    stops = np.unique(np.round(np.geomspace(1, total, min(total, CHECKPOINTS))).astype(int))
    while done < total:
        for x, y in data.batches(batch, rng=rng):
            take_step(model, optimizer, x, y)
            done += 1
            if done in stops:
                with no_grad():
                    losses.append(cross_entropy(model(data.x), data.y).item())
    return stops, np.array(losses)


def _costs(data: Dataset) -> dict[int, float]:
    """Seconds of processor time that a step takes with each batch size: the median of fifty, taken in turn."""
    seconds: dict[int, list[float]] = {batch: [] for batch in RUNNERS}
    model = network()
    optimizer = SGD(model.parameters(), 0.1)
    for _ in range(50):
        for batch in RUNNERS:
            start = time.process_time()
            take_step(model, optimizer, data.x[:batch], data.y[:batch])
            seconds[batch].append(time.process_time() - start)
    return {batch: float(np.median(costs)) for batch, costs in seconds.items()}


@lru_cache(maxsize=2)
def _race(rule: str) -> RaceResult:
    return run_race(examples(), RULES[rule])


@dataclass(frozen=True)
class Artists:
    """What moves; the lists have one entry for each batch size."""

    curves: list[Line2D]
    names: list[Text]
    plans: list[Text]
    now: Line2D


@dataclass(frozen=True, eq=False)
class BatchRace(Widget):
    """One network, four batch sizes, eight epochs of digits each. Which one is ahead depends on what is counted.

    Examples
    --------
    >>> race = BatchRace().compute()
    >>> bool(race.losses[8][-1] < race.losses[1024][-1])
    True
    """

    title: ClassVar[str] = "Batch race"
    size: ClassVar[tuple[float, float]] = (7.2, 3.3)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 3.6)
    steps_per_second: ClassVar[float] = 20.0

    axis: str = choice("steps", ("steps", "examples", "seconds"), label="count")
    rule: str = choice("the same for all: 0.1", tuple(RULES), label="learning rate")
    progress: int = slider(0, 0, 100, label="% of the race")

    # State

    def compute(self) -> RaceResult:
        return _race(self.rule)

    def ends(self, result: RaceResult) -> tuple[float, float]:
        """Where the chosen axis begins and ends."""
        ends = [result.axis(self.axis, batch) for batch in RUNNERS]
        return float(min(end[0] for end in ends)), float(max(end[-1] for end in ends))

    def limit(self, result: RaceResult) -> float:
        """How far the race has come, on the chosen axis; both ends are logarithmic."""
        low, high = self.ends(result)
        return float(low * (high / low) ** (self.progress / 100))

    def reached(self, result: RaceResult, batch: int) -> Array:
        """Which checkpoints have been reached."""
        return result.axis(self.axis, batch) <= self.limit(result) * (1 + 1e-9)

    def run(self, result: RaceResult, batch: int) -> tuple[Array, Array]:
        """The curve of one runner so far: where it was looked at, and its loss there; before its first step it stands still."""
        there = self.reached(result, batch)
        x, losses = result.axis(self.axis, batch), result.losses[batch]
        first, now = self.ends(result)[0], self.limit(result)
        waits = [first, min(float(x[0]), now)]
        return np.append(waits, x[there]), np.append([result.start] * 2, losses[there])

    def background(self) -> Hashable:
        return (self.axis, self.rule)

    def can_step(self) -> bool:
        """Whether the race is not over."""
        return self.progress < 100

    def step(self) -> Self:
        """The race goes on."""
        return self.replace(progress=self.progress + 1) if self.can_step() else self

    # Picture

    def draw(self, figure: Figure) -> Artists:
        place = (0.13, 0.14, 0.66, 0.74) if is_narrow(figure) else (0.085, 0.145, 0.74, 0.75)
        axes = figure.add_axes(place, label="race")
        result = self.compute()
        low, high = self.ends(result)
        label = {"steps": "steps", "examples": "examples seen", "seconds": "seconds of processor time, this machine"}
        axes.set(xscale="log", xlim=(low, high), ylim=(0, TOP + 0.1), xlabel=label[self.axis])
        axes.set_title(f"training loss on all {EXAMPLES} digits", fontsize=9)
        axes.axhline(result.start, color=style.faint(), linewidth=0.8, linestyle=":")
        axes.set_yticks([0, 0.5, 1, 1.5, 2, result.start], ["0", "0.5", "1", "1.5", "2", "start"])
        curves, names = [], []
        plans: list[Text] = []
        for batch in RUNNERS:
            colour = style.colour(COLOURS[batch])
            curves.extend(axes.plot([], [], color=colour, marker=".", markersize=5))
            side = axes.get_yaxis_transform()  # beside the axes, where neither a curve nor the upright line comes
            names.append(axes.text(1.02, 0, f"B = {batch}", color=colour, fontsize=9, va="center", transform=side))
            plans.append(axes.text(0.06, 0.66 - 0.12 * len(plans), "", color=colour, transform=axes.transAxes))
        (now,) = axes.plot([], [], color=style.ink(), linewidth=0.8)
        return Artists(curves=curves, names=names, plans=plans, now=now)

    def paint(self, artists: Artists, result: RaceResult) -> None:
        named: list[tuple[float, Text]] = []
        for batch, curve, name in zip(RUNNERS, artists.curves, artists.names, strict=True):
            x, losses = self.run(result, batch)
            curve.set_data(x, losses)
            named.append((float(losses[-1]), name))
        height = -LINE
        for above, (end, name) in enumerate(sorted(named, key=lambda item: item[0]), start=1 - len(named)):
            height = min(max(end, height + LINE), TOP + LINE * above)  # each above the last, none above the top
            name.set_y(height)
        artists.now.set_data([self.limit(result)] * 2, [0, TOP + 0.1])
        for batch, plan in zip(RUNNERS, artists.plans, strict=True):
            steps = int(result.steps[batch][-1])
            plan.set_text(f"B = {batch} will make {steps} steps of {batch}" if self.progress == 0 else "")

    # Words

    def describe(self, result: RaceResult) -> str:
        head = f"Learning rate {self.rule}; counted in {self.axis}, {self.progress} % of the race. "
        start = "All began at the same weights."
        if self.axis == "seconds":
            return f"{head}Processor time differs from machine to machine: read the picture. {start}"
        there = {batch: result.losses[batch][self.reached(result, batch)] for batch in RUNNERS}
        losses = ", ".join(f"{loss[-1]:.2f} with B = {batch}" for batch, loss in there.items() if len(loss))
        return f"{head}Training loss {losses}. {start}"

    def code(self) -> str:
        rate = "0.1" if self.rule.startswith("the same") else "0.05 * float(np.sqrt(batch))"
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"data = dl.data.digits()[:{EXAMPLES}]\nfinal = []\n"
            f"for batch in {RUNNERS}:\n"
            "    rng = np.random.default_rng(0)\n"
            "    model = dl.Sequential(dl.Flatten(), dl.Dense(64, 16, activation=dl.tanh, rng=rng), dl.Dense(16, 10, rng=rng))\n"
            f"    optimizer, rng = dl.SGD(model.parameters(), {rate}), np.random.default_rng(2)\n"
            f"    for _ in range({EPOCHS}):  # epochs\n"
            "        for x, y in data.batches(batch, rng=rng):\n"
            "            optimizer.zero_grad()\n            dl.cross_entropy(model(x), y).backward()\n            optimizer.step()\n"
            "    final.append(dl.cross_entropy(model(data.x), data.y).item())\n"
            "print(np.round(final, 3))\n"
        )

    def code_results(self, result: RaceResult) -> dict[str, Any]:
        return {"final": [result.losses[batch][-1] for batch in RUNNERS]}

    # Hand

    def pointer(self, event: Pointer) -> Self:
        """The upright line can be dragged."""
        if event.kind not in ("down", "drag") or event.axes != "race":
            return self
        low, high = self.ends(self.compute())
        share = np.log(max(event.x, low) / low) / np.log(high / low)
        progress = round(100 * min(float(share), 1.0))
        return self if progress == self.progress else self.replace(progress=progress)

    def key(self, key: str) -> Self:
        right, _ = ARROWS.get(key, (0, 0))
        return self.replace(progress=self.progress + right) if right else self
