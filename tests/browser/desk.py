"""A page of JupyterLab that stays while notebooks are opened in it and closed again, one after another."""

from jupyter import Notebook
from lab_server import end_kernels

LIMIT = 30
"""So many notebooks, then a new page: whatever JupyterLab may keep of a closed one stays bounded."""

CLEAR = """() => {
    for (const widget of [...window.jupyterapp.shell.widgets('main')]) if (widget.context) widget.dispose()
    const left = document.querySelectorAll('.jp-Notebook, .dlc, .jp-Dialog, .lm-Menu').length
    return left === 0
}"""


class Desk:
    """JupyterLab's own start costs more of a processor than most tests: so it is started once for many of them.

    Each test has its own notebook, its own kernel, and its own list of complaints. A page in which something went wrong is
    thrown away, and whoever comes next gets a new one.
    """

    def __init__(self, browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.page = self.book = None
        self.opened = 0

    def open(self, path: str, *, width: int, height: int, dark: bool) -> Notebook:
        """Open a notebook in a window of this size."""
        self.close()
        if stays := self.page is not None:
            self.opened += 1
        else:
            self.page, self.opened = self.browser.new_context().new_page(), 1
        return self._open(path, stays=stays, width=width, height=height, dark=dark)

    def holds(self, path: str) -> bool:
        """Whether this notebook is open, has run, and had nothing to complain about."""
        return self.book is not None and self.book.path == path and self.book.ran and not self.book.dlc_complaints()

    def open_again(self, *, width: int, height: int, dark: bool) -> Notebook:
        """The notebook that is open, for somebody else, with a list of complaints of its own."""
        self.book.stop_listening()
        self.page.mouse.move(0, 0)
        book = self._open(self.book.path, stays=True, width=width, height=height, dark=dark)
        book.ran = True
        return book

    def _open(self, path: str, *, stays: bool, width: int, height: int, dark: bool) -> Notebook:
        try:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.emulate_media(color_scheme="dark" if dark else "light")
            self.book = Notebook(self.page, self.address, path, stays=stays)
        except BaseException:
            self.leave()
            raise
        return self.book

    def close(self, spoiled: bool = False) -> None:
        """Close the notebook, and end its kernel. What it has spoiled is thrown away."""
        book, self.book = self.book, None
        if book is not None:
            book.stop_listening()
            spoiled = spoiled or bool(book.dlc_complaints())
        if spoiled or self.opened >= LIMIT or not self._clear():
            self.leave()
        end_kernels(self.address)

    def leave(self) -> None:
        """Throw the page away."""
        page, self.page, self.book = self.page, None, None
        if page is not None:
            page.context.close()

    def _clear(self) -> bool:
        """Whether there is a page in which nothing of the notebook is left."""
        if self.page is None:
            return False
        try:
            self.page.mouse.move(0, 0)  # else the next notebook would begin under a hand
            return self.page.evaluate(CLEAR)
        except Exception:  # it does not answer any more
            return False
