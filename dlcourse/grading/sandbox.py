"""Where an answer runs: two sandboxes with one face.

`WebAssembly` shuts it in: no file but this package, no network, no process, limits on time, memory and output. `OwnProcess`
keeps this program safe from an answer that hangs, crashes or eats memory, and not the machine from one that means harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dlcourse.checking.advice import tidy

__all__ = ["OUTPUT", "Ended", "Sandbox", "last_line"]

OUTPUT = 4_000_000  # bytes that an answer may print around the check; what it prints while it is checked is swallowed


@dataclass(frozen=True)
class Ended:
    """How a program in a sandbox ended.

    Attributes
    ----------
    output : bytes
        What it wrote.
    why : str
        Why it was ended, or by what, or "" if it came to its end.
    """

    output: bytes
    why: str = ""


def last_line(errors: bytes) -> str:
    """What a program wrote last to its standard error, to stand behind a sentence; "" if nothing."""
    line = errors.decode(errors="replace").strip().rpartition("\n")[2]
    return f": {tidy(line)}" if line else ""


class Sandbox(Protocol):
    """A place to run `inside.main` in.

    Attributes
    ----------
    patience : float
        How much longer than in a notebook an answer may take.
    limits : dict
        Those that `inside.main` is to set for itself.
    """

    patience: float
    limits: dict[str, int]

    def run(self, job: bytes, seconds: float) -> Ended:
        """Run one job, for that long at most."""
        ...
