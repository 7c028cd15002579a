"""What `DigitPad` says, and the code that reads the same picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.errors import counted
from dlcourse.widgets.start_here.numbers import DigitPadResult
from dlcourse.widgets.start_here.state import PadState

__all__ = ["code", "code_results", "describe"]


def describe(state: PadState, result: DigitPadResult) -> str:
    """What is on the pad, and the two digits that the network finds likeliest."""
    pen = " The pen is down." if state.writing else ""
    if state.thickness != 1:
        pen += f" The pen is {state.thickness:.2f} times as thick as the data set's."
    if not result.ink.any():
        return (
            "The pad is empty, so there is nothing to recognize and no probability to give. "
            f"Draw a digit with mouse or finger, or with the arrow keys and the space bar.{pen}"
        )
    drawn = counted(len(state.strokes), "stroke")
    if state.loaded is not None:
        what = "your image" if state.example == "none" else f"a real {state.example} (number {state.which})"
        drawn = f"{what} and {drawn} over it" if state.strokes else what
    if result.probabilities is None:
        return f"On the pad: {drawn}. There is no network to read it: DigitPad(model) takes the one you trained.{pen}"
    order = np.argsort(result.probabilities)[::-1]
    first, second = result.probabilities[order[0]], result.probabilities[order[1]]
    return (
        f"On the pad: {drawn}. The network says {order[0]}, with probability {first:.2f}; "
        f"its second choice is {order[1]}, with {second:.2f}.{pen}"
    )


def code(state: PadState) -> str:
    """The picture, from the strokes or written out, and the network's answer."""
    result = state.compute()
    lines = ["import dlcourse as dl", "import numpy as np"]
    under = state.loaded
    if under is None:
        lines += [
            "from dlcourse.widgets.start_here.ink import picture_from_strokes", "",
            f"strokes = {state.strokes!r}",
            f"picture = picture_from_strokes(strokes, thickness={state.thickness!r})",
        ]  # fmt: skip
    else:
        counts = np.rint(result.picture[:, :, 0] * 16).astype(int).tolist()
        rows = ",\n    ".join(str(row) for row in counts)
        lines += [
            "", f"picture = np.array([\n    {rows},\n], np.float32)[:, :, None] / 16",
        ]  # fmt: skip
    if state.model is not None and result.ink.any():
        answer = "dl.predict(model, picture[None])"
        lines.append(f"probabilities = dl.softmax({answer}).numpy()[0]" if result.logits else
                     f"probabilities = np.asarray({answer})[0]")  # fmt: skip
        lines.append("print(probabilities.round(2))")
    else:
        lines.append("print((16 * picture[:, :, 0]).astype(int))")
    return "\n".join(lines) + "\n"


def code_results(state: PadState, result: DigitPadResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    numbers: dict[str, Any] = {"picture": result.picture}
    if result.probabilities is not None:
        numbers["probabilities"] = result.probabilities
    return numbers
