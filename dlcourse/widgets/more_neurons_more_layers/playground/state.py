"""The state of `Playground`: what of its settings exists, the next steps of training, and points moved by hand."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from dlcourse.live.own_function import check_activation, need_slope
from dlcourse.live.points import Editor
from dlcourse.live.widget import action
from dlcourse.widgets.more_neurons_more_layers.playground.data import EDGE, check_points, dealt, rows_of
from dlcourse.widgets.more_neurons_more_layers.playground.numbers import PlaygroundResult, errors, measured
from dlcourse.widgets.more_neurons_more_layers.playground.run import Kept, Run
from dlcourse.widgets.more_neurons_more_layers.playground.settings import LAYERS, SettingsState

__all__ = ["PlaygroundState"]

NEAR, STEP = 0.09, 0.05
"""How near a point must be to be taken, and how far an arrow key moves it, in the plane."""


@dataclass(frozen=True, eq=False)
class PlaygroundState(SettingsState):
    """Numbers, steps and what a hand makes; `Playground` adds picture, words and hand."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.function is not None:
            check_activation("Playground", self.function)
        self._set(points=check_points(self.points, self.share))
        if not self.features:
            self._set(x1=True)
        plan, recipe = self.plan, self.recipe
        if self.run is None or self.run.plan != plan:
            run = Run.begun(plan, recipe)
            self._set(run=run.noted(*errors(run, recipe, self.examples)))
        elif self.run.rule != recipe.optimizer:
            self._set(run=self.run.with_rule(recipe))
        self._keep_to_what_exists()

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _keep_to_what_exists(self) -> None:
        """What is chosen or looked at must be there."""
        sizes = [len(self.used), *self.widths, self.run.plan.outputs]
        layer, i, j = self.weight
        layer = min(layer, len(sizes) - 2)
        weight = (layer, min(i, sizes[layer] - 1), min(j, sizes[layer + 1] - 1))
        number = float(self.run.entry(weight)[0])
        self._set(weight=weight, value=number if math.isfinite(number) else 0.0)
        for name in ("focus", "hover"):
            place = getattr(self, name)
            if place is not None and not (place[0] < len(self.sizes) and place[1] < self.sizes[place[0]]):
                self._set(**{name: None})
        if self.data != "yours" or self.picked >= len(self.shown.x):
            self._set(picked=-1)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; `value` changes the chosen weight; noise, number and share of points act on
        the learner's own points too, once they are moved.
        """
        value = changes.pop("value", None)
        controls = self.controls()
        if changes.get("data", self.data) == "yours":
            for name, meant in (("noise", "own_noise"), ("n", "own_n")):
                if name in changes:
                    changes[meant] = controls[name].clip(changes[name])
            if "share" in changes and "points" not in changes:
                changes["points"] = dealt(self.points, controls["share"].clip(changes["share"]))
        new = super().replace(**changes)
        return new if value is None else new.with_run(new.run.with_weight(new.weight, controls["value"].clip(value)))

    def with_run(self, run: Run) -> Self:
        """With another training of the same network."""
        return super().replace(run=run)

    def compute(self) -> PlaygroundResult:
        return measured(self.run, self.recipe, self.examples, look=self.looked_at, certain=self.certain)

    def idle_controls(self) -> Collection[str]:
        """Only two classes may have one output or two."""
        return () if self.shown.classes == 2 else ("softmax",)

    # Learning

    def can_step(self) -> bool:
        """Whether there is anything to learn from, and nothing broke."""
        return not self.run.trouble and bool(self.shown.seen.any())

    def step(self) -> Self:
        """As many steps of training as a frame has; nothing more happens after something broke."""
        if not self.can_step():
            return self
        if self.plan.function is not None:
            need_slope("Playground", self.plan.function)
        recipe, examples = self.recipe, self.examples
        seen = examples.points.seen
        run = self.run.advanced(recipe, examples.x[seen], examples.truth[seen], self.pace)
        return self.with_run(run.noted(*errors(run, recipe, examples)) if run.steps > self.run.steps else run)

    @action("New weights")
    def restart(self) -> Self:
        """The same settings, and other first weights."""
        return self.replace(draw_number=self.draw_number + 1)

    @action("Add layer")
    def add_layer(self) -> Self:
        """One more hidden layer, as wide as the last one."""
        widths = self.widths
        return self.shaped((*widths, widths[-1] if widths else 4)) if len(widths) < len(LAYERS) else self

    @action("Remove layer")
    def remove_layer(self) -> Self:
        """Without the last hidden layer."""
        return self.shaped(self.widths[:-1]) if self.widths else self

    def shaped(self, widths: tuple[int, ...]) -> Self:
        """With hidden layers of these sizes."""
        full = (*widths, *(0 for _ in LAYERS))[: len(LAYERS)]
        return self.replace(**dict(zip(LAYERS, full, strict=True)))

    @action("Keep this run")
    def keep(self) -> Self:
        """Remember the curves of this run, and compare the next one with them."""
        name = f"{self.run.plan.shape}, {self.activation}, {self.optimizer} {self.lr:g}"
        return self.replace(kept=Kept(name, self.run.steps, tuple(self.run.curve)))

    # Points

    @property
    def editor(self) -> Editor[tuple[float, float, int, bool]]:
        """The points that are shown, as the learner's own; numbers become the classes below and above 0."""
        untouched = self.data == "yours" and not self.own_noise and not self.own_n
        rows, side = self.points if untouched else rows_of(self.shown), 2 * EDGE
        return Editor(rows, self.picked, (-EDGE, EDGE, -EDGE, EDGE), reach=NEAR / side, step=STEP / side)

    def edited(self, editor: Editor[tuple[float, float, int, bool]]) -> Self:
        """With what a hand made of the points; they are the learner's own from then on, as they are shown."""
        if editor.points != self.editor.points:
            return self.replace(data="yours", points=editor.points, picked=editor.selected, own_noise=0.0, own_n=0)
        return self if editor.selected == self.picked else self.replace(picked=editor.selected)

    @action("Clear points")
    def clear(self) -> Self:
        """No points, to draw your own."""
        return self.replace(data="yours", points=(), picked=-1, own_noise=0.0, own_n=0)
