"""What `Playground` says: all that its picture shows."""

from __future__ import annotations

import math

import numpy as np

from dlcourse.live.numbers import percent
from dlcourse.live.numbers import spelled_out as n
from dlcourse.widgets.more_neurons_more_layers.playground.data import CLASS_NAMES, FEATURES
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult
from dlcourse.widgets.more_neurons_more_layers.playground.readout import neuron, origin, pace, rule, weight_name
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

__all__ = ["describe"]

LET_GO = " (a click beside the neurons, or the key o, brings the output back)"


def describe(state: PlaygroundState, result: PlaygroundResult) -> str:
    """All that the picture shows, in words."""
    points, run = state.shown, state.run
    inputs = " ".join(FEATURES[name][0] for name in state.features)
    seen = int(points.seen.sum())
    text = (
        f"{state.run.plan.shape} network of {inputs}, {state.activation}, {state.initializer}, on {origin(state)}: {seen} training and "
        f"{len(points.x) - seen} unseen points. {rule(state)}, {pace(state)}. Step {run.steps:,}: "
        f"error {n(result.train)} on training points"
    )
    text += "" if math.isnan(result.test) else f", {n(result.test)} on unseen ones"
    text += f", {n(result.objective)} with penalty" if state.l1 or state.l2 else ""
    if result.right is not None and len(points.x):
        text += f"; {percent(result.right[0])} and {percent(result.right[1])} right"
    text += "." + _remarks(state, result)
    gradient = float(run.entry(state.weight, result.gradients)[0])
    look = state.looked_at
    text += f" Shown: {neuron(state, *look)}{LET_GO if state.hover is None else ''}." if look else ""
    return (
        text + f" Chosen: {weight_name(state)}, {n(state.value)} (gradient {n(gradient)}); a click adds "
        f"{CLASS_NAMES[state.brushed]}."
    )


def _remarks(state: PlaygroundState, result: PlaygroundResult) -> str:
    """What a learner may wonder about: why it stopped, why nothing moves, whether the kept run was better."""
    run = state.run
    text = ""
    if run.trouble:
        text += " " + run.trouble
    elif len(run.curve) > 3:
        lowest = min(run.curve, key=lambda row: row[3])
        if result.objective > 3 * lowest[3] and result.objective > 1.5 * run.curve[0][3]:
            text += f" It diverges: at step {lowest[0]:,.0f} the error was {n(lowest[3])}. The steps are too large."
    if len(run.plan.widths) and all(not np.any(w) for w, _ in result.weights):
        text += " All weights are 0, so all neurons of a layer are equal and nothing tells them apart."
    elif any(result.dead):
        dead = sum(result.dead)
        text += f" {dead} hidden neuron{'s are' if dead > 1 else ' is'} 0 everywhere (dead)."
    if state.kept is not None and len(state.kept.curve):
        table = np.array(state.kept.curve)
        step = min(run.steps, state.kept.steps)
        text += (
            f" Kept run ({state.kept.name}): {n(float(np.interp(step, table[:, 0], table[:, 1])))} at step {step:,}."
        )
    return text
