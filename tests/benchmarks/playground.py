"""How fast the Playground is: 2-8-8-1, 500 points. Prints; never fails. No browser: benchmarks/widgets.py has that.

Run with ``python tests/benchmarks/playground.py``. Goals: 2000 steps of training a second with drawing off; step, numbers,
picture and PNG together below 40 ms (25 frames a second), aim 25; 30 KB.
"""

import statistics
import time

from dlcourse.live.encoding import encode
from dlcourse.live.picture import Picture
from dlcourse.widgets import Playground


def steps_a_second(optimizer: str) -> float:
    widget = Playground(h1=8, h2=8, n=500, data="spirals", optimizer=optimizer, pace=200)
    started = time.perf_counter()
    for _ in range(20):
        widget = widget.step()
    return 4000 / (time.perf_counter() - started)


def frames(widget: Playground, number: int = 100) -> tuple[list[float], int]:
    """Median milliseconds of each part of a frame, and bytes."""
    picture, parts, size = Picture(*widget.size), [], 0
    for _ in range(number):
        moments = [time.perf_counter()]
        widget = widget.step()
        moments.append(time.perf_counter())
        result = widget.compute()
        moments.append(time.perf_counter())
        pixels = picture.paint(widget, result)
        moments.append(time.perf_counter())
        size = len(encode(pixels))
        moments.append(time.perf_counter())
        parts.append([1000 * (b - a) for a, b in zip(moments, moments[1:], strict=False)])
    return [statistics.median(part) for part in zip(*parts, strict=True)], size


def main() -> None:
    for optimizer in ("SGD", "Adam"):
        print(f"{optimizer}: {steps_a_second(optimizer):,.0f} steps of training a second")
    for name, widths in (("2-8-8-1", (8, 8)), ("2-8-8-8-8-8-8-1", (8,) * 6)):
        parts, size = frames(Playground(n=500, data="spirals").shaped(widths))
        names = zip(("10 steps", "numbers", "picture", "PNG"), parts, strict=True)
        text = ", ".join(f"{what} {ms:.1f}" for what, ms in names)
        print(f"{name}: {text}; together {sum(parts):.1f} ms; {size / 1000:.1f} KB")


if __name__ == "__main__":
    main()
