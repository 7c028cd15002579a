"""The lines of code that make the network of a widget."""

from __future__ import annotations

from dlcourse.widgets.chain.state import ChainState

__all__ = ["network"]


def network(state: ChainState) -> list[str]:
    """Imports, the network with the same weights, and the example x."""
    if state.model is not None:
        lines = [
            "from copy import deepcopy",
            "model = deepcopy(model)                 # your own, in float64",
            "for p in model.parameters():",
            "    p.data = p.data.astype(np.float64)",
        ]
    else:
        called = {"ReLU": "relu"}.get(state.activation, state.activation)
        lines = [
            f"rng, layers = np.random.default_rng({state.seed}), []",
            f"sizes = {state.sizes!r}",
            "for k, m in zip(sizes, sizes[1:]):",
            f"    layers += [dl.Dense(k, m, rng=rng), dl.{called}]",
            "model = dl.Sequential(*layers[:-1])        # the outputs stay as they are",
            "for p in model.parameters():",
            "    p.data = np.round(rng.normal(size=p.shape), 1)",
        ]
    lines.append("dense = [layer for layer in model if isinstance(layer, dl.Dense)]")
    lines += [f"dense[{layer}].weight.data[{j}, {i}] += {change!r}" for (layer, j, i), change in state.edits]
    example = f"x = np.array({[float(v) for v in state.example]!r})"
    return ["import numpy as np", "import dlcourse as dl", "", *lines, example, ""]
