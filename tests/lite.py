"""Open the course in JupyterLite in Chromium, where nobody but 127.0.0.1 answers, and see how far that goes.

python tests/lite.py SITE    SITE: the folder that `dlcourse site --lite` has written; `make test-lite`

JupyterLab, the lessons, Python and every package that is pure Python come from the site itself, and a widget made without
NumPy comes alive. Only the packages that are compiled are asked for elsewhere. From there on it is unverified here.
"""

import functools
import http.server
import sys
import threading
from pathlib import Path

from browser.chromium import chromium
from playwright.sync_api import Page, Route, sync_playwright

SECONDS = 240_000  # milliseconds that Python may take to start, also on a busy machine
COMPILED = ["contourpy", "kiwisolver", "matplotlib", "numpy", "pillow", "safetensors", "scikit_learn", "scipy"]
ELSEWHERE = "https://cdn.jsdelivr.net/pyodide/"
ALIVE = (
    "import anywidget; Hello = type('Hello', (anywidget.AnyWidget,), {'_esm': "
    "\"export default {render({el}) {el.textContent = `it is ${'alive'}`}}\"}); Hello()"
)


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing is printed for a request."""


Silent.extensions_map = Silent.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}


def run(page: Page, code: str) -> None:
    """Write code into the lesson's first cell, and run it."""
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")


def shown(page: Page, text: str) -> None:
    page.locator(".jp-Notebook .jp-CodeCell").first.get_by_text(text).first.wait_for(timeout=SECONDS)


def visit(page: Page, address: str, asked: list[str]) -> None:
    page.goto(f"{address}/lab/index.html?path=02_single_neuron.ipynb")
    page.locator(".jp-Notebook h1").first.wait_for(timeout=SECONDS)
    run(page, "import sys; print('Python in', sys.platform)")
    shown(page, "Python in emscripten")
    run(page, ALIVE)
    shown(page, "it is alive")
    assert asked == [], asked
    run(page, "import dlcourse")
    shown(page, "ModuleNotFoundError")
    names = sorted(address.rpartition("/")[2].split("-")[0] for address in asked)
    assert names == COMPILED and all(address.startswith(ELSEWHERE) for address in asked), asked


def main() -> int:
    folder = Path(sys.argv[1], "lite")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, asked = f"http://127.0.0.1:{server.server_address[1]}", []

    def answer(route: Route) -> None:
        if route.request.url.startswith(f"{address}/"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.route("**/*", answer)
        page = context.new_page()
        try:
            visit(page, address, asked)
        finally:
            page.screenshot(path=folder.parent / "lite.png")
            browser.close()
            server.shutdown()
    print(
        f"Python started, a widget came alive, and {len(asked)} packages were asked for elsewhere: {', '.join(COMPILED)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
