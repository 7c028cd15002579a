"""The row of the map of the course."""

from dlcourse.live import style
from dlcourse.ways.contents import contents
from dlcourse.ways.course_map import BUILDS_ON, HALF_HIGH, HALF_WIDE, before, place, ways
from pictures.reading import colour, points, same, words


def course_map(a, shown):
    chosen = shown.state.lesson
    blue, orange, faint = (
        shown.themed(f) for f in (lambda: style.colour("BLUE"), lambda: style.colour("ORANGE"), style.faint)
    )
    needed = before(chosen) if chosen in BUILDS_ON else ()
    pairs = [(source, target) for target, sources in BUILDS_ON.items() for source in sources]
    assert len(a.arrows) == len(pairs)
    drawn = {(way.source, way.target): way.points for way in ways()}
    for arrow, (source, target) in zip(a.arrows, pairs, strict=True):
        way = points(arrow)
        same(way, drawn[source, target])
        (x, y), (next_x, next_y) = place(source), place(target)
        same((way[0, 1], way[-1, 1]), (y + HALF_HIGH, next_y - HALF_HIGH))
        assert abs(way[0, 0] - x) < HALF_WIDE and abs(way[-1, 0] - next_x) < HALF_WIDE
        on_the_way = target == chosen or target in needed
        colour(arrow, blue if on_the_way else orange if source == chosen else faint)
        assert arrow.get_visible()
    for number, lesson in enumerate(contents()):
        x, y = place(lesson.number)
        box = a.boxes[number]
        same(
            (box.get_x(), box.get_y(), box.get_width(), box.get_height()),
            (x - HALF_WIDE, y - HALF_HIGH, 2 * HALF_WIDE, 2 * HALF_HIGH),
        )
        assert box.get_visible() and (box.get_linewidth() > 2) == (lesson.number == chosen)
        same(box.get_edgecolor()[:3], edge(lesson.number, chosen, needed, blue, orange, faint, shown))
        assert words(a.numbers[number]) == lesson.number and words(a.minutes[number]) == f"{lesson.minutes} min"
        assert words(a.titles[number]).replace("-\n", "").replace("\n", " ") == lesson.title
        for text in (a.numbers[number], a.minutes[number], a.titles[number]):
            piece, frame = (one.get_window_extent(shown.renderer).extents for one in (text, box))
            assert (piece[:2] >= frame[:2]).all() and (piece[2:] <= frame[2:]).all(), words(text)


def edge(number, chosen, needed, blue, orange, faint, shown):
    from matplotlib.colors import to_rgb

    if number == chosen:
        return to_rgb(shown.themed(style.ink))
    if number in needed:
        return to_rgb(blue)
    return to_rgb(orange if chosen in BUILDS_ON[number] else faint)


ROWS = {"CourseMap": course_map}
