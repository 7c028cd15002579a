"""FeatureMaps: what each filter of a trained network finds in a digit, and what happens when the digit is shifted."""

from __future__ import annotations

import copy
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.activations import relu, softmax
from dlcourse.arrays import Array
from dlcourse.data.dataset import Dataset
from dlcourse.data.measured import digits
from dlcourse.errors import ShapeError, WrongTypeError
from dlcourse.layers.convolution import Conv2D, MaxPool2D
from dlcourse.layers.dense import Dense
from dlcourse.layers.module import Flatten, Sequential
from dlcourse.live import style
from dlcourse.live.numbers import signed
from dlcourse.live.pixels import Tiles, Words
from dlcourse.live.widget import Pointer, Widget, action, slider, state
from dlcourse.losses import cross_entropy
from dlcourse.metrics import predict
from dlcourse.optimizers import Adam
from dlcourse.tensor import Tensor
from dlcourse.training import fit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FeatureMaps", "MapsResult"]

FARTHEST = 3
MOST = 16
"""Maps that are shown of a layer."""
ROWS = 5
TILE, GAP, LABEL = 35.0, 4.0, 78.0  # hundredths of an inch, as all lengths here
BIG = 100.0
"""Side of the picture, filter and map that are shown large."""
COLOURS = 49
DIGITS = """rng = np.random.default_rng(0)
train, _, data = dl.data.digits().split(0.6, 0.2, 0.2, rng=rng)
"""
NETWORK = """model = dl.Sequential(
    dl.Conv2D(1, 8, 3, padding="same", activation=dl.relu, rng=rng),
    dl.Conv2D(8, 16, 3, padding="same", activation=dl.relu, rng=rng),
    dl.MaxPool2D(2),
    dl.Flatten(),
    dl.Dense(256, 10, rng=rng),
)
optimizer = dl.Adam(model.parameters(), 4e-3)
dl.fit(model, train, loss=dl.cross_entropy, optimizer=optimizer, epochs=3, batch_size=32, rng=rng)
"""


@lru_cache(maxsize=1)
def _default() -> tuple[Sequential, Dataset]:
    """The network of `NETWORK`, and digits that it has not seen."""
    rng = np.random.default_rng(0)
    train, _, data = digits().split(0.6, 0.2, 0.2, rng=rng)
    model = Sequential(
        Conv2D(1, 8, 3, padding="same", activation=relu, rng=rng),
        Conv2D(8, 16, 3, padding="same", activation=relu, rng=rng),
        MaxPool2D(2),
        Flatten(),
        Dense(256, 10, rng=rng),
    )
    optimizer = Adam(model.parameters(), 4e-3)
    fit(model, train, loss=cross_entropy, optimizer=optimizer, epochs=3, batch_size=32, rng=rng, progress=False)
    return model, data


class PlacedTiles(Tiles):
    """Tiles whose places stay."""

    def __init__(self, places: Sequence[tuple[float, float, float]]) -> None:
        super().__init__()
        self.places = places

    def put(self, pictures: Sequence[Array]) -> None:
        """One picture in each place."""
        self.set_pictures(pictures, self.places)


@dataclass(frozen=True)
class MapsResult:
    """One picture on its way through the network."""

    x: Array
    """The picture, shifted: (H, W, C)."""
    maps: tuple[Array, ...]
    """What each shown layer makes of it: (OH, OW, F) each."""
    probabilities: Array
    right: float
    """Share of all pictures that are read right when they are shifted as this one is."""


@dataclass(frozen=True, eq=False)
class FeatureMaps(Widget):
    """The filters and feature maps of a network that reads pictures.

    Parameters
    ----------
    model : Sequential, optional
        Your own network, with at least one `Conv2D`, as it is now. A small one that has learned three epochs of digits otherwise.
    data : Dataset, optional
        Pictures x (N, H, W, C) and classes; digits unless given.

    Examples
    --------
    >>> widget = FeatureMaps()
    >>> [maps.shape for maps in widget.compute().maps]
    [(8, 8, 8), (8, 8, 16), (4, 4, 16)]
    """

    title: ClassVar[str] = "Feature maps"
    size: ClassVar[tuple[float, float]] = (7.2, 3.5)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 6.0)

    example: int = slider(3, 0, 99, label="digit")
    right: int = slider(0, -FARTHEST, FARTHEST, label="shift to the right")
    down: int = slider(0, -FARTHEST, FARTHEST, label="shift down")
    selected: tuple[int, int] = state((0, 0))
    """Layer and filter that are shown large, counted from 0."""
    model: Any = state(None)
    data: Any = state(None)
    known: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None and self.known is None:
            _check_model(self.model)
            # As it is now: a cell further down may go on training the learner's own.
            object.__setattr__(self, "model", copy.deepcopy(self.model).eval())
        if self.data is not None and self.known is None:
            _check_data(self.data)
        if self.known is None:
            object.__setattr__(self, "known", {})
        if self.example >= len(self.pictures()):
            object.__setattr__(self, "example", len(self.pictures()) - 1)

    def network(self) -> Sequential:
        """The network that is shown."""
        return _default()[0] if self.model is None else self.model

    def pictures(self) -> Dataset:
        """The pictures to choose from."""
        return _default()[1] if self.data is None else self.data

    def layers(self) -> list[tuple[int, Any]]:
        """The layers whose maps are shown, with their number in the network."""
        if "layers" not in self.known:
            x, found = Tensor(self.pictures().x[:1]), []
            for number, layer in enumerate(self.network()):
                x = layer(x)
                if x.ndim == 4:
                    found.append((number, layer))
                elif found:
                    break
            self.known["layers"] = found[: ROWS - 1]
        found_layers: list[tuple[int, Any]] = self.known["layers"]
        return found_layers

    def shifted(self, x: Array) -> Array:
        """Pictures (N, H, W, C), moved; what leaves the frame is lost, and zeros come in."""
        m, (h, w) = FARTHEST, x.shape[1:3]
        padded = np.pad(x, ((0, 0), (m, m), (m, m), (0, 0)))
        return padded[:, m - self.down : m - self.down + h, m - self.right : m - self.right + w]

    # Numbers

    def compute(self) -> MapsResult:
        data, model = self.pictures(), self.network()
        x = self.shifted(data.x[self.example : self.example + 1])
        found, y = {}, Tensor(x)
        for number, layer in enumerate(model):
            y = layer(y)
            found[number] = y
        maps = tuple(found[number].data[0] for number, _ in self.layers())
        key = (self.right, self.down)
        if key not in self.known:
            says = predict(model, self.shifted(data.x)).argmax(axis=1)
            self.known[key] = float((says == data.y).mean())
        return MapsResult(x[0], maps, softmax(y).data[0], self.known[key])

    def chosen(self) -> tuple[int, int]:
        """Layer and filter that are shown large, within what there is."""
        layers = self.layers()
        stage = min(self.selected[0], len(layers) - 1)
        return stage, min(self.selected[1], self._shown(stage) - 1)

    def _shown(self, stage: int) -> int:
        """How many maps of a layer are in the picture."""
        return min(self._count(stage), MOST)

    def _count(self, stage: int) -> int:
        """How many maps a layer makes."""
        if ("count", stage) not in self.known:
            x = Tensor(self.pictures().x[:1])
            for number, layer in enumerate(self.network()):
                x = layer(x)
                if number == self.layers()[stage][0]:
                    break
            self.known["count", stage] = x.shape[3]
        count: int = self.known["count", stage]
        return count

    def kernel(self) -> Array | None:
        """The filter that is shown large, (KH, KW, C); None for a layer without weights."""
        stage, index = self.chosen()
        layer = self.layers()[stage][1]
        return np.asarray(layer.weight.data[..., index]) if isinstance(layer, Conv2D) else None

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """There are so many pictures, and no more."""
        return {"example": (0, min(len(self.pictures()), 100) - 1)}

    # Picture

    def background(self) -> Hashable:
        return (id(self.network()), id(self.pictures()), self.kernel() is None, self._slices(), self.chosen()[0])

    def _slices(self) -> int:
        kernel = self.kernel()
        return 0 if kernel is None else min(kernel.shape[2], MOST)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = (100 * side for side in figure.get_size_inches())
        stages, top = self.layers(), height - 26
        narrow = width < 550
        artists: dict[str, Any] = {"rows": [], "frames": []}
        canvas = figure.add_axes((0, 0, 1, 1), label=f"maps in {width:.0f}")
        canvas.set(xlim=(0, width), ylim=(0, height))
        canvas.axis("off")
        label, per_line = (LABEL, MOST) if not narrow else (62.0, MOST // 2)
        tile = TILE if not narrow else (width - label - 6) // per_line - GAP
        bottom = top - (BIG + 44 if not narrow else 152 + tile)
        for name, count in self._row_names():
            places = [
                (label + (i % per_line) * (tile + GAP), bottom - (i // per_line) * (tile + GAP), tile)
                for i in range(count)
            ]
            canvas.text(label - 8, bottom + tile / 2, name, ha="right", va="center", fontsize=8.5)
            tiles = PlacedTiles(places)
            canvas.add_artist(tiles)
            artists["rows"].append(tiles)
            bottom = places[-1][1] - tile - 11
        words_top = bottom + tile + 5
        side, between, left = (BIG, 34.0, 20.0) if not narrow else (0.2 * width, 0.03 * width, 12.0)
        lefts = [left + i * (side + between) for i in range(3)]
        large = PlacedTiles([(lefts[0], top - side, side), (lefts[2], top - side, side)])
        canvas.add_artist(large)
        n = self._slices()
        per = int(np.ceil(np.sqrt(max(n, 1))))
        cell = (side - 2 * (per - 1)) / per
        slices = PlacedTiles(
            [(lefts[1] + (i % per) * (cell + 2), top - cell - (i // per) * (cell + 2), cell) for i in range(n)]
        )
        canvas.add_artist(slices)
        stage = self.chosen()[0]
        middle = "filter" if n else _pools(stages[stage][1]) or "no weights"
        names = ("picture", middle, f"map of layer {stage + 1}" if not narrow else f"map, layer {stage + 1}")
        for name, place in zip(names, lefts, strict=True):
            canvas.text(place, top + 6, name, fontsize=8.5)
        if not n:
            size = getattr(stages[stage][1], "size", None)
            text = f"of each\n{size[0]}×{size[1]}" if size else type(stages[stage][1]).__name__
            canvas.text(lefts[1] + side / 2, top - side / 2, text, ha="center", va="center", fontsize=10)
        artists |= {"large": large, "slices": slices}
        artists |= self._draw_bars(figure, narrow, top, lefts[2] + side, width, height)
        from matplotlib.patches import Rectangle

        for _ in range(2):
            frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=style.VERMILLION, linewidth=1.8, zorder=5)
            artists["frames"].append(canvas.add_patch(frame))
        artists["words"] = Words(label if not narrow else left, words_top, size=8.5, color=style.ink())
        canvas.add_artist(artists["words"])
        self.known[canvas.get_label()] = [tiles.places for tiles in artists["rows"]]
        return artists

    def _row_names(self) -> list[tuple[str, int]]:
        """For each row of small pictures its name and how many there are: filters first, then the maps of each layer."""
        stages, rows = self.layers(), []
        if isinstance(stages[0][1], Conv2D):
            kh, kw = stages[0][1].weight.shape[:2]
            rows.append((f"filters\n{kh}×{kw}", self._shown(0)))
        for stage, (_, layer) in enumerate(stages):
            kind = f"maps {stage + 1}" if isinstance(layer, Conv2D) else "pooled" if _pools(layer) else "next"
            some = f"\n{MOST} of {self._count(stage)}" if self._count(stage) > MOST else ""
            rows.append((kind + some, self._shown(stage)))
        return rows

    def _draw_bars(self, figure: Figure, narrow: bool, top: float, left: float, width: float, height: float) -> Any:
        classes = len(self._names())
        start = left + (36 if not narrow else 22)
        high = BIG if not narrow else 130
        bars = figure.add_axes(
            (start / width, (top - high) / height, (width - start - (44 if not narrow else 10)) / width, high / height),
            label="says",
        )
        style.quiet(bars, left=False, bottom=False)
        bars.set(xlim=(0, 1), ylim=(classes - 0.4, -0.6))
        size = min(7.5, 0.7 * high / classes)
        for i, name in enumerate(self._names()):
            bars.text(-0.03, i, name, ha="right", va="center", fontsize=size)
        made = bars.barh(np.arange(classes), np.zeros(classes), height=0.72, color=style.colour("BLUE"))
        return {"bars": list(made), "says": bars.text(0, -1.15, "", fontsize=8.5)}

    def _names(self) -> list[str]:
        data = self.pictures()
        return list(data.classes) if data.classes else [str(i) for i in range(int(data.y.max()) + 1)]

    def paint(self, artists: dict[str, Any], result: MapsResult) -> None:
        layers, rows = self.layers(), list(artists["rows"])
        stage, index = self.chosen()
        offset = 0
        if isinstance(layers[0][1], Conv2D):
            weight = layers[0][1].weight.data.mean(axis=2)
            rows[0].put(_tiles(weight, len(rows[0].places)))
            offset = 1
        for tiles, maps in zip(rows[offset:], result.maps, strict=True):
            tiles.put(_tiles(maps, len(tiles.places)))
        picture, chosen = result.x.mean(axis=2, keepdims=True), result.maps[stage]
        shade = 0.9 * max(float(picture.max()), 1e-6)
        artists["large"].put(
            [_greys(picture[..., 0] / shade * 0.9), _colours(chosen[..., index], float(np.abs(chosen).max()))]
        )
        kernel = self.kernel()
        artists["slices"].put([] if kernel is None else _tiles(kernel, len(artists["slices"].places)))
        self._paint_frames(artists, stage + offset, index, offset)
        truth = self._names()[int(self.pictures().y[self.example])]
        best = int(result.probabilities.argmax())
        for i, (bar, p) in enumerate(zip(artists["bars"], result.probabilities, strict=True)):
            bar.set_width(float(p))
            bar.set_color(style.colour("ORANGE" if i == best else "BLUE"))
        artists["says"].set_text(f"says {self._names()[best]}, is {truth}")
        artists["words"].set_text(
            f"All {len(self.pictures())} digits shifted like this one: {result.right:.1%} are read right."
            if self.data is None
            else f"All {len(self.pictures())} pictures shifted like this one: {result.right:.1%} are read right."
        )

    def _paint_frames(self, artists: dict[str, Any], row: int, index: int, offset: int) -> None:
        places = [artists["rows"][row].places[index]]
        places += [artists["rows"][0].places[index]] if offset and row == 1 else []
        for number, frame in enumerate(artists["frames"]):
            frame.set_visible(number < len(places))
            if number < len(places):
                left, bottom, side = places[number]
                frame.set_bounds(left - 1.5, bottom - 1.5, side + 3, side + 3)

    def describe(self, result: MapsResult) -> str:
        stage, index = self.chosen()
        layer, names = self.layers()[stage][1], self._names()
        found = result.maps[stage][..., index]
        i, j = (int(k) for k in np.unravel_index(int(found.argmax()), found.shape))
        best = int(result.probabilities.argmax())
        kind = layer.describe() if hasattr(layer, "describe") else type(layer).__name__
        place = f"shifted {self.right} to the right and {self.down} down".replace("-", "−")
        if not self.right and not self.down:
            place = "as it is"
        most = float(found.max())
        where = (
            f"is largest at row {i}, column {j}: {signed(most)}"
            if most > float(found.min())
            else "is the same everywhere"
        )
        return (
            f"Picture {self.example}, truth {names[int(self.pictures().y[self.example])]}, {place}: the network says "
            f"{names[best]}, {result.probabilities[best]:.0%} sure. Layer {stage + 1}, {kind}: map {index} of "
            f"{result.maps[stage].shape[2]} {where}. Of all {len(self.pictures())} pictures, shifted alike, "
            f"{result.right:.1%} are read right."
        )

    # Code

    def code(self) -> str:
        stage, index = self.chosen()
        number, m = self.layers()[stage][0], FARTHEST
        h, w = self.pictures().x.shape[1:3]
        lines = "import numpy as np\nimport dlcourse as dl\n\n"
        if self.data is None:
            lines += DIGITS
        elif self.model is None:
            lines += DIGITS.replace("data = dl", "_ = dl")
        lines += NETWORK if self.model is None else ""
        own = " and ".join(name for name in ("model", "data") if getattr(self, name) is not None)
        lines += f"# {own}: your own, as given to FeatureMaps\n" if own else ""
        top, left = m - self.down, m - self.right
        return lines + (
            f"x = np.pad(data.x, ((0, 0), ({m}, {m}), ({m}, {m}), (0, 0)))[:, {top}:{top + h}, {left}:{left + w}]\n"
            f"one = x[{self.example}:{self.example + 1}]\n"
            f"feature_map = dl.predict(model[:{number + 1}], one)[0, :, :, {index}]\n"
            "probabilities = dl.softmax(dl.predict(model, one)).numpy()[0]\n"
            "right = (dl.predict(model, x).argmax(axis=1) == data.y).mean()\n"
            "print(probabilities.argmax(), right)\n"
        )

    def code_results(self, result: MapsResult) -> dict[str, Any]:
        stage, index = self.chosen()
        return {
            "feature_map": result.maps[stage][..., index],
            "probabilities": result.probabilities,
            "right": result.right,
        }

    # Hand

    @action("Next mistake")
    def mistake(self) -> Self:
        """The next picture that is read wrong, shifted as it is now."""
        data = self.pictures()
        count = min(len(data), 100)
        wrong = predict(self.network(), self.shifted(data.x[:count])).argmax(axis=1) != data.y[:count]
        later = [i for i in np.flatnonzero(wrong) if i > self.example] + list(np.flatnonzero(wrong))
        return self.replace(example=int(later[0])) if later else self

    def pointer(self, event: Pointer) -> Self:
        if event.kind not in ("hover", "down", "drag"):
            return self
        rows = self.known.get(event.axes, ())  # where they are in a picture of this width
        offset = len(rows) - len(self.layers())
        for row, places in enumerate(rows):
            for index, (left, low, side) in enumerate(places):
                if low <= event.y <= low + side and left <= event.x <= left + side:
                    found = (max(row - offset, 0), index)
                    return self if found == self.chosen() else self.replace(selected=found)
        return self

    def key(self, key: str) -> Self:
        stage, index = self.chosen()
        if key in ("ArrowLeft", "ArrowRight"):
            index = (index + (1 if key == "ArrowRight" else -1)) % self._shown(stage)
        elif key in ("ArrowUp", "ArrowDown"):
            stage = min(max(stage + (1 if key == "ArrowDown" else -1), 0), len(self.layers()) - 1)
        elif key in ("n", "p"):
            return self.replace(example=self.example + (1 if key == "n" else -1))
        else:
            return self
        return self.replace(selected=(stage, min(index, self._shown(stage) - 1)))


def _tiles(maps: Array, count: int) -> list[Array]:
    """Maps (H, W, F) as coloured tiles, all in one scale."""
    largest = float(np.abs(maps).max())
    return [_colours(maps[..., i], largest) for i in range(count)]


def _colours(values: Array, largest: float) -> Array:
    """A square of colours, four bytes each, lowest row first."""
    level = np.clip(np.round((0.5 + 0.5 * values / max(largest, 1e-9)) * (COLOURS - 1)), 0, COLOURS - 1).astype(int)
    return _square(_palette(style.is_dark())[level])


def _greys(values: Array) -> Array:
    level = np.round(np.clip(values, 0, 1) * 32) * (255 / 32)
    return _square(np.stack([255 - level] * 3 + [np.full(values.shape, 255.0)], axis=-1).astype(np.uint8))


def _square(colours: Array) -> Array:
    """Filled up with air to a square, upside down as `Tiles` wants it."""
    h, w = colours.shape[:2]
    side = max(h, w)
    square = np.zeros((side, side, 4), np.uint8)
    square[(side - h) // 2 : (side - h) // 2 + h, (side - w) // 2 : (side - w) // 2 + w] = colours
    return np.ascontiguousarray(square[::-1])


@lru_cache(maxsize=2)
def _palette(dark: bool) -> Array:
    return np.round(255 * style.diverging()(np.linspace(0.04, 0.96, COLOURS))).astype(np.uint8)


def _pools(layer: Any) -> str:
    """What a pooling layer takes of each window, "" for another layer."""
    return {"MaxPool2D": "largest", "AvgPool2D": "average"}.get(type(layer).__name__, "")


def _check_model(model: Any) -> None:
    if not isinstance(model, Sequential) or not any(isinstance(layer, Conv2D) for layer in model):
        raise WrongTypeError(
            f"FeatureMaps: model should be a dl.Sequential with at least one dl.Conv2D, not {model!r}."
        )


def _check_data(data: Any) -> None:
    if not isinstance(data, Dataset):
        raise WrongTypeError(
            f"FeatureMaps: data should be a dl.data.Dataset, Dataset(x, y), not {type(data).__name__}."
        )
    if np.ndim(data.x) != 4:
        raise ShapeError(f"FeatureMaps: data.x should be pictures, shape (N, H, W, C), not {np.shape(data.x)}.")
