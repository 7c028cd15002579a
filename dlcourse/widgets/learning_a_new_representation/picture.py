"""How Representation looks: the input plane with the boundary on the left, the same plane on its way on the right."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlcourse.arrays import Array
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow, text_at
from dlcourse.live.pixels import Block
from dlcourse.widgets.learning_a_new_representation.numbers import RepresentationResult
from dlcourse.widgets.learning_a_new_representation.scene import MOST, Scene
from dlcourse.widgets.learning_a_new_representation.state import RepresentationState
from dlcourse.widgets.learning_a_new_representation.words import where

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon
    from matplotlib.text import Text

CLASSES = ("ORANGE", "BLUE")
HEIGHT = 24.0
"""Degrees above the ground from which a layer that fills space is seen; a plane is seen from straight above."""
ASIDE = 25.0
"""And how far from the side: no face of the cube hides behind its edge."""
CORNERS = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
EDGES = [(a, b) for a, b in itertools.combinations(range(8), 2) if np.sum(CORNERS[a] != CORNERS[b]) == 1]


def view(turn: float, deep: bool) -> tuple[Array, Array]:
    """How space is seen: a matrix (3, 2) to the screen, and the direction (3,) to the eye."""
    angle, height = np.radians(turn + ASIDE if deep else turn), np.radians(HEIGHT if deep else 90.0)
    across = np.array([np.cos(angle), -np.sin(angle), 0.0])
    away = np.array([np.sin(angle), np.cos(angle), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    screen = np.column_stack([across, np.sin(height) * away + np.cos(height) * up])
    return screen, np.sin(height) * up - np.cos(height) * away


@dataclass(frozen=True)
class Artists:
    """What moves; the lists of points have one entry per class."""

    sides: Block
    points: list[Line2D]
    behind: list[Line2D]
    front: list[Line2D]
    line: Line2D
    wrong: Line2D
    grid: Line2D
    box: Line2D
    cut: Polygon
    edge: Line2D
    boundary: Line2D
    wrong_there: Line2D
    names: list[Text]
    title: Text
    place: Text


def panels(figure: Figure) -> tuple[Axes, Axes, Block, Text]:
    """The input plane with its coloured sides, the space on the right, and where the place is named."""
    width, height = figure.get_size_inches()
    if is_narrow(figure):
        side = min(3.1, width - 0.75)
        left, bottom = 0.58, height - 0.4 - side
        right_side = min(width - 0.4, bottom - 0.9)
        right = ((width - right_side) / 2, 0.12)
        place = text_at(figure, 0.2, right[1] + right_side + 0.07, fontsize=9.5)
    else:
        side, left, bottom = 2.95, 0.5, 0.37
        right_side, right = 3.2, (3.8, 0.1)
        place = text_at(figure, right[0] + 0.1, bottom + 1.03 * side, fontsize=9.5)
    plane = axes_at(figure, left, bottom, side, side, "plane")
    space = axes_at(figure, *right, right_side, right_side, "space")
    sides = Block(100 * left, 100 * bottom, 100 * side, 100 * side)
    sides.set_zorder(1)
    figure.add_artist(sides)
    return plane, space, sides, place


def draw(state: RepresentationState, figure: Figure) -> Artists:
    """Both panels, and the artists that move."""
    plane, space, sides, place = panels(figure)
    points = state.problem
    (cx, cy), half = points.centre, points.half
    plane.set(xlim=(cx - half, cx + half), ylim=(cy - half, cy + half), xlabel="x₁", ylabel="x₂")
    plane.locator_params(nbins=5)
    plane.xaxis.labelpad = plane.yaxis.labelpad = 0
    space.set(xlim=(-1, 1), ylim=(-1, 1))
    space.axis("off")
    still, behind, front = [], [], []
    for number, name in enumerate(CLASSES):
        mine = points.x[:MOST][points.y[:MOST] == number]
        still.extend(plane.plot(*mine.T, "o", **_dot(name), zorder=3))
        behind.extend(space.plot([], [], "o", **_dot(name), zorder=2.5))
        front.extend(space.plot([], [], "o", **_dot(name), zorder=4))
    ink, faint, green = style.ink(), style.faint(), style.colour("GREEN")
    cross: dict[str, Any] = {"color": ink, "markersize": 3.2, "markeredgewidth": 0.7, "zorder": 5}
    plate: dict[str, Any] = {"facecolor": style.paper(), "edgecolor": "none", "pad": 0.5, "alpha": 0.8}
    return Artists(
        sides=sides,
        points=still,
        behind=behind,
        front=front,
        line=plane.plot([], [], color=ink, linewidth=1.6, zorder=4)[0],
        wrong=plane.plot([], [], "x", **cross)[0],
        grid=space.plot([], [], color=faint, linewidth=0.5, zorder=1)[0],
        box=space.plot([], [], color=faint, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)[0],
        cut=space.fill([0, 0, 0], [0, 0, 0], facecolor=green, zorder=3)[0],
        edge=space.plot([], [], color=green, linewidth=1.6, zorder=3.2)[0],
        boundary=space.plot([], [], color=ink, linewidth=1.6, zorder=4.5)[0],
        wrong_there=space.plot([], [], "x", **cross)[0],
        names=[space.text(0, 0, "", fontsize=8.5, ha="center", va="center", zorder=6, bbox=plate) for _ in range(3)],
        title=plane.text(0, 1.03, "", transform=plane.transAxes, fontsize=9.5),
        place=place,
    )


def _dot(name: str) -> dict[str, Any]:
    return {"color": style.colour(name), "markersize": 2.2, "markeredgewidth": 0}


def paint(state: RepresentationState, artists: Artists, result: RepresentationResult) -> None:
    """Bring both pictures to the shown place."""
    scene, points = result.scene, state.problem
    count = len(result.points)
    y, wrong = points.y[:count], (scene.says != points.y)[:count]
    artists.sides.set_pixels(_pale(style.is_dark())[scene.sides[::-1].astype(int)])
    artists.line.set_data(*scene.boundary[0][:, :2].T)
    artists.wrong.set_data(*points.x[:count][wrong].T)
    artists.title.set_text(f"the input plane: {result.right:.1%} right")
    artists.place.set_text(where(result))

    screen, eye = view(state.turn, scene.deep)
    centre, reach = _frame(scene, screen, result.leg, result.share)

    def on_screen(places: Array) -> Array:
        return np.asarray((places @ screen - centre) / reach).T

    artists.grid.set_data(*on_screen(result.grid))
    artists.boundary.set_data(*on_screen(result.boundary))
    there = on_screen(result.points)
    artists.wrong_there.set_data(*there[:, wrong])
    behind = scene.says[:count] == (0 if scene.weight @ eye > 0 else 1)
    for number in range(2):
        for dots, which in ((artists.behind, behind), (artists.front, ~behind)):
            dots[number].set_data(*there[:, which & (y == number)])
    _paint_box(artists, scene, result, on_screen)
    _paint_cut(artists, scene, result, on_screen)


def _frame(scene: Scene, screen: Array, leg: int, share: float) -> tuple[Array, float]:
    """Middle and half width of what is in view, moving evenly from one stop to the next."""
    corners = CORNERS * [1, 1, float(scene.deep)]
    frames = []
    for stop in (leg, leg + 1):
        flat = scene.points[stop] @ screen
        if stop:
            flat = np.concatenate([flat, corners @ screen])
        low, high = flat.min(axis=0), flat.max(axis=0)
        frames.append(((low + high) / 2, 1.14 * float((high - low).max()) / 2 or 1.0))
    (c0, r0), (c1, r1) = frames
    return (1 - share) * c0 + share * c1, (1 - share) * r0 + share * r1


def _paint_box(
    artists: Artists, scene: Scene, result: RepresentationResult, on_screen: Callable[[Array], Array]
) -> None:
    """The square or cube from −1 to 1 that tanh squeezes everything into, with the neurons' names."""
    visible = min(1.0, 2 * (result.leg + result.share))
    order = scene.legs[result.leg].order
    flat = len(order) == 2
    corners = CORNERS * [1, 1, 0] if flat else CORNERS
    lines = [
        np.stack([corners[a], corners[b], np.full(3, np.nan)]) for a, b in EDGES if not flat or a % 2 == b % 2 == 0
    ]
    artists.box.set_data(*on_screen(np.concatenate(lines)))
    artists.box.set_alpha(visible)
    roomy = np.ptp(on_screen(corners), axis=1).max() > 0.4  # else the names would overlap
    for axis, name in enumerate(artists.names):
        shown = axis < len(order) and visible > 0 and roomy
        name.set_text(f"h{'₁₂₃'[order[axis]]}" if shown else "")
        name.set_alpha(visible)
        # Beside the edge of the box that runs along this axis at the rim of the picture: the lowest, or the leftmost.
        middles = corners.copy()
        middles[:, axis] = 0.0
        rim = np.argmin(on_screen(middles)[0 if axis == (1 if flat else 2) else 1].round(6))
        name.set_position(tuple(on_screen(1.13 * middles[rim : rim + 1])[:, 0]))


def _paint_cut(
    artists: Artists, scene: Scene, result: RepresentationResult, on_screen: Callable[[Array], Array]
) -> None:
    """The last straight cut, which belongs to the end of the way and fades in shortly before."""
    visible = 0.0
    if result.leg == len(scene.legs) - 1:
        visible = float(np.clip((result.share - 0.8) / 0.2, 0, 1))
    corners = cut_in_box(scene)
    outline = on_screen(corners if len(corners) else np.zeros((1, 3)))
    artists.cut.set_xy(outline.T)
    artists.cut.set_alpha(0.16 * visible)
    closed = np.concatenate([outline, outline[:, :1]], axis=1)
    artists.edge.set_data(*closed)
    artists.edge.set_alpha(visible)


def cut_in_box(scene: Scene) -> Array:
    """Where the last cut meets the edges of the box around the last layer, in order: (M, 3), M = 0 where it passes by."""
    places = scene.points[-1]
    flat = len(scene.legs[-1].order) == 2
    low, high = places.min(axis=0), places.max(axis=0)
    if low.min() >= -1 and high.max() <= 1:
        low, high = np.full(3, -1.0), np.full(3, 1.0)
    corners = (low + high) / 2 + CORNERS * (high - low) / 2
    if flat:
        corners[:, 2] = 0
    values = corners @ scene.weight + scene.bias
    crossings = [
        corners[a] + (corners[b] - corners[a]) * values[a] / (values[a] - values[b])
        for a, b in EDGES
        if (values[a] > 0) != (values[b] > 0) and (not flat or a % 2 == b % 2 == 0)
    ]
    if len(crossings) < 3:
        return np.array(crossings).reshape(-1, 3)
    around = np.array(crossings) - np.mean(crossings, axis=0)
    first = around[0] / np.linalg.norm(around[0])
    normal = scene.weight / np.linalg.norm(scene.weight)
    angle = np.arctan2(around @ np.cross(normal, first), around @ first)
    return np.array(crossings)[np.argsort(angle)]


def _pale(dark: bool) -> Array:
    """The colours of the two sides, mixed with the page: (2, 4) bytes."""
    from matplotlib.colors import to_rgba

    page = np.array(to_rgba(style.paper()))
    strength = 0.3 if dark else 0.2
    colours = [page + strength * (np.array(to_rgba(style.colour(name))) - page) for name in CLASSES]
    return np.round(255 * np.array(colours)).astype(np.uint8)
