"""The state of `Broadcast`: two shapes, the answers, and how far the cells are stretched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dlcourse.live.widget import Widget, action, choice, slider, state, text
from dlcourse.widgets.tensors.broadcast.numbers import PAIRS, SHAPES, BroadcastResult, bring_together, shape_of
from dlcourse.widgets.tensors.broadcast.typed import LETTERS, LONGEST_TEXT, read
from dlcourse.widgets.tensors.guessing import Answer, Shape, answer_to

__all__ = ["BroadcastState"]

YOURS = "yours"


@dataclass(frozen=True, eq=False)
class BroadcastState(Widget):
    """Fields, controls and numbers; `Broadcast` adds picture, words and hand."""

    chooses: ClassVar[Mapping[str, str]] = {"own_a": "a", "own_b": "b"}

    a: str = choice("(4, 1)", (*SHAPES, YOURS), label="shape of a")
    b: str = choice("(3,)", (*SHAPES, YOURS), label="shape of b")
    typed_a: str = text("", letters=LETTERS, longest=LONGEST_TEXT, label="or type a")
    typed_b: str = text("", letters=LETTERS, longest=LONGEST_TEXT, label="or type b")
    stretch: float = slider(1.0, 0.0, 1.0, step=0.05, label="stretched")
    answers: tuple[Answer, ...] = state(())
    """What was answered, each to a pair of shapes."""
    own_a: Shape = state((6, 1))
    own_b: Shape = state((5,))
    """What "yours" stands for; a shape that is given as `a` or `b` comes here."""

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            given, typed = getattr(self, name), getattr(self, f"typed_{name}")
            shape = read(typed)[0] if isinstance(typed, str) and typed else None
            if shape is None and (not isinstance(given, str) or (given != YOURS and given not in SHAPES)):
                shape = shape_of(given, name)
            if shape is not None and str(shape) in SHAPES and not typed:
                object.__setattr__(self, name, str(shape))
            elif shape is not None:
                object.__setattr__(self, f"own_{name}", shape)
                object.__setattr__(self, name, YOURS)
            object.__setattr__(self, f"own_{name}", shape_of(getattr(self, f"own_{name}"), f"own_{name}"))
        super().__post_init__()
        if self.prediction and not self.answers:
            options = [str(option) for option in self.compute().options]
            if self.prediction in options:
                object.__setattr__(self, "answers", (self._answer(options.index(self.prediction)),))

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        """The two shapes."""
        a = self.own_a if self.a == YOURS else SHAPES[self.a]
        b = self.own_b if self.b == YOURS else SHAPES[self.b]
        return a, b

    @property
    def typed(self) -> bool:
        """Whether a shape was typed in: whoever does that asks, and is answered at once."""
        return any(read(text)[0] is not None for text in (self.typed_a, self.typed_b))

    @property
    def troubles(self) -> tuple[str, str]:
        """What is wrong with each text, if it says no shape; the shapes stay what they were."""
        return read(self.typed_a)[1], read(self.typed_b)[1]

    @property
    def trouble(self) -> str:
        """What is wrong with either."""
        return " ".join(filter(None, self.troubles))

    @property
    def chosen(self) -> int | None:
        """Number of the option that was chosen for these two shapes; of the right one where they were typed in."""
        if self.typed:
            result = self.compute()
            return result.options.index(result.answer)
        return answer_to(self.shapes, self.answers)

    @property
    def guessed(self) -> bool:
        """Whether an answer was given for these two shapes, or need not be."""
        return self.typed or self.chosen is not None

    def replace(self, **changes: Any) -> Self:
        """As for every widget; another shape from the list takes the place of the one that was typed."""
        for name in ("a", "b"):
            if name in changes and changes[name] != YOURS:
                changes.setdefault(f"typed_{name}", "")
        return super().replace(**changes)

    def compute(self) -> BroadcastResult:
        return bring_together(*self.shapes)

    def idle_controls(self) -> Collection[str]:
        """Nothing is stretched before an answer, or where nothing can be."""
        return () if self.guessed and self.compute().shape is not None else ("stretch",)

    def answered(self, number: int) -> Self:
        """With the option of this number chosen, counted from 0; the first answer for a pair counts."""
        if self.guessed or not 0 <= number < len(self.compute().options):
            return self
        return self.replace(answers=(*self.answers, self._answer(number)))

    def _answer(self, number: int) -> Answer:
        result = self.compute()
        return Answer(self.shapes, number, result.options[number] == result.answer)

    @action("Next pair")
    def next_pair(self) -> Self:
        """Two other shapes to guess."""
        here = PAIRS.index((self.a, self.b)) if (self.a, self.b) in PAIRS else -1
        a, b = PAIRS[(here + 1) % len(PAIRS)]
        return self.replace(a=a, b=b)

    @action("Swap")
    def swap(self) -> Self:
        """Exchange the two shapes."""
        return self.replace(
            a=self.b, b=self.a, own_a=self.own_b, own_b=self.own_a, typed_a=self.typed_b, typed_b=self.typed_a
        )
