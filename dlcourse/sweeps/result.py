"""What a sweep gives back: its runs, the best of them, a table, a picture, and which knob mattered."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlcourse.errors import DataError
from dlcourse.streams import printable
from dlcourse.sweeps.pictures import draw
from dlcourse.sweeps.runs import Run
from dlcourse.sweeps.spaces import Space, is_number, label

__all__ = ["SweepResult"]

GROUPS = 4  # into which the values of a number are divided when knobs are compared


class SweepResult:
    """The runs of a sweep; returned by `sweep`.

    Attributes
    ----------
    runs : list of Run
        In the order in which their settings were chosen.
    space : dict
        Each setting's name with its space.
    direction : str
        "maximize" or "minimize".
    epochs : int
        How many scores were computed in all, those of runs that were begun again among them.
    interrupted : bool
        Whether the sweep was stopped by hand before its end.

    Examples
    --------
    >>> import numpy as np, dlcourse as dl
    >>> def run(settings, rng):
    ...     return -(settings["a"] - 2) ** 2
    >>> result = dl.sweep(run, {"a": dl.spaces.grid(1, 2, 3)}, budget=3, strategy="grid", rng=np.random.default_rng(0), jobs=1)
    >>> isinstance(result, SweepResult), result.best.settings
    (True, {'a': 2})
    """

    def __init__(
        self, runs: list[Run], space: dict[str, Space], *, direction: str, epochs: int, interrupted: bool
    ) -> None:
        self.runs, self.space, self.direction = runs, space, direction
        self.epochs, self.interrupted = epochs, interrupted

    def ranked(self) -> list[Run]:
        """The runs that have a score: those that went furthest first, and of these the best first."""
        sign = -1 if self.direction == "maximize" else 1
        scored = [run for run in self.runs if math.isfinite(run.score)]
        halved = len({run.epochs for run in scored}) > 1  # runs were ended at different lengths: the longest count
        return sorted(scored, key=lambda run: (-run.epochs if halved else 0, sign * run.score, run.number))

    def failed(self) -> list[Run]:
        """The runs without a score, each with its message."""
        return [run for run in self.runs if not math.isfinite(run.score)]

    @property
    def best(self) -> Run:
        """The run with the best score.

        Raises
        ------
        DataError
            If no run has one.
        """
        ranked = self.ranked()
        if not ranked:
            messages = [run.message for run in self.runs if run.message]
            said = f" The first said: {messages[0].rstrip('.')}." if messages else ""
            raise DataError(f"best: none of {len(self.runs)} runs has a score.{said}")
        return ranked[0]

    def table(self, rows: int | None = None) -> str:
        """The runs as text, the best first, those without a score last; to be printed.

        Parameters
        ----------
        rows : int, optional
            How many; all without it.
        """
        lines = [("run", *self.space, "score", "epochs", "seconds", "")]
        for run in (self.ranked() + self.failed())[:rows]:
            values = [label(run.settings[name]) for name in self.space]
            score = f"{run.score:.4g}" if math.isfinite(run.score) else "–"
            lines.append(
                (str(run.number), *values, score, str(run.epochs), f"{run.seconds:.2f}", printable(run.message))
            )
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]) - 1)]
        return "\n".join(
            "  ".join([*(f"{cell:>{width}}" for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
            for line in lines
        )

    def importance(self) -> dict[str, float]:
        """How much of the scores' variance each setting explains by itself, from 0 to 1.

        The runs are put into groups that share a value of this setting (numbers: four groups of neighbours), and the spread
        between the groups is compared with the spread of all scores, less what chance alone would give.

        Raises
        ------
        DataError
            If fewer than eight runs have a score.

        References
        ----------
        Kelley (1935), “An Unbiased Correlation Ratio Measure”.
        """
        runs = self.ranked()
        if len(runs) < 2 * GROUPS:
            raise DataError(f"importance: {len(runs)} runs with a score say little; {2 * GROUPS} are the least.")
        scores = np.array([run.score for run in runs])
        return {name: _explained_share(_groups([run.settings[name] for run in runs]), scores) for name in self.space}

    def plot(self) -> Any:
        """Draw every run: its score against each setting, and as a line through all settings to its score.

        Returns
        -------
        list of matplotlib Axes
            One for each setting, and the one of the lines.
        """
        return draw(self.ranked(), self.failed(), self.space, self.direction)

    def __len__(self) -> int:
        return len(self.runs)

    def __repr__(self) -> str:
        ranked = self.ranked()
        text = f"SweepResult({len(self.runs)} runs"
        if len(ranked) < len(self.runs):
            text += f", {len(self.runs) - len(ranked)} without a score"
        if ranked:
            text += f", best score {ranked[0].score:.4g} with "
            text += ", ".join(f"{name}={label(value)}" for name, value in ranked[0].settings.items())
        return printable(text + (", interrupted)" if self.interrupted else ")"))


def _groups(values: list[Any]) -> np.ndarray[Any, Any]:
    """The number of each value's group."""
    if all(map(is_number, values)) and len(set(values)) > GROUPS:
        ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
        return ranks * GROUPS // len(values)
    names = [label(value) for value in values]
    return np.array([names.index(name) for name in names])


def _explained_share(groups: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> float:
    total = float(((scores - scores.mean()) ** 2).sum())
    kinds = np.unique(groups)
    if total == 0 or len(kinds) == 1 or len(kinds) == len(scores):
        return 0.0
    within = sum(float(((scores[groups == kind] - scores[groups == kind].mean()) ** 2).sum()) for kind in kinds)
    by_chance = (len(scores) - 1) / (len(scores) - len(kinds))
    return max(0.0, 1 - within / total * by_chance)
