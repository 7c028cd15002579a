"""A cell that runs again leaves nothing of its last run behind: every widget, in a real kernel, without a browser."""

import json
import os
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from dlcourse import widgets

CENSUS = """
import gc as _gc, json as _json, psutil as _psutil
_gc.collect(), _gc.collect()
_names = [type(_one).__name__ for _one in _gc.get_objects()]
_alive = {_name: _names.count(_name) for _name in ("View", "Layout", "Shell", "Session", "Picture", "Figure", WIDGET)}
_alive["Widget"] = len(__import__("ipywidgets").widgets.widget._instances)
_alive["Out"], _alive["cells"] = len(Out), len(__import__("dlcourse.live.jupyter").live.jupyter._alive)
print(_json.dumps(_alive | {"MB": _psutil.Process().memory_info().rss / 1e6}))
"""


class Notebook:
    """A kernel, and what JupyterLab would say to it."""

    def __init__(self):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
        self.manager, self.client = start_new_kernel(env=environment)
        self.names = 0

    def ask(self, kind, content, metadata=None):
        message = self.client.session.msg(kind, content, metadata=metadata or {})
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def run(self, code, cell=None):
        """Run a cell; all messages that it sends."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        run = self.ask("execute_request", content, {"cellId": cell} if cell else {})
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") != run:
                continue
            messages.append(message)
            assert message["msg_type"] != "error", "\n".join(message["content"]["traceback"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages

    def show(self, code, cell, views=1):
        """Run a cell that shows a widget, look at it in this many places, and then on a dark page."""
        shown = [
            message for message in self.run(code, cell) if message["msg_type"] in ("execute_result", "display_data")
        ]
        model = shown[-1]["content"]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
        names = []
        for _ in range(views):
            self.names += 1
            names.append(f"view {self.names}")
            self.say(model, names[-1], 1, do="hello", ratio=2, width=720, dark=False)
            self.frame(model)
        self.say(model, names[0], 2, do="look", n=1, ratio=1, width=720, dark=True)
        self.frame(model)
        return model, names

    def say(self, model, view, number, **content):
        data = {"method": "custom", "content": content | {"view": view, "number": number}}
        self.ask("comm_msg", {"comm_id": model, "data": data})

    def frame(self, model):
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            content = message["content"]
            if message["msg_type"] == "comm_msg" and content["comm_id"] == model:
                content = content["data"].get("content", {})
                if "frame" in content:
                    assert not content["error"], content["error"]
                    return

    def is_closed(self, model):
        """Whether the connection is closed, and with it the picture gone from the page."""
        code = f"print({model!r} in get_ipython().kernel.comm_manager.comms)"
        return "False" in str([one["content"] for one in self.run(code) if one["msg_type"] == "stream"])

    def census(self, widget=""):
        messages = self.run(CENSUS.replace("WIDGET", repr(widget)), "census")
        return json.loads("".join(one["content"]["text"] for one in messages if one["msg_type"] == "stream"))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def notebook():
    opened = Notebook()
    opened.run(f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})")
    opened.run("import ipywidgets, dlcourse.live.jupyter\nfrom dlcourse.widgets import *\nfrom demo import Wave")
    yield opened
    opened.close()


def growth(notebook, kind, again, runs, warm=2):
    """What there is more of after this many runs than after two."""
    for _ in range(warm):
        again()
    before = notebook.census(kind)
    for _ in range(runs - warm):
        again()
    after = notebook.census(kind)
    return {name: after[name] - before[name] for name in after}, after


@pytest.mark.parametrize("kind", [kind.__name__ for kind in widgets.ALL])
def test_running_a_cell_again_leaves_nothing_behind(notebook, kind):
    more, after = growth(notebook, kind, lambda: notebook.show(f"{kind}()", "the cell"), 4)
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
    notebook.show("Wave()", "the cell")
    before = notebook.census("Wave")
    for number in range(5):
        model, (view,) = notebook.show("Wave()", f"cell {number}")
        notebook.say(model, view, 3, do="bye")
    after = notebook.census("Wave")
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
