"""A real JupyterLab and a real browser: start, open a notebook, run it, look at what is there."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from dlcourse.cli.lab import CONNECTION

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """Where Chromium is, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyter_lab(
    folder: Path,
    windowing: str = "none",
    theme: str = "JupyterLab Light",
    application: str = "jupyterlab",
    prefix: str = "",
):
    """JupyterLab, or another application of Jupyter's, on 127.0.0.1 with its own settings; yields its address, and ends it by its process id.

    With ``windowing="none"`` all cells are in the page, also those out of sight. With a prefix such as "/user/somebody" all
    its addresses begin with it, as a hub has it.
    """
    port = free_port()
    private = folder / ".jupyter-private"
    settings = private / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    (settings / "themes.jupyterlab-settings").write_text(f'{{"theme": "{theme}"}}')
    tracker = private / "settings" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True, exist_ok=True)
    (tracker / "tracker.jupyterlab-settings").write_text(f'{{"windowingMode": "{windowing}"}}')
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        "IPYTHONDIR": str(private / "ipython"),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1] / "live"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [
        sys.executable, "-m", application, "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
        f"--ServerApp.root_dir={folder}", f"--ServerApp.base_url={prefix}/", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly", f"--ServerApp.kernel_websocket_connection_class={CONNECTION}",
    ]  # fmt: skip
    with (folder / "jupyterlab.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}{prefix}"
            _wait_for(address + "/api", server)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab ended before it answered"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer in 60 s")


class Notebook:
    """One notebook in a browser page, and what its console complained about."""

    def __init__(self, page, address: str, path: str, *, place: str = "doc/tree") -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{address}/{place}/{path}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(
            "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'", timeout=60_000
        )
        page.wait_for_timeout(700)  # a kernel that is still starting is called idle too

    def menu(self, name: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=name, exact=True).click(timeout=5000)
        self.page.locator(".lm-Menu-item", has_text=item).first.click(timeout=5000)

    def run_all(self, timeout: float = 90) -> None:
        """Run all cells and wait until the kernel has done them, or one of them has failed."""
        for _ in range(3):
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
            )
            if what.json_value() == "done":
                break  # else a kernel that came late has made JupyterLab forget what it was asked
        self.wait_idle(timeout)

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.menu("File", "Save Notebook")
        self.page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')")
        self.page.wait_for_timeout(500)

    def shut_down(self) -> None:
        """Leave the page, and end all kernels of this server."""
        kernels = f"{self.address}/api/kernels"
        self.page.goto("about:blank")
        with urllib.request.urlopen(kernels, timeout=20) as answer:
            ids = [kernel["id"] for kernel in json.load(answer)]
        for kernel in ids:
            urllib.request.urlopen(urllib.request.Request(f"{kernels}/{kernel}", method="DELETE"), timeout=20).close()

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
                self.page.wait_for_function(f"(before) => {prompt} !== before", arg=before, timeout=3000)
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
        )

    def widgets(self):
        return self.page.locator(".dlc")

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
    """Wait until the widget can be touched."""
    widget.page.wait_for_function("(e) => !e.classList.contains('dlc-locked')", arg=widget.element_handle())


def repainted(widget, before: str) -> None:
    """Wait until the picture differs from `before`, which `frame_of` has returned."""
    widget.page.wait_for_function(
        "([c, old]) => c.toDataURL() !== old", arg=[widget.locator("canvas").element_handle(), before]
    )


def frame_of(widget) -> str:
    """The picture as it is shown: a data URL of its canvas."""
    return widget.locator("canvas").evaluate("(c) => c.toDataURL()")


def wait_ready(widget, timeout: float = 30) -> None:
    """Bring a widget into view and wait until its first frame has been painted."""
    widget.scroll_into_view_if_needed()
    widget.locator("canvas[data-frame]").wait_for(timeout=timeout * 1000)


def says(widget, text: str, seconds: float = 60) -> None:
    """Wait until the widget says this, in writing or aloud; if it never comes, fail with what there is to know."""
    sentence, canvas, deadline = widget.locator(".dlc-sentence"), widget.locator("canvas"), time.monotonic() + seconds
    while text not in sentence.inner_text() and text not in (canvas.get_attribute("aria-label") or ""):
        if time.monotonic() > deadline:
            raise AssertionError(f"The widget does not say {text!r}. {state_of(widget)}")
        widget.page.wait_for_timeout(50)


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
