"""The Playground as text: everything that the next steps depend on, as JSON can hold it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import numpy as np

from dlcourse.errors import ArgumentError, FileFormatError, WrongTypeError
from dlcourse.widgets.more_neurons_more_layers.playground.run import Kept, Run
from dlcourse.widgets.more_neurons_more_layers.playground.state import PlaygroundState

__all__ = ["from_json", "to_json"]

State = TypeVar("State", bound=PlaygroundState)


def to_json(state: PlaygroundState) -> str:
    """Settings, own points, weights, optimizer, random numbers, curves."""
    if state.activation == "yours" and state.function is not None:
        raise WrongTypeError(
            "Playground: a function of your own cannot be written as JSON; choose an activation by name."
        )
    settings = {name: getattr(state, name) for name in state.controls() if name != "value"}
    table = {
        "kind": "dlcourse playground", "version": 1, "settings": settings, "points": state.points,
        "own_noise": state.own_noise, "own_n": state.own_n, "draw_number": state.draw_number, "weight": state.weight,
        "focus": state.focus, "run": of_run(state.run),
        "kept": None if state.kept is None else [state.kept.name, state.kept.steps, state.kept.curve],
    }  # fmt: skip
    return json.dumps(table, allow_nan=True)


def from_json(kind: type[State], text: str) -> State:
    """The state that `to_json` wrote, as a widget of this kind."""
    table = loaded(text)
    try:
        kept, focus = table["kept"], table["focus"]
        state = kind(
            **table["settings"],
            points=tuple((float(a), float(b), int(c), bool(d)) for a, b, c, d in table["points"]),
            own_noise=float(table["own_noise"]),
            own_n=int(table["own_n"]),
            draw_number=int(table["draw_number"]),
            weight=tuple(table["weight"]),
            focus=None if focus is None else (int(focus[0]), int(focus[1])),
            kept=None if kept is None else Kept(str(kept[0]), int(kept[1]), tuple(map(tuple, kept[2]))),
        )
        run = table["run"]
    except (KeyError, TypeError, ValueError) as error:
        raise FileFormatError(f"Playground: the settings in this text cannot be read ({error}).") from None
    return state.with_run(with_table(state.run, run))


def loaded(text: str) -> dict[str, Any]:
    """The dict in a text that `to_json` made, or an error that says what else it is."""
    try:
        table = json.loads(text)
    except (TypeError, ValueError) as error:
        raise FileFormatError(f"Playground: this text is no JSON ({error}). Was it cut off?") from None
    if not isinstance(table, dict) or table.get("kind") != "dlcourse playground":
        raise FileFormatError("Playground: this JSON was not made by Playground.to_json().")
    if table.get("version") != 1:
        raise FileFormatError(f"Playground: this JSON has version {table.get('version')!r}; version 1 can be read.")
    return table


def of_run(run: Run) -> dict[str, Any]:
    """A training: weights, optimizer, random numbers, and what happened so far."""
    optimizer = run.optimizer.state_dict()
    return {
        "weights": {name: p.data.tolist() for name, p in run.model.named_parameters().items()},
        "optimizer": {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in optimizer.items()},
        "rng": run.rng.bit_generator.state,
        "steps": run.steps,
        "seen": run.seen,
        "order": run.order.tolist(),
        "curve": [list(row) for row in run.curve],
        "trouble": run.trouble,
    }


def with_table(run: Run, table: dict[str, Any]) -> Run:
    """A training with what `of_run` returned, or an error if that is for another network, or broken."""
    new = run.copied()
    try:
        put_weights(new, table["weights"])
        optimizer = table["optimizer"]
        new.optimizer.load_state_dict(
            {k: np.asarray(v, np.float32) if isinstance(v, list) else v for k, v in optimizer.items()}
        )
        new.rng.bit_generator.state = table["rng"]
        new.steps, new.seen = int(table["steps"]), int(table["seen"])
        new.order = np.asarray(table["order"], int)
        new.curve = [(float(a), float(b), float(c), float(d)) for a, b, c, d in table["curve"]]
        new.trouble = str(table["trouble"])
    except FileFormatError:
        raise
    except (KeyError, TypeError, ValueError, ArgumentError) as error:
        raise FileFormatError(f"Playground: the training in this text cannot be read ({error}).") from None
    return new


def put_weights(run: Run, weights: dict[str, Any]) -> None:
    """Weights by name into the network of a training."""
    parameters = run.model.named_parameters()
    if parameters.keys() != weights.keys():
        raise FileFormatError("Playground: the weights in this text are for a network of other layers.")
    for name, p in parameters.items():
        values = np.asarray(weights[name], np.float32)
        if values.shape != p.data.shape or not np.isfinite(values).all():
            raise FileFormatError(
                f"Playground: the weights {name!r} in this text have shape {values.shape} or are not finite; "
                f"the network has {p.data.shape}."
            )
        p.data[...] = values
