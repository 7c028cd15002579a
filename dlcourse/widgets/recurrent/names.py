"""NameWriter: a recurrent network learns from real names which letter comes next, and writes names of its own."""

from __future__ import annotations

import copy
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS, spelled
from dlcourse.errors import ArgumentError, DataError, ShapeError, WrongTypeError
from dlcourse.layers.module import Module
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state
from dlcourse.recording import no_grad
from dlcourse.widgets.recurrent.training import (
    BATCH,
    BLIND,
    COUNT,
    KINDS,
    LONGEST,
    LR,
    UNITS,
    Plan,
    Run,
    begun,
    corpus,
    decoded,
    trained,
    write,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["NameWriter", "NamesResult"]

TOP, BOTTOM = 4.0, 0.0
"""Range of log-losses in the picture; beyond it they are drawn at the edge."""


@dataclass(frozen=True)
class NamesResult:
    """What the network writes now."""

    numbers: Array
    """The letters of each name, (COUNT, LONGEST)."""
    names: list[str]
    new: list[bool]
    """Whether each is a name at all, and in no list that was learned from or measured with."""
    first: Array
    """Probabilities of the letter after the beginning, (27,); entry 0 is the end."""
    bigram: float


@dataclass(frozen=True, eq=False)
class NameWriter(Widget):
    """Train on names, then write new ones, cold or hot.

    Parameters
    ----------
    names : sequence of str, optional
        Your own, of the letters a to z, at least ten; they are used with ``words="yours"``.
    unseen : sequence of str, optional
        Names kept for measuring; a tenth of the names unless given.
    model : Module, optional
        Your own, as it is now, from one-hot letters (N, T, 27) to logits (N, T, 27). It writes with ``cell="yours"``, and
        Play trains a copy of it further.

    Examples
    --------
    >>> writer = NameWriter(words="elements")
    >>> len(writer.compute().names)
    12
    """

    title: ClassVar[str] = "Name writer"
    size: ClassVar[tuple[float, float]] = (7.2, 4.0)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.1)
    steps_per_second: ClassVar[float] = 30.0

    temperature: float = slider(1.0, 0.1, 3.0, step=0.05, label="temperature")
    words: str = choice("given", ("given", "capitals", "elements", "yours"), label="names")
    cell: str = choice("GRU", (*KINDS, "yours"), label="network")
    names: Any = state(())
    unseen: Any = state(())
    model: Any = state(None)
    start: str = state("")
    draw_again: int = state(0)
    seed: int = state(0)
    run: Any = state(None)
    copied: bool = state(False)
    """Whether `model` is a copy of the learner's already."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for field in ("names", "unseen"):
            words = getattr(self, field)
            if not isinstance(words, tuple) or words:
                object.__setattr__(self, field, _checked(field, words))
        if self.unseen and not self.names:
            raise ArgumentError("NameWriter: unseen names without names to learn from: give names=... too.")
        if self.names and not self.unseen and len(self.names) < 10:
            raise DataError(
                f"NameWriter: a tenth is kept unseen, so at least ten names are needed, not {len(self.names)}."
            )
        if self.model is not None and not self.copied:
            _check_model(self.model)
            # As it is now: a cell further down may go on training the learner's own.
            object.__setattr__(self, "model", copy.deepcopy(self.model))
            object.__setattr__(self, "copied", True)

    # Numbers

    def own(self) -> Any:
        """The learner's own network, where it is chosen and there is one."""
        return self.model if self.cell == "yours" else None

    def kind(self) -> str:
        """The cell of a network of the course's own."""
        return "GRU" if self.cell == "yours" else self.cell

    def plan(self) -> Plan:
        """What training begins with."""
        own = self.words == "yours"
        return Plan(
            "" if self.own() is not None else self.kind(), self.words, self.seed, self.own(),
            self.names if own else (), self.unseen if own else (),
        )  # fmt: skip

    def present(self) -> Run:
        """The network as it is now."""
        plan = self.plan()
        return self.run if self.run is not None and self.run.plan == plan else begun(plan)

    def compute(self) -> NamesResult:
        run, dealt = self.present(), corpus(self.plan())
        numbers, first = write(run.model, temperature=self.temperature, start=self.start, seed=self.draw_again)
        found = decoded(numbers)
        return NamesResult(
            numbers, found, [bool(name) and name not in dealt.known for name in found], first, dealt.bigram
        )

    # Picture

    def background(self) -> Hashable:
        return (self._reach(), corpus(self.plan()).bigram)

    def _reach(self) -> int:
        """Updates on the axis: there is always room for a name behind a curve."""
        return 300 * (self.present().updates // 210 + 1)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        narrow = width < 5.5
        across = 0.84 if narrow else 0.49
        short = across - 0.76 / width  # the levels are named at its right
        loss = figure.add_axes((0.1 if narrow else 0.065, 1 - 1.85 / height, short, 1.45 / height), label="loss")
        after = figure.add_axes((0.1 if narrow else 0.065, 1 - 3.62 / height, across, 1.15 / height), label="after")
        bigram = corpus(self.plan()).bigram
        loss.set(xlim=(0, self._reach()), ylim=(BOTTOM, TOP), yticks=[0, 1, 2, 3, 4])
        loss.set_title("log-loss per letter", fontsize=9)
        loss.set_xlabel("updates", labelpad=1, loc="right")
        for level, name in ((BLIND, "blind guess"), (bigram, "bigram table")):
            loss.axhline(level, color=style.faint(), linewidth=1, linestyle=(0, (4, 3)), zorder=0)
            at = loss.get_yaxis_transform()
            loss.text(1.02, level, f"{name}\n{level:.2f}", transform=at, fontsize=8, va="center", color=style.ink())
        style.quiet(loss)
        after.set(xlim=(-0.7, LETTERS + 0.7), ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=["0", "", "1"])
        after.set_xticks([*range(LETTERS - 1), LETTERS], [*(chr(97 + i) for i in range(26)), "end"], fontsize=8)
        after.tick_params(axis="x", length=0)
        style.quiet(after)
        x, y = (0.06, 1 - 4.25 / height) if narrow else (0.64, 1 - 0.62 / height)
        rows, pitch = (6, 0.3) if narrow else (COUNT, 0.27)
        places = [(x + 0.48 * (i // rows), y - (i % rows) * pitch / height) for i in range(COUNT)]
        width_of_bar = 72 * across * width / (LETTERS + 1.4) * 0.7
        return {
            "train": loss.plot([], [], ".-", color=style.colour("ORANGE"), linewidth=1, markersize=3)[0],
            "unseen": loss.plot([], [], ".-", color=style.colour("BLUE"), markersize=5)[0],
            "names_of": [
                loss.text(0, 0, text, color=style.colour(colour), fontsize=8.5, fontweight="bold", va="center")
                for text, colour in (("  learnt from", "ORANGE"), ("  unseen", "BLUE"))
            ],
            "bars": after.plot([], [], color=style.colour("BLUE"), linewidth=width_of_bar, solid_capstyle="butt")[0],
            "after": after.text(0, 1.12, "", transform=after.transAxes, fontsize=9),
            "head": figure.text(x, y + 0.3 / height, "", fontsize=9),
            "written": [figure.text(*place, "", fontsize=11.5, va="center") for place in places],
            "notes": [figure.text(*place, "", fontsize=8, va="center", color=style.faint()) for place in places],
        }  # fmt: skip

    def paint(self, artists: dict[str, Any], result: NamesResult) -> None:
        run = self.present()
        curve = np.array(run.curve, float).reshape(-1, 3)
        drawn = np.clip(curve, BOTTOM, TOP)
        artists["train"].set_data(curve[:, 0], drawn[:, 1])
        artists["unseen"].set_data(curve[:, 0], drawn[:, 2])
        ends = drawn[-1, 1:] if len(curve) else np.array([np.nan, np.nan])
        if len(curve) and abs(ends[0] - ends[1]) < 0.4:
            ends = ends.mean() + np.array([-0.2, 0.2]) * (1 if ends[0] <= ends[1] else -1)
        for text, y in zip(artists["names_of"], ends, strict=True):
            text.set_visible(bool(len(curve)))
            text.set_position((run.updates, float(y) if len(curve) else 0.0))
        x = np.repeat([LETTERS, *range(LETTERS - 1)], 3).astype(float)
        artists["bars"].set_data(x, np.column_stack([0 * result.first, result.first, np.nan + result.first]).ravel())
        begin = f"after “{self.start}”" if self.start else "at the beginning"
        artists["after"].set_text(f"the next letter {begin}")
        artists["head"].set_text(f"at temperature {self.temperature:.2g}, {sum(result.new)} of {COUNT} new")
        for text, note, name, new in zip(artists["written"], artists["notes"], result.names, result.new, strict=True):
            text.set_text(name or "(nothing)")
            text.set_color(style.ink() if new else style.faint())
            note.set_text("" if new or not name else " " * (3 + 3 * max(len(name), 7)) + "a real one")

    def describe(self, result: NamesResult) -> str:
        run = self.present()
        name = "Your network" if self.own() is not None else f"The {self.kind()}"
        if self.cell == "yours" and self.model is None:
            name += " (give yours: model=…)"
        lists = {"given": "given names", "capitals": "capitals", "elements": "elements", "yours": "names"}
        what = lists[self.words] if self.words != "yours" or self.names else "given names (give yours: names=…)"
        if not run.curve:
            learnt = (
                f"has not learned anything yet; a bigram table has log-loss {result.bigram:.2f} on the unseen {what}"
            )
        else:
            updates, _, unseen = run.curve[-1]
            more = "more " if self.own() is not None else ""
            learnt = f"has log-loss {unseen:.2f} on unseen {what} after {updates} {more}updates, a bigram table {result.bigram:.2f}"
        likely = int(result.first.argmax())
        letter = "the end" if likely == 0 else f"“{chr(96 + likely)}”"
        begin = f" after “{self.start}”" if self.start else " at the beginning"
        return (
            f"{name} {learnt}. At temperature {self.temperature:.2g} it writes {', '.join(n or '(nothing)' for n in result.names)}: "
            f"{sum(result.new)} of {COUNT} {'is' if sum(result.new) == 1 else 'are'} new. The likeliest letter{begin} is {letter}, {result.first[likely]:.0%}."
        )

    # Code

    def code(self) -> str:
        run, own = self.present(), self.words == "yours" and bool(self.names)
        source = "names  # your own" if own else f"dl.data.names({self.words if self.words != 'yours' else 'given'!r})"
        deal = (
            "train = list(words)\n"
            if own and self.unseen
            else "order, cut = rng.permutation(len(words)), max(len(words) // 10, 1)\n"
            "unseen, train = [words[i] for i in order[:cut]], [words[i] for i in order[cut:]]\n"
        )
        model = (
            "model = copy.deepcopy(model)  # a copy of your own\n"
            if self.own() is not None
            else f"layer = dl.{KINDS[self.kind()].__name__}({LETTERS}, {UNITS}, return_sequences=True, rng=rng)\n"
            f"model = dl.Sequential(layer, dl.Dense({UNITS}, {LETTERS}, rng=rng))\n"
        )
        return (
            f"{'import copy' + chr(10) if self.own() is not None else ''}import numpy as np\nimport dlcourse as dl\n\n"
            f"words = {source}\nrng = np.random.default_rng({self.seed})\n{deal}"
            "steps = 1 + max(len(word) for word in (*train, *unseen))\n"
            "pairs, test = dl.data.spelled(train, length=steps), dl.data.spelled(unseen, length=steps)\n"
            f"{model}optimizer = dl.Adam(model.parameters(), {LR})\n\n"
            "def loss(logits, y):\n    return dl.cross_entropy(logits, y, mask=y >= 0)\n\n"
            f"for _ in range({run.updates}):\n"
            f"    batch = rng.choice(len(pairs), min({BATCH}, len(pairs)), replace=False)\n"
            "    optimizer.zero_grad()\n    loss(model(pairs.x[batch]), pairs.y[batch]).backward()\n    optimizer.step()\n"
            "unseen_loss = loss(dl.predict(model, test), test.y).item()\n\n"
            f"draws = np.random.default_rng({self.draw_again}).random(({LONGEST}, {COUNT}, 1))\n"
            f"read = np.tile([0, *(ord(letter) - 96 for letter in {self.start!r})], ({COUNT}, 1))\n"
            f"ended, first = np.zeros({COUNT}, bool), None\n"
            f"while read.shape[1] <= {LONGEST} and not ended.all():\n"
            f"    logits = dl.predict(model, np.eye({LETTERS}, dtype=np.float32)[read])[:, -1]\n"
            f"    p = dl.softmax(logits.astype(float) / {self.temperature!r}).data\n"
            "    first = p[0] if first is None else first\n"
            f"    letter = np.minimum((draws[read.shape[1] - 1] > p.cumsum(axis=1)).sum(axis=1), {LETTERS - 1})\n"
            "    ended |= letter == 0\n    read = np.column_stack([read, np.where(ended, 0, letter)])\n"
            f"numbers = np.pad(read[:, 1:], ((0, 0), (0, {LONGEST + 1} - read.shape[1])))\n"
            "print([''.join(chr(96 + number) for number in row if number) for row in numbers])\n"
        )

    def code_results(self, result: NamesResult) -> dict[str, Any]:
        run = self.present()
        looked = {"unseen_loss": run.curve[-1][2]} if run.curve and run.curve[-1][0] == run.updates else {}
        return {"numbers": result.numbers, "first": result.first, **looked}

    # Hand

    def step(self) -> Self:
        """Four more minibatches."""
        return self.replace(run=trained(self.present()))

    def pointer(self, event: Pointer) -> Self:
        if event.axes == "after" and event.kind == "down" and 0 <= round(event.x) < LETTERS - 1:
            return self.key(chr(97 + round(event.x)))
        return self

    def key(self, key: str) -> Self:
        if len(key) == 1 and "a" <= key <= "z" and len(self.start) < LONGEST - 1:
            return self.replace(start=self.start + key)
        if key == "Backspace" and self.start:
            return self.replace(start=self.start[:-1])
        if key == "Delete" and self.start:
            return self.replace(start="")
        if key == "Enter":
            return self.again()
        return self

    @action("Other names")
    def again(self) -> Self:
        """Draw anew."""
        return self.replace(draw_again=self.draw_again + 1)

    @action("New weights")
    def forget(self) -> Self:
        """Begin anew with other weights, and other unseen names."""
        return self.replace(seed=self.seed + 1, run=None)


def _checked(field: str, words: Any) -> tuple[str, ...]:
    """The learner's names as a tuple, or an error that says what is wrong with them."""
    if isinstance(words, str):
        raise WrongTypeError(f"NameWriter: {field} should be a list of names, ['anna', 'otto'], not one text.")
    checked: tuple[str, ...] = tuple(words)
    spelled(checked)
    return checked


def _check_model(model: Any) -> None:
    if not isinstance(model, Module):
        raise WrongTypeError(
            f"NameWriter: model should be a network such as dl.Sequential(...), not {type(model).__name__}."
        )
    with no_grad():
        shape = model(np.zeros((2, 3, LETTERS), np.float32)).shape
    if shape != (2, 3, LETTERS):
        raise ShapeError(
            f"NameWriter: from letters of shape (N, T, {LETTERS}) the model should make logits of the same shape; from "
            f"(2, 3, {LETTERS}) yours makes {shape}. Has its recurrent layer return_sequences=True?"
        )
