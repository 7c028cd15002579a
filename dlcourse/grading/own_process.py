"""A sandbox that needs nothing: a process of its own, with a clean environment, in an empty folder, with limits.

What an answer can do there is what any program of this user can do: for notebooks whose authors one trusts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

import dlcourse
from dlcourse.grading.sandbox import OUTPUT, Ended, last_line
from dlcourse.notebooks import ONE_THREAD, RECORD

__all__ = ["OwnProcess"]

MEMORY = 3_000_000_000  # bytes of addresses, of which the libraries take one third
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from dlcourse.grading.inside import main; main()"
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # without these Python itself may not start


class OwnProcess:
    """A new process for each answer."""

    patience = 2.0

    def __init__(self, memory: int = MEMORY) -> None:
        self.limits = {"RLIMIT_AS": memory, "RLIMIT_FSIZE": OUTPUT}

    def run(self, job: bytes, seconds: float) -> Ended:
        """Run one job; when its time is over, it and all that it has started are killed."""
        command = [sys.executable, "-I", "-B", "-c", _PROGRAM, str(Path(dlcourse.__file__).parent.parent)]
        with (
            tempfile.TemporaryDirectory(prefix="dlcourse-", ignore_cleanup_errors=True) as folder,
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as errors,
        ):
            given.write(job)
            given.seek(0)
            process = subprocess.Popen(
                command, stdin=given, stdout=output, stderr=errors, cwd=folder, env=_environment(folder),
                start_new_session=True,
            )  # fmt: skip
            try:
                process.wait(seconds)
                why = _why(process.returncode, errors)
            except subprocess.TimeoutExpired:
                why = f"it had not come back after {seconds:.0f} seconds, so it was stopped"
            finally:
                _end(process)
            output.seek(0)
            return Ended(output.read(OUTPUT + 1), why)


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **ONE_THREAD, RECORD: "off", "HOME": folder, "TMPDIR": folder, "TEMP": folder, "LANG": "C.UTF-8"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group; of one that has ended, the processes that it has left."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _why(code: int, errors: BinaryIO) -> str:
    if code == 0:
        return ""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"the system ended it by {signal.Signals(-code).name}"
    errors.seek(0)
    return f"it ended the program, with exit code {code}{last_line(errors.read(OUTPUT))}"
