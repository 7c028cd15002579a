"""What `FitAFunction` says: names of learners, the sentence, and the code with the very functions that ran."""

from __future__ import annotations

from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import coordinate, readable
from dlcourse.live.source import plain_source
from dlcourse.widgets.supervised_learning import learners
from dlcourse.widgets.supervised_learning.numbers import GRID, FitResult
from dlcourse.widgets.supervised_learning.state import FitState

__all__ = ["called", "caption", "code", "code_results", "describe", "on_the_board"]


def called(state: FitState, name: str) -> str:
    """A learner's name in the sentence."""
    if name == "polynomial":
        return f"polynomial of degree {state.degree}"
    if name == "network":
        return f"network ({counted(state.width, 'neuron')}, {counted(state.steps, 'step')})"
    if name == "yours":
        return own_name(state) or "yours (the mean, until you give fit=)"
    return name


def on_the_board(state: FitState, name: str) -> str:
    """A learner's name where there is little room: 20 letters at most."""
    if name == "polynomial":
        return f"polynomial {state.degree}"
    if name == "network":
        return f"network {state.width}, {state.steps}"
    text = own_name(state) or "yours" if name == "yours" else name
    return text if len(text) <= 20 else text[:19] + "…"


def own_name(state: FitState) -> str:
    """What the learner's own function is called; "fit" where it has no name, "" where there is none."""
    name = getattr(state.fit, "__name__", "fit") if state.fit is not None else ""
    return "fit" if name == "<lambda>" else name


def describe(state: FitState, result: FitResult) -> str:
    """The chosen learner's errors, who is best on unseen points, the rest of the board, and the ringed point."""
    if not len(result.seen[0]):
        return "There is no seen point yet, so there is nothing to learn from. Click into the picture to add some."
    return chosen(state, result) + others(state, result) + one_point(state, result)


def caption(state: FitState, result: FitResult) -> str:
    """The chosen learner and the ringed point; the errors of the others stand on the board."""
    if not len(result.seen[0]):
        return describe(state, result)
    return chosen(state, result) + one_point(state, result)


def chosen(state: FitState, result: FitResult) -> str:
    """The errors of the chosen learner, and whether it is the best on unseen points."""
    seen, unseen = len(result.seen[0]), len(result.unseen[0])
    kind = {"petals": "petal", "tumours": "tumour"}.get(state.origin[0], "point") + "s" * (seen != 1)
    name = called(state, state.model)
    if state.model != "yours":
        name = name[0].upper() + name[1:]
    text = f"{name}, {seen} seen {kind}: mean squared error {readable(result.seen_errors[state.model])} on them"
    if result.unseen_errors:
        text += f", {readable(result.unseen_errors[state.model])} on {counted(unseen, 'unseen one')}. "
        best = min(result.unseen_errors, key=lambda name: result.unseen_errors[name])
        return text + f"Smallest on unseen: {'this one' if best == state.model else best}."
    if unseen and state.hides:
        stay = "ones stay" if unseen != 1 else "one stays"
        return text + f". The {unseen} unseen {stay} hidden until you have made your choice."
    if unseen:
        return text + ". The unseen ones are not shown."
    return text + ". There are no unseen ones: press u to hide a point from the learners."


def others(state: FitState, result: FitResult) -> str:
    """The rest of the board, for those who do not see it."""
    both = {
        name: ", ".join(readable(errors[name]) for errors in (result.seen_errors, result.unseen_errors) if errors)
        for name in result.curves
        if name != state.model
    }
    rows = "; ".join(f"{called(state, name)} {numbers}" for name, numbers in both.items())
    return f" The others, seen{' and unseen' * bool(result.unseen_errors)}: {rows}."


def one_point(state: FitState, result: FitResult) -> str:
    """What the chosen learner says at the ringed point, and how far off that is."""
    row = state.editor.row
    if row is None:
        return ""
    x, y, is_seen = row
    if not is_seen:
        return f" The ringed point ({coordinate(x)}, {coordinate(y)}) is unseen."
    says = float(result.told[sum(mark for *_, mark in state.editable[: state.selected])])
    return (
        f" At the ringed point x = {coordinate(x)} it says {coordinate(says)}; the truth is {coordinate(y)}: off by "
        f"{readable(says - y)}, squared {readable((says - y) ** 2)}."
    )


def code(state: FitState) -> str:
    """Points, learner, and its errors on seen and unseen points."""
    left, right, _, _ = state.limits
    text = "import numpy as np\nimport dlcourse as dl\n\n" + source_code(state) + points_code(state)
    if not any(mark for *_, mark in state.editable):
        return text + "count = len(seen_x)  # no examples, nothing to learn\n"
    text += fit_code(state) + f"curve = predict(np.linspace({left!r}, {right!r}, {GRID}))\n"
    text += "seen_error = dl.squared_error(predict(seen_x), seen_y).item()\n"
    shown = "seen_error"
    if state.shows_unseen and (state.origin[0] or any(not mark for *_, mark in state.points)):
        text += "unseen_error = dl.squared_error(predict(unseen_x), unseen_y).item()\n"
        shown += ", unseen_error"
    return text + f"print({shown})\n"


def source_code(state: FitState) -> str:
    """The function that made the points, and its unseen ones; nothing where all are one's own."""
    name, seed = state.origin
    if not name:
        return ""
    return (
        f"{plain_source(learners.SOURCES[name])}\n"
        f"x, y = {name}(np.random.default_rng({seed}))\n"
        f"unseen_x, unseen_y = x[{learners.UNSEEN_FROM}:], y[{learners.UNSEEN_FROM}:]\n"
    )


def points_code(state: FitState) -> str:
    """The seen points, and with those of one's own the unseen ones as well."""
    if state.data != "yours":
        return f"seen_x, seen_y = x[:{state.examples}], y[:{state.examples}]\n"
    seen = [point[:2] for point in state.points if point[2]]
    kept_back = [point[:2] for point in state.points if not point[2]]
    text = f"seen = np.array({seen!r}).reshape(-1, 2)\nseen_x, seen_y = seen.T\n"
    if not kept_back and state.origin[0]:
        return text
    text += f"kept_back = np.array({kept_back!r}).reshape(-1, 2)\n"
    if state.origin[0]:
        return text + (
            "unseen_x, unseen_y = np.append(unseen_x, kept_back[:, 0]), np.append(unseen_y, kept_back[:, 1])\n"
        )
    return text + "unseen_x, unseen_y = kept_back.T\n"


def fit_code(state: FitState) -> str:
    """The chosen learner's source, and the line that lets it learn."""
    if state.model == "yours" and state.fit is not None:
        return f"\npredict = {own_name(state)}(seen_x, seen_y)  # your own function\n"
    settings = state.settings(state.model)
    source = plain_source(learners.learner(state.model, settings))
    name = source.split("(")[0].removeprefix("def ")
    values = "".join(f"{value}, " for value in settings)
    return f"\n\n{source}\n\npredict = {name}({values}seen_x, seen_y)\n"


def code_results(state: FitState, result: FitResult) -> dict[str, Any]:
    """What the code leaves behind."""
    if state.model not in result.curves:
        return {"count": 0}
    values: dict[str, Any] = {"curve": result.curves[state.model], "seen_error": result.seen_errors[state.model]}
    if result.unseen_errors:
        values["unseen_error"] = result.unseen_errors[state.model]
    return values
