"""One JupyterLab and one Chromium for the whole session."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "live"))  # demo.py
from jupyter import CHROMIUM_FLAGS, Notebook, chromium, jupyter_lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Folder and address of a running JupyterLab."""
    folder = tmp_path_factory.mktemp("lab")
    with jupyter_lab(folder) as address:
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


@pytest.fixture
def open_notebook(lab, browser):
    """A function that writes a notebook (a path or a list of cells) into the folder and opens it."""
    folder, address = lab
    contexts, books = [], []

    def open_it(source, *, name=None, width=1100, height=900, dark=False, ratio=1, at=None):
        import nbformat

        if isinstance(source, (list, tuple)):
            book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in source])
            book.metadata["kernelspec"] = {
                "name": "python3",
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
            }
            book.metadata["language_info"] = {"name": "python"}
            name = name or f"demo{len(list(folder.glob('*.ipynb')))}.ipynb"
            nbformat.write(book, folder / name)
        else:
            name = name or source.name
            book = nbformat.read(source, 4)
            for cell in book.cells:  # only what this run makes should show
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            nbformat.write(book, folder / name)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        books.append(Notebook(context.new_page(), at or address, name))
        return books[-1]

    yield open_it
    if books:
        books[0].shut_down()  # 150 kernels that nobody needs any more would fill the memory
    for context in contexts:
        context.close()
