"""What mouse, pen and keys do in the Playground. Every function takes a state and returns a state."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlcourse.live.widget import Pointer
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, FEATURES, OwnPoints
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout

__all__ = ["in_map", "in_network", "pressed"]

NEAR = 0.09
"""How near a point must be to be taken, in the plane."""


def in_network(state: Any, event: Pointer, layout: Layout) -> Any:
    """Hover shows a neuron's map, a click chooses a neuron, a link, a bias or a button; a drag changes a weight."""
    if event.kind == "drag":
        return dragged_weight(state, event)
    tile = layout.at(event.x, event.y)
    if event.kind == "hover":
        return state if tile == state.hover else state.replace(hover=tile)
    if event.kind == "double":
        return state
    button = layout.buttons(event.x, event.y)
    if button is not None:
        return resized(state, *button)
    place = chosen_place(state, event, layout)
    if place is not None:
        new = state.replace(weight=place)
        return new.replace(grabbed=f"{event.y} {new.value}")
    if tile is None:
        return state if state.focus is None else state.replace(focus=None)
    if tile[0] == 0:
        return switched(state, tile[1])
    return state.replace(focus=tile, weight=(tile[0] - 1, 0, tile[1]), picked=-1)


def chosen_place(state: Any, event: Pointer, layout: Layout) -> tuple[int, int, int] | None:
    """The weight or bias under the pointer."""
    for layer in range(1, len(layout.sizes)):
        for j in range(layout.sizes[layer]):
            if math.dist(layout.bias(layer, j), (event.x, event.y)) < 6:
                return layer - 1, -1, j
    ends, places = layout.links(state.used())
    if layout.at(event.x, event.y) is not None:
        return None
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    here = np.array([event.x, event.y]) - start
    share = np.clip((here * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
    apart = np.hypot(*(here - share[:, None] * along).T)
    best = int(apart.argmin())
    return places[best] if apart[best] < 5 else None


def dragged_weight(state: Any, event: Pointer) -> Any:
    """Up makes the grabbed weight larger."""
    if not state.grabbed or state.grabbed == "point":
        return state
    start, value = map(float, state.grabbed.split())
    return state.replace(value=round(value + (event.y - start) / 40, 2))


def resized(state: Any, layer: int, by: int) -> Any:
    """A hidden layer with one neuron more or fewer; the last one takes the layer with it."""
    widths = list(state.widths())
    widths[layer - 1] = min(max(widths[layer - 1] + by, 0), 8)
    return state.shaped(tuple(width for width in widths if width))


def switched(state: Any, feature: int) -> Any:
    """An input switched on or off; the last one stays on."""
    name = list(FEATURES)[feature]
    on = not getattr(state, name)
    if not on and len(state.features()) == 1:
        return state
    return state.replace(**{name: on})


# The plane


def in_map(state: Any, event: Pointer) -> Any:
    """A click adds a point of the chosen class (with shift an unseen one), or takes one that is there to drag it."""
    at = (round(min(max(event.x, -EDGE), EDGE), 3), round(min(max(event.y, -EDGE), EDGE), 3))
    if event.kind == "hover":
        return state if state.hover is None else state.replace(hover=None)
    if event.kind == "drag":
        return moved(state, at) if state.grabbed == "point" else state
    near = nearest(state, at)
    if event.kind == "double":
        return state if near is None else removed(state.replace(picked=near))
    if near is not None:
        return state.replace(picked=near, grabbed="point")
    return added(state, at, not event.shift).replace(grabbed="point")


def owned(state: Any) -> OwnPoints:
    """The points that are shown, as the learner's own; numbers become the classes below and above 0."""
    if state.data == "yours" and not state.own_noise and not state.own_n:
        return tuple(state.points)
    points = state.points_shown()
    y = points.y if points.classes else (points.y > 0).astype(int)
    return tuple(
        (round(float(a), 4), round(float(b), 4), int(label), bool(seen))
        for (a, b), label, seen in zip(points.x, y, points.seen, strict=True)
    )


def kept(state: Any, points: OwnPoints, picked: int) -> Any:
    """With these points, as they are shown, as the learner's own."""
    return state.replace(data="yours", points=points, picked=picked, own_noise=0.0, own_n=0)


def nearest(state: Any, at: tuple[float, float]) -> int | None:
    """The learner's point under the pointer."""
    x = state.points_shown().x
    if state.data != "yours" or not len(x):
        return None
    apart = np.hypot(*(x - at).T)
    best = int(apart.argmin())
    return best if apart[best] < NEAR else None


def added(state: Any, at: tuple[float, float], seen: bool = True) -> Any:
    """One more point of the chosen class."""
    points = owned(state)
    return kept(state, (*points, (*at, int(state.brush[0]) - 1, seen)), len(points))


def changed(state: Any, *point: Any) -> Any:
    """With another picked point."""
    points, i = owned(state), state.picked
    return kept(state, (*points[:i], tuple(point), *points[i + 1 :]), i)


def moved(state: Any, at: tuple[float, float]) -> Any:
    """The picked point, elsewhere."""
    if state.picked < 0:
        return state
    x, y = (round(min(max(value, -EDGE), EDGE), 3) for value in at)
    return changed(state, x, y, *owned(state)[state.picked][2:])


def removed(state: Any) -> Any:
    """Without the picked point."""
    points, i = owned(state), state.picked
    return state if i < 0 else kept(state, (*points[:i], *points[i + 1 :]), min(i, len(points) - 2))


# Keys

ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}


def pressed(state: Any, key: str) -> Any:
    """Arrows walk through the neurons, w through the weights of one, + and − change it; a, n, p are about points."""
    if key == "o":
        return state.replace(focus=None, hover=None, picked=-1)
    if key == "a":
        return added(state, (0.0, 0.0))
    total = len(state.points_shown().x) if state.data == "yours" else 0
    if key in ("n", "p") and total:
        return state.replace(picked=(max(state.picked, 0 if key == "p" else -1) + (1 if key == "n" else -1)) % total)
    if state.picked >= 0:
        return pressed_on_point(state, key)
    if key in ("w", "W"):
        return next_weight(state, 1 if key == "w" else -1)
    if key in ("+", "=", "-", "_"):
        return state.replace(value=round(state.value + (0.1 if key in "+=" else -0.1), 3))
    if key in ("Enter", " ") and state.focus is not None and state.focus[0] == 0:
        return switched(state, state.focus[1])
    return walked(state, *ARROWS[key]) if key in ARROWS else state


def pressed_on_point(state: Any, key: str) -> Any:
    """Arrows move the picked point, Enter gives it the next class, Delete takes it away."""
    x, y, label, seen = owned(state)[state.picked]
    if key in ARROWS:
        dx, dy = ARROWS[key]
        return moved(state, (x + 0.05 * dx, y + 0.05 * dy))
    if key in ("Delete", "Backspace"):
        return removed(state)
    if key in ("Enter", " ", "s"):
        return changed(state, x, y, label, not seen) if key == "s" else changed(state, x, y, (label + 1) % 4, seen)
    return state


def walked(state: Any, across: int, up: int) -> Any:
    """The focus on the next neuron in this direction."""
    sizes = state.layout().sizes
    if state.focus is None:
        layer, j = len(sizes) - 1, 0
    else:
        layer, j = state.focus
        layer = min(max(layer + across, 0), len(sizes) - 1)
        j = min(max(j - up, 0), sizes[layer] - 1)
    new = state.replace(focus=(layer, j), hover=None)
    return new if layer == 0 else new.replace(weight=(layer - 1, 0, j))


def next_weight(state: Any, by: int) -> Any:
    """The next weight into the same neuron; after the last one comes the bias."""
    layer, i, j = state.weight
    number = len(state.used()) if layer == 0 else state.widths()[layer - 1]
    return state.replace(weight=(layer, (i + 1 + by) % (number + 1) - 1, j))
