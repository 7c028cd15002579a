"""A figure that a cell is about to draw is nobody else's: widgets and Matplotlib side by side, in a real kernel."""

import time
from pathlib import Path

import pytest
from kernel import Notebook

FIRST_FIGURE = """
import asyncio, time
figure, axes = plt.subplots(1, 3)
print("begun", flush=True)
for place in axes:
    WAIT(0.4)
    place.imshow([[0, 1], [1, 0]])
assert plt.get_fignums() == [figure.number], "somebody has closed the figure"
plt.show()
"""


@pytest.fixture
def notebook():
    opened = Notebook()
    opened.run(f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})")
    opened.run("import matplotlib.pyplot as plt\nfrom demo import Wave")
    yield opened
    opened.close()


def pictures(messages):
    return [one for one in messages if "image/png" in one["content"].get("data", {})]


def begun(notebook, run):
    """Wait until the cell has printed something, so that it is at work; what it has sent."""
    messages = []
    while not any(one["msg_type"] == "stream" for one in messages):
        message = notebook.client.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") == run:
            messages.append(message)
    return messages


@pytest.mark.parametrize(("thread", "wait"), [("a subshell", "time.sleep"), ("the main thread", "await asyncio.sleep")])
def test_cells_that_run_again_draw_their_figure_once_while_a_widget_has_messages(notebook, thread, wait):
    """Each message of a widget made Matplotlib show and close what a cell was drawing."""
    subshell = None
    if thread == "a subshell":
        if "kernel subshells" not in notebook.features():
            pytest.skip("this ipykernel has no subshells")
        subshell = notebook.subshell()
    shown = []
    for _ in range(2):
        run = notebook.start(FIRST_FIGURE.replace("WAIT", wait), "the figure")
        messages = begun(notebook, run)
        for model, (view,) in shown:
            for number in range(3, 23):
                notebook.say(model, view, number, subshell, do="events", n=number - 1, events=[{"key": "ArrowRight"}])
                time.sleep(0.02)
        messages += notebook.end(run)
        assert len(pictures(messages)) == 1
        shown = [notebook.show("Wave()", "the widget", subshell=subshell)]
