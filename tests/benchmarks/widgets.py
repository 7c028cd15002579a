"""How fast the widgets are: kernel, server and browser together. Prints; never fails.

Run with ``make bench`` (``BENCH_ARGS="Blame Paths"`` for some). For each widget: slider (or choice, where it has no slider)
to new pixels, median and 95th percentile in milliseconds; frames a second while playing, beside the number of steps that
the widget asks for; milliseconds of the kernel's work and kilobytes a frame. At the end the demo widget and the Playground
over a link of 75 ms each way and 1 MB/s: how long after Pause the last frame comes.
"""

import asyncio
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "browser"), str(TESTS / "live")]
from chromium import FLAGS, chromium  # noqa: E402
from jupyter import Notebook, wait_ready  # noqa: E402
from lab_server import free_port, jupyter_lab  # noqa: E402

GOALS = "must: 75 ms, 120 ms, 25 fps, 20 ms, 30 KB; aim: 50, 90, 30, 12"

CONTROL_TO_PIXELS = """async ([root, name, shares]) => {
  const control = root.querySelector(`[data-name=${name}]`), canvas = root.querySelector("canvas");
  const slider = control.querySelector("input[type=range]"), choice = control.querySelector("select");
  const times = [];
  for (const share of shares) {
    const before = canvas.dataset.frame, started = performance.now();
    if (slider) {
      slider.value = +slider.min + share * (slider.max - slider.min);
      slider.dispatchEvent(new Event("input"));
    } else {
      choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length;
      choice.dispatchEvent(new Event("change"));
    }
    while (canvas.dataset.frame === before && performance.now() - started < 3000)
      await new Promise((done) => setTimeout(done, 1));
    await new Promise((done) => requestAnimationFrame(done));
    times.push(performance.now() - started);
    await new Promise((done) => setTimeout(done, 30 + 20 * Math.random()));
  }
  return times;
}"""

COUNT_FRAMES = """([root, seconds, press]) => new Promise((done) => {
  const canvas = root.querySelector("canvas"), times = [];
  const watch = new MutationObserver(() => { times.push(performance.now()); });
  watch.observe(canvas, { attributes: true, attributeFilter: ["data-frame"] });
  const button = [...root.querySelectorAll("button")].find((b) => b.textContent === press);
  if (button) button.click();
  setTimeout(() => {
    watch.disconnect();  // some are at their end long before: only the time in which something moved counts
    done(times.length > 1 ? 1000 * (times.length - 1) / (times.at(-1) - times[0]) : times.length / seconds);
  }, seconds * 1000);
})"""

PAUSE = (
    "(root) => [...root.querySelectorAll('button')].find((b) => b.textContent === 'Pause')?.click()"  # at its end, none
)

PAUSE_TO_REST = """(root) => new Promise((done) => {
  const canvas = root.querySelector("canvas"), pause = [...root.querySelectorAll("button")].find((b) => b.textContent === "Pause");
  const started = performance.now();
  let last = 0, frames = 0;
  new MutationObserver(() => { last = performance.now() - started; frames += 1; })
    .observe(canvas, { attributes: true, attributeFilter: ["data-frame"] });
  pause.click();
  setTimeout(() => done([last, frames]), 2500);
})"""

METER = "print(shell.session.frames, shell.session.kernel_seconds, shell.session.bytes_sent)"


class SlowLink(threading.Thread):
    """A proxy on loopback that delays each way and limits the rate."""

    def __init__(self, port: int, delay: float = 0.075, rate: float = 1e6) -> None:
        super().__init__(daemon=True)
        self.target, self.delay, self.rate = port, delay, rate
        self.port = free_port()
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.create_task(self.serve())
        self.loop.run_forever()

    async def serve(self) -> None:
        await asyncio.start_server(self.connect, "127.0.0.1", self.port)
        self.ready.set()

    async def connect(self, reader, writer) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.carry(reader, upstream_writer), self.carry(upstream_reader, writer))

    async def carry(self, reader, writer) -> None:
        """Bytes arrive after the delay, and after the line was free to carry those before them."""
        queue = asyncio.Queue()

        async def deliver():
            while (item := await queue.get()) is not None:
                due, data = item
                await asyncio.sleep(max(0.0, due - self.loop.time()))
                writer.write(data)
                await writer.drain()
            writer.close()

        carrier = self.loop.create_task(deliver())
        free = self.loop.time()
        try:
            while data := await reader.read(16384):
                free = max(free, self.loop.time()) + len(data) / self.rate
                queue.put_nowait((free + self.delay, data))
                await asyncio.sleep(max(0.0, free - self.loop.time()))
        except OSError:
            pass
        queue.put_nowait(None)
        await asyncio.gather(carrier, return_exceptions=True)


def meter(book: Notebook) -> list[float]:
    book.run_cell(1)
    text = book.page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-OutputArea-output").inner_text()
    return [float(word) for word in text.split()]


def write(folder: Path, kind: type) -> str:
    source = f"from {kind.__module__} import {kind.__name__}\nshell = {kind.__name__}().show()\nshell"
    cells = [nbformat.v4.new_code_cell(source), nbformat.v4.new_code_cell(METER)]
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    book.metadata["language_info"] = {"name": "python"}
    name = f"{kind.__name__}.ipynb"
    nbformat.write(book, folder / name)
    return name


def measure(browser, address: str, folder: Path, kind: type) -> None:
    book = Notebook(browser.new_page(viewport={"width": 1100, "height": 900}), address, write(folder, kind))
    book.run_cell(0)
    widget = book.widgets().first
    wait_ready(widget)
    root = widget.element_handle()
    line = f"{kind.__name__:18}"
    controls = sorted(kind.controls().items(), key=lambda item: (item[1].kind != "slider", item[1].log))
    name, control = controls[0]
    shares = [0.1 + 0.8 * ((7 * i) % 23) / 23 for i in range(60)]
    first = meter(book)
    book.page.evaluate(CONTROL_TO_PIXELS, [root, name, shares[:5]])
    times = sorted(book.page.evaluate(CONTROL_TO_PIXELS, [root, name, shares]))
    line += f" {control.kind} {statistics.median(times):5.0f} ms, 95 % {times[int(0.95 * len(times))]:5.0f} ms"
    if kind.evolves():
        widget.get_by_role("button", name="Reset", exact=True).click()  # the slider may stand near the end
        book.page.wait_for_timeout(500)
        line += f" | play {book.page.evaluate(COUNT_FRAMES, [root, 4, 'Play']):5.1f} fps of {kind.steps_per_second:g}"
        book.page.evaluate(PAUSE, root)
    book.page.wait_for_timeout(500)
    frames, seconds, size = (b - a for a, b in zip(first, meter(book), strict=True))
    if frames:
        line += f" | kernel {1000 * seconds / frames:5.1f} ms, {size / frames / 1000:5.1f} KB a frame"
    print(line, flush=True)
    book.page.close()


def slow_link(browser, address: str, folder: Path, kind: type) -> None:
    link = SlowLink(int(address.rsplit(":", 1)[1]))
    link.start()
    link.ready.wait()
    name = write(folder, kind)
    book = Notebook(browser.new_page(viewport={"width": 1100, "height": 900}), f"http://127.0.0.1:{link.port}", name)
    book.run_cell(0, timeout=120)
    widget = book.widgets().first
    wait_ready(widget)
    root = widget.element_handle()
    widget.get_by_role("button", name="Play", exact=True).click()
    book.page.wait_for_timeout(1500)
    fps = book.page.evaluate(COUNT_FRAMES, [root, 5, ""])
    last, frames = book.page.evaluate(PAUSE_TO_REST, root)
    print(
        f"{kind.__name__} over 75 ms each way and 1 MB/s: {fps:.1f} fps, last of {frames} frames {last:.0f} ms after Pause (goal 300)"
    )
    book.page.close()


def main(names: list[str]) -> None:
    from demo import Wave
    from playwright.sync_api import sync_playwright

    from dlcourse import widgets

    kinds = [kind for kind in (Wave, *widgets.ALL) if not names or kind.__name__ in names]
    print(GOALS)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place, jupyter_lab(Path(place)) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        for kind in kinds:
            measure(browser, address, Path(place), kind)
        for kind in (Wave, widgets.Playground):
            slow_link(browser, address, Path(place), kind)
        browser.close()
    print(f"in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
