"""What mouse, pen and keys do in the Playground. Every function takes a state and returns a state."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

from dlcourse.live.widget import ARROWS, Pointer
from dlcourse.widgets.more_neurons_more_layers.playground.data import CLASSES, FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.layout import Layout
from dlcourse.widgets.more_neurons_more_layers.playground.run import Place
from dlcourse.widgets.more_neurons_more_layers.playground.settings import WIDEST
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

__all__ = ["key", "pointer"]

State = TypeVar("State", bound=PlaygroundState)


def pointer(state: State, event: Pointer) -> State:
    """The state after mouse, pen or finger."""
    if event.kind == "up":
        return state.replace(grabbed="") if state.grabbed else state
    if event.axes in ("network", "narrow network"):
        return in_network(state, event, state.layout(event.axes == "network"))
    if event.axes == "map":
        return in_map(state, event)
    return state.replace(hover=None) if state.hover is not None else state


# The network


def in_network(state: State, event: Pointer, layout: Layout) -> State:
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
        return new.replace(grabbed="weight", grip=(event.y, new.value))
    if tile is None:
        return state if state.focus is None else state.replace(focus=None)
    if tile[0] == 0:
        return switched(state, tile[1])
    return state.replace(focus=tile, weight=(tile[0] - 1, 0, tile[1]), picked=-1)


def chosen_place(state: PlaygroundState, event: Pointer, layout: Layout) -> Place | None:
    """The weight or bias under the pointer."""
    for layer in range(1, len(layout.sizes)):
        for j in range(layout.sizes[layer]):
            if math.dist(layout.bias(layer, j), (event.x, event.y)) < 6:
                return layer - 1, -1, j
    ends, places = layout.links(state.used)
    if layout.at(event.x, event.y) is not None:
        return None
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    here = np.array([event.x, event.y]) - start
    share = np.clip((here * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
    apart = np.hypot(*(here - share[:, None] * along).T)
    best = int(apart.argmin())
    return places[best] if apart[best] < 5 else None


def dragged_weight(state: State, event: Pointer) -> State:
    """Up makes the grabbed weight larger."""
    start, value = state.grip
    return state.replace(value=round(value + (event.y - start) / 40, 2)) if state.grabbed == "weight" else state


def resized(state: State, layer: int, by: int) -> State:
    """A hidden layer with one neuron more or fewer; the last one takes the layer with it."""
    widths = list(state.widths)
    widths[layer - 1] = min(max(widths[layer - 1] + by, 0), WIDEST)
    return state.shaped(tuple(width for width in widths if width))


def switched(state: State, feature: int) -> State:
    """An input switched on or off; the last one stays on."""
    name = list(FEATURES)[feature]
    on = not getattr(state, name)
    return state if not on and len(state.features) == 1 else state.replace(**{name: on})


# The plane


def in_map(state: State, event: Pointer) -> State:
    """A click adds a point of the chosen class (with shift an unseen one), or takes one that is there to drag it."""
    if event.kind == "hover":
        return state if state.hover is None else state.replace(hover=None)
    editor, at = state.editor, (event.x, event.y)
    if event.kind == "drag":
        return state.edited(editor.moved(at)) if state.grabbed == "point" else state
    near = editor.near(at) if state.data == "yours" else None
    if event.kind == "double":
        return state if near is None else state.edited(editor.picked(near).removed())
    if near is not None:
        return state.replace(picked=near, grabbed="point")
    return state.edited(editor.added(at, state.brushed, not event.shift)).replace(grabbed="point")


# Keys


def adds(state: PlaygroundState, event: Pointer) -> bool:
    """Whether a press here makes a point."""
    return event.axes == "map" and len(pointer(state, event).editor.points) > len(state.editor.points)


def key(state: State, key: str) -> State:
    """Arrows walk through the neurons, w through the weights of one, + and − change it; a, n, p are about points."""
    if key == "o":
        return state.replace(focus=None, hover=None, picked=-1)
    if key == "a":
        return state.edited(state.editor.added(state.editor.middle, state.brushed, True))
    if state.data == "yours" and (key in ("n", "p") or state.picked >= 0):
        return on_point(state, key)
    if key in ("w", "W"):
        return next_weight(state, 1 if key == "w" else -1)
    if key in ("+", "=", "-", "_"):
        return state.replace(value=round(state.value + (0.1 if key in "+=" else -0.1), 3))
    if key in ("Enter", " ") and state.focus is not None and state.focus[0] == 0:
        return switched(state, state.focus[1])
    return walked(state, *ARROWS[key]) if key in ARROWS else state


def on_point(state: State, key: str) -> State:
    """Enter gives the picked point the next class, s hides it from training, the others do as `Editor` says."""
    editor = state.editor
    if editor.row is not None and key in ("Enter", " ", "s"):
        _, _, label, seen = editor.row
        return state.edited(editor.marked(*((label, not seen) if key == "s" else ((label + 1) % len(CLASSES), seen))))
    return state.edited(editor.pressed(key))


def walked(state: State, across: int, up: int) -> State:
    """The focus on the next neuron in this direction."""
    sizes = state.sizes
    if state.focus is None:
        layer, j = len(sizes) - 1, 0
    else:
        layer, j = state.focus
        layer = min(max(layer + across, 0), len(sizes) - 1)
        j = min(max(j - up, 0), sizes[layer] - 1)
    new = state.replace(focus=(layer, j), hover=None)
    return new if layer == 0 else new.replace(weight=(layer - 1, 0, j))


def next_weight(state: State, by: int) -> State:
    """The next weight into the same neuron; after the last one comes the bias."""
    layer, i, j = state.weight
    number = len(state.used) if layer == 0 else state.widths[layer - 1]
    return state.replace(weight=(layer, (i + 1 + by) % (number + 1) - 1, j))
