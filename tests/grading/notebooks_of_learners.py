"""Notebooks as learners hand them in, good and bad: what both sandboxes must come through."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from dlcourse.exercises import single_neuron
from dlcourse.grading.grades import COULD_NOT, NOT_ATTEMPTED, NOT_SOLVED, SOLVED

__all__ = ["ANSWERS", "IMPORTS", "Answer", "notebook"]

IMPORTS = "import numpy as np\nimport dlcourse as dl\nfrom dlcourse.exercises import single_neuron as ex\n"
PARITY = single_neuron.EXERCISES.exercises["parity"]


def notebook(*cells: str, imports: str = IMPORTS) -> bytes:
    """A notebook of these code cells."""
    every = [imports, *cells] if imports else cells
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "markdown", "id": "t", "metadata": {}, "source": ["# A\n", "lesson"]},
            *(
                {"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": cell.splitlines(keepends=True)}
                for i, cell in enumerate(every)
            ),
        ],
    }  # fmt: skip
    return json.dumps(book).encode()


@dataclass(frozen=True)
class Answer:
    """A notebook, and the row that it must get: one of these results, with one of these words in the hint."""

    content: bytes
    results: tuple[str, ...]
    words: tuple[str, ...] = ("",)


def body(text: str) -> bytes:
    return notebook("def parity():\n" + "".join(f"    {line}\n" for line in text.splitlines()))


RIGHT = "return np.array([-1, -1, -1]), 1.5"
ANSWERS = {
    "solved": Answer(notebook(PARITY.solution), (SOLVED,)),
    "untouched": Answer(notebook(PARITY.stub), (NOT_ATTEMPTED,)),
    "wrong": Answer(notebook(PARITY.solution.replace("[-1, -1, -1]", "[1, 1, 1]")), (NOT_SOLVED,), ("says yes everywhere",)),
    "never_ends": Answer(body("while True:\n    pass"), (NOT_SOLVED,), ("so it was stopped\n  in line",)),
    "sleeps": Answer(body(f"import time\ntime.sleep(600)\n{RIGHT}"), (NOT_SOLVED, COULD_NOT), ("so it was stopped",)),
    "eats_memory": Answer(
        body(f"much = [bytearray(2 * 10**9) for _ in range(1000)]\n{RIGHT}"), (NOT_SOLVED, COULD_NOT), ("MemoryError", "memory")
    ),
    "reads_a_file": Answer(
        body(f"text = open('reads_a_file.ipynb').read()\n{RIGHT}"), (NOT_SOLVED,), ("FileNotFoundError", "PermissionError")
    ),
    "prints_a_million_lines": Answer(body(f"for i in range(1_000_000):\n    print(i)\n{RIGHT}"), (SOLVED, NOT_SOLVED), ("", "so it was stopped")),
    "floods": Answer(body("import os\nwhile True:\n    os.write(1, b'x' * 100_000)"), (COULD_NOT,), ("it writes more than 4 MB",)),
    "ends_the_program": Answer(body("import os\nos._exit(0)"), (COULD_NOT,), ("it ended the program before the check was through",)),
    "claims_to_be_right": Answer(
        body("import sys\nsys.__stdout__.write('\\n{\"right\": true, \"untouched\": false, \"said\": \"\"}\\n')\nreturn 0"), (NOT_SOLVED,)
    ),
    "calls_itself": Answer(body("return parity()"), (NOT_SOLVED,), ("The function calls itself without end",)),
    "is_not_python": Answer(notebook("def parity(:\n    return 1\n"), (COULD_NOT,), ("cell 3 is not Python: SyntaxError in line 1",)),
    "is_not_a_notebook": Answer(b'{"cells": [', (COULD_NOT,), ("This is not a notebook, or it is damaged.",)),
    "raises_above": Answer(
        notebook("limit = 1 / 0", "def parity(b=limit):\n    return [-1, -1, -1], 1.5"), (COULD_NOT,), ("cell 4 raises NameError",)
    ),
}  # fmt: skip


def hand_in(folder: Path) -> Path:
    """All of them in one folder, a file each."""
    for name, answer in ANSWERS.items():
        (folder / f"{name}.ipynb").write_bytes(answer.content)
    return folder
