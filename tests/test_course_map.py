"""The map of the course: its table says what the lessons say of each other, and its arrows can be followed."""

import json
import re

import pytest

from dlcourse import notebooks
from dlcourse.live.widget import Pointer
from dlcourse.ways.contents import contents
from dlcourse.ways.course_map import BUILDS_ON, HALF_HIGH, HALF_WIDE, after, before, place, ways
from dlcourse.widgets import WIDGETS, CourseMap
from tests.reading_time import minutes
from tests.test_glossary import LESSONS, ORDER, lessons_named

HOMES = {path.stem.partition("_")[2]: notebooks.number(path) for path in notebooks.lessons()}
PAIRS = [(source, target) for target, sources in BUILDS_ON.items() for source in sources]


def named_in(number):
    """The lessons that a lesson names, but for the links to the ones before and after it."""
    texts = [text for _, text in LESSONS[number] if not re.match(r"Previous:|Next:", text)]
    return lessons_named("\n\n".join(texts)) - {number}


def imported_in(number):
    """The lessons whose widgets a lesson uses."""
    (path,) = (path for path in notebooks.lessons() if notebooks.number(path) == number)
    code = "\n".join("".join(c["source"]) for c in json.loads(path.read_bytes())["cells"] if c["cell_type"] == "code")
    names = {
        name for line in re.findall(r"from dlcourse\.widgets import (.*)", code) for name in re.findall(r"\w+", line)
    }
    homes = {HOMES.get(WIDGETS[name].split(".")[0]) for name in names & set(WIDGETS)}
    return homes - {None, number}


def test_it_has_every_lesson_in_order_and_arrows_lead_on():
    assert list(BUILDS_ON) == ORDER
    assert all(ORDER.index(source) < ORDER.index(target) for source, target in PAIRS)


@pytest.mark.parametrize("number", ORDER)
def test_what_a_lesson_names_or_imports_of_earlier_ones_lies_on_the_way_to_it(number):
    earlier = {other for other in named_in(number) | imported_in(number) if ORDER.index(other) < ORDER.index(number)}
    assert earlier <= set(before(number)), "add it to BUILDS_ON"


@pytest.mark.parametrize("source, target", PAIRS)
def test_every_arrow_is_in_the_lessons_words_and_is_not_said_by_others(source, target):
    assert source in named_in(target) | imported_in(target) or target in named_in(source)
    assert not any(source in before(other) for other in BUILDS_ON[target] if other != source)


def test_imports_are_read():
    assert imported_in("21") or any(imported_in(number) for number in ORDER)


def test_no_two_lessons_share_a_place_and_no_arrow_goes_through_a_box():
    boxes = {number: place(number) for number in BUILDS_ON}
    assert len(set(boxes.values())) == len(boxes)
    for way in ways():
        assert boxes[way.source][1] < boxes[way.target][1]
        for number, (x, y) in boxes.items():
            inside = (abs(way.points - (x, y)) < (HALF_WIDE - 1e-9, HALF_HIGH - 1e-9)).all(axis=1)
            assert not inside.any(), (way.source, way.target, number)
        for other in ways():
            assert way is other or not (way.points[-1] == other.points[-1]).all(), "two arrows end in one point"


def test_its_minutes_are_those_that_each_lesson_says_and_these_are_measured():
    import nbformat

    for lesson, path in zip(contents(), notebooks.lessons(), strict=True):
        read = minutes(nbformat.read(path, 4))
        assert read <= lesson.minutes <= 1.45 * read and lesson.title and lesson.file == path.name


def test_a_chosen_lesson_shows_what_it_needs():
    route = CourseMap(lesson="16").compute()
    assert {"02", "05", "12b"} <= set(route.needed) and "03" not in route.needed
    assert route.next == after("16") == ("19", "21", "22")
    told = CourseMap(lesson="16").describe(route)
    assert told.startswith("16 · Softmax, 40 minutes, builds on 07b, 12b, 15.") and "On it build 19, 21, 22." in told
    assert "needs no lesson before it" in CourseMap(lesson="10").describe(CourseMap(lesson="10").compute())


def test_a_press_and_the_arrow_keys_choose():
    x, y = place("12")
    clicked = CourseMap().pointer(Pointer("down", "map", x + 0.3, y))
    assert (
        clicked.lesson == "12" and clicked.key("ArrowRight").lesson == "12b" and clicked.key("ArrowUp").lesson == "11"
    )
    assert clicked.pointer(Pointer("down", "map", 2.0, 0.0)).lesson == "none"
    assert CourseMap().key("ArrowLeft").lesson == "none" and CourseMap(lesson="24").key("ArrowDown").lesson == "24"
