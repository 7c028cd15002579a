"""The table of a model's layers, with output shapes and parameter counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlcourse.errors import ShapeError, WrongTypeError, brief
from dlcourse.layers.modes import predicting
from dlcourse.streams import printable
from dlcourse.tensor import Tensor

__all__ = ["layer_name", "table"]


def layer_name(layer: Any) -> str:
    """Return what a layer is called in a table."""
    return layer.describe() if hasattr(layer, "describe") else getattr(layer, "__name__", type(layer).__name__)


def table(rows: list[tuple[str, Any]], input_shape: tuple[int, ...] | None) -> str:
    """Layers, output shapes (with N for the batch) and parameter counts, as text. Unknown shapes are "?"."""
    lines = [("layer", "output", "parameters")]
    if not isinstance(input_shape, (tuple, list, type(None))):
        raise WrongTypeError(
            f"summary: the shape of one example is a tuple, such as (8, 8, 1) or (64,), not {brief(input_shape)}."
        )
    if input_shape is not None:
        lines.append(("input", _batch_shape(input_shape), ""))
    total = 0
    for (name, layer), shape in zip(rows, _output_shapes([layer for _, layer in rows], input_shape), strict=True):
        number = sum(parameter.size for parameter in layer.parameters()) if hasattr(layer, "parameters") else 0
        total += number
        lines.append((printable(name), shape, f"{number:,}"))
    lines.append(("total", "", f"{total:,}"))
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in lines)


def _output_shapes(layers: list[Any], input_shape: tuple[int, ...] | None) -> list[str]:
    """Shape after each layer, found by sending one example of zeros through, as far as it gets."""
    shapes: list[str] = []
    if input_shape is not None:
        x = Tensor(np.zeros((1, *input_shape), int))  # whole numbers: symbols have to be, and layers cast the rest
        with predicting(*layers):
            for layer in layers:
                try:
                    x = layer(x)
                    shapes.append(_batch_shape(x.shape[1:]))
                except Exception as error:  # a table that shows where it stops helps more than the error once more
                    shapes.append("does not fit" if isinstance(error, ShapeError) else "fails")
                    break
    return shapes + ["?"] * (len(layers) - len(shapes))


def _batch_shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(['N', *map(str, shape)])})" if shape else "(N,)"
