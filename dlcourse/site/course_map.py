"""The map of the course as a page of the site: a grid of links, with the arrows behind it, in any width."""

from __future__ import annotations

import html

from dlcourse.arrays import Array
from dlcourse.ways.contents import Lesson, contents
from dlcourse.ways.course_map import BUILDS_ON, COLUMNS, HALF_HIGH, HALF_WIDE, ROWS, place, ways

__all__ = ["STYLE", "page"]

_BEGINNING = """# Map of the course

Each box is a lesson with the minutes that it takes; an arrow leads from a lesson to one that builds on it. The numbers
follow the slides, and in that order no word is used before it is explained: the [glossary](lessons/glossary.ipynb) says
what each means, and where. Below the map the same is written as a table.
"""
_PARTS = {
    "Backpropagation": "Back|propagation",
    "Convolutional": "Convo|lutional",
    "Hyperparameters": "Hyper|parameters",
    "Initializations": "Initiali|zations",
    "Regularization": "Regulari|zation",
    "representation": "represen|tation",
}
STYLE = f"""
.dlc-map {{ position: relative; display: grid; grid-template-columns: repeat({COLUMNS}, minmax(0, 1fr));
  grid-template-rows: repeat({ROWS}, 6.2rem); max-width: 52rem; margin: 1rem 0; }}
.dlc-map svg {{ position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }}
.dlc-map path {{ fill: none; stroke: var(--pst-color-text-muted); stroke-width: 1.2px; vector-effect: non-scaling-stroke; }}
.dlc-map i {{ position: absolute; width: 0; height: 0; margin: -5px 0 0 -4px; border: 4px solid transparent;
  border-bottom: 0; border-top: 5px solid var(--pst-color-text-muted); }}
.bd-content .dlc-map a {{ position: relative; width: {2 * HALF_WIDE:.0%}; height: {2 * HALF_HIGH:.0%}; place-self: center;
  padding: 0.15rem 0.4rem; border: 1px solid var(--pst-color-text-muted); background: var(--pst-color-surface);
  color: var(--pst-color-text-base); font-size: 0.8rem; line-height: 1.15; text-decoration: none; overflow: hidden; }}
.bd-content .dlc-map a:hover, .bd-content .dlc-map a:focus-visible {{ border: 2px solid var(--pst-color-primary); }}
.dlc-map b {{ font-size: 1rem; }}
.dlc-map small {{ float: right; font-size: 0.75rem; margin-top: 0.15rem; }}
.dlc-map span {{ display: block; }}
@media (max-width: 600px) {{
  .bd-content .dlc-map a {{ padding: 0.1rem 0.15rem; font-size: 0.64rem; }}
  .dlc-map b {{ font-size: 0.75rem; }} .dlc-map small {{ font-size: 0.62rem; margin-top: 0.05rem; }}
}}
"""


def page() -> str:
    """The page as Markdown, with the map as HTML: boxes are links in the order of the course, placed on a grid."""
    lessons = contents()
    boxes = [_box(lesson) for lesson in lessons]
    ends = [_end(*way.points[-1]) for way in ways()]
    paths = "".join(f'<path d="M{_numbers(way.points)}"/>' for way in ways())
    size = f"-0.5 -0.5 {COLUMNS} {ROWS}"
    arrows = f'<svg viewBox="{size}" preserveAspectRatio="none" aria-hidden="true">{paths}</svg>'
    grid = ['<nav class="dlc-map" aria-label="Map of the course">', arrows, *ends, *boxes, "</nav>"]
    files = {lesson.number: lesson.file for lesson in lessons}
    table = ["| Lesson | Minutes | Builds on |", "|---|---|---|", *(_row(lesson, files) for lesson in lessons)]
    return "\n".join([_BEGINNING, *grid, "", "## As a table", "", *table, ""])


def _box(lesson: Lesson) -> str:
    """A lesson as a link. Where a long word may be parted, a soft hyphen stands."""
    column, row = place(lesson.number)
    title = " ".join(_PARTS.get(word, word) for word in lesson.title.split())
    title = html.escape(title).replace("|", "&shy;")
    where = f"grid-column: {column + 1}; grid-row: {row + 1}"
    address = f"lessons/{lesson.file.removesuffix('.ipynb')}.html"
    return (
        f'<a href="{address}" style="{where}"><small>{lesson.minutes} min</small>'
        f"<b>{lesson.number}</b><span>{title}</span></a>"
    )


def _end(x: float, y: float) -> str:
    """The head of an arrow."""
    return f'<i aria-hidden="true" style="left: {(x + 0.5) / COLUMNS:.3%}; top: {(y + 0.5) / ROWS:.3%}"></i>'


def _numbers(points: Array) -> str:
    return " ".join(f"{x:.3f},{y:.3f}" for x, y in points)


def _row(lesson: Lesson, files: dict[str, str]) -> str:
    """A lesson in the table: what it builds on, but for what follows from that."""
    links = ", ".join(f"[{number}](lessons/{files[number]})" for number in BUILDS_ON[lesson.number])
    return f"| [{lesson.number} · {lesson.title}](lessons/{lesson.file}) | {lesson.minutes} | {links or '–'} |"
