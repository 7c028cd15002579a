"""From a widget to pixels, with no Jupyter: Matplotlib off screen, and only what moves drawn again.

The first picture takes a whole draw (some 80 ms). What stands still is then kept as pixels, and each further picture
copies them and draws the moving artists on top (some 10 ms), until `Widget.background()` or the size changes. `Ticks` and
`Curves` mostly stand still: they are drawn onto what is kept, anew only when they say something else.
"""

from __future__ import annotations

import textwrap
from collections.abc import Hashable
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from dlcourse.live import style
from dlcourse.live import text as lettering
from dlcourse.live.curves import Curves
from dlcourse.live.encoding import THOROUGH, encode
from dlcourse.live.ticks import Ticks
from dlcourse.live.widget import Pointer, Widget

__all__ = ["STILL", "Picture", "picture_png", "size_for"]

DPI = 100.0
NARROW = 560.0
SELDOM = (Ticks, Curves)
"""What moves seldom, the lowest first."""
STILL = "▶ A still picture. In a notebook, run this cell (Shift+Enter), and it comes alive."
"""Stands above a stored picture, which looks like the live one."""


def size_for(widget: Widget, width: float) -> tuple[float, float, float]:
    """Width and height in inches and the scale of a widget's picture in a cell of `width` CSS pixels.

    A cell that is a little too narrow gets a smaller picture; a phone gets the same text in a narrower layout.
    """
    w, h = widget.size
    if width < NARROW and widget.narrow_size is not None:
        w, h = widget.narrow_size
    scale = min(1.0, width / (w * DPI))
    smallest = widget.smallest_scale
    if scale < smallest:
        return width / (smallest * DPI), h, smallest
    return w, h, scale


@dataclass
class _Layer:
    """What moves seldom, and the pixels below all that moves with it in them."""

    parts: list[Ticks | Curves]
    written: Hashable = None
    kept: Any = None


class Picture:
    """A canvas that keeps its background.

    Parameters
    ----------
    width, height : float
        Inches.
    scale : float
        Pixels for each hundredth of an inch: the screen's pixel ratio times the zoom.
    dark : bool
        Drawn for a dark page.
    """

    def __init__(self, width: float, height: float, scale: float = 1.0, dark: bool = False) -> None:
        self.dark = dark
        self.figure = style.themed(dark, lambda: Figure(figsize=(width, height), dpi=DPI * scale))
        self.canvas = FigureCanvasAgg(self.figure)
        self.canvas.get_renderer().mathtext_parser = _formulas()
        self._key: Hashable = None
        self._artists: Any = ()
        self._moving: list[Any] = []
        self._layers: list[_Layer] = []
        self._bare: Any = None
        self._painted: tuple[Widget, Any] | None = None

    def paint(self, widget: Widget, result: Any) -> np.ndarray:
        """Draw a state; the pixels, shape (height, width, 4), valid until the next call.

        The state that was drawn last is not drawn again: what comes to rest is sent once more, in better colours.
        """
        if self._painted is not None and self._painted[0] is widget and self._painted[1] is result:
            return np.asarray(self.canvas.buffer_rgba())
        self._painted = None
        pixels = style.themed(self.dark, lambda: self._pixels(widget, result))
        self._painted = widget, result
        return pixels

    def _pixels(self, widget: Widget, result: Any) -> np.ndarray:
        key = (type(widget), widget.background())
        if self._bare is None or key != self._key:
            self._draw_background(widget, result)
            self._key = key
        else:
            widget.paint(self._artists, result)
        self._restore()
        self._draw(self._moving)
        return np.asarray(self.canvas.buffer_rgba())

    def _restore(self) -> None:
        """Bring back what stands still, with the ticks and curves as they are now."""
        below, anew = self._bare, False
        for layer in self._layers:
            written = tuple(part.written() for part in layer.parts)
            if anew or written != layer.written:
                if not anew:
                    self.canvas.restore_region(below)
                anew = True
                self._draw([artist for part in layer.parts for artist in part.artists])
                layer.kept, layer.written = self.canvas.copy_from_bbox(self.figure.bbox), written
            below = layer.kept
        if not anew:
            self.canvas.restore_region(below)

    def _draw(self, artists: list[Any]) -> None:
        renderer, pixels = self.canvas.get_renderer(), np.asarray(self.canvas.buffer_rgba())
        for artist in artists:
            if not artist.get_visible():
                continue
            if lettering.is_plain(artist):
                lettering.write(artist, pixels)
            else:
                artist.draw(renderer)

    def _draw_background(self, widget: Widget, result: Any) -> None:
        self._bare = None
        self.figure.clear()
        self.figure.set_facecolor(style.paper())
        self._artists = widget.draw(self.figure)
        parts = _parts(self._artists)
        seldom = [[part for part in parts if isinstance(part, kind)] for kind in SELDOM]
        self._layers = [_Layer(layer) for layer in seldom if layer]
        moving = [part for part in parts if not isinstance(part, SELDOM)]
        self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
        widget.paint(self._artists, result)
        artists = self._moving + [artist for layer in seldom for part in layer for artist in part.artists]
        visible = [artist.get_visible() for artist in artists]
        for artist in artists:
            artist.set_animated(True)
            artist.set_visible(False)
        self.canvas.draw()
        self._bare = self.canvas.copy_from_bbox(self.figure.bbox)
        for artist, shown in zip(artists, visible, strict=True):
            artist.set_visible(shown)

    def release(self) -> None:
        """Give the memory back at once: figure and canvas hold each other, and Python would take its time."""
        self._artists, self._moving, self._layers, self._painted = {}, [], [], None
        self._bare = None
        _release(self.canvas)

    def locate(self, kind: str, fx: float, fy: float, shift: bool, within: str | None = None) -> Pointer:
        """A pointer event from fractions of the picture, measured from its upper left corner."""
        width, height = self.figure.bbox.width, self.figure.bbox.height
        px, py = fx * width, (1 - fy) * height
        axes = self._axes_at(px, py, within)
        if axes is None:
            return Pointer(kind, "", fx, 1 - fy, shift)
        x, y = axes.transData.inverted().transform((px, py))
        return Pointer(kind, str(axes.get_label()), float(x), float(y), shift)

    def _axes_at(self, px: float, py: float, within: str | None) -> Axes | None:
        for axes in reversed(self.figure.axes):
            if (axes.get_label() == within) if within else axes.bbox.contains(px, py):
                return axes
        return None


@lru_cache(maxsize=1)
def _formulas() -> Any:
    """What reads formulas, the same for all canvases: what it has read once, in 20 ms, it remembers."""
    return FigureCanvasAgg(Figure()).get_renderer().mathtext_parser


def _parts(artists: Any) -> list[Any]:
    """All artists in a record, a dictionary or a list; `Ticks` and `Curves` as one."""
    if isinstance(artists, SELDOM):
        return [artists]
    if is_dataclass(artists):
        artists = vars(artists)
    if isinstance(artists, dict):
        artists = list(artists.values())
    if isinstance(artists, (list, tuple)):
        return [one for value in artists for one in _parts(value)]
    return [artists]


def picture_png(
    widget: Widget, dark: bool = False, ratio: float = 1.0, *, caption: bool = False, invites: bool = True
) -> bytes:
    """The picture of a widget's state as the bytes of a PNG file.

    Parameters
    ----------
    widget : Widget
        The state.
    dark : bool
        For a dark page.
    ratio : float
        Pixels for each CSS pixel.
    caption : bool
        Write the sentence under the picture, for places where nothing else shows it, and above it that it is one.
    invites : bool
        Whether that line above is written; only where a cell that can run stands above the picture.
    """
    result = widget.compute()
    picture = Picture(*widget.size, scale=ratio, dark=dark)
    pixels = picture.paint(widget, result)
    if caption:
        width = pixels.shape[1]
        below = _caption(widget.caption(result), width, ratio, dark)
        above = [_invitation(width, ratio, dark)] if invites else []
        pixels = np.concatenate([*above, pixels, below])
    png = encode(pixels, still=caption, level=THOROUGH)
    picture.release()
    return png


@lru_cache(maxsize=8)
def _invitation(width: int, ratio: float, dark: bool) -> np.ndarray:
    """What to do with a picture that does not move, as pixels above it."""
    return _written([STILL], width, ratio, dark, weight="bold", color="BLUE")


def _caption(sentence: str, width: int, ratio: float, dark: bool) -> np.ndarray:
    """The sentence as pixels, shape (height, width, 4), as wide as the picture."""
    letters = int(width / (DPI * ratio) * 15.5)
    return _written(textwrap.wrap(sentence, width=letters) or [""], width, ratio, dark)


def _written(
    lines: list[str], width: int, ratio: float, dark: bool, *, weight: str = "normal", color: str = ""
) -> np.ndarray:
    """Lines of words as pixels, shape (height, width, 4)."""

    def written() -> np.ndarray:
        dpi = DPI * ratio
        figure = Figure(figsize=(width / dpi, 0.16 * len(lines) + 0.14), dpi=dpi)
        ink = style.colour(color) if color else style.ink()
        words = figure.text(0.012, 0.96, "\n".join(lines), va="top", fontsize=8.5, color=ink, weight=weight)
        page = np.round(255 * np.array(to_rgba(style.paper()))).astype(np.uint8)
        pixels = np.tile(page, (round(float(figure.bbox.height)), width, 1))
        lettering.write(words, pixels)
        return pixels

    return style.themed(dark, written)


def _release(canvas: FigureCanvasAgg) -> None:
    """Take a figure apart; each of its texts remembers the renderer, and so all its pixels."""
    vars(canvas.get_renderer()).clear()
    vars(canvas.figure).clear()
