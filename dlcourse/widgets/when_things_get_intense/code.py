"""The code that computes the same numbers as `Paths`, view by view."""

from __future__ import annotations

from typing import Any

from dlcourse.widgets.when_things_get_intense.numbers import PathsResult
from dlcourse.widgets.when_things_get_intense.state import PathsState

__all__ = ["code", "code_results"]


def code(state: PathsState) -> str:
    """Plain code that runs alone."""
    lines = ["import numpy as np", "import dlcourse as dl"]
    if state.view == "count":
        d = "[:d + 1]" if state.model is not None else None
        sizes = (
            f"(*{state.sizes[:-1]!r}{d}, {state.sizes[-1]})"
            if d
            else f"({state.sizes[0]}, *[{state.width}] * d, {state.sizes[-1]})"
        )
        return "\n".join([
            "from dlcourse.calculus import work", "",
            f"works = [work({sizes}) for d in range(1, {len(state.works) + 1})]  # d hidden layers",
            "counts = [(w.paths, w.by_paths, w.by_backward) for w in works]", "",
        ])  # fmt: skip
    lines += ["", *_network(state), f"x = np.array({[float(v) for v in state.example]!r})", ""]
    return "\n".join(lines + _VIEW_CODE[state.view](state)) + "\n"


def _network(state: PathsState) -> list[str]:
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
    return lines + [f"dense[{layer}].weight.data[{j}, {i}] += {change!r}" for (layer, j, i), change in state.edits]


def _by_paths(state: PathsState) -> list[str]:
    layer, j, i = state.place
    entry = f"dense[{layer}].weight"
    lines = [
        f"by_paths = dl.paths(model, x, weight=({layer}, {j}, {i}), output={state.end}).total",
        f"model(x[None])[0, {state.end}].backward()",
        f"by_backward = {entry}.grad[{j}, {i}]                 # δᵢ · aⱼ",
        "",
        f"h, w, s = {state.h!r}, {entry}.data[{j}, {i}], []",
        "for sign in (1, -1):",
        f"    {entry}.data[{j}, {i}] = w + sign * h",
        f"    s.append(model(x[None]).data[0, {state.end}])",
        f"{entry}.data[{j}, {i}] = w",
        "by_difference = (s[0] - s[1]) / (2 * h)",
    ]
    return lines if state.compute().paths is not None else lines[1:]


def _jacobian_code(state: PathsState) -> list[str]:
    return [
        "J = dl.jacobian(lambda x: model(x.reshape(1, -1))[0], x)      # (outputs, inputs)",
        "eigenvalues = np.linalg.eigvalsh(J @ J.T)[::-1]",
    ]


def _hessian_code(state: PathsState) -> list[str]:
    own = state.model is not None
    neurons, inputs = state.sizes[state.place[0] + 1], state.sizes[state.place[0]]
    bias = "(0 if layer.bias is None else layer.bias.data)" if own else "layer.bias.data"
    return [
        f"layer = dense[{state.place[0]}]",
        "at = list(model).index(layer)",
        "a = model[:at](x[None]).data                    # what comes into the layer, (1, K)",
        "def score(w):                                   # all weights into neuron 1 first, as on the slides",
        f"    z = a @ w.reshape({neurons}, {inputs}).T + {bias}",
        *(["    z = z if layer.activation is None else layer.activation(z)"] if own else []),
        f"    return model[at + 1:](z)[0, {state.end}]",
        "H = dl.hessian(score, layer.weight.data.T.ravel())",
    ]


_VIEW_CODE = {"paths": _by_paths, "derivation": _by_paths, "Jacobian": _jacobian_code, "Hessian": _hessian_code}


def code_results(state: PathsState, result: PathsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    if state.view == "count":
        return {"counts": [(w.paths, w.by_paths, w.by_backward) for w in result.works]}
    if state.view == "Jacobian":
        return {"J": result.jacobian, "eigenvalues": result.stretches}
    if state.view == "Hessian":
        return {"H": result.hessian}
    numbers: dict[str, Any] = {"by_backward": result.gradient, "by_difference": result.difference}
    if result.paths is not None:
        numbers["by_paths"] = result.paths.total
    return numbers
