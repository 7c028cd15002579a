"""Where things are in the picture of `Clinic`, and how the tests are listed."""

from __future__ import annotations

import numpy as np

from dlcourse.arrays import Array
from dlcourse.widgets.it_doesnt_work_why.reports import Chart

__all__ = ["ceiling", "decades", "inside"]

LOWEST, HIGHEST = -8, 8
"""Powers of ten that lines are drawn between."""


def decades(chart: Chart) -> tuple[int, int]:
    """The powers of ten between which all that a chart of lines shows lies."""
    numbers = np.concatenate([np.ravel(one) for one in chart.values])
    numbers = numbers[np.isfinite(numbers) & (numbers > 0)]
    extra = [*(chart.band or ()), *([chart.level] if chart.level is not None else [])]
    logs = np.log10(np.concatenate([numbers, extra])) if len(numbers) or extra else np.zeros(1)
    low, high = int(np.floor(logs.min())), int(np.ceil(logs.max()))
    low, high = max(low, LOWEST), min(high, HIGHEST)
    return (low, high) if low < high else (high - 1, high)


def inside(values: Array, chart: Chart) -> Array:
    """What is drawn of a line: beyond the edges it lies on them, and where it is not a number it is not drawn."""
    low, high = decades(chart)
    return np.where(np.isnan(values), np.nan, np.clip(values, 10.0**low, 10.0**high))


def ceiling(chart: Chart) -> float:
    """How high a chart of bars reaches."""
    numbers = np.concatenate([np.ravel(one) for one in chart.values])
    numbers = numbers[np.isfinite(numbers)]
    return 1.22 * float(max(numbers.max(), 1e-9)) if len(numbers) else 1.0
