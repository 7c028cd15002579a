"""What `Translate` says, and the code that computes the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlcourse.live.numbers import grouped, three_digits
from dlcourse.translation.parts import Line, example
from dlcourse.widgets.beyond.numbers import LIBRARIES, Held, Row, TranslateResult, is_of
from dlcourse.widgets.beyond.state import TranslateState

__all__ = ["caption", "code", "code_results", "describe"]


def describe(state: TranslateState, result: TranslateResult) -> str:
    """The lit layer, its arrays in three libraries, where one number stands in each, and how it is called, chosen program first."""
    network, i = result.network, state.chosen
    name = network.lines[i].replace(", rng=rng", "")
    text = f"{name} is layer{i} of {len(network.lines)}: {example(network.shapes[i])} becomes {example(network.shapes[i + 1])}. "
    for row in result.rows[: 1 if state.refusal else 2]:
        text += f"{as_tuple(row.ours)} here{'' if state.hides else elsewhere(row)}. "
    first = result.rows[0] if result.rows else None
    if first is not None and first.ours.at and not state.hides:
        text += f"The number {three_digits(first.value)} at {at(first.ours)} stands"
        text += (
            "".join(f"{' and' if k else ''} at {at(held)} in {where}" for k, (where, held) in enumerate(others(first)))
            + ". "
        )
    if not state.hides:
        programs = sorted(result.programs.items(), key=lambda program: program[0] != state.library)
        calls = [f"{name}{'' if k else ' writes'} {call(lines, i)}" for k, (name, lines) in enumerate(programs)]
        text += f"{', '.join(calls)}. "
    return text + rest(state, result)


def call(program: Sequence[Line], layer: int) -> str:
    """The line of a program that calls a layer, without its note.

    Examples
    --------
    >>> call([(None, "def network(weights, x):"), ("0", "    x = jnp.tanh(x)  # as here"), (None, "    return x")], 0)
    'x = jnp.tanh(x)'
    """
    start = next(i for i, (_, line) in enumerate(program) if line.lstrip().startswith(("def forward", "def network")))
    own = [line.partition("  # ")[0].strip() for place, line in program[start:] if is_of(place, layer)]
    own = [line for line in own if line and line[0] != "#"]
    return next((line for line in own if f"layer{layer}" in line or f'"{layer}.' in line), own[0])


def caption(state: TranslateState, result: TranslateResult) -> str:
    """Which layer is lit; its arrays stand in the picture."""
    name = result.network.lines[state.chosen].replace(", rng=rng", "")
    return f"{name} is lit, layer{state.chosen} in the programs. {rest(state, result)}"


def rest(state: TranslateState, result: TranslateResult) -> str:
    """What is not drawn: why something cannot be, and how many parameters there are."""
    text = ""
    if not result.rows:
        text += "It has no arrays. "
    elif not state.hides:
        text += "JAX takes our arrays as they are. "
    if state.hides:
        text += "What other libraries make of it comes with your bet. "
    if state.refusal:
        text += f"{state.new} cannot come below it. {state.refusal} "
    if state.network == "yours" and state.model is None:
        text += "Your own network is shown by Translate(model=model). "
    return text + f"The network has {grouped(result.network.count)} parameters."


def as_tuple(held: Held) -> str:
    """An array with its shape, as in weight (64, 10)."""
    return f"{held.name} {held.shape}"


def at(held: Held) -> str:
    """A number by its place, as in weight[1, 2]."""
    return f"{held.name}{list(held.at)}"


def others(row: Row) -> list[tuple[str, Held]]:
    """The other libraries that have such an array."""
    return [(name, held) for name, held in (("PyTorch", row.pytorch), ("Keras", row.keras)) if held is not None]


def elsewhere(row: Row) -> str:
    """How the other libraries hold an array."""
    return "".join(f", {as_tuple(held)} in {name}" for name, held in others(row))


def code(state: TranslateState) -> str:
    """The network, its program, and the number that is followed."""
    lines = ["import numpy as np", "import dlcourse as dl", ""]
    if state.is_own:
        lines += ["# model: your own network"]
    else:
        lines += ["rng = np.random.default_rng(0)", "model = dl.Sequential("]
        lines += [f"    {line}," for line in state.whole.lines] + [")"]
    lines += [
        f'program = dl.translate(model, to="{LIBRARIES[state.library]}", input_shape={state.shape!r})',
        "print(program)                                            # plain code, without dlcourse",
        "length = len(program.splitlines())",
        "count = sum(parameter.size for parameter in model.parameters())",
    ]
    rows = state.compute().rows
    if rows and rows[0].ours.at:
        layer = "model" if state.is_own else f"model[{state.chosen}]"
        lines.append(f"number = {layer}.{rows[0].ours.name}.data{list(rows[0].ours.at)}")
    return "\n".join(lines) + "\n"


def code_results(state: TranslateState, result: TranslateResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    left: dict[str, Any] = {"length": len(result.programs[state.library]), "count": result.network.count}
    if result.rows and result.rows[0].ours.at:
        left["number"] = result.rows[0].value
    return left
