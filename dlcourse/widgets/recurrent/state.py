"""The state of `Unroll`: the word, the cells' settings, and how far the text has been read."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, ClassVar, Self

from dlcourse.live.own import as_it_is_now
from dlcourse.live.widget import Widget, action, choice, slider, state, text
from dlcourse.widgets.recurrent.memory import KINDS
from dlcourse.widgets.recurrent.numbers import LONGEST_WORD, UnrollResult, check_layer, check_word, example, unroll

__all__ = ["UnrollState"]

LONGEST_TEXT = 60


@dataclass(frozen=True, eq=False)
class UnrollState(Widget):
    """Fields, controls and numbers; `Unroll` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"layer": "cell"}

    cell: str = choice("RNN", (*KINDS, "yours"), label="show the state of")
    below: str = choice("nudge", ("nudge", "state"), label="lower picture")
    letters: int = slider(30, 1, LONGEST_TEXT, label="letters in the text")
    scale: float = slider(1.0, 0.5, 4.0, step=0.05, label="RNN: scale of Wₕ")
    keep: float = slider(1.0, -2.0, 8.0, step=0.25, label="LSTM, GRU: bias of the keeping gate")
    read: int = slider(5, 1, LONGEST_TEXT, label="letters read")
    word: str = text("recurrent", letters=ascii_lowercase, longest=LONGEST_WORD, label="word")
    seed: int = state(0)
    afresh: bool = state(False)
    """Whether the next letter that is typed begins a new word."""
    layer: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_word(self.word)
        if self.layer is not None:
            object.__setattr__(self, "layer", as_it_is_now(self.layer, owner="Unroll", check=check_layer))
        if self.read > self.letters:  # nobody can read on after the end, so the slider has no idle part
            object.__setattr__(self, "read", self.letters)

    @property
    def text(self) -> str:
        """What is read: the word, again and again."""
        return (self.word * (self.letters // len(self.word) + 1))[: self.letters]

    @property
    def back(self) -> int:
        """How many letters are still to be read."""
        return self.letters - self.read

    @property
    def shown(self) -> str:
        """The cell whose state is shown."""
        return "RNN" if self.cell == "yours" and self.layer is None else self.cell

    @property
    def units(self) -> int:
        """How many numbers its state has."""
        return int((self.layer if self.shown == "yours" else example(self.shown)).units)

    def replace(self, **changes: Any) -> Self:
        """As for every widget; without any letter the old word stays until the first one of the next is typed."""
        word = changes.get("word")
        if word is not None:
            changes.setdefault("afresh", not word)
            changes["word"] = word or self.word
        return super().replace(**changes)

    def compute(self) -> UnrollResult:
        return unroll(self.text, shown=self.shown, layer=self.layer, scale=self.scale, keep=self.keep, seed=self.seed)

    def background(self) -> Hashable:
        return (self.below, self.shown, self.layer is not None)

    def slider_ends(self) -> dict[str, tuple[float, float]]:
        """Nobody can read on after the end."""
        return {"read": (1, self.letters)}

    @property
    def acting(self) -> tuple[str, ...]:
        """Which of the cells' settings change anything: in the lower picture of a state only those of its own cell."""
        if self.below == "nudge":
            return ("scale", "keep")
        return {"RNN": ("scale",), "yours": ()}.get(self.shown, ("keep",))

    def absent_controls(self) -> Collection[str]:
        """Settings of cells that are not shown."""
        return tuple(name for name in ("scale", "keep") if name not in self.acting)

    def can_step(self) -> bool:
        """Whether there is a next letter."""
        return self.read < self.letters

    def step(self) -> Self:
        """The next letter is read."""
        return self.replace(read=self.read + 1) if self.can_step() else self

    def read_to(self, place: int) -> Self:
        """With this many letters read, or as many as there are."""
        return self.replace(read=min(max(place, 1), self.letters))

    @action("New word")
    def new_word(self) -> Self:
        """The next letter that is typed begins a new word."""
        return self.replace(afresh=True, read=1)

    @action("New weights")
    def new_weights(self) -> Self:
        """Other random weights."""
        return self.replace(seed=self.seed + 1)
