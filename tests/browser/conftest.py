"""One JupyterLab and one Chromium for the whole session."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "live"))  # demo.py
from chromium import FLAGS, chromium
from desk import Desk
from jupyter import Notebook
from lab_server import jupyter_lab
from together import pytest_xdist_make_scheduler  # noqa: F401

LESSONS = Path(__file__).parents[2] / "lessons"
FAILED, NEXT = pytest.StashKey[bool](), pytest.StashKey[pytest.Item | None]()


def lesson_of(item) -> str | None:
    """The lesson that a test runs with `run_lesson`: its parameter `lesson`, or else its module's LESSON."""
    if "run_lesson" not in getattr(item, "fixturenames", ()):
        return None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return parameters.get("lesson") or item.module.LESSON


def pytest_collection_modifyitems(items):
    """Tests that run the same lesson come one after another: the first run serves them all."""
    lessons = [lesson_of(item) for item in items]
    first = {lesson: lessons.index(lesson) for lesson in lessons if lesson is not None}
    order = sorted(range(len(items)), key=lambda number: first.get(lessons[number], number))
    items[:] = [items[number] for number in order]


def pytest_runtest_protocol(item, nextitem):
    item.stash[NEXT] = nextitem


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Folder and address of a running JupyterLab."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyter_lab(folder, forked=True) as address:
        yield folder, address


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    path = chromium()
    if path is None:
        pytest.skip("Chromium is missing: the browser tests did not run")
    with playwright.sync_playwright() as driver:
        program = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield program
        program.close()


@pytest.fixture(scope="session")
def desk(lab, browser):
    """The page in which most notebooks are opened."""
    desk = Desk(browser, lab[1])
    yield desk
    desk.leave()


def write(source, folder, name=None) -> str:
    """Write a notebook (a path or a list of cells) into the folder, without outputs; its name."""
    import nbformat

    if isinstance(source, (list, tuple)):
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in source])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        book.metadata["language_info"] = {"name": "python"}
        name = name or f"demo{len(list(folder.glob('*.ipynb')))}.ipynb"
    else:
        book = nbformat.read(source, 4)
        for cell in book.cells:  # only what this run makes should show
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        name = name or source.name
    nbformat.write(book, folder / name)
    return name


@pytest.fixture
def open_notebook(request, lab, browser, desk):
    """A function that writes a notebook (a path or a list of cells) into the folder and opens it."""
    folder, address = lab
    contexts = []

    def open_it(source, *, name=None, width=1100, height=900, dark=False, ratio=1, again=False):
        window = {"width": width, "height": height, "dark": dark}
        if again and desk.holds(source.name):
            return desk.open_again(**window)
        name = write(source, folder, name)
        if ratio == 1:
            return desk.open(name, **window)
        desk.close()  # to close another page's notebook would end its kernel, too
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": height},
                device_scale_factor=ratio,
                color_scheme="dark" if dark else "light",
            )
        )
        return Notebook(contexts[-1].new_page(), address, name)

    yield open_it
    for context in contexts:
        context.close()
    failed, upcoming = request.node.stash.get(FAILED, True), request.node.stash.get(NEXT, None)
    if failed or upcoming is None or lesson_of(upcoming) is None or lesson_of(upcoming) != lesson_of(request.node):
        desk.close(spoiled=failed)


@pytest.fixture
def run_lesson(request, open_notebook):
    """A function that opens this test's lesson and runs it: all of it, or if the test before has just run it, its widgets."""
    lesson = lesson_of(request.node)

    def run_it(*, timeout=120, **window):
        book = open_notebook(LESSONS / f"{lesson}.ipynb", again=True, **window)
        book.run_all(timeout=timeout)
        return book

    return run_it
