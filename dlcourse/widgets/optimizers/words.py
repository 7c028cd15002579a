"""What `OptimizerRace` says, and the code that computes the same path."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.live.numbers import coordinate, three_digits
from dlcourse.live.source import plain_source
from dlcourse.widgets.optimizers.numbers import FAR, RaceResult
from dlcourse.widgets.optimizers.rules import KNOBS, call_of, signs
from dlcourse.widgets.optimizers.state import RaceState, two_wells
from dlcourse.widgets.optimizers.surfaces import NOISE, SURFACES

__all__ = ["code", "code_results", "describe"]

SIGNS = {"momentum": "β₁", "rho": "ρ", "decay": "λ"}


def describe(state: RaceState, result: RaceResult) -> str:
    """The optimizer with its knobs, where it is, whether it has arrived, and what was kept."""
    at, (x, y) = result.at, result.place
    surface = "your surface" if state.surface == "yours" else f"the {state.surface}"
    if state.surface == "long bowl":
        surface += f" with κ = {state.kappa:.3g}"
    if state.times != 1:
        surface += f", its loss times {state.times:.4g}"
    head = f"{_rule(state)} on {surface}, after {counted(at, 'step')}: "
    if result.exploded:
        return head + f"it has exploded, further out than {FAR:g}." + _rivals(state)
    height = three_digits(float(result.path.heights[at]))
    where = f"height {height}, at ({coordinate(x)}, {coordinate(y)})."
    if result.arrived is not None:
        where += f" In the ring for good from step {result.arrived} on."
    covered = " The path is covered." if state.hides else ""
    return head + where + _own_rates(result) + covered + _rivals(state)


def _rule(state: RaceState) -> str:
    if state.optimizer == "yours":
        return f"Your own optimizer ({state.own.name if state.own is not None else 'signs'})"
    signs = SIGNS | ({"momentum": "μ"} if state.optimizer in ("momentum", "Nesterov") else {})
    signs |= {"rho": "β₂"} if len(KNOBS[state.optimizer]) > 2 else {}
    knobs = [f"{signs[name]} {getattr(state, name):.3g}" for name in KNOBS[state.optimizer] if name != "lr"]
    return f"{state.optimizer} with {', '.join([f'learning rate {state.lr:.3g}', *knobs])}"


def _own_rates(result: RaceResult) -> str:
    one, other = result.rates
    if not (np.isfinite(one) and np.isfinite(other)):
        return ""
    return f" The next step moves w₁ by {three_digits(one)} and w₂ by {three_digits(other)} of its gradient."


def _rivals(state: RaceState) -> str:
    kept = [
        f"{rival.name}, "
        + (f"in the ring after {rival.path.arrived}" if rival.path.arrived is not None and rival.path.arrived <= rival.at else counted(rival.at, "step"))
        for rival in state.rivals
    ]  # fmt: skip
    return f" Kept: {'; '.join(kept)}." if kept else ""


def code(state: RaceState) -> str:
    """The surface, the optimizer, and its steps."""
    course = state.course
    lines = ["import numpy as np", "import dlcourse as dl", "", *_surface_code(state)]
    times = f"{course.times!r} * " if course.times != 1 else ""
    steps = state.at
    if course.noisy:
        lines.append(f"noise = {NOISE} * np.random.default_rng(18).normal(size=(300, 2))")
    gradient = f"{times}np.array(slope(*w.data.tolist()))" + (f" + {times}noise[t]" if course.noisy else "")
    start = list(map(float, course.start))
    if state.optimizer == "yours":
        gradient = gradient.replace("w.data.tolist()", "w.tolist()")
        if state.own is None:
            lines += [plain_source(signs)]
        else:
            lines += [f"# {state.own.name} is your own step"]
        name = "signs" if state.own is None else state.own.name
        lines += [
            f"w, state = np.array({start}), {{}}",
            f"for t in range({steps}):",
            f"    w = {name}(w, {gradient}, state)",
            "place = w",
        ]
    else:
        kind, settings = call_of(state.optimizer, state.knobs)
        given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        lines += [
            f"w = dl.Parameter(np.array({start}))",
            f"optimizer = dl.{kind}([w], {given})",
            f"for t in range({steps}):",
            f"    w.grad = {gradient}",
            "    optimizer.step()",
            "place = w.data",
        ]
    return "\n".join(lines) + "\n"


def _surface_code(state: RaceState) -> list[str]:
    if state.surface != "yours":
        slope = SURFACES[state.surface].slope
        call = f"{slope.__name__}(x, y, {state.course.kappa!r})"
        return [plain_source(slope), "def slope(x, y):", f"    return {call}", ""]
    if state.loss is None:
        name, lines = "two_wells", [plain_source(two_wells)]
    else:
        name, lines = state.loss.name, [f"# {state.loss.name} is your own loss"]
    return [*lines, "def slope(x, y):", f"    return dl.gradient({name}, np.array([x, y]))[0]", ""]


def code_results(state: RaceState, result: RaceResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    return {"place": result.place}
