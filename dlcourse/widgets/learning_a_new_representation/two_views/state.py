"""The state of `TwoViews`: how long the network was trained, which layer is looked at, and by which probe."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from dlcourse.errors import counted
from dlcourse.layers.module import Sequential
from dlcourse.live.widget import Widget, choice, slider, state
from dlcourse.widgets.learning_a_new_representation.two_views.numbers import (
    EPOCHS,
    LAYERS,
    PROBES,
    Run,
    ViewsResult,
    check,
    default_run,
)

__all__ = ["ViewsState"]


@dataclass(frozen=True, eq=False)
class ViewsState(Widget):
    """Fields, controls and numbers; `TwoViews` adds picture and words."""

    epochs: int = slider(0, 0, EPOCHS, label="epochs of training")
    layer: str = choice("last hidden layer", LAYERS, label="layer on the right")
    probe: str = choice("straight cuts", tuple(PROBES), label="probe")
    model: Any = state(None)
    train: Any = state(None)
    unseen: Any = state(None)
    run: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.run is not None:
            return
        if self.model is None and self.train is None and self.unseen is None:
            object.__setattr__(self, "run", default_run())
            return
        default = default_run()
        model = default.models[0] if self.model is None else self.model
        train = default.train if self.train is None else self.train
        unseen = default.unseen if self.unseen is None else self.unseen
        check(model, train, unseen)
        object.__setattr__(self, "run", Run(model, train, unseen, np.random.default_rng(0)))

    @property
    def network(self) -> Sequential:
        """The network after the chosen number of epochs."""
        network: Sequential = self.run.after(self.epochs)
        return network

    @property
    def trained_for(self) -> str:
        """How long the network has been trained here."""
        return counted(self.epochs, "epoch")

    def compute(self) -> ViewsResult:
        run: Run = self.run
        return ViewsResult(raw=run.view(0, "", self.probe), layer=run.view(self.epochs, self.layer, self.probe))

    def background(self) -> Hashable:
        return (id(self.run),)

    def can_step(self) -> bool:
        """Whether there is one epoch more."""
        return self.epochs < EPOCHS

    def step(self) -> Self:
        """One epoch more."""
        return self.replace(epochs=self.epochs + 1) if self.can_step() else self
