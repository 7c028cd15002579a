"""Wiring: the same digit through dense, convolutional and recurrent wiring, and through the same with its pixels shuffled.

The networks are in fully_connected_networks.py, the picture is drawn in fully_connected_picture.py.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.errors import DataError, ShapeError, counted
from dlcourse.layers.convolution import AvgPool2D, Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Module
from dlcourse.layers.recurrent import SimpleRNN
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.widget import Pointer, Widget, choice, slider, state, toggle
from dlcourse.metrics import predict
from dlcourse.widgets.fully_connected import networks
from dlcourse.widgets.fully_connected.networks import KINDS, ORDER_SEED, SIDE, Linked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Wiring", "WiringResult"]

ASPECT = 208 / 176
"""Width by height of the place where the units are drawn."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class WiringResult:
    """One digit, the units of the first layer, and the unit that is looked at."""

    digit: Array
    """As it was written, (8, 8)."""
    seen: Array
    """As the network gets it, (8, 8)."""
    pixels: Array
    """The linked pixels, (K,), in reading order of `seen`."""
    unit: tuple[int, int, int]
    """Sheet, row and column in `says`."""
    links: Linked
    says: Array
    """What all units say, (S, R, C)."""
    total: float
    """Products and bias of the unit, added up."""
    output: float
    formula: str
    computed: int
    counted: int
    """Parameters of the layer: by the formula, and counted one by one."""
    answer: int
    right: float
    """Share of the unseen digits that the network reads."""


@dataclass(frozen=True, eq=False)
class Wiring(Widget):
    """A digit, the units of a network's first layer, and what each of them is linked to.

    Parameters
    ----------
    model : Sequential, optional
        Your own network for digits (N, 8, 8, 1); its first layer with weights is Dense, Conv2D or recurrent.
    image : array, shape (8, 8), optional
        Your own digit, from 0 to 1; squares of 16, 24 … pixels are averaged down. It becomes digit 0.

    Examples
    --------
    >>> result = Wiring(wiring="convolutional").compute()
    >>> result.formula, result.counted, result.links.shared
    ('3 · 3 · 1 · 16 + 16', 160, 36)
    """

    title: ClassVar[str] = "Wiring"
    size: ClassVar[tuple[float, float]] = (7.2, 4.1)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.3)

    wiring: str = choice("dense", (*KINDS, "yours"), label="wiring")
    shuffled: bool = toggle(False, label="shuffle the pixels, all digits alike")
    example: int = slider(13, 0, 99, label="digit")
    unit: tuple[int, int, int] = state((10, 2, 2))
    """Sheet, row and column of the unit that is looked at."""
    model: Any = state(None)
    image: Any = state(None)
    known: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.known is not None:
            return
        object.__setattr__(self, "known", {})
        if self.model is not None:
            # As it is now: a cell further down may go on training the learner's own.
            own = copy.deepcopy(self.model)
            if isinstance(own, Module):
                own.eval()
            networks.find_layer(own)
            object.__setattr__(self, "model", own)
            object.__setattr__(self, "wiring", "yours")
        if self.image is not None:
            object.__setattr__(self, "image", _own(self.image))
            object.__setattr__(self, "example", 0)

    # Numbers

    def kind(self) -> str:
        """Which wiring is shown: without a model of your own, "yours" is the dense one."""
        return "dense" if self.wiring == "yours" and self.model is None else self.wiring

    def network(self) -> Any:
        """The network that reads the digit."""
        return self.model if self.kind() == "yours" else networks.trained(self.kind(), self.shuffled)

    def layer(self) -> tuple[int, Any, Array]:
        """Its first layer with weights, its number, and in which order it sees the pixels."""
        if self.kind() not in self.known or self.kind() != "yours":
            self.known[self.kind()] = networks.find_layer(self.network())
        found: tuple[int, Any, Array] = self.known[self.kind()]
        return found

    def digit(self) -> Array:
        """The picture as it was written, (8, 8)."""
        if self.image is not None and self.example == 0:
            return np.asarray(self.image)
        return np.asarray(networks.unseen(False).x[self.example, :, :, 0])

    def _right(self) -> float:
        key = ("right", self.kind(), self.shuffled)
        if key not in self.known:
            data: Dataset = networks.unseen(self.shuffled)
            self.known[key] = float((predict(self.network(), data.x).argmax(axis=1) == data.y).mean())
        right: float = self.known[key]
        return right

    def compute(self) -> WiringResult:
        digit = self.digit()
        x = digit[None, :, :, None]
        x = networks.mix(x) if self.shuffled else x
        model = self.network()
        number, layer, order = self.layer()
        given = model[:number](x)
        says = networks.look(layer, given)
        unit = self.chosen(says.shape)
        links = networks.linked(layer, unit, says.shape)
        before = says[0, unit[1] - 1] if len(links.before) else np.zeros(0)
        formula, computed = networks.formula(layer)
        return WiringResult(
            digit=digit,
            seen=x[0, :, :, 0],
            pixels=order[links.pixels],
            unit=unit,
            links=links,
            says=says,
            total=networks.total(links, np.asarray(given.data).ravel(), before),
            output=float(says[unit]),
            formula=formula,
            computed=computed,
            counted=sum(parameter.size for parameter in layer.parameters()),
            answer=int(predict(model, x)[0].argmax()),
            right=self._right(),
        )

    def chosen(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """The unit that is looked at, within those that are shown."""
        count = networks.sheets(shape)[0]
        sheet, row, column = self.unit
        return min(sheet, count - 1), min(row, shape[1] - 1), min(column, shape[2] - 1)

    def summed(self) -> bool:
        """Whether what a unit says follows from one sum alone: a gated unit adds up several."""
        return isinstance(self.layer()[1], Dense | Conv2D | SimpleRNN)

    def after(self) -> str:
        """The function behind the sum."""
        layer = self.layer()[1]
        if isinstance(layer, Dense | Conv2D):
            name = getattr(layer.activation, "__name__", "your function") if layer.activation is not None else ""
            return "ReLU" if name == "relu" else name
        return "tanh"

    # Picture

    def background(self) -> Hashable:
        layer = self.layer()[1]
        return (self.kind(), self._shape(), layer.describe(), self.image is not None and self.example == 0)

    def _shape(self) -> tuple[int, ...]:
        """Sheets, rows and columns of the units."""
        if ("shape", self.kind()) not in self.known:
            number, layer, _ = self.layer()
            zeros = np.zeros((1, SIDE, SIDE, 1), np.float32)
            self.known["shape", self.kind()] = networks.look(layer, self.network()[:number](zeros)).shape
        shape: tuple[int, ...] = self.known["shape", self.kind()]
        return shape

    def draw(self, figure: Figure) -> dict[str, Any]:
        from dlcourse.widgets.fully_connected.picture import draw

        return draw(self, figure, self.layer()[1], self._shape())

    def paint(self, artists: dict[str, Any], result: WiringResult) -> None:
        from dlcourse.widgets.fully_connected.picture import paint

        paint(self, artists, result)

    def letters(self, result: WiringResult) -> list[str]:
        """The names of the weights that other units use too, "" where each unit has its own."""
        if result.links.shared == 1 or result.links.slots.max(initial=0) >= len(LETTERS):
            return [""] * len(result.pixels)
        return [LETTERS[slot] for slot in result.links.slots]

    def named(self, result: WiringResult) -> str:
        """The unit in words."""
        (sheet, row, column), shape = result.unit, result.says.shape
        layer = self.layer()[1]
        if isinstance(layer, Dense):
            return f"neuron {sheet} of {shape[0]}"
        if isinstance(layer, Conv2D):
            return f"the neuron at row {row}, column {column} of map {sheet}"
        return f"neuron {column} of {shape[2]} at step {row}"

    def describe(self, result: WiringResult) -> str:
        layer, links = self.layer()[1], result.links
        k, name = len(result.pixels), self.named(result)
        which = f"all {k} pixels" if k == SIDE * SIDE else counted(k, "pixel")
        if links.shared == 1:
            text = f"is linked to {which}, each by a weight of its own"
        else:
            where = "places of the map" if isinstance(layer, Conv2D) else "steps"
            before = "neuron" if len(links.before) == 1 else f"{len(links.before)} neurons"
            also = f" and to the {before} of the step before" if len(links.before) else ""
            text = f"is linked to {which}{also}, by weights that serve all {links.shared} {where}"
        text = f"{name[0].upper()}{name[1:]} {text}. "
        if self.summed():
            text += f"Products and bias add up to {signed(result.total)}"
            text += f"; after {self.after()} {signed(result.output)}. " if self.after() else ". "
        else:
            text += f"It says {signed(result.output)}. "
        text += f"The layer has {result.formula} = {grouped(result.computed)} parameters; counted: {grouped(result.counted)}. "
        whose = {"yours": "Your network"}.get(self.kind(), f"The {self.kind()} network")
        taught = "" if self.kind() == "yours" else f", taught with {'shuffled ' * self.shuffled}digits,"
        pixels = "shuffled" if self.shuffled else "as they were written"
        text += (
            f"{whose}{taught} says {result.answer} here, and of {grouped(len(networks.unseen(self.shuffled)))} "
            f"{'digits' if self.kind() == 'yours' else 'unseen digits'}, {pixels}, it reads {result.right:.1%}."
        )
        if self.wiring == "yours" and self.model is None:
            text += " (Your own network: Wiring(model=model).)"
        return text

    # Code

    def code(self) -> str:
        own, number = self.kind() == "yours", self.layer()[0]
        recurs = not isinstance(self.layer()[1], Dense | Conv2D)
        lines = "import copy\n" * recurs + "import numpy as np\nimport dlcourse as dl\n\n" + networks.SPLIT
        if self.shuffled:
            lines += (
                f"order = np.random.default_rng({ORDER_SEED}).permutation(64)\n"
                "train, test = (\n    dl.data.Dataset(part.x.reshape(-1, 64)[:, order].reshape(-1, 8, 8, 1), part.y)\n"
                "    for part in (train, test)\n)\n"
            )
        lines += "# model: your own, as given to Wiring\n" if own else networks.NETWORKS[self.kind()] + networks.TRAIN
        lines += "right = (dl.predict(model, test.x).argmax(axis=1) == test.y).mean()\n\n"
        if self.image is not None and self.example == 0:
            lines += "x = np.asarray(image, np.float32)  # your own picture\n"
            lines += "x = dl.AvgPool2D(len(x) // 8)(x[None, :, :, None]).numpy()\n"
            lines += "x = x.reshape(1, 64)[:, order].reshape(1, 8, 8, 1)\n" if self.shuffled else ""
        else:
            lines += f"x = test.x[{self.example}:{self.example + 1}]\n"
        before = f"dl.predict(model[:{number}], x)" if number else "x"
        lines += f"layer, given = model[{number}], {before}\n"
        lines += "counted = sum(parameter.size for parameter in layer.parameters())\n"
        lines += f"formula = {self.compute().formula.replace('·', '*')}\n" + self._arithmetic()
        return lines + "print(counted, formula, output, right)\n"

    def _arithmetic(self) -> str:
        """The lines that compute the unit by hand."""
        result, layer = self.compute(), self.layer()[1]
        sheet, row, column = result.unit
        pixels = result.links.pixels.tolist()
        if isinstance(layer, Dense):
            bias = f" + layer.bias.data[{sheet}]" if layer.bias is not None else ""
            total = f"given[0].astype(float) @ layer.weight.data[:, {sheet}]{bias}"
            return f"total = {total}\noutput = layer(given).numpy()[0, {sheet}]\n"
        if isinstance(layer, Conv2D):
            bias = f" + layer.bias.data[{sheet}]" if layer.bias is not None else ""
            whole = len(pixels) == math.prod(layer.kernel)
            kept = "" if whole else f"[{result.links.slots.tolist()}]  # the others hang over the edge"
            return (
                f"pixels = given.ravel()[{pixels}].astype(float)\n"
                f"weights = layer.weight.data[:, :, 0, {sheet}].ravel(){kept}\n"
                f"total = pixels @ weights{bias}\noutput = layer(given).numpy()[0, {row}, {column}, {sheet}]\n"
            )
        at = (0 if layer.gates == 1 else 2 * layer.units) + column
        lines = (
            "every = copy.copy(layer)  # the same weights; says what it says at every step\n"
            "every.return_sequences = True\nstates = every(given).numpy()[0]\n"
            f"total = given[0, {row}].astype(float) @ layer.weight_x.data[:, {at}] + layer.bias.data[{at}]\n"
        )
        lines += f"total += states[{row - 1}].astype(float) @ layer.weight_h.data[:, {at}]\n" if row else ""
        gate = "" if layer.gates == 1 else "  # total is what one gate adds up"
        return lines + f"output = states[{row}, {column}]{gate}\n"

    def code_results(self, result: WiringResult) -> dict[str, Any]:
        return {
            "counted": result.counted,
            "formula": result.computed,
            "total": result.total,
            "output": result.output,
            "right": result.right,
        }

    # Hand

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "units" or event.kind not in ("hover", "down", "drag"):
            return self
        shape = self._shape()
        count, down, across = networks.sheets(shape)
        if shape[1] * shape[2] == 1:  # small squares: the nearest one is meant
            row, column = math.floor(event.y * down), math.floor(event.x * across)
            sheet = row * across + column
            inside = row >= 0 and 0 <= column < across and sheet < count
            return self.replace(unit=(sheet, 0, 0)) if inside and (sheet, 0, 0) != self.chosen(shape) else self
        for sheet, (left, top, width, height) in enumerate(places(shape)):
            if left <= event.x < left + width and top <= event.y < top + height:
                row, column = int((event.y - top) / height * shape[1]), int((event.x - left) / width * shape[2])
                found = (sheet, min(row, shape[1] - 1), min(column, shape[2] - 1))
                return self if found == self.chosen(shape) else self.replace(unit=found)
        return self

    def key(self, key: str) -> Self:
        shape = self._shape()
        sheet, row, column = self.chosen(shape)
        count, _, across = networks.sheets(shape)
        moves = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowUp": (-1, 0), "ArrowDown": (1, 0)}
        if key in ("n", "p"):
            return self.replace(unit=((sheet + (1 if key == "n" else -1)) % count, row, column))
        if key not in moves:
            return self
        down, right = moves[key]
        if shape[1] * shape[2] == 1:
            to = sheet + down * across + right
            return self.replace(unit=(to, 0, 0)) if 0 <= to < count else self
        row, column = min(max(row + down, 0), shape[1] - 1), min(max(column + right, 0), shape[2] - 1)
        return self.replace(unit=(sheet, row, column))


def places(shape: tuple[int, ...]) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of each sheet of units, in a unit square whose y goes down."""
    count, down, across = networks.sheets(shape)
    if count == 1 and shape[1] * shape[2] > 1:
        return [(0.0, 0.0, 1.0, 1.0)]
    wide, high = 1 / across, 1 / down
    # Each neuron a square, and a little air between sheets; one neuron alone needs more of it.
    size = min(wide * ASPECT / shape[2], high / shape[1], 0.25) * (0.95 if shape[1] * shape[2] > 1 else 0.75)
    w, h = size * shape[2] / ASPECT, size * shape[1]
    return [((i % across + 0.5) * wide - w / 2, (i // across + 0.5) * high - h / 2, w, h) for i in range(count)]


def _own(image: Any) -> Array:
    """The learner's picture as (8, 8), or an error that says what is wrong with it."""
    array = np.asarray(image)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.shape[0] % SIDE or not array.size:
        raise ShapeError(f"Wiring: image should have shape (8, 8), or (16, 16) and so on, not {np.shape(image)}.")
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
        raise DataError("Wiring: image should be finite numbers from 0, paper, to 1, ink.")
    small = AvgPool2D(len(array) // SIDE)(array.astype(np.float32)[None, :, :, None])
    return np.asarray(small.data[0, :, :, 0])
