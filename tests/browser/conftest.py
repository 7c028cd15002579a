"""One JupyterLab and one Chromium for the whole session."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "live"))  # demo.py
from desk import Desk
from jupyter import Notebook
from lab_server import CHROMIUM_FLAGS, chromium, jupyter_lab

FAILED = pytest.StashKey[bool]()


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
        program = driver.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
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

    def open_it(source, *, name=None, width=1100, height=900, dark=False, ratio=1):
        window = {"width": width, "height": height, "dark": dark}
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
    desk.close(spoiled=request.node.stash.get(FAILED, True))
