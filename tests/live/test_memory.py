"""A cell that runs again leaves nothing of its last run behind: every widget, in a real kernel, without a browser."""

import json
from pathlib import Path

import pytest
from kernel import Notebook

from dlcourse import widgets

# What is alive before the cell runs is set aside: the collector goes through all that was loaded no further time.
BEGIN = "import gc as _gc, json as _json, psutil as _psutil\n_gc.collect()\n_gc.freeze()"
CENSUS = """
_gc.collect(), _gc.collect()
_names = [type(_one).__name__ for _one in _gc.get_objects()]
_alive = {_name: _names.count(_name) for _name in ("View", "Layout", "Shell", "Session", "Picture", "Figure", WIDGET)}
_alive["Widget"] = len(__import__("ipywidgets").widgets.widget._instances)
_alive["Out"], _alive["cells"] = len(Out), len(__import__("dlcourse.live.jupyter").live.jupyter._alive)
print(_json.dumps(_alive | {"MB": _psutil.Process().memory_info().rss / 1e6}))
"""


def census(notebook, widget=""):
    messages = notebook.run(CENSUS.replace("WIDGET", repr(widget)), "census")
    return json.loads("".join(one["content"]["text"] for one in messages if one["msg_type"] == "stream"))


@pytest.fixture(scope="module")
def notebook():
    opened = Notebook()
    opened.run(f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})")
    opened.run("import ipywidgets, dlcourse.live.jupyter\nfrom dlcourse.widgets import *\nfrom demo import Wave")
    yield opened
    opened.close()


def growth(notebook, kind, again, runs, warm=2):
    """What there is more of after this many runs than after the first, or the first two."""
    notebook.run(BEGIN, "the cell")
    for _ in range(warm):
        again()
    before = census(notebook, kind)
    for _ in range(runs - warm):
        again()
    after = census(notebook, kind)
    return {name: after[name] - before[name] for name in after}, after


@pytest.mark.parametrize("kind", [kind.__name__ for kind in widgets.ALL])
def test_running_a_cell_again_leaves_nothing_behind(notebook, kind):
    again = lambda: notebook.show(f"{kind}()", "the cell")  # noqa: E731
    more, after = growth(notebook, kind, again, 2, warm=1)
    if more["MB"] >= 10:  # once, the system may hand out more than is used; what a run leaves, the next two leave, too
        more, after = growth(notebook, kind, again, 3, warm=1)
    assert more.pop("MB") < 10
    assert not any(more.values()), more
    assert after["Shell"] == after["Out"] == 1 and after["Picture"] <= 2, after


def test_forty_runs_need_no_more_memory_than_two(notebook):
    more, _ = growth(notebook, "Broadcast", lambda: notebook.show("Broadcast()", "the cell"), 40)
    assert more.pop("MB") < 20
    assert not any(more.values()), more


def test_a_widget_that_is_shown_twice_is_closed_with_its_cell(notebook):
    code = "wave = Wave().show()\ndisplay(wave)\nwave"
    more, after = growth(notebook, "Wave", lambda: notebook.show(code, "the cell", views=2), 6)
    assert more.pop("MB") < 10
    assert not any(more.values()), more
    assert after["Shell"] == after["Out"] == 1


def test_front_ends_that_do_not_name_their_cells_are_known_by_the_text_of_the_cell(notebook):
    more, _ = growth(notebook, "Wave", lambda: notebook.show("Wave(cycles=2)", None), 6)
    assert more.pop("MB") < 10
    assert not any(more.values()), more


def test_a_cell_that_is_deleted_takes_its_pictures_along(notebook):
    notebook.run(BEGIN, "the cell")
    notebook.show("Wave()", "the cell")
    before = census(notebook, "Wave")
    for number in range(5):
        model, (view,) = notebook.show("Wave()", f"cell {number}")
        notebook.say(model, view, 3, do="bye")
    after = census(notebook, "Wave")
    assert after["Picture"] == before["Picture"] and after["Figure"] == before["Figure"]
    notebook.say(model, "back again", 1, do="hello", ratio=1, width=720, dark=False)  # the deletion was undone
    notebook.frame(model)


def test_what_is_still_on_the_page_keeps_its_picture_until_it_goes_itself(notebook):
    model, (first, second) = notebook.show("wave = Wave().show()\nwave", "the cell", views=2)
    told = [one["content"] for one in notebook.run("wave = Wave().show()\nwave", "the cell")]
    mine = [one["data"]["content"] for one in told if one.get("comm_id") == model and "data" in one and one["data"]]
    assert mine == [{"over": True}]
    for number, view in ((3, first), (3, second)):
        assert not notebook.is_closed(model)
        notebook.say(model, view, number, do="bye")
    assert notebook.is_closed(model)


def test_a_farewell_that_comes_while_the_cell_runs_is_heard(notebook):
    code = "wave = Wave().show()\nwave"
    model, (first, second) = notebook.show(code, "the cell", views=2)
    data = {"method": "custom", "content": {"do": "bye", "view": first, "number": 3}}
    farewell = {"content": {"comm_id": model, "data": data}, "buffers": []}
    notebook.run(f"get_ipython().kernel.comm_manager.comm_msg(None, None, {farewell})\n{code}", "the cell")
    assert not notebook.is_closed(model)
    notebook.say(model, second, 3, do="bye")
    assert notebook.is_closed(model)
