"""One look for all pictures of the course: quiet axes, direct labels, colours that colour-blind readers tell apart.

A picture is drawn inside `themed(dark, …)`. What is drawn in "black" or "white" asks `ink()`, `paper()` and `faint()`, so
that the same `draw` works in the light and in the dark theme. The named colours work on both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dlcourse.meanwhile import Meanwhile, restored

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.lines import Line2D

T = TypeVar("T")

# Okabe and Ito, "Color Universal Design" (2008)
BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
OKABE_ITO = {
    "BLUE": BLUE, "ORANGE": ORANGE, "GREEN": GREEN, "VERMILLION": VERMILLION,
    "PURPLE": PURPLE, "SKY": SKY, "YELLOW": YELLOW, "BLACK": BLACK,
}  # fmt: skip

TITLE = 9.0
"""Size of the title of every panel, in points."""
HEIGHTS = (
    "#0B1F5C", "#113A7C", "#18569D", "#1A76AC", "#1D95AF", "#4DB1AB", "#7CCBA2", "#BBDFAD", "#F4F2B8",
)  # fmt: skip
"""From deep water to light sand: equal steps to the eye (in Ottosson's Oklab, 2020), each lighter than the last."""
BELOW = {False: ("#C04A00", "#D87D00", "#EAAD47", "#F6D7AA"), True: ("#F0A818", "#CA6C07", "#944010", "#4F2917")}
ABOVE = {False: ("#B6DDF6", "#68BBEB", "#3691CA", "#0067A5"), True: ("#17354F", "#065B97", "#348BC5", "#62BDF0")}
"""The two arms of the map of signs on a light and on a dark page, away from the page in equal steps as well."""


def is_dark() -> bool:
    """Whether the picture at hand is drawn for a dark page."""
    themes = _Theme.running()
    return bool(themes) and themes[-1].dark


def ink() -> str:
    """The colour of text and of strong lines: dark on a light page, light on a dark one."""
    return "#E6E6E6" if is_dark() else "#1F2328"


def faint() -> str:
    """The colour of what should stay behind: grids, axes, guides."""
    return "#6B7078" if is_dark() else "#9AA0A6"


def paper() -> str:
    """The colour of the page."""
    return "#111111" if is_dark() else "#FFFFFF"


def colour(name: str) -> str:
    """An Okabe–Ito colour by name, "BLACK" being the ink of the page and "BLUE" a little lighter on a dark page.

    Examples
    --------
    >>> colour("ORANGE")
    '#E69F00'
    """
    if name.upper() == "BLACK":
        return ink()
    if name.upper() == "BLUE" and is_dark():
        return "#3D9BDC"
    return OKABE_ITO[name.upper()]


def heights(bands: int = 256) -> LinearSegmentedColormap:
    """Dark is low, light is high: the one map of heights, errors and other amounts that are not signed.

    Parameters
    ----------
    bands : int
        So many shades; of a few, the borders between them are lines of equal height.
    """
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("heights", HEIGHTS, N=bands)


def diverging() -> LinearSegmentedColormap:
    """Orange for negative, the page in the middle, blue for positive: signs that everybody can tell apart.

    The stronger, the further from the page: darker on a light one, lighter on a dark one, the same on both sides.
    """
    from matplotlib.colors import LinearSegmentedColormap

    # An odd number of shades: the middle one is the page itself.
    return LinearSegmentedColormap.from_list("signs", [*BELOW[is_dark()], paper(), *ABOVE[is_dark()]], N=257)


def haloed(line: Line2D) -> Line2D:
    """Give a line or a mark a rim of the page's colour, so that it is seen on every shade of a map."""
    from matplotlib.patheffects import withStroke

    widest = max(line.get_linewidth(), line.get_markeredgewidth())
    line.set_path_effects([withStroke(linewidth=widest + 2.4, foreground=paper())])
    return line


def shades(values: np.ndarray, strength: float = 0.75) -> np.ndarray:
    """Pixels (…, 4) of `diverging()` for values from −1 to 1, so light that lines and points stand out.

    For pictures that move: Matplotlib draws ready pixels in half the time that it takes for numbers and a map.
    """
    return _shades(is_dark(), strength)[np.clip(np.asarray(values) * 128 + 128.5, 0, 256).astype(np.int16)]


@lru_cache
def _shades(dark: bool, strength: float) -> np.ndarray:
    from matplotlib.colors import to_rgba

    page = np.array(to_rgba(paper()))
    colours = page + strength * (diverging()(np.linspace(0, 1, 257)) - page)
    return np.rint(255 * colours).astype(np.uint8)


class _Theme(Meanwhile):
    """While the block runs, pictures are drawn for a dark or a light page."""

    def __init__(self, dark: bool) -> None:
        self.dark = dark


def themed(dark: bool, draw: Callable[[], T]) -> T:
    """Call `draw` for a dark or a light page, with the course's settings of Matplotlib; an interrupt leaves none of them behind.

    Parameters
    ----------
    dark : bool
    draw : callable
        () -> anything, which is returned.
    """
    import matplotlib

    settings: Any = matplotlib.rcParams
    before = {name: value for name, value in dict.items(settings) if name != "backend"}  # which is chosen while drawing

    def drawn() -> T:
        settings.update(_settings())
        return draw()

    with _Theme(dark):
        return restored(drawn, lambda: dict.update(settings, before))


def _settings() -> Any:
    return {
        "figure.facecolor": paper(), "axes.facecolor": paper(),
        "text.color": ink(), "axes.labelcolor": ink(), "axes.titlecolor": ink(), "axes.edgecolor": faint(),
        "xtick.color": faint(), "ytick.color": faint(), "xtick.labelcolor": ink(), "ytick.labelcolor": ink(),
        "font.family": "DejaVu Sans", "font.size": 9.0, "axes.titlesize": TITLE, "axes.labelsize": 9.0,
        "xtick.labelsize": 8.0, "ytick.labelsize": 8.0, "axes.titlelocation": "left", "axes.titley": 1.0,
        "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "axes.grid": False,
        "xtick.major.size": 3.0, "ytick.major.size": 3.0, "grid.color": faint(), "grid.alpha": 0.35,
        "grid.linewidth": 0.6, "lines.linewidth": 2.0, "legend.frameon": False,
        "path.simplify": True, "text.usetex": False,
    }  # fmt: skip


def quiet(axes: Axes, *, left: bool = True, bottom: bool = True) -> None:
    """Take away the frame; with `left=False` or `bottom=False` that axis too."""
    for side, keep in (("top", False), ("right", False), ("left", left), ("bottom", bottom)):
        axes.spines[side].set_visible(keep)
        axes.spines[side].set_color(faint())
    if not left:
        axes.set_yticks([])
    if not bottom:
        axes.set_xticks([])
