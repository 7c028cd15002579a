"""Unroll: a word is read letter by letter, by the same weights at every step, and a nudge of the past is followed to the end."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.names import LETTERS
from dlcourse.errors import ArgumentError, DataError, WrongTypeError, counted
from dlcourse.layers.recurrent import GRU, LSTM, SimpleRNN
from dlcourse.live import style
from dlcourse.live.numbers import minus, raised, signed
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state
from dlcourse.widgets.recurrent import picture
from dlcourse.widgets.recurrent.memory import KINDS, UNITS, follow, fresh_cell

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Unroll", "UnrollResult"]

LONGEST_WORD, LONGEST_TEXT = 16, 60
COLOURS = {"RNN": "VERMILLION", "GRU": "GREEN", "LSTM": "BLUE", "yours": "PURPLE"}
LEAST, MOST = 1e-6, 1e4
"""The picture's range of what is left; what is beyond is drawn at the edge."""
FINE = 20
"""Pixels a step in the picture of the states."""


@lru_cache(maxsize=256)
def _followed(kind: str, text: str, scale: float, keep: float, seed: int) -> tuple[Array, Array]:
    return follow(fresh_cell(kind, scale=scale, keep=keep, seed=seed), text)


@dataclass(frozen=True)
class UnrollResult:
    """What the shown cell's state was after each letter, and what every cell lets through."""

    text: str
    states: Array
    """(T, H)"""
    left: dict[str, Array]
    """For each cell what is left of a nudge after 0, 1 … T steps: (T + 1,)."""
    weights: int
    """How many weights the shown cell has."""


@dataclass(frozen=True, eq=False)
class Unroll(Widget):
    """A recurrent network reads a word, repeated until `letters` letters are read.

    Parameters
    ----------
    word : str
        Letters a to z; in the live picture one types it.
    layer : SimpleRNN, GRU or LSTM, optional
        Your own, trained or not, with 27 inputs: the end mark and a to z. It is shown with ``cell="yours"``.

    Examples
    --------
    >>> left = Unroll(word="banana", letters=30, scale=0.9).compute().left["RNN"]
    >>> bool(left[30] < 1e-2)
    True
    """

    title: ClassVar[str] = "Unroll"
    size: ClassVar[tuple[float, float]] = (7.2, 4.6)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.2)
    steps_per_second: ClassVar[float] = 5.0

    cell: str = choice("RNN", (*KINDS, "yours"), label="show the state of")
    below: str = choice("nudge", ("nudge", "state"), label="lower picture")
    letters: int = slider(30, 1, LONGEST_TEXT, label="letters in the text")
    scale: float = slider(1.0, 0.5, 4.0, step=0.05, label="RNN: scale of Wₕ")
    keep: float = slider(1.0, -2.0, 8.0, step=0.25, label="LSTM, GRU: bias of the keeping gate")
    read: int = slider(5, 1, LONGEST_TEXT, label="letters read")
    word: str = state("recurrent")
    seed: int = state(0)
    afresh: bool = state(False)
    """Whether the next letter that is typed begins a new word."""
    layer: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.word, str) or not self.word or not all("a" <= c <= "z" for c in self.word):
            raise ArgumentError(f"Unroll: the word should be made of small letters, a to z, not {self.word!r}.")
        if len(self.word) > LONGEST_WORD:
            raise ArgumentError(
                f"Unroll: a word has {LONGEST_WORD} letters at most; {self.word!r} has {len(self.word)}."
            )
        if self.read > self.letters:  # nobody can read on after the end, so the slider has no idle part
            object.__setattr__(self, "read", self.letters)
        if self.layer is not None and not isinstance(self.layer, (SimpleRNN, GRU, LSTM)):
            raise WrongTypeError(
                f"Unroll: layer should be a dl.SimpleRNN, dl.GRU or dl.LSTM, not {type(self.layer).__name__}. "
                "Of a model, take its recurrent layer: Unroll(layer=model[0], cell='yours')."
            )
        if self.layer is not None and self.layer.inputs != LETTERS:
            raise ArgumentError(
                f"Unroll: the layer should read {LETTERS} features, the end mark and a to z, one-hot as "
                f"dl.data.spelled makes them; yours reads {self.layer.inputs}."
            )

    # Numbers

    def text(self) -> str:
        """What is read: the word, again and again."""
        return (self.word * (self.letters // len(self.word) + 1))[: self.letters]

    def now(self) -> int:
        """How many letters have been read."""
        return min(self.read, self.letters)

    def shown(self) -> str:
        """The cell whose state is shown."""
        return "RNN" if self.cell == "yours" and self.layer is None else self.cell

    def compute(self) -> UnrollResult:
        text = self.text()
        found = {kind: _followed(kind, text, *self._settings(kind), self.seed) for kind in KINDS}
        if self.layer is not None:
            with np.errstate(all="ignore"):
                found["yours"] = follow(self.layer, text)
            if not np.isfinite(found["yours"][0]).all():
                raise DataError("Unroll: the state of your layer is NaN or infinite. Did its training blow up?")
        left = {kind: np.nan_to_num(lengths, nan=np.inf, posinf=np.inf) for kind, (_, lengths) in found.items()}
        return UnrollResult(text, found[self.shown()][0], left, sum(p.size for p in self._cell().parameters()))

    def _settings(self, kind: str) -> tuple[float, float]:
        """Scale and keep, where the cell heeds them."""
        return (self.scale, 1.0) if kind == "RNN" else (1.0, self.keep)

    def _cell(self) -> Any:
        shown = self.shown()
        if shown == "yours":
            return self.layer
        return _weights(shown)

    # Picture

    def background(self) -> Hashable:
        return (self.below, self.shown(), self.layer is not None)

    def reach(self) -> int:
        """How many letters back the lower picture shows."""
        return next(reach for reach in picture.TICKS if reach >= self.letters)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        narrow = width < 5.5
        columns = 6 if narrow else 10
        time = figure.add_axes((0.02, 1 - 2.35 / height, 0.96, 1.8 / height), label="time")
        margin = 0.285 if narrow else 0.18
        left = figure.add_axes((margin, 0.5 / height, 0.9 - margin, (height - 3.2) / height), label="left")
        time.set(xlim=(-0.75, columns - 0.4), ylim=(-0.42, 1.14), xticks=[], yticks=[])
        style.quiet(time, left=False, bottom=False)
        image = time.imshow(
            np.zeros((UNITS, columns * FINE, 4), np.uint8), extent=(-0.5, columns - 0.5, 0, 1), aspect="auto", interpolation="nearest"
        )  # fmt: skip
        (frame,) = time.plot([], [], color=style.ink(), linewidth=1.6)
        artists = self._draw_nudge(left, narrow) if self.below == "nudge" else self._draw_state(left)
        return artists | picture.draw_arrows(time, columns) | picture.draw_ticks(left) | {
            "image": image, "frame": frame,
            "letters": [time.text(c, -0.3, "", fontsize=12, ha="center", va="center") for c in range(columns)],
            "title": figure.text(0.02, 1 - 0.14 / height, "", fontsize=9.5, va="top"),
            "settings": figure.text(0.98, 1 - 0.14 / height, "", fontsize=8.5, va="top", ha="right"),
        }  # fmt: skip

    def _draw_state(self, left: Axes) -> dict[str, Any]:
        left.set(ylim=(-1.05, 1.05), yticks=[-1, 0, 1], xlabel="letters read")
        left.set_title("each number of the state, letter by letter", fontsize=9, x=0)
        left.axhline(0, color=style.faint(), linewidth=0.8, zorder=0)
        style.quiet(left)
        colour = style.colour(COLOURS[self.shown()])
        units = self._cell().units
        return {
            "traces": [
                left.plot([], [], ".-", color=colour, linewidth=0.9, markersize=3)[0] for _ in range(min(units, UNITS))
            ]
        }

    def _draw_nudge(self, left: Axes, narrow: bool) -> dict[str, Any]:
        names = [*KINDS, *(["yours"] if self.layer is not None else [])]
        left.set(ylim=(LEAST, MOST), yscale="log", xlabel="letters between the nudge and the end")
        left.set_yticks([1e-6, 1e-4, 1e-2, 1, 1e2, 1e4], ["10⁻⁶", "10⁻⁴", "0.01", "1", "100", "10⁴"])
        left.minorticks_off()
        left.yaxis.tick_right()
        side = {"loc": "right"} if narrow else {"x": 0}
        left.set_title("Of a nudge of 1, given here, this is left at the end", fontsize=9, **side)
        left.axhline(1, color=style.faint(), linewidth=0.8, zorder=0)
        style.quiet(left)
        left.spines["left"].set_visible(False)
        left.spines["right"].set_visible(True)
        (now,) = left.plot([], [], color=style.ink(), linewidth=0.9)
        lines = {name: left.plot([], [], color=style.colour(COLOURS[name]))[0] for name in names}
        dots = {name: left.plot([], [], "o", color=style.colour(COLOURS[name]), markersize=5)[0] for name in names}
        labels = {
            name: left.text(
                0, 1, "", color=style.colour(COLOURS[name]), fontsize=9, fontweight="bold", ha="right", va="center"
            )
            for name in names
        }
        return {
            "now": now, "lines": list(lines.values()), "dots": list(dots.values()), "labels": list(labels.values()),
            "cover": left.text(0.5, 0.66, "", transform=left.transAxes, fontsize=9, ha="center"),
        }  # fmt: skip

    def _first(self, columns: int) -> int:
        """The first step in the picture: the window follows the letter that is read."""
        return min(max(self.now() - columns + 1, 0), self.letters - columns)

    def paint(self, artists: dict[str, Any], result: UnrollResult) -> None:
        places, now = len(artists["letters"]), self.now()
        columns = min(places, self.letters)
        first = self._first(columns)
        shown = np.zeros((result.states.shape[1], places, FINE, 4), np.uint8)
        part = result.states[first : min(first + columns, now)]
        shown[:, : len(part), 6:14] = style.shades(part.T, 1.0)[:, :, None]
        artists["image"].set_data(shown.reshape(len(shown), -1, 4))
        for c, text in enumerate(artists["letters"]):
            text.set_text(result.text[first + c] if c < columns else "")
            text.set_color(style.ink() if first + c < now else style.faint())
        picture.paint_arrows(artists, columns)
        x, edge = now - 1 - first, 0.22
        artists["frame"].set_data([x - edge, x + edge, x + edge, x - edge, x - edge], [-0.01, -0.01, 1.01, 1.01, -0.01])
        head = f"{self.shown()}: {now} of {self.letters} letters read." + (" Type a word." if self.afresh else "")
        artists["title"].set_text(f"{head}\nThe same {result.weights} weights at every step")
        artists["settings"].set_text(f"Wₕ scale {self.scale:g}\ngate bias {minus(f'{self.keep:g}')}")
        picture.paint_ticks(artists, self.reach(), back=self.below == "nudge")
        if self.below == "nudge":
            self._paint_left(artists, result)
            return
        for unit, trace in enumerate(artists["traces"]):
            trace.set_data(np.arange(1, now + 1), result.states[:now, unit])

    def _paint_left(self, artists: dict[str, Any], result: UnrollResult) -> None:
        back, ends = self.letters - self.now(), []
        artists["now"].set_data([back, back], [LEAST, MOST])
        artists["cover"].set_text("The curves appear when you have chosen." if self.hides else "")
        for moving in (*artists["lines"], *artists["dots"], *artists["labels"]):
            moving.set_visible(not self.hides)
        for line, dot, lengths in zip(artists["lines"], artists["dots"], result.left.values(), strict=True):
            drawn = np.clip(lengths, LEAST, MOST)
            line.set_data(np.arange(len(drawn)), drawn)
            dot.set_data([back], [drawn[back]])
            ends.append(float(np.log10(max(lengths[-1], 1e-300))))
        places = apart(ends, 1.15, np.log10(LEAST) + 0.4, np.log10(MOST) - 0.4)
        for label, (name, lengths), y in zip(artists["labels"], result.left.items(), places, strict=True):
            label.set_text(f"{name} {_number(lengths[-1])}  ")
            label.set_position((self.letters, 10**y))

    def describe(self, result: UnrollResult) -> str:
        now, back = self.now(), self.letters - self.now()
        name = self.shown() if self.shown() != "yours" else f"Your {type(self.layer).__name__}"
        state = result.states[now - 1]
        missing = " (For yours, give it: Unroll(layer=model[0]).)" if self.cell != self.shown() else ""
        before = result.states[now - 2] if now > 1 else np.zeros_like(state)
        moved = float(np.linalg.norm(state - before) / max(float(np.linalg.norm(state)), 1e-12))
        parts, whole = (
            ", ".join(f"{kind} {_number(lengths[k])}" for kind, lengths in result.left.items()) for k in (back, -1)
        )
        end = (
            "What is left of a nudge stays hidden until you have made your choice."
            if self.below == "nudge" and self.hides
            else f"Of a nudge of 1 given to the state now, this is left {counted(back, 'letter')} later, at the end: {parts}. "
            f"Of one before the first letter: {whole}."
            if self.below == "nudge"
            else f"This letter changed it by {moved:.0%} of its length."
        )
        return (
            f"The {name} has read {now} of {counted(self.letters, 'letter')}, “{result.text[max(now - 12, 0) : now]}”.{missing} "
            f"Its state is {len(state)} numbers from {signed(state.min())} to {signed(state.max())}, made by the same "
            f"{result.weights} weights at every step. RNN: scale of Wₕ {self.scale:g}; gates: bias {minus(f'{self.keep:g}')}. "
            + end
        ).replace("The Your", "Your")

    # Code

    def code(self) -> str:
        own = self.layer is not None
        shown = "layer" if self.shown() == "yours" else self.shown().lower()
        seed = [f"np.random.default_rng([{self.seed}, {i}])" for i in range(3)]
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            f"text, H = {self.text()!r}, {UNITS}\n"
            f"x = np.eye({LETTERS}, dtype=np.float32)[[ord(letter) - 96 for letter in text]]  # (T, {LETTERS})\n"
            f"rng = {seed[0]}\nrnn = dl.SimpleRNN({LETTERS}, H, rng=rng)\n"
            f"rnn.weight_h.data[:] = {self.scale!r} * dl.orthogonal((H, H), rng=rng).astype(np.float32)\n"
            f"gru = dl.GRU({LETTERS}, H, rng={seed[1]})\ngru.bias.data[H : 2 * H] = {self.keep!r}\n"
            f"lstm = dl.LSTM({LETTERS}, H, rng={seed[2]})\nlstm.bias.data[H : 2 * H] = {self.keep!r}\n\n"
            'def follow(layer):\n    """States after each letter, and what is left of a nudge after 0, 1 … T steps."""\n'
            "    copies = np.broadcast_to(x, (layer.units, *x.shape))  # copy i asks for the gradient of unit i\n"
            "    memory = [dl.Tensor(np.zeros((layer.units, layer.units), np.float32), requires_grad=True)]\n"
            "    h, states = memory[0], []\n"
            "    for t in range(len(text)):\n"
            "        if isinstance(layer, dl.LSTM):\n"
            "            _, (h, cell) = layer.run(copies[:, t : t + 1], (h, memory[-1]))\n"
            "        else:\n"
            "            h = cell = layer(copies[:, t : t + 1], h).reshape(layer.units, layer.units)\n"
            "        memory.append(cell)\n"
            "        states.append(h.data[0])\n"
            "    memory[-1].backward(np.eye(layer.units, dtype=np.float32), keep_inner=True)\n"
            "    left = [np.linalg.norm(m.grad.astype(float)) / np.sqrt(layer.units) for m in reversed(memory)]\n"
            "    return np.array(states), np.array(left)\n\n"
            f"state = follow({shown})[0][{self.now() - 1}]{'  # layer is your own' if shown == 'layer' else ''}\n"
            "left_rnn, left_gru, left_lstm = (follow(layer)[1] for layer in (rnn, gru, lstm))\n"
            f"{'left_yours = follow(layer)[1]' + chr(10) if own else ''}"
            f"print(state.round(2))\nprint(left_rnn[-1], left_gru[-1], left_lstm[-1])\n"
        )

    def code_results(self, result: UnrollResult) -> dict[str, Any]:
        found = {f"left_{name.lower()}": lengths for name, lengths in result.left.items()}
        return {"state": result.states[self.now() - 1], **found}

    # Hand

    def can_step(self) -> bool:
        """Whether there is a next letter."""
        return self.now() < self.letters

    def step(self) -> Self:
        """The next letter is read."""
        return self.replace(read=self.now() + 1) if self.can_step() else self

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """Nobody can read on after the end."""
        return {"read": (1, self.letters)}

    def pointer(self, event: Pointer) -> Self:
        if event.kind not in ("down", "drag"):
            return self
        if event.axes == "left":
            place = self.letters - round(event.x) if self.below == "nudge" else round(event.x)
            return self.replace(read=min(max(place, 1), self.letters))
        return self

    def key(self, key: str) -> Self:
        if len(key) == 1 and "a" <= key <= "z":
            word = key if self.afresh else self.word + key
            return self if len(word) > LONGEST_WORD else self.replace(word=word, afresh=False)
        if key == "Backspace":
            return self.replace(word=self.word[:-1]) if len(self.word) > 1 else self.new_word()
        if key == "Delete":
            return self.new_word()
        if key in ("ArrowLeft", "ArrowRight"):
            now = self.now() + (1 if key == "ArrowRight" else -1)
            return self.replace(read=min(max(now, 1), self.letters))
        return self

    @action("New word")
    def new_word(self) -> Self:
        """The next letter that is typed begins a new word."""
        return self.replace(afresh=True, read=1)

    @action("New weights")
    def new_weights(self) -> Self:
        """Other random weights."""
        return self.replace(seed=self.seed + 1)


@lru_cache
def _weights(kind: str) -> Any:
    return fresh_cell(kind)


def apart(heights: list[float], least: float, low: float, high: float) -> list[float]:
    """The same heights, moved until neighbours are `least` apart and all are between `low` and `high`."""
    order = np.argsort(heights, kind="stable")
    moved = np.clip(np.array(heights, float)[order], low, high)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + least)
    if len(moved):
        moved[-1] = min(moved[-1], high)
    for i in reversed(range(len(moved) - 1)):
        moved[i] = min(moved[i], moved[i + 1] - least)
    back = np.empty(len(moved))
    back[order] = moved
    return [float(y) for y in back]


def _number(value: float) -> str:
    """Two digits that count: 0.73, 48, 1.2·10⁻⁵."""
    if not np.isfinite(value):
        return "beyond all numbers"
    if value and not 1e-4 <= value < 1000:
        power = int(np.floor(np.log10(value)))
        return f"{value / 10.0**power:.1f}·10{raised(power)}"
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"
