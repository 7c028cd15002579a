"""The state of `Translate`: the layers, which of them is looked at, and the library whose program *Code* makes."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dlcourse.errors import CourseError
from dlcourse.layers.module import Module
from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, state
from dlcourse.translation.plan import Shape, plan
from dlcourse.widgets.beyond.numbers import (
    LIBRARIES,
    MOST,
    NEW,
    START,
    Network,
    TranslateResult,
    built,
    given,
    rows_of,
    translated,
    translated_from,
)

__all__ = ["TranslateState"]

Layers = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TranslateState(Widget):
    """Fields, controls and numbers; `Translate` adds picture, words and hand."""

    chooses: ClassVar[dict[str, str]] = {"model": "network"}

    network: str = choice("dense", (*START, "yours"), label="network")
    library: str = choice("PyTorch", tuple(LIBRARIES), label="program")
    """Whose program *Code* makes. A narrow picture has room for one program, and that is this one."""
    new: str = choice("BatchNorm", tuple(NEW), label="new layer")
    chosen: int = state(0)
    changed: Layers = state(())
    """The layers as they were changed by hand; empty as long as nobody did."""
    model: Module | None = state(None)
    input_shape: Shape | None = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model is not None:
            object.__setattr__(self, "model", as_it_is_now(self.model, owner="Translate", check=self._check))
        object.__setattr__(self, "chosen", min(max(self.chosen, 0), len(self.whole.lines) - 1))

    def _check(self, model: Module) -> None:
        plan("Translate", model, self.input_shape)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; another network comes as it is."""
        if changes.get("network", self.network) != self.network:
            changes = {"chosen": 0, "changed": (), **changes}
        return super().replace(**changes)

    @property
    def is_own(self) -> bool:
        """Whether the network is the learner's."""
        return self.network == "yours" and self.model is not None

    @property
    def start(self) -> tuple[Shape, Layers]:
        """The shape of one example and the layers, before anybody changed them."""
        return START.get(self.network, START["dense"])

    @property
    def layers(self) -> Layers:
        """The layers as lines of code, without the sizes that come in."""
        return self.changed or self.start[1]

    @property
    def shape(self) -> Shape:
        """The shape of one example."""
        return self.whole.shapes[0]

    @property
    def whole(self) -> Network:
        """The network with its lines and shapes."""
        if self.is_own and self.model is not None:
            return given(self.model, self.input_shape)
        return built(self.layers, self.start[0])

    def compute(self) -> TranslateResult:
        network = self.whole
        there = translated(network) if self.is_own else translated_from(self.layers, self.start[0])
        return TranslateResult(network, there.programs, rows_of(there.steps, self.chosen))

    def background(self) -> Hashable:
        return self.library

    def choose(self, layer: int) -> Self:
        """Look at another layer."""
        layer = min(max(layer, 0), len(self.whole.lines) - 1)
        return self if layer == self.chosen else self.replace(chosen=layer)

    def with_layers(self, layers: Layers, chosen: int) -> Self:
        """Other layers, if they fit together; else nothing changes."""
        if self.is_own or not 0 < len(layers) <= MOST or layers == self.layers:
            return self
        try:
            built(layers, self.start[0])
        except CourseError:
            return self
        return self.replace(changed=layers, chosen=chosen)

    @property
    def refusal(self) -> str:
        """Why the new layer cannot be added below the chosen one; "" where it can."""
        if self.is_own:
            return ""
        here = self.chosen + 1
        if len(self.layers) == MOST:
            return f"{MOST} layers are all that have room here."
        try:
            built((*self.layers[:here], NEW[self.new]), self.start[0])
            built((*self.layers[:here], NEW[self.new], *self.layers[here:]), self.start[0])
        except CourseError as error:
            return str(error).removeprefix("translate: ").split(". ")[0].rstrip(".") + "."
        return ""

    @action("Add below")
    def add(self) -> Self:
        """The new layer below the chosen one."""
        here = self.chosen + 1
        return self.with_layers((*self.layers[:here], NEW[self.new], *self.layers[here:]), here)

    @action("Remove")
    def remove(self) -> Self:
        """Without the chosen layer."""
        i = self.chosen
        return self.with_layers((*self.layers[:i], *self.layers[i + 1 :]), max(i - 1, 0))

    @action("Move up")
    def up(self) -> Self:
        """The chosen layer and the one above change places."""
        return self._swapped(self.chosen - 1, self.chosen - 1)

    @action("Move down")
    def down(self) -> Self:
        """The chosen layer and the one below change places."""
        return self._swapped(self.chosen, self.chosen + 1)

    def _swapped(self, first: int, chosen: int) -> Self:
        layers = list(self.layers)
        if not 0 <= first < len(layers) - 1:
            return self
        layers[first : first + 2] = layers[first + 1], layers[first]
        return self.with_layers(tuple(layers), chosen)

    def idle_controls(self) -> Collection[str]:
        idle = {name for name in type(self).actions() if getattr(self, name)() is self}
        return idle | {"new"} if self.is_own else idle
