"""The picture of `Paths`: one of five views, each with its own artists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState
from dlcourse.widgets.when_things_get_intense.views import count, derivation, hessian, jacobian, paths

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Artists", "draw", "paint"]

Artists = paths.Artists | derivation.Artists | count.Artists | jacobian.Artists | hessian.Artists

DRAW: dict[str, Callable[[PathsState, Figure], Artists]] = {
    "paths": paths.draw, "derivation": derivation.draw, "count": count.draw, "Jacobian": jacobian.draw, "Hessian": hessian.draw,
}  # fmt: skip


def draw(state: PathsState, figure: Figure) -> Artists:
    """What stands still in the chosen view; what moves in it."""
    return DRAW[state.view](state, figure)


def paint(state: PathsState, artists: Artists, result: PathsResult) -> None:
    """Bring everything that moves to a result."""
    match artists:
        case paths.Artists():
            paths.paint(state, artists, result)
        case derivation.Artists():
            derivation.paint(state, artists, result)
        case count.Artists():
            count.paint(state, artists, result)
        case jacobian.Artists():
            jacobian.paint(state, artists, result)
        case hessian.Artists():
            hessian.paint(state, artists, result)
