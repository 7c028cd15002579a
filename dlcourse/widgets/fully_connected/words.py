"""What `Wiring` says, and the code that computes the same numbers."""

from __future__ import annotations

import math
from typing import Any

from dlcourse.errors import counted
from dlcourse.layers.convolution import Conv2D
from dlcourse.layers.dense import Dense
from dlcourse.live.numbers import grouped, signed
from dlcourse.live.source import plain_source
from dlcourse.widgets.fully_connected import networks
from dlcourse.widgets.fully_connected.numbers import WiringResult
from dlcourse.widgets.fully_connected.state import WiringState
from dlcourse.widgets.fully_connected.units import SIDE, gate_column, named

__all__ = ["caption", "code", "code_results", "describe"]


def describe(state: WiringState, result: WiringResult) -> str:
    """The links of the unit and what it says, the parameters of the layer, and how well the network reads."""
    name = named(state.layer, result.unit, result.says.shape)
    text = f"{name[0].upper()}{name[1:]} {links(state, result)}. "
    if state.summed:
        text += f"Products and bias add up to {signed(result.total)}"
        text += f"; after {state.after} {signed(result.output)}. " if state.after else ". "
    else:
        text += f"It says {signed(result.output)}. "
    text += (
        f"The layer has {result.formula} = {grouped(result.computed)} parameters; counted: {grouped(result.counted)}. "
    )
    own = state.kind == "yours"
    whose = "Your network" if own else f"The {state.kind} network"
    taught = "" if own else f", taught with {'shuffled ' * state.shuffled}digits,"
    pixels = "shuffled" if state.shuffled else "as they were written"
    text += (
        f"{whose}{taught} says {result.answer} here, and of {grouped(len(networks.unseen(state.shuffled)))} "
        f"{'digits' if own else 'unseen digits'}, {pixels}, it reads {result.right:.1%}."
    )
    if result.right_as_written is not None:
        text += f" Taught with digits as they were written it reads {result.right_as_written:.1%} of those."
    if state.wiring == "yours" and state.model is None:
        text += " (Your own network: Wiring(model=model).)"
    return text


def caption(state: WiringState, result: WiringResult) -> str:
    """The links of the unit; what is added up, counted and read stands in the picture."""
    text = named(state.layer, result.unit, result.says.shape)
    own = " (Your own network: Wiring(model=model).)" if state.wiring == "yours" and state.model is None else ""
    return f"{text[0].upper()}{text[1:]} {links(state, result)}.{own}"


def links(state: WiringState, result: WiringResult) -> str:
    """What the unit is linked to."""
    count, before, shared = len(result.pixels), len(result.links.before), result.links.shared
    which = f"all {count} pixels" if count == SIDE * SIDE else counted(count, "pixel")
    if shared == 1:
        return f"is linked to {which}, each by a weight of its own"
    where = "places of the map" if isinstance(state.layer, Conv2D) else "steps"
    neurons = "neuron" if before == 1 else f"{before} neurons"
    also = f" and to the {neurons} of the step before" if before else ""
    return f"is linked to {which}{also}, by weights that serve all {shared} {where}"


def code(state: WiringState) -> str:
    """The training that ran, the unit by hand, and the parameters counted in two ways."""
    own, number = state.kind == "yours", state.network.number
    recurs = not isinstance(state.layer, Dense | Conv2D)
    lines = "import copy\n" * recurs + "import numpy as np\nimport dlcourse as dl\n\n\n" + training(state)
    lines += "# model: your own, as given to Wiring\n" if own else f"model = teach({state.kind}(rng), train, rng)\n"
    lines += "right = (dl.predict(model, test.x).argmax(axis=1) == test.y).mean()\n\n"
    if state.own_digit:
        lines += "x = np.asarray(image, np.float32)  # your own picture\n"
        lines += "x = dl.AvgPool2D(len(x) // 8)(x[None, :, :, None]).numpy()\n"
        lines += "x = mix(x)\n" if state.shuffled else ""
    else:
        lines += f"x = test.x[{state.example}:{state.example + 1}]\n"
    before = f"dl.predict(model[:{number}], x)" if number else "x"
    lines += f"layer, given = model[{number}], {before}\n"
    lines += "counted = sum(parameter.size for parameter in layer.parameters())\n"
    result = state.compute()
    lines += f"formula = {result.formula.replace('·', '*')}\n" + arithmetic(state, result)
    return lines + "print(counted, formula, output, right)\n"


def training(state: WiringState) -> str:
    """The functions that ran, and the lines that deal out the digits."""
    functions: list[Any] = [networks.split]
    if state.shuffled:
        functions.append(networks.mix)
    if state.kind != "yours":
        functions += [networks.KINDS[state.kind], networks.teach]
    lines = "\n\n".join(plain_source(function) for function in functions)
    lines += "\n\nrng = np.random.default_rng(0)\ntrain, test = split(rng)\n"
    if state.shuffled:
        lines += "train, test = (dl.data.Dataset(mix(part.x), part.y) for part in (train, test))\n"
    return lines


def arithmetic(state: WiringState, result: WiringResult) -> str:
    """The lines that compute the unit by hand."""
    layer, (sheet, row, column) = state.layer, result.unit
    if isinstance(layer, Dense | Conv2D):
        bias = f" + layer.bias.data[{sheet}]" if layer.bias is not None else ""
    if isinstance(layer, Dense):
        total = f"given[0].astype(float) @ layer.weight.data[:, {sheet}]{bias}"
        return f"total = {total}\noutput = layer(given).numpy()[0, {sheet}]\n"
    if isinstance(layer, Conv2D):
        pixels = result.links.pixels.tolist()
        whole = len(pixels) == math.prod(layer.kernel)
        kept = "" if whole else f"[{result.links.slots.tolist()}]  # the others hang over the edge"
        return (
            f"pixels = given.ravel()[{pixels}].astype(float)\n"
            f"weights = layer.weight.data[:, :, 0, {sheet}].ravel(){kept}\n"
            f"total = pixels @ weights{bias}\noutput = layer(given).numpy()[0, {row}, {column}, {sheet}]\n"
        )
    at = gate_column(layer, column)
    lines = (
        "every = copy.copy(layer)  # the same weights; says what it says at every step\n"
        "every.return_sequences = True\nstates = every(given).numpy()[0]\n"
        f"total = given[0, {row}].astype(float) @ layer.weight_x.data[:, {at}] + layer.bias.data[{at}]\n"
    )
    lines += f"total += states[{row - 1}].astype(float) @ layer.weight_h.data[:, {at}]\n" if row else ""
    gate = "" if layer.gates == 1 else "  # total is what one gate adds up"
    return lines + f"output = states[{row}, {column}]{gate}\n"


def code_results(state: WiringState, result: WiringResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {
        "counted": result.counted,
        "formula": result.computed,
        "total": result.total,
        "output": result.output,
        "right": result.right,
    }
