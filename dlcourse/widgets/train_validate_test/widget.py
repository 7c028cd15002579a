"""PeekCounter: choose the best of many models by looking at one part of the data, then meet fresh data."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.data.measured import breast_cancer
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle
from dlcourse.losses import binary_cross_entropy
from dlcourse.ops.matrix import matmul
from dlcourse.optimizers import SGD
from dlcourse.tensor import Parameter

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PeekCounter", "PeekResult", "deal_out"]

MODELS = 128
"""Candidates in every deal; each is one neuron that sees `SEES` of the measurements."""
SEES = 3
TRAIN = 60
LARGEST = 100
"""Most examples in validation, and in test."""
DEALS = 64
STEPS = 60
PARTS = ("validation", "test", "tomorrow")
COLOURS = {"validation": "BLUE", "test": "ORANGE", "tomorrow": "GREEN"}


def deal_out(data: Dataset, *, coin_flips: bool, seed: int) -> Array:
    """Shuffle the data, train all candidates on the first 60 examples, and say where each is right on the rest.

    Parameters
    ----------
    data : Dataset
        x of shape (N, K), classes 0 and 1.
    coin_flips : bool
        Replace every class by the toss of a coin, so that there is nothing to learn.
    seed : int
        Decides the shuffling, the coins, and which measurements each candidate sees.

    Returns
    -------
    array of bool, shape (MODELS, N − 60)
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data))
    x, y = data.x[order], data.y[order]
    if coin_flips:
        y = rng.integers(0, 2, len(y))
    mean, spread = x[:TRAIN].mean(axis=0), x[:TRAIN].std(axis=0)
    x = (x - mean) / np.where(spread > 0, spread, 1)
    features = x.shape[1]
    sees = (rng.random((features, MODELS)).argsort(axis=0) < SEES).astype(np.float32)
    weight = Parameter(np.zeros((features, MODELS), np.float32))
    bias = Parameter(np.zeros(MODELS, np.float32))
    # The loss is a mean over all candidates; so that each learns at rate 1, the rate is their number.
    optimizer = SGD([weight, bias], lr=float(MODELS))
    truth = np.repeat(y[:TRAIN, None], MODELS, axis=1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        binary_cross_entropy(matmul(x[:TRAIN], weight * sees) + bias, truth).backward()
        optimizer.step()
    says_yes = x[TRAIN:] @ (weight.data * sees) + bias.data > 0
    return np.asarray(says_yes == (y[TRAIN:, None] == 1)).T


@lru_cache(maxsize=1)
def _tumours() -> Dataset:
    return breast_cancer()


@lru_cache(maxsize=4)
def _counts(data: Dataset, coin_flips: bool) -> Array:
    """How many of the first j examples each candidate gets right: shape (DEALS, MODELS, N − 60 + 1)."""
    right = np.array([deal_out(data, coin_flips=coin_flips, seed=seed) for seed in range(DEALS)])
    counts = np.zeros((*right.shape[:2], right.shape[2] + 1), np.int32)
    np.cumsum(right, axis=2, out=counts[:, :, 1:])
    return counts


@dataclass(frozen=True)
class PeekResult:
    """Shares right of the model that looks best after each number of peeks."""

    best: Array
    """Which candidate, after 1, 2 … MODELS peeks: (DEALS, MODELS)."""
    scores: dict[str, Array]
    """Its share right on each part: (DEALS, MODELS)."""
    fresh: int
    """Number of examples in tomorrow's data."""


@dataclass(frozen=True, eq=False)
class PeekCounter(Widget):
    """Try one model after another, keep the one that scores best, and count how often you have looked.

    Parameters
    ----------
    data : Dataset, optional
        Your own measurements, two classes, at least 320 examples. The tumours of `dl.data.breast_cancer()` otherwise.

    Examples
    --------
    >>> counter = PeekCounter(labels="coin flips", examples=20, peeks=128)
    >>> result = counter.compute()
    >>> bool(result.scores["validation"][:, 127].mean() > 0.65 > 0.55 > result.scores["tomorrow"][:, 127].mean())
    True
    """

    title: ClassVar[str] = "Peek counter"
    size: ClassVar[tuple[float, float]] = (7.2, 3.4)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.4)
    steps_per_second: ClassVar[float] = 15.0

    labels: str = choice("tumours", ("tumours", "coin flips"), label="labels")
    look: str = choice("validation", ("validation", "test"), label="choose by")
    peeks: int = slider(1, 1, MODELS, label="peeks")
    examples: int = slider(40, 20, LARGEST, step=5, label="examples in each part")
    tomorrow: bool = toggle(False, label="show tomorrow's data")
    deal: int = state(0)
    data: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.data is not None:
            _check(self.data)

    def compute(self) -> PeekResult:
        counts = _counts(_tumours() if self.data is None else self.data, self.labels == "coin flips")
        bounds = {
            "validation": (0, self.examples),
            "test": (LARGEST, LARGEST + self.examples),
            "tomorrow": (2 * LARGEST, counts.shape[2] - 1),
        }
        shares = {
            part: (counts[:, :, end] - counts[:, :, start]) / (end - start) for part, (start, end) in bounds.items()
        }
        seen = shares[self.look]
        # A new candidate wins only if it is better than all before it.
        leads = seen > np.maximum.accumulate(np.column_stack([np.full(len(seen), -1.0), seen[:, :-1]]), axis=1)
        best = np.maximum.accumulate(np.where(leads, np.arange(MODELS), 0), axis=1)
        scores = {part: np.take_along_axis(share, best, axis=1) for part, share in shares.items()}
        start, end = bounds["tomorrow"]
        return PeekResult(best, scores, end - start)

    def other(self) -> str:
        """The part that had no say in the choice."""
        return "test" if self.look == "validation" else "validation"

    def shown(self) -> tuple[str, ...]:
        """The parts in the picture."""
        return PARTS if self.tomorrow else PARTS[:2]

    # Picture

    def background(self) -> Hashable:
        return (self.look, self.labels, self.tomorrow)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        if width < 5.5:
            curve = figure.add_axes((0.13, 0.5 / height, 0.65, 2.3 / height), label="curve")
            bars = figure.add_axes((0.24, 3.5 / height, 0.60, 1.45 / height), label="bars")
        else:
            bars = figure.add_axes((0.115, 0.155, 0.235, 0.64), label="bars")
            curve = figure.add_axes((0.485, 0.155, 0.395, 0.72), label="curve")
        low, high = (0.35, 0.85) if self.labels == "coin flips" else (0.7, 1.0)
        ticks = np.arange(0.4, 0.81, 0.1) if low < 0.5 else np.arange(0.7, 1.01, 0.1)
        names = [f"{tick:.0%}" for tick in ticks]
        artists: dict[str, Any] = {
            "bars": [], "curves": [], "bands": [], "dots": [], "whiskers": [], "numbers": [], "names": []
        }  # fmt: skip
        for row, part in enumerate(self.shown()):
            colour = style.colour(COLOURS[part])
            role = "chooses" if part == self.look else "fresh" if part == "tomorrow" else "looks on"
            artists["bars"] += [bars.plot([], [], color=colour, linewidth=13, solid_capstyle="butt")[0]]
            artists["whiskers"] += [bars.plot([], [], color=style.ink(), linewidth=1.4, marker="|", markersize=8)[0]]
            artists["numbers"] += [bars.text(0, row, "", fontsize=8.5, va="center")]
            bars.text(
                low - 0.02 * (high - low),
                row,
                f"{part}\n{role}",
                ha="right",
                va="center",
                fontsize=8.5,
                linespacing=1.3,
            )
            artists["curves"] += [curve.plot([], [], color=colour, zorder=4 - row)[0]]
            band = curve.fill_between([1, MODELS], 0, 0, color=colour, alpha=0.16, linewidth=0)
            artists["bands"] += [band]
            artists["dots"] += [curve.plot([], [], "o", color=colour, markersize=5, clip_on=False, zorder=6)[0]]
            artists["names"] += [curve.text(0, 0, part, color=colour, fontsize=9, fontweight="bold", va="center")]
        style.quiet(bars, left=False)
        bars.set(xlim=(low, high), ylim=(len(self.shown()) - 0.45, -0.75), xticks=ticks, xticklabels=names)
        curve.set(xlim=(1, MODELS), ylim=(low, high), xscale="log", yticks=ticks, yticklabels=names)
        curve.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
        curve.minorticks_off()
        curve.set_xlabel("peeks: models looked at", labelpad=1)
        curve.set_title(f"right, mean of {DEALS} deals ± standard deviation", fontsize=9)
        if self.labels == "coin flips":
            curve.axhline(0.5, color=style.faint(), linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
            curve.text(1.3, 0.36, "dashed: guessing", fontsize=8, color=style.faint(), va="bottom")
        (now,) = curve.plot([], [], color=style.ink(), linewidth=1)
        title = figure.text(0.02, 0.945 if width < 5.5 else 0.875, "", fontsize=9.5)
        return artists | {"now": now, "title": title}

    def paint(self, artists: dict[str, Any], result: PeekResult) -> None:
        at = self.peeks - 1
        x = np.arange(1, MODELS + 1)
        low, high = artists["now"].axes.get_ylim()
        ends = []
        for i, part in enumerate(self.shown()):
            all_deals = result.scores[part]
            mean, spread = all_deals.mean(axis=0), all_deals.std(axis=0)
            value = all_deals[self.deal, at]
            artists["bars"][i].set_data([low, value], [i, i])
            artists["numbers"][i].set_text(f"{value:.1%}")
            artists["numbers"][i].set_x(max(value, low) + 0.02 * (high - low))
            artists["whiskers"][i].set_data(mean[at] + np.array([-1, 0, 1]) * spread[at], [i + 0.33] * 3)
            artists["curves"][i].set_data(x[: self.peeks], mean[: self.peeks])
            upper, lower = (mean + spread)[: self.peeks], (mean - spread)[: self.peeks]
            outline = np.column_stack([np.r_[x[: self.peeks], x[: self.peeks][::-1]], np.r_[upper, lower[::-1]]])
            artists["bands"][i].set_paths([outline])
            artists["dots"][i].set_data([self.peeks], [mean[at]])
            ends.append(float(mean[at]))
        for name, y in zip(artists["names"], _apart(ends, 0.07 * (high - low)), strict=True):
            name.set_position((self.peeks * 1.12, y))
        artists["now"].set_data([self.peeks] * 2, [low, high])
        artists["title"].set_text(f"Deal {self.deal + 1}: the best of {self.peeks}\nwhiskers: all {DEALS} deals")

    def describe(self, result: PeekResult) -> str:
        at = self.peeks - 1
        here = {part: result.scores[part][self.deal, at] for part in PARTS}
        mean = {part: result.scores[part][:, at].mean() for part in PARTS}
        models = "model" if self.peeks == 1 else "models"
        nothing = " The labels are coin flips: nothing can be learned." if self.labels == "coin flips" else ""
        text = (
            f"Deal {self.deal + 1}, {self.peeks} {models} tried.{nothing} The best on {self.look} is right on {here[self.look]:.1%} of "
            f"its {self.examples} examples, and on {here[self.other()]:.1%} of {self.other()}, which had no say. "
            f"Over {DEALS} deals: {self.look} {mean[self.look]:.1%}, {self.other()} {mean[self.other()]:.1%}"
        )
        if not self.tomorrow:
            return text + ". What will tomorrow's data say?"
        gap = result.scores[self.look][:, at] - result.scores["tomorrow"][:, at]
        return text + (
            f", tomorrow's {result.fresh} examples {mean['tomorrow']:.1%}. The part that chose is too {'hopeful' if gap.mean() >= 0 else 'cautious'} by "
            f"{100 * abs(gap.mean()):.1f} points, give or take {100 * gap.std():.1f} from deal to deal."
        )

    # Code

    def code(self) -> str:
        start = {"validation": 0, "test": LARGEST}
        data = "dl.data.breast_cancer()" if self.data is None else "data  # your own data set"
        coin = "y = rng.integers(0, 2, len(y))  # coin flips\n" if self.labels == "coin flips" else ""
        lines = (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"data = {data}\nrng = np.random.default_rng({self.deal})\n"
            f"order = rng.permutation(len(data))\nx, y = data.x[order], data.y[order]\n{coin}"
            f"mean, spread = x[:{TRAIN}].mean(axis=0), x[:{TRAIN}].std(axis=0)  # from the training part only\n"
            "x = (x - mean) / np.where(spread > 0, spread, 1)\n"
            f"sees = (rng.random((x.shape[1], {MODELS})).argsort(axis=0) < {SEES}).astype(np.float32)\n"
            f"weight = dl.Parameter(np.zeros((x.shape[1], {MODELS}), np.float32))  # a column is a model\n"
            f"bias = dl.Parameter(np.zeros({MODELS}, np.float32))\n"
            f"optimizer = dl.SGD([weight, bias], lr={float(MODELS)})\n"
            f"for _ in range({STEPS}):\n"
            "    optimizer.zero_grad()\n"
            f"    logits = dl.matmul(x[:{TRAIN}], weight * sees) + bias\n"
            f"    dl.binary_cross_entropy(logits, np.repeat(y[:{TRAIN}, None], {MODELS}, axis=1)).backward()\n"
            "    optimizer.step()\n"
            f"says_yes = x[{TRAIN}:] @ (weight.data * sees) + bias.data > 0\n"
            f"right = (says_yes == (y[{TRAIN}:, None] == 1)).T\n\n"
        )
        for part in PARTS[:2]:
            lines += f"{part} = right[:, {start[part]}:{start[part] + self.examples}].mean(axis=1)\n"
        lines += f"best = {self.look}[:{self.peeks}].argmax()  # the first {self.peeks} models are looked at\n"
        if self.tomorrow:
            lines += f"tomorrow = right[:, {2 * LARGEST}:].mean(axis=1)\n"
        lines += "".join(f"{part}_score = {part}[best]\n" for part in self.shown())
        return lines + f"print('model', best, {', '.join(f'{part}_score' for part in self.shown())})\n"

    def code_results(self, result: PeekResult) -> dict[str, Any]:
        at = self.peeks - 1
        scores = {f"{part}_score": result.scores[part][self.deal, at] for part in self.shown()}
        return {"best": result.best[self.deal, at], **scores}

    # Hand

    def can_step(self) -> bool:
        """Whether there is one more model."""
        return self.peeks < MODELS

    def step(self) -> Self:
        """One more model is tried and looked at."""
        return self.replace(peeks=self.peeks + 1) if self.can_step() else self

    @action("Deal again")
    def deal_again(self) -> Self:
        """Shuffle the data anew."""
        return self.replace(deal=(self.deal + 1) % DEALS)

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "curve" or event.kind not in ("down", "drag"):
            return self
        return self.replace(peeks=round(event.x))

    def key(self, key: str) -> Self:
        if key in ("ArrowLeft", "ArrowRight"):
            return self.replace(peeks=self.peeks + (1 if key == "ArrowRight" else -1))
        return self


def _apart(heights: list[float], least: float) -> list[float]:
    """The same heights, moved until neighbours are at least this far apart."""
    order = np.argsort(heights)
    moved = np.array(heights, float)[order]
    for _ in range(20):
        for i in range(len(moved) - 1):
            lacking = least - (moved[i + 1] - moved[i])
            if lacking > 0:
                moved[i] -= lacking / 2
                moved[i + 1] += lacking / 2
    back = np.empty(len(moved))
    back[order] = moved
    return [float(y) for y in back]


def _check(data: Any) -> None:
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"PeekCounter: data should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    least = TRAIN + 2 * LARGEST + 60
    if len(data) < least or data.x.ndim != 2 or data.x.shape[1] < SEES:
        raise DataError(
            f"PeekCounter: {least} examples with at least {SEES} measurements are needed, shape (N, K), for training, "
            f"validation, test and tomorrow; these have shape {data.x.shape}."
        )
    if data.y.ndim != 1 or not np.isin(data.y, (0, 1)).all():
        raise DataError("PeekCounter: the answers should be two classes, 0 and 1, one for each example.")
