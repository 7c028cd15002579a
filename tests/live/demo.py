"""A tiny widget with everything that the shell has to carry."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from dlcourse.live import style
from dlcourse.live.widget import Pointer, Widget, action, choice, slider, state, toggle


@dataclass(frozen=True)
class WaveResult:
    x: np.ndarray
    y: np.ndarray
    mean: float


@dataclass(frozen=True, eq=False)
class Wave(Widget):
    title: ClassVar[str] = "Wave"
    frequency: float = slider(1.0, 0.1, 5.0, step=0.1, label="frequency")
    damping: float = slider(0.1, 0.001, 10.0, log=True, label="damping", advanced=True)
    cycles: int = slider(3, 1, 9, label="cycles")
    shape: str = choice("sine", ("sine", "square"), label="shape")
    grid: bool = toggle(True, label="grid")
    time: float = state(0.0)
    points: tuple[tuple[float, float], ...] = state(())

    def compute(self) -> WaveResult:
        if self.frequency > 4.95:
            raise ZeroDivisionError("planted: the frequency is too high")
        x = np.linspace(0, self.cycles, 200)
        y = np.sin(2 * np.pi * (self.frequency * x - self.time)) * np.exp(-self.damping * x)
        if self.shape == "square":
            y = np.sign(y)
        return WaveResult(x, y, float(y.mean()))

    def background(self):
        return (self.cycles, self.grid)

    def draw(self, figure):
        axes = figure.add_axes((0.09, 0.16, 0.88, 0.76), label="wave")
        axes.set(xlim=(0, self.cycles), ylim=(-1.1, 1.1), xlabel="time")
        axes.grid(self.grid)
        (line,) = axes.plot([], [], color=style.BLUE)
        (points,) = axes.plot([], [], "o", color=style.VERMILLION)
        label = axes.text(0.02, 0.95, "", transform=axes.transAxes, va="top", color=style.ink())
        return {"line": line, "points": [points], "label": label}

    def paint(self, artists, result):
        artists["line"].set_data(result.x, result.y)
        artists["points"][0].set_data([p[0] for p in self.points], [p[1] for p in self.points])
        artists["label"].set_text(f"mean {result.mean:+.3f}")

    def describe(self, result):
        chosen = f" You said: {self.prediction}." if self.prediction else ""
        return (
            f"A {self.shape} wave of frequency {self.frequency:.1f} at time {self.time:.3f} has mean "
            f"{result.mean:+.3f}; damping {self.damping:.3f}, {self.cycles} cycles, grid {'on' if self.grid else 'off'}, "
            f"{len(self.points)} points.{chosen}"
        )

    def code(self):
        square = "\ny = np.sign(y)" if self.shape == "square" else ""
        return (
            "import numpy as np\n"
            f"x = np.linspace(0, {self.cycles}, 200)\n"
            f"y = np.sin(2 * np.pi * ({self.frequency!r} * x - {self.time!r})) * np.exp(-{self.damping!r} * x){square}\n"
            "mean = float(y.mean())\n"
        )

    def code_results(self, result):
        return {"y": result.y, "mean": result.mean}

    def step(self):
        return self.replace(time=self.time + 0.01)

    def pointer(self, event: Pointer):
        if event.axes != "wave" or event.kind not in ("down", "drag"):
            return self
        kept = self.points if event.kind == "down" else self.points[:-1]
        return self.replace(points=(*kept, (event.x, event.y)))

    def adds(self, event):
        return event.axes == "wave"

    def key(self, key):
        if key == "ArrowRight":
            return self.replace(frequency=round(self.frequency + 0.1, 1))
        if key == "ArrowLeft":
            return self.replace(frequency=round(self.frequency - 0.1, 1))
        return self

    @action("Clear points")
    def clear(self):
        return self.replace(points=())
