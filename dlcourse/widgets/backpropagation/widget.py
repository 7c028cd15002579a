"""Blame, the widget of lesson 05: who must move, and by how much, for the loss to go down?

An expression or a learner's own tensor is drawn as the graph that the engine remembers. The blame travels back from the
loss; each node says its share in the words of the slide, and a nudge tests whether the promise is kept. The graph is made
in backpropagation_graph.py, and expressions are read in backpropagation_reader.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from dlcourse.errors import ArgumentError, DataError, WrongTypeError, joined
from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, slider, state
from dlcourse.tensor import Tensor
from dlcourse.widgets.backpropagation.graph import Graph, collect, frozen, graph_of, pretty
from dlcourse.widgets.backpropagation.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Hashable

    from matplotlib.figure import Figure

__all__ = ["Blame"]

NEURON = "p = tanh(w1*x1 + w2*x2 + b); loss = (t - p)**2"
VALUES = (("w1", 0.3), ("w2", 0.4), ("b", 0.0), ("x1", 0.56), ("x2", -0.42), ("t", 1.0))


def _number(x: float) -> str:
    """Two decimals, or two digits of what is smaller."""
    size = abs(x)
    return (
        f"{x:.2f}".rstrip("0").rstrip(".").replace("-", "−")
        if 0.0451 <= size < 1e5 or x == 0
        else f"{x:.2g}".replace("-", "−")
    )


def _three(x: float) -> str:
    return f"{x:.3g}".replace("-", "−")


def _must(name: str, change: float) -> str:
    return f"{name} must go {'up' if change > 0 else 'down'} by {_number(abs(change))}"


def _by(name: str, change: float) -> str:
    return f"For {name} to go {'up' if change > 0 else 'down'} by {_number(abs(change))}"


@dataclass(frozen=True, eq=False)
class BlameResult:
    """What the picture and the sentence tell."""

    graph: Graph
    before: tuple[np.ndarray, ...]
    after: tuple[np.ndarray, ...]
    changes: tuple[float | None, ...]
    """What each node must do alone for the loss to go down by the amount; None without a slope, or with one that is 0 or infinite."""
    promised: float
    real: float
    """Change of the loss (negative is down) that the nudged nodes promise together, and what it really does."""


@dataclass(frozen=True, eq=False)
class Blame(Widget):
    """A computation as a graph, and the blame of every node for the loss.

    Parameters
    ----------
    amount : float
        How much the loss shall go down.
    expression : str
        Steps such as ``"p = tanh(w*x + b); loss = (t - p)**2"``; the last is the loss.
    values : mapping of str to float
        A number for each name. Names that begin with x, t or y are data, all others weights.
    data : tuple of str, optional
        The names that are data, instead.

    Examples
    --------
    >>> blame = Blame(expression="(3*w)**2", values={"w": 1.0}).choose("w")
    >>> blame.describe(blame.compute())
    'For the loss to go down by 0.1, w must go down by 0.0056. (Its slope is 18.)'
    """

    title: ClassVar[str] = "Blame"
    size: ClassVar[tuple[float, float]] = (7.2, 3.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (3.6, 6.6)
    steps_per_second: ClassVar[float] = 1.5

    amount: float = slider(0.1, 0.01, 1.0, step=0.01, label="loss down by")
    expression: str = state(NEURON)
    values: Any = state(VALUES)
    data: tuple[str, ...] | None = state(None)
    selected: int = state(-1)
    revealed: int = state(0)
    nudged: tuple[int, ...] = state(())
    graph: Any = state(None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.graph is None:
            try:
                values = {str(name): float(value) for name, value in dict(self.values).items()}
            except (TypeError, ValueError):
                raise WrongTypeError(
                    f"Blame: values should map names to numbers, as in {{'w': 1.0}}, not {self.values!r}."
                ) from None
            reader = Reader(values, self.data)
            loss = reader.read(self.expression)
            object.__setattr__(self, "graph", graph_of(loss, reader.code, reader.lines))
        values_of = [node.tensor.data for node in self.graph.nodes]
        if not all(np.isfinite(value).all() for value in values_of):
            raise DataError(
                "Blame: a value of this graph is not finite (a logarithm or root of a negative number, a division by zero?)."
            )

    @classmethod
    def of(cls, loss: Tensor, *, amount: float = 0.1, names: Mapping[str, Tensor] | None = None) -> Blame:
        """The graph of a tensor of your own; nothing of it is changed, not even its gradients.

        Parameters
        ----------
        loss : Tensor, shape ()
            Computed from tensors with ``requires_grad=True``.
        amount : float
            How much it shall go down.
        names : mapping of str to Tensor, optional
            Names for the picture, such as ``model.named_parameters()``.
        """
        if not isinstance(loss, Tensor):
            raise WrongTypeError(f"Blame.of: give the loss, a dl.Tensor, not {type(loss).__name__}.")
        tensors = collect(loss)
        known = {id(tensor): name for name, tensor in (names or {}).items()}
        before = [tensor.name for tensor in tensors]
        for number, tensor in enumerate(tensors):
            fallback = (
                "loss"
                if tensor is loss
                else f"w{number}"
                if not tensor.parents and tensor.requires_grad
                else tensor.name
            )
            tensor.name = known.get(id(tensor), tensor.name or fallback)
        try:
            graph = frozen(graph_of(loss, {}, []))
        finally:
            for tensor, name in zip(tensors, before, strict=True):
                tensor.name = name
        return cls(amount=amount, graph=graph, expression="", values=())

    # Moves

    @property
    def order(self) -> list[int]:
        """The nodes that have a slope, in the order in which the blame reaches them."""
        return [n for n in range(len(self.graph.nodes) - 1, -1, -1) if self.graph.slopes[n] is not None]

    def choose(self, name: str | int) -> Self:
        """Select a node by name or number; the blame walks as far as that node."""
        if isinstance(name, str):
            found = [n for n, node in enumerate(self.graph.nodes) if name in (node.name, node.variable)]
            if not found:
                names = [node.name for node in self.graph.nodes if node.name]
                raise ArgumentError(f"Blame: there is no node {name!r}. Named are {joined(names)}.")
            name = found[-1]
        reached = self.order.index(name) + 1 if name in self.order else 0
        return self.replace(selected=name, revealed=max(self.revealed, reached))

    def can_step(self) -> bool:
        """Whether the blame has not arrived everywhere."""
        return self.revealed < len(self.order)

    def step(self) -> Self:
        """The blame arrives at the next node."""
        if not self.can_step():
            return self
        return self.replace(selected=self.order[self.revealed], revealed=self.revealed + 1)

    @action("Nudge it")
    def nudge(self) -> Self:
        """Change the selected node as it promised to, and compute everything again."""
        changed = self.selected >= 0 and self.graph.moves(self.selected)
        if (
            not changed
            or self.selected in self.nudged
            or not self.graph.replays
            or self.selected == len(self.graph.nodes) - 1
        ):
            return self
        return self.replace(nudged=(*self.nudged, self.selected))

    @action("Nudge all weights")
    def nudge_all(self) -> Self:
        """Change every weight, each by its full promise."""
        if not self.graph.replays:
            return self
        weights = tuple(n for n, node in enumerate(self.graph.nodes) if node.kind == "weight" and self.graph.moves(n))
        return self.replace(nudged=weights, revealed=len(self.order)) if weights else self

    @action("Take nudges back")
    def restore(self) -> Self:
        """All values as they were."""
        return self.replace(nudged=()) if self.nudged else self

    def pointer(self, event: Pointer) -> Self:
        if event.kind != "down" or event.axes not in ("wide", "narrow"):
            return self
        best, distance = -1, 0.5
        for number, (x, y) in _places(self.graph, event.axes).items():
            away = float(np.hypot(x - event.x, (y - event.y)))
            if away < distance:
                best, distance = number, away
        return self.choose(best) if best >= 0 else self

    def key(self, key: str) -> Self:
        shown = [n for n, node in enumerate(self.graph.nodes) if node.kind != "constant"]
        if key in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown"):
            by = -1 if key in ("ArrowLeft", "ArrowUp") else 1
            start = shown.index(self.selected) if self.selected in shown else (0 if by < 0 else -1)
            return self.choose(shown[(start + by) % len(shown)])
        if key in ("Enter", "n"):
            return self.nudge()
        return self.restore() if key in ("Delete", "Backspace") else self

    # Numbers

    def compute(self) -> BlameResult:
        graph = self.graph
        slopes = [graph.slope(n) if graph.moves(n) else None for n in range(len(graph.nodes))]
        with np.errstate(over="ignore"):
            changes = tuple(None if slope is None else -self.amount / slope for slope in slopes)
        before = tuple(np.array(node.tensor.data) for node in graph.nodes)
        offsets = {n: change for n in self.nudged if (change := changes[n]) is not None}
        after = tuple(graph.forward(offsets)) if offsets else before
        real = float(after[-1].reshape(())) - float(before[-1].reshape(()))
        return BlameResult(graph, before, after, changes, -self.amount * len(offsets), real)

    # Words

    def describe(self, result: BlameResult) -> str:
        return " ".join(part for part in (self._who(result), self._kept(result)) if part)

    def _name(self, number: int) -> str:
        node = self.graph.nodes[number]
        if number == len(self.graph.nodes) - 1:
            return "the loss"
        name = pretty(node.name) or f"the node “{node.label}”"
        entry = self.graph.entry(number)
        return f"{name}[{', '.join(map(str, entry))}]" if entry else name

    def _who(self, result: BlameResult) -> str:
        graph, number = result.graph, self.selected
        loss, amount = float(result.before[-1].reshape(())), _number(self.amount)
        if number < 0:
            return (
                f"The loss is {_three(loss)}. For the loss to go down by {amount}, who must move, and by how much? "
                "Step sends the blame back, one node at a time; or choose a node."
            )
        if number == len(graph.nodes) - 1:
            return f"The blame starts here: for the loss to go down by {amount}, it must go down by {amount}. Its slope for itself is 1."
        name, node, slope = self._name(number), graph.nodes[number], graph.slope(number)
        if slope is None:
            return (
                f"{name} is data, not a weight: it came with the example, and nobody may change it. "
                "Blame is not even computed for it."
            )
        if slope == 0:
            return f"{name} has slope 0: however little it moves, up or down, the loss stays {_three(loss)}. It gets no blame, and learns nothing here."
        if not np.isfinite(slope):
            return f"{name} has no finite slope here: how far it must move for the loss to go down by {amount}, no slope can say."
        change = result.changes[number]
        assert change is not None
        path = [n for n in graph.through(number)[-2:] if result.changes[n] is not None]
        sentences, previous = [], f"For the loss to go down by {amount}"
        for gate in [*path, number]:
            sentences.append(f"{previous}, {_must(self._name(gate), result.changes[gate] or 0.0)}.")
            previous = _by(self._name(gate), result.changes[gate] or 0.0)
        tail = f"(Its slope is {_three(slope)}.)"
        many = node.tensor.size
        if many > 1:
            tail = f"It is the one of {many} entries with the largest slope, {_three(slope)}."
        return " ".join([*sentences, tail])

    def _kept(self, result: BlameResult) -> str:
        if not self.graph.replays and self.selected >= 0:
            return "An operation here has settings that the graph does not keep, so this promise cannot be tested by a nudge."
        if not self.nudged:
            return ""
        went = "down" if result.real <= 0 else "up"
        real = f"The loss went {went} by {_three(abs(result.real))}, to {_three(float(result.after[-1].reshape(())))}."
        if not np.isfinite(result.real):
            real = "The loss is no number any more."
        if len(self.nudged) == 1:
            return f"Nudged: {self._name(self.nudged[0])}. Promised: {_three(-result.promised)} less. {real}"
        return (
            f"Nudged: {len(self.nudged)} nodes, each by its full promise of {_number(self.amount)}, "
            f"{_three(-result.promised)} together. {real}"
        )

    # Code

    def code(self) -> str:
        graph = self.graph
        if not graph.lines:
            return (
                "# loss is your own tensor\nloss.backward(keep_inner=True)      # .grad of every node: its slope\n"
                f"amount = {self.amount!r}\nfor tensor in loss.parents:\n    if tensor.grad is not None:\n"
                "        print(tensor.op or tensor.name, -amount / tensor.grad)   # what it must do, alone"
            )
        lines = ["import numpy as np", "import dlcourse as dl", "", "def forward(**nudge):"]
        lines += [f"    {line}" for line in graph.lines] + ["    return locals()", ""]
        lines += [
            "graph = forward()",
            f"loss = graph[{graph.nodes[-1].variable!r}]",
            "loss.backward(keep_inner=True)",
            f"amount = {self.amount!r}",
        ]
        if self.selected >= 0 and graph.moves(self.selected):
            lines.append(f"change = -amount / graph[{graph.nodes[self.selected].variable!r}].grad")
        if self.nudged:
            moved = ", ".join(
                f"{v}=-amount / graph[{v!r}].grad" for v in (graph.nodes[n].variable for n in self.nudged)
            )
            lines.append(f"after = forward({moved})[{graph.nodes[-1].variable!r}]")
        return "\n".join(lines) + "\n"

    def code_results(self, result: BlameResult) -> dict[str, Any]:
        found: dict[str, Any] = {"loss": result.before[-1]}
        if self.selected >= 0 and result.graph.moves(self.selected):
            found["change"] = result.changes[self.selected]
        if self.nudged:
            found["after"] = result.after[-1]
        return found

    # Picture

    def background(self) -> Hashable:
        return id(self.graph)

    def draw(self, figure: Figure) -> dict[str, Any]:
        width, height = figure.get_size_inches()
        kind = "narrow" if width < 5.6 else "wide"
        axes = figure.add_axes((0, 0, 1, 1), label=kind)
        axes.set(xlim=(0, _EXTENT[kind][0]), ylim=(0, _EXTENT[kind][1]))
        axes.axis("off")
        places = _places(self.graph, kind)
        for number, node in enumerate(self.graph.nodes):
            for parent in node.parents:
                if parent in places and number in places:
                    (xa, ya), (xb, yb) = places[parent], places[number]
                    axes.plot([xa, xb], [ya, yb], color=style.faint(), lw=1.0, alpha=0.6, zorder=1)
        artists: dict[str, Any] = {"value": [], "blame": [], "ring": []}
        for number, (x, y) in places.items():
            node = self.graph.nodes[number]
            edge = {"weight": style.colour("ORANGE"), "data": style.faint()}.get(node.kind, style.colour("BLUE"))
            axes.plot([x], [y], "o", ms=29, mfc=style.paper(), mec=edge, mew=1.6, ls="", zorder=2)
            big = style.colour("VERMILLION") if number == len(self.graph.nodes) - 1 else style.ink()
            axes.text(x, y + 0.25, node.label, ha="center", va="bottom", fontsize=9, color=big, zorder=5,
                      bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 0.3, "alpha": 0.85})  # fmt: skip
            artists["value"].append(axes.text(x, y, "", ha="center", va="center", fontsize=7.5, zorder=6))
            artists["blame"].append(axes.text(x, y - 0.245, "", ha="center", va="top", fontsize=8.5, zorder=6, fontweight="bold",
                                              bbox={"facecolor": style.paper(), "edgecolor": "none", "pad": 0.4, "alpha": 0.85}))  # fmt: skip
            artists["ring"] += axes.plot([x], [y], "o", ms=35, mfc="none", mec=style.ink(), mew=1.6, ls="", zorder=3)
        artists["wish"] = axes.text(0.15, 0.44, "", fontsize=9.5, va="center")
        artists["promise"] = axes.text(0.15, 0.17, "", fontsize=9.5, va="center")
        return artists

    def paint(self, artists: dict[str, Any], result: BlameResult) -> None:
        graph, reached = result.graph, set(self.order[: self.revealed])
        shown = [n for n, node in enumerate(graph.nodes) if node.kind != "constant"]
        for number, value, blame, ring in zip(shown, artists["value"], artists["blame"], artists["ring"], strict=True):
            moved = not np.array_equal(result.after[number], result.before[number])
            value.set_text(_inside(result.after[number]))
            value.set_color(style.colour("GREEN") if moved else style.ink())
            value.set_fontweight("bold" if moved else "normal")
            change = result.changes[number]
            text = ""
            if number in reached:
                text = "0" if change is None else f"{'▲' if change > 0 else '▼'} {_number(abs(change))}"
            blame.set_text(text)
            colour = (
                style.faint() if change is None else style.colour("BLUE") if change > 0 else style.colour("VERMILLION")
            )
            blame.set_color(colour)
            ring.set_visible(number == self.selected)
        artists["wish"].set_text(
            f"The loss, {_three(float(result.before[-1].reshape(())))}, must go down by {_number(self.amount)}."
        )
        real = ""
        if self.nudged:
            real = f"Promised {_three(result.promised)},  real {_three(result.real)}."
        artists["promise"].set_text(real)
        artists["promise"].set_color(style.colour("GREEN"))


_EXTENT = {"wide": (7.2, 3.9), "narrow": (3.6, 6.6)}


def _places(graph: Graph, kind: str) -> dict[int, tuple[float, float]]:
    """Where each node is drawn, in inches: forwards is to the right, in a narrow cell downwards."""
    width, height = _EXTENT[kind]
    found = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "constant":
            continue
        along, across = node.place
        if kind == "wide":
            found[number] = (0.4 + along * (width - 0.85), 1.0 + across * (height - 1.55))
        else:
            found[number] = (0.35 + (1 - across) * (width - 0.7), height - 0.5 - along * (height - 1.6))
    return found


def _inside(value: np.ndarray) -> str:
    """What stands in a node: the number, or the shape."""
    return _three(float(value.reshape(()))) if value.size == 1 else "×".join(map(str, value.shape))
