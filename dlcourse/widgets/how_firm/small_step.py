"""SmallStep: every pixel moves by the same small amount, up or down, by lot or against the network; and it reads something else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

import dlcourse as dl
from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.own import as_it_is_now, ten_scores
from dlcourse.live.pixels import Tiles
from dlcourse.live.source import plain_source
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice, slider, state
from dlcourse.widgets.how_firm.stepping import (
    MOST,
    SIZES,
    StepResult,
    against,
    by_lot,
    curves_of,
    moved,
    our_curves,
)
from dlcourse.widgets.it_works_why import networks, numbers
from dlcourse.widgets.it_works_why.networks import DIGITS, network_of, picture_of
from dlcourse.widgets.it_works_why.picture import greys, tile
from dlcourse.widgets.it_works_why.words import answer, percent, short, written_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "SmallStep"]

WAYS = ("against the network", "by lot")
LOOKS = (("VERMILLION", "s"), ("BLUE", "o"))


@dataclass(frozen=True)
class Artists:
    """What moves."""

    tiles: Tiles
    says: list[Text]
    """What the network says before, and after."""
    turns: Text
    curves: list[Line2D]
    """Against the network, and by lot."""
    dots: list[Line2D]
    now: Line2D
    names: list[Text]
    cover: Text


@dataclass(frozen=True, eq=False)
class SmallStep(Widget):
    """A step of one size for all 64 pixels, up or down: by lot it does next to nothing, against the network it changes the answer.

    Parameters
    ----------
    model : callable, optional
        Your own network, from pictures (N, 8, 8, 1) to scores (N, 10), of operations of dlcourse.
    picture : array, optional
        Your own picture, 8×8 within 0…1, or larger.

    Examples
    --------
    >>> result = SmallStep(by=0.1).compute()
    >>> against, by_lot = result.reads[:, 10]  # of 360 digits, after steps of 0.1
    >>> bool(against < 0.6), bool(by_lot > 0.9)
    (True, True)
    """

    title: ClassVar[str] = "Small step"
    size: ClassVar[tuple[float, float]] = (7.2, 2.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 5.0)
    steps_per_second: ClassVar[float] = 8.0
    chooses: ClassVar[Mapping[str, str]] = {"picture": "example"}

    by: float = slider(0.1, 0.0, MOST, step=0.01, label="each pixel by")
    way: str = choice("against the network", WAYS, label="up or down")
    example: str = choice("7", (*DIGITS, "an E", "yours"), label="picture")
    which: int = slider(1, 1, 20, label="which of its kind", advanced=True)
    model: Callable[..., Any] | None = state(None)
    picture: Any = state(None)
    own: Array | None = state(None)
    """The curves of the learner's network."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            own = as_it_is_now(self.model, owner="SmallStep", check=lambda model: ten_scores(model, "SmallStep"))
            object.__setattr__(self, "model", own)
            if self.own is None:
                object.__setattr__(self, "own", curves_of(own))
        if self.picture is not None:
            object.__setattr__(self, "picture", numbers.picture_of(self.picture))

    @property
    def network(self) -> Callable[..., Any]:
        """The learner's, or A."""
        return network_of("A") if self.model is None else self.model

    @property
    def name(self) -> str:
        """How a sentence calls it."""
        return "A" if self.model is None else "your network"

    @property
    def image(self) -> Array:
        """The picture before the step, (8, 8, 1)."""
        example = "an E" if self.example == "yours" and self.picture is None else self.example
        return picture_of(example, self.which, self.picture)

    def compute(self) -> StepResult:
        image, model = self.image, self.network
        before = numbers.shares(model, image[None])[0]
        says = before.argmax()
        if isinstance(model, dl.Module):
            model.zero_grad()
        signs = against(model, image[None], np.array([says])) if self.way == WAYS[0] else by_lot(image[None])
        shares = numbers.shares(model, np.concatenate([moved(image[None], signs, size) for size in (self.by, *SIZES)]))
        other = np.flatnonzero(shares[1:].argmax(axis=1) != says)
        return StepResult(
            picture=image,
            signs=signs[0],
            after=moved(image, signs[0], self.by),
            shares=before,
            shares_after=shares[0],
            turns=float(SIZES[other[0]]) if len(other) else None,
            reads=our_curves() if self.own is None else self.own,
        )

    def idle_controls(self) -> tuple[str, ...]:
        """Only digits of the data set have numbers."""
        return () if self.example in DIGITS else ("which",)

    def can_step(self) -> bool:
        """Whether the step can be longer."""
        return self.by < MOST - 1e-9

    def step(self) -> Self:
        """A step that is longer by 0.01."""
        return self.replace(by=round(self.by + 0.01, 2)) if self.can_step() else self

    def background(self) -> Hashable:
        return self.way, self.name

    def draw(self, figure: Figure) -> Artists:
        tiles = Tiles(frame=style.faint())
        tiles.places = [(100 * left, 100 * bottom, 100 * side) for left, bottom, side in squares(figure)]
        figure.add_artist(tiles)
        says = []
        titles = ("the picture", "the step", "after the step")
        for number, (left, bottom, side) in enumerate(squares(figure)):
            text_at(figure, left, bottom + side + 0.07, titles[number], fontsize=9)
            if number != 1:
                at, align = (left + side, "right") if number else (left, "left")
                says.append(text_at(figure, at, bottom - 0.2, "", ha=align, fontsize=8.5, fontweight="bold"))
        axes = (
            axes_at(figure, 0.6, 0.5, figure.get_figwidth() - 1.75, 1.75, "curve")
            if is_narrow(figure)
            else axes_at(figure, 5.15, 0.5, 1.2, 2.0, "curve")
        )
        left, bottom, _ = squares(figure)[1]
        turns = text_at(figure, left, bottom - (0.38 if is_narrow(figure) else 0.2), "", fontsize=8.5)
        (now,) = axes.plot([], [], color=style.faint(), linewidth=0.9, zorder=2)
        box = {"facecolor": style.paper(), "edgecolor": "none", "pad": 2.0}
        look: dict[str, Any] = {
            "bbox": box,
            "zorder": 7,
            "ha": "center",
            "va": "center",
            "fontsize": 8.5,
            "color": style.faint(),
        }
        cover = axes.text(0.6, 0.45, "", transform=axes.transAxes, **look)
        artists = Artists(tiles, says, turns, [], [], now, [], cover)
        draw_curve(self, axes, artists)
        return artists

    def paint(self, artists: Artists, result: StepResult) -> None:
        step = np.abs(result.after - result.picture) * np.sign(result.after - result.picture)
        pixels = (greys(result.picture[:, :, 0]), style.shades(step[:, :, 0] / MOST, 1.0), greys(result.after[:, :, 0]))
        artists.tiles.set_pictures([tile(one) for one in pixels], artists.tiles.places)
        for text, shares in zip(artists.says, (result.shares, result.shares_after), strict=True):
            says, sure = answer(shares)
            text.set_text(f"says {says}, {short(sure)}")
        turns = "does not turn" if result.turns is None else f"turns at {result.turns:.2f}"
        artists.turns.set_text("" if self.hides else turns)
        paint_curve(self, artists, result)

    def describe(self, result: StepResult) -> str:
        (says, sure), (then, now) = answer(result.shares), answer(result.shares_after)
        kind = {"an E": "An E", "yours": "Your picture"}.get(self.example, f"A {self.example} (number {self.which})")
        if self.example == "yours" and self.picture is None:
            kind = "An E (give yours: SmallStep(picture=…))"
        text = f"{kind}: {self.name} says {says} ({sure}). After a step of {self.by:.2f} for each pixel, {self.way}, it says {then} ({now}). "
        if not self.hides:
            turns = (
                "No step up to 0.30 changes its answer"
                if result.turns is None
                else f"Its answer turns at {result.turns:.2f}"
            )
            text += f"{turns}. "
        against_it, lot = (float(np.interp(self.by, SIZES, row)) for row in result.reads)
        text += f"Of 360 digits it reads, after such a step by lot, {percent(lot)}"
        return text + (". And against it?" if self.hides else f", and against it {percent(against_it)}.")

    def code(self) -> str:
        signs = (
            "against(model, picture, dl.predict(model, picture).argmax(axis=1))"
            if self.way == WAYS[0]
            else "by_lot(picture)"
        )
        made = "model = taught(specks=False)\n" if self.model is None else "# model is your own network\n"
        functions = (networks.specked, networks.parts, networks.learned, networks.taught, against, by_lot, moved)
        return (
            "import numpy as np\nimport dlcourse as dl\n\n"
            + "\n".join(plain_source(function) for function in functions)
            + f"\n{made}"
            f"picture = {written_out(self.image)}[None]\n"
            f"signs = {signs}\nafter = moved(picture, signs, {self.by!r})\n"
            "shares = dl.softmax(dl.predict(model, np.concatenate([picture, after]))).data\n"
            "validation = parts(np.random.default_rng(0))[1]\nreads = []\n"
            "for signs in (against(model, validation.x, validation.y), by_lot(validation.x)):\n"
            f"    answers = dl.predict(model, moved(validation.x, signs, {self.by!r})).argmax(axis=1)\n"
            "    reads.append((answers == validation.y).mean())\n"
            "print(shares.round(2), 'of 360 digits, against the network and by lot:', reads)\n"
        )

    def code_results(self, result: StepResult) -> dict[str, Any]:
        reads = [float(np.interp(self.by, SIZES, row)) for row in result.reads]
        return {"shares": [result.shares, result.shares_after], "reads": reads}

    def pointer(self, event: Pointer) -> Self:
        if event.axes != "curve" or event.kind not in ("down", "drag"):
            return self
        return self.replace(by=round(event.x, 2))

    def key(self, key: str) -> Self:
        right, _ = ARROWS.get(key, (0, 0))
        return self.replace(by=round(self.by + 0.01 * right, 2)) if right else self


def squares(figure: Figure) -> list[tuple[float, float, float]]:
    """Left, bottom and side of the picture, the step and the picture after it, in inches."""
    side, bottom = ((figure.get_figwidth() - 0.54) / 3, 3.2) if is_narrow(figure) else (1.4, 0.85)
    return [(0.15 + number * (side + 0.12), bottom, side) for number in range(3)]


def draw_curve(state: SmallStep, axes: Axes, artists: Artists) -> None:
    """How many of 360 digits are read after a step of each size."""
    style.quiet(axes)
    axes.set(
        xlim=(0, MOST), ylim=(0, 1), xticks=[0, 0.1, 0.2, 0.3], yticks=[0, 0.5, 1], yticklabels=["0 %", "50 %", "100 %"]
    )
    axes.set_xlabel("each pixel by", labelpad=1)
    axes.set_title("read after the step")
    for colour, mark in LOOKS:
        look: dict[str, Any] = {"color": style.colour(colour)}
        artists.curves.extend(axes.plot([], [], zorder=3, **look))
        artists.dots.extend(axes.plot([], [], mark, markersize=6, zorder=5, clip_on=False, **look))
        beside: dict[str, Any] = {
            "transform": axes.get_yaxis_transform(),
            "va": "center",
            "fontsize": 8.5,
            "fontweight": "bold",
        }
        artists.names.append(axes.text(1.04, 0, "", **beside, **look))


def paint_curve(state: SmallStep, artists: Artists, result: StepResult) -> None:
    """Both curves, and where on them the step is; that against the network stays covered while a question stands."""
    artists.now.set_data([state.by] * 2, [0, 1])
    for number, reads in enumerate(result.reads):
        hidden = number == 0 and state.hides
        at = float(np.interp(state.by, SIZES, reads))
        shown = np.column_stack([SIZES, reads]) if not hidden else np.zeros((0, 2))
        artists.curves[number].set_data(*shown.T)
        artists.dots[number].set_data([] if hidden else [state.by], [] if hidden else [at])
        artists.names[number].set_text("" if hidden else f"{('against it', 'by lot')[number]}\n{percent(at)}")
        lift = 0.0
        if abs(np.interp(state.by, SIZES, result.reads[1] - result.reads[0])) < 0.25:
            lift = 0.125 * (-1 if number == 0 else 1)
        artists.names[number].set_y(min(max(at + lift, 0.08), 0.92 + lift))
    artists.cover.set_text("against it:\n? comes with\nyour bet" if state.hides else "")
