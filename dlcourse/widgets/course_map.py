"""CourseMap: every lesson, its minutes, and what builds on what; of a chosen one, all that it needs."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from dlcourse.errors import counted, joined
from dlcourse.live import style
from dlcourse.live.layout import axes_at, is_narrow
from dlcourse.live.widget import ARROWS, Pointer, Widget, choice
from dlcourse.ways.contents import Lesson, contents
from dlcourse.ways.course_map import BUILDS_ON, COLUMNS, HALF_HIGH, HALF_WIDE, ROWS, after, before, place, ways

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

__all__ = ["ALL", "Artists", "CourseMap", "Route"]

ALL = "none"
LETTERS = {False: 22, True: 14}
"""Letters of a title in one line, in a wide and in a narrow picture."""
PARTED = {
    "Backpropagation": "Back- propagation",
    "Hyperparameters": "Hyper- parameters",
    "Initializations": "Initiali- zations",
    "Regularization": "Regulari- zation",
}
"""Where words that are too long for a narrow box are parted."""


@lru_cache(maxsize=1)
def lessons() -> dict[str, Lesson]:
    """Every lesson on the map, by its number."""
    known = {lesson.number: lesson for lesson in contents()}
    return {number: known[number] for number in BUILDS_ON}


@dataclass(frozen=True)
class Route:
    """What leads to the chosen lesson: the lessons that it needs, those that build on it, and minutes."""

    needed: tuple[str, ...]
    next: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class Artists:
    """A box with three texts for each lesson, and an arrow for each pair, in the order of the tables."""

    arrows: list[Line2D]
    boxes: list[Rectangle]
    numbers: list[Text]
    minutes: list[Text]
    titles: list[Text]


@dataclass(frozen=True, eq=False)
class CourseMap(Widget):
    """The map of the course. An arrow leads from a lesson to one that builds on it.

    Examples
    --------
    >>> CourseMap(lesson="05").compute().needed
    ('00', '02', '04')
    """

    title: ClassVar[str] = "Map of the course"
    size: ClassVar[tuple[float, float]] = (7.2, 7.9)
    narrow_size: ClassVar[tuple[float, float] | None] = (4.5, 10.5)

    lesson: str = choice(ALL, (ALL, *BUILDS_ON), label="lesson to go to")

    def compute(self) -> Route:
        if self.lesson == ALL:
            return Route(needed=(), next=(), minutes=sum(lesson.minutes for lesson in lessons().values()))
        needed = before(self.lesson)
        return Route(needed, after(self.lesson), sum(lessons()[number].minutes for number in needed))

    # Picture

    def draw(self, figure: Figure) -> Artists:
        from matplotlib.patches import Rectangle

        wide, high = figure.get_size_inches()
        narrow = is_narrow(figure)
        axes = axes_at(figure, 0.06, 0.05, wide - 0.12, high - 0.1, "map")
        axes.set(xlim=(-0.58, COLUMNS - 0.54), ylim=(ROWS - 0.67, -0.33))
        axes.axis("off")
        arrows = []
        for way in ways():
            arrows += axes.plot(*way.points.T, marker="v", markersize=4, markevery=[len(way.points) - 1])
        boxes, numbers, minutes, titles = [], [], [], []
        for lesson in lessons().values():
            x, y = place(lesson.number)
            corner = (x - HALF_WIDE, y - HALF_HIGH)
            boxes.append(Rectangle(corner, 2 * HALF_WIDE, 2 * HALF_HIGH, zorder=3))
            axes.add_patch(boxes[-1])
            left, right, above, below = x - HALF_WIDE + 0.03, x + HALF_WIDE - 0.03, y - 0.17, y + 0.09
            time = f"{lesson.minutes} min"
            numbers.append(axes.text(left, above, lesson.number, fontsize=9.5, weight="bold", va="center", zorder=4))
            minutes.append(axes.text(right, above, time, fontsize=8, ha="right", va="center", zorder=4))
            lines = textwrap.fill(self.parted(lesson.title) if narrow else lesson.title, LETTERS[narrow])
            titles.append(axes.text(left, below, lines, fontsize=8, va="center", linespacing=1.05, zorder=4))
        return Artists(arrows, boxes, numbers, minutes, titles)

    @staticmethod
    def parted(title: str) -> str:
        """A title in which a line may end within a long word."""
        return " ".join(PARTED.get(word, word) for word in title.split())

    def paint(self, artists: Artists, result: Route) -> None:
        lit = {*result.needed, self.lesson}
        for arrow, way in zip(artists.arrows, ways(), strict=True):
            there, onwards = way.target in lit, way.source == self.lesson
            name = "BLUE" if there else "ORANGE" if onwards else ""
            arrow.set(color=style.colour(name) if name else style.faint(), linewidth=1.8 if name else 0.9)
            arrow.set_zorder(2 if name else 1)
        for box, number in zip(artists.boxes, lessons(), strict=True):
            box.set(facecolor=self._fill(number, result), edgecolor=self._edge(number, result))
            box.set_linewidth(2.2 if number == self.lesson else 1.0)
        for texts in (artists.numbers, artists.minutes, artists.titles):
            for text in texts:
                text.set_color(style.ink())

    def _fill(self, number: str, result: Route) -> str:
        light, dark = ("#D3E7F5", "#12324A") if number in result.needed else ("#F6F7F8", "#1E2125")
        return dark if style.is_dark() else light

    def _edge(self, number: str, result: Route) -> str:
        if number == self.lesson:
            return style.ink()
        if number in result.needed:
            return style.colour("BLUE")
        return style.colour("ORANGE") if number in result.next else style.faint()

    # Words

    def describe(self, result: Route) -> str:
        if self.lesson == ALL:
            first = joined([number for number, needed in BUILDS_ON.items() if not needed])
            return (
                f"{counted(len(BUILDS_ON), 'lesson')}, about {result.minutes / 60:.0f} hours. An arrow leads from a lesson to one that "
                f"builds on it; {first} need none before them."
            )
        here = lessons()[self.lesson]
        sentence = f"{here.number} · {here.title}, {here.minutes} minutes, "
        if result.needed:
            sentence += f"builds on {joined(BUILDS_ON[self.lesson])}. "
            sentence += f"With all that these need, {counted(len(result.needed), 'lesson')} of {result.minutes} minutes come before it (blue)."
        else:
            sentence += "needs no lesson before it."
        return sentence + (
            f" On it {'build' if len(result.next) > 1 else 'builds'} {joined(result.next)}." if result.next else ""
        )

    def code(self) -> str:
        return (
            "from dlcourse.ways.contents import contents\n"
            "from dlcourse.ways.course_map import BUILDS_ON, before\n\n"
            f"lesson = {self.lesson!r}\n"
            "needed = before(lesson) if lesson in BUILDS_ON else tuple(BUILDS_ON)\n"
            "minutes = sum(one.minutes for one in contents() if one.number in needed)\n"
            "print(len(needed), 'lessons,', minutes, 'minutes:', *needed)\n"
        )

    def code_results(self, result: Route) -> dict[str, Any]:
        return {"minutes": result.minutes}

    # Hand

    def pointer(self, event: Pointer) -> Self:
        """A press on a box chooses its lesson, a press beside all boxes none."""
        if event.kind != "down" or event.axes != "map":
            return self
        for number in BUILDS_ON:
            x, y = place(number)
            if abs(event.x - x) <= HALF_WIDE and abs(event.y - y) <= HALF_HIGH:
                return self._to(number)
        return self._to(ALL)

    def key(self, key: str) -> Self:
        """Right and down go on to the next lesson, left and up to the one before."""
        right, up = ARROWS.get(key, (0, 0))
        every = (ALL, *BUILDS_ON)
        return self._to(every[min(max(every.index(self.lesson) + right - up, 0), len(every) - 1)])

    def _to(self, lesson: str) -> Self:
        return self if lesson == self.lesson else self.replace(lesson=lesson)
