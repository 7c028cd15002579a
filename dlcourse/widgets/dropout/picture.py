"""The picture of `DropoutMasks`: what the latest mask leaves, what the masks say of each digit, and the course of their mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.numbers import minus
from dlcourse.live.pixels import Tiles
from dlcourse.widgets.dropout.numbers import MOST, DropoutResult, points_drawn
from dlcourse.widgets.dropout.state import DropoutState
from dlcourse.widgets.dropout.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["COLUMNS", "Artists", "Panels", "draw", "paint", "panels"]

SHARES = 1.06
"""Top of the axes of shares, with room for a mark at 100 %."""
COLUMNS = 10
"""Units in a row of the sheet."""
BESIDE = 6.5
"""Points from an axis to the words at its ticks: 3 for the tick, and Matplotlib's 3.5 between them."""
Place = tuple[float, float, float, float]


@dataclass(frozen=True)
class Artists:
    """What moves."""

    digit: Tiles
    units: Tiles
    crosses: list[Line2D]
    counts: list[Text]
    bars: Line2D
    others: Line2D
    full: Line2D
    mean: Line2D
    level: Line2D
    course: Line2D
    head: Line2D
    names: list[Text]
    scale: list[Text]
    """What stands beside the ticks of the axis of values: its ends, their halves, and 0."""
    course_scale: list[Text]


@dataclass(frozen=True)
class Panels:
    """Where everything is, in inches: left, bottom, width, height; and the places of three names."""

    digit: Place
    units: Place
    answers: Place
    course: Place
    names: tuple[tuple[float, float], ...]


def panels(figure: Figure) -> Panels:
    """The places for a wide picture, or for a narrow one."""
    if is_narrow(figure):
        across = figure.get_figwidth()
        side = min(2.0, across - 1.95)
        return Panels(
            digit=(0.3, 5.38, 1.32, 1.32),
            units=(1.85, 6.7 - side, side, side),
            answers=(0.6, 2.2, across - 0.8, 1.6),
            course=(0.6, 0.5, across - 0.8, 1.2),
            names=((0.6, 4.3), (0.6, 4.12), (0.6, 3.94)),
        )
    return Panels(
        digit=(0.25, 2.42, 1.32, 1.32),
        units=(0.25, 0.25, 1.9, 1.9),
        answers=(2.85, 0.55, 2.35, 2.55),
        course=(5.6, 0.55, 1.4, 2.55),
        names=((2.85, 3.66), (2.85, 3.46), (2.85, 3.26)),
    )


def draw(state: DropoutState, figure: Figure) -> Artists:
    """Draw what stands still, and return what moves."""
    at = panels(figure)
    digit, units = (axes_at(figure, *place, name) for place, name in ((at.digit, "digit"), (at.units, "units")))
    answers, course = axes_at(figure, *at.answers, "answers"), axes_at(figure, *at.course, "course")
    for axes, side in ((digit, 8), (units, COLUMNS)):
        style.quiet(axes, left=False, bottom=False)
        axes.set(xlim=(-0.5, side - 0.5), ylim=(side - 0.5, -0.5))
    draw_answers(state, answers)
    draw_course(state, course)
    scale, course_scale = (
        draw_scale(state, answers, answer_scores(state)),
        draw_scale(state, course, course_scores(state)),
    )
    blue, vermillion, faint = style.colour("BLUE"), style.colour("VERMILLION"), style.faint()
    cross: dict[str, Any] = {"color": vermillion, "markeredgewidth": 1.4, "zorder": 5}
    wide = 0.62 * at.answers[2] * 72 / 11
    looks = (style.ink(), blue, vermillion)
    return Artists(
        digit=tiles(figure),
        units=tiles(figure),
        crosses=[axes.plot([], [], "x", markersize=size, **cross)[0] for axes, size in ((digit, 5), (units, 7.5))],
        counts=[text_at(figure, x, y + side + 0.09, "", fontsize=9) for x, y, side, _ in (at.digit, at.units)],
        bars=answers.plot([], [], color=style.colour("SKY"), lw=wide, solid_capstyle="butt", zorder=2)[0],
        others=answers.plot([], [], ".", color=faint, ms=3.5, zorder=3)[0],
        full=answers.plot([], [], "s", color=vermillion, ms=7.5, mfc="none", mew=1.6, zorder=4)[0],
        mean=answers.plot([], [], "o", color=blue, ms=5, zorder=5)[0],
        level=course.plot([], [], color=vermillion, lw=1.4, zorder=2)[0],
        course=course.plot([], [], color=blue, lw=1.8, zorder=3)[0],
        head=course.plot([], [], "o", color=blue, ms=6, zorder=4, clip_on=False)[0],
        names=[text_at(figure, x, y, "", color=c, fontsize=8.5, fontweight="bold") for (x, y), c in zip(at.names, looks, strict=True)],
        scale=scale, course_scale=course_scale,
    )  # fmt: skip


def tiles(figure: Figure) -> Tiles:
    """Squares that are put on the canvas pixel by pixel."""
    made = Tiles(frame=style.faint())
    figure.add_artist(made)
    return made


def draw_answers(state: DropoutState, axes: Axes) -> None:
    """Ten digits, and what is said of each."""
    style.quiet(axes)
    axes.set(xlim=(-0.7, 9.7), xticks=range(10))
    axes.set_xlabel("digit", labelpad=2)
    axes.axhline(0, color=style.faint(), linewidth=0.8, zorder=1)


def draw_course(state: DropoutState, axes: Axes) -> None:
    """The mean after 1, 2, … masks."""
    style.quiet(axes)
    axes.set(xlim=(1, MOST), xscale="log")
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.set_xlabel("masks", labelpad=2)
    axes.set_title(f"mean, for the {state.answer}")


def draw_scale(state: DropoutState, axes: Axes, scores: tuple[float, ...]) -> list[Text]:
    """Ticks for shares; or those for scores, with words beside them that move: the ticks stay, whatever the ends are."""
    if state.look == "shares":
        axes.set(ylim=(0, SHARES))
        axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        return []
    axes.set(ylim=(scores[0], scores[-1]), yticks=scores)
    axes.tick_params(axis="y", labelleft=False)
    place, upright, across = axes.get_yaxis_text1_transform(BESIDE)
    look: dict[str, Any] = {"transform": place, "va": upright, "ha": across, "fontsize": 8.0, "color": style.ink()}
    return [axes.text(0, score, "", **look) for score in scores]


def course_scores(state: DropoutState) -> tuple[float, float, float]:
    """Both ends of the axis of the mean, and their middle."""
    low, high = state.course_ends
    return low, (low + high) / 2, high


def answer_scores(state: DropoutState) -> tuple[float, ...]:
    """Both ends of the axis of scores, their halves, and 0."""
    return tuple(share * state.reach for share in (-1.0, -0.5, 0.0, 0.5, 1.0))


def paint_scale(texts: list[Text], scores: tuple[float, ...]) -> None:
    """Bring an axis of scores to these ends."""
    if not texts:
        return
    axes = texts[0].axes
    assert axes is not None
    if axes.get_ylim() != (scores[0], scores[-1]):
        axes.set_ylim(scores[0], scores[-1])
    for text, score in zip(texts, scores, strict=True):
        text.set_y(score)
        text.set_text(minus(f"{score:g}"))


def paint(state: DropoutState, artists: Artists, result: DropoutResult) -> None:
    """Bring everything that moves to a result."""
    at = panels(artists.counts[0].figure)  # type: ignore[arg-type]
    paint_sheets(artists, result, at)
    paint_scale(artists.scale, answer_scores(state))
    paint_scale(artists.course_scale, course_scores(state))
    digits = np.arange(10)
    now = result.latest[-1]
    artists.bars.set_data(np.repeat(digits, 3), np.column_stack([0 * now, now, np.full(10, np.nan)]).ravel())
    artists.others.set_data(np.tile(digits, len(result.latest)), result.latest.ravel())
    artists.mean.set_data(digits, result.mean)
    artists.full.set_data(digits, result.full)
    artists.level.set_data([1, MOST], [result.full[result.answer]] * 2)
    at_masks = points_drawn(state.n)
    artists.course.set_data(at_masks, result.course[at_masks - 1])
    artists.head.set_data([state.n], [result.course[-1]])
    for line in (artists.full, artists.level):
        line.set_visible(not state.hides)
    digit = result.answer
    told = [now[digit], result.course[-1], result.full[digit]]
    heads = (f"bars: mask {state.n}", f"● mean of {state.n}" if state.n > 1 else "● mean of this one", "□ full network")
    for number, (name, head, value) in enumerate(zip(artists.names, heads, told, strict=True)):
        covered = number == 2 and state.hides
        name.set_text(
            "□ full network: covered" if covered else f"{head}, for the {digit}: {amount(state, float(value))}"
        )


def paint_sheets(artists: Artists, result: DropoutResult, at: Panels) -> None:
    """The picture and the units, and a cross over what the mask takes away."""
    seen = result.picture * result.kept_pixels
    artists.digit.set_pictures([style.shades(seen.reshape(8, 8)[::-1], 1.0)], [square(at.digit)])
    said = result.units * result.kept / max(float(result.units.max()), 1e-9)
    colours = style.shades(said, 1.0)
    plain = np.broadcast_to(colours[:, None, None], (len(colours), 3, 3, 4))  # a square of one colour for each unit
    artists.units.set_pictures(list(plain), cells(at.units))
    sheets = ((result.kept_pixels, 8, "pixels"), (result.kept, COLUMNS, "units"))
    for line, text, (kept, across, name) in zip(artists.crosses, artists.counts, sheets, strict=True):
        gone = np.flatnonzero(~kept)
        line.set_data(gone % across, gone // across)
        text.set_text(f"{int(kept.sum())} of {len(kept)} {name}")


def square(place: Place) -> tuple[float, float, float]:
    """Left, bottom and side in hundredths of an inch."""
    left, bottom, side, _ = place
    return 100 * left, 100 * bottom, 100 * side


def cells(place: Place) -> list[tuple[float, float, float]]:
    """Left, bottom and side of each unit's square, in hundredths of an inch."""
    left, bottom, side = square(place)
    pitch = side / COLUMNS
    gap = 0.07 * pitch
    return [
        (left + column * pitch + gap, bottom + side - (row + 1) * pitch + gap, pitch - 2 * gap)
        for row in range(COLUMNS)
        for column in range(COLUMNS)
    ]
