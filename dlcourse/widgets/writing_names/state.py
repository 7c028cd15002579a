"""The state of `NameWriter`: names, network and training, and how it writes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, ClassVar, Self

from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, slider, state, text
from dlcourse.widgets.writing_names.numbers import (
    NamesResult,
    check_network,
    check_split,
    compose,
    own_names,
)
from dlcourse.widgets.writing_names.training import KINDS, LONGEST, Plan, Run, begun, corpus, trained

__all__ = ["NamesState"]


@dataclass(frozen=True, eq=False)
class NamesState(Widget):
    """Fields, controls and numbers; `NameWriter` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"names": "words", "model": "cell"}

    temperature: float = slider(1.0, 0.1, 3.0, step=0.05, label="temperature")
    words: str = choice("given", ("given", "capitals", "elements", "yours"), label="names")
    cell: str = choice("GRU", (*KINDS, "yours"), label="network")
    names: Any = state(())
    unseen: Any = state(())
    model: Any = state(None)
    start: str = text("", letters=ascii_lowercase, longest=LONGEST - 1, label="begins with")
    draw_again: int = state(0)
    seed: int = state(0)
    run: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        for field in ("names", "unseen"):
            words = getattr(self, field)
            if not isinstance(words, tuple) or words:
                object.__setattr__(self, field, own_names(field, words))
        check_split(self.names, self.unseen)
        if self.model is not None:
            own = as_it_is_now(self.model, owner="NameWriter", reads_only=False, check=check_network)
            object.__setattr__(self, "model", own)

    @property
    def own(self) -> Any:
        """The learner's own network, where it is chosen and there is one."""
        return self.model if self.cell == "yours" else None

    @property
    def kind(self) -> str:
        """The cell of a network of the course's own."""
        return "GRU" if self.cell == "yours" else self.cell

    @property
    def plan(self) -> Plan:
        """What training begins with."""
        own_words = self.words == "yours"
        return Plan(
            cell="" if self.own is not None else self.kind,
            words=self.words,
            seed=self.seed,
            model=self.own,
            train=self.names if own_words else (),
            unseen=self.unseen if own_words else (),
        )

    def present(self) -> Run:
        """The network as it is now; a method, because lesson 12 calls it."""
        plan = self.plan
        return self.run if self.run is not None and self.run.plan == plan else begun(plan)

    @property
    def bigram(self) -> float:
        """Log-loss of the bigram table on the unseen names."""
        return corpus(self.plan).bigram

    @property
    def reach(self) -> int:
        """Updates on the axis: there is always room for a name behind a curve."""
        return 300 * (self.present().updates // 210 + 1)

    def compute(self) -> NamesResult:
        return compose(self.present(), temperature=self.temperature, start=self.start, seed=self.draw_again)

    def background(self) -> Hashable:
        return (self.reach, self.bigram)

    def step(self) -> Self:
        """Twenty more minibatches, and a look at the unseen names."""
        return self.replace(run=trained(self.present()))

    @action("Other names")
    def again(self) -> Self:
        """Draw anew."""
        return self.replace(draw_again=self.draw_again + 1)

    @action("New weights")
    def forget(self) -> Self:
        """Start again with other weights, and other unseen names."""
        return self.replace(seed=self.seed + 1, run=None)
