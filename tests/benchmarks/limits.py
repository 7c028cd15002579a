"""What the library promises besides its speed beside others: memory, import, growth of cost. Prints; never fails.

Run with ``python tests/benchmarks/limits.py``, on Linux. Goals: training the CNN W4 adds at most 65 MB to the process; `import dlcourse`
takes at most 15 ms more than `import numpy`, byte code present; cost grows with batch and sequence length by an exponent of at
most 1.1; an LSTM beats a bigram table on names that neither has seen within 8 s.
"""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from workloads import WORKLOADS  # noqa: E402

import dlcourse as dl  # noqa: E402
from dlcourse.widgets.writing_names.training import bigram_loss, letter_loss  # noqa: E402

PEAK = """
import sys
sys.path[:0] = {paths}
import numpy as np
from contenders import with_dlcourse

def held(what):  # kilobytes: VmRSS now, VmHWM the most so far
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(what))

before = held("VmRSS")
step = with_dlcourse.make("W4", dict(np.load({file!r})))
for i in range(28):
    step(i)
print((held("VmHWM") - before) / 1024)
"""


def ask(code: str) -> float:
    """The number that a new process prints."""
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def peak_memory() -> float:
    """Megabytes that W4, its batches and an epoch of training, adds to a process that has imported dlcourse."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "w4.npz")  # made here: what making them takes does not count
        np.savez(file, **WORKLOADS["W4"].make(np.random.default_rng(0)))
        return ask(PEAK.format(paths=sys.path[:2], file=file))


def import_cost(rounds: int = 31) -> float:
    """Milliseconds that `import dlcourse` takes more than `import numpy`; both in turn, the median of the differences."""
    compileall.compile_dir(ROOT / "dlcourse", quiet=1)
    code = f"import sys, time; sys.path.insert(0, {str(ROOT)!r}); t = time.process_time(); import {{}}; print(time.process_time() - t)"
    times = [(ask(code.format("dlcourse")), ask(code.format("numpy"))) for _ in range(rounds)]
    return 1000 * statistics.median(ours - theirs for ours, theirs in times)


def exponent(sizes: Iterable[int], prepare: Callable[[int], Callable[[], Any]]) -> float:
    """b in cost ∝ sizeᵇ: the slope of log cost over log size."""
    points = []
    for size in sizes:
        work, best = prepare(size), []
        for _ in range(7):
            started = time.process_time()
            work()
            best.append(time.process_time() - started)
        points.append((np.log(size), np.log(min(best))))
    return float(np.polyfit(*np.transpose(points), 1)[0])


def training(model: Any, x: np.ndarray, y: np.ndarray) -> Callable[[], None]:
    optimizer = dl.Adam(model.parameters(), 1e-3)

    def step() -> None:
        optimizer.zero_grad()
        dl.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def growth() -> dict[str, float]:
    """Exponents of the cost of a step."""
    rng = np.random.default_rng(0)
    images = np.resize(dl.data.digits().x, (1024, 8, 8, 1))
    labels = np.resize(dl.data.digits().y, 1024)

    def mlp() -> Any:
        return dl.Sequential(dl.Flatten(), dl.Dense(64, 128, activation=dl.relu, rng=rng), dl.Dense(128, 10, rng=rng))

    def cnn() -> Any:
        conv = dl.Conv2D(1, 16, 3, padding="same", activation=dl.relu, rng=rng)
        return dl.Sequential(conv, dl.MaxPool2D(2), dl.Flatten(), dl.Dense(256, 10, rng=rng))

    def recurrent(kind: Any) -> Callable[[int], Callable[[], None]]:
        def prepare(steps: int) -> Callable[[], None]:
            model = dl.Sequential(kind(16, 64, return_sequences=True, rng=rng), dl.Dense(64, 10, rng=rng))
            return training(model, rng.normal(size=(32, steps, 16)).astype(np.float32), np.zeros((32, steps), int))

        return prepare

    batches, lengths = (64, 128, 256, 512, 1024), (25, 50, 100, 200, 400)
    with threadpool_limits(1, user_api="blas"):  # a second thread spins while it waits, and processor time counts that
        return {
            "MLP, batch": exponent(batches, lambda n: training(mlp(), images[:n], labels[:n])),
            "CNN, batch": exponent(batches, lambda n: training(cnn(), images[:n], labels[:n])),
            "LSTM, length": exponent(lengths, recurrent(dl.LSTM)),
            "GRU, length": exponent(lengths, recurrent(dl.GRU)),
            "RNN, length": exponent(lengths, recurrent(dl.SimpleRNN)),
        }


def characters(seed: int) -> tuple[float, float, float]:
    """Seconds until an LSTM is better than the bigram table, its log-loss per letter on unseen names after 8 s, and the table's."""
    rng = np.random.default_rng(seed)
    words = dl.data.names()
    order = rng.permutation(len(words))
    cut = len(words) // 10
    learned, unseen = [words[i] for i in order[cut:]], [words[i] for i in order[:cut]]
    longest = 1 + max(map(len, words))
    train, held_out = dl.data.spelled(learned, length=longest), dl.data.spelled(unseen, length=longest)
    model = dl.Sequential(dl.LSTM(27, 64, return_sequences=True, rng=rng), dl.Dense(64, 27, rng=rng))
    optimizer, table = dl.Adam(model.parameters(), 5e-3), bigram_loss(learned, unseen)
    started, ahead, loss = time.perf_counter(), float("inf"), float("inf")
    while time.perf_counter() - started < 8:
        for x, y in train.batches(64, rng=rng):
            optimizer.zero_grad()
            letter_loss(model(x), y).backward()
            optimizer.step()
        with dl.no_grad():
            loss = min(loss, letter_loss(model(held_out.x), held_out.y).item())
        if loss < table and ahead == float("inf"):
            ahead = time.perf_counter() - started
    return ahead, loss, table


def main() -> None:
    print(f"memory: training W4 adds {statistics.median(peak_memory() for _ in range(3)):.0f} MB (goal: 65)")
    print(f"import: dlcourse takes {import_cost():.1f} ms more than NumPy (goal: 15)")
    for name, exponent in growth().items():
        print(f"growth: {name}: exponent {exponent:.2f} (goal: 1.1)")
    for seed in range(3):
        ahead, loss, table = characters(seed)
        print(
            f"characters, seed {seed}: ahead of the bigram table after {ahead:.1f} s; log-loss {loss:.3f}, table {table:.3f}"
        )


if __name__ == "__main__":
    main()
