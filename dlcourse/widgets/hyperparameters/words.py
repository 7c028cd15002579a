"""What `Sweep` says, and the code that computes the same numbers."""

from __future__ import annotations

from typing import Any

from dlcourse.errors import counted
from dlcourse.live.numbers import three_digits
from dlcourse.live.source import plain_source
from dlcourse.sweeps import Run
from dlcourse.sweeps.spaces import is_number, label
from dlcourse.widgets.hyperparameters.numbers import DECADES, UNITS, SweepView
from dlcourse.widgets.hyperparameters.state import CURVES, SweepState
from dlcourse.widgets.hyperparameters.training import EPOCHS, SPLIT, training_on

__all__ = ["code", "code_results", "describe", "headline", "knob_name", "score_text", "value_text"]

ENOUGH = 20
"""Fewer runs say little about which setting matters."""
NAMES = {"lr": "learning rate", "units": "hidden units"}


def knob_name(state: SweepState, name: str) -> str:
    """A setting in words; a learner's own as it is called."""
    return name if state.result is not None else NAMES[name]


def value_text(value: Any) -> str:
    """A setting's value."""
    return three_digits(float(value)) if is_number(value) else label(value)


def score_text(state: SweepState, score: float, *, axis: bool = False) -> str:
    """A score: the share right, or a learner's own number."""
    if state.result is None:
        return f"{score:.0%}" if axis else f"{score:.1%}"
    return three_digits(score)


def settings_text(state: SweepState, run: Run) -> str:
    """A run's settings in words."""
    return ", ".join(f"{knob_name(state, name)} {value_text(value)}" for name, value in run.settings.items())


def headline(state: SweepState, result: SweepView) -> str:
    """The two lines above the picture."""
    best = (
        "no run has been made yet: press Play"
        if result.best is None
        else f"best {score_text(state, result.best.score)} (orange)"
    )
    if state.result is not None:
        return f"your sweep: {counted(result.done, 'run')}, {counted(result.epochs, 'score')}\n{best}"
    beat = state.to_beat
    dashed = f" · dashed, {beat[0]}: {score_text(state, beat[1])}" if beat else ""
    tried = "" if not result.done else f" · {counted(result.tried('lr'), 'learning rate')} tried"
    return f"{state.strategy}: {result.done} of {counted(result.total, 'run')}, {counted(result.epochs, 'epoch')}{tried}\n{best}{dashed}"


def describe(state: SweepState, result: SweepView) -> str:
    """How far the sweep is, its best run, and what is lit up."""
    best = result.best
    failed = len(result.sweep.failed())
    lost = f" {counted(failed, 'run')} ended without a score." if failed else ""
    if state.result is not None:
        text = f"Your sweep, {counted(result.done, 'run')}.{lost}"
    else:
        again = " (a run that goes on begins anew)" if state.strategy == "halving" else ""
        text = f"{state.strategy.capitalize()}, {result.done} of {counted(result.total, 'run')} made{again}, {counted(result.epochs, 'epoch')} in all.{lost}"
        text += importance_text(state, result)
        if result.done:
            text += (
                f" {counted(result.tried('lr'), 'learning rate')} and {counted(result.tried('units'), 'width')} tried."
            )
        if result.done < result.total and not state.hides:
            middle = state.lowest * 10 ** (DECADES / 2)
            below = sum(settings["lr"] < middle for settings in result.planned)
            text += f" Of the {counted(len(result.planned), 'run')} planned, {below} {'has' if below == 1 else 'have'} a rate below {value_text(middle)}, the middle of their range."
    if best is not None:
        text += f" Best: run {best.number}, {settings_text(state, best)}, {score_text(state, best.score)}"
        text += " right on validation." if state.result is None else "."
    if state.to_beat:
        text += f" To beat: {state.to_beat[0]}, {score_text(state, state.to_beat[1])}."
    return text + lit_text(state, result)


def importance_text(state: SweepState, result: SweepView) -> str:
    """Which setting the scores depend on, where there are runs enough of equal length to tell."""
    if (
        result.done < max(result.total, ENOUGH)
        or len({run.epochs for run in result.sweep.runs}) > 1
        or result.sweep.failed()
    ):
        return ""
    shares = ", ".join(f"{knob_name(state, name)} {share:.0%}" for name, share in result.sweep.importance().items())
    return f" Of the variance of the scores, each by itself explains: {shares}."


def lit_text(state: SweepState, result: SweepView) -> str:
    """What is lit up: one run with its settings, or how well several did."""
    lit = [run for run in result.sweep.runs if run.number in result.lit]
    if state.picked >= 0 and lit:
        run = lit[0]
        said = run.message or score_text(state, run.score)
        return f" Lit: run {run.number}, {settings_text(state, run)}, {counted(run.epochs, 'epoch')}: {said}."
    if state.brush is not None and not lit:
        return " Nothing lies in the box."
    if not lit:
        return ""
    scores = [run.score for run in lit]
    where = "the curves" if state.brush is None or state.brush[0] == CURVES else knob_name(state, state.brush[0])
    return (
        f" Lit by the box in {where}: {counted(len(lit), 'run')}, from {score_text(state, min(scores))} to "
        f"{score_text(state, max(scores))}."
    )


def code(state: SweepState) -> str:
    """The same sweep by `dl.sweep`, and its scores as far as they are in the picture."""
    if state.result is not None:
        return (
            "# result = dl.sweep(…), your own sweep\n"
            "scores = [run.outcome.scores for run in result.runs]\nprint(result.table(5))\n"
        )
    sweep, lowest, highest = state.compute().sweep, float(state.lowest), float(state.lowest) * 10**DECADES
    rates = "log_uniform" if state.drawn == "log-uniform" else "uniform"
    scores = "scores = [score for run in result.runs for score in run.outcome.scores]\n"
    if state.can_step():
        epochs = {run.number: run.epochs for run in sweep.runs}
        scores = (
            f"in_the_picture = {epochs}  # run: epochs\n"
            "scores = [\n    score for number, epochs in in_the_picture.items() for score in result.runs[number].outcome.scores[:epochs]\n]\n"
        )
    return (
        f"import numpy as np\nimport dlcourse as dl\n\n{SPLIT}\n\n{plain_source(training_on)}\n"
        f'space = {{"lr": dl.spaces.{rates}({lowest!r}, {highest!r}), "units": dl.spaces.integers{UNITS}}}\n'
        f"result = dl.sweep(\n    training_on(learn, validation), space, budget={int(state.budget)}, strategy={state.strategy!r}, epochs={EPOCHS},\n"
        f"    rng=np.random.default_rng({state.seed}), jobs=1,\n)\n"
        f"{scores}"
        'rates = [run.settings["lr"] for run in result.runs]\n'
        "print(result)\n"
    )


def code_results(state: SweepState, result: SweepView) -> dict[str, Any]:
    """What `code` leaves behind."""
    scores = [score for run in result.sweep.runs for score in run.outcome.scores]
    return {"scores": scores, "rates": [settings["lr"] for settings in result.planned]}
