"""What a widget is: a frozen record of its state, and pure methods from state to numbers, picture, sentence and code.

Nothing here knows Jupyter. The shell (jupyter.py) makes any `Widget` live, picture.py draws it, tests call it as it is.

A minimal widget::

    @dataclass(frozen=True, eq=False)
    class Wave(Widget):
        title: ClassVar[str] = "Wave"
        frequency: float = slider(1.0, 0.1, 5, step=0.1, label="frequency")

        def compute(self): ...              # arrays
        def draw(self, figure): ...         # what stands still; returns the artists that move
        def paint(self, artists, result): ...
        def describe(self, result): ...     # the live sentence
        def code(self): ...                 # plain dlcourse code with the same numbers
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from dlcourse.errors import ArgumentError, WrongTypeError, joined
from dlcourse.streams import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dlcourse.live.jupyter import Shell

__all__ = ["ARROWS", "Control", "Pointer", "Predict", "Widget", "action", "choice", "slider", "state", "text", "toggle"]

ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}
"""Where each arrow key points: steps to the right, and steps up."""

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Control:
    """How one field of a widget is controlled: what the view needs to know to show a control for it."""

    kind: str
    label: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    log: bool = False
    options: tuple[str, ...] = ()
    advanced: bool = False
    letters: str = ""
    longest: int = 0

    def check(self, owner: str, name: str, value: object) -> None:
        """Raise an error that names the field if `value` cannot be what this control sets.

        Raises
        ------
        WrongTypeError
            If a slider's value is not a finite number, or a text is none.
        ArgumentError
            If a choice is not one of the options.
        """
        if self.kind == "slider":
            try:
                finite = math.isfinite(value)  # type: ignore[arg-type]
            except (TypeError, OverflowError):
                finite = False
            if not finite:
                raise WrongTypeError(f"{owner}: {name} should be a finite number, not {value!r}.")
        elif self.kind == "choice" and value not in self.options:
            raise ArgumentError(f"{owner}: {name}={value!r} is not one of {joined(self.options)}.")
        elif self.kind == "text" and not isinstance(value, str):
            raise WrongTypeError(f"{owner}: {name} should be a text, not {value!r}.")

    def clip(self, value: Any) -> Any:
        """The nearest value that the control can show; a choice and a toggle are returned as they are."""
        if self.kind == "text":
            return "".join(letter for letter in value if letter in self.letters)[: self.longest]
        return min(max(value, self.low), self.high) if self.kind == "slider" else value


def slider(
    default: float,
    low: float,
    high: float,
    *,
    step: float | None = None,
    label: str = "",
    log: bool = False,
    advanced: bool = False,
) -> Any:
    """A number with a slider and a number box.

    Parameters
    ----------
    default, low, high : float
        First value and range. If `default` and `step` are whole numbers (`int`), so are all values.
    step : float, optional
        Distance between two values, a hundredth of the range by default. On a logarithmic slider the distance in
        powers of ten (0.05 by default).
    label : str
        Shown beside the slider and read aloud; the field's name by default.
    log : bool
        The slider moves evenly in log₁₀ of the value.
    advanced : bool
        Folded away at first.
    """
    if not low < high or (log and low <= 0):
        raise ArgumentError(f"slider: the range {low} to {high} is empty{' or not positive' if log else ''}.")
    whole = not log and all(isinstance(number, int) for number in (default, low, high)) and step in (None, 1)
    size = step if step is not None else (1 if whole else 0.05 if log else (high - low) / 100)
    control = Control("slider", label, low, high, size, log, (), advanced)
    return field(default=default, metadata={"control": control})


def choice(default: str, options: tuple[str, ...], *, label: str = "", advanced: bool = False) -> Any:
    """One of a few names, as a drop-down list."""
    if default not in options:
        raise ArgumentError(f"choice: {default!r} is not one of {joined(options)}.")
    return field(default=default, metadata={"control": Control("choice", label, options=options, advanced=advanced)})


def toggle(default: bool, *, label: str = "", advanced: bool = False) -> Any:
    """Yes or no, as a check box."""
    return field(default=default, metadata={"control": Control("toggle", label, advanced=advanced)})


def text(default: str, *, letters: str, longest: int, label: str = "", advanced: bool = False) -> Any:
    """A few letters, in a text field.

    Parameters
    ----------
    default : str
    letters : str
        All that can be typed; capitals become small.
    longest : int
        So many letters at most.
    label, advanced
        As for a slider.
    """
    control = Control("text", label, advanced=advanced, letters=letters, longest=longest)
    return field(default=default, metadata={"control": control})


def state(default: Any = dataclasses.MISSING, *, default_factory: Any = dataclasses.MISSING) -> Any:
    """State without a control: moved by the pointer, by keys, by `step()`, or given by the learner."""
    if default_factory is not dataclasses.MISSING:
        return field(default_factory=default_factory)
    return field(default=default)


def action(label: str) -> Callable[[Method], Method]:
    """Make a method `(self) -> Self` a button."""

    def mark(method: Method) -> Method:
        method._action_label = label  # type: ignore[attr-defined]
        return method

    return mark


@dataclass(frozen=True)
class Pointer:
    """What mouse, pen or finger did, in the coordinates of the axes it did it in.

    Attributes
    ----------
    kind : str
        "down", "drag" and "up" (button held), "hover" (not held), "double" (double click).
    axes : str
        The label of the axes (`axes.get_label()`), "" outside of all axes. A drag stays in the axes it began in.
    x, y : float
        Data coordinates; figure fractions from the lower left where `axes` is "".
    shift : bool
        The shift key was held.
    """

    kind: str
    axes: str
    x: float
    y: float
    shift: bool = False


@dataclass(frozen=True)
class Predict:
    """A question that is answered by choosing before anything can be touched.

    Attributes
    ----------
    question : str
    choices : tuple of str
        At least two.
    answer : str
        The choice that comes, told as soon as one is made; "" where the picture alone tells.
    shows : mapping from str to value
        Fields of the widget that a choice brings to these values, where what came is seen only there.
    by_hand : mapping from str to value
        Fields of the widget that the learner brings to these values to see it; a page that nothing runs in shows the
        widget with them.
    steps : int
        After so many steps of Play it is seen; the learner goes them, a page that nothing runs in shows their end.
    """

    question: str
    choices: tuple[str, ...]
    answer: str = ""
    shows: Mapping[str, Any] = field(default_factory=dict, hash=False)
    by_hand: Mapping[str, Any] = field(default_factory=dict, hash=False)
    steps: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.choices, str) or len(self.choices) < 2:
            raise ArgumentError(
                f"Predict: give at least two choices, as in Predict('?', ('a', 'b')), not {self.choices!r}."
            )
        if self.answer and self.answer not in self.choices:
            raise ArgumentError(f"Predict: answer={self.answer!r} is not one of the choices, {joined(self.choices)}.")

    def outcome(self, choice: str) -> str:
        """One line after a choice: what came, and whether it was the bet; "" where there is nothing to tell.

        Examples
        --------
        >>> question = Predict("Does it rise or fall?", ("it rises", "it falls"), answer="it falls")
        >>> question.outcome("it falls")
        'It was your bet that came: it falls.'
        >>> question.outcome("it rises")
        'What came: it falls. Your bet was: it rises. The picture shows why.'
        """
        shows = "Try it, and see why." if self.by_hand else f"{'Play' if self.steps else 'The picture'} shows why."
        if not choice or not self.answer:
            return ""
        if choice == self.answer:
            return f"It was your bet that came: {choice}."
        return f"What came: {self.answer}. Your bet was: {choice}. {shows}"

    def settled(self, widget: Widget, choice: str) -> Widget:
        """The widget as it is once a choice has been made."""
        return widget.replace(prediction=choice, **self.shows)

    def seen(self, widget: Widget) -> Widget:
        """The widget in the state that shows what came, where nobody is there to go to it."""
        after = self.settled(widget, self.answer or self.choices[0]).replace(**self.by_hand)
        for _ in range(self.steps):
            after = after.step()
        return after


@dataclass(frozen=True, eq=False)
class Widget:
    """State of a widget; see the module's first lines for the methods that a subclass writes.

    A subclass is decorated with ``@dataclass(frozen=True, eq=False)``. Its methods change nothing: those that move the
    state return a new one, or `self` where nothing happened (the shell then draws nothing, and Play ends).

    What is below under “What a subclass writes” are methods, as is whatever takes an argument. A value that follows
    from the fields alone and is asked for by name (`hides`, `own`, `shown`, `limits`) is a property.
    """

    title: ClassVar[str] = ""
    size: ClassVar[tuple[float, float]] = (7.2, 3.6)
    """Width and height in inches, 100 pixels each."""
    narrow_size: ClassVar[tuple[float, float] | None] = None
    """The size in a cell of less than 560 pixels; `draw` may lay out by `figure.get_figwidth()`."""
    controls_beside: ClassVar[bool] = False
    """Whether the controls of a tall picture stand beside it where the cell has room, and not above."""
    smallest_scale: ClassVar[float] = 0.8
    """In a cell too narrow for this scale, the picture has a narrower layout and not a smaller text."""
    steps_per_second: ClassVar[float] = 40.0
    """How fast Play goes, at most 40."""
    chooses: ClassVar[Mapping[str, str]] = {}
    """Fields that a learner gives, and the choice that becomes "yours" with each, unless another one is asked for."""

    prediction: str = field(default="", kw_only=True)
    """What was chosen where the widget was shown with a `Predict`, set by the shell."""
    covered: bool = field(default=False, kw_only=True)
    """The widget was shown with a `Predict`: what gives the answer away stays hidden until one is chosen."""
    hurried: bool = field(default=False, kw_only=True, repr=False)
    """The shell draws a frame that may not wait for what takes long, and draws it whole when all has come to rest."""
    begun: bool = field(default=False, kw_only=True, repr=False)
    """This is a later state of another one, whose choices stand."""

    def __post_init__(self) -> None:
        if not self.begun:
            self._choose_what_is_given()
        for name, control in self.controls().items():
            control.check(type(self).__name__, name, getattr(self, name))

    def _choose_what_is_given(self) -> None:
        object.__setattr__(self, "begun", True)
        first = {item.name: item.default for item in dataclasses.fields(self)}
        for given, chosen in self.chooses.items():
            value = getattr(self, given)
            is_given = value is not first[given] and not (isinstance(value, tuple) and value == first[given])
            if is_given and getattr(self, chosen) == first[chosen]:
                object.__setattr__(self, chosen, "yours")

    # What a subclass writes -----------------------------------------------------------------------------------

    def compute(self) -> Any:
        """All numbers that picture, sentence and code tell, from the library's public functions."""
        raise NotImplementedError

    def takes_long(self) -> bool:
        """Whether `compute` takes too long for a frame, such as a training; then it leaves that out where `hurried`."""
        return False

    def background(self) -> Hashable:
        """What the still part of the picture depends on: `draw` runs again when this changes."""
        return ()

    def draw(self, figure: Figure) -> Any:
        """Draw what stands still, and return the artists that move: a record of artists and lists of artists."""
        raise NotImplementedError

    def paint(self, artists: Any, result: Any) -> None:
        """Bring the moving artists to `result`."""
        raise NotImplementedError

    def __str__(self) -> str:
        return printable(repr(self))

    def describe(self, result: Any) -> str:
        """What is seen, in numbers and in few sentences: the picture's text alternative, and what is told aloud."""
        raise NotImplementedError

    def caption(self, result: Any) -> str:
        """What is written under the picture: the same, or less where the picture itself writes the rest."""
        return self.describe(result)

    def code(self) -> str:
        """Plain `dlcourse` code that runs alone and computes the same numbers."""
        raise NotImplementedError

    def code_results(self, result: Any) -> Mapping[str, Any]:
        """The variables that `code()` must leave behind, with their values; a test compares them."""
        raise NotImplementedError

    def step(self) -> Self:
        """The next state, where something evolves."""
        raise NotImplementedError

    def pointer(self, event: Pointer) -> Self:
        """The state after an event of mouse, pen or finger."""
        return self

    def adds(self, event: Pointer) -> bool:
        """Whether a press here puts something new into the data, and takes hold of nothing that is there.

        The click that brings the keyboard to the picture does not do that; dragging from there does.
        """
        return False

    def key(self, key: str) -> Self:
        """The state after a key, named as in browsers: "ArrowLeft", "Delete", "Enter", " ", "a"."""
        return self

    def slider_ends(self) -> Mapping[str, tuple[float, float]]:
        """Ends of sliders that depend on the state, by field, within those of the control."""
        return {}

    def idle_controls(self) -> Collection[str]:
        """Fields whose control, and actions whose button, changes nothing in this state; the view greys them out."""
        return ()

    def absent_controls(self) -> Collection[str]:
        """Fields and actions that mean nothing for what the learner gave; the view leaves their controls out."""
        return ()

    def can_step(self) -> bool:
        """Whether a step changes anything in this state; else the view greys out Play and Step."""
        return True

    # What every widget has ------------------------------------------------------------------------------------

    @property
    def hides(self) -> bool:
        """Whether picture and sentence must still keep the answer to a question to themselves."""
        return self.covered and not self.prediction

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed; a slider's field is brought into its slider's range."""
        controls = self.controls()
        clipped = {name: controls[name].clip(value) if name in controls else value for name, value in changes.items()}
        return dataclasses.replace(self, **clipped)

    @classmethod
    def controls(cls) -> dict[str, Control]:
        """The fields that have a control, in order."""
        return {item.name: item.metadata["control"] for item in dataclasses.fields(cls) if "control" in item.metadata}

    @classmethod
    def actions(cls) -> dict[str, str]:
        """Names of the methods that are buttons, with the text on the button."""
        labels: dict[str, str] = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                label = getattr(value, "_action_label", None)
                if label is not None:
                    labels[name] = label
        return labels

    @classmethod
    def evolves(cls) -> bool:
        """Whether there is a `step()`, and so Play, Pause, Step and Back."""
        return cls.step is not Widget.step

    def show(self, *, predict: Predict | None = None) -> Shell:
        """The live widget, as the last line of a cell.

        Parameters
        ----------
        predict : Predict, optional
            A question with choices above the picture; nothing can be touched until one is chosen, and the answer is
            covered.

        Raises
        ------
        ArgumentError
            If the question shows a field that this widget has not.
        """
        from dlcourse.live.jupyter import Shell

        own = {item.name for item in dataclasses.fields(self)}
        for argument in ("shows", "by_hand") if predict is not None else ():
            for name in getattr(predict, argument):
                if name not in own:
                    raise ArgumentError(
                        f"Predict: {argument} has {name!r}, and {type(self).__name__} has no field of that name."
                    )

        return Shell(self if predict is None else self.replace(covered=True), predict=predict)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.show()._repr_mimebundle_(include, exclude)
