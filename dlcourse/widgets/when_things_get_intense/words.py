"""What `Paths` says, and the code that computes the same numbers for it and for `Derivation`."""

from __future__ import annotations

from typing import Any

from dlcourse.calculus import work
from dlcourse.live.numbers import grouped
from dlcourse.live.numbers import with_power as n
from dlcourse.widgets.chain.code import network
from dlcourse.widgets.chain.notation import index, off_by, weight_name
from dlcourse.widgets.when_things_get_intense.numbers import MOST_PATHS, PathsResult
from dlcourse.widgets.when_things_get_intense.state import FollowedState, PathsState

__all__ = ["code", "code_results", "describe"]


def describe(state: PathsState, result: PathsResult) -> str:
    """From which weight to which output, along how many paths, and what they sum to."""
    r = result
    who = (
        f"{weight_name(r.place)} = {n(r.weight)}, from neuron {r.place[1] + 1} to neuron {r.place[2] + 1}, "
        f"and s{index(r.output)} = {n(r.score)}{setting(state)}"
    )
    if state.hides:
        return f"{who} of a network with the layers {', '.join(map(str, r.sizes))}. The paths from one to the other are covered."
    if r.count == 0:
        return f"{who}: no path leads from one to the other, so the derivative is 0."
    ways = "1 path leads" if r.count == 1 else f"{grouped(r.count)} paths lead"
    head = f"{who}: {ways} from one to the other. "
    return head + (too_many(r) if r.paths is None else added_up(state, r))


def setting(state: PathsState) -> str:
    """Which network it is, and how far the difference steps."""
    if state.model is not None:
        return ""
    return (
        f" ({state.activation}, layers {', '.join(map(str, state.sizes))}, x₁ = {n(state.x1, 2)}, h = {n(state.h, 2)})"
    )


def too_many(r: PathsResult) -> str:
    """What listing them would cost, and that nobody has to."""
    cost = work(r.sizes[r.place[0] :])
    return (
        f"Too many to list (up to {grouped(MOST_PATHS)} are): {grouped(cost.by_paths)} multiplications. Backpropagation "
        f"lists none and finds {n(r.gradient)}; a central difference says {n(r.difference)}."
    )


def added_up(state: PathsState, r: PathsResult) -> str:
    """The path of now, the sum so far, and three ways to the whole sum."""
    assert r.paths is not None
    k, head = state.reached, ""
    if k:
        route = " → ".join(str(one + 1) for one in r.paths.neurons[k - 1])
        share, so_far = r.paths.products[k - 1], float(r.paths.products[:k].sum())
        head = f"Path {k}, by the neurons {route}, brings {n(share)}; {k} of {r.count} sum to {n(so_far)}. "
    return head + (
        f"Sum over all paths {n(r.paths.total, 6)}, backpropagation {n(r.gradient, 6)}, "
        f"central difference with h = {n(state.h, 2)}: {n(r.difference, 6)}, off by {off_by(r.off)}."
    )


def code(state: FollowedState) -> str:
    """Plain code that runs alone: by paths (where they can be listed), by backpropagation, by a difference."""
    layer, j, i = state.place
    entry = f"dense[{layer}].weight"
    listed = [f"by_paths = dl.paths(model, x, weight=({layer}, {j}, {i}), output={state.end}).total"]
    lines = [
        *(listed if state.compute().paths is not None else []),
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
    return "\n".join(network(state) + lines) + "\n"


def code_results(state: FollowedState, result: PathsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    numbers: dict[str, Any] = {"by_backward": result.gradient, "by_difference": result.difference}
    if result.paths is not None:
        numbers["by_paths"] = result.paths.total
    return numbers
