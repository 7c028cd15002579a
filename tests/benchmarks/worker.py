"""One library in its own process: told on stdin which workload comes and when its turn is, answers on stdout.

Run by peers.py. Messages are lines of JSON: {"prepare": name, "file": npz} and {"steps": n, "limit": seconds}.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

import numpy as np


def prepare(library: Any, name: str, file: str) -> tuple[Any, list[float]]:
    """Build the workload and make its first three steps."""
    with np.load(file) as arrays:
        step = library.make(name, dict(arrays))
    first = [np.ravel(library.to_numpy(step(i)))[:30].astype(float) for i in range(3)]
    return step, np.concatenate(first).tolist()


def turn(library: Any, step: Any, steps: int, limit: float) -> dict[str, float]:
    """Seconds per step, on the clock and of the processor; ends early, after whole steps, when the limit is reached."""
    library.to_numpy(step(3))  # caches are warm again
    processor, clock = time.process_time(), time.perf_counter()
    for i in range(steps):
        result = step(4 + i)
        if time.perf_counter() - clock > limit:
            break
    library.to_numpy(result)  # a library that works ahead has finished here
    done = i + 1
    return {"processor": (time.process_time() - processor) / done, "clock": (time.perf_counter() - clock) / done}


def main() -> None:
    name, threads = sys.argv[1], int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes elsewhere
    try:
        library = importlib.import_module(f"contenders.with_{name}")
        library.setup(threads)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=answers, flush=True)
        return
    print(json.dumps({"ready": name}), file=answers, flush=True)
    step: Any = None
    for line in sys.stdin:
        message = json.loads(line)
        if "prepare" in message:
            step = None
            try:
                step, first = prepare(library, message["prepare"], message["file"])
                answer: dict[str, Any] = {"first": first}
            except (KeyError, NotImplementedError):
                answer = {"first": None}  # not something this library does
            except Exception as error:
                answer = {"first": None, "failed": f"{type(error).__name__}: {error}"}
        else:
            answer = turn(library, step, message["steps"], message["limit"])
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
