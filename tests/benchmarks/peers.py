"""How fast dlcourse trains and predicts, beside every peer that is installed. Prints a table, draws a picture.

    python tests/benchmarks/peers.py [--only W3 W4] [--rounds 9] [--picture peers.png] [--before FOLDER]

Each library lives in its own process. In every round each has a turn, in alternating order, and ratios are taken within
a round, so that whatever else the machine does affects all alike. All start from the same weights and get the same
batches; a library whose first three losses differ by more than 0.001 is refused. The table gives medians of
(our time) / (its time), in brackets the smallest and largest: below 1 we are faster. With one thread processor time
counts, with two the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
sys.path[:0] = [str(ROOT), str(HERE)]
from workloads import WORKLOADS  # noqa: E402

OURS = "dlcourse"
PEERS = {
    "pytorch": "PyTorch",
    "pytorch_at_its_best": "PyTorch at its best",
    "jax": "JAX",
    "autograd": "autograd",
    "mygrad": "MyGrad",
    "tinygrad": "tinygrad",
    "sklearn": "scikit-learn",
    "micrograd": "micrograd",
    "numpy_by_hand": "NumPy by hand",
}
BEFORE = "dlcourse before"
LIMIT = 1.0  # seconds per turn
TOLERANCE = 1e-3


class Contender:
    """A library's live process."""

    def __init__(self, title: str, module: str, threads: int, source: Path = ROOT) -> None:
        self.title = title
        environment = os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
        environment |= dict.fromkeys(names, str(threads))
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), module, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        answer = self.hear()
        self.missing = answer.get("missing", "")

    def hear(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"missing": "its process ended", "failed": "its process ended"}

    def ask(self, **message: Any) -> dict[str, Any]:
        if self.process.poll() is None:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        return self.hear()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.stdin.close()
        self.process.wait()


def start(threads: int, names: list[str], before: Path | None) -> list[Contender]:
    """Ourselves first, then every peer that can be imported."""
    contenders = [Contender(OURS, "dlcourse", threads)]
    if before is not None:
        contenders.append(Contender(BEFORE, "dlcourse", threads, before))
    for module in names:
        contender = Contender(PEERS[module], module, threads)
        if contender.missing:
            print(f"not here: {contender.title} ({contender.missing})", flush=True)
            contender.close()
        else:
            contenders.append(contender)
    return contenders


def compare(name: str, file: Path, contenders: list[Contender], rounds: int, kind: str) -> dict[str, list[float]]:
    """Seconds per step in every round, for each contender that can do this workload and computes the same."""
    able, expected = [], None
    for contender in contenders:
        answer = contender.ask(prepare=name, file=str(file))
        first = answer.get("first")
        if first is None:
            if "failed" in answer:
                print(f"{name}: {contender.title} failed ({answer['failed']})", flush=True)
            continue
        expected = np.array(first) if expected is None else expected
        if np.shape(first) != expected.shape or not np.allclose(first, expected, rtol=TOLERANCE, atol=TOLERANCE):
            print(f"{name}: {contender.title} computes something else: {first[:3]}, not {expected[:3]}", flush=True)
            continue
        able.append(contender)
    times: dict[str, list[float]] = {contender.title: [] for contender in able}
    for i in range(rounds):
        for contender in able if i % 2 == 0 else reversed(able):
            times[contender.title].append(contender.ask(steps=WORKLOADS[name].steps, limit=LIMIT)[kind])
    return times


def ratios(times: dict[str, list[float]], title: str) -> list[float]:
    """Our time over another's, sorted: its middle is the median."""
    return sorted(ours / theirs for ours, theirs in zip(times[OURS], times[title], strict=True))


def table(results: dict[str, dict[str, list[float]]], kind: str) -> str:
    """Markdown: one row per workload, one column per library."""
    titles = list(dict.fromkeys(title for times in results.values() for title in times if title != OURS))
    lines = [f"| | ours, ms per step ({kind}) | " + " | ".join(titles) + " |", "|---" * (len(titles) + 2) + "|"]
    for name, times in results.items():
        cells = []
        for title in titles:
            if title not in times:
                cells.append("–")
                continue
            ordered = ratios(times, title)
            goal = dict(zip(("PyTorch", "PyTorch at its best"), WORKLOADS[name].must, strict=True)).get(title)
            middle = statistics.median(ordered)
            mark = "" if goal is None else f" must {goal:g}" if middle <= goal else f" **MISSED {goal:g}**"
            cells.append(f"{middle:.2f} ({ordered[0]:.2f}–{ordered[-1]:.2f}){mark}")
        lines.append(f"| {name} | {1e3 * statistics.median(times[OURS]):.3g} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw(results: dict[str, dict[str, list[float]]], path: Path) -> None:
    """One row per workload; a point for each library at (our time) / (its time), its line from smallest to largest."""
    from matplotlib.figure import Figure

    from dlcourse.live.style import OKABE_ITO

    titles = list(dict.fromkeys(title for times in results.values() for title in times if title != OURS))
    colours = dict(zip(titles, [*OKABE_ITO.values(), "0.5", "0.7"], strict=False))
    figure = Figure(figsize=(8, 1 + 0.55 * len(results)), layout="constrained")
    axes = figure.subplots()
    for row, times in enumerate(results.values()):
        for i, title in enumerate(t for t in titles if t in times):
            ordered, height = ratios(times, title), row + 0.08 * (i - 3)
            axes.plot([ordered[0], ordered[-1]], [height] * 2, color=colours[title], linewidth=1)
            axes.plot(statistics.median(ordered), height, "o", color=colours[title], markersize=5)
    for title in titles:
        axes.plot([], [], "o", color=colours[title], label=title)
    axes.axvline(1, color="0.3", linewidth=0.8)
    axes.set(xscale="log", xlabel="our time / its time: left of the line we are faster")
    axes.set_yticks(range(len(results)), results)
    axes.invert_yaxis()
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(path, dpi=150)


def versions() -> str:
    versions = []
    for name in ("numpy", "torch", "jax", "autograd", "mygrad", "tinygrad", "scikit-learn", "micrograd"):
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "processor"
    )
    return f"{processor}, {os.cpu_count()} cores; Python {sys.version.split()[0]}, " + ", ".join(versions)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).is_file() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="these workloads")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="these peers")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version, measured as a peer")
    parser.add_argument("--picture", type=Path, help="where to write the picture for one thread, such as peers.png")
    options = parser.parse_args()
    print(versions(), flush=True)
    with tempfile.TemporaryDirectory() as place:
        files = {}
        for name in options.only:
            files[name] = Path(place) / f"{name.replace(' ', '_')}.npz"
            np.savez(files[name], **WORKLOADS[name].make(np.random.default_rng(0)))
        for threads in options.threads:
            kind = "processor" if threads == 1 else "clock"
            contenders = start(threads, options.peers, options.before)
            results = {}
            for name in options.only:
                results[name] = compare(name, files[name], contenders, options.rounds, kind)
                print(table({name: results[name]}, kind + " time") + "\n", flush=True)  # all may take half an hour
            for contender in contenders:
                contender.close()
            print(f"\n{threads} thread{'s' if threads > 1 else ''}, our time / theirs, {options.rounds} rounds")
            print(table(results, kind + " time"), flush=True)
            if options.picture is not None and threads == options.threads[0]:
                draw(results, options.picture)


if __name__ == "__main__":
    main()
