"""What `FeatureMaps` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.live.numbers import minus, signed
from dlcourse.widgets.filters_that_nobody_wrote.numbers import DIGITS, FARTHEST, NETWORK, MapsResult
from dlcourse.widgets.filters_that_nobody_wrote.state import MapsState

__all__ = ["code", "code_results", "describe"]


def describe(state: MapsState, result: MapsResult) -> str:
    """What the network says of the picture, and where the chosen map is largest."""
    (stage, index), layer, names = state.chosen, state.layer, state.reader.names
    chosen = result.maps[stage][..., index]
    i, j = (int(k) for k in np.unravel_index(int(chosen.argmax()), chosen.shape))
    best = int(result.probabilities.argmax())
    kind = layer.describe() if hasattr(layer, "describe") else type(layer).__name__
    place = minus(f"shifted {state.right} to the right and {state.down} down")
    if not state.right and not state.down:
        place = "as it is"
    most = float(chosen.max())
    where = (
        f"is largest at row {i}, column {j}: {signed(most)}" if most > float(chosen.min()) else "is the same everywhere"
    )
    return (
        f"Picture {state.example}, truth {state.truth}, {place}: the network says "
        f"{names[best]}, {result.probabilities[best]:.0%} sure. Layer {stage + 1}, {kind}: map {index + 1} of "
        f"{result.maps[stage].shape[2]} {where}. Of all {len(state.reader.data)} pictures, shifted alike, "
        f"{result.right:.1%} are read right."
    )


def code(state: MapsState) -> str:
    """From the digits to the chosen map, to what the network says, and to the share that it reads."""
    stage, index = state.chosen
    number, m = state.reader.layers[stage][0], FARTHEST
    h, w = state.reader.data.x.shape[1:3]
    lines = "import numpy as np\nimport dlcourse as dl\n\n"
    if state.data is None:
        lines += DIGITS
    elif state.model is None:
        lines += DIGITS.replace("data = dl", "_ = dl")
    lines += NETWORK if state.model is None else ""
    own = " and ".join(name for name in ("model", "data") if getattr(state, name) is not None)
    lines += f"# {own}: your own, as given to FeatureMaps\n" if own else ""
    top, left = m - state.down, m - state.right
    return lines + (
        f"x = np.pad(data.x, ((0, 0), ({m}, {m}), ({m}, {m}), (0, 0)))[:, {top}:{top + h}, {left}:{left + w}]\n"
        f"one = x[{state.example}:{state.example + 1}]\n"
        f"feature_map = dl.predict(model[:{number + 1}], one)[0, :, :, {index}]\n"
        "probabilities = dl.softmax(dl.predict(model, one)).numpy()[0]\n"
        "right = (dl.predict(model, x).argmax(axis=1) == data.y).mean()\n"
        "print(probabilities.argmax(), right)\n"
    )


def code_results(state: MapsState, result: MapsResult) -> dict[str, Any]:
    """What `code` leaves behind."""
    stage, index = state.chosen
    return {
        "feature_map": result.maps[stage][..., index],
        "probabilities": result.probabilities,
        "right": result.right,
    }
