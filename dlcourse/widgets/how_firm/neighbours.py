"""Neighbours: the training digits nearest to a picture, by pixels and by hidden neurons, while a small step moves the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, in_lines, is_narrow, text_at
from dlcourse.live.own import as_it_is_now
from dlcourse.live.pixels import Labels, Tiles
from dlcourse.live.source import plain_source
from dlcourse.live.widget import Pointer, choice, slider, state
from dlcourse.widgets.how_firm import hidden_layer
from dlcourse.widgets.how_firm.nearest import COUNT, NearestResult, hidden_training, nearest
from dlcourse.widgets.how_firm.stepping import MOST, against, moved
from dlcourse.widgets.it_works_why import hand, networks, numbers
from dlcourse.widgets.it_works_why.drawing import DrawnState, Inked
from dlcourse.widgets.it_works_why.networks import DIGITS, asked, training
from dlcourse.widgets.it_works_why.picture import draw_frame, greys, paint_frame, tile
from dlcourse.widgets.it_works_why.words import answer, short, written_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "Neighbours"]

WAYS = ("pixels", "hidden neurons")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True)
class Artists:
    """What moves; lists of two have an entry for pixels and one for hidden neurons."""

    tiles: Tiles
    """The picture, its neighbours by pixels, and those by hidden neurons."""
    frame: Line2D
    title: Text
    says: Text
    heads: list[Text]
    classes: Labels
    cover: Text


@dataclass(frozen=True, eq=False)
class Neighbours(DrawnState):
    """Which of the digits that A has learned from stand nearest to a picture, and what a small step against the network does to that.

    Parameters
    ----------
    model : callable, optional
        Your own network, a Sequential from pictures (N, 8, 8, 1) to scores (N, 10) that ends in a dense layer.
    picture : array, optional
        Your own picture, 8×8 within 0…1, or larger.

    Examples
    --------
    >>> Neighbours(example="an E").compute().by_neurons.shape
    (8,)
    """

    title: ClassVar[str] = "Neighbours"
    size: ClassVar[tuple[float, float]] = (7.2, 2.75)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 4.9)
    steps_per_second: ClassVar[float] = 8.0
    chooses: ClassVar[Mapping[str, str]] = {"model": "network", "picture": "example"}

    by: float = slider(0.0, 0.0, MOST, step=0.01, label="step against it, each pixel by")
    network: str = choice("A", ("A", "untrained", "yours"), label="network")
    example: str = choice("9", (*DIGITS, "an E", "empty", "yours"), label="picture")
    which: int = slider(17, 1, 20, label="which of its kind", advanced=True)
    at: tuple[int, int] = state((3, 3))
    inked: Inked = state(())
    model: Callable[..., Any] | None = state(None)
    picture: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            own = as_it_is_now(
                self.model, owner="Neighbours", check=lambda model: hidden_layer.check(model, "Neighbours")
            )
            object.__setattr__(self, "model", own)

    @property
    def shown(self) -> Any:
        """The network that is asked; A where the learner has given none."""
        return asked(self.network, self.model)

    @property
    def name(self) -> str:
        """How a sentence calls it."""
        if self.network != "yours":
            return {"untrained": "the untrained network"}.get(self.network, self.network)
        return "your network" if self.model is not None else "A (give yours: Neighbours(model=…))"

    def compute(self) -> NearestResult:
        image, model = self.image, self.shown
        shares = numbers.shares(model, image[None])[0]
        model.zero_grad()
        signs = against(model, image[None], np.array([shares.argmax()]))
        after = moved(image[None], signs, self.by)
        return NearestResult(
            picture=image,
            after=after[0],
            shares=shares,
            shares_after=numbers.shares(model, after)[0],
            by_pixels=nearest(after.reshape(1, 64), training().x.reshape(-1, 64), COUNT),
            by_neurons=nearest(hidden_layer.hidden(model, after), hidden_training(model), COUNT),
        )

    def idle_controls(self) -> tuple[str, ...]:
        """Only digits of the data set have numbers."""
        return (*(() if self.example in DIGITS else ("which",)), *(("clear",) if self.is_empty else ()))

    def can_step(self) -> bool:
        """Whether the step can be longer."""
        return self.by < MOST - 1e-9

    def step(self) -> Self:
        """A step that is longer by 0.01."""
        return self.replace(by=round(self.by + 0.01, 2)) if self.can_step() else self

    def draw(self, figure: Figure) -> Artists:
        (left, bottom, side), *rows = squares(figure)
        tiles, classes = Tiles(frame=style.faint()), Labels()
        tiles.places = [(100 * one, 100 * low, 100 * wide) for one, low, wide in squares(figure)]
        for artist in (tiles, classes):
            figure.add_artist(artist)
        frame = draw_frame(axes_at(figure, left, bottom, side, side, "picture"))
        heads = []
        for at, low, wide in rows[::COUNT]:
            heads.append(text_at(figure, at, low + wide + 0.07, "", fontsize=style.TITLE))
        _, low, wide = rows[COUNT]
        box = {"facecolor": style.paper(), "edgecolor": "none", "pad": 2.0}
        middle: dict[str, Any] = {
            "va": "center",
            "fontsize": 8.5,
            "color": style.faint(),
            "bbox": box,
            "zorder": 7,
            "ha": "center",
        }
        return Artists(
            tiles=tiles, frame=frame, heads=heads, classes=classes,
            title=text_at(figure, left, bottom + side + 0.07, "", fontsize=style.TITLE),
            says=text_at(figure, left, bottom - 0.2, "", fontsize=8.5, fontweight="bold"),
            cover=text_at(figure, (rows[COUNT][0] + rows[-1][0] + wide) / 2, low + wide / 2, "", **middle),
        )  # fmt: skip

    def paint(self, artists: Artists, result: NearestResult) -> None:
        data, places = training(), artists.tiles.places
        rows = [result.by_pixels] if self.hides else [result.by_pixels, result.by_neurons]
        pictures = [result.after, *(data.x[one] for row in rows for one in row)]
        blank = tile(greys(np.zeros((8, 8))))
        shown = [tile(greys(one[:, :, 0])) for one in pictures]
        artists.tiles.set_pictures([*shown, *[blank] * (len(places) - len(shown))], places)
        paint_frame(artists.frame, self.at, 1)
        artists.title.set_text(
            "the picture: a press inks a pixel" if self.by == 0 else f"after a step of {self.by:.2f}"
        )
        says, sure = answer(result.shares_after)
        artists.says.set_text(f"says {says}, {short(sure)}")
        labels = []
        for (left, bottom, side), one in zip(places[1:], [one for row in rows for one in row], strict=False):
            same = data.y[one] == says
            colour = style.colour("BLUE" if same else "VERMILLION")
            labels.append((left + side / 2, bottom - 10.0, str(data.y[one]), colour, "center"))
        artists.classes.set_labels(labels, 9.0)
        for number, head in enumerate(artists.heads):
            count = "" if number == len(rows) else f": {self.counted(rows[number])}"
            room = cast("Figure", head.figure).get_figwidth() - places[1 + COUNT * number][0] / 100
            head.set_text(in_lines(f"nearest by {WAYS[number]}{count}", room, style.TITLE))
        artists.cover.set_text("? comes with your bet" if self.hides else "")

    def counted(self, row: Array) -> str:
        """Of which classes neighbours are, the most frequent first."""
        counts = np.bincount(training().y[row], minlength=10)
        classes = sorted(np.flatnonzero(counts), key=lambda one: (-counts[one], one))
        return ", ".join(f"{NUMBERS[counts[one]]} {one}{'s' if counts[one] > 1 else ''}" for one in classes)

    def describe(self, result: NearestResult) -> str:
        says, sure = answer(result.shares_after)
        moved_by = f", after a step of {self.by:.2f} for each pixel against the network" if self.by else ""
        text = f"{self.kind}{self.changed}{moved_by}: {self.name} says {says} ({sure}). Of the 1078 digits that A has learned from, the {COUNT} nearest are "
        text += f"by pixels {self.counted(result.by_pixels)}"
        return text + (
            ". And by hidden neurons?" if self.hides else f"; by hidden neurons {self.counted(result.by_neurons)}."
        )

    def code(self) -> str:
        made = {"A": "model = taught(specks=False)", "untrained": "model = untrained()"}
        own = self.network == "yours" and self.model is not None
        functions: list[Callable[..., Any]] = [networks.parts, networks.specked, networks.learned, networks.taught]
        functions += [networks.untrained, against, moved, hidden_layer.hidden, nearest]
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            + "\n".join(plain_source(function) for function in functions)
            + f"\n{'# model is your own network' if own else made.get(self.network, made['A'])}\n"
            f"picture = {written_out(self.image)}[None]\n"
            "signs = against(model, picture, dl.predict(model, picture).argmax(axis=1))\n"
            f"after = moved(picture, signs, {self.by!r})\n"
            "train = parts(np.random.default_rng(0))[0]\n"
            f"by_pixels = nearest(after.reshape(1, 64), train.x.reshape(-1, 64), {COUNT})\n"
            f"by_neurons = nearest(hidden(model, after), hidden(model, train.x), {COUNT})\n"
            "print('by pixels:', train.y[by_pixels], 'by hidden neurons:', train.y[by_neurons])\n"
        )

    def code_results(self, result: NearestResult) -> dict[str, Any]:
        return {"by_pixels": result.by_pixels, "by_neurons": result.by_neurons, "after": result.after[None]}

    def pointer(self, event: Pointer) -> Self:
        return hand.inked(self, event)

    def adds(self, event: Pointer) -> bool:
        return hand.adds(self, event)

    def key(self, key: str) -> Self:
        return hand.key(self, key)


def squares(figure: Figure) -> list[tuple[float, float, float]]:
    """Left, bottom and side of the picture and of both rows of neighbours, in inches."""
    across = figure.get_figwidth()
    if is_narrow(figure):
        first, left = (across / 2 - 1.0, 2.6, 2.0), 0.15
    else:
        first, left = (0.15, 0.4, 2.0), 2.55
    side = (across - 0.15 - left - 7 * 0.06) / COUNT
    lows = (1.42, 0.32) if is_narrow(figure) else (2.4 - side, 0.4)
    return [first, *((left + number * (side + 0.06), low, side) for low in lows for number in range(COUNT))]
