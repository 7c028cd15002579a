"""What `Blame` says, in the words of the slide, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.live.numbers import compact, three_digits
from dlcourse.widgets.backpropagation.graph import pretty
from dlcourse.widgets.backpropagation.numbers import BlameResult
from dlcourse.widgets.backpropagation.state import BlameState

__all__ = ["code", "code_results", "describe"]


def _must(name: str, change: float) -> str:
    return f"{name} must go {'up' if change > 0 else 'down'} by {compact(abs(change))}"


def _by(name: str, change: float) -> str:
    return f"For {name} to go {'up' if change > 0 else 'down'} by {compact(abs(change))}"


def describe(state: BlameState, result: BlameResult) -> str:
    """The chosen node's share of the blame, and whether the nudges kept their promise."""
    return " ".join(part for part in (_who(state, result), _kept(state, result)) if part)


def _name(state: BlameState, number: int) -> str:
    node = state.graph.nodes[number]
    if number == len(state.graph.nodes) - 1:
        return "the loss"
    name = pretty(node.name) or f"the node “{node.label}”"
    entry = state.graph.entry(number)
    return f"{name}[{', '.join(map(str, entry))}]" if entry else name


def _who(state: BlameState, result: BlameResult) -> str:
    graph, number = result.graph, state.selected
    loss, amount = result.loss, compact(state.amount)
    if number < 0 and state.gradients:
        return (
            f"The loss is {three_digits(loss)}. Step sends its gradient back, one number at a time; or choose a number. "
            f"A nudge asks the loss to go down by {amount}."
        )
    if number < 0:
        return (
            f"The loss is {three_digits(loss)}. For the loss to go down by {amount}, who must move, and by how much? "
            "Step sends the blame back, one node at a time; or choose a node."
        )
    if number == len(graph.nodes) - 1:
        return f"The blame starts here: for the loss to go down by {amount}, it must go down by {amount}. Its slope for itself is 1. It cannot be nudged: only what it is made of can move it."
    name, slope = _name(state, number), graph.slope(number)
    if slope is None:
        return (
            f"{name} is data, not a weight: it came with the example, and nobody may change it. "
            "Blame is not even computed for it, so there is nothing to nudge."
        )
    if slope == 0:
        return f"{name} has slope 0: however little it moves, up or down, the loss stays {three_digits(loss)}. It gets no blame, learns nothing here, and no nudge of it would help."
    if not np.isfinite(slope):
        return f"{name} has no finite slope here: how far it must move for the loss to go down by {amount}, no slope can say."
    return (_gradient if state.gradients else _chain)(state, result, slope)


def _gradient(state: BlameState, result: BlameResult, slope: float) -> str:
    """The gradient of the chosen node, and what it means for the loss."""
    number, size = state.selected, result.graph.nodes[state.selected].tensor.size
    largest = f" It is the one of {size} entries with the largest gradient." if size > 1 else ""
    return (
        f"{_name(state, number)} has the gradient {three_digits(slope)}: when it goes up by 0.01, the loss goes "
        f"{'up' if slope > 0 else 'down'} by about {three_digits(0.01 * abs(slope))}.{largest} "
        f"For the loss to go down by {compact(state.amount)}, {_must('it', result.changes[number] or 0.0)}."
    )


def _chain(state: BlameState, result: BlameResult, slope: float) -> str:
    """The slide's sentences, from the loss to the chosen node."""
    graph, number = result.graph, state.selected
    path = [n for n in graph.through(number)[-2:] if result.changes[n] is not None]
    sentences, previous = [], f"For the loss to go down by {compact(state.amount)}"
    for gate in [*path, number]:
        sentences.append(f"{previous}, {_must(_name(state, gate), result.changes[gate] or 0.0)}.")
        previous = _by(_name(state, gate), result.changes[gate] or 0.0)
    size = graph.nodes[number].tensor.size
    tail = f"(Its slope is {three_digits(slope)}.)"
    if size > 1:
        tail = f"It is the one of {size} entries with the largest slope, {three_digits(slope)}."
    return " ".join([*sentences, tail])


def _kept(state: BlameState, result: BlameResult) -> str:
    if not state.graph.replays and state.selected >= 0:
        return (
            "An operation here has settings that the graph does not keep, so this promise cannot be tested by a nudge."
        )
    if not state.nudged:
        return ""
    went = "down" if result.real <= 0 else "up"
    real = f"The loss went {went} by {three_digits(abs(result.real))}, to {three_digits(result.loss_after)}."
    if not np.isfinite(result.real):
        real = "The loss is no number any more."
    if len(state.nudged) == 1:
        return f"Nudged: {_name(state, state.nudged[0])}. Promised: {three_digits(-result.promised)} less. {real}"
    return (
        f"Nudged: {len(state.nudged)} nodes, each by its full promise of {compact(state.amount)}, "
        f"{three_digits(-result.promised)} together. {real}"
    )


def code(state: BlameState) -> str:
    graph = state.graph
    if not graph.lines:
        return (
            "# loss is your own tensor\nloss.backward(keep_inner=True)      # .grad of every node: its slope\n"
            f"amount = {state.amount!r}\nfor tensor in loss.parents:\n    if tensor.grad is not None:\n"
            "        print(tensor.op or tensor.name, -amount / tensor.grad)   # what it must do, alone"
        )
    lines = ["import numpy as np", "import dlcourse as dl", "", "def forward(**nudge):"]
    lines += [f"    {line}" for line in graph.lines] + ["    return locals()", ""]
    lines += [
        "graph = forward()",
        f"loss = graph[{graph.nodes[-1].variable!r}]",
        "loss.backward(keep_inner=True)",
        f"amount = {state.amount!r}",
    ]
    if state.selected >= 0 and graph.moves(state.selected):
        lines.append(f"change = -amount / graph[{graph.nodes[state.selected].variable!r}].grad")
    if state.nudged:
        moved = ", ".join(f"{v}=-amount / graph[{v!r}].grad" for v in (graph.nodes[n].variable for n in state.nudged))
        lines.append(f"after = forward({moved})[{graph.nodes[-1].variable!r}]")
    return "\n".join(lines) + "\n"


def code_results(state: BlameState, result: BlameResult) -> dict[str, Any]:
    results: dict[str, Any] = {"loss": result.before[-1]}
    if state.selected >= 0 and result.graph.moves(state.selected):
        results["change"] = result.changes[state.selected]
    if state.nudged:
        results["after"] = result.after[-1]
    return results
