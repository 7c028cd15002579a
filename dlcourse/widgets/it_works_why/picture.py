"""The picture of `WhyItWorks`: what the networks see, and a map of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgb

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, in_lines, is_narrow, text_at
from dlcourse.live.numbers import decimals
from dlcourse.live.pixels import Tiles
from dlcourse.widgets.it_works_why.numbers import WhyResult
from dlcourse.widgets.it_works_why.state import WhyState
from dlcourse.widgets.it_works_why.words import answer, percent, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Artists", "draw", "draw_frame", "greys", "paint", "paint_frame", "panels", "tile"]

PANELS = ("picture", "left", "right")


@dataclass(frozen=True)
class Artists:
    """What moves; lists of two have an entry for the network on the left and one for that on the right."""

    tiles: Tiles
    titles: list[Text]
    frames: list[Line2D]
    """The cover, on the picture and on both maps."""
    says: list[Text]
    under: list[Text]
    reads: list[Text]
    alike: Text
    cover: Text


def panels(figure: Figure) -> dict[str, tuple[float, float, float]]:
    """Left, bottom and side of each square, in inches."""
    if is_narrow(figure):
        across = figure.get_figwidth()
        side = (across - 0.5) / 2
        return {"picture": (across / 2 - 1.1, 3.85, 2.2), "left": (0.15, 1.1, side), "right": (0.35 + side, 1.1, side)}
    return {"picture": (0.15, 1.05, 2.1), "left": (2.6, 1.05, 2.1), "right": (4.95, 1.05, 2.1)}


def greys(values: Array) -> Array:
    """Pixels (…, 4) of bytes for ink from 0 to 1."""
    paper, ink = (255 * np.array([*to_rgb(colour), 1.0]) for colour in (style.paper(), style.ink()))
    return np.rint(paper + np.clip(np.asarray(values, float), 0, 1)[..., None] * (ink - paper)).astype(np.uint8)


def tile(pixels: Array) -> Array:
    """Pixels (H, W, 4), the highest row first, as a tile has them, each in nine, so that a frame eats none of them."""
    return np.ascontiguousarray(np.repeat(np.repeat(pixels[::-1], 3, axis=0), 3, axis=1))


def draw(state: WhyState, figure: Figure) -> Artists:
    """What moves, still empty: there is nothing else."""
    squares = panels(figure)
    tiles = Tiles(frame=style.faint())
    tiles.places = [(100 * left, 100 * bottom, 100 * side) for left, bottom, side in squares.values()]
    figure.add_artist(tiles)
    frames, titles = [], []
    for name, (left, bottom, side) in squares.items():
        frames.append(draw_frame(axes_at(figure, left, bottom, side, side, name)))
        titles.append(text_at(figure, left, bottom + side + 0.07, "", fontsize=style.TITLE))
    lines: list[list[Text]] = [[], [], []]
    for name in ("left", "right"):
        left, bottom, _ = squares[name]
        for row, texts in enumerate(lines):
            weight = "bold" if row == 0 else "normal"
            texts.append(text_at(figure, left, bottom - 0.22 - 0.2 * row, "", fontsize=8.5, fontweight=weight))
    left, bottom, side = squares["right"]
    middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "color": style.faint(), "zorder": 7}
    start, below, _ = squares["left"]
    return Artists(
        tiles=tiles, titles=titles, frames=frames, says=lines[0], under=lines[1], reads=lines[2],
        alike=text_at(figure, start, below - 0.85, "", fontsize=8.5),
        cover=text_at(figure, left + side / 2, bottom + side / 2, "", **middle),
    )  # fmt: skip


def _title(state: WhyState, name: str) -> str:
    what = {"cover": "fall under a cover", "gradient": "gradient", "gradient × pixel": "gradient × pixel"}[state.how]
    return f"{name}: {what}"


def draw_frame(axes: Axes) -> Line2D:
    """Axes in rows and columns, without marks, and a frame around pixels that has no place yet."""
    style.quiet(axes, left=False, bottom=False)
    axes.set(xlim=(-0.5, 7.5), ylim=(7.5, -0.5))
    look: dict[str, Any] = {"color": style.colour("VERMILLION"), "lw": 1.8, "zorder": 6, "clip_on": False}
    return style.haloed(axes.plot([], [], **look)[0])


def paint_frame(frame: Line2D, at: tuple[int, int], wide: int) -> None:
    """Put a frame around a square of so many pixels, or what of it lies in the picture."""
    before, after = (wide - 1) // 2, wide // 2
    (top, bottom), (left, right) = ((max(one - before, 0) - 0.5, min(one + after, 7) + 0.5) for one in at)
    frame.set_data([left, right, right, left, left], [top, top, bottom, bottom, top])


def paint(state: WhyState, artists: Artists, result: WhyResult) -> None:
    """Bring everything that moves to a result; while a question stands, the map on the right and what is read stay covered."""
    pictures = [greys(result.picture[:, :, 0])]
    for number, one in enumerate(result.maps):
        worth = np.abs(one.worth) if state.strength else one.worth
        top = float(np.abs(worth).max())
        values = np.zeros((8, 8)) if top == 0 or (number == 1 and state.hides) else worth / top
        pictures.append(style.shades(values, 1.0))
    artists.tiles.set_pictures([tile(pixels) for pixels in pictures], artists.tiles.places)
    artists.titles[0].set_text("the picture: a press inks a pixel")
    for frame in artists.frames:
        paint_frame(frame, state.at, state.wide if state.how == "cover" else 1)
    if state.hides:
        artists.frames[2].set_data([], [])
    narrow = is_narrow(artists.tiles.figure)  # type: ignore[arg-type]
    under, like = ("covered", "") if narrow else ("under the cover", " like this")
    for number, one in enumerate(result.maps):
        title = artists.titles[number + 1]
        side = artists.tiles.places[number + 1][2] / 100
        title.set_text(in_lines(_title(state, state.names[number]), side + 0.1, style.TITLE))
        (says, sure), (then, rest) = answer(one.shares), answer(one.under_cover)
        artists.says[number].set_text(f"says {says}, {short(sure)}")
        artists.under[number].set_text(f"{under} {then}, {short(rest)}" if state.how == "cover" else "")
        artists.reads[number].set_text("" if state.hides else f"reads {percent(one.reads)} of 360{like}")
    alike = decimals(result.alike + 0.0, 2).replace("−0.00", "0.00")
    artists.alike.set_text("" if state.hides else f"rank correlation of the two maps: {alike}")
    artists.cover.set_text("? comes with your bet" if state.hides else "")
