"""The shell in a real JupyterLab, with the demo widget of tests/live/demo.py."""

import subprocess
import sys

import nbformat
import numpy as np
import pytest
from demo import Wave
from hub import Hub
from jupyter import Notebook, frame_of, repainted, wait_ready
from lab_server import jupyter_lab
from test_lessons import exercise_widget, settled

from dlcourse.live.encoding import encode
from dlcourse.live.jupyter import browser_half
from dlcourse.live.session import Session

pytestmark = pytest.mark.browser

TASKS = (
    "import asyncio\n"
    "print('tasks:', sum('_play' in repr(task) for task in asyncio.all_tasks(asyncio.get_running_loop())))"
)


def output(book, number):
    return (
        book.page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".jp-OutputArea-output").inner_text().strip()
    )


def first_widget(book):
    widget = book.widgets().first
    wait_ready(widget)
    return widget


def test_every_control_works_by_mouse_and_keyboard(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()"])
    book.run_all()
    exercise_widget(book, first_widget(book))
    assert book.errors() == [] and book.dlc_complaints() == []


def test_points_are_dragged_and_keys_move(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()"])
    book.run_all()
    widget = first_widget(book)
    box = widget.locator("canvas").bounding_box()
    mouse = book.page.mouse
    mouse.move(box["x"] + 300, box["y"] + 150)
    mouse.down()
    mouse.move(box["x"] + 340, box["y"] + 180, steps=5)
    mouse.up()
    assert "1 points" in settled(widget)[1]
    widget.locator("canvas").focus()
    book.page.keyboard.press("ArrowRight")
    assert "frequency 1.1" in settled(widget)[1]
    assert widget.locator("input[type=range]").first.input_value() == "1.1"


def test_the_first_click_brings_the_keyboard_and_the_second_one_adds(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()"])
    book.run_all()
    widget = first_widget(book)
    widget.locator("canvas").click(position={"x": 300, "y": 150})
    book.page.keyboard.press("ArrowRight")
    assert "frequency 1.1" in settled(widget)[1] and "0 points" in settled(widget)[1]
    widget.locator("canvas").click(position={"x": 300, "y": 150})
    assert "1 points" in settled(widget)[1]
    widget.get_by_role("button", name="Code", exact=True).focus()
    for _ in range(20):  # by the Tab key, too
        book.page.keyboard.press("Tab")
        if book.page.evaluate("document.activeElement.tagName") == "CANVAS":
            break
    book.page.keyboard.press("ArrowRight")
    assert "frequency 1.2" in settled(widget)[1] and "1 points" in settled(widget)[1]


@pytest.mark.parametrize("name", ["NameWriter", "Unroll"])
def test_what_is_typed_goes_into_the_text_field_and_never_to_jupyter(open_notebook, name):
    book = open_notebook([f"from dlcourse.widgets import {name}\n{name}()", "print('the next cell')"])
    book.run_all()
    widget, cells = first_widget(book), book.page.locator(".jp-Notebook .jp-Cell")
    field = widget.locator("input[type=text]")
    for target in (
        widget.locator(".dlc-sentence"), widget.locator("input[type=range]").first,
        widget.get_by_role("button", name="Reset", exact=True), widget.locator(".dlc-title"),
    ):  # fmt: skip
        target.click()
        settled(widget)
        book.page.keyboard.type("abx")
        assert field.input_value() == "abx" and cells.count() == 2
        assert widget.evaluate("(e) => e.contains(document.activeElement)")
    assert "abx" in settled(widget)[1]
    field.fill("Éa7 d")
    assert field.input_value() == "ad"
    assert "ad" in settled(widget)[1]
    assert book.errors() == [] and book.dlc_complaints() == []


def test_a_letter_after_a_button_reaches_the_picture_and_not_jupyter(open_notebook):
    book = open_notebook(["from dlcourse.widgets import NeuronExplorer\nNeuronExplorer()", "print('the next cell')"])
    book.run_all()
    widget, cells = first_widget(book), book.page.locator(".jp-Notebook .jp-Cell")
    for target in (widget.get_by_role("button", name="Reset", exact=True), widget.locator(".dlc-sentence")):
        target.click()
        settled(widget)
        book.page.keyboard.type("a")
        assert " of 5 " in settled(widget)[1]
        book.page.keyboard.type("bxdd")
        assert cells.count() == 2
        widget.get_by_role("button", name="Reset", exact=True).click()


def test_running_the_cell_again_while_playing_leaves_no_task(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()", TASKS])
    book.run_all()
    widget = first_widget(book)
    widget.get_by_role("button", name="Play", exact=True).click()
    book.page.wait_for_timeout(400)
    book.run_cell(1)
    assert output(book, 1) == "tasks: 1"
    book.run_cell(0)
    book.run_cell(1)
    assert output(book, 1) == "tasks: 0"
    widget = first_widget(book)
    still = settled(widget)
    widget.get_by_role("button", name="Step", exact=True).click()
    assert settled(widget) != still
    assert book.errors() == [] and book.dlc_complaints() == []


def test_what_another_cell_still_shows_keeps_its_picture_until_that_cell_runs(open_notebook):
    connections = "print('connections:', len(get_ipython().kernel.comm_manager.comms))"
    book = open_notebook(["from demo import Wave\nwave = Wave().show()\nwave", "wave", connections])
    book.run_all()
    for number in (0, 1):
        wait_ready(book.widgets().nth(number))
    book.run_cell(2)
    before = output(book, 2)
    book.run_cell(0)
    left = book.widgets().nth(1)
    left.get_by_text("The cell that made this widget has run again").wait_for(timeout=5000)
    assert left.locator("canvas").is_visible() and left.locator("input[type=range]").first.is_disabled()
    book.run_cell(1)
    wait_ready(book.widgets().nth(1))
    widget = book.widgets().nth(1)
    widget.get_by_role("button", name="Step", exact=True).click()
    assert "at time 0.010" in settled(widget)[1]
    for _ in range(20):  # the page says a moment later that the view it has replaced is gone
        book.run_cell(2)
        if output(book, 2) == before:
            break
        book.page.wait_for_timeout(250)
    assert output(book, 2) == before
    assert book.errors() == [] and book.dlc_complaints() == []


def test_playing_goes_on_after_a_busy_cell_and_stops_when_it_is_paused(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()", "import time\ntime.sleep(1.5)", TASKS])
    book.run_cell(0)
    widget = first_widget(book)
    widget.get_by_role("button", name="Play", exact=True).click()
    book.run_cell(1)
    first = frame_of(widget)
    book.page.wait_for_timeout(400)
    assert frame_of(widget) != first
    widget.get_by_role("button", name="Pause", exact=True).click()
    widget.get_by_role("button", name="Play", exact=True).wait_for(timeout=5000)  # how soon: see the benchmark
    settled(widget)
    book.run_cell(2)
    assert output(book, 2) == "tasks: 0"


def test_an_exception_is_seen_in_the_widget_and_goes_away(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()"])
    book.run_all()
    widget = first_widget(book)
    slider = widget.locator("input[type=range]").first
    slider.focus()
    book.page.keyboard.press("End")
    widget.locator(".dlc-error:visible", has_text="planted: the frequency is too high").wait_for(timeout=5000)
    book.page.keyboard.press("Home")
    widget.locator(".dlc-error").wait_for(state="hidden", timeout=5000)


ALONE = """async ({ source, portrait }) => {
    const view = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    window.sent = [];
    const model = { on: (name, handler) => { window.receive = handler; }, off: () => {}, send: (message) => sent.push(message) };
    const place = document.body.appendChild(document.createElement('div'));
    place.style.width = '500px';
    view.default.render({ model, el: place });
    place.style.width = '600px';
    while (!sent.some((message) => message.do === 'look')) await new Promise((done) => setTimeout(done, 20));
    await receive(portrait, []);
}"""


@pytest.fixture
def alone(browser):
    """A view alone in a page, whose messages nobody answers, and the portrait from which it was built."""
    portraits = []
    session = Session(Wave(), lambda message, buffers: portraits.append(message))
    session.handle({"do": "hello", "ratio": 1, "width": 500, "dark": False})
    page = browser.new_page()
    source = browser_half("page.js", "canvas.js")
    page.evaluate(ALONE, {"source": source, "portrait": portraits[0]})
    yield page, portraits[0]
    page.close()


def test_a_control_stands_right_although_the_kernel_has_not_heard_of_the_new_width(alone):
    page, _ = alone
    slider = page.get_by_role("slider", name="frequency")
    assert float(slider.input_value()) == Wave().frequency
    slider.focus()
    page.keyboard.press("ArrowRight")
    sent = page.evaluate("sent.at(-1)")
    assert sent["do"] == "set" and sent["values"] == {"frequency": Wave().frequency + 0.1}


def test_messages_are_numbered_on_from_those_of_another_view(alone):
    page, portrait = alone
    page.evaluate("(status) => receive(status, [])", portrait | {"controls": None, "heard": 7})
    page.get_by_role("slider", name="frequency").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("sent.at(-1)")["n"] == 8


FRAME = """async ({ bytes, frame }) => {
    const canvas = document.querySelector("canvas"), acknowledged = [];
    sent.push = (message) => acknowledged.push(
        [message.do, message.frame, canvas.dataset.frame, [...canvas.getContext("2d").getImageData(1, 1, 1, 1).data]]);
    await receive(
        { frame, css: 4, still: true, sentence: "", caption: "" }, [new DataView(Uint8Array.from(bytes).buffer)]
    ).catch(() => {});
    return acknowledged;
}"""


@pytest.mark.parametrize("forbidden", [False, True])
def test_a_frame_is_acknowledged_when_it_is_painted_also_where_data_addresses_are_forbidden(alone, forbidden):
    page, _ = alone
    if forbidden:
        page.evaluate("document.head.innerHTML = `<meta http-equiv='Content-Security-Policy' content='img-src none'>`")
    colours = [[10, 20, 30, 255], [200, 100, 0, 255]]
    for frame, colour in enumerate(colours, start=1):
        png = encode(np.tile(np.array(colour, np.uint8), (4, 4, 1)))
        assert page.evaluate(FRAME, {"bytes": list(png), "frame": frame}) == [["ack", frame, str(frame), colour]]
    assert page.evaluate(FRAME, {"bytes": [1, 2, 3], "frame": 3}) == [["ack", 3, "2", colours[-1]]]  # no picture at all


@pytest.mark.parametrize(("place", "times"), [("reveal", 1), ("", 0)])
def test_a_slide_is_laid_out_when_its_picture_is_there_and_not_at_the_first_press(alone, place, times):
    page, _ = alone
    page.evaluate(
        "(place) => { document.body.className = place; window.laid = 0; addEventListener('resize', () => laid++) }",
        place,
    )
    png = list(encode(np.zeros((4, 4, 4), np.uint8)))
    for frame in (1, 2):
        page.evaluate(FRAME, {"bytes": png, "frame": frame})
        assert page.evaluate("laid") == times


def test_a_prediction_comes_first(open_notebook):
    book = open_notebook(
        [
            "from demo import Wave\nfrom dlcourse.widgets import Predict\nWave().show(predict=Predict('?', ('up', 'down'), answer='up'))"
        ]
    )
    book.run_all()
    widget = first_widget(book)
    assert widget.locator("input[type=range]").first.is_disabled()
    outcome = widget.locator(".dlc-outcome")
    assert outcome.is_hidden()
    widget.get_by_role("button", name="down").click()
    assert "You said: down." in settled(widget)[1]
    assert outcome.inner_text() == "What came: up. Your bet was: down. The picture shows why."
    assert widget.locator("input[type=range]").first.is_enabled()


def test_after_a_kernel_restart_the_widget_works_again_and_nothing_plays(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()", TASKS])
    book.run_all()
    first_widget(book).get_by_role("button", name="Play", exact=True).click()
    book.menu("Kernel", "Restart Kernel and Run All Cells")
    book.page.locator(".jp-Dialog .jp-mod-accept").click()
    book.wait_idle()
    book.page.wait_for_timeout(1000)
    assert output(book, 1) == "tasks: 0"
    widget = first_widget(book)
    assert widget.get_by_role("button", name="Pause", exact=True).count() == 0
    still = settled(widget)
    widget.get_by_role("button", name="Step", exact=True).click()
    assert settled(widget) != still


def test_a_narrow_dark_page_gets_a_narrow_dark_picture(open_notebook):
    book = open_notebook(["from demo import Wave\nWave()"], width=460, ratio=2)
    book.run_all()
    widget = first_widget(book)
    light = settled(widget)[0]
    book.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert settled(widget)[0] != light
    corner = widget.locator("canvas").evaluate("(c) => [...c.getContext('2d').getImageData(1, 1, 1, 1).data]")
    assert max(corner[:3]) < 40
    shown = widget.locator("canvas").evaluate("(c) => [c.width, c.clientWidth, c.parentElement.clientWidth]")
    assert shown[0] >= 2 * shown[1] - 2 and shown[1] <= shown[2]


@pytest.mark.parametrize(
    ("windowing", "theme"), [("contentVisibility", "JupyterLab Light"), ("full", "JupyterLab Dark")]
)
def test_a_widget_that_was_scrolled_out_of_sight_works_when_it_is_back(tmp_path, browser, windowing, theme):
    """JupyterLab skips the cells out of sight (its default), or takes them out of the page ("full")."""
    cells = [nbformat.v4.new_code_cell("from demo import Wave\nshell = Wave().show()\nshell")]
    cells += [nbformat.v4.new_code_cell("\n".join(f"print({n})" for n in range(60))) for _ in range(12)]
    cells += [nbformat.v4.new_code_cell("print('frequency', shell.state.frequency)")]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(book, tmp_path / "long.ipynb")
    with jupyter_lab(tmp_path, windowing, theme) as address:
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        opened = Notebook(page, address, "long.ipynb")
        opened.run_all()
        scroll = "(y) => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = y; }"
        page.evaluate(scroll, 0)
        widget = first_widget(opened)
        widget.get_by_role("button", name="Play", exact=True).click()
        page.evaluate(scroll, 1e6)
        page.wait_for_timeout(1500)
        page.evaluate(scroll, 0)
        widget = first_widget(opened)
        pause = widget.get_by_role("button", name="Pause", exact=True)
        if pause.count():
            pause.click()
        slider = widget.locator("input[type=range]").first
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert "frequency 1.1" in settled(widget)[1]
        page.evaluate(scroll, 1e6)
        page.wait_for_timeout(500)
        page.evaluate(scroll, 0)
        widget = first_widget(opened)
        assert "frequency 1.1" in settled(widget)[1]
        corner = widget.locator("canvas").evaluate("(c) => [...c.getContext('2d').getImageData(1, 1, 1, 1).data]")
        assert max(corner[:3]) < 40 if theme == "JupyterLab Dark" else min(corner[:3]) == 255
        assert opened.errors() == [] and opened.dlc_complaints() == []
        page.close()


PLACES = {"jupyterlab": "doc/tree", "notebook": "notebooks"}
BAR = "from dlcourse.live.progress import Bar\nBar(3).show(2, 'loss 0.5')"


@pytest.mark.parametrize("application", PLACES)
def test_what_is_saved_shows_its_pictures_when_its_kernel_is_gone(tmp_path, browser, application):
    sources = ("from demo import Wave\nwave = Wave().show()\nwave", BAR)
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), tmp_path / "saved.ipynb")
    with jupyter_lab(tmp_path, application=application) as address:
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        book = Notebook(page, address, "saved.ipynb", place=PLACES[application])
        book.run_all()
        first_widget(book)
        book.save()
        widget = first_widget(book)
        widget.get_by_role("button", name="Step", exact=True).click()  # what is on the page is as live as before
        assert "at time 0.010" in settled(widget)[1]
        stored = nbformat.read(tmp_path / "saved.ipynb", 4)
        kinds = [sorted(cell.outputs[0].data) for cell in stored.cells]
        assert kinds == [["image/png", "text/plain"], ["text/plain"]]
        book.shut_down()
        again = Notebook(page, address, "saved.ipynb", place=PLACES[application])
        assert page.locator(".jp-OutputArea-output img").is_visible()
        assert page.get_by_text("Progress of the training").is_visible()
        assert page.get_by_text("Error displaying widget").count() == 0
        again.run_all()
        first_widget(again)
        assert page.locator(".jp-OutputArea-output img").count() == 0  # the live view stands in its place
        page.close()


@pytest.mark.parametrize("application", PLACES)
def test_a_widget_answers_behind_a_hub_in_lab_and_notebook(tmp_path, browser, application):
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cell = nbformat.v4.new_code_cell("from dlcourse.widgets import NeuronExplorer\nNeuronExplorer()")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), tmp_path / "neuron.ipynb")
    with jupyter_lab(tmp_path, application=application, prefix="/user/somebody") as address, Hub(address) as hub:
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        book = Notebook(page, hub.address, "neuron.ipynb", place=PLACES[application])
        book.run_all()
        widget = first_widget(book)
        before = frame_of(widget)
        slider = widget.locator("input[type=range]").first
        slider.focus()
        page.keyboard.press("ArrowRight")
        repainted(widget, before)
        widget.get_by_role("button", name="Code", exact=True).click()
        widget.locator(".dlc-code", has_text="dl.").wait_for(timeout=20_000)
        assert book.errors() == [] and book.dlc_complaints() == []
        page.close()
        assert [path for path in hub.refused if "favicon" not in path] == []


def test_without_a_kernel_picture_and_sentence_stay(tmp_path, browser):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("from demo import Wave\nWave()")])
    source = tmp_path / "export.ipynb"
    nbformat.write(book, source)
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import ExecutePreprocessor

    folder = str(__import__("pathlib").Path(__file__).parents[1] / "live")
    ExecutePreprocessor(timeout=60).preprocess(book, {"metadata": {"path": folder}})
    for cell in book.cells:
        for item in cell.outputs:
            item["data"].pop("application/vnd.jupyter.widget-view+json", None)
    book.metadata.pop("widgets", None)
    page_file = tmp_path / "export.html"
    page_file.write_text(HTMLExporter(embed_images=False).from_notebook_node(book)[0], encoding="utf-8")
    page = browser.new_page()
    page.goto(page_file.as_uri(), wait_until="domcontentloaded")
    picture = page.locator(".jp-OutputArea-output img")
    width, height = picture.evaluate("(i) => i.decode().then(() => [i.naturalWidth, i.naturalHeight])")
    assert width == 1440 and height > 720  # the sentence is written under the picture
    stored = book.cells[0].outputs[0]
    assert "A sine wave of frequency 1.0" in stored.metadata["image/png"]["alt"]
    assert stored.data["text/plain"].startswith("Wave: A sine wave of frequency 1.0")
    page.close()


def test_the_library_starts_without_jupyter():
    heavy = "import sys, dlcourse, dlcourse.widgets; print([m for m in ('IPython', 'matplotlib', 'ipywidgets') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
