"""What is told to the views of a live widget, and what they tell, as plain data that JSON can hold."""

from __future__ import annotations

import contextlib
import dataclasses
import traceback
from collections.abc import Mapping
from typing import Any

from dlcourse.errors import CourseError
from dlcourse.live.history import History
from dlcourse.live.widget import Control, Widget

__all__ = ["converted", "explained", "portrait", "status"]


def portrait(history: History) -> dict[str, Any]:
    """What a view must know to build itself."""
    widget, predict = history.state, history.predict
    return {
        "title": widget.title,
        "controls": [{"name": name} | dataclasses.asdict(control) for name, control in widget.controls().items()],
        "actions": widget.actions(),
        "evolves": widget.evolves(),
        "predict": {"question": predict.question, "choices": predict.choices} if predict else None,
        "prediction": widget.prediction,
        "outcome": predict.outcome(widget.prediction) if predict else "",
        "beside": 100 * widget.size[0] if widget.controls_beside else 0,
        "touch": type(widget).pointer is not Widget.pointer,
    }


def status(history: History) -> dict[str, Any]:
    """Values and ends of the controls in the present state."""
    state = history.state
    limits = state.slider_ends()
    alone = {name for name, (low, high) in limits.items() if low == high}
    return {
        "values": {name: _within(getattr(state, name), limits.get(name)) for name in state.controls()},
        "limits": {name: list(ends) for name, ends in limits.items()},
        "absent": sorted(state.absent_controls()),
        "idle": sorted(alone | set(state.idle_controls())),
        "back": len(history),
        "ahead": _can_go_on(state),
        "locked": history.is_locked,
    }


def _within(value: Any, ends: tuple[float, float] | None) -> Any:
    return value if ends is None else min(max(value, ends[0]), ends[1])


def _can_go_on(state: Widget) -> bool:
    with contextlib.suppress(Exception):  # a state that cannot be computed says so in its frame
        return state.evolves() and state.can_step()
    return True


def converted(state: Widget, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a view says of controls, in the types that the fields have; other names are left out."""
    controls = state.controls()
    return {name: _typed(controls[name], value) for name, value in values.items() if name in controls}


def _typed(control: Control, value: Any) -> Any:
    if control.kind == "toggle":
        return bool(value)
    if control.kind == "slider":
        whole = isinstance(control.low, int) and isinstance(control.step, int)
        return round(float(value)) if whole else float(f"{float(value):.10g}")
    return str(value)


def explained(error: Exception) -> dict[str, str]:
    """An exception for the learner: what the course says itself is enough, all else comes with its traceback."""
    if isinstance(error, CourseError):
        return {"message": str(error), "details": ""}
    details = "".join(traceback.format_exception(error))
    return {"message": f"{type(error).__name__}: {error}", "details": details}
