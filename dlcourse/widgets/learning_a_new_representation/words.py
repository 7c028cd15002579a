"""What `Representation` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.layers.modes import predicting
from dlcourse.live.source import inlined
from dlcourse.tensor import Tensor
from dlcourse.widgets.learning_a_new_representation.numbers import RepresentationResult
from dlcourse.widgets.learning_a_new_representation.state import RepresentationState
from dlcourse.widgets.learning_a_new_representation.training import PENALTY, PROBLEMS, learn, rule

__all__ = ["code", "code_results", "describe", "where"]


def where(result: RepresentationResult) -> str:
    """The shown place in words."""
    names = ["the input", *(leg.name for leg in result.scene.legs)]
    name = names[result.leg + 1]
    if result.share < 0.005:
        return names[result.leg]
    return name if result.share > 0.995 else f"{result.share:.0%} of the way to {name}"


def called(state: RepresentationState) -> str:
    """The network in words."""
    if state.shows_own_model:
        return "Your network"
    return f"Network 2 → {' → '.join(map(str, state.widths))} → 1, seed {state.seed}, {state.steps} steps"


def describe(state: RepresentationState, result: RepresentationResult) -> str:
    """How many points are on the wrong side of the last cut, and where on the way one is."""
    name = "your points" if state.shows_own_points else state.data
    count = len(state.problem.y)
    wrong = count - round(result.right * count)
    cut = "plane" if len(result.scene.legs[-1].order) == 3 else "line"
    offer = ""
    if state.data == "yours" and state.points is None:
        name, offer = "disc in ring", " Your own points: Representation(points=dataset)."
    if state.network == "yours" and state.model is None:
        offer += " Your own network: Representation(model=model)."
    is_ = "is" if wrong == 1 else "are"
    sides = f"{wrong} of {count} points {is_} on the wrong side" if wrong else "all points are on their side"
    return (
        f"{called(state)}, on {name}: {sides} of its last straight cut, a {cut} ({result.right:.1%} right). "
        f"Shown at {where(result)}, turned by {state.turn}°.{offer}".replace("-", "−")
    )


def code(state: RepresentationState) -> str:
    """Points, training, and what the last layer sees."""
    text = "import numpy as np\nimport dlcourse as dl\n\n"
    if state.shows_own_points:
        text += "x, y = data.x, data.y  # your own points\n"
    else:
        text += "rng = np.random.default_rng(0)\n" + inlined(PROBLEMS[state.data_name], "x, y")
    if not state.shows_own_model:
        text += _training_code(state)
    text += "\nhidden = dl.predict(model[:-1], x)  # what the last layer sees\n"
    text += "right = np.mean(dl.predict(model, x).argmax(axis=1) == y)\n" if _two(state) else (
        "right = np.mean((dl.predict(model, x)[:, 0] > 0) == y)\n"
    )  # fmt: skip
    return text + "print(hidden.shape, f'{right:.1%} right')\n"


def _two(state: RepresentationState) -> bool:
    network = state.trained
    return bool(network[len(network) - 1].outputs == 2)


def _training_code(state: RepresentationState) -> str:
    sizes = (2, *state.widths)
    dense = "".join(
        f"    dl.Dense({a}, {b}, activation=dl.tanh, rng=rng),\n" for a, b in zip(sizes, sizes[1:], strict=False)
    )
    return (
        f"\nrng = np.random.default_rng({state.seed})\nmodel = dl.Sequential(\n{dense}"
        f"    dl.Dense({sizes[-1]}, 1, rng=rng),\n)\n"
        f"{inlined(rule, 'optimizer, penalty', PENALTY=PENALTY)}{inlined(learn, '', steps=state.steps)}"
    )


def code_results(state: RepresentationState, result: RepresentationResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    with predicting(state.trained):
        h = state.trained[:-1](Tensor(state.problem.x)).data
    return {"hidden": h, "right": result.right}
