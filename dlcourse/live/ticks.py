"""Ticks that move: where the ends of an axis change, only these are painted, and the picture is not drawn anew.

They lie outside of their axes, so `Picture` draws them below all that moves, and keeps them until they say something else.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import matplotlib
from matplotlib.markers import TICKDOWN, TICKLEFT
from matplotlib.transforms import ScaledTranslation

from dlcourse.live import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

__all__ = ["Ticks", "moving_ticks"]

MOST = 8
"""So many ticks an axis has at most."""


@dataclass(frozen=True)
class Ticks:
    """Marks and names along one axis, where Matplotlib has its own."""

    marks: Line2D
    names: list[Text]

    @property
    def artists(self) -> list[Any]:
        """All that is drawn."""
        return [self.marks, *self.names]

    def written(self) -> Hashable:
        """What they say and where, to see whether they must be drawn anew."""
        names = tuple((text.get_text(), text.get_position()) for text in self.names if text.get_visible())
        return names, self._ends()

    def _ends(self) -> tuple[float, float]:
        axes = cast("Axes", self.marks.axes)
        return axes.get_xlim() if self.marks.get_marker() == TICKDOWN else axes.get_ylim()

    def put(self, ends: tuple[float, float], places: Sequence[float], names: Sequence[str]) -> None:
        """Let the axis reach from one end to the other, with a mark and a name at each of these places."""
        axes, edge = cast("Axes", self.marks.axes), [0.0] * len(places)
        across = self.marks.get_marker() == TICKDOWN
        spots = list(zip(places, edge, strict=True) if across else zip(edge, places, strict=True))
        if self.written() == (tuple(zip(names, spots, strict=True)), ends):
            return  # all that lies in these axes would be placed anew
        if self._ends() != ends:
            (axes.set_xlim if across else axes.set_ylim)(*ends)
        self.marks.set_data(*(zip(*spots, strict=True)))
        for i, text in enumerate(self.names):
            text.set_visible(i < len(spots))
            if i < len(spots):
                text.set_text(names[i])
                text.set_position(spots[i])


def moving_ticks(axes: Axes, along: str, pad: float = 3.5) -> Ticks:
    """Ticks of the axis `along`, "x" or "y", that `put` moves; one of Matplotlib's, unseen, keeps room for a label beside them.

    Parameters
    ----------
    axes : Axes
    along : str
    pad : float
        Points between a mark and its name.
    """
    settings: Any = matplotlib.rcParams
    size = float(settings[f"{along}tick.major.size"])
    room = -(size + pad) / 72
    scale = cast("Figure", axes.figure).dpi_scale_trans
    if along == "x":
        axes.set_xticks([axes.get_xlim()[0]], [" "])
        edge, marker, shift = axes.get_xaxis_transform(), TICKDOWN, (0.0, room)
        look: dict[str, Any] = {"ha": "center", "va": "top"}
    else:
        axes.set_yticks([axes.get_ylim()[0]], [" "])
        edge, marker, shift = axes.get_yaxis_transform(), TICKLEFT, (room, 0.0)
        look = {"ha": "right", "va": "center_baseline"}
    axes.tick_params(axis=along, color="none")  # type: ignore[arg-type]
    (marks,) = axes.plot(
        [], [], linestyle="none", marker=marker, markersize=size, markeredgewidth=settings[f"{along}tick.major.width"],
        color=style.faint(), transform=edge, clip_on=False, scalex=False, scaley=False,
    )  # fmt: skip
    look |= {"fontsize": settings[f"{along}tick.labelsize"], "transform": edge + ScaledTranslation(*shift, scale)}
    return Ticks(marks, [axes.text(0, 0, "", **look) for _ in range(MOST)])
