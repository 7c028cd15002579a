"""A notebook in a real JupyterLab, in a real browser: run it, look at what is there, move it by hand."""

import contextlib
import time

from lab_server import end_kernels

EVERY = 100
"""So many milliseconds between two looks at a page that takes its time: to look at each frame, it would draw sixty a second."""

OPEN = "(path) => window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' }).then(() => {})"

READY = """() => {
    const indicator = document.querySelector('.jp-Notebook-ExecutionIndicator')
    if (!document.querySelector('.jp-Notebook .jp-Cell') || indicator?.dataset.status !== 'idle') return false
    if (!window.jupyterapp || document.querySelector('.jp-Dialog')) return true
    const session = window.jupyterapp.shell.currentWidget?.sessionContext
    return session?.isReady && session.session?.kernel?.status === 'idle'
}"""


RUN_WIDGETS = """() => {
    const book = window.jupyterapp.shell.currentWidget.content
    book.widgets.forEach((cell, number) => {
        if (!cell.node.querySelector('.dlc')) return
        cell.model.clearExecution()
        book.deselectAll()
        book.activeCellIndex = number
        window.jupyterapp.commands.execute('notebook:run-cell')
    })
}"""


class Notebook:
    """One notebook in a browser page, and what its console complained about.

    With ``stays`` the page shows JupyterLab already, and the notebook is opened in it.
    """

    def __init__(self, page, address: str, path: str, *, place: str = "doc/tree", stays: bool = False) -> None:
        self.page, self.address, self.path = page, address, path
        self.ran = False
        self.complaints: list[str] = []
        self.listeners = {"console": self._console, "pageerror": self._pageerror}
        for event, listener in self.listeners.items():
            page.on(event, listener)
        if stays:
            page.evaluate(OPEN, path)
        else:
            page.goto(f"{address}/{place}/{path}")
        page.wait_for_function(READY, timeout=60_000, polling=EVERY)
        if not page.evaluate("Boolean(window.jupyterapp)"):
            page.wait_for_timeout(700)  # a kernel that is still starting is called idle too

    def _console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _pageerror(self, error) -> None:
        self.complaints.append(str(error))

    def stop_listening(self) -> None:
        """What the page says from now on is no complaint about this notebook."""
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)

    def menu(self, name: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=name, exact=True).click(timeout=5000)
        self.page.locator(".lm-Menu-item", has_text=item).first.click(timeout=5000)

    def run_all(self, timeout: float = 90) -> None:
        """Run all cells and wait until the kernel has done them, or one of them has failed.

        If they have been run for another test, only those that show a widget are run again: then all widgets are new.
        """
        for _ in range(3):
            if self.ran:
                self.page.evaluate(RUN_WIDGETS)
            else:
                self._start("Run All Cells", 0)
            # The first cell may be done, and the kernel idle, before JupyterLab has sent the others.
            what = self.page.wait_for_function(
                """() => {
                    const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputArea-prompt')]
                        .map((e) => e.textContent)
                    const failed = document.querySelector('[data-mime-type="application/vnd.jupyter.error"]')
                    if (failed || prompts.every((text) => /[0-9]/.test(text))) return 'done'
                    return prompts.some((text) => /[0-9*]/.test(text)) ? false : 'lost'
                }""",
                timeout=timeout * 1000,
                polling=EVERY,
            )
            if what.json_value() == "done":
                break  # else a kernel that came late has made JupyterLab forget what it was asked
        self.wait_idle(timeout)
        self.ran = True

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.menu("File", "Save Notebook")
        self.page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')")
        self.page.wait_for_timeout(500)

    def shut_down(self) -> None:
        """Leave the page, and end all kernels of this server."""
        self.page.goto("about:blank")
        end_kernels(self.address)

    def run_cell(self, number: int, timeout: float = 60, wait: bool = True) -> None:
        """Run one code cell, counted from 0."""
        self.page.locator(".jp-Notebook .jp-CodeCell").nth(number).locator(".cm-content").click()
        self._start("Do not Advance", number)
        if wait:
            self.wait_idle(timeout)

    def _start(self, item: str, number: int) -> None:
        """Ask again until the cell's prompt changes: JupyterLab drops what it is asked before the kernel is there."""
        prompt = f"document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')[{number}]?.textContent"
        before = self.page.evaluate(prompt)
        for _ in range(20):
            self.page.keyboard.press("Escape")  # a menu that an earlier attempt has left open
            with contextlib.suppress(Exception):  # a dialog may come at any moment, and takes all clicks
                dialog = self.page.locator(".jp-Dialog .jp-mod-accept")  # "the kernel is not ready", and the like
                if dialog.count():
                    dialog.first.click(timeout=3000)
                    self.page.wait_for_timeout(500)
                self.menu("Run", item)
                self.page.wait_for_function(f"(before) => {prompt} !== before", arg=before, timeout=3000, polling=30)
                return
        raise AssertionError("JupyterLab does not run the cell")

    def wait_idle(self, timeout: float = 60) -> None:
        """Until no cell runs or waits, and every widget stands where its output is."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_function(
            """() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'
            && ![...document.querySelectorAll('.jp-InputArea-prompt')].some((e) => e.textContent.includes('*'))
            && [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.widget-view+json"]')]
                .every((e) => e.querySelector('.dlc, .dlc-review, .widget-hbox'))""",
            timeout=timeout * 1000,
            polling=EVERY,
        )

    def widgets(self):
        return self.page.locator("css:light=.dlc")  # without a look into each element of the page for a shadow tree

    def errors(self) -> list[str]:
        """Error outputs and visible errors in widgets."""
        outputs = self.page.locator(
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], '
            '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]'
        )
        return outputs.all_inner_texts() + self.page.locator(".dlc-error:visible").all_inner_texts()

    def dlc_complaints(self) -> list[str]:
        """What the console said, without JupyterLab's own messages."""
        own = ("favicon", "404", "Failed to load resource", "service worker", "ResizeObserver loop")
        # Of their settings and their notebook's model, where these are asked for before they are there, or after.
        own += ("(reading 'schema')", "(reading 'sharedModel')")
        return [text for text in self.complaints if not any(word.lower() in text.lower() for word in own)]


def opened(open_notebook, source, *, timeout: float = 60, **window):
    """A notebook (a path or a list of cells) that has been run: the book, its page, and its first widget, ready."""
    book = open_notebook(source, **window)
    book.run_all(timeout=timeout)
    widget = book.widgets().first
    wait_ready(widget)
    return book, book.page, widget


def place(widget, across: float, up: float, axes=(0.0, 0.0, 1.0, 1.0)) -> tuple[float, float]:
    """Screen position of a place in a widget's picture, in shares of some axes from their lower left.

    The axes are left, bottom, width and height, in shares of the picture.
    """
    canvas = widget.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box, (left, bottom, width, height) = canvas.bounding_box(), axes
    return box["x"] + (left + width * across) * box["width"], box["y"] + (1 - bottom - height * up) * box["height"]


def pull(page, start, end, steps: int = 5) -> None:
    """Drag with the mouse from one place on the screen to another."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


def answer(widget, choice: str) -> None:
    """Choose an answer to the predict-first question, and wait until the widget can be touched."""
    widget.get_by_role("button", name=choice, exact=True).click()
    unlocked(widget)


def unlocked(widget) -> None:
    """Wait until the widget can be touched, and its picture after the choice is there."""
    widget.page.wait_for_function(
        "(e) => !e.classList.contains('dlc-locked') && e.dataset.unheard === '0'",
        arg=widget.element_handle(),
        polling=30,
    )


def repainted(widget, before: str) -> None:
    """Wait until the picture differs from `before`, which `frame_of` has returned."""
    widget.page.wait_for_function(
        "([c, old]) => c.toDataURL() !== old", arg=[widget.locator("canvas").element_handle(), before], polling=EVERY
    )


def frame_of(widget) -> str:
    """The picture as it is shown: a data URL of its canvas."""
    return widget.locator("canvas").evaluate("(c) => c.toDataURL()")


def wait_ready(widget, timeout: float = 30) -> None:
    """Bring a widget into view and wait until its first frame has been painted."""
    widget.scroll_into_view_if_needed()
    widget.locator("canvas[data-frame]").wait_for(timeout=timeout * 1000)


SAYS = """async (e, [text, wait]) => {
    const told = () => (e.querySelector('.dlc-sentence')?.innerText ?? '').includes(text)
        || (e.querySelector('canvas')?.getAttribute('aria-label') ?? '').includes(text)
    for (const end = Date.now() + wait; !told(); await new Promise((done) => setTimeout(done, 50)))
        if (Date.now() > end) return false
    return true
}"""


def says(widget, text: str, seconds: float = 60) -> None:
    """Wait until the widget says this, in writing or aloud; if it never comes, fail with what there is to know."""
    deadline = time.monotonic() + seconds
    while not widget.evaluate(SAYS, [text, 1000]):  # a second at a time: a cell that runs again has another widget
        if time.monotonic() > deadline:
            raise AssertionError(f"The widget does not say {text!r}. {state_of(widget)}")


def state_of(widget) -> str:
    """What a failed test should tell about a widget: what it shows, what it waits for, who has the keyboard."""
    facts = widget.evaluate(
        """(e) => ({
            sentence: e.querySelector('.dlc-sentence').innerText, note: e.querySelector('.dlc-note').innerText,
            unheard: e.dataset.unheard, playing: e.dataset.playing, classes: e.className,
            frame: e.querySelector('canvas').dataset.frame, still: e.querySelector('canvas').dataset.still,
            controls: [...e.querySelectorAll('input, select')].map((i) => [i.ariaLabel, i.value, i.disabled]),
            focus: document.activeElement.outerHTML.slice(0, 200),
        })"""
    )
    return "\n".join(f"{name}: {value}" for name, value in facts.items())
