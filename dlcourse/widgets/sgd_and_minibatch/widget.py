"""MinibatchFan: gradients of small samples around the true one. BatchRace: the same network trained with four batch sizes."""

from __future__ import annotations

import copy
import time
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import tanh
from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.data.measured import digits
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Module, Sequential
from dlcourse.live import style
from dlcourse.live.numbers import signed
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.losses import cross_entropy
from dlcourse.optimizers import SGD
from dlcourse.recording import no_grad

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BatchRace", "FanResult", "Gradients", "MinibatchFan", "RaceResult", "gradients_of", "run_race"]

EXAMPLES = 1024
ARROWS = 60
DRAWS = 600
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
STAGES = {"fresh": 0, "after 1 epoch": 1, "after 30 epochs": 30}
RUNNERS = (1, 8, 64, 1024)
COLOURS = {1: "PURPLE", 8: "BLUE", 64: "GREEN", 1024: "ORANGE"}
EPOCHS = 8
TOP, LINE = 2.5, 0.17
"""Highest place of a name in the race, and the height of its line."""


@lru_cache(maxsize=1)
def _digits() -> Dataset:
    return digits()[:EXAMPLES]


def _network() -> Sequential:
    rng = np.random.default_rng(0)
    return Sequential(Flatten(), Dense(64, 16, activation=tanh, rng=rng), Dense(16, 10, rng=rng))


@lru_cache(maxsize=4)
def _trained(epochs: int) -> Sequential:
    """The course's small network on digits, trained for so many epochs with minibatches of 32."""
    model, rng = _network(), np.random.default_rng(1)
    optimizer = SGD(model.parameters(), 0.3)
    for _ in range(epochs):
        for x, y in _digits().batches(32, rng=rng):
            optimizer.zero_grad()
            cross_entropy(model(x), y).backward()
            optimizer.step()
    return model


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradient of every single example, seen from what matters here.

    Attributes
    ----------
    length : float
        Length of the true gradient, the mean over all N examples.
    along : array, shape (N, 2)
        Each example's gradient along the true one, and along the direction in which they differ most.
    products : array, shape (N, N)
        Scalar products of the deviations from the true gradient.
    """

    length: float
    along: Array
    products: Array

    @property
    def sigma(self) -> float:
        """Root of the mean squared deviation of one example's gradient."""
        return float(np.sqrt(np.trace(self.products) / len(self.products)))

    def noise(self, counts: Array) -> Array:
        """Distance from the true gradient for samples given as counts, (draws, N): how often each example is in it."""
        size = counts.sum(axis=1)
        squared = np.einsum("di,di->d", counts @ self.products, counts)
        return np.sqrt(np.maximum(squared, 0)) / size

    def law(self, batch: Any, *, replacement: bool) -> Array:
        """σ/√B, and without replacement times √((N − B)/(N − 1))."""
        batch, n = np.asarray(batch, float), len(self.products)
        factor = 1.0 if replacement else np.sqrt((n - batch) / (n - 1))
        return np.asarray(self.sigma / np.sqrt(batch) * factor)


def gradients_of(model: Module, data: Dataset, loss: Any = cross_entropy) -> Gradients:
    """Send every example through the model alone, forward and backward, and keep its gradient.

    Parameters
    ----------
    model : Module
    data : Dataset
        At most a few thousand examples: every pair of them is compared.
    loss : callable
        (prediction, truth) -> scalar tensor.
    """
    rows = []
    for i in range(len(data)):
        model.zero_grad()
        loss(model(data.x[i : i + 1]), data.y[i : i + 1]).backward()
        rows.append(np.concatenate([p.grad.ravel() for p in model.parameters() if p.grad is not None]))
    model.zero_grad()
    each = np.array(rows, dtype=np.float64)  # (N, number of parameters)
    true = each.mean(axis=0)
    length = float(np.linalg.norm(true))
    forward = true / max(length, 1e-12)
    deviation = each - true
    products = deviation @ deviation.T
    # Sideways: the first principal direction of what is left when the part along the true gradient is taken out.
    rest = deviation - np.outer(deviation @ forward, forward)
    values, vectors = np.linalg.eigh(rest @ rest.T)
    sideways = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    return Gradients(length, np.column_stack([each @ forward, sideways]), products)


def samples(rng: np.random.Generator, draws: int, batch: int, n: int, *, replacement: bool) -> Array:
    """Draw minibatches: how often each of n examples is in each of them, (draws, n)."""
    counts = np.zeros((draws, n))
    for row in counts:
        chosen = rng.integers(0, n, batch) if replacement else rng.permutation(n)[:batch]
        row += np.bincount(chosen, minlength=n)
    return counts


@lru_cache(maxsize=3)
def _of_digits(epochs: int) -> Gradients:
    return gradients_of(_trained(epochs), _digits())


@lru_cache(maxsize=8)
def _measured(gradients: Gradients, replacement: bool) -> Array:
    """Root mean squared noise of 600 minibatches of each size."""
    rng, n = np.random.default_rng(0), len(gradients.products)
    sizes = [size for size in SIZES if size <= n]
    found = [gradients.noise(samples(rng, DRAWS, size, n, replacement=replacement)) for size in sizes]
    return np.array([np.sqrt(np.mean(noise**2)) for noise in found])


def _fitted(sizes: Array, measured: Array, n: int, replacement: bool) -> tuple[float, float]:
    """The powers of B and of (N − B)/(N − 1) that fit the measured noise best, all on logarithmic axes."""
    some = sizes < n
    b, noise = sizes[some], measured[some]
    columns = [np.ones(len(b)), np.log(b)] + ([] if replacement else [np.log((n - b) / (n - 1))])
    found = np.linalg.lstsq(np.column_stack(columns), np.log(noise), rcond=None)[0]
    return float(found[1]), 0.0 if replacement else float(found[2])


@dataclass(frozen=True)
class FanResult:
    """The fan, and the noise of each batch size."""

    arrows: Array
    """(60, 2): along the true gradient, and sideways, in lengths of the true gradient."""
    uphill: int
    """How many of them point away from the true gradient, more than 90°."""
    noise: float
    """What the law says for this batch size, in lengths of the true gradient."""
    sizes: Array
    measured: Array
    slope: float
    """Fitted to the measured noise of all sizes: the power of B."""
    finite: float
    """Fitted with it: the power of (N − B)/(N − 1). 0 with replacement, where the law has no such factor."""
    gradients: Gradients


@dataclass(frozen=True, eq=False)
class MinibatchFan(Widget):
    """60 minibatches, 60 gradients, and the true one.

    Parameters
    ----------
    model, data : Module and Dataset, optional
        Your own, as it is now, and at least 64 and at most 2048 examples, with classes as answers. By default a network
        64-16-10 and 1024 of the digits.
    covered : bool
        The noise of the other batch sizes stays hidden until a prediction was made.

    Examples
    --------
    >>> fan = MinibatchFan(batch=16.0).compute()
    >>> round(fan.slope, 1)
    -0.5
    """

    title: ClassVar[str] = "Minibatch fan"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.4)
    steps_per_second: ClassVar[float] = 6.0

    batch: float = slider(8.0, 1.0, float(EXAMPLES), log=True, label="batch size")
    stage: str = choice("fresh", tuple(STAGES), label="network")
    replacement: bool = toggle(False, label="draw with replacement")
    seed: int = state(0)
    covered: bool = state(False)
    model: Any = state(None)
    data: Any = state(None)
    known: Gradients | None = state(None)
    """Those of one's own, as they were when the widget was made: a cell further down may go on training."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.model is None) != (self.data is None):
            raise WrongTypeError("MinibatchFan: give both, model=… and data=…, or neither.")
        if self.data is not None:
            if not isinstance(self.model, Module) or not isinstance(self.data, Dataset):
                raise WrongTypeError(
                    "MinibatchFan: model should be a dl.Module, such as Sequential, and data a dl.data.Dataset."
                )
            if not 64 <= len(self.data) <= 2048:
                raise DataError(
                    f"MinibatchFan: 64 to 2048 examples are wanted, as every pair is compared; yours are {len(self.data)}. "
                    "data[:1000] takes the first thousand."
                )
            if self.known is None:
                object.__setattr__(self, "known", gradients_of(copy.deepcopy(self.model), self.data))
            if not 0 < self.gradients().length < np.inf:
                raise DataError(
                    f"MinibatchFan: the gradient over all examples has the length {self.gradients().length:g}, and the fan is "
                    "measured in lengths of it. Did the training of your network blow up, or can it not learn any more?"
                )

    def b(self) -> int:
        """The batch size as a whole number, at most N."""
        return min(round(self.batch), self.n())

    def n(self) -> int:
        """Number of examples."""
        return EXAMPLES if self.data is None else len(self.data)

    @property
    def hides(self) -> bool:
        """Whether the law is still covered."""
        return self.covered and not self.prediction

    def gradients(self) -> Gradients:
        """Those of all examples, computed once for each network."""
        return _of_digits(STAGES[self.stage]) if self.known is None else self.known

    def compute(self) -> FanResult:
        gradients, n, b = self.gradients(), self.n(), self.b()
        counts = samples(np.random.default_rng(self.seed), ARROWS, b, n, replacement=self.replacement)
        arrows = counts @ gradients.along / b / gradients.length
        measured = _measured(gradients, self.replacement)
        sizes = np.array([size for size in SIZES if size <= n])
        slope, finite = _fitted(sizes, measured, n, self.replacement)
        noise = float(gradients.law(b, replacement=self.replacement)) / gradients.length
        uphill = int((arrows[:, 0] < 0).sum())
        return FanResult(arrows, uphill, noise, sizes, measured / gradients.length, slope, finite, gradients)

    # Picture

    def background(self) -> Hashable:
        return (self.stage, id(self.known), self.replacement, self.hides)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """No batch is larger than the data."""
        return {"batch": (1.0, float(min(self.n(), EXAMPLES)))}

    def idle_controls(self) -> Collection[str]:
        """A network of one's own is at one stage only."""
        return () if self.data is None else ("stage",)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        if width < 5.5:
            fan = figure.add_axes((0.13, 0.56, 0.82, 0.37), label="fan")
            law = figure.add_axes((0.15, 0.075, 0.80, 0.37), label="law")
        else:
            fan = figure.add_axes((0.075, 0.145, 0.41, 0.76), label="fan")
            law = figure.add_axes((0.59, 0.145, 0.385, 0.76), label="law")
        gradients = self.gradients()
        n = self.n()
        sizes = np.unique(np.round(np.geomspace(1, n, 80)))
        single = gradients.sigma / gradients.length
        fan.set(xlim=(-1.2, 3.2), ylim=(-2.2, 2.2), xlabel="along the true gradient", yticks=[-2, -1, 0, 1, 2])
        fan.set_title("60 minibatch gradients, true one = 1", fontsize=9)
        fan.set_ylabel("sideways", labelpad=0)
        fan.axvline(0, color=style.faint(), linewidth=0.8)
        fan.text(-0.06, -2.05, "uphill", ha="right", fontsize=8, color=style.faint())
        fan.plot([0, 1], [0, 0], color=style.ink(), linewidth=3.2, solid_capstyle="butt", zorder=5)
        fan.plot([1], [0], ">", color=style.ink(), markersize=9, zorder=5)
        (rays,) = fan.plot([], [], color=style.colour("BLUE"), linewidth=0.9, alpha=0.55)
        (tips,) = fan.plot([], [], ".", color=style.colour("BLUE"), markersize=5, zorder=4)
        law.set(xscale="log", yscale="log", xlim=(0.8, n * 1.3), ylim=(single / np.sqrt(n) / 2, single * 1.7))
        law.set_title("noise, in lengths of the true gradient", fontsize=9)
        law.set_xlabel("batch size B", labelpad=1)
        ticks = [size for size in (1, 4, 16, 64, 256, 1024) if size <= n]
        law.set_xticks(ticks, [str(size) for size in ticks])
        heights = [h for h in (0.1, 0.3, 1, 3, 10, 30) if single / np.sqrt(n) / 2 < h < single * 1.7]
        law.set_yticks(heights, [f"{h:g}" for h in heights])
        law.minorticks_off()
        if self.hides:
            law.text(
                0.5, 0.25, "the other sizes are covered\nuntil you have chosen", ha="center", fontsize=9, color=style.faint(),
                transform=law.transAxes,
            )  # fmt: skip
        else:
            self._draw_law(law, sizes, gradients)
        (dots,) = law.plot([], [], "o", color=style.colour("BLUE"), markersize=5, zorder=4)
        (here,) = law.plot([], [], "o", markerfacecolor="none", markeredgecolor=style.ink(), markersize=12, zorder=5)
        (line,) = law.plot([], [], color=style.ink(), linewidth=0.8, linestyle=":")
        count = fan.text(3.15, -2.05, "", ha="right", fontsize=8.5)
        return {"rays": rays, "tips": tips, "dots": dots, "here": here, "line": line, "count": count}

    def _draw_law(self, law: Axes, sizes: Array, gradients: Gradients) -> None:
        single, n = gradients.sigma / gradients.length, self.n()
        law.plot(sizes, single / np.sqrt(sizes), "--", color=style.faint(), linewidth=1.4)
        law.text(n / 5, single / np.sqrt(n / 5) * 1.25, "σ/√B", va="bottom", fontsize=9, color=style.ink())
        if not self.replacement:
            inner = sizes[sizes < n]
            law.plot(inner, gradients.law(inner, replacement=False) / gradients.length, color=style.colour("ORANGE"))
            law.text(1, single / 9, "with its factor\n√((N−B)/(N−1))", fontsize=8.5, color=style.colour("ORANGE"))

    def paint(self, artists: dict[str, Any], result: FanResult) -> None:
        ends = np.clip(result.arrows, [-1.2, -2.2], [3.2, 2.2])
        lines = np.full((3 * len(ends), 2), np.nan)
        lines[0::3], lines[1::3] = 0, ends
        artists["rays"].set_data(lines[:, 0], lines[:, 1])
        artists["tips"].set_data(ends[:, 0], ends[:, 1])
        seen = (result.measured > 1e-9) & (not self.hides)
        artists["dots"].set_data(result.sizes[seen], result.measured[seen])
        low, high = artists["here"].axes.get_ylim()
        artists["here"].set_data([self.b()], [max(result.noise, low)])
        artists["line"].set_data([self.b()] * 2, [low, high])
        artists["count"].set_text(f"{result.uphill} of {ARROWS} point{'s' * (result.uphill == 1)} uphill")

    def describe(self, result: FanResult) -> str:
        where = f"network {self.stage}" if self.data is None else "your network"
        how = "with" if self.replacement else "without"
        finite = "" if self.replacement else f", times (N − B)/(N − 1) to the power {signed(result.finite)}"
        end = "" if self.b() < self.n() or self.replacement else " The batch is everything: there is no noise left."
        head = (
            f"Batch size {self.b()} of {self.n()} examples, {where}, drawn {how} replacement: the noise is {result.noise:.2f} times the "
            f"true gradient. {result.uphill} of {ARROWS} minibatch gradients point{'s' * (result.uphill == 1)} uphill.{end} "
        )
        if self.hides:
            return head + "The noise of other batch sizes is still covered."
        return head + f"Fitted to the measured noise of all sizes: B to the power {signed(result.slope)}{finite}."

    # Code

    def code(self) -> str:
        own = "# model and data are your own\n"
        ours = (
            f"data = dl.data.digits()[:{EXAMPLES}]\nrng = np.random.default_rng(0)\n"
            "model = dl.Sequential(dl.Flatten(), dl.Dense(64, 16, activation=dl.tanh, rng=rng), dl.Dense(16, 10, rng=rng))\n"
            "optimizer, rng = dl.SGD(model.parameters(), 0.3), np.random.default_rng(1)\n"
            f"for _ in range({STAGES[self.stage]}):  # epochs\n"
            "    for x, y in data.batches(32, rng=rng):\n"
            "        optimizer.zero_grad()\n        dl.cross_entropy(model(x), y).backward()\n        optimizer.step()\n"
        )
        draw = (
            f"rng.integers(0, len(data), {self.b()})"
            if self.replacement
            else f"rng.permutation(len(data))[:{self.b()}]"
        )
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            + (ours if self.data is None else own)
            + "\ndef gradient(chosen):\n    model.zero_grad()\n"
            "    dl.cross_entropy(model(data.x[chosen]), data.y[chosen]).backward()\n"
            "    return np.concatenate([p.grad.ravel() for p in model.parameters()])\n\n"
            "true = gradient(np.arange(len(data)))\n"
            f"rng = np.random.default_rng({self.seed})\n"
            f"minibatches = [gradient({draw}) for _ in range({ARROWS})]\n"
            "along = np.array([g @ true / (true @ true) for g in minibatches])\n"
            "uphill = int((along < 0).sum())\nprint(uphill, 'of', len(along), 'point uphill')\n"
        )

    def code_results(self, result: FanResult) -> dict[str, Any]:
        return {"uphill": result.uphill}

    def step(self) -> Self:
        """Other minibatches."""
        return self.replace(seed=self.seed + 1)

    @action("Draw again")
    def draw_again(self) -> Self:
        """Other minibatches."""
        return self.step()

    def pointer(self, event: Pointer) -> Self:
        """A click or a drag in the right-hand picture takes the batch size there."""
        if event.kind not in ("down", "drag") or event.axes != "law":
            return self
        batch = min(max(event.x, 1.0), float(self.n()))
        return self if round(batch) == self.b() else self.replace(batch=float(round(batch)))

    def key(self, key: str) -> Self:
        factor = {"ArrowRight": 2.0, "ArrowLeft": 0.5}.get(key)
        return self if factor is None else self.replace(batch=float(self.b()) * factor)


@dataclass(frozen=True)
class RaceResult:
    """For each batch size: steps, examples and seconds of processor time at each checkpoint, and the training loss there.

    Seconds are steps times what the quickest step cost: one that the machine interrupted would move a whole curve.
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


def run_race(data: Dataset, lr: Any) -> RaceResult:
    """Train the same network from the same start with each batch size, eight epochs long.

    Parameters
    ----------
    data : Dataset
    lr : callable
        From batch size to learning rate.
    """
    steps: dict[int, Array] = {}
    seconds: dict[int, Array] = {}
    losses: dict[int, Array] = {}
    for batch in RUNNERS:
        model, rng = _network(), np.random.default_rng(2)
        optimizer = SGD(model.parameters(), lr(batch))
        found: list[float] = []
        costs: list[float] = []
        total = EPOCHS * len(data) // batch
        stops = np.unique(np.round(np.geomspace(1, total, min(total, 24))).astype(int))
        while len(costs) < total:
            for x, y in data.batches(batch, rng=rng):
                start = time.process_time()
                optimizer.zero_grad()
                cross_entropy(model(x), y).backward()
                optimizer.step()
                costs.append(time.process_time() - start)
                if len(costs) in stops:
                    with no_grad():
                        found.append(cross_entropy(model(data.x), data.y).item())
        steps[batch], seconds[batch], losses[batch] = stops, stops * float(np.median(costs)), np.array(found)
    with no_grad():
        begin = cross_entropy(_network()(data.x), data.y).item()
    return RaceResult(steps, seconds, losses, begin)


RULES = {
    "the same for all: 0.1": lambda batch: 0.1,
    "growing with the root of B": lambda batch: 0.05 * float(np.sqrt(batch)),
}


@lru_cache(maxsize=2)
def _race(rule: str) -> RaceResult:
    return run_race(_digits(), RULES[rule])


@dataclass(frozen=True, eq=False)
class BatchRace(Widget):
    """One network, four batch sizes, eight epochs of digits each. Who is ahead depends on what one counts.

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

    def shown(self, result: RaceResult, batch: int) -> Array:
        """Which checkpoints have been reached."""
        return result.axis(self.axis, batch) <= self.limit(result) * (1 + 1e-9)

    # Picture

    def background(self) -> Hashable:
        return (self.axis, self.rule)

    def draw(self, figure: Figure) -> dict[str, Any]:
        narrow = figure.get_figwidth() < 5.5
        axes = figure.add_axes((0.13, 0.14, 0.66, 0.74) if narrow else (0.085, 0.145, 0.74, 0.75), label="race")
        result = self.compute()
        low, high = self.ends(result)
        label = {"steps": "steps", "examples": "examples seen", "seconds": "seconds of processor time, this machine"}
        axes.set(xscale="log", xlim=(low, high), ylim=(0, TOP + 0.1), xlabel=label[self.axis])
        axes.set_title(f"training loss on all {EXAMPLES} digits", fontsize=9)
        axes.axhline(result.start, color=style.faint(), linewidth=0.8, linestyle=":")
        axes.text(high, result.start + 0.04, "where all begin", ha="right", fontsize=8, color=style.faint())
        artists: dict[str, Any] = {"curves": [], "names": []}
        for batch in RUNNERS:
            colour = style.colour(COLOURS[batch])
            artists["curves"] += axes.plot([], [], color=colour, marker=".", markersize=5)
            artists["names"].append(axes.text(0, 0, f" B = {batch}", color=colour, fontsize=9, va="center"))
        (artists["now"],) = axes.plot([], [], color=style.ink(), linewidth=0.8)
        return artists

    def paint(self, artists: dict[str, Any], result: RaceResult) -> None:
        limit = self.limit(result)
        named: list[tuple[float, float, Any]] = []
        for batch, curve, name in zip(RUNNERS, artists["curves"], artists["names"], strict=True):
            there = self.shown(result, batch)
            x, y = result.axis(self.axis, batch)[there], result.losses[batch][there]
            curve.set_data(x, y)
            name.set_visible(len(x) > 0)
            if len(x):
                named.append((float(y[-1]), float(x[-1]), name))
        height = -LINE
        for above, (end, right, name) in enumerate(sorted(named, key=lambda item: item[0]), start=1 - len(named)):
            height = min(max(end, height + LINE), TOP + LINE * above)  # each above the last, none above the top
            name.set_position((right, height))
        artists["now"].set_data([limit] * 2, [0, TOP + 0.1])

    def describe(self, result: RaceResult) -> str:
        reached = {}
        for batch in RUNNERS:
            there = self.shown(result, batch)
            if there.any():
                reached[batch] = float(result.losses[batch][there][-1])
        head = f"Learning rate {self.rule}; counted in {self.axis}, {self.progress} % of the race. "
        if self.axis == "seconds":
            return (
                head
                + "Processor time differs from machine to machine: read the picture. All began at the same weights."
            )
        losses = ", ".join(f"{loss:.2f} with B = {batch}" for batch, loss in reached.items())
        return head + f"Training loss {losses}. All began at the same weights."

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

    def can_step(self) -> bool:
        """Whether the race is not over."""
        return self.progress < 100

    def step(self) -> Self:
        """The race goes on."""
        return self.replace(progress=self.progress + 1) if self.can_step() else self

    def pointer(self, event: Pointer) -> Self:
        """The upright line can be dragged."""
        if event.kind not in ("down", "drag") or event.axes != "race":
            return self
        low, high = self.ends(self.compute())
        share = np.log(max(event.x, low) / low) / np.log(high / low)
        progress = round(100 * min(float(share), 1.0))
        return self if progress == self.progress else self.replace(progress=progress)

    def key(self, key: str) -> Self:
        step = {"ArrowRight": 1, "ArrowLeft": -1}.get(key)
        return self if step is None else self.replace(progress=self.progress + step)
